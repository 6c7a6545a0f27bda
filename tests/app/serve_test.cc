// The service as a process of its own, beside the commands that people give.

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/app/serving_office.h"

namespace cluehound::app {
namespace {

TEST_CASE("ours: serve crawls, answers /healthz and /metrics, and ends with its pages committed") {
  Office office;
  RunningProgram service(office.serve());
  const std::string address = service.Said("address=http://");
  office.AskUntil("leads list --json", "9002");
  CHECK(Get(address, "/healthz").find("\"status\":\"ok\"") != std::string::npos);
  const std::string metrics = Get(address, "/metrics");
  INFO(metrics);
  CHECK(Sample(metrics, "cluehound_fetches_total{outcome=\"ok\"}") == "1");
  CHECK(Sample(metrics, "cluehound_leads_total{what=\"new\"}") == "1");
  CHECK(std::stoull(Sample(metrics, "cluehound_fetch_seconds_count")) >= 1);
  CHECK(Sample(metrics, "cluehound_store_records{what=\"leads\"}") == "1");
  CHECK(Sample(metrics, "cluehound_source_leads_total{source=\"shop\"}") == "1");
  CHECK(Sample(metrics, "cluehound_source_backlog_age_seconds{source=\"shop\"}") == "0");
  CHECK(Sample(metrics, "cluehound_source_open{source=\"shop\",state=\"open\"}") == "1");
  CHECK(std::stoull(Sample(metrics, "cluehound_memory_bytes{of=\"rule_set\"}")) > 1000);
  CHECK(Sample(metrics, "cluehound_archive_failing") == "0");
  CHECK(Sample(metrics, "cluehound_archived_listings_lost_total") == "0");
  CHECK(service.Stop() == 0);
  // What it read is in the archive of listings.
  CHECK(office.Ask("rules backtest --on archive --source shop").find("1 listings, ") !=
        std::string::npos);
  CHECK(service.Output().find("stopped") != std::string::npos);
  CHECK(office.Ask("leads list --json").find("9002") != std::string::npos);
  CHECK(office.Ask("store check").find("0 ") != std::string::npos);
}

TEST_CASE("ours: SIGTERM lets what is under way end, within a bound") {
  Office office;
  office.shop().On("/", [](testing::TestConnection& peer, const testing::TestRequest&) {
    peer.Pause(std::chrono::milliseconds(1500));
    peer.Send(testing::HttpAnswer(200, "Content-Type: text/html\r\n", Card("9002", "耐克 高仿")));
    return false;
  });
  RunningProgram service(office.serve());
  for (int i = 0; i < 3000 && office.shop().requests("/").empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  REQUIRE(office.shop().requests("/").size() == 1);
  CHECK(service.Stop() == 0);
  CHECK(office.Ask("leads list --json").find("9002") != std::string::npos);  // not thrown away
}

TEST_CASE("ours: SIGHUP takes over new sources; a bad file changes nothing and says why") {
  Office office;
  RunningProgram service(office.serve());
  office.AskUntil("leads list --json", "9002");
  testing::TestServer second;
  second.ServeHtml("/", Card("9003", "阿迪达斯 高仿 外套"));
  office.WriteSource("second", second.Url("/"), "every: 1h, pase: 0s");
  service.Signal(SIGHUP);
  service.Await("what ran goes on");
  CHECK(service.Output().find("pase") != std::string::npos);
  CHECK(service.IsRunning());
  CHECK(second.requests().empty());
  office.WriteSource("second", second.Url("/"), "every: 1h, pace: 0s");
  service.Signal(SIGHUP);
  service.Await("the configuration was read again: 2 sources");
  office.AskUntil("leads list --json", "9003");
  CHECK(office.shop().requests("/").size() == 1);  // nobody was fetched twice for it
  CHECK(service.Stop() == 0);
}

TEST_CASE("ours: a source is paused and resumed beside the service, kept over a restart, audited") {
  Office office("every: 1s, pace: 0s");
  {
    RunningProgram service(office.serve());
    office.AskUntil("leads list --json", "9002");
    CHECK(office.program().Run("sources pause shop --by 李某 --config config").exit_code == 0);
    office.AskUntil("sources list --json", "\"state\":\"paused\"");
    const size_t asked = office.shop().requests("/").size();
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));
    CHECK(office.shop().requests("/").size() == asked);
    CHECK(service.Stop() == 0);
  }
  const size_t asked = office.shop().requests("/").size();
  RunningProgram service(office.serve());
  service.Await("serving");
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  CHECK(office.shop().requests("/").size() == asked);
  CHECK(office.program().Run("sources resume shop --config config").exit_code == 0);
  for (int i = 0; i < 500 && office.shop().requests("/").size() == asked; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(office.shop().requests("/").size() > asked);
  const std::string log = office.Ask("store log export -");
  CHECK(log.find("sources.mode") != std::string::npos);
  CHECK(log.find("request.pause") != std::string::npos);
  CHECK(log.find("李某") != std::string::npos);
  CHECK(service.Stop() == 0);
}

TEST_CASE("ours: a live room with a lead on a list page is captured at once, before what waits") {
  Office office("every: 1h, pace: 300ms, depth: 2");
  std::string page;
  for (int i = 0; i < 12; ++i)
    page += "<a href='/p/" + std::to_string(i) + ".html'>" + std::to_string(i) + "</a>";
  page += "<ul><li class=room data-id=77><a href='/room/77'>耐克 高仿 运动鞋 直播</a></li></ul>";
  office.program().Write("config/profiles/rooms.yaml",
                         "id: rooms\nplatform: rooms\ndetect: [{css: \"li.room\"}]\nread:\n"
                         "  - {kind: live, items: \"li.room\", fields: {id: \"@data-id\", "
                         "url: \"a @href\", title: a}}\n");
  office.shop().ServeHtml("/", page);
  office.shop().ServeHtml("/room/77", "<title>直播间</title><p>耐克 高仿 运动鞋</p>");
  RunningProgram service(office.serve());
  for (int i = 0; i < 3000 && office.shop().requests("/room/77").empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  REQUIRE(office.shop().requests("/room/77").size() == 1);
  size_t before = 0;
  for (const auto& request : office.shop().requests()) {
    if (request.target == "/room/77") break;
    before += request.target.starts_with("/p/") ? 1 : 0;
  }
  CHECK(before <= 5);  // those that were leased when the room was found
  CHECK(service.Stop() == 0);
}

TEST_CASE("ours: a plan names what is due, outside hours and paused, and asks nobody") {
  Office office;
  office.WriteSource(
      "night", office.shop().Url("/night"),
      "hours: \"" +
          std::string(
              // An hour that is not now, whatever the clock shows.
              [] {
                const std::string now =
                    FormatTime(SystemClock().Now() + std::chrono::hours(3)).substr(11, 2);
                return now + ":00-" + now + ":30";
              }()) +
          "\"");
  const std::string plan = office.Ask("crawl --dry-run --json");
  INFO(plan);
  CHECK(plan.find("\"source\":\"shop\"") != std::string::npos);
  CHECK(plan.find("\"reason\":\"due\",\"pages\":1,\"detail\":\"robots.txt first\"") !=
        std::string::npos);
  CHECK(plan.find("\"reason\":\"outside_hours\",\"pages\":1") != std::string::npos);
  CHECK(office.shop().requests().empty());
  CHECK_FALSE(std::filesystem::exists(office.program().path() / "config/store"));

  RunningProgram service(office.serve());
  office.AskUntil("leads list --json", "9002");
  const size_t asked = office.shop().requests().size();
  const std::string beside = office.Ask("crawl --dry-run --json");
  INFO(beside);
  CHECK(beside.find("{\"source\":\"shop\",\"reason\":\"not_due\"") != std::string::npos);
  CHECK(beside.find("outside_hours") != std::string::npos);
  office.program().Expect("crawl --dry-run --source night --config config", 0,
                          {"不在采集时段", "未发出任何请求"});
  CHECK(office.shop().requests().size() == asked);
  CHECK(service.Stop() == 0);
}

TEST_CASE("ours: every command works beside the service") {
  Office office;
  RunningProgram service(office.serve());
  office.AskUntil("leads list --json", "9002");
  Program& program = office.program();
  program.Write("page.html", Card("9100", "古驰 高仿 手提包"));
  const std::string lead =
      nlohmann::json::parse(office.Ask("leads list --json")).at("lead").get<std::string>();
  program.Write("config/retention.yaml",
                "periods: [{what: captures, months: 60, from: 2026-01-01, basis: 本局规定}]\n");
  program.Write("sellers.csv", "名称,文号,有效期至\n某某商贸,潍市监处〔2026〕1号,2027-01-01\n");
  program.Write("gi.csv", "gi,name,from,until\n潍县萝卜,某某合作社,2026-01-01,2027-01-01\n");
  const std::pair<const char*, const char*> commands[] = {
      {"scan page.html --url http://saved.example/9100 --store config/store", "9100"},
      {"match page.html", "line"},
      {"leads list", "耐克"},
      {"leads show LEAD", "耐克"},
      {"leads register LEAD", ""},
      {"leads undo LEAD", ""},
      {"leads place LEAD --county 寿光市", ""},
      {"leads assign LEAD --county 寿光市", ""},
      {"leads tag LEAD --add 展会 --add 待抽检", ""},
      {"leads list --tag 展会", "耐克"},
      {"leads counties", "寿光市"},
      {"leads add http://clue.example/1 --origin own", ""},
      {"leads clues", ""},
      {"leads export --output out.csv", ""},
      {"leads handovers", ""},
      {"leads deadline --from 2026-11-02 --days 3", ""},
      {"letters list", ""},
      {"notices list", ""},
      {"cases list", ""},
      {"cases stats", ""},
      {"gi list", ""},
      {"gi scan", ""},
      {"gi coverage", ""},
      {"silence add --phrase 某某 --mark nike --reason fair_use", ""},
      {"silence list", ""},
      {"marks list 耐克", "耐克"},
      {"marks add 示例贝单 --kind trademark --yes", ""},
      {"rules list", ""},
      {"rules stats", ""},
      {"rules publish --note test", ""},
      {"rules history", ""},
      {"rules lint", ""},
      {"sellers list", ""},
      {"sellers watch 某某商贸 --reason 测试", ""},
      {"sellers watches", "某某商贸"},
      {"sellers import sellers.csv --list dishonest", ""},
      {"sellers proposals", ""},
      {"clusters list", ""},
      {"report daily", "耐克"},
      {"report year", ""},
      {"sources list", "shop"},
      {"sources run shop", ""},
      {"store stats", ""},
      {"store check", ""},
      {"store backup backups", ""},
      {"store log export log.jsonl", ""},
      {"store hold LEAD --reason 测试", ""},
      {"store unhold LEAD --reason 测试", ""},
      {"store retention --dry-run", ""},
      {"store migrate --dry-run", ""},
      {"evidence show LEAD", "SHA-256"},
      {"evidence verify LEAD", ""},
      {"evidence checkpoint", ""},
  };
  for (const auto& [command, said] : commands) {
    std::string line = command;
    if (const size_t at = line.find("LEAD"); at != std::string::npos) line.replace(at, 4, lead);
    const Program::Ran ran = program.Run(line + " --config config");
    INFO(line);
    INFO(ran.output);
    CHECK(ran.exit_code <= 1);
    CHECK(ran.output.find("another process") == std::string::npos);
    CHECK(ran.output.find(said) != std::string::npos);
  }
  CHECK(office.Ask("leads list --json").find("9100") != std::string::npos);
  CHECK(service.IsRunning());
  CHECK(service.Stop() == 0);
}

TEST_CASE("ours: a new source is written if it is right, and never over another") {
  Office office;
  Program& program = office.program();
  program.Expect(
      "sources add http://new.example:8080/list --every 2h --hours 08:00-20:00 --max-pages 50 "
      "--config config",
      0, {"new.example-8080.yaml"});
  CHECK(office.Ask("sources list --json")
            .find("\"id\":\"new.example-8080\",\"seeds\":[\"http://"
                  "new.example:8080/list\"],\"every\":\"2h\","
                  "\"hours\":[\"08:00-20:00\"]") != std::string::npos);
  program.Expect("sources add http://new.example:8080/list --config config", 2,
                 {"is there already"});
  program.Expect("sources add http://other.example/ --id shop --config config", 2,
                 {"is there already"});
  program.Expect("sources add ftp://x.example/ --config config", 2, {"ftp"});
  program.Expect("sources add http://x.example/ --every soon --config config", 2, {"bad-duration"});
  CHECK_FALSE(std::filesystem::exists(program.path() / "config/sources/x.example.yaml"));
}

// A socket as systemd has it.
class NotifySocket {
 public:
  NotifySocket() : path_((dir_.path() / "notify").string()) {
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const timeval patience{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~NotifySocket() { ::close(fd_); }
  const std::string& path() const { return path_; }
  // Takes messages until one begins so.
  bool Await(const std::string& begin) {
    std::array<char, 512> buffer;
    for (int i = 0; i < 100; ++i) {
      const ssize_t n = ::recv(fd_, buffer.data(), buffer.size(), 0);
      if (n <= 0) return false;
      if (std::string(buffer.data(), static_cast<size_t>(n)).starts_with(begin)) return true;
    }
    return false;
  }

 private:
  testing::TempDir dir_;
  std::string path_;
  int fd_ = -1;
};

TEST_CASE("sd_notify: ready, watchdog, reloading and stopping are told") {
  Office office;
  NotifySocket socket;
  RunningProgram service(office.serve(),
                         {"NOTIFY_SOCKET=" + socket.path(), "WATCHDOG_USEC=2000000"});
  CHECK(socket.Await("READY=1"));
  CHECK(socket.Await("WATCHDOG=1"));
  CHECK(socket.Await("STATUS=crawling"));
  service.Signal(SIGHUP);
  CHECK(socket.Await("RELOADING=1\nMONOTONIC_USEC="));
  CHECK(socket.Await("READY=1"));
  CHECK(service.Stop() == 0);
  CHECK(socket.Await("STOPPING=1"));
}

TEST_CASE("ours: roles and addresses that are none are refused before anything begins") {
  Office office;
  office.program().Expect("serve --config config --roles crawl,sleep", 2, {"no role \"sleep\""});
  office.program().Write("config/cluehound.yaml", "listen: here\n");
  office.program().Expect("serve --config config", 2, {"cluehound.yaml:1:9", "bad-listen"});
}

}  // namespace
}  // namespace cluehound::app
