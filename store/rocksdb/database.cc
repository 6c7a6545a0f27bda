#include "store/rocksdb/database.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/utilities/table_properties_collectors.h>
#include <rocksdb/write_batch.h>
#include <rocksdb/write_buffer_manager.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <map>
#include <vector>

#include "store/rocksdb/recovery_log.h"

namespace cluehound::store {
namespace {

// Together with what the frontier and the writer hold, the store stays below 256 MiB: the cache
// holds blocks, indexes and filters and is charged for the write buffers; beside it stand table
// handles, compaction and WAL buffers.
constexpr size_t kCacheBytes = 144u << 20;
constexpr size_t kWriteBufferBytes = 32u << 20;
// Replayed at start at about 100 MB/s, so this bounds the start; also how much log a rarely written
// table holds back.
constexpr uint64_t kMaxWalBytes = 64u << 20;
// Files of tables that stay open: five million leads have over a thousand, and to open one again for
// each key that is asked for takes longer than to find the key. A crawl needs its sockets, too.
constexpr rlim_t kFilesOfProcess = 4096;
constexpr int kMaxOpenFiles = 2048;
constexpr int kFewOpenFiles = 384;  // where a process may have no more than the usual 1024

// Raises what the process may open as far as it may itself.
int MaxOpenFiles() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kFewOpenFiles;
  if (limit.rlim_cur < kFilesOfProcess) {
    limit.rlim_cur = std::min(limit.rlim_max, kFilesOfProcess);
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur < kFilesOfProcess ? kFewOpenFiles : kMaxOpenFiles;
}

// What a table is like.
struct TableInfo {
  Table table;
  const char* name;
  size_t write_buffer;
  bool queue;       // keys are deleted in the order in which they are read
  bool compressed;  // by RocksDB; the listings come compressed, and digests do not shrink
};

constexpr size_t kLarge = 16u << 20;
constexpr size_t kSmall = 2u << 20;
constexpr TableInfo kTables[kTableCount] = {
    {Table::kAddresses, "addresses", kLarge, false, true},
    {Table::kQueues, "queues", kLarge, true, true},
    {Table::kFrontier, "frontier", kSmall, true, true},
    {Table::kPages, "pages", kLarge, false, true},
    {Table::kListings, "listings", kLarge, false, false},
    {Table::kLeads, "leads", kLarge, false, true},
    {Table::kActivity, "activity", kSmall, false, true},
    {Table::kAliases, "aliases", kSmall, false, true},
    {Table::kSightings, "sightings", kLarge, false, true},
    {Table::kEntries, "entries", kSmall, false, true},
    {Table::kRows, "rows", kSmall, false, true},
    {Table::kSilences, "silences", kSmall, false, true},
    {Table::kIndexes, "indexes", kLarge, false, true},
    {Table::kAudit, "audit", kSmall, false, true},
    {Table::kLog, "log", kSmall, false, false},
    {Table::kSeals, "seals", kSmall, false, false},
    {Table::kHolds, "holds", kSmall, false, true},
    {Table::kOutbox, "outbox", kSmall, true, true},
    {Table::kRuleSets, "rule_sets", kSmall, false, true},
    {Table::kRequests, "requests", kSmall, true, true},
    {Table::kRobots, "robots", kSmall, false, true},
    {Table::kPapers, "papers", kSmall, false, true},
    {Table::kAttachments, "attachments", kSmall, false, false},
    {Table::kFacts, "facts", kSmall, false, true},
    {Table::kSellers, "sellers", kLarge, false, true},
    {Table::kClusters, "clusters", kLarge, false, true},
    {Table::kTexts, "texts", kLarge, false, true},
    {Table::kPostings, "postings", kLarge, false, true},
    {Table::kFigures, "figures", kSmall, false, true},
    {Table::kMeta, "meta", kSmall, false, true},
};

size_t IndexOf(Table table) { return static_cast<size_t>(table); }

rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

Status FromRocksDb(const rocksdb::Status& status) {
  if (status.ok()) return Status::Ok();
  const std::string text = status.ToString();
  if (status.IsNotFound()) return Status::NotFound(text);
  if (status.IsCorruption()) return Status::Corruption(text);
  if (status.IsInvalidArgument()) return Status::InvalidArgument(text);
  return Status::Unavailable(text);
}

constexpr size_t kWalkedBlock = 8 << 10;
// Of tables that are asked for single keys, in no order: a block is read and unpacked for each.
constexpr size_t kAskedBlock = 2 << 10;

size_t BlockSizeOf(Table table) {
  switch (table) {
    case Table::kActivity:
    case Table::kTexts:
    case Table::kSeals:
    case Table::kFacts:
      return kAskedBlock;
    default:
      return kWalkedBlock;
  }
}

std::shared_ptr<rocksdb::TableFactory> BlockTables(const std::shared_ptr<rocksdb::Cache>& cache,
                                                   size_t block_size) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = block_size;
  table.format_version = 5;
  // 100 million addresses have 125 MB of filters: they live in the cache, in partitions, so that
  // only those of the hosts at work do.
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.pin_top_level_index_and_filter = true;
  return std::shared_ptr<rocksdb::TableFactory>(rocksdb::NewBlockBasedTableFactory(table));
}

rocksdb::ColumnFamilyOptions OptionsOf(const TableInfo& info,
                                       const std::shared_ptr<rocksdb::TableFactory>& tables) {
  rocksdb::ColumnFamilyOptions options;
  options.table_factory = tables;
  options.write_buffer_size = info.write_buffer;
  options.max_write_buffer_number = 3;
  // Write buffers are small, for there are many tables: a first level that is not much larger than what they bring is not
  // rewritten whole for each of them.
  options.max_bytes_for_level_base = 64u << 20;
  options.target_file_size_base = 32u << 20;
  options.level_compaction_dynamic_level_bytes = true;
  options.compression = info.compressed ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
  // To unpack a small block with zstd takes several times what it takes to find it.
  const bool dense = info.compressed && BlockSizeOf(info.table) == kWalkedBlock;
  if (dense) options.bottommost_compression = rocksdb::kZSTD;
  options.bottommost_compression_opts.enabled = true;
  options.bottommost_compression_opts.level = 1;
  if (info.table == Table::kTexts) {
    options.optimize_filters_for_hits = true;  // asked only for numbers that postings know
  } else if (!info.queue) {
    // Mostly asked for what they do not hold: a filter before the write buffers, too.
    options.memtable_whole_key_filtering = true;
    options.memtable_prefix_bloom_size_ratio = 0.02;
  }
  if (info.queue) {
    // A walk over a queue's head meets every deletion that compaction has not yet dropped: have it
    // drop them early.
    options.table_properties_collector_factories.push_back(
        rocksdb::NewCompactOnDeletionCollectorFactory(8192, 4096));
  }
  if (info.table ==
      Table::kListings) {  // some kilobytes each, replaced with every reading: not worth moving
                           // from level to level
    options.enable_blob_files = true;
    options.min_blob_size = 1 << 10;
    options.enable_blob_garbage_collection = true;
  }
  return options;
}

rocksdb::DBOptions DbOptions(const DatabaseOptions& wanted, const std::shared_ptr<RecoveryLog>& log,
                             const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::DBOptions options;
  if (wanted.env != nullptr) options.env = wanted.env;
  options.create_if_missing = wanted.create;
  options.create_missing_column_families = !wanted.read_only;
  options.info_log = log;
  options.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(kWriteBufferBytes, cache);
  options.max_total_wal_size = kMaxWalBytes;
  options.max_open_files = MaxOpenFiles();
  options.max_background_jobs = 2;
  options.bytes_per_sync = 1 << 20;
  options.max_manifest_file_size = 16u << 20;
  // After a failure the next write tries to resume, and reports if it cannot.
  options.max_bgerror_resume_count = 0;
  options.skip_stats_update_on_db_open = true;  // it reads every file
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  // Stops at the first damaged record: behind a power cut that is the unsynced tail, and the
  // recovery log says what was dropped. (The strict mode would refuse to open a log whose unsynced
  // pages reached the disk out of order.)
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // Traps of 7.8: these stay off. The first gives false alarms with SyncWAL, the second replays
  // stale records, the third loses its buffer with the process.
  options.track_and_verify_wals_in_manifest = false;
  options.recycle_log_file_num = 0;
  options.manual_wal_flush = false;
  return options;
}

}  // namespace

