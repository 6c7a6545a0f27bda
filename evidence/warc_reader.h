#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "evidence/warc_record.h"

namespace cluehound::evidence {

// A response or resource of an archive, as the web gave it.
struct ArchivedResponse {
  std::string url;
  std::optional<Instant> date;
  int status = 0;            // HTTP; 0 for a resource record, which has no HTTP header
  std::string header_block;  // status line to the last header, each line with its line end; empty
                             // for a resource
  std::string content_type;
  std::string content_encoding;    // what base/content_coding.h must take off coded_body
  std::string coded_body;          // the transfer coding is taken off
  uint64_t offset = 0;             // of the record in the file, or of its gzip member
  bool complete = true;            // false: cut by the cap, or it ends early
  std::vector<std::string> notes;  // what is wrong with it, for people
};

// The pages of a web archive file: WARC or ARC, plain or gzip. Requests, metadata, revisits and the
// conversions of WET and WAT files are passed over.
//
// Errors and memory as WarcRecordReader. A record that the end of the file cuts is delivered with
// `complete` false, and the following Next() fails. Not thread-safe.
class WarcReader {
 public:
  // The file's ending says nothing, its first bytes do. Messages name the path.
  static Result<std::unique_ptr<WarcReader>> Open(const std::filesystem::path& path,
                                                  const WarcLimits& limits = {});
  // `name` stands in messages.
  WarcReader(std::unique_ptr<ByteSource> source, std::string name, const WarcLimits& limits = {});

  // False at the end of the file and after a failure: status() tells which.
  bool Next(ArchivedResponse& response);

  // kInvalidArgument: no web archive at all; kCorruption: broken or truncated, at which byte.
  Status status() const;
  // What was passed over or is odd, "byte 1234: ...".
  const std::vector<std::string>& warnings() const { return records_.warnings(); }
  uint64_t records() const { return record_count_; }  // of any type, so far

 private:
  bool Fill(const WarcHeader& header, ArchivedResponse& response);

  std::string name_;
  WarcLimits limits_;
  WarcRecordReader records_;
  uint64_t record_count_ = 0;
};

}  // namespace cluehound::evidence
