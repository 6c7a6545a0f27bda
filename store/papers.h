#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "store/paper.h"

namespace cluehound::store {

// The papers of the office. Reached through Store::papers(); thread-safety and durability are the
// store's. A scope with a county sees and makes that county's papers alone.
class PaperLedger {
 public:
  virtual ~PaperLedger() = default;

  // Makes and changes papers, with their leads, files and decisions, and an audit entry for each,
  // in one write: all, or none and the failure of the first that cannot be.
  virtual Result<std::vector<PaperReceipt>> PutAll(const std::vector<PaperChange>& changes,
                                                   const Scope& scope, const Actor& actor,
                                                   Instant at) = 0;
  // kNotFound; kDenied outside the scope.
  virtual Result<Paper> Find(uint64_t number, const Scope& scope) = 0;
  virtual Result<PaperPage> Query(const PaperFilter& filter, const Scope& scope,
                                  std::string_view after, size_t max) = 0;
  // kNotFound; kCorruption when they are not what was stored.
  virtual Result<std::string> AttachmentBytes(const Digest& sha256) = 0;

  static constexpr size_t kMaxAttachment = 8u << 20;  // bytes
  static constexpr size_t kMaxChanges = 1000;         // in one write
};

}  // namespace cluehound::store