// ---- Cursor

struct Cursor::Impl {
  std::string lower;
  std::string upper;
  rocksdb::Slice lower_slice;
  rocksdb::Slice upper_slice;
  std::unique_ptr<rocksdb::Iterator> iterator;
};

Cursor::Cursor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Cursor::~Cursor() = default;
void Cursor::Seek(std::string_view key) { impl_->iterator->Seek(ToSlice(key)); }
void Cursor::Next() { impl_->iterator->Next(); }
bool Cursor::Valid() const { return impl_->iterator->Valid(); }
std::string_view Cursor::key() const { return ToView(impl_->iterator->key()); }
std::string_view Cursor::value() const { return ToView(impl_->iterator->value()); }
Status Cursor::status() const { return FromRocksDb(impl_->iterator->status()); }

// ---- Database

struct Database::Impl {
  std::shared_ptr<RecoveryLog> log;
  std::shared_ptr<rocksdb::Cache> cache;
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, kTableCount> tables{};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  Recovery recovery;
  bool read_only = false;
  std::atomic<bool> failed = false;  // the last write failed

  rocksdb::ColumnFamilyHandle* of(Table table) const { return tables[IndexOf(table)]; }

  ~Impl() {
    // What lies in table files is under block checksums that a later reading checks, so that damage
    // is found where it is; a damaged log would only end early.
    if (db && !read_only) {
      db->Flush({}, handles).PermitUncheckedError();
    }
    for (rocksdb::ColumnFamilyHandle* handle : handles) {
      if (db) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    }
    if (db) db->Close().PermitUncheckedError();
  }
};

