#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cluehound {

// A body after its HTTP content coding was taken off.
struct CodedBody {
  enum class Status {
    kOk,
    kTooLarge,  // more decoded bytes than the cap; `bytes` is empty
    kCorrupt,   // does not decode, or ends early
    kUnknown,   // a coding we do not know
  };
  Status status = Status::kOk;
  std::string bytes;
};

// Takes off the codings that `content_encoding` (the header's value: "", "gzip", "br", "zstd",
// "deflate", at most three in a row) names. Stops as soon as more than `max_bytes` come out, so
// that a bomb costs no more than the cap. Thread-safe.
CodedBody DecodeContent(std::string_view content_encoding, std::string_view body, size_t max_bytes);

// What we tell servers that we accept.
inline constexpr std::string_view kAcceptEncoding = "gzip, deflate, br, zstd";

// One gzip member. `level` 1 to 9.
std::string GzipCompress(std::string_view bytes, int level);

// Frames of a file that grows: each with its size and a checksum, so that a torn or altered one is
// known. Back: false when the frame is damaged or gives more than `max_bytes`; `out` is used again.
std::string ZstdFrame(std::string_view bytes, int level);
bool ZstdUnframe(std::string_view frame, size_t max_bytes, std::string& out);
// How long the frame is that `bytes` begin with: 0 when it goes on behind them; nothing when there is
// none.
std::optional<size_t> ZstdFrameSize(std::string_view bytes);

// One zstd frame, for stored records, and back (fails on more than `max_bytes`).
std::string ZstdCompress(std::string_view bytes, int level);
CodedBody ZstdDecompress(std::string_view bytes, size_t max_bytes);

}  // namespace cluehound
