#pragma once

#include <functional>

#include "store/papers.h"
#include "store/rocksdb/ledger.h"
#include "store/rocksdb/staging.h"

namespace cluehound::store {

// The papers on disk. Must not outlive the database; `write` stages with the others and waits.
class Papers final : public PaperLedger {
 public:
  using Write = std::function<Status(std::function<Status(Ledger&, Staging&)>)>;
  Papers(const Database& database, Write write) : database_(database), write_(std::move(write)) {}

  Result<std::vector<PaperReceipt>> PutAll(const std::vector<PaperChange>& changes,
                                           const Scope& scope, const Actor& actor,
                                           Instant at) override;
  Result<Paper> Find(uint64_t number, const Scope& scope) override;
  Result<PaperPage> Query(const PaperFilter& filter, const Scope& scope, std::string_view after,
                          size_t max) override;
  Result<std::string> AttachmentBytes(const Digest& sha256) override;

 private:
  // The paper with the key that the filter names.
  Result<PaperPage> ByKey(const PaperFilter& filter, const Scope& scope) const;

  const Database& database_;
  const Write write_;
};

}  // namespace cluehound::store