struct Batch::Impl {
  struct Change {
    Table table;
    bool put;
    size_t begin;  // of the key in `bytes`; the value stands behind it
    size_t key;
    size_t value;
  };

  std::string bytes;
  std::vector<Change> changes;

  std::string_view key(const Change& change) const {
    return std::string_view(bytes).substr(change.begin, change.key);
  }
  void Add(Table table, bool put, std::string_view key, std::string_view value) {
    changes.push_back({table, put, bytes.size(), key.size(), value.size()});
    bytes.append(key).append(value);
  }
  // In the order of tables and keys: the write buffers take neighbours several times as fast as keys
  // in no order.
  Result<rocksdb::WriteBatch> Sorted(const Database::Impl& database);
};

Result<rocksdb::WriteBatch> Batch::Impl::Sorted(const Database::Impl& database) {
  std::stable_sort(changes.begin(), changes.end(), [this](const Change& a, const Change& b) {
    return a.table != b.table ? a.table < b.table : key(a) < key(b);
  });
  rocksdb::WriteBatch batch(bytes.size() + 16 * changes.size());
  for (const Change& change : changes) {
    rocksdb::ColumnFamilyHandle* table = database.of(change.table);
    const rocksdb::Slice value(bytes.data() + change.begin + change.key, change.value);
    const rocksdb::Status added = change.put ? batch.Put(table, ToSlice(key(change)), value)
                                             : batch.Delete(table, ToSlice(key(change)));
    if (!added.ok()) return FromRocksDb(added);
  }
  return batch;
}

Batch::Batch() : impl_(new Impl()) {}
Batch::~Batch() = default;

void Batch::Put(Table table, std::string_view key, std::string_view value) {
  impl_->Add(table, true, key, value);
}

