#pragma once

#include <map>
#include <mutex>

#include "store/memory/memory_leads.h"
#include "store/retention.h"

namespace cluehound::store {

// Retention of the MemoryStore: everything in one call.
class MemoryRetention final : public Retention {
 public:
  // All must outlive it; `mutex` guards the others.
  MemoryRetention(MemoryLeads& leads, MemoryAudit& audit, std::mutex& mutex)
      : leads_(leads), audit_(audit), mutex_(mutex) {}

  Status AddHold(const Hold& hold) override;
  Status EndHold(const Hold& hold) override;
  Result<std::vector<Hold>> Holds() override;
  Result<Erased> EraseEntries(const Erasure& erasure) override;
  Result<Erased> EraseLeads(const Erasure& erasure) override;

 private:
  bool IsHeld(const LeadId& id) const;

  MemoryLeads& leads_;
  MemoryAudit& audit_;
  std::mutex& mutex_;
  std::map<LeadId, Hold> holds_;
};

}  // namespace cluehound::store
