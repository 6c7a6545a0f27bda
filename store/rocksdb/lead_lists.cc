#include "store/rocksdb/lead_lists.h"

#include <algorithm>
#include <unordered_set>

#include "base/digest.h"
#include "store/identity.h"
#include "store/record_fields.h"
#include "store/rocksdb/cluster_members.h"
#include "store/rocksdb/tables.h"
#include "store/search_text.h"

namespace cluehound::store {
namespace {

constexpr size_t kReadAhead = 64;  // leads read at a time
// So many are gathered and sorted rather than met by chance along another order: some 10 µs each.
constexpr uint64_t kMaxGathered = 3000;

}  // namespace

// One question under way.
class LeadLists::Asking {
 public:
  Asking(const LeadLists& lists, const LeadFilter& filter, const Scope& scope)
      : database_(lists.database_),
        query_(lists.query_),
        filter_(filter),
        scope_(scope),
        order_{filter.sort},
        test_(filter, scope),
        snapshot_(database_.TakeSnapshot()) {}

  // Before anything else.
  Status Begin(std::string_view after) {
    ASSIGN_OR_RETURN(after_, order_.Parse(after));
    ASSIGN_OR_RETURN(auto words, SearchWords(filter_.text));
    if (!words.empty()) {
      ASSIGN_OR_RETURN(text_, TextSearch::Run(database_, snapshot_.get(), std::move(words)));
    }
    return ChooseIndex();
  }

  // Along the leads that are asked for, from `after` on.
  Result<LeadWalk> Walk() {
    if (!filter_.cluster.empty()) return GatherByCluster(UINT64_MAX);
    TextSearch* text = text_ ? &*text_ : nullptr;
    if (text != nullptr && text->candidates() <= std::min(kMaxGathered, fewest_))
      return GatherByText(UINT64_MAX);
    if (order_.sort == LeadSort::kLastSeen) {
      if (!filter_.row.empty()) return Along(order_.RowIndex(filter_.row));
      if (fewest_ <= kMaxGathered) return GatherByFacet();
      return Along(IndexPrefix(Facet::kLastSeen, ""));
    }
    return Along(narrowest_);
  }

  Result<LeadCount> Count() {
    LeadCount count;
    // A walk meets one that fits every fewest_ / candidates steps; reading a text is 20 steps.
    const bool by_text = text_ && text_->candidates() < fewest_ / 20;
    order_.sort = LeadSort::kScore;
    constexpr uint64_t kEnough = LeadCount::kLimit + 1;
    ASSIGN_OR_RETURN(LeadWalk walk, !filter_.cluster.empty() ? GatherByCluster(kEnough)
                                    : by_text                ? GatherByText(kEnough)
                                                             : Along(narrowest_));
    while (true) {
      ASSIGN_OR_RETURN(const bool more, walk.Next());
      if (!more || !count.Add()) return count;
    }
  }

  Result<LeadPage> Leads(size_t max) {
    LeadPage page;
    ASSIGN_OR_RETURN(LeadWalk walk, Walk());
    bool more = true;
    while (more) {
      std::vector<LeadId> ids;
      while (ids.size() < std::min(kReadAhead, max + 1 - page.leads.size())) {
        ASSIGN_OR_RETURN(more, walk.Next());
        if (!more) break;
        ids.push_back(Hex(walk.id()));
      }
      ASSIGN_OR_RETURN(auto leads, query_.Read(ids, snapshot_.get()));
      for (auto& lead : leads) {
        if (!lead || !Matches(*lead, filter_, scope_)) continue;
        if (page.leads.size() == max) {
          page.next = order_.Next(page.leads.back());
          return page;
        }
        page.leads.push_back(*std::move(lead));
      }
    }
    return page;
  }

  Result<RowPage> Rows(size_t max) {
    RowPage page;
    rows_ = true;
    ASSIGN_OR_RETURN(LeadWalk walk, Walk());
    std::unordered_set<std::string> met;
    while (true) {
      ASSIGN_OR_RETURN(const bool more, walk.Next());
      if (!more) return page;
      const std::string row(EntryTest::Row(walk.digests()));
      if (!met.insert(row).second) continue;
      // The row stands where its first lead does; met further down, it was on an earlier page.
      if (!filter_.cluster.empty()) {  // the first one of the cluster: the walk is of all of them
        if (walk.place() <= after_) continue;
      } else if (!after_.empty()) {
        LeadWalk inside = RowWalk(order_, Hex(row));
        ASSIGN_OR_RETURN(const bool some, inside.Next());
        if (!some || inside.id() != walk.id()) continue;
      }
      ASSIGN_OR_RETURN(const auto leads, query_.Read({Hex(walk.id())}, snapshot_.get()));
      if (!leads[0] || !Matches(*leads[0], filter_, scope_)) continue;
      if (page.rows.size() == max) {
        page.next = order_.Next(page.rows.back().strongest);
        return page;
      }
      ASSIGN_OR_RETURN(LeadRow made, RowOf(*leads[0]));
      page.rows.push_back(std::move(made));
    }
  }

