#include "base/gzip_stream.h"

#include "base/content_coding.h"
#include "tests/testing/testing.h"

namespace cluehound {
namespace {

using Step = GzipStream::Step;

std::string Noise(size_t n) {
  std::string bytes(n, '\0');
  uint32_t state = 1;
  for (char& c : bytes) {
    state = state * 1664525u + 1013904223u;
    c = static_cast<char>(state >> 24);
  }
  return bytes;
}

TEST_CASE("ours: a member comes out whole, however small the pieces that go in", "[gzip]") {
  const std::string text = Noise(200000) + std::string(300000, 'x');
  const std::string member = GzipCompress(text, 6);
  for (const size_t piece : {size_t{1}, size_t{7}, size_t{4096}, member.size()}) {
    GzipStream stream;
    std::string out;
    Step step = Step::kMore;
    for (size_t pos = 0; pos < member.size() && step == Step::kMore; pos += piece) {
      std::string_view input = std::string_view(member).substr(pos, piece);
      step = stream.Inflate(input, out, text.size() + 1);
      REQUIRE(input.empty());
    }
    REQUIRE(step == Step::kMemberEnd);
    REQUIRE(out == text);
  }
}

TEST_CASE("ours: output is handed out in pieces no larger than asked for", "[gzip]") {
  const std::string member = GzipCompress(std::string(1 << 20, 'a'), 9);  // 1 MiB from about 1 kB
  GzipStream stream;
  std::string_view input = member;
  size_t total = 0;
  while (true) {
    std::string out;
    const Step step = stream.Inflate(input, out, 1000);
    REQUIRE(out.size() <= 1000);
    total += out.size();
    if (step == Step::kMemberEnd) break;
    REQUIRE(step == Step::kMore);
  }
  REQUIRE(total == 1 << 20);
}

TEST_CASE("rfc1952 2.2: the input is left at the first byte behind a member", "[gzip]") {
  const std::string both = GzipCompress("first", 6) + GzipCompress("second", 6);
  GzipStream stream;
  std::string_view input = both;
  std::string out;
  REQUIRE(stream.Inflate(input, out, 100) == Step::kMemberEnd);
  REQUIRE(out == "first");
  REQUIRE(LooksLikeGzip(input));
  stream.Reset();
  REQUIRE(stream.Inflate(input, out, 100) == Step::kMemberEnd);
  REQUIRE(out == "firstsecond");
  REQUIRE(input.empty());
}

TEST_CASE("rfc1952 2.3.1: a flipped byte is corrupt, not content", "[gzip]") {
  std::string member = GzipCompress(std::string(1000, 'q') + "end", 6);
  member[member.size() - 6] = static_cast<char>(member[member.size() - 6] ^ 1);  // the checksum
  GzipStream stream;
  std::string_view input = member;
  std::string out;
  REQUIRE(stream.Inflate(input, out, 1 << 20) == Step::kCorrupt);

  GzipStream other;
  std::string_view text = "not gzip at all";
  REQUIRE(other.Inflate(text, out, 100) == Step::kCorrupt);
}

}  // namespace
}  // namespace cluehound
