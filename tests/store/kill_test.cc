#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <random>

#include "tests/store/crash_world.h"

extern char** environ;

namespace cluehound::store::testing {
namespace {

constexpr const char* kStoreVariable = "CLUEHOUND_CHILD_STORE";
constexpr const char* kChildCase = "kill child: crawls until it is killed";

// Captures in a file, as the archive keeps them.
class FileSink final : public evidence::CaptureSink {
 public:
  explicit FileSink(const std::string& path)
      : file_(::open(path.c_str(), O_RDWR | O_CREAT, 0644)) {}
  ~FileSink() override { ::close(file_); }
  // What lies behind the last capture that the store knows is of no commit.
  void CutBehind(const evidence::CaptureRef& last) {
    end_ = last.offset + last.length;
    REQUIRE(::ftruncate(file_, static_cast<off_t>(end_)) == 0);
  }
  Result<evidence::CaptureRef> Append(const evidence::Page& page) override {
    const std::string& body = page.answer().coded_body;
    const ssize_t written = ::pwrite(file_, body.data(), body.size(), static_cast<off_t>(end_));
    if (written != static_cast<ssize_t>(body.size())) return Status::Unavailable("short write");
    end_ += body.size();
    return evidence::CaptureRef{"captures", end_ - body.size(), body.size(), Sha256(body)};
  }
  Status Sync() override {
    return ::fdatasync(file_) == 0 ? Status::Ok() : Status::Unavailable("fdatasync");
  }
  std::string Read(const evidence::CaptureRef& ref) const {
    std::string bytes(ref.length, '\0');
    const ssize_t got = ::pread(file_, bytes.data(), bytes.size(), static_cast<off_t>(ref.offset));
    bytes.resize(got < 0 ? 0 : static_cast<size_t>(got));
    return bytes;
  }

 private:
  int file_;
  uint64_t end_ = 0;
};

struct Opened {
  explicit Opened(const std::string& folder) : sink(folder + "/captures") {
    store = OnDisk::Open(folder + "/store", &sink, clock);
    sink.CutBehind(store->LastCapture().value());
  }
  cluehound::testing::FakeClock clock{kStart};
  FileSink sink;
  std::unique_ptr<Store> store;
};

void Tell(const std::string& line) {
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) ::_exit(1);
}

// Runs kChildCase in a process of its own. Its lines come through the pipe.
pid_t StartChild(const std::string& folder, int& read_end) {
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  std::string variable = kStoreVariable;
  variable += "=" + folder;
  std::vector<char*> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
  environment.push_back(const_cast<char*>(variable.c_str()));
  environment.push_back(nullptr);
  const char* arguments[] = {"test_store", kChildCase, nullptr};
  const pid_t child = ::fork();
  if (child == 0) {  // only calls that are safe between fork and exec
    ::dup2(pipe_ends[1], STDOUT_FILENO);
    ::close(pipe_ends[0]);
    ::execve("/proc/self/exe", const_cast<char**>(arguments), environment.data());
    ::_exit(127);
  }
  ::close(pipe_ends[1]);
  read_end = pipe_ends[0];
  return child;
}

// Notes "page N", "import N" and "decision LEAD N"; a last line that was cut off counts for nothing.
size_t TakeLines(std::string& text, CrashWorld::Acknowledged& acknowledged) {
  size_t lines = 0;
  size_t end = 0;
  while ((end = text.find('\n')) != std::string::npos) {
    const std::string line = text.substr(0, end);
    text.erase(0, end + 1);
    if (line.starts_with("page ")) {
      acknowledged.pages.insert(std::stoi(line.substr(5)));
      ++lines;
    } else if (line.starts_with("import ")) {
      acknowledged.imports.insert(std::stoi(line.substr(7)));
      ++lines;
    } else if (line.starts_with("decision ")) {
      acknowledged.decisions[line.substr(9, 32)] = std::stoi(line.substr(42));
      ++lines;
    }
  }
  return lines;
}

// Lets a child work until it has acknowledged `enough`, then kills it.
void RunAndKill(const std::string& folder, size_t enough, CrashWorld::Acknowledged& acknowledged) {
  int pipe_end = -1;
  const pid_t child = StartChild(folder, pipe_end);
  REQUIRE(child > 0);
  std::string text;
  char buffer[4096];
  size_t lines = 0;
  bool killed = false;
  while (true) {
    const ssize_t got = ::read(pipe_end, buffer, sizeof buffer);
    if (got <= 0) break;
    text.append(buffer, static_cast<size_t>(got));
    lines += TakeLines(text, acknowledged);
    if (lines >= enough && !killed) {
      ::kill(child, SIGKILL);
      killed = true;  // and read what it had said
    }
  }
  ::close(pipe_end);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  if (!killed) {
    REQUIRE(WIFEXITED(status));
    REQUIRE(WEXITSTATUS(status) == 0);
  }
}

void CheckCaptures(Opened& opened) {
  for (const Lead& lead : AllLeads(*opened.store)) {
    if (lead.suspicion.family == "clue") continue;  // of people
    REQUIRE(lead.capture.present());
    REQUIRE(Sha256(opened.sink.Read(lead.capture)) == lead.capture.sha256);
  }
}

}  // namespace

