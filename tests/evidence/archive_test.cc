#include "evidence/archive.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

#include "evidence/archive_reader.h"
#include "evidence/warc_reader.h"
#include "tests/evidence/sample_page.h"
#include "tests/testing/testing.h"

namespace cluehound::evidence {
namespace {

using testing::FakeClock;
using testing::TempDir;

const Instant kStart = FromMillis(1795307400250);  // 2026-11-22 00:30:00.250 UTC

ArchiveEnd EndOf(const CaptureRef& ref) { return {ref.file, ref.offset + ref.length}; }

std::unique_ptr<Archive> OpenArchive(const std::filesystem::path& folder, const Clock& clock,
                                     const ArchiveEnd& committed = {},
                                     ArchiveOptions options = {}) {
  auto archive = Archive::Open(folder, committed, clock, std::move(options));
  REQUIRE_OK(archive);
  return std::move(archive).value();
}

CaptureRef Keep(Archive& archive, const Page& page) {
  const auto ref = archive.Append(page);
  REQUIRE_OK(ref);
  return *ref;
}

std::vector<std::string> FilesOf(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().filename() != "LOCK")
      names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// All answers of a file, which must be without fault.
size_t CountAnswers(const std::filesystem::path& path) {
  auto reader = WarcReader::Open(path);
  REQUIRE_OK(reader);
  ArchivedResponse response;
  size_t answers = 0;
  while ((*reader)->Next(response)) {
    REQUIRE(response.notes.empty());
    answers += response.status == 200;
  }
  REQUIRE_OK((*reader)->status());
  REQUIRE((*reader)->warnings().empty());
  return answers;
}

TEST_CASE("ours: captures are read back by reference", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  auto archive = OpenArchive(dir.path() / "new" / "archive", clock);
  const CaptureRef first = Keep(*archive, SamplePage(1));
  const CaptureRef second = Keep(*archive, SamplePage(2));
  REQUIRE_OK(archive->Sync());
  REQUIRE(first.file == "cluehound-20261122003000250-00001.warc.gz");
  REQUIRE(second.offset == first.offset + first.length);

  const ArchiveReader reader(dir.path() / "new" / "archive");
  const auto page = reader.ReadPage(second);
  REQUIRE_OK(page);
  REQUIRE(SamePage(*page, SamplePage(2)));
  REQUIRE(reader.Read(first)->size() == first.length);
}

TEST_CASE("warc 6: a file begins with a warcinfo record that the others name", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  ArchiveOptions options;
  options.info = {{"software", "Cluehound/0.1"}, {"operator", "示例市市场监督管理局"}};
  auto archive = OpenArchive(dir.path(), clock, {}, std::move(options));
  const CaptureRef ref = Keep(*archive, SamplePage());
  auto source = OpenFileSource(dir.path() / ref.file);
  REQUIRE_OK(source);
  WarcRecordReader reader(std::move(source).value(), {});
  WarcHeader info, request;
  REQUIRE(reader.Next(info));
  REQUIRE(info.type() == "warcinfo");
  REQUIRE(info.Field("WARC-Filename") == ref.file);
  const std::string block = reader.ReadBlock().bytes;
  REQUIRE(block.find("format: WARC File Format 1.1\r\n") == 0);
  REQUIRE(block.find("operator: 示例市市场监督管理局\r\n") != std::string::npos);
  REQUIRE(reader.Next(request));
  REQUIRE(request.offset == ref.offset);
  REQUIRE(request.Field("WARC-Warcinfo-ID") == info.Field("WARC-Record-ID"));
}

TEST_CASE("ours: no page, no file", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  REQUIRE_OK(OpenArchive(dir.path(), clock)->Sync());
  REQUIRE(FilesOf(dir.path()).empty());
}

TEST_CASE("ours: a full file is followed by the next, and names sort by time", "[archive]") {
  const TempDir dir;
  FakeClock clock(kStart);
  ArchiveOptions options;
  options.max_file_bytes = 20000;
  auto archive = OpenArchive(dir.path(), clock, {}, std::move(options));
  std::vector<CaptureRef> refs;
  for (int i = 0; i < 20; ++i) {
    refs.push_back(Keep(*archive, SamplePage(i, 5000)));
    clock.Advance(i % 3 == 0 ? Duration(-500)
                             : Duration(1000));  // a clock that is set back now and then
  }
  REQUIRE_OK(archive->Sync());
  const auto files = FilesOf(dir.path());
  REQUIRE(files.size() > 3);
  std::vector<std::string> order;
  for (const CaptureRef& ref : refs) {
    if (order.empty() || order.back() != ref.file) order.push_back(ref.file);
  }
  REQUIRE(order == files);
  size_t answers = 0;
  for (const std::string& file : files) answers += CountAnswers(dir.path() / file);
  REQUIRE(answers == 20);
  const ArchiveReader reader(dir.path());
  for (int i = 0; i < 20; ++i)
    REQUIRE(SamePage(*reader.ReadPage(refs[static_cast<size_t>(i)]), SamplePage(i, 5000)));
}

TEST_CASE("ours: each opening begins a file of its own", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  CaptureRef last;
  for (int i = 1; i <= 3; ++i) {
    auto archive = OpenArchive(dir.path(), clock, last.present() ? EndOf(last) : ArchiveEnd());
    last = Keep(*archive, SamplePage(i));
    REQUIRE_OK(archive->Sync());
  }
  REQUIRE(FilesOf(dir.path()) ==
          std::vector<std::string>{"cluehound-20261122003000250-00001.warc.gz",
                                   "cluehound-20261122003000250-00002.warc.gz",
                                   "cluehound-20261122003000250-00003.warc.gz"});
}

TEST_CASE("ours: what no commit refers to is moved out of the archive", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  ArchiveOptions options;
  options.max_file_bytes = 8000;
  CaptureRef committed, lost, far;
  {
    auto archive = OpenArchive(dir.path(), clock, {}, options);
    committed = Keep(*archive, SamplePage(1, 100));
    lost = Keep(*archive, SamplePage(2, 10000));
    far = Keep(*archive, SamplePage(3));
    REQUIRE_OK(archive->Sync());
    REQUIRE(lost.file == committed.file);
    REQUIRE(far.file != committed.file);
  }
  // A torn record behind it all, as a crash leaves it.
  std::ofstream(dir.path() / far.file, std::ios::app | std::ios::binary) << "\x1f\x8b\x08 torn";

  auto archive = OpenArchive(dir.path(), clock, EndOf(committed), options);
  REQUIRE(FilesOf(dir.path()) == std::vector<std::string>{committed.file});
  REQUIRE(std::filesystem::file_size(dir.path() / committed.file) == EndOf(committed).end);
  REQUIRE(CountAnswers(dir.path() / committed.file) == 1);
  const std::string tail = lost.file + ".from-" + std::to_string(EndOf(committed).end);
  REQUIRE(FilesOf(dir.path() / "unreferenced") ==
          std::vector<std::string>{lost.file + ".from-" + std::to_string(EndOf(committed).end),
                                   far.file});
  REQUIRE(std::filesystem::file_size(dir.path() / "unreferenced" / tail) == lost.length);

  const CaptureRef next = Keep(*archive, SamplePage(4));
  REQUIRE(next.file > far.file);
  const ArchiveReader reader(dir.path());
  REQUIRE(SamePage(*reader.ReadPage(committed), SamplePage(1, 100)));
  REQUIRE(reader.Read(lost).status().code() == Code::kCorruption);
  REQUIRE(reader.Read(far).status().code() == Code::kNotFound);
}

TEST_CASE("ours: a store that committed nothing refers to no file", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  REQUIRE_OK(OpenArchive(dir.path(), clock)->Append(SamplePage(1)));
  OpenArchive(dir.path(), clock);
  REQUIRE(FilesOf(dir.path()).empty());
  REQUIRE(FilesOf(dir.path() / "unreferenced").size() == 1);
}

TEST_CASE("ours: committed evidence that is missing stops the opening", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  CaptureRef ref;
  {
    auto archive = OpenArchive(dir.path(), clock);
    ref = Keep(*archive, SamplePage(1));
  }
  std::filesystem::resize_file(dir.path() / ref.file, EndOf(ref).end - 1);
  const auto cut = Archive::Open(dir.path(), EndOf(ref), clock, {});
  REQUIRE(cut.status().code() == Code::kCorruption);
  REQUIRE(cut.status().message().find(ref.file + " ends at byte") != std::string::npos);
  REQUIRE(FilesOf(dir.path()).size() == 1);  // nothing is touched
  std::filesystem::remove(dir.path() / ref.file);
  const auto gone = Archive::Open(dir.path(), EndOf(ref), clock, {});
  REQUIRE(gone.status().code() == Code::kCorruption);
  REQUIRE(gone.status().message().find("is missing") != std::string::npos);
  REQUIRE(Archive::Open(dir.path(), {"../etc/passwd", 1}, clock, {}).status().code() ==
          Code::kInvalidArgument);
}

TEST_CASE("ours: a second writer is refused", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  auto first = OpenArchive(dir.path(), clock);
  const auto second = Archive::Open(dir.path(), {}, clock, {});
  REQUIRE(second.status().code() == Code::kConflict);
  first.reset();
  REQUIRE_OK(Archive::Open(dir.path(), {}, clock, {}));
}

TEST_CASE("ours: one changed byte is named with its file and place", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  auto archive = OpenArchive(dir.path(), clock);
  Keep(*archive, SamplePage(1));
  const CaptureRef ref = Keep(*archive, SamplePage(2));
  REQUIRE_OK(archive->Sync());
  const ArchiveReader reader(dir.path());
  for (const uint64_t at : {ref.offset, ref.offset + ref.length / 2, ref.offset + ref.length - 1}) {
    const auto flip = [&] {
      std::fstream file(dir.path() / ref.file, std::ios::in | std::ios::out | std::ios::binary);
      file.seekg(static_cast<std::streamoff>(at));
      const char byte = static_cast<char>(file.get() ^ 1);
      file.seekp(static_cast<std::streamoff>(at));
      file.put(byte);
    };
    flip();
    const Status status = reader.Read(ref).status();
    REQUIRE(status.code() == Code::kCorruption);
    REQUIRE(status.message().find(ref.file + ": the capture at byte " +
                                  std::to_string(ref.offset)) == 0);
    REQUIRE(reader.ReadPage(ref).status().code() == Code::kCorruption);
    flip();
    REQUIRE_OK(reader.Read(ref));
  }
}

TEST_CASE("ours: a damaged reference leads nowhere", "[archive]") {
  const TempDir dir;
  const FakeClock clock(kStart);
  auto archive = OpenArchive(dir.path(), clock);
  const CaptureRef good = Keep(*archive, SamplePage(1));
  const ArchiveReader reader(dir.path());
  CaptureRef ref = good;
  ref.length = ~uint64_t{0};
  REQUIRE(reader.Read(ref).status().code() == Code::kCorruption);
  ref = good;
  ref.offset = ~uint64_t{0} - 5;
  REQUIRE(reader.Read(ref).status().code() == Code::kCorruption);
  for (const char* name :
       {"", "../x", "LOCK", "/etc/passwd", "cluehound-20261122003000250-00001.warc.gz/../x"}) {
    ref = good;
    ref.file = name;
    REQUIRE(reader.Read(ref).status().code() == Code::kInvalidArgument);
  }
}

TEST_CASE("ours: names go on from the last one and never back", "[archive]") {
  REQUIRE(ArchiveName::After(std::nullopt, kStart).file() ==
          "cluehound-20261122003000250-00001.warc.gz");
  const auto last = ArchiveName::Parse("cluehound-20270101000000000-99999.warc.gz");
  REQUIRE(last);
  REQUIRE(ArchiveName::After(last, kStart).file() == "cluehound-20270101000000000-100000.warc.gz");
  for (const char* name :
       {"", "cluehound-.warc.gz", "cluehound-2027010100000000x-00001.warc.gz",
        "cluehound-20270101000000000-1.warc.gz", "cluehound-20270101000000000-00001.warc",
        "cluehound-20270101000000000_00001.warc.gz"}) {
    INFO(name);
    REQUIRE_FALSE(ArchiveName::Parse(name));
  }
}

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
