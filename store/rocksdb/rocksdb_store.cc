#include "store/rocksdb/rocksdb_store.h"

#include <algorithm>
#include <map>

#include "base/log.h"
#include "store/hasten.h"
#include "store/listing_blob.h"
#include "store/record_fields.h"
#include "store/rocksdb/folder.h"
#include "store/rocksdb/lead_lists.h"
#include "store/rocksdb/lead_query.h"
#include "store/rocksdb/papers.h"
#include "store/rocksdb/reindex.h"
#include "store/rocksdb/rocksdb_campaigns.h"
#include "store/rocksdb/rocksdb_figures.h"
#include "store/rocksdb/rocksdb_office_book.h"
#include "store/rocksdb/rocksdb_sellers.h"
#include "store/rocksdb/rocksdb_sources.h"
#include "store/rocksdb/stored_log.h"
#include "store/rocksdb/stored_retention.h"
#include "store/rocksdb/tables.h"
#include "store/rule_set_prefix.h"
#include "store/silence.h"

namespace cluehound::store {
namespace {

constexpr size_t kComeBackSlice = 500;  // leads in one write
constexpr size_t kMoveSlice = 2000;     // addresses moved in one write

class RocksDbStore final : public Store {
 public:
  static Result<std::unique_ptr<Store>> Open(const StoreOptions& options, rocksdb::Env* env) {
    ASSIGN_OR_RETURN(auto folder, Folder::Open(options.path, options.read_only));
    // Before the first new record: a program that knows the old format only must not touch it.
    if (folder->is_older()) RETURN_IF_ERROR(folder->Finish());
    auto database =
        Database::Open({folder->database_path(), folder->is_new(), options.read_only, env});
    if (!database.ok()) return database.status().Within("open the store at " + options.path);
    if (folder->is_new()) RETURN_IF_ERROR(folder->Finish());
    std::unique_ptr<RocksDbStore> store(
        new RocksDbStore(options, std::move(folder), *std::move(database)));
    const Status started = store->Start();
    if (!started.ok()) return started.Within("open the store at " + options.path);
    return std::unique_ptr<Store>(std::move(store));
  }

  ~RocksDbStore() override {
    if (writer_) log_.Sign().status().IgnoreError("the next opening signs");
  }

  // ---- frontier

  Status AddSeeds(const std::vector<Discovery>& seeds) override {
    std::vector<std::string> urls;
    for (const Discovery& seed : seeds) urls.push_back(seed.url);
    return Write([&](Ledger& ledger, Staging& staging) -> Status {
      RETURN_IF_ERROR(staging.Preload({}, urls));
      return ledger.AddSeeds(seeds, clock_.Now());
    });
  }

  void BoundAddresses(std::string_view source, uint64_t per_authority) override {
    frontier_.Bound(source, per_authority);
  }

  Result<std::vector<Lease>> Claim(const ClaimRequest& request) override {
    RETURN_IF_ERROR(CheckWritable());
    ASSIGN_OR_RETURN(std::vector<Lease> leases, frontier_.Claim(request));
    if (frontier_.HasUpkeep()) writer_->Nudge(false);
    std::vector<std::string> keys;
    for (const Lease& lease : leases) keys.push_back(AddressKey(lease.address.url));
    const auto pages = database_->MultiGet(Table::kPages, keys);
    Status status = pages.status();
    for (size_t i = 0; i < leases.size() && status.ok(); ++i) {
      if (!(*pages)[i]) continue;
      auto page = DecodeRecord<PageState>(*(*pages)[i], leases[i].address.url);
      status = page.status();
      if (status.ok()) leases[i].page = *std::move(page);
    }
    if (status.ok()) return leases;
    frontier_.Release(leases);
    return status;
  }

  void Release(const std::vector<Lease>& leases) override { frontier_.Release(leases); }

  Status BlockAuthority(std::string_view authority, Instant until) override {
    RETURN_IF_ERROR(CheckWritable());
    frontier_.Block(authority, until);
    writer_->Nudge(true);
    return Status::Ok();
  }

