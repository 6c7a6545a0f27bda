#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/status.h"
#include "evidence/capture_sink.h"
#include "store/store.h"

namespace cluehound::store {

struct StoreOptions {
  // A folder that belongs to the store alone. Made when it is not there; its parent must be.
  std::string path;
  // Where captures go; null: nothing is captured. Must outlive the store.
  evidence::CaptureSink* captures = nullptr;
  // Must outlive the store.
  const Clock* clock = &SystemClock();
  // Queries only, beside nobody who writes; writing methods fail with kDenied.
  bool read_only = false;
};

// The store on disk, on RocksDB. One process at a time. What recovery found is logged.
// Fails with kNotFound (read_only and nothing there), kInvalidArgument (the path is not a store, or
// one of a newer format), kUnavailable (used by another process, not writable), kCorruption.
Result<std::unique_ptr<Store>> OpenRocksDbStore(const StoreOptions& options);

}  // namespace cluehound::store
