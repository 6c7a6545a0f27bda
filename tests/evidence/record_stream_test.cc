#include "evidence/record_stream.h"

#include "base/content_coding.h"
#include "tests/testing/testing.h"

namespace cluehound::evidence {
namespace {

// Gives its bytes one by one, the hardest way to be read.
class Trickle final : public ByteSource {
 public:
  explicit Trickle(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<size_t> Read(char* buffer, size_t size) override {
    if (size == 0 || pos_ == bytes_.size()) return size_t{0};
    buffer[0] = bytes_[pos_++];
    return size_t{1};
  }

 private:
  std::string bytes_;
  size_t pos_ = 0;
};

class FailingSource final : public ByteSource {
 public:
  Result<size_t> Read(char* buffer, size_t) override {
    if (given_) return Status::Unavailable("disk: input/output error");
    given_ = true;
    buffer[0] = 'a', buffer[1] = 'b';
    return size_t{2};
  }

 private:
  bool given_ = false;
};

std::string ReadAll(RecordStream& stream) {
  std::string all;
  for (std::string_view bytes = stream.Peek(); !bytes.empty(); bytes = stream.Peek()) {
    all += bytes;
    stream.Consume(bytes.size());
  }
  return all;
}

TEST_CASE("ours: plain bytes pass through and are counted", "[warc]") {
  RecordStream stream(MemorySource("one\ntwo"));
  REQUIRE(stream.Peek(3).starts_with("one"));
  stream.Consume(4);
  REQUIRE(stream.offset() == 4);
  REQUIRE(ReadAll(stream) == "two");
  REQUIRE_FALSE(stream.gzip());
  REQUIRE_OK(stream.status());
}

TEST_CASE("ours: what Peek shows never spans two gzip members", "[warc]") {
  const std::string first = GzipCompress("alpha", 6);
  const std::string file = first + GzipCompress("beta", 6);
  for (const bool slow : {false, true}) {
    RecordStream stream(slow ? std::make_unique<Trickle>(file) : MemorySource(file));
    REQUIRE(stream.Peek(9) == "alpha");
    REQUIRE(stream.offset() == 0);
    stream.Consume(3);
    REQUIRE_FALSE(stream.at_member_start());
    REQUIRE(stream.Peek(100) == "ha");
    stream.Consume(2);
    REQUIRE(stream.Peek(4) == "beta");
    REQUIRE(stream.at_member_start());
    REQUIRE(stream.offset() == first.size());
    REQUIRE(ReadAll(stream) == "beta");
    REQUIRE_OK(stream.status());
  }
}

TEST_CASE("ours: bytes that wait inside the inflater come out at the end of the file", "[warc]") {
  const std::string text(5 << 20, 'z');  // 5 MiB from 5 kB: far more output than one step gives
  const std::string file = GzipCompress(text, 9);
  RecordStream stream(MemorySource(file));
  REQUIRE(ReadAll(stream) == text);
  REQUIRE_OK(stream.status());
}

TEST_CASE("ours: a cut gzip file gives what it has and then says where it ends", "[warc]") {
  const std::string first = GzipCompress("whole", 6);
  const std::string second = GzipCompress(std::string(100, 'x'), 6);
  const std::string file = first + second.substr(0, second.size() - 3);
  RecordStream stream(MemorySource(file));
  REQUIRE(ReadAll(stream).substr(0, 5) == "whole");
  REQUIRE(stream.status().code() == Code::kCorruption);
  REQUIRE(stream.status().message() == "the file ends inside the gzip member that begins at byte " +
                                           std::to_string(first.size()));
}

TEST_CASE("ours: broken gzip data is named with its place", "[warc]") {
  std::string file = GzipCompress("whole", 6) + "junk";
  RecordStream stream(MemorySource(file));
  REQUIRE(ReadAll(stream) == "whole");
  REQUIRE(stream.status().code() == Code::kCorruption);
  REQUIRE(stream.status().message().find("the gzip data is broken near byte") == 0);
}

TEST_CASE("ours: a failing source ends the run with its own message", "[warc]") {
  RecordStream stream(std::make_unique<FailingSource>());
  ReadAll(stream);
  REQUIRE(stream.status().message() == "disk: input/output error");
}

TEST_CASE("ours: lines lose LF or CRLF, and one that is too long is cut", "[warc]") {
  RecordStream stream(MemorySource("a\r\n\nlonger line\nlast"));
  std::string line;
  REQUIRE(stream.ReadLine(100, line) == LineRead::kLine);
  REQUIRE(line == "a");
  REQUIRE(stream.ReadLine(100, line) == LineRead::kLine);
  REQUIRE(line.empty());
  REQUIRE(stream.ReadLine(6, line) == LineRead::kTooLong);
  REQUIRE(line == "longer");
  REQUIRE(stream.ReadLine(100, line) == LineRead::kLine);
  REQUIRE(line == " line");
  REQUIRE(stream.ReadLine(100, line) == LineRead::kLine);
  REQUIRE(line == "last");
  REQUIRE(stream.ReadLine(100, line) == LineRead::kEnd);
}

TEST_CASE("rfc1952: a broken member costs itself, and the status speaks of it at the end") {
  std::string file;
  size_t damaged = 0;
  for (int i = 0; i < 5; ++i) {
    if (i == 2) damaged = file.size() + 15;
    file += GzipCompress("record " + std::to_string(i) + " of five\n", 6);
  }
  for (size_t k = 0; k < 6; ++k) file[damaged + k] = '\xFF';
  RecordStream stream(MemorySource(file));
  std::string all;
  while (!stream.Peek().empty()) {
    all += stream.Peek();
    stream.Consume(stream.Peek().size());
  }
  CHECK(all.find("record 0 of five\nrecord 1 of five\n") == 0);
  CHECK(all.ends_with("record 3 of five\nrecord 4 of five\n"));
  CHECK(stream.damages() == 1);
  CHECK(stream.status().message().find("broken") != std::string::npos);
}

}  // namespace
}  // namespace cluehound::evidence
