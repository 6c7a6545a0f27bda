#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/gzip_stream.h"
#include "base/status.h"
#include "evidence/byte_source.h"

namespace cluehound::evidence {

enum class LineRead { kLine, kEnd, kTooLong };

// A plain or gzip file as one run of decoded bytes that still knows where each gzip member began.
// Holds at most what Peek() asked for plus 64 KiB. Not thread-safe.
class RecordStream {
 public:
  explicit RecordStream(std::unique_ptr<ByteSource> source);

  // What is at hand: at least one byte, unless the end or a failure was reached. Never spans two
  // gzip members. The view is valid until the next call.
  std::string_view Peek() { return Peek(1); }
  // The same, with at least `n` bytes when the member (the plain file) still has so many.
  std::string_view Peek(size_t n);
  // REQUIRES: n <= size of what Peek() gave last.
  void Consume(size_t n);

  // Takes a line off the front, without its LF or CRLF. kEnd: nothing was left (see status()).
  // kTooLong: the line's first `max_bytes` were taken.
  LineRead ReadLine(size_t max_bytes, std::string& line);

  bool gzip() const { return gzip_; }
  // Nothing of the gzip member in which the next byte lies was consumed yet.
  bool at_member_start() const { return consumed_in_member_ == 0; }
  // Where the next byte lies in the file; in a gzip file, where its member begins.
  uint64_t offset() const { return gzip_ ? member_offset_ : decoded_offset_; }
  // How many decoded bytes of that member (of the plain file) lie before the next one.
  uint64_t offset_in_member() const { return consumed_in_member_; }

  // Not ok once the source failed or the gzip data ends early; what came before was delivered. A
  // broken member ends early, too, but the members behind it are delivered; the status speaks of it
  // at the end of the file.
  const Status& status() const { return status_; }
  // Broken members met so far.
  size_t damages() const { return damages_; }

 private:
  bool FillRaw();         // false at the end of the source or on failure
  void PassOverDamage();  // to where another gzip member may begin
  void FillDecoded();     // appends to decoded_, or sets ended_ or status_

  std::unique_ptr<ByteSource> source_;
  std::string raw_;       // read from the source
  size_t raw_pos_ = 0;    // up to here inflated
  uint64_t raw_end_ = 0;  // offset in the file behind raw_
  bool raw_ended_ = false;

  bool sniffed_ = false;
  bool gzip_ = false;
  GzipStream inflater_;
  bool member_done_ = false;  // its last byte was inflated; the next Fill begins another one
  uint64_t member_offset_ = 0;
  uint64_t consumed_in_member_ = 0;

  std::string decoded_;
  size_t decoded_pos_ = 0;
  uint64_t decoded_offset_ = 0;  // of decoded_[decoded_pos_] in the decoded run
  bool ended_ = false;
  size_t damages_ = 0;
  Status damage_;  // the first
  Status status_;
};

}  // namespace cluehound::evidence