 private:
  Status ChooseIndex() {
    narrowest_ = IndexPrefix(Facet::kAll, "");
    if (!filter_.row.empty()) {  // one seller's leads of one mark
      narrowest_ = IndexPrefix(Facet::kRow, filter_.row);
      return Status::Ok();
    }
    for (const FacetPlace& place : PlacesFor(filter_, scope_)) {
      ASSIGN_OR_RETURN(const auto count, FindRecord<CountRecord>(database_, Table::kMeta,
                                                                 CountKey(place.facet, place.value),
                                                                 "count", snapshot_.get()));
      const uint64_t leads = count ? count->count : 0;
      if (leads >= fewest_) continue;
      fewest_ = leads;
      narrowest_ = IndexPrefix(place.facet, place.value);
    }
    return Status::Ok();
  }

  LeadWalk Along(std::string prefix) {
    return LeadWalk(database_, snapshot_.get(), order_, std::move(prefix), after_, test_,
                    text_ ? &*text_ : nullptr);
  }

  LeadWalk RowWalk(LeadOrder order, std::string_view row) {
    return LeadWalk(database_, snapshot_.get(), order, order.RowIndex(row), "", test_,
                    text_ ? &*text_ : nullptr);
  }

  // Adds those that match, with what the walk would say of them.
  Status Gather(const std::vector<LeadId>& ids, const std::vector<uint64_t>& texts,
                LeadWalk::Gathered& entries) {
    std::vector<std::string> keys;
    for (const LeadId& id : ids) keys.push_back(LeadKey(id));
    ASSIGN_OR_RETURN(const auto records,
                     database_.MultiGet(Table::kActivity, keys, snapshot_.get()));
    for (size_t i = 0; i < ids.size(); ++i) {
      if (!records[i]) continue;
      ASSIGN_OR_RETURN(const auto activity,
                       DecodeRecord<LeadActivity>(*records[i], "activity of a lead"));
      if (activity.place.size() != kPlaceHead + kDigestsSize) continue;
      const std::string digests = activity.place.substr(kPlaceHead);
      if (!test_.May(255 - static_cast<uint8_t>(activity.place[0]), digests)) continue;
      // A text that the lead had before.
      if (!texts.empty() && activity.text_number != texts[i]) continue;
      if (order_.sort == LeadSort::kScore) {
        entries.emplace_back(activity.place.substr(0, kPlaceHead) + IdBytes(ids[i]), digests);
      } else {
        entries.emplace_back(LastSeenBytes(activity.last_seen, ids[i]), activity.place);
      }
    }
    return Status::Ok();
  }

  Result<LeadWalk> GatherByText(uint64_t max) {
    LeadWalk::Gathered entries;
    uint64_t after = 0;
    while (entries.size() < max) {
      ASSIGN_OR_RETURN(const auto texts, text_->Texts(after, kReadAhead * 4));
      if (texts.empty()) break;
      after = texts.back().first;
      std::vector<LeadId> ids;
      std::vector<uint64_t> numbers;
      for (const auto& [number, id] : texts) {
        ids.push_back(id);
        numbers.push_back(number);
      }
      RETURN_IF_ERROR(Gather(ids, numbers, entries));
    }
    return LeadWalk(order_, std::move(entries), after_);
  }

  // Rows must be met from the front: see Rows().
  Result<LeadWalk> GatherByCluster(uint64_t max) {
    LeadWalk::Gathered entries;
    ClusterMembers members(database_, filter_.cluster, snapshot_.get());
    while (entries.size() < max) {
      ASSIGN_OR_RETURN(const auto ids, members.Next(kReadAhead * 4));
      if (ids.empty()) break;
      RETURN_IF_ERROR(Gather(ids, {}, entries));
    }
    if (text_) RETURN_IF_ERROR(KeepText(entries));
    return LeadWalk(order_, std::move(entries), rows_ ? "" : after_);
  }

