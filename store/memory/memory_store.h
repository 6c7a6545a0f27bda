#pragma once

#include <memory>

#include "base/clock.h"
#include "evidence/capture_sink.h"
#include "store/store.h"

namespace cluehound::store {

// A store that lives in memory and is gone with the object: for tests, and the twin against which
// the one on disk is checked. Written for plainness: every query is a walk over everything.
class MemoryStore : public Store {
 public:
  // Leases these addresses if all of them may be claimed now, as the twin did; fails with kConflict
  // otherwise. For the test that compares the two, since which authority's turn it is differs
  // between them.
  virtual Status ClaimExactly(const std::vector<Lease>& leases, const ClaimRequest& request) = 0;
};

// `captures` may be null. Both must outlive the store.
std::unique_ptr<MemoryStore> NewMemoryStore(evidence::CaptureSink* captures, const Clock& clock);

}  // namespace cluehound::store
