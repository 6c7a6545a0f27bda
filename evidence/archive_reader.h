#pragma once

#include <filesystem>
#include <string>

#include "base/status.h"
#include "evidence/capture_sink.h"
#include "evidence/page.h"

namespace cluehound::evidence {

// Reads captures back, while an Archive may go on writing. The digest is checked on every read:
// bytes that are not what was captured never leave here. Thread-safe.
class ArchiveReader {
 public:
  explicit ArchiveReader(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The records as they lie in the file, a run of gzip members. kNotFound: there is no such file;
  // kCorruption, naming file and offset: it is too short, or the digest differs; kInvalidArgument:
  // `ref` is no capture.
  Result<std::string> Read(const CaptureRef& ref) const;
  Result<Page> ReadPage(const CaptureRef& ref) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace cluehound::evidence
