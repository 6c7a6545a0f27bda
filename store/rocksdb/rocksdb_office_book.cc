#include "store/rocksdb/rocksdb_office_book.h"

#include "store/rocksdb/tables.h"

namespace cluehound::store {

Status RocksDbOfficeBook::Write(const std::vector<BookChange>& changes,
                                const std::vector<AuditEntry>& entries) {
  const std::lock_guard lock(mutex_);
  return write_([&](Ledger&, Staging& staging) -> Status {
    for (const BookChange& change : changes) {
      const std::string key = BookKey(change.kind, change.key);
      ASSIGN_OR_RETURN(const auto known, database_.Get(Table::kMeta, key));
      if (known != change.before)
        return Status::Conflict("it was changed by somebody else meanwhile");
      if (change.after) {
        staging.Put(Table::kMeta, key, *change.after);
      } else {
        staging.Delete(Table::kMeta, key);
      }
    }
    for (const AuditEntry& entry : entries) staging.Audit(entry);
    return Status::Ok();
  });
}

Result<std::optional<std::string>> RocksDbOfficeBook::Read(char kind, std::string_view key) {
  return database_.Get(Table::kMeta, BookKey(kind, key));
}

Result<std::vector<std::string>> RocksDbOfficeBook::ReadAll(char kind) {
  const std::string prefix = BookKey(kind, "");
  std::vector<std::string> all;
  const auto cursor = database_.Walk(Table::kMeta, prefix, PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) all.emplace_back(cursor->value());
  RETURN_IF_ERROR(cursor->status());
  return all;
}

}  // namespace cluehound::store
