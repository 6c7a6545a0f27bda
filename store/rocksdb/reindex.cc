#include "store/rocksdb/reindex.h"

#include <algorithm>

#include "base/log.h"
#include "store/record_fields.h"
#include "store/rocksdb/lead_index.h"
#include "store/rocksdb/staging.h"
#include "store/rocksdb/tables.h"

namespace cluehound::store {
namespace {

constexpr size_t kSlice = 1000;  // leads in one write

Status Clear(Database& database) {
  for (const auto& [first, end] : IndexRanges())
    RETURN_IF_ERROR(database.Clear(Table::kIndexes, first, end));
  for (const std::string& prefix : {CountPrefix(), RowTallyPrefix()})
    RETURN_IF_ERROR(database.Clear(Table::kMeta, prefix, PrefixEnd(prefix)));
  for (const Table table : {Table::kTexts, Table::kPostings})
    RETURN_IF_ERROR(database.Clear(table, PlainKey(""), PrefixEnd(PlainKey(""))));
  const auto cursor = database.Walk(Table::kFigures, PlainKey(""), PrefixEnd(PlainKey("")));
  Batch batch;
  for (; cursor->Valid(); cursor->Next()) {
    KeyReader reader(cursor->key());
    reader.Text();
    if (!Happens(static_cast<Figure::Event>(reader.Byte())))
      batch.Delete(Table::kFigures, cursor->key());
  }
  RETURN_IF_ERROR(cursor->status());
  return database.Write(batch, false);
}

}  // namespace

Status ReindexIfNeeded(Database& database, Counters& counters) {
  const std::string version_key = IndexVersionKey();
  ASSIGN_OR_RETURN(const auto version,
                   FindRecord<CountRecord>(database, Table::kMeta, version_key, "index version"));
  if (version && version->count == kIndexVersion) return Status::Ok();
  if (counters.leads > 0) {
    LogInfo("store: the indexes of " + std::to_string(counters.leads) + " leads are made again");
    RETURN_IF_ERROR(Clear(database));
    counters.last_text = 0;
    uint64_t done = 0;
    const auto cursor = database.Walk(Table::kLeads, PlainKey(""), PrefixEnd(PlainKey("")));
    while (cursor->Valid()) {
      Staging staging(database, counters);
      for (size_t i = 0; i < kSlice && cursor->Valid(); ++i, cursor->Next()) {
        ASSIGN_OR_RETURN(const Lead lead, DecodeRecord<Lead>(cursor->value(), "lead"));
        RETURN_IF_ERROR(staging.Index(std::string(cursor->key()), lead));
      }
      Batch batch;
      RETURN_IF_ERROR(staging.Fill(batch));
      RETURN_IF_ERROR(database.Write(batch, false));
      counters = staging.counters();
      const uint64_t tenth = std::max<uint64_t>(counters.leads / 10, 100 * kSlice);
      if (done / tenth < (done + kSlice) / tenth)
        LogInfo("store: the indexes of " + std::to_string(done + kSlice) + " leads are there");
      done += kSlice;
    }
    RETURN_IF_ERROR(cursor->status());
  }
  Batch batch;
  batch.Put(Table::kMeta, version_key, EncodeRecord(CountRecord{kIndexVersion}));
  batch.Put(Table::kMeta, CountersKey(), EncodeRecord(counters));
  return database.Write(batch, true);
}

}  // namespace cluehound::store
