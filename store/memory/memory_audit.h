#pragma once

#include <vector>

#include "store/records.h"

namespace cluehound::store {

// The audit log of the MemoryStore. Not thread-safe.
class MemoryAudit {
 public:
  // Gives the entry its number.
  void Append(AuditEntry entry) {
    entry.number = entries_.size() + 1;
    entries_.push_back(std::move(entry));
  }
  std::vector<AuditEntry> Read(uint64_t after_number, size_t max) const {
    std::vector<AuditEntry> entries;
    for (size_t i = after_number; i < entries_.size() && entries.size() < max; ++i) {
      entries.push_back(entries_[i]);
    }
    return entries;
  }

 private:
  std::vector<AuditEntry> entries_;
};

}  // namespace cluehound::store
