#include "store/rocksdb/lead_lists.h"

#include <algorithm>
#include <map>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/digest.h"
#include "store/identity.h"
#include "store/order_key.h"
#include "store/record_fields.h"
#include "store/rocksdb/cluster_members.h"
#include "store/rocksdb/tables.h"
#include "store/search_text.h"

namespace cluehound::store {
namespace {

constexpr size_t kReadAhead = 64;  // leads read at a time
// Leads that are few are gathered and sorted rather than met by chance along another order. What it
// costs to read a record somewhere, in steps along an index (some 18 µs, and a third of one); and how
// many are gathered at most.
constexpr uint64_t kStepsToRead = 60;
constexpr uint64_t kMaxGathered = 5000;
// What the postings of a score cost in a segment, in steps, and about how many scores leads have.
constexpr uint64_t kStepsOfPostings = 3;
constexpr uint64_t kScores = 60;
// So many are met once to count all rows of a page, rather than each row by itself.
constexpr uint64_t kMaxPass = 20'000;  // or so many to find the rows of a seller

LeadCount Exactly(uint64_t leads) {
  return leads > LeadCount::kLimit ? LeadCount{LeadCount::kLimit, true}
                                   : LeadCount{static_cast<uint32_t>(leads), false};
}

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
        snapshot_(database_.TakeSnapshot()) {
    if (!filter.tag.empty()) tag_.emplace(database_, snapshot_.get(), filter.tag);
  }

  // Before anything else.
  Status Begin(std::string_view after) {
    ASSIGN_OR_RETURN(after_, order_.Parse(after));
    ASSIGN_OR_RETURN(auto words, SearchWords(filter_.text));
    if (!words.empty()) {
      ASSIGN_OR_RETURN(text_, TextSearch::Run(database_, snapshot_.get(), std::move(words)));
    }
    return ChooseIndex();
  }