  Result<std::optional<Instant>> NextDue(const std::vector<std::string>& sources) override {
    return frontier_.NextDue(sources, clock_.Now());
  }

  Result<std::optional<Instant>> OldestDue(const std::string& source) override {
    return frontier_.OldestDue(source, clock_.Now());
  }

  Status VisitNow(const std::vector<Discovery>& pages) override {
    return Write([&](Ledger& ledger, Staging&) { return ledger.VisitNow(pages, clock_.Now()); });
  }

  Status MakeDue(std::string_view source) override {
    const Instant now = clock_.Now();
    return MoveDue(source, now, Instant::max(), [&](const Reschedule&) { return now; });
  }

  Status Hasten(std::string_view source, double factor, Duration within, Duration until) override {
    const Instant now = clock_.Now();
    return MoveDue(source, now + within, now + until, [&](const Reschedule& change) {
      return HastenedDue(*change.before->due, change.before->depth, now, factor);
    });
  }

  Result<std::optional<RobotsRecord>> FindRobots(std::string_view authority) override {
    const std::string key = RobotsKey(authority);
    if (writer_) {
      if (const auto soon = writer_->FindSoon(Table::kRobots, key)) {
        ASSIGN_OR_RETURN(RobotsRecord record, DecodeRecord<RobotsRecord>(*soon, "robots"));
        return std::optional<RobotsRecord>(std::move(record));
      }
    }
    return FindRecord<RobotsRecord>(*database_, Table::kRobots, key, "robots");
  }

  Status PutRobots(std::string_view authority, const RobotsRecord& record) override {
    RETURN_IF_ERROR(CheckWritable());
    writer_->PutSoon(Table::kRobots, RobotsKey(authority), EncodeRecord(record));
    return Status::Ok();
  }

  // ---- pages

  void CommitPages(std::vector<PageCommit> pages, CommitDone done) override {
    if (!writer_) {
      CommitReceipt denied;
      denied.status = CheckWritable();
      if (done) done(std::vector<CommitReceipt>(pages.size(), denied));
      return;
    }
    std::vector<PreparedPage> prepared;
    prepared.reserve(pages.size());
    for (PageCommit& page : pages) prepared.push_back(Prepare(std::move(page)));
    writer_->Commit(std::move(prepared), std::move(done));
  }

  void Flush() override {
    if (!writer_) return;
    writer_->Run([](Ledger&, Staging&) { return Status::Ok(); })
        .IgnoreError("each commit has its own receipt");
  }

  Result<evidence::CaptureRef> LastCapture() override {
    ASSIGN_OR_RETURN(const Counters counters, ReadCounters());
    return counters.last_capture;
  }

  Result<std::optional<PageState>> FindPage(std::string_view url) override {
    return FindRecord<PageState>(*database_, Table::kPages, AddressKey(url), url);
  }

  Result<std::vector<extractors::Listing>> PageListings(std::string_view url) override {
    ASSIGN_OR_RETURN(const auto bytes, database_->Get(Table::kListings, AddressKey(url)));
    if (!bytes) return std::vector<extractors::Listing>();
    return UnpackListings(*bytes);
  }

  Result<std::vector<StalePage>> PagesMatchedOtherwise(std::string_view rule_set,
                                                       std::string_view after_url,
                                                       size_t max) override;

  // ---- leads

  Result<Lead> FindLead(std::string_view id, const Scope& scope) override {
    return query_.Find(id, scope);
  }
  Result<std::vector<Sighting>> Sightings(std::string_view lead_id, size_t max) override {
    return query_.Sightings(lead_id, max);
  }
  Result<LeadPage> QueryLeads(const LeadFilter& filter, const Scope& scope, std::string_view after,
                              size_t max) override {
    return lists_.Leads(filter, scope, after, max);
  }
  Result<RowPage> QueryRows(const LeadFilter& filter, const Scope& scope, std::string_view after,
                            size_t max) override {
    return lists_.Rows(filter, scope, after, max);
  }
  Result<LeadCount> CountLeads(const LeadFilter& filter, const Scope& scope) override {
    return lists_.Count(filter, scope);
  }