void Batch::Delete(Table table, std::string_view key) { impl_->Add(table, false, key, {}); }

bool Batch::empty() const { return impl_->changes.empty(); }

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::Open(const DatabaseOptions& options) {
  auto impl = std::make_unique<Impl>();
  rocksdb::Env* env = options.env != nullptr ? options.env : rocksdb::Env::Default();
  impl->log = std::make_shared<RecoveryLog>(env, options.path, options.read_only);
  rocksdb::LRUCacheOptions cache;
  cache.capacity = kCacheBytes;
  cache.high_pri_pool_ratio = 0.4;
  impl->cache = rocksdb::NewLRUCache(cache);
  const auto walked = BlockTables(impl->cache, kWalkedBlock);
  const auto asked = BlockTables(impl->cache, kAskedBlock);
  std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, OptionsOf(kTables[IndexOf(Table::kMeta)], walked)}};
  for (const TableInfo& info : kTables) {
    const auto& tables = BlockSizeOf(info.table) == kAskedBlock ? asked : walked;
    families.push_back({info.name, OptionsOf(info, tables)});
  }
  const rocksdb::DBOptions db_options = DbOptions(options, impl->log, impl->cache);
  // Who asks comes before what only makes later asking faster.
  env->LowerThreadPoolCPUPriority(rocksdb::Env::Priority::LOW, rocksdb::CpuPriority::kLow)
      .PermitUncheckedError();
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      options.read_only
          ? rocksdb::DB::OpenForReadOnly(db_options, options.path, families, &impl->handles, &db)
          : rocksdb::DB::Open(db_options, options.path, families, &impl->handles, &db);
  if (!opened.ok()) return FromRocksDb(opened);
  impl->db.reset(db);
  impl->read_only = options.read_only;
  for (size_t i = 0; i < kTableCount; ++i) impl->tables[i] = impl->handles[i + 1];
  RecoveryLog::Recovery recovery = impl->log->TakeRecovery();
  impl->recovery = {recovery.logs, std::move(recovery.dropped)};
  return std::unique_ptr<Database>(new Database(std::move(impl)));
}

