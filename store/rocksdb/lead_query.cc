#include "store/rocksdb/lead_query.h"

#include <algorithm>
#include <unordered_set>

#include "base/digest.h"
#include "base/text.h"
#include "store/identity.h"
#include "store/record_fields.h"
#include "store/rocksdb/tables.h"

namespace cluehound::store {
namespace {

constexpr size_t kMinPrefix = 6;   // digits of a lead's number that people may leave it at
constexpr size_t kReadAhead = 64;  // leads read at a time

bool IsHex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// `next` of a page is the hex of a position; what is not one means the start.
std::string PositionBytes(std::string_view after) {
  std::string bytes = FromHex(after);
  return bytes.size() == kPositionSize ? bytes : "";
}

std::string Next(const Lead& lead) { return Hex(LeadPosition::Of(lead).Bytes()); }

}  // namespace

// The entries of one index that may match, from a position on.
class LeadQuery::Walk {
 public:
  Walk(const Database& database, std::string prefix, std::string_view after,
       const LeadFilter& filter, const Scope& scope, const Snapshot* snapshot)
      : filter_(filter), scope_(scope), prefix_size_(prefix.size()) {
    // Just behind the position, or from the front.
    const std::string begin = after.empty() ? prefix : prefix + std::string(after) + '\0';
    cursor_ = database.Walk(Table::kIndexes, begin, PrefixEnd(std::move(prefix)), snapshot);
  }

  // The next entry; nothing at the end.
  Result<bool> Next() {
    if (started_) cursor_->Next();
    started_ = true;
    for (; cursor_->Valid(); cursor_->Next()) {
      auto position = LeadPosition::Parse(cursor_->key().substr(prefix_size_));
      auto digests = FacetDigests::Parse(cursor_->value());
      if (!position || !digests) return Status::Corruption("an index has an entry that is none");
      if (!digests->MayMatch(filter_, scope_)) continue;
      position_ = *std::move(position);
      digests_ = *std::move(digests);
      return true;
    }
    RETURN_IF_ERROR(cursor_->status());
    return false;
  }
  const LeadPosition& position() const { return position_; }
  const FacetDigests& digests() const { return digests_; }

 private:
  const LeadFilter& filter_;
  const Scope& scope_;
  const size_t prefix_size_;
  std::unique_ptr<Cursor> cursor_;
  bool started_ = false;
  LeadPosition position_;
  FacetDigests digests_;
};

Result<std::vector<std::optional<Lead>>> LeadQuery::Read(const std::vector<LeadId>& ids,
                                                         const Snapshot* snapshot) const {
  std::vector<std::string> keys;
  for (const LeadId& id : ids) keys.push_back(LeadKey(id));
  ASSIGN_OR_RETURN(const auto bodies, database_.MultiGet(Table::kLeads, keys, snapshot));
  ASSIGN_OR_RETURN(const auto activities, database_.MultiGet(Table::kActivity, keys, snapshot));
  std::vector<std::optional<Lead>> leads(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!bodies[i]) continue;
    ASSIGN_OR_RETURN(leads[i], DecodeRecord<Lead>(*bodies[i], "lead " + ids[i]));
    if (!activities[i]) continue;
    ASSIGN_OR_RETURN(const auto activity,
                     DecodeRecord<LeadActivity>(*activities[i], "lead " + ids[i]));
    leads[i]->last_seen = activity.last_seen;
    leads[i]->sightings = activity.sightings;
  }
  return leads;
}

Result<Lead> LeadQuery::Find(std::string_view id, const Scope& scope) const {
  if (id.find('-') != std::string_view::npos) {
    ASSIGN_OR_RETURN(const auto bytes, database_.Get(Table::kIndexes, NumberIndexKey(id)));
    if (!bytes) return Status::NotFound("no lead with the number " + std::string(id));
    return Find(Hex(*bytes), scope);
  }
  const std::string digits = ToAsciiLower(id);
  if (digits.size() < kMinPrefix || digits.size() > 32 || !IsHex(digits)) {
    return Status::InvalidArgument("not the number of a lead: " + digits);
  }
  const auto snapshot = database_.TakeSnapshot();
  const std::string whole = FromHex(digits.substr(0, digits.size() / 2 * 2));
  const auto cursor =
      database_.Walk(Table::kLeads, PlainKey(whole), PrefixEnd(PlainKey(whole)), snapshot.get());
  std::vector<LeadId> found;
  for (; cursor->Valid() && found.size() < 2; cursor->Next()) {
    LeadId lead = Hex(cursor->key().substr(1));
    if (lead.starts_with(digits)) found.push_back(std::move(lead));
  }
  RETURN_IF_ERROR(cursor->status());
  if (found.empty()) return Status::NotFound("no lead " + digits);
  if (found.size() > 1) return Status::InvalidArgument("several leads begin with " + digits);
  ASSIGN_OR_RETURN(auto leads, Read(found, snapshot.get()));
  if (!scope.county.empty() && scope.county != leads[0]->county) {
    return Status::Denied("lead " + found[0] + " is of another county");
  }
  return *std::move(leads[0]);
}