  Result<std::vector<Lead>> DecideAll(const std::vector<Decision>& decisions, const Scope& scope,
                                      std::string_view row) override {
    std::vector<Lead> leads;
    RETURN_IF_ERROR(Write([&](Ledger& ledger, Staging&) -> Status {
      ASSIGN_OR_RETURN(leads, ledger.Decide(decisions, scope, row));
      return Status::Ok();
    }));
    return leads;
  }

  Result<uint32_t> ReturnDue(Instant now) override {
    uint32_t count = 0;
    ASSIGN_OR_RETURN(const auto silences, query_.Silences());
    for (const Silence& silence : silences) {
      if (silence.live == 0 || InForce(silence, now)) continue;
      while (true) {
        ASSIGN_OR_RETURN(const auto leads, query_.Silenced(silence.number, kComeBackSlice));
        if (leads.empty()) break;
        RETURN_IF_ERROR(Write([&](Ledger& ledger, Staging&) -> Status {
          ASSIGN_OR_RETURN(const uint32_t some, ledger.LetGo(silence.number, leads, now));
          count += some;
          return Status::Ok();
        }));
      }
    }
    while (true) {
      ASSIGN_OR_RETURN(const auto leads, query_.ComeBack(now, kComeBackSlice));
      if (leads.empty()) return count;
      RETURN_IF_ERROR(Write([&](Ledger& ledger, Staging&) -> Status {
        ASSIGN_OR_RETURN(const uint32_t some, ledger.ReturnDeferred(leads, now));
        count += some;
        return Status::Ok();
      }));
    }
  }

  Result<Silence> AddSilence(const Silence& silence) override {
    Silence made;
    RETURN_IF_ERROR(Write([&](Ledger& ledger, Staging&) -> Status {
      ASSIGN_OR_RETURN(made, ledger.AddSilence(silence));
      return Status::Ok();
    }));
    return made;
  }
  Result<Silence> EndSilence(uint64_t number, const Actor& actor, Instant at) override {
    Silence ended;
    RETURN_IF_ERROR(Write([&](Ledger& ledger, Staging&) -> Status {
      ASSIGN_OR_RETURN(ended, ledger.EndSilence(number, actor, at));
      return Status::Ok();
    }));
    return ended;
  }
  Result<std::vector<Silence>> Silences() override { return query_.Silences(); }

  Result<std::vector<LeadEntry>> Entries(std::string_view lead_id, size_t max) override {
    return query_.Entries(lead_id, max);
  }

  SellerLedger& sellers() override { return sellers_; }
  SourceLedger& sources() override { return sources_; }
  OfficeBook& office_book() override { return office_book_; }

  // ---- rule sets and requests

  Status PutRuleSet(std::string_view hash, std::string_view bytes, const Actor& actor,
                    Instant at) override {
    return Write([&](Ledger&, Staging& staging) -> Status {
      const std::string key = PlainKey(hash);
      ASSIGN_OR_RETURN(const auto known, database_->Get(Table::kRuleSets, key));
      if (known) return Status::Ok();
      staging.Put(Table::kRuleSets, key, std::string(bytes));
      staging.Audit({0, at, actor, "rules.import", std::string(hash), "", "", ""});
      return Status::Ok();
    });
  }

  Result<std::string> FindRuleSet(std::string_view hash) override {
    ASSIGN_OR_RETURN(auto bytes, database_->Get(Table::kRuleSets, PlainKey(hash)));
    if (!bytes) return Status::NotFound("no rule set " + std::string(hash));
    return *std::move(bytes);
  }

  Result<std::string> RuleSetHash(std::string_view prefix) override {
    RETURN_IF_ERROR(CheckHashPrefix(prefix));
    const std::string first = PlainKey(prefix);
    std::string found;
    const auto cursor = database_->Walk(Table::kRuleSets, first, PrefixEnd(first));
    for (; cursor->Valid(); cursor->Next()) {
      if (!found.empty()) return SeveralRuleSets(prefix);
      found = cursor->key().substr(first.size() - prefix.size());
    }
    RETURN_IF_ERROR(cursor->status());
    if (found.empty()) return Status::NotFound("no rule set " + std::string(prefix));
    return found;
  }

