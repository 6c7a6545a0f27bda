#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "store/record_codec.h"
#include "store/store_load.h"

namespace rocksdb {
class Env;
class Snapshot;
}  // namespace rocksdb

namespace cluehound::store {

// The column families; docs/store-format.md gives the keys and records of each. Their names are
// stored.
enum class Table : uint8_t {
  kAddresses,  // every known address
  kQueues,     // due addresses, queue by queue
  kFrontier,   // schedule of the queues, their records, blocks
  kPages,      // page states
  kListings,   // all listings of a page, compressed
  kLeads,
  kActivity,  // what every sighting of a lead changes
  kAliases,   // names of listings, and the listings
  kSightings,
  kEntries,  // what happened to a lead
  kRows,     // decisions on rows
  kSilences,
  kIndexes,
  kAudit,
  kLog,    // the Merkle tree over the audit log, its checkpoints and keys
  kSeals,  // what each lead's record must digest to
  kHolds,  // leads of which nothing may be erased
  kOutbox,
  kRuleSets,
  kRequests,
  kRobots,
  kPapers,       // clues, letters, notices, cases, registers
  kAttachments,  // files that came with papers, by their digest
  kFacts,        // what sellers and clusters know of a lead
  kSellers,      // sums over leads, and what people recorded of sellers
  kClusters,     // leads that may belong together
  kTexts,        // what leads are searched by
  kPostings,     // in which of them two characters stand
  kFigures,      // what happened on which day, counted
  kMeta,         // counters
};
inline constexpr size_t kTableCount = static_cast<size_t>(Table::kMeta) + 1;

class Database;

// Changes that are written whole or not at all.
class Batch {
 public:
  Batch();
  ~Batch();
  void Put(Table table, std::string_view key, std::string_view value);
  void Delete(Table table, std::string_view key);
  bool empty() const;

 private:
  friend class Database;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A view of the database as it was when it was taken.
using Snapshot = rocksdb::Snapshot;

// Walks the keys of one table in [lower, upper), in order. Not thread-safe; must not outlive the
// database.
class Cursor {
 public:
  ~Cursor();
  void Seek(std::string_view key);  // to the first key at or behind
  void Next();
  bool Valid() const;              // false at the end, and after a failure
  std::string_view key() const;    // until the cursor moves
  std::string_view value() const;  // until the cursor moves
  Status status() const;

 private:
  friend class Database;
  struct Impl;
  explicit Cursor(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct DatabaseOptions {
  std::string path;
  bool create = false;  // make it when it is not there
  bool read_only = false;
  rocksdb::Env* env = nullptr;  // null: the machine's. Must outlive the database.
};

// The one place where RocksDB is set up and asked. Thread-safe.
class Database {
 public:
  static Result<std::unique_ptr<Database>> Open(const DatabaseOptions& options);
  ~Database();

  Result<std::optional<std::string>> Get(Table table, std::string_view key,
                                         const Snapshot* snapshot = nullptr) const;
  // One answer per key, in their order.
  Result<std::vector<std::optional<std::string>>> MultiGet(
      Table table, std::span<const std::string> keys, const Snapshot* snapshot = nullptr) const;
  // `sync`: on the disk, with everything written before, when this returns. After a failed write
  // the next one first tries to bring the database back to work.
  Status Write(Batch& batch, bool sync);
  // Deletes the keys of a table in [lower, upper), however many, in a moment. Not as one change: a
  // crash may leave any of them, and a snapshot may miss some.
  Status Clear(Table table, std::string_view lower, std::string_view upper);
  // `upper` must be tight: a walk that runs over the end of its range runs over all deletions
  // behind it.
  std::unique_ptr<Cursor> Walk(Table table, std::string lower, std::string upper,
                               const Snapshot* snapshot = nullptr) const;

  struct SnapshotRelease {
    const Database* database;
    void operator()(const Snapshot* snapshot) const;
  };
  using SnapshotHandle = std::unique_ptr<const Snapshot, SnapshotRelease>;
  SnapshotHandle TakeSnapshot() const;

  // What recovery did at opening: log files replayed, and what was dropped of them.
  struct Recovery {
    size_t logs = 0;
    std::vector<std::string> dropped;
  };
  const Recovery& recovery() const;
  // Reads every block of every table file; kCorruption names the first file with a damaged one.
  Status VerifyChecksums() const;
  // A copy of the database as it is now, in a folder that must not be there: hard links where the
  // file system allows, else copies. Readers and writers go on meanwhile.
  Status CopyTo(const std::string& folder) const;
  // Bytes in block cache, write buffers and table readers.
  size_t MemoryInUse() const;
  // All but `waiting`.
  StoreLoad Load() const;
  // Merges a whole table, so that a bench measures it at rest.
  Status Compact(Table table);
  // Bytes on disk.
  uint64_t BytesOnDisk(Table table) const;

 private:
  friend class Batch;
  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A record of a table, decoded; nothing when there is none.
template <class T>
Result<std::optional<T>> FindRecord(const Database& database, Table table, const std::string& key,
                                    std::string_view what, const Snapshot* snapshot = nullptr) {
  ASSIGN_OR_RETURN(const auto bytes, database.Get(table, key, snapshot));
  if (!bytes) return std::optional<T>();
  ASSIGN_OR_RETURN(T record, DecodeRecord<T>(*bytes, what));
  return std::optional<T>(std::move(record));
}

}  // namespace cluehound::store
