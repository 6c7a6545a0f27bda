// What goes wrong below the archive: disks that fail, and processes that end.

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "evidence/archive.h"
#include "evidence/archive_reader.h"
#include "tests/evidence/archive_testing.h"

namespace cluehound::evidence {
namespace {

// ---- disks that fail

struct Faults {
  int fail_append_at = 0;  // the n-th Append fails after half of its bytes; 0: none
  int fail_sync_at = 0;    // the n-th Sync fails
  bool fail_truncate = false;
  int appends = 0;
  int syncs = 0;
};

class FaultyFile final : public AppendFile {
 public:
  FaultyFile(std::unique_ptr<AppendFile> file, Faults& faults)
      : file_(std::move(file)), faults_(faults) {}
  Status Append(std::string_view bytes) override {
    if (++faults_.appends != faults_.fail_append_at) return file_->Append(bytes);
    RETURN_IF_ERROR(file_->Append(bytes.substr(0, bytes.size() / 2)));
    return Status::Unavailable("disk: No space left on device");
  }
  Status Sync() override {
    return ++faults_.syncs == faults_.fail_sync_at ? Status::Unavailable("disk: Input/output error")
                                                   : file_->Sync();
  }
  Status Truncate(uint64_t size) override {
    return faults_.fail_truncate ? Status::Unavailable("disk: Input/output error")
                                 : file_->Truncate(size);
  }

 private:
  std::unique_ptr<AppendFile> file_;
  Faults& faults_;
};

ArchiveOptions On(Faults& faults, uint64_t max_file_bytes = 1 << 30) {
  ArchiveOptions options;
  options.max_file_bytes = max_file_bytes;
  options.create =
      [&faults](const std::filesystem::path& path) -> Result<std::unique_ptr<AppendFile>> {
    ASSIGN_OR_RETURN(auto file, CreateAppendFile(path));
    return std::unique_ptr<AppendFile>(std::make_unique<FaultyFile>(std::move(file), faults));
  };
  return options;
}

TEST_CASE("ours: a page that does not fit on the disk leaves nothing behind", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  Faults faults;
  faults.fail_append_at = 3;  // the front, page 1, page 2
  auto archive = OpenArchive(dir.path(), clock, {}, On(faults));
  const CaptureRef first = Keep(*archive, SamplePage(1));
  const auto failed = archive->Append(SamplePage(2));
  REQUIRE(failed.status().code() == Code::kUnavailable);
  REQUIRE(failed.status().message() == "append to archive: disk: No space left on device");
  const CaptureRef third = Keep(*archive, SamplePage(3));
  REQUIRE_OK(archive->Sync());
  REQUIRE(third.file == first.file);
  REQUIRE(third.offset == first.offset + first.length);
  REQUIRE(CountAnswers(dir.path() / first.file) == 2);
}

TEST_CASE("ours: when not even cutting works the next page goes to another file", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  Faults faults;
  faults.fail_append_at = 3;
  faults.fail_truncate = true;
  auto archive = OpenArchive(dir.path(), clock, {}, On(faults));
  const CaptureRef first = Keep(*archive, SamplePage(1));
  REQUIRE_FALSE(archive->Append(SamplePage(2)).ok());
  REQUIRE(faults.syncs == 1);  // page 1 is on the disk
  const CaptureRef third = Keep(*archive, SamplePage(3));
  REQUIRE_OK(archive->Sync());
  REQUIRE(third.file != first.file);
  const ArchiveReader reader(dir.path());
  REQUIRE_OK(reader.ReadPage(first));
  REQUIRE_OK(reader.ReadPage(third));
}

TEST_CASE("ours: a file whose front cannot be written does not stay", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  Faults faults;
  faults.fail_append_at = 1;
  auto archive = OpenArchive(dir.path(), clock, {}, On(faults));
  REQUIRE_FALSE(archive->Append(SamplePage(1)).ok());
  REQUIRE(FilesOf(dir.path()).empty());
  REQUIRE_OK(archive->Append(SamplePage(2)));
  REQUIRE_OK(archive->Sync());
  REQUIRE(FilesOf(dir.path()).size() == 1);
}

TEST_CASE("ours: after a failed sync nothing of the batch stays and the next begins a new file",
          "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  Faults faults;
  faults.fail_sync_at = 2;
  auto archive = OpenArchive(dir.path(), clock, {}, On(faults));
  const CaptureRef first = Keep(*archive, SamplePage(1));
  REQUIRE_OK(archive->Sync());
  Keep(*archive, SamplePage(2));
  const Status failed = archive->Sync();
  REQUIRE(failed.code() == Code::kUnavailable);
  REQUIRE(failed.message() == "sync archive: disk: Input/output error");
  REQUIRE(std::filesystem::file_size(dir.path() / first.file) == EndOf(first).end);
  const CaptureRef third = Keep(*archive, SamplePage(3));
  REQUIRE_OK(archive->Sync());
  REQUIRE(third.file > first.file);
  REQUIRE(CountAnswers(dir.path() / first.file) == 1);
}

TEST_CASE("ours: a sync that fails between two files is still reported by Sync", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  Faults faults;
  faults.fail_sync_at = 1;
  auto archive = OpenArchive(dir.path(), clock, {}, On(faults, 1000));
  Keep(*archive, SamplePage(1, 2000));
  REQUIRE_FALSE(
      archive->Append(SamplePage(2)).ok());  // begins the second file, which syncs the first
  REQUIRE_FALSE(archive->Sync().ok());       // page 1 must not be committed
  const CaptureRef third = Keep(*archive, SamplePage(3));
  REQUIRE_OK(archive->Sync());
  REQUIRE_OK(ArchiveReader(dir.path()).ReadPage(third));
}

TEST_CASE("ours: a real limit on the file's size surfaces as an error and heals", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  auto archive = OpenArchive(dir.path(), clock);
  const CaptureRef first = Keep(*archive, SamplePage(1));
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &old) == 0);
  rlimit tight = old;
  tight.rlim_cur = EndOf(first).end + 100;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &tight) == 0);
  const auto failed = archive->Append(SamplePage(2));
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &old) == 0);
  ::signal(SIGXFSZ, SIG_DFL);
  REQUIRE(failed.status().code() == Code::kUnavailable);
  REQUIRE(failed.status().message().find(first.file) != std::string::npos);
  REQUIRE(std::filesystem::file_size(dir.path() / first.file) == EndOf(first).end);
  Keep(*archive, SamplePage(3));
  REQUIRE_OK(archive->Sync());
  REQUIRE(CountAnswers(dir.path() / first.file) == 2);
}

