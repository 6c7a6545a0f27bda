#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace cluehound {

// Takes gzip apart piece by piece and member by member, in constant memory (about 40 kB), for files
// that are too large to hold. Not thread-safe.
class GzipStream {
 public:
  enum class Step {
    kMore,       // give more input, or the same again when `max_out` bytes came out
    kMemberEnd,  // the member is complete and its checksum is right; `input` begins behind it
    kCorrupt,
  };

  GzipStream();
  ~GzipStream();
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  // Takes bytes off the front of `input` and appends what they give, at most `max_out` bytes, to
  // `out`.
  Step Inflate(std::string_view& input, std::string& out, size_t max_out);

  // Makes ready for the next member. Needed after kMemberEnd, allowed at any time.
  void Reset();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The first bytes of every gzip member.
inline bool LooksLikeGzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

}  // namespace cluehound
