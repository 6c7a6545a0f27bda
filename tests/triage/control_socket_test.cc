#include "triage/control_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "store/memory/memory_store.h"
#include "tests/testing/testing.h"

namespace cluehound::triage {
namespace {

const Instant kNow = *ParseTime("2026-11-22T09:00:00+08:00");

// A store with one lead, served by a control socket.
class ServedStore {
 public:
  ServedStore() {
    store::PageCommit commit;
    commit.lease.address = {"http://shop.example/list.html", "shop.example", "shop", 0, 0};
    commit.change = store::PageChange::kRead;
    commit.seen = kNow;
    commit.state.extractor_revision = "x";
    commit.state.rule_set = "r";
    extractors::Listing listing;
    listing.id = "7";
    listing.title = "耐克 高仿 \"运动鞋\"\n<b>";
    listing.seller = "示例鞋行";
    commit.listings = {listing};
    rules::Suspicion suspicion;
    suspicion.rule = "tm-copy";
    suspicion.family = "tm";
    suspicion.mark = "nike";
    suspicion.category = "trademark";
    suspicion.score = 80;
    commit.leads = {{0, suspicion}};
    std::vector<store::PageCommit> batch = {commit};
    store_->CommitPages(std::move(batch), [](const auto&) {});
    store_->Flush();
    auto server = ControlServer::Start(
        dir_.path(), [this](const Request& request) { return operations_.Call(request); });
    REQUIRE_OK(server);
    server_ = std::move(server).value();
  }
  const std::filesystem::path& path() const { return dir_.path(); }
  void Stop() { server_.reset(); }

 private:
  testing::TempDir dir_;
  testing::FakeClock clock_{kNow};
  std::unique_ptr<store::MemoryStore> store_ = store::NewMemoryStore(nullptr, clock_);
  Operations operations_{*store_, clock_};
  std::unique_ptr<ControlServer> server_;
};

Response Call(const ServedStore& served, const std::string& operation,
              std::map<std::string, std::string> arguments) {
  Request request;
  request.operation = operation;
  request.arguments = std::move(arguments);
  request.actor.claimed_name = "李某";
  auto response = CallControlSocket(served.path(), request);
  REQUIRE_OK(response);
  return *response;
}

TEST_CASE("ours: another process lists, shows and decides leads through the control socket") {
  const ServedStore served;
  const Response list = Call(served, "leads.list", {{"day", "today"}, {"category", "trademark"}});
  REQUIRE_OK(list.status);
  REQUIRE(list.lines.size() == 1);
  const auto lead = nlohmann::json::parse(list.lines[0]);
  CHECK(lead["title"] == "耐克 高仿 \"运动鞋\"\n<b>");
  CHECK(lead["status"] == "new");
  const std::string id = lead["lead"];

  const Response decided =
      Call(served, "leads.decide",
           {{"lead", id.substr(0, 8)}, {"status", "ruled_out"}, {"reason", "authorised"}});
  REQUIRE_OK(decided.status);
  CHECK(nlohmann::json::parse(decided.lines.at(0))["status"] == "ruled_out");

  // The actor is who the system knows, beside what was claimed.
  const Response audit = Call(served, "audit.list", {});
  const auto entry = nlohmann::json::parse(audit.lines.back());
  CHECK(entry["action"] == "lead.decide");
  CHECK(entry["user"] == CurrentUser());
  CHECK(entry["by"] == "李某");

  const Response shown = Call(served, "leads.show", {{"lead", id}});
  CHECK(shown.lines.size() ==
        3);  // the lead, its sighting, its decision  // the lead and its sighting
  CHECK(Call(served, "leads.rows", {{"status", "new"}}).lines.empty());
}

TEST_CASE("ours: a decision on an older revision is refused") {
  const ServedStore served;
  const auto lead = nlohmann::json::parse(Call(served, "leads.list", {}).lines.at(0));
  const std::map<std::string, std::string> decision = {
      {"lead", lead["lead"]}, {"status", "checking"}, {"reason", "suspected"}, {"revision", "1"}};
  CHECK(Call(served, "leads.decide", decision).status.ok());
  CHECK(Call(served, "leads.decide", decision).status.code() == Code::kConflict);
}

TEST_CASE("ours: wrong operations and arguments are refused with their names") {
  const ServedStore served;
  CHECK(Call(served, "leads.burn", {}).status.message() == "no operation \"leads.burn\"");
  CHECK(Call(served, "leads.list", {{"colour", "red"}}).status.message() ==
        "leads.list has no argument \"colour\"");
  CHECK(Call(served, "leads.list", {{"day", "yesterday"}}).status.code() == Code::kInvalidArgument);
  CHECK(Call(served, "leads.list", {{"limit", "0"}}).status.code() == Code::kInvalidArgument);
  CHECK(Call(served, "leads.list", {{"status", "lost"}})
            .status.message()
            .find("none of: new, checking") != std::string::npos);
  CHECK(Call(served, "leads.decide", {{"lead", "abcdef12"}, {"status", "new"}}).status.code() ==
        Code::kNotFound);
}

TEST_CASE("ours: the socket is for owner and group, and goes with its server") {
  ServedStore served;
  struct stat info {};
  REQUIRE(::stat((served.path() / "control.sock").c_str(), &info) == 0);
  CHECK((info.st_mode & 0007) == 0);
  served.Stop();
  CHECK(CallControlSocket(served.path(), {}).status().code() == Code::kNotFound);
}

TEST_CASE("ours: garbage, silence and early ends on the socket cost nobody else anything") {
  const ServedStore served;
  const std::string path = (served.path() / "control.sock").string();
  REQUIRE(path.size() < sizeof(sockaddr_un::sun_path));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  std::vector<int> open;
  for (const std::string& bytes :
       {std::string("\n"), std::string("{\n"), std::string("[1]\n"), std::string("\xFF\xFE\n"),
        std::string("{\"operation\":7}\n"), std::string(70000, 'x'), std::string()}) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    (void)::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    open.push_back(fd);
  }
  CHECK(Call(served, "store.stats", {}).status.ok());
  for (const int fd : open) ::close(fd);
}

TEST_CASE("ours: a store deep below other folders is reached, though a socket's address is short") {
  const testing::TempDir dir;
  std::filesystem::path deep = dir.path();
  for (int i = 0; i < 12; ++i) deep /= "folder-with-a-long-name";
  std::filesystem::create_directories(deep);
  const testing::FakeClock clock(kNow);
  const auto store = store::NewMemoryStore(nullptr, clock);
  Operations operations(*store, clock);
  const auto server =
      ControlServer::Start(deep, [&](const Request& request) { return operations.Call(request); });
  REQUIRE_OK(server);
  Request request;
  request.operation = "store.stats";
  CHECK(CallControlSocket(deep, request).ok());
}

}  // namespace
}  // namespace cluehound::triage
