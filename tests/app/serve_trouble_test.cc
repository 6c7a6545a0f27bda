// What befalls a machine in a year: a full disk, a file system that turns read-only, a clock that is set.

#include <sys/mount.h>

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/clock.h"
#include "tests/app/serving_office.h"

namespace cluehound::app {
namespace {

// A small file system of its own.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& size) {
    mounted_ = ::mount("tmpfs", path().c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
    if (!mounted_) WARN("SKIPPED: no file system can be mounted here");
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path().c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  const std::filesystem::path& path() const { return folder_.path(); }
  // Leaves nothing free.
  void Fill() const {
    std::ofstream filler(path() / "filler", std::ios::binary);
    const std::string block(4096, 'x');
    while (filler.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void Free() const { std::filesystem::remove(path() / "filler"); }
  void SetReadOnly(bool read_only) const {
    const unsigned long flags =
        MS_REMOUNT | (read_only ? static_cast<unsigned long>(MS_RDONLY) : 0UL);
    // A read-only file system must not be written at that moment.
    for (int i = 0; i < 200; ++i) {
      if (::mount(nullptr, path().c_str(), nullptr, flags, nullptr) == 0) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL("cannot remount: " << std::strerror(errno));
  }

 private:
  testing::TempDir folder_;
  bool mounted_ = false;
};

// A shop of so many goods, each on a page of its own with one lead.
void Stock(Office& office, int goods) {
  std::string list;
  for (int i = 0; i < goods; ++i) {
    const std::string id = std::to_string(5000 + i);
    list += "<a href='/i/" + id + ".html'>" + id + "</a>";
    // Incompressible, so that captures take room.
    std::string noise;
    for (int k = 0; k < 3000; ++k) noise += static_cast<char>('a' + (k * k * 31 + i * k * 7) % 26);
    office.shop().ServeHtml("/i/" + id + ".html",
                            Card(id, "耐克 高仿 运动鞋 " + id) + "<p>" + noise + "</p>");
  }
  office.shop().ServeHtml("/", list);
}

std::set<std::string> LeadsOf(const Office& office, const std::string& store) {
  std::set<std::string> titles;
  std::istringstream lines(office.Ask("leads list --json --limit 1000 --store " + store));
  for (std::string line; std::getline(lines, line);) {
    const auto lead = nlohmann::json::parse(line, nullptr, false);
    if (lead.is_object() && lead.contains("title")) titles.insert(lead["title"]);
  }
  return titles;
}

void AwaitLeads(const Office& office, const RunningProgram& service, const std::string& store,
                size_t count) {
  for (int i = 0; i < 300 && LeadsOf(office, store).size() < count; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  INFO(service.Output());
  CHECK(LeadsOf(office, store).size() == count);
}

TEST_CASE(
    "trouble: a full disk is told, nothing is lost, and the crawl goes on when there is room") {
  SmallDisk disk("96m");
  if (!disk.mounted()) return;
  Office office("every: 1h, pace: 20ms, depth: 1");
  constexpr size_t kGoods = 150;
  Stock(office, kGoods);
  const std::string store = (disk.path() / "store").string();
  std::vector<std::string> serve = office.serve();
  serve.insert(serve.end(), {"--store", store});
  RunningProgram service(serve);
  const std::string address = service.Said("address=http://");
  // Asking for leads would take longer than the whole crawl under a sanitizer.
  for (int i = 0; i < 3000 && office.shop().requests().size() < 40; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  disk.Fill();
  service.Await("begins again in");
  CHECK(service.Output().find("No space left") != std::string::npos);
  CHECK(Get(address, "/healthz").starts_with("HTTP/1.1 503"));
  CHECK(service.IsRunning());
  const auto before = LeadsOf(office, store);
  REQUIRE(before.size() >= 5);
  for (const std::string& title : before) CHECK_FALSE(title.empty());
  disk.Free();
  AwaitLeads(office, service, store, kGoods);
  CHECK(Get(address, "/healthz").starts_with("HTTP/1.1 200"));
  CHECK(service.Stop() == 0);
  const auto after = LeadsOf(office, store);
  for (const std::string& title : before) CHECK(after.contains(title));
  office.program().Expect("store check --captures --config config --store " + store, 0, {});
}

TEST_CASE("trouble: a file system that turns read-only is told, and the crawl goes on afterwards") {
  SmallDisk disk("96m");
  if (!disk.mounted()) return;
  Office office("every: 1h, pace: 20ms, depth: 1");
  constexpr size_t kGoods = 100;
  Stock(office, kGoods);
  const std::string store = (disk.path() / "store").string();
  std::vector<std::string> serve = office.serve();
  serve.insert(serve.end(), {"--store", store});
  RunningProgram service(serve);
  service.Await("serving");
  for (int i = 0; i < 300 && LeadsOf(office, store).size() < 5; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  // Open files keep a file system from becoming read-only by a remount; a store that is opened on one is told at once.
  CHECK(service.Stop() == 0);
  const auto before = LeadsOf(office, store);
  REQUIRE(before.size() >= 5);
  disk.SetReadOnly(true);
  const Program::Ran refused = office.program().Run("serve --config config --store " + store);
  CHECK(refused.exit_code == 3);
  INFO(refused.output);
  CHECK(refused.output.find("Read-only file system") != std::string::npos);
  disk.SetReadOnly(false);
  RunningProgram again(serve);
  again.Await("serving");
  AwaitLeads(office, again, store, kGoods);
  CHECK(again.Stop() == 0);
  const auto after = LeadsOf(office, store);
  for (const std::string& title : before) CHECK(after.contains(title));
}

// The wall's clock of the program, moved while it runs; the steady one stays (Debian: libfaketime).
class SetClock {
 public:
  SetClock() { Move("+0"); }
  static std::string Library() {
    for (const char* path : {"/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
                             "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"}) {
      if (std::filesystem::exists(path)) return path;
    }
    return "";
  }
  void Move(const std::string& by) const {
    // In one step: the program may look at any moment.
    std::ofstream(folder_.path() / "new") << by << "\n";
    std::filesystem::rename(folder_.path() / "new", folder_.path() / "clock");
  }
  std::vector<std::string> variables() const {
    return {"LD_PRELOAD=" + Library(),
            "FAKETIME_TIMESTAMP_FILE=" + (folder_.path() / "clock").string(), "FAKETIME_NO_CACHE=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1"};
  }

 private:
  testing::TempDir folder_;
};

TEST_CASE(
    "trouble: a clock set a day back and forward is told; pace holds, nothing is lost, it "
    "resumes") {
  if (SetClock::Library().empty()) {
    WARN("SKIPPED: libfaketime is not installed");
    return;
  }
  const SetClock clock;
  Office office("every: 2s, pace: 400ms, depth: 1");
  Stock(office, 3);
  RunningProgram service(office.serve(), clock.variables());
  const std::string store = "config/store";
  AwaitLeads(office, service, store, 3);

  clock.Move("+1d");
  service.Await("set forward by 1d");
  const size_t forward = office.shop().requests().size();
  std::this_thread::sleep_for(std::chrono::seconds(4));
  CHECK(office.shop().requests().size() > forward);

  clock.Move("+0");
  service.Await("set back by 1d");
  std::this_thread::sleep_for(std::chrono::seconds(2));
  const size_t back = office.shop().requests().size();
  std::this_thread::sleep_for(std::chrono::seconds(3));
  CHECK(office.shop().requests().size() == back);  // due when the clock shows their time
  CHECK(service.IsRunning());
  CHECK(LeadsOf(office, store).size() == 3);

  clock.Move("+1d");
  service.Await("set forward by 1d", 2);
  for (int i = 0; i < 500 && office.shop().requests().size() == back; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(office.shop().requests().size() > back);
  CHECK(service.Stop() == 0);

  const auto requests = office.shop().requests();
  for (size_t i = 1; i < requests.size(); ++i) {
    const auto gap = requests[i].at - requests[i - 1].at;
    // The server's thread may note the one before late.
    CHECK(gap > std::chrono::milliseconds(350));
  }
}

}  // namespace
}  // namespace cluehound::app
