#include "store/rocksdb/rocksdb_sellers.h"

#include <algorithm>
#include <set>

#include "base/digest.h"
#include "base/text.h"
#include "rules/folding.h"
#include "store/record_fields.h"
#include "store/rocksdb/seller_book.h"
#include "store/rocksdb/seller_keys.h"
#include "store/seller_records.h"

namespace cluehound::store {
namespace {

Status Interrupted() { return Status::Cancelled("leads meet other correlations: interrupted"); }

constexpr size_t kSlice = 500;         // leads or bunches in one write
constexpr size_t kMaxLooked = 20'000;  // shops that one page of a filtered list looks at
constexpr size_t kMinPrefix = 6;

constexpr SellerTally kTallies[] = {
    SellerTally::kName,     SellerTally::kShopId,  SellerTally::kNameSpace, SellerTally::kPlatform,
    SellerTally::kRole,     SellerTally::kCounty,  SellerTally::kMark,      SellerTally::kCode,
    SellerTally::kFirstDay, SellerTally::kLastDay, SellerTally::kAuthorised};

}  // namespace

Status RocksDbSellers::Start() {
  std::vector<rules::Correlation> correlations;
  const std::string prefix = CorrelationPrefix();
  const auto cursor = database_.Walk(Table::kClusters, prefix, PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(const auto record,
                     DecodeRecord<CorrelationRecord>(cursor->value(), "correlation"));
    correlations.push_back(CorrelationOf(record));
  }
  RETURN_IF_ERROR(cursor->status());
  correlations_.Put(std::move(correlations));
  return Status::Ok();
}

Status RocksDbSellers::SendAllFacts(const Counters& counters) {
  if (counters.facts == kFactsVersion) return Status::Ok();
  const std::string prefix = PlainKey("");
  std::string from = prefix;
  bool more = counters.leads > 0;
  while (more) {
    std::vector<LeadId> leads;
    const auto cursor = database_.Walk(Table::kLeads, from, PrefixEnd(prefix));
    for (; cursor->Valid() && leads.size() < kSlice; cursor->Next())
      leads.push_back(Hex(cursor->key().substr(prefix.size())));
    more = cursor->Valid();
    if (more) from = cursor->key();
    RETURN_IF_ERROR(cursor->status());
    RETURN_IF_ERROR(write_([&](Ledger&, Staging& staging) {
      for (const LeadId& lead : leads) staging.SendFact(lead);
      return Status::Ok();
    }));
  }
  return write_([](Ledger&, Staging& staging) {
    staging.counters().facts = kFactsVersion;
    return Status::Ok();
  });
}

// ---- sellers

Result<std::optional<SellerState>> RocksDbSellers::ReadShop(const SellerId& id) const {
  ASSIGN_OR_RETURN(const auto totals, FindRecord<SellerTotals>(database_, Table::kSellers,
                                                               TotalsKey(id), "sums of a seller"));
  if (!totals) return std::optional<SellerState>();
  SellerState shop{id, *totals, {}};
  for (const SellerTally tally : kTallies) {
    const std::string prefix = TallyPrefix(id, tally);
    auto& values = shop.tallies[tally];
    const auto cursor = database_.Walk(Table::kSellers, prefix, PrefixEnd(prefix));
    for (; cursor->Valid() && values.size() < kMaxTallies; cursor->Next()) {
      ASSIGN_OR_RETURN(const auto count, DecodeRecord<CountRecord>(cursor->value(), "count"));
      values[std::string(cursor->key().substr(prefix.size()))] = count.count;
    }
    RETURN_IF_ERROR(cursor->status());
  }
  return std::optional<SellerState>(std::move(shop));
}

Result<std::vector<SellerId>> RocksDbSellers::SellersUnder(const std::string& prefix,
                                                           size_t max) const {
  std::vector<SellerId> ids;
  const auto cursor = database_.Walk(Table::kSellers, prefix, PrefixEnd(prefix));
  for (; cursor->Valid() && ids.size() < max; cursor->Next())
    ids.emplace_back(cursor->key().substr(prefix.size()));
  RETURN_IF_ERROR(cursor->status());
  return ids;
}

Result<std::vector<SellerState>> RocksDbSellers::ReadJoined(SellerState shop) const {
  std::vector<SellerState> shops;
  const std::string code = shop.code();
  const SellerId id = shop.id;
  shops.push_back(std::move(shop));
  if (code.empty()) return shops;
  ASSIGN_OR_RETURN(const auto ids, SellersUnder(CodePrefix(code), kMaxShops));
  for (const SellerId& other : ids) {
    if (other == id) continue;
    ASSIGN_OR_RETURN(auto state, ReadShop(other));
    if (state && state->code() == code) shops.push_back(*std::move(state));
  }
  std::sort(shops.begin() + 1, shops.end(), HigherRisk);
  return shops;
}

Result<std::vector<RepeatDocument>> RocksDbSellers::Documents(const std::string& bunch) const {
  std::vector<RepeatDocument> documents;
  const std::string prefix = DocumentPrefix(bunch);
  const auto cursor = database_.Walk(Table::kSellers, prefix, PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(auto document,
                     DecodeRecord<RepeatDocument>(cursor->value(), "document of a seller"));
    documents.push_back(std::move(document));
  }
  RETURN_IF_ERROR(cursor->status());
  return documents;
}

Result<std::vector<Watch>> RocksDbSellers::ReadWatches() const {
  std::vector<Watch> watches;
  const std::string prefix = WatchPrefix();
  const auto cursor = database_.Walk(Table::kSellers, prefix, PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(auto watch, DecodeRecord<Watch>(cursor->value(), "watched seller"));
    watches.push_back(std::move(watch));
  }
  RETURN_IF_ERROR(cursor->status());
  return watches;
}

Result<Seller> RocksDbSellers::Complete(Seller seller, Instant now) const {
  ASSIGN_OR_RETURN(const auto watches, ReadWatches());
  TakeWatches(seller, watches, now);
  for (const auto list : {OfficialEntry::List::kDishonest, OfficialEntry::List::kGrade}) {
    for (const std::string& key : OfficialKeysOf(seller)) {
      ASSIGN_OR_RETURN(auto entry,
                       FindRecord<OfficialEntry>(database_, Table::kSellers,
                                                 OfficialRecordKey(list, key), "official entry"));
      if (entry) TakeOfficial(seller, *entry, now);
    }
  }
  for (const SellerId& shop : seller.shops) {
    ASSIGN_OR_RETURN(auto documents, Documents(SellerBunchId(shop)));
    for (RepeatDocument& document : documents) seller.documents.push_back(std::move(document));
  }
  for (Proposal& proposal : seller.proposals) {
    ASSIGN_OR_RETURN(const auto decision,
                     FindRecord<ProposalDecision>(
                         database_, Table::kSellers,
                         ProposalDecisionKey(proposal.seller, proposal.mark), "proposal"));
    if (decision) proposal.state = decision->state;
  }
  return seller;
}

Result<SellerId> RocksDbSellers::ShopNamed(std::string_view text) const {
  const auto only = [&](const std::vector<SellerId>& ids) -> Result<SellerId> {
    if (ids.size() == 1) return ids.front();
    return SeveralSellers(text, ids);
  };
  if (text.size() == 18) {
    ASSIGN_OR_RETURN(const auto ids, SellersUnder(CodePrefix(ToAsciiUpper(text)), kMaxShops));
    for (const SellerId& id : ids) {
      ASSIGN_OR_RETURN(const auto shop, ReadShop(id));
      if (shop && shop->code() == ToAsciiUpper(text)) return id;
    }
  }
  if (IsSellerPrefix(text) && text.size() >= kMinPrefix) {
    ASSIGN_OR_RETURN(const auto ids, SellersUnder(TotalsPrefix() + ToAsciiLower(text), 2));
    // What follows the prefix of the key is the rest of the id.
    if (ids.size() == 1) return ToAsciiLower(text) + ids.front();
    if (ids.size() > 1)
      return Status::InvalidArgument("several sellers begin with " + std::string(text));
  }
  ASSIGN_OR_RETURN(const auto ids, SellersUnder(SellerNamePrefix(rules::FoldString(text)), 6));
  if (ids.empty()) return Status::NotFound("no seller " + std::string(text));
  return only(ids);
}

Result<Seller> RocksDbSellers::FindSeller(std::string_view text, Instant now) {
  ASSIGN_OR_RETURN(const SellerId id, ShopNamed(text));
  ASSIGN_OR_RETURN(auto shop, ReadShop(id));
  if (!shop) return Status::NotFound("no seller " + std::string(text));
  ASSIGN_OR_RETURN(const auto shops, ReadJoined(*std::move(shop)));
  return Complete(MakeSeller(shops), now);
}

Result<SellerPage> RocksDbSellers::QuerySellers(const SellerFilter& filter, Instant now,
                                                std::string_view after, size_t max) {
  SellerPage page;
  if (max == 0) return page;
  const std::string prefix = RiskPrefix();
  const std::string behind = FromHex(after);
  const auto cursor = database_.Walk(
      Table::kSellers, behind.empty() ? prefix : prefix + behind + '\0', PrefixEnd(prefix));
  std::string last;
  size_t looked = 0;
  for (; cursor->Valid(); cursor->Next()) {
    const std::string_view key = cursor->key().substr(prefix.size());
    if (page.sellers.size() == max || ++looked > kMaxLooked) {
      page.next = Hex(last);
      return page;
    }
    last = key;
    ASSIGN_OR_RETURN(auto shop, ReadShop(SellerId(key.substr(1))));
    if (!shop) continue;  // gone between two looks
    ASSIGN_OR_RETURN(const auto shops, ReadJoined(*std::move(shop)));
    if (!std::all_of(shops.begin() + 1, shops.end(),
                     [&](const SellerState& other) { return HigherRisk(shops[0], other); }))
      continue;
    ASSIGN_OR_RETURN(Seller seller, Complete(MakeSeller(shops), now));
    if (Matches(seller, filter)) page.sellers.push_back(std::move(seller));
  }
  RETURN_IF_ERROR(cursor->status());
  return page;
}

Result<RowSales> RocksDbSellers::SalesOfRow(std::string_view row) {
  ASSIGN_OR_RETURN(const auto sales, FindRecord<RowSales>(database_, Table::kSellers,
                                                          RowSalesKey(row), "sales of a row"));
  return sales.value_or(RowSales());
}

// ---- what people record

Result<Watch> RocksDbSellers::AddWatch(const Watch& watch) {
  RETURN_IF_ERROR(CheckWatch(watch));
  Watch made = watch;
  RETURN_IF_ERROR(write_([&](Ledger&, Staging& staging) {
    made.number = ++staging.counters().last_watch;
    staging.sheet().PutRecord(Table::kSellers, WatchKey(made.number), made);
    staging.Audit(AuditOfWatch(made, false));
    return Status::Ok();
  }));
  return made;
}

Result<Watch> RocksDbSellers::EndWatch(uint64_t number, const Actor& actor, Instant at) {
  Watch ended;
  RETURN_IF_ERROR(write_([&](Ledger&, Staging& staging) -> Status {
    ASSIGN_OR_RETURN(const auto known, staging.sheet().Find<Watch>(
                                           Table::kSellers, WatchKey(number), "watched seller"));
    ASSIGN_OR_RETURN(ended, Ended(known, number, actor, at));
    staging.sheet().PutRecord(Table::kSellers, WatchKey(number), ended);
    staging.Audit(AuditOfWatch(ended, true));
    return Status::Ok();
  }));
  return ended;
}

Result<std::vector<Watch>> RocksDbSellers::Watches() { return ReadWatches(); }

Status RocksDbSellers::ImportOfficial(const std::vector<OfficialEntry>& entries, const Actor& actor,
                                      Instant at) {
  return write_([&](Ledger&, Staging& staging) -> Status {
    for (const OfficialEntry& entry : entries) {
      const std::string key = OfficialRecordKey(entry.list, OfficialKey(entry));
      ASSIGN_OR_RETURN(const auto before,
                       staging.sheet().Find<OfficialEntry>(Table::kSellers, key, "official entry"));
      OfficialEntry made = entry;
      made.by = actor;
      made.at = at;
      staging.sheet().PutRecord(Table::kSellers, key, made);
      staging.Audit(AuditOfOfficial(before, made));
    }
    return Status::Ok();
  });
}

Result<std::vector<Proposal>> RocksDbSellers::Proposals(size_t max) {
  std::vector<Proposal> proposals;
  const std::string prefix = ProposedPrefix();
  const auto cursor = database_.Walk(Table::kSellers, prefix, PrefixEnd(prefix));
  for (; cursor->Valid() && proposals.size() < max; cursor->Next()) {
    std::string rest(1, kKeyVersion);
    rest += cursor->key().substr(prefix.size());
    KeyReader reader(rest);
    const SellerId seller = reader.Text();
    const std::string mark(reader.Rest());
    ASSIGN_OR_RETURN(const auto decided,
                     database_.Get(Table::kSellers, ProposalDecisionKey(seller, mark)));
    if (decided) continue;
    ASSIGN_OR_RETURN(const auto shop, ReadShop(seller));
    if (!shop) continue;
    for (Proposal& proposal : ProposalsOf(*shop)) {
      if (proposal.mark == mark) proposals.push_back(std::move(proposal));
    }
  }
  RETURN_IF_ERROR(cursor->status());
  return proposals;
}

Result<Proposal> RocksDbSellers::DecideProposal(std::string_view id,
                                                const ProposalDecision& decision) {
  const SellerId seller(id.substr(0, id.find('/')));
  const std::string mark(id.substr(std::min(id.find('/') + 1, id.size())));
  Proposal decided;
  RETURN_IF_ERROR(write_([&](Ledger&, Staging& staging) -> Status {
    ASSIGN_OR_RETURN(const auto shop, ReadShop(seller));
    const auto proposals = shop ? ProposalsOf(*shop) : std::vector<Proposal>();
    const auto found = std::find_if(proposals.begin(), proposals.end(),
                                    [&](const Proposal& p) { return p.mark == mark; });
    if (found == proposals.end()) return Status::NotFound("no proposal " + std::string(id));
    decided = *found;
    const std::string key = ProposalDecisionKey(seller, mark);
    ASSIGN_OR_RETURN(const auto before,
                     staging.sheet().Find<ProposalDecision>(Table::kSellers, key, "proposal"));
    staging.Audit(AuditOfProposal(decided, before, decision));
    decided.state = decision.state;
    staging.sheet().PutRecord(Table::kSellers, key, decision);
    return Status::Ok();
  }));
  return decided;
}

Status RocksDbSellers::AddDocument(const SellerId& seller, const RepeatDocument& document) {
  RETURN_IF_ERROR(CheckDocument(document));
  return write_([&](Ledger&, Staging& staging) -> Status {
    ASSIGN_OR_RETURN(const auto totals, staging.sheet().Get(Table::kSellers, TotalsKey(seller)));
    if (!totals) return Status::NotFound("no seller " + seller);
    staging.Audit(AuditOfDocument(seller, document));
    const auto correlations = correlations_.Get();
    return SellerBook(staging.sheet(), *correlations).AddDocument(seller, document);
  });
}

// ---- clusters

Result<std::optional<Cluster>> RocksDbSellers::ReadCluster(const std::string& id,
                                                           size_t leads) const {
  ASSIGN_OR_RETURN(auto state,
                   FindRecord<BunchState>(database_, Table::kClusters, BunchKey(id), "bunch"));
  if (!state) return std::optional<Cluster>();
  std::vector<LeadId> members;
  const std::string prefix = MemberPrefix(id);
  const auto cursor = database_.Walk(Table::kClusters, prefix, PrefixEnd(prefix));
  for (; cursor->Valid() && members.size() < std::max<size_t>(leads, 1); cursor->Next()) {
    if (const auto position = LeadPosition::Parse(cursor->key().substr(prefix.size())))
      members.push_back(position->id);
  }
  RETURN_IF_ERROR(cursor->status());
  const auto correlations = correlations_.Get();
  if (!members.empty()) {
    ASSIGN_OR_RETURN(const auto fact, FindRecord<LeadFact>(database_, Table::kFacts,
                                                           FactKey(members[0]), "fact of a lead"));
    for (const Bunch& bunch : fact ? BunchesOf(*fact, *correlations) : std::vector<Bunch>()) {
      if (bunch.id == id) state->label = bunch.label;
    }
  }
  state->indexed = 0;
  std::vector<RepeatDocument> documents;
  if (state->basis == ClusterBasis::kSeller) {
    ASSIGN_OR_RETURN(documents, Documents(id));
  }
  if (!Stands(*state, !documents.empty())) return std::optional<Cluster>();
  Cluster cluster = MakeCluster(id, *state, std::move(documents), *correlations);
  if (leads > 0) cluster.leads = std::move(members);
  ASSIGN_OR_RETURN(cluster.undone,
                   FindRecord<ClusterUndo>(database_, Table::kClusters, UndoneKey(id), "undo"));
  return std::optional<Cluster>(std::move(cluster));
}

Result<Cluster> RocksDbSellers::FindCluster(std::string_view id) {
  ASSIGN_OR_RETURN(auto cluster, ReadCluster(std::string(id), kMaxClusterLeads));
  if (!cluster) return Status::NotFound("no cluster " + std::string(id));
  return *std::move(cluster);
}

Result<ClusterPage> RocksDbSellers::QueryClusters(std::optional<ClusterKind> kind,
                                                  std::string_view after, size_t max) {
  ClusterPage page;
  if (max == 0) return page;
  const std::string prefix = StandingPrefix();
  const std::string behind = FromHex(after);
  const auto cursor = database_.Walk(
      Table::kClusters, behind.empty() ? prefix : prefix + behind + '\0', PrefixEnd(prefix));
  std::string last;
  for (; cursor->Valid(); cursor->Next()) {
    const std::string_view key = cursor->key().substr(prefix.size());
    if (page.clusters.size() == max) {
      page.next = Hex(last);
      return page;
    }
    last = key;
    ASSIGN_OR_RETURN(auto cluster, ReadCluster(std::string(key.substr(8)), 0));
    if (cluster && (!kind || cluster->kind == *kind)) page.clusters.push_back(*std::move(cluster));
  }
  RETURN_IF_ERROR(cursor->status());
  return page;
}

Result<std::vector<std::string>> RocksDbSellers::ClustersOf(const LeadId& lead) {
  std::vector<std::string> clusters;
  ASSIGN_OR_RETURN(const auto fact,
                   FindRecord<LeadFact>(database_, Table::kFacts, FactKey(lead), "fact of a lead"));
  if (!fact) return clusters;
  const auto correlations = correlations_.Get();
  const auto bunches = BunchesOf(*fact, *correlations);
  std::vector<std::string> keys, splits;
  for (const Bunch& bunch : bunches) {
    keys.push_back(BunchKey(bunch.id));
    splits.push_back(SplitKey(bunch.id, lead));
  }
  ASSIGN_OR_RETURN(const auto states, database_.MultiGet(Table::kClusters, keys));
  ASSIGN_OR_RETURN(const auto split, database_.MultiGet(Table::kClusters, splits));
  for (size_t i = 0; i < bunches.size(); ++i) {
    if (!states[i] || split[i]) continue;
    ASSIGN_OR_RETURN(const auto state, DecodeRecord<BunchState>(*states[i], "bunch"));
    if (state.indexed != 0) clusters.push_back(bunches[i].id);
  }
  return clusters;
}

Status RocksDbSellers::UndoCluster(std::string_view id, const std::vector<LeadId>& leads,
                                   const ClusterUndo& undo) {
  if (undo.reason.empty()) return Status::InvalidArgument("taking a cluster apart needs a reason");
  return write_([&](Ledger&, Staging& staging) -> Status {
    const std::string cluster(id);
    ASSIGN_OR_RETURN(const auto state, staging.sheet().Find<BunchState>(
                                           Table::kClusters, BunchKey(cluster), "bunch"));
    if (!state || state->indexed == 0) return Status::NotFound("no cluster " + cluster);
    const auto correlations = correlations_.Get();
    SellerBook book(staging.sheet(), *correlations);
    staging.Audit(AuditOfUndo(cluster, leads, undo));
    if (leads.empty()) return book.Undo(cluster, undo);
    for (const LeadId& lead : leads) {
      ASSIGN_OR_RETURN(const auto fact, staging.sheet().Find<LeadFact>(Table::kFacts, FactKey(lead),
                                                                       "fact of a lead"));
      if (!fact) return Status::NotFound("no lead " + lead);
      RETURN_IF_ERROR(book.Split(cluster, *fact, undo));
    }
    return Status::Ok();
  });
}

// ---- correlations

Status RocksDbSellers::UseCorrelations(std::span<const rules::Correlation> correlations,
                                       const std::stop_token& stop) {
  std::vector<CorrelationRecord> known;
  const std::string prefix = CorrelationPrefix();
  const auto cursor = database_.Walk(Table::kClusters, prefix, PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(auto record, DecodeRecord<CorrelationRecord>(cursor->value(), "correlation"));
    known.push_back(std::move(record));
  }
  RETURN_IF_ERROR(cursor->status());
  const CorrelationChange change = ChangeOf(known, correlations);
  if (change.nothing()) return Status::Ok();
  RETURN_IF_ERROR(write_([&](Ledger&, Staging& staging) {
    for (const std::string& id : change.dropped)
      staging.sheet().Put(Table::kClusters, CorrelationKey(id), std::nullopt);
    for (const rules::Correlation& c : change.changed)
      staging.sheet().PutRecord(Table::kClusters, CorrelationKey(c.id), RecordOf(c));
    // On the writer's thread: facts meet either the old ones or the new ones.
    correlations_.Put({correlations.begin(), correlations.end()});
    return Status::Ok();
  }));
  std::vector<std::string> stale = change.dropped;
  for (const rules::Correlation& c : change.changed) stale.push_back(c.id);
  RETURN_IF_ERROR(DropBunches(stale, stop));
  if (!change.changed.empty()) RETURN_IF_ERROR(MeetAll(change.changed, stop));
  return write_([&](Ledger&, Staging& staging) {
    for (const rules::Correlation& c : change.changed) {
      CorrelationRecord record = RecordOf(c);
      record.ready = true;
      staging.sheet().PutRecord(Table::kClusters, CorrelationKey(c.id), record);
    }
    return Status::Ok();
  });
}

// Everything that bunches of these correlations hold. What people undid stays undone.
Status RocksDbSellers::DropBunches(const std::vector<std::string>& correlations,
                                   const std::stop_token& stop) {
  const std::string all = BunchPrefix();
  std::string from = all;
  while (true) {
    std::vector<std::string> ids;
    const auto cursor = database_.Walk(Table::kClusters, from, PrefixEnd(all));
    for (; cursor->Valid() && ids.size() < kSlice; cursor->Next()) {
      ASSIGN_OR_RETURN(const auto state, DecodeRecord<BunchState>(cursor->value(), "bunch"));
      from = std::string(cursor->key()) + '\0';
      if (state.basis == ClusterBasis::kCorrelation &&
          std::find(correlations.begin(), correlations.end(), state.correlation) !=
              correlations.end())
        ids.emplace_back(cursor->key().substr(all.size()));
    }
    RETURN_IF_ERROR(cursor->status());
    for (const std::string& id : ids) {
      if (stop.stop_requested()) return Interrupted();
      bool more = true;
      while (more) {
        RETURN_IF_ERROR(write_([&](Ledger&, Staging& staging) -> Status {
          Sheet& sheet = staging.sheet();
          more = false;
          for (const std::string& prefix : {MemberPrefix(id), EventPrefix(id)}) {
            ASSIGN_OR_RETURN(const auto keys, sheet.Under(Table::kClusters, prefix, kSlice));
            for (const auto& [key, value] : keys) sheet.Put(Table::kClusters, key, std::nullopt);
            more |= keys.size() == kSlice;
          }
          ASSIGN_OR_RETURN(const auto state,
                           sheet.Find<BunchState>(Table::kClusters, BunchKey(id), "bunch"));
          if (state && state->indexed != 0)
            sheet.Put(Table::kClusters, StandingKey(state->indexed, id), std::nullopt);
          sheet.Put(Table::kClusters, BunchKey(id), std::nullopt);
          return Status::Ok();
        }));
      }
    }
    if (!cursor->Valid()) return Status::Ok();
  }
}

Status RocksDbSellers::MeetAll(const std::vector<rules::Correlation>& correlations,
                               const std::stop_token& stop) {
  const std::string all = PlainKey("");
  std::string from = all;
  while (true) {
    std::vector<LeadId> leads;
    const auto cursor = database_.Walk(Table::kFacts, from, PrefixEnd(all));
    for (; cursor->Valid() && leads.size() < kSlice; cursor->Next()) {
      leads.push_back(Hex(cursor->key().substr(all.size())));
      from = std::string(cursor->key()) + '\0';
    }
    RETURN_IF_ERROR(cursor->status());
    if (leads.empty()) return Status::Ok();
    if (stop.stop_requested()) return Interrupted();
    const Status met = write_([&](Ledger&, Staging& staging) -> Status {
      const auto in_force = correlations_.Get();
      SellerBook book(staging.sheet(), *in_force);
      for (const LeadId& lead : leads) {
        // As it is now: a fact that came since was correlated already, and is met again for nothing.
        ASSIGN_OR_RETURN(const auto fact, staging.sheet().Find<LeadFact>(
                                              Table::kFacts, FactKey(lead), "fact of a lead"));
        if (fact) RETURN_IF_ERROR(book.Recorrelate(*fact, correlations));
      }
      return book.Settle();
    });
    if (!met.ok()) return met;
  }
}

}  // namespace cluehound::store
