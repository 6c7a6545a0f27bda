#include "store/rocksdb/staging.h"

#include <algorithm>

#include "base/digest.h"
#include "base/work_calendar.h"
#include "store/lead_fact.h"
#include "store/lead_note.h"
#include "store/recheck.h"
#include "store/rocksdb/log_tree.h"
#include "store/rocksdb/rocksdb_figures.h"
#include "store/rocksdb/text_postings.h"
#include "store/seal.h"
#include "store/search_text.h"

namespace cluehound::store {
namespace {

bool HasListings(const std::optional<PageState>& page) { return page && page->listing_count > 0; }

}  // namespace

Staging::Staging(const Database& database, const Counters& counters)
    : database_(database),
      counters_(counters),
      counters_before_(counters),
      pages_(database, Table::kPages, "page"),
      addresses_(database, Table::kAddresses, "address"),
      aliases_(database, Table::kAliases, "alias"),
      listings_(database, Table::kAliases, "listing"),
      leads_(database, Table::kLeads, "lead"),
      activity_(database, Table::kActivity, "activity of a lead"),
      sightings_(database, Table::kSightings, "sighting"),
      requests_(database, Table::kRequests, "request"),
      sources_(database, Table::kMeta, "source"),
      campaign_starts_(database, Table::kMeta, "campaign start"),
      counts_(database, Table::kMeta, "count"),
      tallies_(database, Table::kMeta, "tally of a row"),
      figures_(database, Table::kFigures, "figure"),
      silences_(database, Table::kSilences, "silence"),
      papers_(database, Table::kPapers, "paper"),
      paper_keys_(database, Table::kPapers, "key of a paper"),
      sheet_(database) {
  Begin();
}

void Staging::Begin() {
  pages_.Keep();
  addresses_.Keep();
  aliases_.Keep();
  listings_.Keep();
  leads_.Keep();
  activity_.Keep();
  sightings_.Keep();
  requests_.Keep();
  sources_.Keep();
  campaign_starts_.Keep();
  counts_.Keep();
  figures_.Keep();
  silences_.Keep();
  papers_.Keep();
  paper_keys_.Keep();
  sheet_.Keep();
  mark_ = {changes_.size(), plain_.size(), outbox_.size(), audit_.size(), counters_};
}

void Staging::Rollback() {
  pages_.Rollback();
  addresses_.Rollback();
  aliases_.Rollback();
  listings_.Rollback();
  leads_.Rollback();
  activity_.Rollback();
  sightings_.Rollback();
  requests_.Rollback();
  sources_.Rollback();
  campaign_starts_.Rollback();
  counts_.Rollback();
  figures_.Rollback();
  silences_.Rollback();
  papers_.Rollback();
  paper_keys_.Rollback();
  sheet_.Rollback();
  changes_.resize(mark_.changes);
  plain_.resize(mark_.plain);
  outbox_.resize(mark_.outbox);
  audit_.resize(mark_.audit);
  counters_ = mark_.counters;
}

Status Staging::Preload(const std::vector<std::string>& page_urls,
                        const std::vector<std::string>& address_urls) {
  const auto keys_of = [](const std::vector<std::string>& urls) {
    std::vector<std::string> keys;
    keys.reserve(urls.size());
    for (const std::string& url : urls) keys.push_back(AddressKey(url));
    std::sort(keys.begin(), keys.end());  // neighbours share blocks
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
  };
  RETURN_IF_ERROR(pages_.Preload(keys_of(page_urls)));
  return addresses_.Preload(keys_of(address_urls));
}

Status Staging::PutPage(std::string_view url, const std::optional<PageState>& before,
                        const PageState& after) {
  counters_.pages += after.read_before() ? 1 : 0;
  counters_.listings += after.listing_count;
  if (before) {
    counters_.pages -= before->read_before() ? 1 : 0;
    counters_.listings -= before->listing_count;
  }
  const bool moved =
      HasListings(before) && HasListings(after) && before->rule_set == after.rule_set;
  if (!moved && HasListings(before)) {
    Delete(Table::kIndexes, StalePageKey(before->rule_set, url));
    RETURN_IF_ERROR(AddTo(counts_, RuleSetCountKey(before->rule_set), -1));
  }
  if (!moved && HasListings(after)) {
    Put(Table::kIndexes, StalePageKey(after.rule_set, url), "");
    RETURN_IF_ERROR(AddTo(counts_, RuleSetCountKey(after.rule_set), 1));
  }
  pages_.Put(AddressKey(url), after);
  return Status::Ok();
}

void Staging::PutListings(std::string_view url, std::optional<std::string> bytes) {
  plain_.push_back({Table::kListings, AddressKey(url), std::move(bytes)});
}

void Staging::Change(Reschedule change) {
  if (!change.before) ++counters_.addresses;
  addresses_.Put(AddressKey(change.url), change.after);
  changes_.push_back(std::move(change));
}

Result<std::optional<AliasRecord>> Staging::FindAlias(const std::string& name_space,
                                                      const std::string& alias) {
  return aliases_.Find(AliasKey(name_space, alias));
}

Result<std::optional<ListingRecord>> Staging::FindListing(const ListingIdentity& identity) {
  return listings_.Find(ListingKey(identity));
}

void Staging::PutAlias(const std::string& name_space, const std::string& alias,
                       const AliasRecord& record) {
  aliases_.Put(AliasKey(name_space, alias), record);
}

void Staging::PutListing(const ListingIdentity& identity, const ListingRecord& record) {
  listings_.Put(ListingKey(identity), record);
}

Result<std::optional<Lead>> Staging::FindLead(const LeadId& id) {
  const std::string key = LeadKey(id);
  ASSIGN_OR_RETURN(auto lead, leads_.Find(key));
  if (!lead) return lead;
  ASSIGN_OR_RETURN(const auto activity, activity_.Find(key));
  if (activity) {
    lead->last_seen = activity->last_seen;
    lead->sightings = activity->sightings;
  }
  return lead;
}

Status Staging::PutLead(const Lead& lead) {
  const std::string key = LeadKey(lead.id);
  ASSIGN_OR_RETURN(auto known, leads_.Find(key));
  if (!known) ++counters_.leads;
  leads_before_.try_emplace(
      key, std::move(known));  // the first change of the group sees what the database has
  const bool watched = IsWatched(lead);
  ASSIGN_OR_RETURN(auto activity, activity_.Find(key));
  const bool rechecked = IsRechecked(lead);
  if (watched != (activity && activity->watched) ||
      rechecked != (activity && activity->rechecked)) {
    if (!activity) activity.emplace();
    activity->watched = watched;
    activity->rechecked = rechecked;
    PutActivity(key, *std::move(activity));
  }
  Lead body = lead;
  body.last_seen = {};
  body.sightings = 0;
  leads_.Put(key, std::move(body));
  return Status::Ok();
}

Status Staging::Index(const std::string& key, const Lead& lead) {
  indexes_only_ = true;
  leads_before_.try_emplace(key, std::nullopt);
  leads_.Put(key, lead);
  ASSIGN_OR_RETURN(auto activity, activity_.Find(key));
  if (!activity) activity.emplace();
  activity->place.clear();
  activity->text_number = 0;
  activity->rechecked = IsRechecked(lead);
  PutActivity(key, *std::move(activity));
  activity_before_[key] = std::nullopt;
  return Status::Ok();
}

Result<uint32_t> Staging::See(const Sighting& sighting) {
  const std::string key = LeadKey(sighting.lead);
  const std::string sighting_key = SightingKey(sighting);
  ASSIGN_OR_RETURN(auto activity, activity_.Find(key));
  if (!activity) activity.emplace();
  if (activity->last_seen >= sighting.seen) {  // only then may it be known
    ASSIGN_OR_RETURN(const auto known, sightings_.Find(sighting_key));
    if (known) return uint32_t{0};
  }
  sightings_.Put(sighting_key, sighting);
  ++activity->sightings;
  if (activity->sightings > 1 && OfficeDay(sighting.seen) > OfficeDay(activity->last_seen))
    SendFact(sighting.lead);  // sellers know the day on which they were last seen
  activity->last_seen = std::max(activity->last_seen, sighting.seen);
  PutActivity(key, *std::move(activity));
  ++counters_.sightings;
  return uint32_t{1};
}

void Staging::PutActivity(const std::string& key, LeadActivity activity) {
  const auto* known = activity_.Peek(key);  // whoever changes it has read it
  activity_before_.try_emplace(key, known == nullptr ? std::nullopt : *known);
  activity_.Put(key, std::move(activity));
}

Result<bool> Staging::Watched(const LeadId& id) {
  ASSIGN_OR_RETURN(const auto activity, activity_.Find(LeadKey(id)));
  return activity && activity->watched;
}

Result<bool> Staging::Rechecked(const LeadId& id) {
  ASSIGN_OR_RETURN(const auto activity, activity_.Find(LeadKey(id)));
  return activity && activity->rechecked;
}

void Staging::PutEntry(const LeadId& lead, const LeadEntry& entry) {
  Put(Table::kEntries, EntryKey(lead, entry.number), EncodeRecord(entry));
}

Result<std::vector<Silence>> Staging::Silences() {
  std::vector<std::string> keys;
  for (uint64_t number = 1; number <= counters_.last_silence; ++number)
    keys.push_back(NumberKey(number));
  std::vector<Silence> silences;
  if (keys.empty()) return silences;
  RETURN_IF_ERROR(silences_.Preload(keys));
  for (const std::string& key : keys) {
    ASSIGN_OR_RETURN(auto silence, silences_.Find(key));
    if (silence) silences.push_back(*std::move(silence));
  }
  return silences;
}

Result<uint64_t> Staging::NextNumber(const std::string& prefix, int year) {
  const std::string key = LastNumberKey(prefix, year);
  ASSIGN_OR_RETURN(const auto known, counts_.Find(key));
  const CountRecord next{known ? known->count + 1 : 1};
  counts_.Put(key, next);
  return next.count;
}

void Staging::Audit(AuditEntry entry) {
  entry.number = ++counters_.last_audit;
  audit_.push_back({std::move(entry), {}});
}

void Staging::Send(OutboxEntry entry) {
  outbox_.emplace_back(++counters_.last_outbox, std::move(entry));
}

Status Staging::AddTo(Overlay<CountRecord>& counts, const std::string& key, int64_t by) {
  ASSIGN_OR_RETURN(auto known, counts.Find(key));
  CountRecord record = known.value_or(CountRecord());
  record.count += static_cast<uint64_t>(by);
  counts.Put(key, record.count == 0 ? std::nullopt : std::optional<CountRecord>(record));
  return Status::Ok();
}

Status Staging::Tally(const std::vector<Figure>& figures, int64_t by) {
  for (const Figure& figure : figures) {
    const int64_t count = static_cast<int64_t>(figure.count) * by;
    RETURN_IF_ERROR(AddTo(figures_, FigureKey(figure), count));
  }
  return Status::Ok();
}

Status Staging::CountPlaces(const std::vector<FacetPlace>& places, int64_t by) {
  for (const FacetPlace& place : places) {
    if (!IsCounted(place.facet)) continue;
    RETURN_IF_ERROR(AddTo(counts_, CountKey(place.facet, place.value), by));
  }
  return Status::Ok();
}

Status Staging::CountRow(const Lead& lead, const std::optional<Lead>& before) {
  const std::string key = RowTallyKey(RowKey(lead));
  const std::string key_before = before ? RowTallyKey(RowKey(*before)) : "";
  if (key == key_before && CountAlike(*before, lead)) return Status::Ok();
  ASSIGN_OR_RETURN(auto tally, tallies_.Find(key));
  Enter(lead, tally);  // first, so that a row does not lose its only lead on the way
  if (key == key_before) {
    const auto first_seen = tally->first_seen;
    Leave(*before, tally);
    if (before->first_seen == lead.first_seen) tally->first_seen = first_seen;
  } else if (before) {
    ASSIGN_OR_RETURN(auto left, tallies_.Find(key_before));
    Leave(*before, left);
    tallies_.Put(key_before, left);
  }
  tallies_.Put(key, tally);
  return Status::Ok();
}

void Staging::PutText(const Lead& lead, const std::optional<Lead>& before, LeadActivity& activity) {
  TextRecord record;
  record.lead = lead.id;
  record.text = SearchText(lead);
  const bool stays = activity.text_number != 0 && before &&
                     before->suspicion.score == lead.suspicion.score &&
                     SearchText(*before) == record.text;
  if (!stays) {
    if (activity.text_number != 0) Delete(Table::kTexts, NumberKey(activity.text_number));
    activity.text_number = ++counters_.last_text;
  }
  std::string place = ActivityPlace(lead, FacetDigests::Of(lead, activity.text_number).Bytes());
  if (stays && place == activity.place) return;
  activity.place = record.place = std::move(place);
  Put(Table::kTexts, NumberKey(activity.text_number), EncodeRecord(record));
  if (!stays) texts_[activity.text_number] = std::move(record);
}

Status Staging::SealSegments() {
  const uint64_t sealed = counters_before_.last_text / kSegmentSize;
  for (uint64_t segment = sealed; segment < counters_.last_text / kSegmentSize; ++segment) {
    std::map<uint64_t, TextRecord> texts;
    const auto cursor = database_.Walk(Table::kTexts, NumberKey(FirstText(segment)),
                                       NumberKey(FirstText(segment + 1)));
    for (; cursor->Valid(); cursor->Next()) {
      ASSIGN_OR_RETURN(auto record, DecodeText(cursor->value()));
      texts[KeyReader(cursor->key()).Number()] = std::move(record);
    }
    RETURN_IF_ERROR(cursor->status());
    texts.insert(texts_.lower_bound(FirstText(segment)),
                 texts_.lower_bound(FirstText(segment + 1)));
    std::vector<PlacedText> placed;
    for (auto& [number, record] : texts) {
      placed.push_back({static_cast<uint16_t>(number - FirstText(segment)), std::move(record.text),
                        ScoreAt(record.place)});
    }
    for (const auto& [bigram, places] : PostingsOf(placed))
      Put(Table::kPostings, PostingKey(bigram, segment), EncodePlaces(places));
  }
  return Status::Ok();
}

Status Staging::FillIndexOf(const Lead& lead, const std::optional<Lead>& before, Batch& batch) {
  const std::string key = LeadKey(lead.id);
  ASSIGN_OR_RETURN(const auto known, activity_.Find(key));
  LeadActivity activity = known.value_or(LeadActivity());
  const uint64_t text_before = activity.text_number;
  PutText(lead, before, activity);
  const std::string digests(DigestsAt(activity.place));
  if (activity != known) PutActivity(key, activity);
  const auto old_figures = before ? FiguresOf(*before) : std::vector<Figure>();
  if (const auto figures = FiguresOf(lead); figures != old_figures) {
    RETURN_IF_ERROR(Tally(old_figures, -1));
    RETURN_IF_ERROR(Tally(figures, 1));
  }
  const auto old_entries = before
                               ? EntriesOf(*before, FacetDigests::Of(*before, text_before).Bytes())
                               : std::vector<IndexEntry>();
  const auto new_entries = EntriesOf(lead, digests);
  if (old_entries == new_entries) return Status::Ok();
  RETURN_IF_ERROR(CountRow(lead, before));
  for (const IndexEntry& old : old_entries) {
    const bool stays = std::any_of(new_entries.begin(), new_entries.end(),
                                   [&](const IndexEntry& e) { return e.key == old.key; });
    if (!stays) batch.Delete(Table::kIndexes, old.key);
  }
  for (const IndexEntry& entry : new_entries) batch.Put(Table::kIndexes, entry.key, entry.value);
  const auto old_places = before ? PlacesOf(*before) : std::vector<FacetPlace>();
  const auto new_places = PlacesOf(lead);
  if (old_places == new_places) return Status::Ok();
  RETURN_IF_ERROR(CountPlaces(old_places, -1));
  return CountPlaces(new_places, 1);
}

Status Staging::FillIndexes(Batch& batch) {
  Status status;
  leads_.ForEachChange([&](const std::string& key, const std::optional<Lead>& lead) {
    if (status.ok()) status = FillIndexOf(*lead, leads_before_.at(key), batch);
  });
  RETURN_IF_ERROR(status);
  activity_.ForEachChange([&](const std::string& key, const std::optional<LeadActivity>& after) {
    const LeadId id = Hex(std::string_view(key).substr(1));
    const std::optional<LeadActivity>& before = activity_before_.at(key);
    const auto old_entries = before ? LastSeenEntries(id, *before) : std::vector<IndexEntry>();
    const auto new_entries = LastSeenEntries(id, *after);
    if (old_entries == new_entries) return;
    for (const IndexEntry& old : old_entries) batch.Delete(Table::kIndexes, old.key);
    for (const IndexEntry& entry : new_entries) batch.Put(Table::kIndexes, entry.key, entry.value);
  });
  return SealSegments();
}

Status Staging::SendFacts() {
  leads_.ForEachChange([&](const std::string& key, const std::optional<Lead>& lead) {
    if (indexes_only_) return;
    const std::optional<Lead>& before = leads_before_.at(key);
    if (!before || !(FactOf(*before) == FactOf(*lead))) SendFact(lead->id);
  });
  if (facts_due_.empty()) return Status::Ok();
  OutboxEntry entry;
  for (const LeadId& id : facts_due_) {
    ASSIGN_OR_RETURN(const auto lead, FindLead(id));
    if (lead) entry.facts.push_back(FactOf(*lead));
  }
  if (!entry.facts.empty()) Send(std::move(entry));
  return Status::Ok();
}

Status Staging::FillLeads(Batch& batch) {
  std::unordered_map<std::string_view, size_t> told;  // lead -> its last entry
  for (size_t i = 0; i < audit_.size(); ++i) told[audit_[i].object] = i;
  std::vector<AuditRecord> untold;
  Status status;
  leads_.ForEachChange([&](const std::string& key, const std::optional<Lead>& lead) {
    if (!lead || !status.ok()) return;
    const std::string bytes = EncodeRecord(*lead);
    Seal seal{Sha256(bytes), 0};
    const auto entry = told.find(lead->id);
    if (entry != told.end()) {
      audit_[entry->second].statement = StatementOf(*lead);
      seal.audit = audit_[entry->second].number;
    } else {
      auto known = FindRecord<Seal>(database_, Table::kSeals, key, "seal");
      if (!known.ok()) status = known.status();
      if (known.ok() && *known) seal.audit = (*known)->audit;
      const auto& before = leads_before_.at(key);
      // Of a lead that is only indexed again nothing is said.
      const bool same = known.ok() && *known && (*known)->digest == seal.digest;
      if (!same && (!before || StatementOf(*before) != StatementOf(*lead))) {
        AuditRecord touch;
        touch.number = seal.audit = ++counters_.last_audit;
        touch.at = std::max(lead->decided_at, lead->first_seen);
        touch.actor.user = "crawler";
        touch.action = "lead.touch";
        touch.object = lead->id;
        touch.statement = StatementOf(*lead);
        untold.push_back(std::move(touch));
      }
    }
    batch.Put(Table::kLeads, key, bytes);
    batch.Put(Table::kSeals, key, EncodeRecord(seal));
  });
  std::move(untold.begin(), untold.end(), std::back_inserter(audit_));
  return status;
}

Status Staging::FillLog(Batch& batch) {
  if (audit_.empty()) return Status::Ok();
  ASSIGN_OR_RETURN(evidence::MerkleLog log, ResumeLog(counters_));
  for (const AuditRecord& entry : audit_) {
    const std::string bytes = EncodeRecord(entry);
    batch.Put(Table::kAudit, NumberKey(entry.number), bytes);
    AppendLeaf(log, bytes, batch);
  }
  NoteLog(log, counters_);
  return Status::Ok();
}

Status Staging::Fill(Batch& batch) {
  RETURN_IF_ERROR(SendFacts());
  RETURN_IF_ERROR(FillIndexes(batch));
  RETURN_IF_ERROR(FillLeads(batch));
  RETURN_IF_ERROR(FillLog(batch));
  pages_.Write(batch);
  aliases_.Write(batch);
  listings_.Write(batch);
  activity_.Write(batch);
  sightings_.Write(batch);
  requests_.Write(batch);
  sources_.Write(batch);
  campaign_starts_.Write(batch);
  counts_.Write(batch);
  tallies_.Write(batch);
  figures_.Write(batch);
  silences_.Write(batch);
  papers_.Write(batch);
  paper_keys_.Write(batch);
  sheet_.Write(batch);
  for (const Plain& plain : plain_) {
    if (plain.value) {
      batch.Put(plain.table, plain.key, *plain.value);
    } else {
      batch.Delete(plain.table, plain.key);
    }
  }
  for (const auto& [number, entry] : outbox_)
    batch.Put(Table::kOutbox, NumberKey(number), EncodeRecord(entry));
  if (!(counters_ == counters_before_))
    batch.Put(Table::kMeta, CountersKey(), EncodeRecord(counters_));
  return Status::Ok();
}

}  // namespace cluehound::store