  Status PublishRuleSet(std::string_view hash, const Actor& actor, Instant at,
                        std::string_view note) override {
    return Write([&](Ledger&, Staging& staging) -> Status {
      ASSIGN_OR_RETURN(const auto known, database_->Get(Table::kRuleSets, PlainKey(hash)));
      if (!known) return Status::NotFound("no rule set " + std::string(hash));
      ASSIGN_OR_RETURN(const auto before, RuleSetPublications(1));
      const uint64_t number = ++staging.counters().last_publication;
      const RuleSetPublication publication{number, std::string(hash), at, actor, std::string(note)};
      staging.Put(Table::kMeta, PublicationKey(number), EncodeRecord(publication));
      staging.Audit({0, at, actor, "rules.publish", std::string(hash),
                     before.empty() ? "" : before[0].hash, std::string(hash), std::string(note)});
      return Status::Ok();
    });
  }

  Result<std::vector<RuleSetPublication>> RuleSetPublications(size_t max) override {
    std::vector<RuleSetPublication> publications;
    const std::string prefix = PublicationPrefix();
    const auto cursor = database_->Walk(Table::kMeta, prefix, PrefixEnd(prefix));
    for (; cursor->Valid() && publications.size() < max; cursor->Next()) {
      ASSIGN_OR_RETURN(RuleSetPublication publication,
                       DecodeRecord<RuleSetPublication>(cursor->value(), "publication"));
      publications.push_back(std::move(publication));
    }
    RETURN_IF_ERROR(cursor->status());
    return publications;
  }

  Result<uint64_t> EnqueueRequest(const RoleRequest& request) override {
    RoleRequest numbered = request;
    RETURN_IF_ERROR(Write([&](Ledger&, Staging& staging) {
      numbered.number = ++staging.counters().last_request;
      staging.requests().Put(NumberKey(numbered.number), numbered);
      staging.Audit(AuditOf(numbered));
      return Status::Ok();
    }));
    return numbered.number;
  }

  Result<std::vector<RoleRequest>> PendingRequests(std::string_view role, size_t max) override {
    std::vector<RoleRequest> pending;
    const auto cursor = database_->Walk(Table::kRequests, NumberKey(0), PrefixEnd(PlainKey("")));
    for (; cursor->Valid() && pending.size() < max; cursor->Next()) {
      ASSIGN_OR_RETURN(RoleRequest request, DecodeRecord<RoleRequest>(cursor->value(), "request"));
      if (request.role == role) pending.push_back(std::move(request));
    }
    RETURN_IF_ERROR(cursor->status());
    return pending;
  }

  Status FinishRequest(uint64_t number) override {
    return Write([&](Ledger&, Staging& staging) -> Status {
      ASSIGN_OR_RETURN(const auto known, staging.requests().Find(NumberKey(number)));
      if (!known) return Status::NotFound("no pending request " + std::to_string(number));
      staging.requests().Put(NumberKey(number), std::nullopt);
      return Status::Ok();
    });
  }

  PaperLedger& papers() override { return papers_; }

  // ---- audit and figures

  Result<std::vector<AuditEntry>> Audit(uint64_t after_number, size_t max) override {
    std::vector<AuditEntry> entries;
    if (after_number == UINT64_MAX) return entries;
    const auto cursor =
        database_->Walk(Table::kAudit, NumberKey(after_number + 1), PrefixEnd(PlainKey("")));
    for (; cursor->Valid() && entries.size() < max; cursor->Next()) {
      ASSIGN_OR_RETURN(AuditEntry entry, DecodeRecord<AuditEntry>(cursor->value(), "audit entry"));
      entries.push_back(std::move(entry));
    }
    RETURN_IF_ERROR(cursor->status());
    return entries;
  }

  AuditLog& log() override { return log_; }
  Retention& retention() override { return retention_; }
  Result<std::string> MakeCopy() override {
    RETURN_IF_ERROR(CheckWritable());
    return folder_->MakeCopy([this](const std::string& path) { return database_->CopyTo(path); });
  }
  Status DropCopy(const std::string& path) override { return folder_->DropCopy(path); }

