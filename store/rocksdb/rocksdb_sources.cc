#include "store/rocksdb/rocksdb_sources.h"

#include "store/order_key.h"
#include "store/record_fields.h"

namespace cluehound::store {

namespace {

Result<SourceStanding> Find(Staging& staging, std::string_view source) {
  ASSIGN_OR_RETURN(const auto known, staging.sources().Find(SourceStandingKey(source)));
  SourceStanding standing = known.value_or(SourceStanding());
  standing.source = source;
  return standing;
}

}  // namespace

std::string SourceStandingPrefix() { return KeyWriter().Byte('s').Take(); }
std::string SourceStandingKey(std::string_view source) {
  return KeyWriter(SourceStandingPrefix()).Rest(source).Take();
}

Result<std::vector<SourceStanding>> RocksDbSources::Standings() {
  std::vector<SourceStanding> standings;
  const std::string prefix = SourceStandingPrefix();
  const auto cursor = database_.Walk(Table::kMeta, prefix, PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(SourceStanding standing,
                     DecodeRecord<SourceStanding>(cursor->value(), "source"));
    standings.push_back(std::move(standing));
  }
  RETURN_IF_ERROR(cursor->status());
  return standings;
}

Status RocksDbSources::SetMode(std::string_view source, SourceMode mode, const Actor& actor,
                               Instant at) {
  return write_([&](Ledger&, Staging& staging) -> Status {
    ASSIGN_OR_RETURN(SourceStanding standing, Find(staging, source));
    if (standing.mode == mode) return Status::Ok();
    staging.Audit({0, at, actor, "sources.mode", std::string(source),
                   std::string(Name(standing.mode)), std::string(Name(mode)), ""});
    standing.mode = mode;
    standing.since = at;
    standing.by = actor;
    staging.sources().Put(SourceStandingKey(source), standing);
    return Status::Ok();
  });
}

Status RocksDbSources::Note(const std::vector<SourceStanding>& gains) {
  if (gains.empty()) return Status::Ok();
  return write_([&](Ledger&, Staging& staging) -> Status {
    for (const SourceStanding& gain : gains) {
      ASSIGN_OR_RETURN(SourceStanding known, Find(staging, gain.source));
      staging.sources().Put(SourceStandingKey(gain.source), Gained(std::move(known), gain));
    }
    return Status::Ok();
  });
}

}  // namespace cluehound::store