TEST_CASE("kill child: crawls until it is killed", "[.]") {
  const char* folder = std::getenv(kStoreVariable);
  if (folder == nullptr) return;
  Opened opened(folder);
  CrashWorld::Seed(*opened.store);
  int decisions = static_cast<int>(opened.store->Audit(0, 1000000)->size());
  PaperFilter clues;
  clues.kind = PaperKind::kClue;
  const size_t rows = opened.store->papers().Query(clues, {}, "", 1000000)->papers.size();
  int import = static_cast<int>(rows / 5);
  const auto import_one = [&] {
    if (import == CrashWorld::kImports) return false;
    if (CrashWorld::Import(*opened.store, import)) Tell("import " + std::to_string(import) + "\n");
    ++import;
    return true;
  };
  std::vector<int> pages;
  for (int round = 0; round < 1000; ++round) {
    pages.clear();
    CrashWorld::Crawl(*opened.store, 30, [&pages](int page) {
      Tell("page " + std::to_string(page) + "\n");
      pages.push_back(page);
    });
    if (pages.empty()) break;
    import_one();
    const auto page = opened.store->FindPage(CrashWorld::Address(pages[0]).url).value();
    if (CrashWorld::Decide(*opened.store, pages[0], ++decisions)) {
      Tell("decision " + page->leads[0] + " " + std::to_string(decisions) + "\n");
    }
  }
  while (import_one()) continue;
}

TEST_CASE(
    "kill -9 at random moments (60, or $CLUEHOUND_CRASHES): everything acknowledged is there, and "
    "nothing is half there") {
  cluehound::testing::TempDir folder;
  std::mt19937 random(20261122);
  CrashWorld::Acknowledged acknowledged;
  for (int kill = 0; kill < CrashWorld::Crashes(60); ++kill) {
    INFO("kill " << kill);
    RunAndKill(folder.path().string(), 1 + random() % 60, acknowledged);
    Opened opened(folder.path().string());
    CrashWorld::Verify(*opened.store, acknowledged);
    CheckCaptures(opened);
    if (kill % 10 == 9) CrashWorld::CheckCopy(*opened.store);
  }
  // Left alone, it comes to the same leads as a crawl that nobody disturbed.
  RunAndKill(folder.path().string(), SIZE_MAX, acknowledged);
  Opened opened(folder.path().string());
  CrashWorld::Verify(*opened.store, acknowledged);
  CheckCaptures(opened);
  cluehound::testing::FakeClock clock(kStart);
  const auto undisturbed = NewMemoryStore(nullptr, clock);
  CrashWorld::Seed(*undisturbed);
  CrashWorld::Crawl(*undisturbed, INT32_MAX, [](int) {});
  for (int import = 0; import < CrashWorld::kImports; ++import)
    REQUIRE(CrashWorld::Import(*undisturbed, import));
  CHECK(opened.store->Stats().value() == undisturbed->Stats().value());
  std::map<LeadId, uint64_t> expected;
  for (const Lead& lead : AllLeads(*undisturbed)) expected[lead.id] = lead.sightings;
  std::map<LeadId, uint64_t> found;
  for (const Lead& lead : AllLeads(*opened.store)) found[lead.id] = lead.sightings;
  CHECK(found == expected);
}

}  // namespace cluehound::store::testing