  Result<StoreStats> Stats() override {
    ASSIGN_OR_RETURN(const Counters counters, ReadCounters());
    return StoreStats{counters.addresses, counters.pages,     counters.listings,
                      counters.leads,     counters.sightings, counters.silenced};
  }

  Result<StoreLoad> Load() override {
    StoreLoad load = database_->Load();
    if (writer_) load.waiting = writer_->waiting();
    return load;
  }

  Figures& figures() override { return figures_; }
  CampaignLedger& campaigns() override { return campaigns_; }

 private:
  // Gives what is due later than `after`, and by `until`, the times of `due`, in slices.
  Status MoveDue(std::string_view source, Instant after, Instant until,
                 const std::function<Instant(const Reschedule&)>& due) {
    std::string position;
    do {
      RETURN_IF_ERROR(Write([&](Ledger&, Staging& staging) -> Status {
        ASSIGN_OR_RETURN(auto later, frontier_.Later(source, after, until, kMoveSlice, position));
        for (Reschedule& change : later) {
          // One that this very batch moves is where the batch puts it.
          if (staging.PeekAddress(change.url) != nullptr) continue;
          change.after.due = due(change);
          staging.Change(std::move(change));
        }
        return Status::Ok();
      }));
    } while (!position.empty());
    return Status::Ok();
  }

  RocksDbStore(const StoreOptions& options, std::unique_ptr<Folder> folder,
               std::unique_ptr<Database> database)
      : path_(options.path),
        captures_(options.captures),
        clock_(*options.clock),
        read_only_(options.read_only),
        folder_(std::move(folder)),
        database_(std::move(database)),
        frontier_(*database_),
        query_(*database_),
        lists_(*database_, query_),
        figures_(*database_),
        papers_(*database_, [this](auto stage) { return Write(std::move(stage)); }),
        office_book_(*database_, [this](auto stage) { return Write(std::move(stage)); }),
        sellers_(*database_, correlations_, [this](auto stage) { return Write(std::move(stage)); }),
        sources_(*database_, [this](auto stage) { return Write(std::move(stage)); }),
        campaigns_(*database_, [this](auto stage) { return Write(std::move(stage)); }),
        log_(*database_, options.path, clock_),
        retention_(*database_) {}

  Status Start() {
    LogRecovery();
    RETURN_IF_ERROR(sellers_.Start());
    ASSIGN_OR_RETURN(Counters counters, ReadCounters());
    if (read_only_) return frontier_.Start(0);
    ++counters.open_epoch;
    Batch batch;
    batch.Put(Table::kMeta, CountersKey(), EncodeRecord(counters));
    RETURN_IF_ERROR(database_->Write(batch, true));
    RETURN_IF_ERROR(AdoptLog(*database_, counters));
    RETURN_IF_ERROR(frontier_.Start(counters.open_epoch));
    RETURN_IF_ERROR(ReindexIfNeeded(*database_, counters));
    writer_ = std::make_unique<Writer>(*database_, frontier_,
                                       Writer::Options{captures_, counters, &correlations_});
    RETURN_IF_ERROR(writer_->DrainOutbox());
    RETURN_IF_ERROR(sellers_.SendAllFacts(counters));
    retention_.Start(*writer_);
    return log_.Start(*writer_);
  }

  void LogRecovery() const {
    const Database::Recovery& recovery = database_->recovery();
    for (const std::string& line : recovery.dropped)
      LogWarning("store " + path_ + ": recovery: " + line);
    if (!folder_->was_left_open()) return;
    LogInfo("store " + path_ + ": it was not closed the last time; " +
            std::to_string(recovery.logs) + " log files were replayed");
  }

  Result<Counters> ReadCounters() const {
    if (writer_) return writer_->counters();
    ASSIGN_OR_RETURN(const auto counters,
                     FindRecord<Counters>(*database_, Table::kMeta, CountersKey(), "counters"));
    return counters.value_or(Counters());
  }

