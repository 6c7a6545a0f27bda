#include "evidence/archive.h"

#include <fstream>

#include "evidence/archive_reader.h"
#include "tests/evidence/archive_testing.h"

namespace cluehound::evidence {
namespace {

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

}  // namespace
}  // namespace cluehound::evidence