  // Along the leads that are asked for, from `after` on. `wanted`: how many are, about.
  Result<LeadWalk> Walk(size_t wanted) {
    if (!filter_.cluster.empty()) return GatherByCluster(UINT64_MAX);
    ASSIGN_OR_RETURN(const uint64_t all, CountAll());
    const bool last_seen = order_.sort == LeadSort::kLastSeen;
    const uint64_t walked = last_seen ? all : std::min(fewest_, all);
    if (text_) {
      switch (PlanForText(all, walked, wanted)) {
        case Plan::kGather:
          return GatherByText(UINT64_MAX);
        case Plan::kGatherByScore:
          return GatherByScore();
        case Plan::kWalk:
          break;
      }
    }
    if (last_seen) {
      if (!filter_.row.empty()) return Along(order_.RowIndex(filter_.row));
      if (of_seller_ && fewest_ <= kMaxPass) {
        ASSIGN_OR_RETURN(const auto rows, RowsAlong(narrowest_));
        if (ReadsRather(rows.size(), fewest_, walked, wanted)) return MergeRows(rows);
      } else if (fewest_ <= kMaxGathered && ReadsRather(fewest_, fewest_, walked, wanted)) {
        return GatherByFacet();
      }
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
    ASSIGN_OR_RETURN(LeadWalk walk, Walk(max));
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
    ASSIGN_OR_RETURN(LeadWalk walk, Walk(max));
    std::unordered_set<std::string> met;
    bool more = true;
    while (more) {
      std::vector<LeadId> ids;
      std::vector<std::string> rows;
      while (ids.size() < std::min(kReadAhead, max + 1 - page.rows.size())) {
        ASSIGN_OR_RETURN(more, NextRow(walk, met));
        if (!more) break;
        ids.push_back(Hex(walk.id()));
        rows.push_back(Hex(EntryTest::Row(walk.digests())));
      }
      ASSIGN_OR_RETURN(const auto leads, query_.Read(ids, snapshot_.get()));
      ASSIGN_OR_RETURN(const auto tallies, Records<RowTally>(Table::kMeta, rows, RowTallyKey));
      ASSIGN_OR_RETURN(const auto decided, Records<RowStanding>(Table::kRows, rows, RowRecordKey));
      for (size_t i = 0; i < ids.size(); ++i) {
        if (!leads[i] || !Matches(*leads[i], filter_, scope_)) continue;
        if (page.rows.size() == max) {
          page.next = order_.Next(page.rows.back().strongest);
          return page;
        }
        LeadRow row;
        row.key = rows[i];
        row.strongest = *leads[i];
        row.decided = decided[i];
        RETURN_IF_ERROR(Describe(tallies[i].value_or(RowTally()), row));
        page.rows.push_back(std::move(row));
      }
    }
    return page;
  }

 private:
  // Whether to read so many records is less than to meet `wanted` of few leads along an index of
  // `walked`, of which they are a part: then one stands every walked / few steps.
  static bool ReadsRather(uint64_t reads, uint64_t few, uint64_t walked, size_t wanted) {
    return few == 0 || reads * few * kStepsToRead <= walked * std::min<uint64_t>(wanted, few);
  }

  enum class Plan { kWalk, kGather, kGatherByScore };

  // The cheapest, when what the words say and what else is asked for have nothing to do with each
  // other. `walked`: how many leads the index has that would be walked, of all.
  Plan PlanForText(uint64_t all, uint64_t walked, size_t wanted) const {
    const auto candidates = static_cast<double>(text_->candidates());
    const double found = candidates * static_cast<double>(std::min(fewest_, all)) /
                         static_cast<double>(std::max<uint64_t>(all, 1));
    const double share = std::min(1.0, static_cast<double>(wanted) / std::max(found, 1.0));
    const double postings = static_cast<double>(text_->segments() * kStepsOfPostings);
    const double walk = static_cast<double>(walked) * share;
    // In order of sightings the leads are read, too.
    const double reads = order_.sort == LeadSort::kScore ? 1 : 2;
    const double gather = candidates * kStepsToRead * reads;
    const double by_score = gather * share + postings * (1 + kScores * share);
    if (candidates <= kMaxGathered && gather <= std::min(walk, by_score)) return Plan::kGather;
    return order_.sort == LeadSort::kScore && by_score < walk ? Plan::kGatherByScore : Plan::kWalk;
  }

  Result<uint64_t> CountAll() const {
    ASSIGN_OR_RETURN(
        const auto counters,
        FindRecord<Counters>(database_, Table::kMeta, CountersKey(), "counters", snapshot_.get()));
    return counters ? counters->leads : 0;
  }

  Status ChooseIndex() {
    narrowest_ = IndexPrefix(Facet::kAll, "");
    if (!filter_.row.empty()) {  // one seller's leads of one mark
      narrowest_ = InsideRow(filter_.row);
      return Status::Ok();
    }
    for (const FacetPlace& place : PlacesFor(filter_, scope_)) {
      ASSIGN_OR_RETURN(const auto count, FindRecord<CountRecord>(database_, Table::kMeta,
                                                                 CountKey(place.facet, place.value),
                                                                 "count", snapshot_.get()));
      const uint64_t leads = count ? count->count : 0;
      if (leads >= fewest_) continue;
      fewest_ = leads;
      of_seller_ = place.facet == Facet::kSeller;
      narrowest_ = IndexPrefix(place.facet, place.value);
    }
    return Status::Ok();
  }

  LeadWalk AlongIn(LeadOrder order, std::string prefix, std::string_view after) {
    return LeadWalk(database_, snapshot_.get(), order, std::move(prefix), after, test_,
                    text_ ? &*text_ : nullptr, tag_ ? &*tag_ : nullptr);
  }
  LeadWalk Along(std::string prefix) { return AlongIn(order_, std::move(prefix), after_); }

  LeadWalk RowWalk(LeadOrder order, std::string_view row) {
    return AlongIn(order, order.RowIndex(row), "");
  }

  // Where a lead stands in every index that has it. `place`: kPlaceSize.
  static std::string PositionAt(std::string_view place, const LeadId& id) {
    return std::string(place.substr(0, kPlaceHead)) + IdBytes(id);
  }

  // But for the text.
  Result<bool> Fits(const LeadId& id, std::string_view place) const {
    if (!test_.May(ScoreAt(place), DigestsAt(place))) return false;
    return tag_ ? tag_->Holds(PositionAt(place, id)) : Result<bool>(true);
  }

  // Adds those that match, with what the walk would say of them.
  Status Gather(const std::vector<LeadId>& ids, LeadWalk::Gathered& entries) const {
    std::vector<std::string> keys;
    for (const LeadId& id : ids) keys.push_back(LeadKey(id));
    ASSIGN_OR_RETURN(const auto records,
                     database_.MultiGet(Table::kActivity, keys, snapshot_.get()));
    for (size_t i = 0; i < ids.size(); ++i) {
      if (!records[i]) continue;
      ASSIGN_OR_RETURN(const auto activity,
                       DecodeRecord<LeadActivity>(*records[i], "activity of a lead"));
      if (activity.place.size() != kPlaceSize) continue;
      ASSIGN_OR_RETURN(const bool fits, Fits(ids[i], activity.place));
      if (!fits) continue;
      if (order_.sort == LeadSort::kScore) {
        entries.emplace_back(PositionAt(activity.place, ids[i]), DigestsAt(activity.place));
      } else {
        entries.emplace_back(LastSeenBytes(activity.last_seen, ids[i]), activity.place);
      }
    }
    return Status::Ok();
  }

  // The same; only their last sighting is not known yet.
  Status Gather(const std::vector<TextSearch::Found>& texts, LeadWalk::Gathered& entries) const {
    std::vector<LeadId> to_read;
    for (const auto& [id, place] : texts) {
      ASSIGN_OR_RETURN(const bool fits, Fits(id, place));
      if (!fits) continue;
      if (order_.sort == LeadSort::kScore) {
        entries.emplace_back(PositionAt(place, id), DigestsAt(place));
      } else {
        to_read.push_back(id);
      }
    }
    return to_read.empty() ? Status::Ok() : Gather(to_read, entries);
  }

  Result<LeadWalk> GatherByText(uint64_t max) {
    LeadWalk::Gathered entries;
    uint64_t after = 0;
    bool more = true;
    while (more && entries.size() < max) {
      std::vector<TextSearch::Found> texts;
      ASSIGN_OR_RETURN(more, text_->Texts(after, kReadAhead * 4, texts));
      RETURN_IF_ERROR(Gather(texts, entries));
    }
    return LeadWalk(order_, std::move(entries), after_);
  }

  // The strongest first, as many as are met: the walk must not outlive this.
  Result<LeadWalk> GatherByScore() {
    const int first = after_.empty() ? 255 : 255 - static_cast<uint8_t>(after_[0]);
    return LeadWalk(
        order_,
        // `highest`: score of what was not gathered yet.
        [this, highest = first]() mutable -> Result<std::optional<LeadWalk::Gathered>> {
          std::optional<LeadWalk::Gathered> part;
          if (highest < std::max(0, filter_.score_from)) return part;
          ASSIGN_OR_RETURN(const auto texts, text_->Strongest(highest));
          if (texts.empty()) return part;
          part.emplace();
          RETURN_IF_ERROR(Gather(texts, *part));
          return part;
        },
        after_);
  }

  // Rows must be met from the front: see Rows().
  Result<LeadWalk> GatherByCluster(uint64_t max) {
    LeadWalk::Gathered entries;
    ClusterMembers members(database_, filter_.cluster, snapshot_.get());
    while (entries.size() < max) {
      ASSIGN_OR_RETURN(const auto ids, members.Next(kReadAhead * 4));
      if (ids.empty()) break;
      RETURN_IF_ERROR(Gather(ids, entries));
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
    LeadWalk walk = AlongIn(LeadOrder{}, narrowest_, "");
    std::vector<LeadId> ids;
    while (true) {
      ASSIGN_OR_RETURN(const bool more, walk.Next());
      if (!more) break;
      ids.push_back(Hex(walk.id()));
    }
    RETURN_IF_ERROR(Gather(ids, entries));
    return LeadWalk(order_, std::move(entries), after_);
  }

  // The rows of the leads along an index that are asked for, but for words and tags.
  Result<std::unordered_set<std::string>> RowsAlong(const std::string& index) const {
    std::unordered_set<std::string> rows;
    LeadWalk walk(database_, snapshot_.get(), LeadOrder{}, index, "", test_, nullptr, nullptr);
    while (true) {
      ASSIGN_OR_RETURN(const bool more, walk.Next());
      if (!more) return rows;
      rows.insert(std::string(EntryTest::Row(walk.digests())));
    }
  }

  // The leads of some rows in the order of sightings: of each row the next one waits in a queue. The
  // walk must not outlive this.
  Result<LeadWalk> MergeRows(const std::unordered_set<std::string>& rows) {
    inside_.emplace(AlongIn(order_, RowLastSeenIndex(), ""));
    for (const std::string& row : rows)
      RETURN_IF_ERROR(Await(IndexPrefix(Facet::kRowLastSeen, Hex(row)), after_));
    return LeadWalk(
        order_,
        [this]() -> Result<std::optional<LeadWalk::Gathered>> {
          if (waiting_.empty()) return std::optional<LeadWalk::Gathered>();
          auto next = waiting_.extract(waiting_.begin());
          RETURN_IF_ERROR(Await(std::move(next.mapped().second), next.key()));
          return std::make_optional<LeadWalk::Gathered>(
              {{std::move(next.key()), std::move(next.mapped().first)}});
        },
        after_);
  }

  // The first lead behind a place of a row that is asked for.
  Status Await(std::string row_index, std::string_view after) {
    inside_->Turn(row_index, after);
    ASSIGN_OR_RETURN(const bool some, inside_->Next());
    if (!some) return Status::Ok();
    auto [place, value] = inside_->Entry();
    waiting_.try_emplace(std::move(place), std::move(value), std::move(row_index));
    return Status::Ok();
  }

  // That of all rows.
  static std::string RowLastSeenIndex() {
    return KeyWriter().Byte(static_cast<uint8_t>(Facet::kRowLastSeen)).Take();
  }

  // To the first lead of the next row that begins behind `after_`; false at the end.
  Result<bool> NextRow(LeadWalk& walk, std::unordered_set<std::string>& met) {
    while (true) {
      ASSIGN_OR_RETURN(const bool more, walk.Next());
      if (!more) return false;
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
      return true;
    }
  }

  // What a table holds of each of the rows.
  template <class T>
  Result<std::vector<std::optional<T>>> Records(Table table, const std::vector<std::string>& rows,
                                                std::string (*key_of)(std::string_view)) const {
    std::vector<std::string> keys;
    for (const std::string& row : rows) keys.push_back(key_of(row));
    ASSIGN_OR_RETURN(const auto found, database_.MultiGet(table, keys, snapshot_.get()));
    std::vector<std::optional<T>> records(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      if (!found[i]) continue;
      ASSIGN_OR_RETURN(records[i], DecodeRecord<T>(*found[i], "row " + rows[i]));
    }
    return records;
  }

  // The narrowest index of what the filter asks for inside a row.
  std::string InsideRow(std::string_view row) const {
    return filter_.status ? IndexPrefix(Facet::kRowStatus, PairValue(row, Name(*filter_.status)))
                          : IndexPrefix(Facet::kRow, row);
  }

  // All but its key, its strongest lead and the decision on it, which are there.
  Status Describe(const RowTally& tally, LeadRow& row) {
    const Lead& first = row.strongest;
    row.seller = first.listing.seller;
    row.mark = first.suspicion.mark;
    row.mark_name = first.suspicion.mark_name;
    row.score = first.suspicion.score;
    RETURN_IF_ERROR(DescribeWhole(tally, row));
    ASSIGN_OR_RETURN(row.lead_count, CountInRow(tally, row));
    return Status::Ok();
  }

  // What is said of the row whatever the filter leaves out, but for scope and silences.
  Status DescribeWhole(const RowTally& tally, LeadRow& row) {
    LeadFilter whole;
    whole.row = row.key;
    whole.silenced = filter_.silenced;
    const EntryTest test(whole, scope_);
    const auto walk = [&](LeadOrder order) {
      return LeadWalk(database_, snapshot_.get(), order, order.RowIndex(row.key), "", test, nullptr,
                      nullptr);
    };
    row.first_seen = row.strongest.first_seen;
    row.last_seen = row.strongest.last_seen;
    LeadFilter everything;
    everything.silenced = LeadFilter::Silenced::kShown;
    const bool seen_whole = CountIn(tally, whole, scope_) == CountIn(tally, everything, {});
    if (seen_whole) {
      ASSIGN_OR_RETURN(row.last_seen, LastSeenOf(row));
    } else {
      LeadWalk latest = walk(LeadOrder{LeadSort::kLastSeen});
      ASSIGN_OR_RETURN(const bool some, latest.Next());
      if (some) row.last_seen = latest.last_seen();
    }
    if (seen_whole && tally.first_seen) {
      row.first_seen = *tally.first_seen;
    } else {
      LeadCount met;
      LeadWalk all = walk(LeadOrder{});
      while (true) {
        ASSIGN_OR_RETURN(const bool more, all.Next());
        if (!more || !met.Add()) break;
        row.first_seen = std::min(row.first_seen, all.first_seen());
      }
    }
    whole.status = LeadStatus::kNew;
    row.undecided = Exactly(CountIn(tally, whole, scope_).value_or(0));
    return Status::Ok();
  }

  // Of all its leads. One cursor serves all rows: to make one costs more than to move it.
  Result<Instant> LastSeenOf(const LeadRow& row) {
    if (!last_seen_) {
      const std::string all = RowLastSeenIndex();
      last_seen_ = database_.Walk(Table::kIndexes, all, PrefixEnd(all), snapshot_.get());
    }
    const std::string prefix = IndexPrefix(Facet::kRowLastSeen, row.key);
    last_seen_->Seek(prefix);
    RETURN_IF_ERROR(last_seen_->status());
    if (!last_seen_->Valid() || !last_seen_->key().starts_with(prefix))
      return row.strongest.last_seen;
    std::string time(1, kKeyVersion);
    time += last_seen_->key().substr(prefix.size(), 8);
    return KeyReader(time).Descending();
  }

  // The leads of the row that the filter asks for; of a cluster's rows all leads.
  Result<LeadCount> CountInRow(const RowTally& tally, const LeadRow& row) {
    if (const auto known = CountIn(tally, filter_, scope_)) return Exactly(*known);
    if (filter_.cluster.empty() && (fewest_ <= kMaxPass || HasFewTexts())) {
      RETURN_IF_ERROR(CountRows());
      return row_counts_[FromHex(row.key)];
    }
    LeadCount count;
    LeadWalk inside = AlongIn(LeadOrder{}, InsideRow(row.key), "");
    while (true) {
      ASSIGN_OR_RETURN(const bool more, inside.Next());
      if (!more || !count.Add()) return count;
    }
  }

  bool HasFewTexts() const {
    return text_ && text_->candidates() <= std::min(fewest_, kMaxPass / kStepsToRead);
  }

  // All rows at once, along all that the filter asks for.
  Status CountRows() {
    if (!row_counts_.empty()) return Status::Ok();
    const LeadOrder order = std::exchange(order_, LeadOrder{});
    std::string after = std::exchange(after_, "");
    auto walk = HasFewTexts() ? GatherByText(UINT64_MAX) : Along(narrowest_);
    order_ = order;
    after_ = std::move(after);
    RETURN_IF_ERROR(walk.status());
    while (true) {
      ASSIGN_OR_RETURN(const bool more, walk->Next());
      if (!more) return Status::Ok();
      row_counts_[std::string(EntryTest::Row(walk->digests()))].Add();
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
  std::optional<TagTest> tag_;
  std::string narrowest_;
  uint64_t fewest_ = UINT64_MAX;
  bool of_seller_ = false;          // narrowest_ is an index of a seller
  std::optional<LeadWalk> inside_;  // one row after the other, in the order of sightings
  // Of rows that are merged, by place: the value of the next lead, and the index of its row.
  std::map<std::string, std::pair<std::string, std::string>> waiting_;
  std::unique_ptr<Cursor> last_seen_;                      // along the last sightings of all rows
  std::unordered_map<std::string, LeadCount> row_counts_;  // by the 8 bytes of the row
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