  Status CheckWritable() const {
    return read_only_ ? Status::Denied("the store at " + path_ + " is open for reading only")
                      : Status::Ok();
  }

  Status Write(std::function<Status(Ledger&, Staging&)> stage) {
    RETURN_IF_ERROR(CheckWritable());
    return writer_->Run(std::move(stage));
  }

  const std::string path_;
  evidence::CaptureSink* const captures_;
  const Clock& clock_;
  const bool read_only_;
  std::unique_ptr<Folder> folder_;
  std::unique_ptr<Database> database_;
  Frontier frontier_;
  LeadQuery query_;
  LeadLists lists_;
  RocksDbFigures figures_;
  Papers papers_;
  RocksDbOfficeBook office_book_;
  CorrelationsInForce correlations_;
  RocksDbSellers sellers_;
  RocksDbSources sources_;
  RocksDbCampaigns campaigns_;
  StoredLog log_;
  StoredRetention retention_;
  std::unique_ptr<Writer> writer_;  // null: read only. Last: it ends before what it writes to.
};

// The pages of several rule sets, merged by address.
Result<std::vector<Store::StalePage>> RocksDbStore::PagesMatchedOtherwise(
    std::string_view rule_set, std::string_view after_url, size_t max) {
  const auto snapshot = database_->TakeSnapshot();
  std::multimap<std::string, std::pair<std::unique_ptr<Cursor>, size_t>>
      heads;  // by address; size of the prefix
  const std::string counts = RuleSetCountPrefix();
  const auto sets = database_->Walk(Table::kMeta, counts, PrefixEnd(counts), snapshot.get());
  for (; sets->Valid(); sets->Next()) {
    const std::string_view other = sets->key().substr(counts.size());
    if (other == rule_set) continue;
    const std::string prefix = StalePagePrefix(other);
    const std::string begin = after_url.empty() ? prefix : prefix + std::string(after_url) + '\0';
    auto cursor = database_->Walk(Table::kIndexes, begin, PrefixEnd(prefix), snapshot.get());
    RETURN_IF_ERROR(cursor->status());
    if (!cursor->Valid()) continue;
    std::string url(cursor->key().substr(prefix.size()));
    heads.emplace(std::move(url), std::make_pair(std::move(cursor), prefix.size()));
  }
  RETURN_IF_ERROR(sets->status());
  std::vector<StalePage> stale;
  while (!heads.empty() && stale.size() < max) {
    auto head = heads.extract(heads.begin());
    const std::string url = head.key();
    auto& [cursor, prefix_size] = head.mapped();
    cursor->Next();
    RETURN_IF_ERROR(cursor->status());
    ASSIGN_OR_RETURN(const auto state, FindRecord<PageState>(*database_, Table::kPages,
                                                             AddressKey(url), url, snapshot.get()));
    ASSIGN_OR_RETURN(const auto bytes,
                     database_->Get(Table::kListings, AddressKey(url), snapshot.get()));
    if (!state || !bytes) return Status::Corruption(url + ": indexed, but without listings");
    ASSIGN_OR_RETURN(auto listings, UnpackListings(*bytes));
    ASSIGN_OR_RETURN(const auto known,
                     FindRecord<AddressRecord>(*database_, Table::kAddresses, AddressKey(url), url,
                                               snapshot.get()));
    Discovery address;
    if (known) address = {url, known->authority, known->source, known->depth, known->priority};
    address.url = url;
    address.source = state->source;
    stale.push_back({std::move(address), *state, std::move(listings)});
    if (cursor->Valid()) {
      head.key() = cursor->key().substr(prefix_size);
      heads.insert(std::move(head));
    }
  }
  return stale;
}

}  // namespace

Result<std::unique_ptr<Store>> OpenRocksDbStore(const StoreOptions& options) {
  return OpenRocksDbStoreOn(options, nullptr);
}

Result<std::unique_ptr<Store>> OpenRocksDbStoreOn(const StoreOptions& options, rocksdb::Env* env) {
  return RocksDbStore::Open(options, env);
}

}  // namespace cluehound::store