Result<std::vector<Sighting>> LeadQuery::Sightings(std::string_view lead_id, size_t max) const {
  std::vector<Sighting> sightings;
  if (IdBytes(lead_id).empty()) return sightings;
  const std::string prefix = SightingPrefix(lead_id);
  const auto cursor = database_.Walk(Table::kSightings, prefix, PrefixEnd(prefix));
  for (; cursor->Valid() && sightings.size() < max; cursor->Next()) {
    ASSIGN_OR_RETURN(Sighting sighting, DecodeRecord<Sighting>(cursor->value(), "sighting"));
    std::string place(1, kKeyVersion);
    place += cursor->key().substr(prefix.size());
    KeyReader reader(place);
    sighting.lead = lead_id;
    sighting.seen = reader.Descending();
    sighting.page_url = reader.Rest();
    sightings.push_back(std::move(sighting));
  }
  RETURN_IF_ERROR(cursor->status());
  return sightings;
}

Result<std::vector<LeadEntry>> LeadQuery::Entries(std::string_view lead_id, size_t max) const {
  std::vector<LeadEntry> entries;
  if (IdBytes(lead_id).empty()) return entries;
  const std::string prefix = EntryPrefix(lead_id);
  const auto cursor = database_.Walk(Table::kEntries, prefix, PrefixEnd(prefix));
  for (; cursor->Valid() && entries.size() < max; cursor->Next()) {
    ASSIGN_OR_RETURN(LeadEntry entry, DecodeRecord<LeadEntry>(cursor->value(), "entry of a lead"));
    std::string place(1, kKeyVersion);
    place += cursor->key().substr(prefix.size());
    entry.number = UINT64_MAX - KeyReader(place).Number();
    entries.push_back(std::move(entry));
  }
  RETURN_IF_ERROR(cursor->status());
  return entries;
}

Result<std::vector<Silence>> LeadQuery::Silences() const {
  std::vector<Silence> silences;
  const auto cursor = database_.Walk(Table::kSilences, NumberKey(0), PrefixEnd(PlainKey("")));
  for (; cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(Silence silence, DecodeRecord<Silence>(cursor->value(), "silence"));
    silences.push_back(std::move(silence));
  }
  RETURN_IF_ERROR(cursor->status());
  return silences;
}

Result<std::vector<LeadId>> LeadQuery::Silenced(uint64_t silence, size_t max) const {
  std::vector<LeadId> leads;
  const std::string prefix = SilencedPrefix(silence);
  const auto cursor = database_.Walk(Table::kIndexes, prefix, PrefixEnd(prefix));
  for (; cursor->Valid() && leads.size() < max; cursor->Next())
    leads.push_back(Hex(cursor->key().substr(prefix.size())));
  RETURN_IF_ERROR(cursor->status());
  return leads;
}

Result<std::vector<LeadId>> LeadQuery::ComeBack(Instant now, size_t max) const {
  std::vector<LeadId> leads;
  const std::string prefix = DeferredPrefix();
  const auto cursor = database_.Walk(Table::kIndexes, prefix, PrefixEnd(prefix));
  for (; cursor->Valid() && leads.size() < max; cursor->Next()) {
    auto entry = ParseDeferredKey(cursor->key());
    if (!entry) return Status::Corruption("the index of deferrals has an entry that is none");
    if (entry->first > now) break;
    leads.push_back(std::move(entry->second));
  }
  RETURN_IF_ERROR(cursor->status());
  return leads;
}

Result<std::string> LeadQuery::NarrowestIndex(const LeadFilter& filter, const Scope& scope,
                                              const Snapshot* snapshot) const {
  if (!filter.row.empty())
    return IndexPrefix(Facet::kRow, filter.row);  // one seller's leads of one mark
  std::string narrowest = IndexPrefix(Facet::kAll, "");
  uint64_t fewest = UINT64_MAX;
  for (const Facet facet : kQueryFacets) {
    const auto asked = Asked(filter, scope, facet);
    if (!asked || asked->empty()) continue;  // there is no index of what has no value
    ASSIGN_OR_RETURN(const auto count,
                     FindRecord<CountRecord>(database_, Table::kMeta, CountKey(facet, *asked),
                                             "count", snapshot));
    const uint64_t leads = count ? count->count : 0;
    if (leads >= fewest) continue;
    fewest = leads;
    narrowest = IndexPrefix(facet, *asked);
  }
  return narrowest;
}

