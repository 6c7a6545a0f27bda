#include "store/rocksdb/lead_query.h"

#include "base/digest.h"
#include "base/text.h"
#include "store/record_fields.h"
#include "store/rocksdb/lead_index.h"
#include "store/rocksdb/tables.h"

namespace cluehound::store {
namespace {

constexpr size_t kMinPrefix = 6;  // digits of a lead's number that people may leave it at

bool IsHex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

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

}  // namespace cluehound::store
