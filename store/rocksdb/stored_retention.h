#pragma once

#include <set>

#include "store/retention.h"
#include "store/rocksdb/database.h"
#include "store/rocksdb/writer.h"

namespace cluehound::store {

// Retention on disk. Both must outlive it; `writer` may be null for a store that is only read.
class StoredRetention final : public Retention {
 public:
  explicit StoredRetention(const Database& database) : database_(database) {}
  void Start(Writer& writer) { writer_ = &writer; }

  Status AddHold(const Hold& hold) override;
  Status EndHold(const Hold& hold) override;
  Result<std::vector<Hold>> Holds() override;
  Result<Erased> EraseEntries(const Erasure& erasure) override;
  Result<Erased> EraseLeads(const Erasure& erasure) override;

 private:
  Result<bool> IsHeld(Staging& staging, const std::string& object);
  Status Write(std::function<Status(Ledger&, Staging&)> stage);
  Status EraseSlice(Staging& staging, const Erasure& erasure, Erased& erased);
  Status EraseLeadSlice(Staging& staging, const Erasure& erasure, Erased& erased);

  const Database& database_;
  Writer* writer_ = nullptr;
};

}  // namespace cluehound::store