Result<LeadPage> LeadQuery::Leads(const LeadFilter& filter, const Scope& scope,
                                  std::string_view after, size_t max) const {
  if (!filter.cluster.empty()) return ClusterLeads(filter, scope, after, max);
  LeadPage page;
  if (max == 0) return page;
  const auto snapshot = database_.TakeSnapshot();
  ASSIGN_OR_RETURN(std::string index, NarrowestIndex(filter, scope, snapshot.get()));
  Walk walk(database_, std::move(index), PositionBytes(after), filter, scope, snapshot.get());
  bool more = true;
  while (more) {
    std::vector<LeadId> ids;
    while (ids.size() < std::min(kReadAhead, max + 1 - page.leads.size())) {
      ASSIGN_OR_RETURN(more, walk.Next());
      if (!more) break;
      ids.push_back(walk.position().id);
    }
    ASSIGN_OR_RETURN(auto leads, Read(ids, snapshot.get()));
    for (auto& lead : leads) {
      if (!lead || !Matches(*lead, filter, scope)) continue;
      if (page.leads.size() == max) {
        page.next = Next(page.leads.back());
        return page;
      }
      page.leads.push_back(*std::move(lead));
    }
  }
  return page;
}

Result<LeadRow> LeadQuery::RowOf(const Lead& strongest, const LeadFilter& filter,
                                 const Scope& scope, const Snapshot* snapshot) const {
  LeadRow row;
  row.key = RowKey(strongest);
  row.seller = strongest.listing.seller;
  row.mark = strongest.suspicion.mark;
  row.mark_name = strongest.suspicion.mark_name;
  row.score = strongest.suspicion.score;
  row.first_seen = strongest.first_seen;
  row.last_seen = strongest.last_seen;
  row.strongest = strongest;
  ASSIGN_OR_RETURN(row.decided, FindRecord<RowStanding>(database_, Table::kRows,
                                                        RowRecordKey(row.key), "row", snapshot));
  LeadFilter any;
  any.row = row.key;
  any.silenced = filter.silenced;
  Walk walk(database_, IndexPrefix(Facet::kRow, row.key), "", any, scope, snapshot);
  std::vector<std::string> keys;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, walk.Next());
    if (more && walk.digests().Is(Facet::kStatus, Name(LeadStatus::kNew))) ++row.undecided;
    if (more) {
      if (!walk.digests().MayMatch(filter, scope)) continue;
      ++row.lead_count;
      row.first_seen = std::min(row.first_seen, walk.position().first_seen);
      keys.push_back(LeadKey(walk.position().id));
      if (keys.size() < kReadAhead) continue;
    }
    ASSIGN_OR_RETURN(const auto activities, database_.MultiGet(Table::kActivity, keys, snapshot));
    for (const auto& bytes : activities) {
      if (!bytes) continue;
      ASSIGN_OR_RETURN(const auto activity,
                       DecodeRecord<LeadActivity>(*bytes, "activity of a lead"));
      row.last_seen = std::max(row.last_seen, activity.last_seen);
    }
    keys.clear();
    if (!more) return row;
  }
}

Result<RowPage> LeadQuery::Rows(const LeadFilter& filter, const Scope& scope,
                                std::string_view after, size_t max) const {
  if (!filter.cluster.empty()) return ClusterRows(filter, scope, after, max);
  RowPage page;
  if (max == 0) return page;
  const auto snapshot = database_.TakeSnapshot();
  ASSIGN_OR_RETURN(std::string index, NarrowestIndex(filter, scope, snapshot.get()));
  Walk walk(database_, std::move(index), PositionBytes(after), filter, scope, snapshot.get());
  std::unordered_set<std::string> met;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, walk.Next());
    if (!more) return page;
    if (!met.insert(walk.digests().row).second) continue;
    // The row stands where its strongest lead does; met further down, it was on an earlier page.
    Walk row(database_, IndexPrefix(Facet::kRow, walk.digests().row), "", filter, scope,
             snapshot.get());
    ASSIGN_OR_RETURN(const bool some, row.Next());
    if (!some || row.position().id != walk.position().id) continue;
    ASSIGN_OR_RETURN(const auto leads, Read({walk.position().id}, snapshot.get()));
    if (!leads[0] || !Matches(*leads[0], filter, scope)) continue;
    if (page.rows.size() == max) {
      page.next = Next(page.rows.back().strongest);
      return page;
    }
    ASSIGN_OR_RETURN(LeadRow made, RowOf(*leads[0], filter, scope, snapshot.get()));
    page.rows.push_back(std::move(made));
  }
}

}  // namespace cluehound::store
