#include "store/memory/memory_sellers.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "rules/folding.h"
#include "store/seller_records.h"

namespace cluehound::store {
namespace {

auto Rank(const LeadFact& fact) {
  return std::make_tuple(-fact.score, -ToMillis(fact.first_seen), std::string_view(fact.lead));
}

// The first of each tally, as the store on disk reads them.
void Cap(SellerState& shop) {
  for (auto& [tally, values] : shop.tallies) {
    while (values.size() > kMaxTallies) values.erase(std::prev(values.end()));
  }
}

uint64_t Together(const std::string& correlation, const std::vector<LeadFact>& members,
                  const std::vector<rules::Correlation>& correlations) {
  std::vector<LeadFact> newest = members;
  std::sort(newest.begin(), newest.end(), [](const LeadFact& a, const LeadFact& b) {
    return std::tie(b.first_seen, a.lead) < std::tie(a.first_seen, b.lead);
  });
  if (newest.size() > kMaxCorrelated) newest.resize(kMaxCorrelated);
  std::vector<rules::LeadEvent> events;
  for (const LeadFact& fact : newest) events.push_back(EventOf(fact));
  uint64_t together = 0;
  for (const rules::Correlation& c : correlations) {
    if (c.id != correlation) continue;
    for (const auto& found : rules::Correlate(c, events))
      together = static_cast<uint64_t>(found.count);
  }
  return together;
}

}  // namespace

MemorySellers::Book MemorySellers::Compute(const std::vector<Lead>& leads) const {
  Book book;
  std::map<std::string, std::set<std::string>> distinct;
  for (const Lead& lead : leads) {
    const LeadFact fact = FactOf(lead);
    for (const Party& party : fact.parties) {
      SellerState& shop = book.shops[party.id];
      shop.id = party.id;
      AddTo(shop.totals, fact, true);
      for (const TallyKey& tally : TalliesOf(fact, party)) ++shop.tallies[tally.tally][tally.value];
    }
    if (fact.active) AddTo(book.rows[fact.row], fact, true);
    for (const Bunch& bunch : BunchesOf(fact, correlations_)) {
      if (splits_.contains({bunch.id, fact.lead})) continue;
      Group& group = book.groups[bunch.id];
      group.state.basis = bunch.basis;
      group.state.correlation = bunch.correlation;
      ++group.state.members;
      if (!bunch.counted.empty()) distinct[bunch.id].insert(bunch.counted);
      group.members.push_back(fact);
    }
  }
  for (auto& [id, group] : book.groups) {
    std::sort(group.members.begin(), group.members.end(),
              [](const LeadFact& a, const LeadFact& b) { return Rank(a) < Rank(b); });
    for (const Bunch& bunch : BunchesOf(group.members.front(), correlations_)) {
      if (bunch.id == id) group.state.label = bunch.label;
    }
    group.state.distinct = distinct[id].size();
    if (group.state.basis == ClusterBasis::kCorrelation) {
      group.state.together = Together(group.state.correlation, group.members, correlations_);
    } else if (group.state.basis == ClusterBasis::kSeller) {
      for (const LeadFact& a : group.members) {
        for (const LeadFact& b : group.members)
          group.state.after |= a.decided != Instant{} && b.first_seen > a.decided;
      }
    }
  }
  for (auto& [id, shop] : book.shops) {
    const auto group = book.groups.find(SellerBunchId(id));
    shop.totals.after = group != book.groups.end() && group->second.state.after;
    shop.totals.marks = shop.tallies[SellerTally::kMark].size();
    shop.totals.risk = static_cast<uint32_t>(RiskOf(RiskParts(shop.totals, 1)));
    Cap(shop);
  }
  return book;
}

// ---- sellers

std::vector<SellerState> MemorySellers::Joined(const Book& book, const SellerState& shop) const {
  std::vector<SellerState> shops = {shop};
  const std::string code = shop.code();
  if (code.empty()) return shops;
  size_t known = 0;
  for (const auto& [id, other] : book.shops) {
    const auto codes = other.tallies.find(SellerTally::kCode);
    if (codes == other.tallies.end() || !codes->second.contains(code)) continue;
    if (++known > kMaxShops) break;
    if (id != shop.id && other.code() == code) shops.push_back(other);
  }
  std::sort(shops.begin() + 1, shops.end(), HigherRisk);
  return shops;
}

std::vector<RepeatDocument> MemorySellers::DocumentsOf(const std::string& bunch) const {
  std::vector<RepeatDocument> documents;
  const auto found = documents_.find(bunch);
  if (found == documents_.end()) return documents;
  for (const auto& [number, document] : found->second) documents.push_back(document);
  return documents;
}

Seller MemorySellers::Complete(Seller seller, Instant now) const {
  TakeWatches(seller, watches_, now);
  for (const auto list : {OfficialEntry::List::kDishonest, OfficialEntry::List::kGrade}) {
    for (const std::string& key : OfficialKeysOf(seller)) {
      const auto entry = official_.find({list, key});
      if (entry != official_.end()) TakeOfficial(seller, entry->second, now);
    }
  }
  for (const SellerId& shop : seller.shops) {
    for (RepeatDocument& document : DocumentsOf(SellerBunchId(shop)))
      seller.documents.push_back(std::move(document));
  }
  for (Proposal& proposal : seller.proposals) {
    const auto decision = decisions_.find({proposal.seller, proposal.mark});
    if (decision != decisions_.end()) proposal.state = decision->second.state;
  }
  return seller;
}

Result<Seller> MemorySellers::FindSeller(std::string_view text, Instant now) {
  const auto leads = leads_();
  const std::lock_guard lock(mutex_);
  const Book book = Compute(leads);
  const auto give = [&](const SellerState& shop) {
    return Complete(MakeSeller(Joined(book, shop)), now);
  };
  const std::string upper = ToAsciiUpper(text), lower = ToAsciiLower(text);
  std::vector<SellerId> prefixed, named;
  for (const auto& [id, shop] : book.shops) {
    if (text.size() == 18 && shop.code() == upper) return give(shop);
    if (text.size() >= 6 && IsSellerPrefix(text) && id.starts_with(lower)) prefixed.push_back(id);
    const auto names = shop.tallies.find(SellerTally::kName);
    if (names == shop.tallies.end()) continue;
    for (const auto& [name, count] : names->second) {
      if (rules::FoldString(name) != rules::FoldString(text)) continue;
      named.push_back(id);
      break;
    }
  }
  if (prefixed.size() > 1)
    return Status::InvalidArgument("several sellers begin with " + std::string(text));
  if (prefixed.empty()) prefixed = named;
  if (prefixed.empty()) return Status::NotFound("no seller " + std::string(text));
  if (prefixed.size() > 1) return SeveralSellers(text, prefixed);
  return give(book.shops.at(prefixed.front()));
}

Result<SellerPage> MemorySellers::QuerySellers(const SellerFilter& filter, Instant now,
                                               std::string_view after, size_t max) {
  const auto leads = leads_();
  const std::lock_guard lock(mutex_);
  const Book book = Compute(leads);
  std::vector<const SellerState*> shops;
  for (const auto& [id, shop] : book.shops) shops.push_back(&shop);
  std::sort(shops.begin(), shops.end(),
            [](const SellerState* a, const SellerState* b) { return HigherRisk(*a, *b); });
  SellerPage page;
  bool behind = after.empty();
  std::string last;
  for (const SellerState* shop : shops) {
    if (!behind) {
      behind = shop->id == after;
      continue;
    }
    if (page.sellers.size() == max) {
      page.next = last;
      break;
    }
    last = shop->id;
    const auto joined = Joined(book, *shop);
    if (!std::all_of(joined.begin() + 1, joined.end(),
                     [&](const SellerState& other) { return HigherRisk(joined[0], other); }))
      continue;
    Seller seller = Complete(MakeSeller(joined), now);
    if (Matches(seller, filter)) page.sellers.push_back(std::move(seller));
  }
  return page;
}

Result<RowSales> MemorySellers::SalesOfRow(std::string_view row) {
  const auto leads = leads_();
  const std::lock_guard lock(mutex_);
  const Book book = Compute(leads);
  const auto found = book.rows.find(std::string(row));
  return found == book.rows.end() ? RowSales() : found->second;
}

// ---- what people record

Result<Watch> MemorySellers::AddWatch(const Watch& watch) {
  RETURN_IF_ERROR(CheckWatch(watch));
  Watch made = watch;
  {
    const std::lock_guard lock(mutex_);
    made.number = watches_.size() + 1;
    watches_.push_back(made);
  }
  audit_(AuditOfWatch(made, false));
  return made;
}

Result<Watch> MemorySellers::EndWatch(uint64_t number, const Actor& actor, Instant at) {
  Watch ended;
  {
    const std::lock_guard lock(mutex_);
    const bool known = number > 0 && number <= watches_.size();
    ASSIGN_OR_RETURN(ended, Ended(known ? std::optional<Watch>(watches_[number - 1]) : std::nullopt,
                                  number, actor, at));
    watches_[number - 1] = ended;
  }
  audit_(AuditOfWatch(ended, true));
  return ended;
}

Result<std::vector<Watch>> MemorySellers::Watches() {
  const std::lock_guard lock(mutex_);
  return watches_;
}

Status MemorySellers::ImportOfficial(const std::vector<OfficialEntry>& entries, const Actor& actor,
                                     Instant at) {
  for (const OfficialEntry& entry : entries) {
    std::optional<OfficialEntry> before;
    OfficialEntry made = entry;
    made.by = actor;
    made.at = at;
    {
      const std::lock_guard lock(mutex_);
      auto& place = official_[{entry.list, OfficialKey(entry)}];
      if (!place.document.empty()) before = place;
      place = made;
    }
    audit_(AuditOfOfficial(before, made));
  }
  return Status::Ok();
}

Result<std::vector<Proposal>> MemorySellers::Proposals(size_t max) {
  const auto leads = leads_();
  const std::lock_guard lock(mutex_);
  const Book book = Compute(leads);
  std::vector<Proposal> proposals;
  for (const auto& [id, shop] : book.shops) {
    for (Proposal& proposal : ProposalsOf(shop)) {
      if (!decisions_.contains({id, proposal.mark}) && proposals.size() < max)
        proposals.push_back(std::move(proposal));
    }
  }
  return proposals;
}

Result<Proposal> MemorySellers::DecideProposal(std::string_view id,
                                               const ProposalDecision& decision) {
  const auto leads = leads_();
  Proposal decided;
  std::optional<ProposalDecision> before;
  {
    const std::lock_guard lock(mutex_);
    const Book book = Compute(leads);
    bool found = false;
    for (const auto& [seller, shop] : book.shops) {
      for (const Proposal& proposal : ProposalsOf(shop)) {
        if (proposal.id() != id) continue;
        decided = proposal;
        found = true;
      }
    }
    if (!found) return Status::NotFound("no proposal " + std::string(id));
    const auto known = decisions_.find({decided.seller, decided.mark});
    if (known != decisions_.end()) before = known->second;
    decisions_[{decided.seller, decided.mark}] = decision;
  }
  audit_(AuditOfProposal(decided, before, decision));
  decided.state = decision.state;
  return decided;
}

Status MemorySellers::AddDocument(const SellerId& seller, const RepeatDocument& document) {
  RETURN_IF_ERROR(CheckDocument(document));
  const auto leads = leads_();
  {
    const std::lock_guard lock(mutex_);
    if (!Compute(leads).shops.contains(seller)) return Status::NotFound("no seller " + seller);
    documents_[SellerBunchId(seller)][document.document] = document;
    undone_.erase(SellerBunchId(seller));
  }
  audit_(AuditOfDocument(seller, document));
  return Status::Ok();
}

// ---- clusters

MemorySellers::Group* MemorySellers::FindGroup(Book& book, const std::string& id) const {
  const auto found = book.groups.find(id);
  if (found == book.groups.end() || !Stands(found->second.state, documents_.contains(id)))
    return nullptr;
  return &found->second;
}

Cluster MemorySellers::ClusterOf(const std::string& id, const Group& group) const {
  Cluster cluster = MakeCluster(id, group.state, DocumentsOf(id), correlations_);
  const auto undone = undone_.find(id);
  if (undone != undone_.end()) cluster.undone = undone->second;
  return cluster;
}

Result<Cluster> MemorySellers::FindCluster(std::string_view id) {
  const auto leads = leads_();
  const std::lock_guard lock(mutex_);
  Book book = Compute(leads);
  const Group* group = FindGroup(book, std::string(id));
  if (group == nullptr) return Status::NotFound("no cluster " + std::string(id));
  Cluster cluster = ClusterOf(std::string(id), *group);
  for (const LeadFact& fact : group->members) {
    if (cluster.leads.size() < kMaxClusterLeads) cluster.leads.push_back(fact.lead);
  }
  return cluster;
}

Result<ClusterPage> MemorySellers::QueryClusters(std::optional<ClusterKind> kind,
                                                 std::string_view after, size_t max) {
  const auto leads = leads_();
  const std::lock_guard lock(mutex_);
  Book book = Compute(leads);
  std::vector<Cluster> clusters;
  for (const auto& [id, unused] : book.groups) {
    const Group* group = FindGroup(book, id);
    if (group != nullptr && !undone_.contains(id)) clusters.push_back(ClusterOf(id, *group));
  }
  std::sort(clusters.begin(), clusters.end(), [](const Cluster& a, const Cluster& b) {
    return std::make_pair(~a.state.members, a.id) < std::make_pair(~b.state.members, b.id);
  });
  ClusterPage page;
  bool behind = after.empty();
  std::string last;
  for (Cluster& cluster : clusters) {
    if (!behind) {
      behind = cluster.id == after;
      continue;
    }
    if (page.clusters.size() == max) {
      page.next = last;
      break;
    }
    last = cluster.id;
    if (!kind || cluster.kind == *kind) page.clusters.push_back(std::move(cluster));
  }
  return page;
}

Result<std::vector<std::string>> MemorySellers::ClustersOf(const LeadId& lead) {
  const auto leads = leads_();
  const std::lock_guard lock(mutex_);
  Book book = Compute(leads);
  std::vector<std::string> clusters;
  for (const Lead& other : leads) {
    if (other.id != lead) continue;
    for (const Bunch& bunch : BunchesOf(FactOf(other), correlations_)) {
      if (FindGroup(book, bunch.id) != nullptr && !undone_.contains(bunch.id) &&
          !splits_.contains({bunch.id, lead}))
        clusters.push_back(bunch.id);
    }
  }
  return clusters;
}

Status MemorySellers::UndoCluster(std::string_view id, const std::vector<LeadId>& leads,
                                  const ClusterUndo& undo) {
  if (undo.reason.empty()) return Status::InvalidArgument("taking a cluster apart needs a reason");
  const auto all = leads_();
  const std::string cluster(id);
  {
    const std::lock_guard lock(mutex_);
    Book book = Compute(all);
    const Group* group = FindGroup(book, cluster);
    if (group == nullptr || undone_.contains(cluster))
      return Status::NotFound("no cluster " + cluster);
    for (const LeadId& lead : leads) {
      const bool member = std::any_of(group->members.begin(), group->members.end(),
                                      [&](const LeadFact& fact) { return fact.lead == lead; });
      if (!member)
        return Status::NotFound("lead " + lead + " does not stand in cluster " + cluster);
    }
    if (leads.empty()) undone_[cluster] = undo;
    for (const LeadId& lead : leads) splits_.insert({cluster, lead});
  }
  audit_(AuditOfUndo(cluster, leads, undo));
  return Status::Ok();
}

Status MemorySellers::UseCorrelations(std::span<const rules::Correlation> correlations,
                                      const std::stop_token&) {
  const std::lock_guard lock(mutex_);
  correlations_.assign(correlations.begin(), correlations.end());
  return Status::Ok();
}

std::set<LeadId> MemorySellers::MembersOf(const std::string& cluster,
                                          const std::vector<Lead>& leads) const {
  const std::lock_guard lock(mutex_);
  Book book = Compute(leads);
  std::set<LeadId> members;
  const Group* group = undone_.contains(cluster) ? nullptr : FindGroup(book, cluster);
  if (group == nullptr) return members;
  for (const LeadFact& fact : group->members) members.insert(fact.lead);
  return members;
}

}  // namespace cluehound::store
