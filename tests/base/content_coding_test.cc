#include "base/content_coding.h"

#include <brotli/encode.h>
#include <zlib.h>

#include "tests/testing/testing.h"

namespace cluehound {
namespace {

using Status = CodedBody::Status;
constexpr size_t kCap = 1 << 20;

std::string Brotli(const std::string& bytes) {
  std::string out(BrotliEncoderMaxCompressedSize(bytes.size()), '\0');
  size_t size = out.size();
  REQUIRE(BrotliEncoderCompress(5, 22, BROTLI_MODE_TEXT, bytes.size(),
                                reinterpret_cast<const uint8_t*>(bytes.data()), &size,
                                reinterpret_cast<uint8_t*>(out.data())) == BROTLI_TRUE);
  out.resize(size);
  return out;
}

std::string Deflate(const std::string& bytes, int window_bits) {
  z_stream z{};
  REQUIRE(deflateInit2(&z, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(bytes.size() + 1024, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

TEST_CASE("rfc9110 8.4: each content coding comes off, in the reverse order of its names") {
  std::string page;
  for (int i = 0; i < 5000; ++i) page += "listing " + std::to_string(i) + "; ";
  const std::string gzip = GzipCompress(page, 6);
  CHECK(DecodeContent("", page, kCap).bytes == page);
  CHECK(DecodeContent("identity", page, kCap).bytes == page);
  CHECK(DecodeContent("gzip", gzip, kCap).bytes == page);
  CHECK(DecodeContent("X-GZIP", gzip, kCap).bytes == page);
  CHECK(DecodeContent("gzip", gzip + gzip, kCap).bytes == page + page);
  CHECK(DecodeContent("gzip", gzip + "trailing junk", kCap).bytes == page);
  CHECK(DecodeContent("br", Brotli(page), kCap).bytes == page);
  CHECK(DecodeContent("zstd", ZstdCompress(page, 3), kCap).bytes == page);
  CHECK(DecodeContent("deflate", Deflate(page, 15), kCap).bytes == page);
  CHECK(DecodeContent("deflate", Deflate(page, -15), kCap).bytes == page);
  CHECK(DecodeContent("gzip, br", Brotli(gzip), kCap).bytes == page);
}

TEST_CASE("ours: a bomb stops at the cap, whatever its coding") {
  const std::string zeros(64u << 20, '\0');
  for (const auto& [coding, body] :
       {std::pair<std::string, std::string>{"gzip", GzipCompress(zeros, 9)},
        {"br", Brotli(zeros)},
        {"zstd", ZstdCompress(zeros, 3)},
        {"gzip, gzip", GzipCompress(GzipCompress(zeros, 9), 9)}}) {
    INFO(coding);
    const CodedBody out = DecodeContent(coding, body, kCap);
    CHECK(out.status == Status::kTooLarge);
    CHECK(out.bytes.empty());
  }
  CHECK(DecodeContent("", zeros, kCap).status == Status::kTooLarge);
}

TEST_CASE("ours: truncated, corrupt and unknown codings are said to be so") {
  const std::string page(20000, 'x');
  const std::string gzip = GzipCompress(page, 6), brotli = Brotli(page),
                    zstd = ZstdCompress(page, 3);
  CHECK(DecodeContent("gzip", gzip.substr(0, gzip.size() / 2), kCap).status == Status::kCorrupt);
  CHECK(DecodeContent("br", brotli.substr(0, brotli.size() / 2), kCap).status == Status::kCorrupt);
  CHECK(DecodeContent("zstd", zstd.substr(0, zstd.size() / 2), kCap).status == Status::kCorrupt);
  CHECK(DecodeContent("gzip", "<html>", kCap).status == Status::kCorrupt);
  CHECK(DecodeContent("gzip", "", kCap).status == Status::kCorrupt);
  CHECK(DecodeContent("compress", page, kCap).status == Status::kUnknown);
  CHECK(DecodeContent("gzip, gzip, gzip, gzip", page, kCap).status == Status::kUnknown);
}

TEST_CASE("ours: a frame knows its length and that it is whole") {
  const std::string page(200000, 'x');
  const std::string frame = ZstdFrame(page, 3);
  std::string out = "before";
  REQUIRE(ZstdUnframe(frame, kCap, out));
  CHECK(out == page);
  CHECK(ZstdFrameSize(frame + frame) == frame.size());
  for (const size_t length : {size_t{0}, size_t{3}, size_t{6}, frame.size() - 1}) {
    CHECK(ZstdFrameSize(std::string_view(frame).substr(0, length)) == size_t{0});
    CHECK(!ZstdUnframe(std::string_view(frame).substr(0, length), kCap, out));
  }
  CHECK(!ZstdFrameSize("<html>, which is no frame"));
  CHECK(!ZstdUnframe(frame, page.size() - 1, out));
  std::string bent = frame;
  bent.back() = static_cast<char>(bent.back() ^ 1);  // the checksum
  CHECK(!ZstdUnframe(bent, kCap, out));
}

}  // namespace
}  // namespace cluehound