Result<std::optional<std::string>> Database::Get(Table table, std::string_view key,
                                                 const Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::string value;
  const rocksdb::Status status = impl_->db->Get(options, impl_->of(table), ToSlice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return FromRocksDb(status);
  return std::optional<std::string>(std::move(value));
}

Result<std::vector<std::optional<std::string>>> Database::MultiGet(
    Table table, std::span<const std::string> keys, const Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  impl_->db->MultiGet(options, impl_->of(table), keys.size(), slices.data(), values.data(),
                      statuses.data());
  std::vector<std::optional<std::string>> answers(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return FromRocksDb(statuses[i]);
    answers[i] = values[i].ToString();
  }
  return answers;
}

Status Database::Write(Batch& batch, bool sync) {
  ASSIGN_OR_RETURN(rocksdb::WriteBatch changes, batch.impl_->Sorted(*impl_));
  if (impl_->failed) {
    // Busy: the disk was full, and RocksDB watches for room by itself.
    const rocksdb::Status resumed = impl_->db->Resume();
    if (!resumed.ok() && !resumed.IsBusy())
      return FromRocksDb(resumed).Within(
          "nothing can be written since a write failed, until the store is opened again");
    impl_->failed = false;
  }
  rocksdb::WriteOptions options;
  options.sync = sync;
  const rocksdb::Status written = impl_->db->Write(options, &changes);
  if (!written.ok()) impl_->failed = true;
  return FromRocksDb(written);
}

Status Database::Clear(Table table, std::string_view lower, std::string_view upper) {
  const rocksdb::Slice first = ToSlice(lower), end = ToSlice(upper);
  rocksdb::ColumnFamilyHandle* const family = impl_->of(table);
  // Whole files go first: their space is there at once, and nothing has to be merged away.
  rocksdb::Status status =
      rocksdb::DeleteFilesInRange(impl_->db.get(), family, &first, &end, false);
  if (status.ok()) status = impl_->db->DeleteRange({}, family, first, end);
  // In a write buffer such a deletion slows each read of the table.
  if (status.ok()) status = impl_->db->Flush({}, family);
  return FromRocksDb(status);
}

std::unique_ptr<Cursor> Database::Walk(Table table, std::string lower, std::string upper,
                                       const Snapshot* snapshot) const {
  auto cursor = std::make_unique<Cursor::Impl>();
  cursor->lower = std::move(lower);
  cursor->upper = std::move(upper);
  cursor->lower_slice = cursor->lower;
  cursor->upper_slice = cursor->upper;
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.iterate_lower_bound = &cursor->lower_slice;
  options.iterate_upper_bound = &cursor->upper_slice;
  cursor->iterator.reset(impl_->db->NewIterator(options, impl_->of(table)));
  cursor->iterator->Seek(cursor->lower_slice);
  return std::unique_ptr<Cursor>(new Cursor(std::move(cursor)));
}

void Database::SnapshotRelease::operator()(const Snapshot* snapshot) const {
  database->impl_->db->ReleaseSnapshot(snapshot);
}

Database::SnapshotHandle Database::TakeSnapshot() const {
  return SnapshotHandle(impl_->db->GetSnapshot(), {this});
}

const Database::Recovery& Database::recovery() const { return impl_->recovery; }

Status Database::VerifyChecksums() const { return FromRocksDb(impl_->db->VerifyChecksum()); }

Status Database::CopyTo(const std::string& folder) const {
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(impl_->db.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  // 0: everything is flushed first. A log that was linked into the copy would not be synced there.
  if (status.ok()) status = checkpoint->CreateCheckpoint(folder, 0);
  return FromRocksDb(status).Within("snapshot");
}

size_t Database::MemoryInUse() const {
  uint64_t readers = 0;
  impl_->db->GetAggregatedIntProperty(rocksdb::DB::Properties::kEstimateTableReadersMem, &readers);
  return impl_->cache->GetUsage() + static_cast<size_t>(readers);
}

StoreLoad Database::Load() const {
  using Properties = rocksdb::DB::Properties;
  StoreLoad load;
  const auto whole = [&](const std::string& property) {
    uint64_t value = 0;
    impl_->db->GetAggregatedIntProperty(property, &value);
    return value;
  };
  uint64_t stopped = 0;
  impl_->db->GetIntProperty(Properties::kIsWriteStopped, &stopped);
  impl_->db->GetIntProperty(Properties::kActualDelayedWriteRate, &load.delayed_bytes_second);
  load.stopped = stopped != 0;
  load.compaction_bytes = whole(Properties::kEstimatePendingCompactionBytes);
  load.memory_bytes = MemoryInUse();
  for (size_t i = 0; i < kTableCount; ++i) {
    const Table table = static_cast<Table>(i);
    load.disk_bytes += BytesOnDisk(table);
    std::map<std::string, std::string> figures;
    impl_->db->GetMapProperty(impl_->of(table), Properties::kCFStats, &figures);
    for (const char* name : {"io_stalls.total_stop", "io_stalls.total_slowdown"}) {
      load.stalls += std::strtoull(figures[name].c_str(), nullptr, 10);
    }
  }
  return load;
}

Status Database::Compact(Table table) {
  return FromRocksDb(impl_->db->CompactRange({}, impl_->of(table), nullptr, nullptr));
}

uint64_t Database::BytesOnDisk(Table table) const {
  uint64_t bytes = 0;
  uint64_t blobs = 0;
  impl_->db->GetIntProperty(impl_->of(table), rocksdb::DB::Properties::kTotalSstFilesSize, &bytes);
  impl_->db->GetIntProperty(impl_->of(table), rocksdb::DB::Properties::kTotalBlobFileSize, &blobs);
  return bytes + blobs;
}

}  // namespace cluehound::store