TEST_CASE("ours: a folder that cannot be written is said to be one", "[archive]") {
  const FakeClock clock(kStart);
  const auto archive = Archive::Open("/proc/no-archive-here", {}, clock, {});
  REQUIRE_FALSE(archive.ok());
  REQUIRE(archive.status().message().find("open archive: /proc/no-archive-here") == 0);
}

// ---- crashes

// What a store would have committed: a reference for each synced page, as plain bytes through a
// pipe.
struct Commit {
  char file[64];
  uint64_t offset;
  uint64_t length;
  Digest sha256;
  int number;
};

// Appends and syncs batches of pages until it is killed.
[[noreturn]] void WriteForEver(const std::filesystem::path& folder, const ArchiveEnd& committed,
                               int number, int pipe) {
  ArchiveOptions options;
  options.max_file_bytes = 400000;
  auto archive = Archive::Open(folder, committed, SystemClock(), std::move(options));
  if (!archive.ok()) ::_exit(1);
  while (true) {
    std::vector<Commit> batch;
    for (int i = 0; i < 3; ++i, ++number) {
      const auto ref = (*archive)->Append(SamplePage(number, 30000));
      if (!ref.ok()) ::_exit(2);
      Commit commit{};
      ref->file.copy(commit.file, sizeof commit.file - 1);
      commit.offset = ref->offset, commit.length = ref->length, commit.sha256 = ref->sha256,
      commit.number = number;
      batch.push_back(commit);
    }
    if (!(*archive)->Sync().ok()) ::_exit(3);
    for (const Commit& commit : batch) {
      if (::write(pipe, &commit, sizeof commit) != sizeof commit) ::_exit(4);
    }
  }
}

TEST_CASE("ours: killed at any moment, the archive and the store agree after the next opening",
          "[archive]") {
  const TempDir dir;
  std::vector<Commit> commits;
  ArchiveEnd committed;
  const auto end_of = [](const Commit& c) { return ArchiveEnd{c.file, c.offset + c.length}; };
  for (int round = 0; round < 30; ++round) {
    int fds[2];
    REQUIRE(::pipe(fds) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::close(fds[0]);
      WriteForEver(dir.path(), committed, static_cast<int>(commits.size()), fds[1]);
    }
    ::close(fds[1]);
    // Killed a little after its first, second, ... commit: anywhere within the appends that follow.
    Commit commit;
    for (int i = 0; i <= round % 4; ++i) {
      REQUIRE(::read(fds[0], &commit, sizeof commit) == sizeof commit);
      commits.push_back(commit);
    }
    ::usleep(static_cast<useconds_t>(round * 331 % 4000));
    ::kill(child, SIGKILL);
    int wait_status = 0;
    REQUIRE(::waitpid(child, &wait_status, 0) == child);
    REQUIRE(WIFSIGNALED(wait_status));
    while (::read(fds[0], &commit, sizeof commit) == sizeof commit) commits.push_back(commit);
    ::close(fds[0]);
    committed = end_of(commits.back());
  }
  { auto archive = OpenArchive(dir.path(), SystemClock(), committed); }
  const ArchiveReader reader(dir.path());
  for (const Commit& commit : commits) {
    CaptureRef ref{commit.file, commit.offset, commit.length, commit.sha256};
    const auto page = reader.ReadPage(ref);
    REQUIRE_OK(page);
    REQUIRE(SamePage(*page, SamplePage(commit.number, 30000)));
  }
  size_t answers = 0;
  for (const std::string& file : FilesOf(dir.path())) answers += CountAnswers(dir.path() / file);
  REQUIRE(answers == commits.size());
  REQUIRE(!FilesOf(dir.path() / "unreferenced").empty());  // else nothing was interrupted
}

}  // namespace
}  // namespace cluehound::evidence
