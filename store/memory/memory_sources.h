#pragma once

#include <map>
#include <mutex>
#include <string>

#include "store/memory/memory_audit.h"
#include "store/source_ledger.h"

namespace cluehound::store {

// The sources of the MemoryStore.
class MemorySources final : public SourceLedger {
 public:
  // `mutex` guards the audit log; both must outlive it.
  MemorySources(MemoryAudit& audit, std::mutex& mutex) : audit_(audit), mutex_(mutex) {}

  Result<std::vector<SourceStanding>> Standings() override;
  Status SetMode(std::string_view source, SourceMode mode, const Actor& actor, Instant at) override;
  Status Note(const std::vector<SourceStanding>& gains) override;

 private:
  MemoryAudit& audit_;
  std::mutex& mutex_;
  std::map<std::string, SourceStanding> standings_;
};

}  // namespace cluehound::store