  // Of what was gathered otherwise.
  Status KeepText(LeadWalk::Gathered& entries) {
    LeadWalk::Gathered kept;
    for (auto& entry : entries) {
      const std::string_view digests =
          std::string_view(entry.second).substr(entry.second.size() - kDigestsSize);
      ASSIGN_OR_RETURN(const bool holds, text_->Holds(EntryTest::Text(digests)));
      if (holds) kept.push_back(std::move(entry));
    }
    entries = std::move(kept);
    return Status::Ok();
  }

  Result<LeadWalk> GatherByFacet() {
    LeadWalk::Gathered entries;
    LeadWalk walk(database_, snapshot_.get(), LeadOrder{}, narrowest_, "", test_,
                  text_ ? &*text_ : nullptr);
    std::vector<LeadId> ids;
    while (true) {
      ASSIGN_OR_RETURN(const bool more, walk.Next());
      if (!more) break;
      ids.push_back(Hex(walk.id()));
    }
    RETURN_IF_ERROR(Gather(ids, {}, entries));
    return LeadWalk(order_, std::move(entries), after_);
  }

  Result<LeadRow> RowOf(const Lead& first) {
    LeadRow row;
    row.key = RowKey(first);
    row.seller = first.listing.seller;
    row.mark = first.suspicion.mark;
    row.mark_name = first.suspicion.mark_name;
    row.score = first.suspicion.score;
    row.first_seen = first.first_seen;
    row.last_seen = first.last_seen;
    row.strongest = first;
    ASSIGN_OR_RETURN(row.decided,
                     FindRecord<RowStanding>(database_, Table::kRows, RowRecordKey(row.key), "row",
                                             snapshot_.get()));
    LeadWalk all = RowWalk(LeadOrder{}, row.key);
    while (true) {
      ASSIGN_OR_RETURN(const bool more, all.Next());
      if (!more || !row.lead_count.Add()) break;
      row.first_seen = std::min(row.first_seen, all.first_seen());
    }
    if (order_.sort != LeadSort::kLastSeen) {
      LeadWalk latest = RowWalk(LeadOrder{LeadSort::kLastSeen}, row.key);
      ASSIGN_OR_RETURN(const bool some, latest.Next());
      if (some) row.last_seen = latest.last_seen();
    }
    return CountUndecided(std::move(row));
  }

  Result<LeadRow> CountUndecided(LeadRow row) const {
    LeadFilter undecided;
    undecided.row = row.key;
    undecided.status = LeadStatus::kNew;
    undecided.silenced = filter_.silenced;
    const EntryTest test(undecided, scope_);
    LeadWalk walk(database_, snapshot_.get(), LeadOrder{},
                  IndexPrefix(Facet::kRowStatus, PairValue(row.key, Name(LeadStatus::kNew))), "",
                  test, nullptr);
    while (true) {
      ASSIGN_OR_RETURN(const bool more, walk.Next());
      if (!more || !row.undecided.Add()) return row;
    }
  }

  const Database& database_;
  const LeadQuery& query_;
  const LeadFilter& filter_;
  const Scope& scope_;
  LeadOrder order_;
  const EntryTest test_;
  const Database::SnapshotHandle snapshot_;
  std::string after_;
  bool rows_ = false;  // that is what is asked for
  std::optional<TextSearch> text_;
  std::string narrowest_;
  uint64_t fewest_ = UINT64_MAX;
};

Result<LeadPage> LeadLists::Leads(const LeadFilter& filter, const Scope& scope,
                                  std::string_view after, size_t max) const {
  Asking asking(*this, filter, scope);
  RETURN_IF_ERROR(asking.Begin(after));
  if (max == 0 || AsksNothing(filter, scope)) return LeadPage();
  return asking.Leads(max);
}

Result<RowPage> LeadLists::Rows(const LeadFilter& filter, const Scope& scope,
                                std::string_view after, size_t max) const {
  Asking asking(*this, filter, scope);
  RETURN_IF_ERROR(asking.Begin(after));
  if (max == 0 || AsksNothing(filter, scope)) return RowPage();
  return asking.Rows(max);
}

Result<LeadCount> LeadLists::Count(const LeadFilter& filter, const Scope& scope) const {
  Asking asking(*this, filter, scope);
  RETURN_IF_ERROR(asking.Begin(""));
  if (AsksNothing(filter, scope)) return LeadCount();
  return asking.Count();
}

}  // namespace cluehound::store
