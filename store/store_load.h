#pragma once

#include <cstdint>

namespace cluehound::store {

// How hard the store has it, now. Cheap to ask.
struct StoreLoad {
  bool stopped = false;               // writing waits until the disk has caught up
  uint64_t delayed_bytes_second = 0;  // the rate to which writing is held back; 0: it is not
  uint64_t stalls = 0;  // times that writing was stopped or held back, since it was opened
  uint64_t compaction_bytes = 0;  // that wait to be merged
  uint64_t memory_bytes = 0;      // block cache, write buffers, table readers
  uint64_t disk_bytes = 0;        // tables, without captures
  uint64_t waiting = 0;           // writes handed over and not begun
};

}  // namespace cluehound::store
