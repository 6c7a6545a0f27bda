#include "base/content_coding.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <memory>

#include "base/text.h"

namespace cluehound {
namespace {

using Status = CodedBody::Status;

constexpr size_t kChunk =
    64 * 1024;  // one step of output; a bomb overshoots the cap by at most this much
constexpr size_t kMaxCodings = 3;  // real servers send one; each further one only multiplies a bomb

CodedBody Failed(Status status) { return {status, {}}; }

// What one step puts out, before it is appended. Growing the result by a whole step each time would
// clear as much memory, and a hostile body may take a hundred thousand steps that put out nothing:
// empty members of gzip, empty frames of zstd.
std::unique_ptr<char[]> NewChunk() { return std::unique_ptr<char[]>(new char[kChunk]); }

// window_bits as zlib wants them: 15+16 gzip, 15 zlib, -15 raw deflate.
CodedBody Inflate(std::string_view body, int window_bits, size_t max_bytes) {
  z_stream z{};
  if (inflateInit2(&z, window_bits) != Z_OK) return Failed(Status::kCorrupt);
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closer(&z, inflateEnd);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  z.avail_in = static_cast<uInt>(body.size());
  CodedBody out;
  const auto chunk = NewChunk();
  while (true) {
    z.next_out = reinterpret_cast<Bytef*>(chunk.get());
    z.avail_out = kChunk;
    const int result = inflate(&z, Z_NO_FLUSH);
    out.bytes.append(chunk.get(), kChunk - z.avail_out);
    if (out.bytes.size() > max_bytes) return Failed(Status::kTooLarge);
    if (result == Z_STREAM_END) {
      // gzip allows several members in a row; anything else behind the end is ignored, as browsers
      // do.
      const bool another =
          window_bits > 15 && z.avail_in >= 2 && z.next_in[0] == 0x1f && z.next_in[1] == 0x8b;
      if (!another || inflateReset(&z) != Z_OK) return out;
      continue;
    }
    if (result != Z_OK || (z.avail_in == 0 && z.avail_out != 0)) return Failed(Status::kCorrupt);
  }
}

// "deflate" is zlib by the standard and raw deflate in part of the wild; the first two bytes tell
// them apart.
CodedBody InflateEither(std::string_view body, size_t max_bytes) {
  const auto byte = [&](size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(body[i]));
  };
  const bool zlib_header =
      body.size() >= 2 && (byte(0) & 15) == 8 && (byte(0) * 256 + byte(1)) % 31 == 0;
  return Inflate(body, zlib_header ? 15 : -15, max_bytes);
}

CodedBody Unbrotli(std::string_view body, size_t max_bytes) {
  const std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance);
  if (!state) return Failed(Status::kCorrupt);
  auto next_in = reinterpret_cast<const uint8_t*>(body.data());
  size_t avail_in = body.size();
  CodedBody out;
  const auto chunk = NewChunk();
  while (true) {
    auto next_out = reinterpret_cast<uint8_t*>(chunk.get());
    size_t avail_out = kChunk;
    const BrotliDecoderResult result = BrotliDecoderDecompressStream(
        state.get(), &avail_in, &next_in, &avail_out, &next_out, nullptr);
    out.bytes.append(chunk.get(), kChunk - avail_out);
    if (out.bytes.size() > max_bytes) return Failed(Status::kTooLarge);
    if (result == BROTLI_DECODER_RESULT_SUCCESS) return out;
    if (result != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) return Failed(Status::kCorrupt);
  }
}

CodedBody DecodeOne(std::string_view coding, std::string_view body, size_t max_bytes) {
  if (EqualsIgnoreAsciiCase(coding, "gzip") || EqualsIgnoreAsciiCase(coding, "x-gzip")) {
    return Inflate(body, 15 + 16, max_bytes);
  }
  if (EqualsIgnoreAsciiCase(coding, "deflate")) return InflateEither(body, max_bytes);
  if (EqualsIgnoreAsciiCase(coding, "br")) return Unbrotli(body, max_bytes);
  if (EqualsIgnoreAsciiCase(coding, "zstd")) return ZstdDecompress(body, max_bytes);
  if (EqualsIgnoreAsciiCase(coding, "identity")) {
    return body.size() > max_bytes ? Failed(Status::kTooLarge)
                                   : CodedBody{Status::kOk, std::string(body)};
  }
  return Failed(Status::kUnknown);
}

}  // namespace

CodedBody DecodeContent(std::string_view content_encoding, std::string_view body,
                        size_t max_bytes) {
  std::vector<std::string_view> codings = SplitAscii(content_encoding, ", \t");
  if (codings.size() > kMaxCodings) return Failed(Status::kUnknown);
  if (codings.empty()) codings.push_back("identity");
  CodedBody out;
  for (auto coding = codings.rbegin(); coding != codings.rend();
       ++coding) {  // the last one applied comes off first
    out = DecodeOne(*coding, coding == codings.rbegin() ? body : std::string_view(out.bytes),
                    max_bytes);
    if (out.status != Status::kOk) return out;
  }
  return out;
}

std::string GzipCompress(std::string_view bytes, int level) {
  z_stream z{};
  if (deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return "";
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closer(&z, deflateEnd);
  std::string out(deflateBound(&z, static_cast<uLong>(bytes.size())), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  if (deflate(&z, Z_FINISH) != Z_STREAM_END) return "";
  out.resize(z.total_out);
  return out;
}

std::string ZstdCompress(std::string_view bytes, int level) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const size_t n = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), level);
  if (ZSTD_isError(n)) return "";
  out.resize(n);
  return out;
}

std::string ZstdFrame(std::string_view bytes, int level) {
  const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(),
                                                                   ZSTD_freeCCtx);
  if (!context) return "";
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const size_t n =
      ZSTD_compress2(context.get(), out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(n)) return "";
  out.resize(n);
  return out;
}

bool ZstdUnframe(std::string_view frame, size_t max_bytes, std::string& out) {
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > max_bytes)
    return false;
  out.resize(size);
  return ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size()) == size;
}

std::optional<size_t> ZstdFrameSize(std::string_view bytes) {
  const size_t n = ZSTD_findFrameCompressedSize(bytes.data(), bytes.size());
  if (!ZSTD_isError(n)) return n;
  return ZSTD_getErrorCode(n) == ZSTD_error_srcSize_wrong ? std::optional<size_t>(0) : std::nullopt;
}

CodedBody ZstdDecompress(std::string_view bytes, size_t max_bytes) {
  const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(),
                                                                   ZSTD_freeDCtx);
  if (!context) return Failed(Status::kCorrupt);
  // A window of 8 MiB is what RFC 9659 lets HTTP use; more would be memory without limit.
  if (ZSTD_isError(ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 23)))
    return Failed(Status::kCorrupt);
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  CodedBody out;
  const auto buffer = NewChunk();
  while (true) {
    ZSTD_outBuffer chunk{buffer.get(), kChunk, 0};
    const size_t result = ZSTD_decompressStream(context.get(), &chunk, &in);
    out.bytes.append(buffer.get(), chunk.pos);
    if (ZSTD_isError(result)) return Failed(Status::kCorrupt);
    if (out.bytes.size() > max_bytes) return Failed(Status::kTooLarge);
    if (result == 0 && in.pos == in.size) return out;
    if (in.pos == in.size && chunk.pos < chunk.size) return Failed(Status::kCorrupt);
  }
}

}  // namespace cluehound
