#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/digest.h"
#include "base/status.h"
#include "evidence/page.h"

namespace cluehound::evidence {

// Where the raw record of a fetch lies, and what it must digest to.
struct CaptureRef {
  std::string file;     // name inside the archive folder; empty: no capture
  uint64_t offset = 0;  // of the first record's gzip member
  uint64_t length = 0;  // of all its records
  Digest sha256{};      // over those bytes
  Digest sm3{};         // likewise (GB/T 32905); zero: not computed, in records of old
  bool present() const { return !file.empty(); }

  friend bool operator==(const CaptureRef&, const CaptureRef&) = default;
};

// Takes the pages that are to be kept. The order is part of the promise: Append each page of a
// batch, Sync once, and only then commit the batch to the store with the refs. One caller at a time
// (the store's writer).
class CaptureSink {
 public:
  virtual ~CaptureSink() = default;
  virtual Result<CaptureRef> Append(const Page& page) = 0;
  // The appended records are on the disk when this returns.
  virtual Status Sync() = 0;
};

// Keeps nothing; for offline runs without a store.
class NoCaptureSink final : public CaptureSink {
 public:
  Result<CaptureRef> Append(const Page&) override { return CaptureRef(); }
  Status Sync() override { return Status::Ok(); }
};

}  // namespace cluehound::evidence
