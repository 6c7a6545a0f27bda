#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "store/rocksdb/database.h"
#include "store/rocksdb/staging.h"
#include "store/source_ledger.h"

namespace cluehound::store {

class Ledger;

// kMeta: one record a source.
std::string SourceStandingPrefix();
std::string SourceStandingKey(std::string_view source);

class RocksDbSources final : public SourceLedger {
 public:
  using Write = std::function<Status(std::function<Status(Ledger&, Staging&)>)>;
  RocksDbSources(const Database& database, Write write)
      : database_(database), write_(std::move(write)) {}

  Result<std::vector<SourceStanding>> Standings() override;
  Status SetMode(std::string_view source, SourceMode mode, const Actor& actor, Instant at) override;
  Status Note(const std::vector<SourceStanding>& gains) override;

 private:
  const Database& database_;
  const Write write_;
};

}  // namespace cluehound::store
