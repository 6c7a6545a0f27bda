#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "evidence/byte_source.h"
#include "evidence/record_stream.h"

namespace cluehound::evidence {

// Bounds against hostile archives.
struct WarcLimits {
  size_t max_block_bytes = size_t{16} << 20;  // of a record's block; the rest is passed over
  size_t max_header_bytes = size_t{64}
                            << 10;  // of a record's own header, and of the HTTP header inside it
  size_t max_stray_bytes = size_t{1} << 20;  // between two records, when lengths are wrong
  size_t max_warnings = 100;
};

// The header of a WARC record. An ARC record looks the same: the fields of its one line are given
// the names that WARC has for them.
struct WarcHeader {
  uint64_t offset = 0;  // in the file, of the record or of the gzip member that it lies in
  std::vector<std::pair<std::string, std::string>> fields;
  uint64_t content_length = 0;

  // The first field of this name (case-insensitive); empty when absent.
  std::string_view Field(std::string_view name) const;
  std::vector<std::string_view> Fields(std::string_view name) const;
  std::string_view type() const { return Field("WARC-Type"); }
  // Without the angle brackets that some writers put around it.
  std::string_view target_uri() const;
  std::optional<Instant> date() const;
};

struct WarcBlock {
  std::string bytes;
  bool complete = true;            // false: longer than the cap, or the record ends early
  std::vector<std::string> notes;  // what is wrong with it, for people
};

// Reads the records of a WARC (0.17 to 1.1) or ARC (1.0) file in order, plain or gzip, members by
// record or not.
//
// Errors: what can be tolerated (stray bytes between records, a wrong length, an unreadable header)
// becomes a warning; what cannot (a file that ends inside a record, a file of another kind) ends the
// reading: Next() gives false and status() says what and at which byte. Everything before it was
// delivered. A broken gzip member costs its own records; the status says so after the others. Memory: a block of at most the cap, plus about 200 kB. Not thread-safe.
class WarcRecordReader {
 public:
  WarcRecordReader(std::unique_ptr<ByteSource> source, const WarcLimits& limits);

  // Moves to the next record. False at the end of the file and after a failure.
  bool Next(WarcHeader& header);
  // The block of the current record, once; its WARC-Block-Digest is checked. What is not asked for
  // is passed over.
  WarcBlock ReadBlock();

  const Status& status() const { return status_; }
  // "byte 1234: ...". At most WarcLimits::max_warnings.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  enum class Format { kUnknown, kWarc, kArc };

  bool Recognise();
  void PassOverBlock();
  bool FindWarcRecord();
  bool ReadWarcHeader(WarcHeader& header);
  bool NextArcRecord(WarcHeader& header);
  void PassOverArcPreamble();
  bool BlockWasCut();
  bool Fail(Status status);
  void Warn(uint64_t offset, const std::string& what);

  RecordStream stream_;
  WarcLimits limits_;
  Format format_ = Format::kUnknown;
  WarcHeader current_;
  uint64_t block_left_ = 0;  // of the current record
  Status status_;
  std::vector<std::string> warnings_;
};

}  // namespace cluehound::evidence
