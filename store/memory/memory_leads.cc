#include "store/memory/memory_leads.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "store/clue.h"
#include "store/lead_note.h"
#include "store/memory/memory_lead_query.h"
#include "store/recheck.h"
#include "store/silence.h"

namespace cluehound::store {
namespace {

template <class K, class V>
const V* Lookup(const std::map<K, V>& map, const K& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

Result<Lead> InScope(const Lead& lead, const Scope& scope) {
  if (scope.county.empty() || scope.county == lead.county) return lead;
  return Status::Denied("lead " + lead.id + " is of another county");
}

}  // namespace

Result<std::optional<AliasRecord>> MemoryAliases::FindAlias(const std::string& name_space,
                                                            const std::string& alias) {
  const auto found = aliases_.find({name_space, alias});
  return found == aliases_.end() ? std::optional<AliasRecord>() : found->second;
}

Result<std::optional<ListingRecord>> MemoryAliases::FindListing(const ListingIdentity& identity) {
  const auto found = listings_.find(identity);
  return found == listings_.end() ? std::optional<ListingRecord>() : found->second;
}

void MemoryAliases::PutAlias(const std::string& name_space, const std::string& alias,
                             const AliasRecord& record) {
  aliases_[{name_space, alias}] = record;
}

void MemoryAliases::PutListing(const ListingIdentity& identity, const ListingRecord& record) {
  listings_[identity] = record;
}

Result<Lead> MemoryLeads::Find(std::string_view id, const Scope& scope) const {
  if (id.find('-') != std::string_view::npos) {
    for (const auto& [key, lead] : leads_) {
      if (lead.number == id) return InScope(lead, scope);
    }
    return Status::NotFound("no lead with the number " + std::string(id));
  }
  const std::string prefix = ToAsciiLower(id);
  if (prefix.size() < 6 || prefix.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return Status::InvalidArgument("not the number of a lead: " + prefix);
  }
  auto found = leads_.lower_bound(prefix);
  if (found == leads_.end() || !found->first.starts_with(prefix)) {
    return Status::NotFound("no lead " + prefix);
  }
  const auto next = std::next(found);
  if (next != leads_.end() && next->first.starts_with(prefix)) {
    return Status::InvalidArgument("several leads begin with " + prefix);
  }
  return InScope(found->second, scope);
}

std::vector<LeadEntry> MemoryLeads::Entries(std::string_view lead_id, size_t max) const {
  std::vector<LeadEntry> entries;
  if (const auto* all = Lookup(entries_, std::string(lead_id))) entries = *all;
  std::reverse(entries.begin(), entries.end());
  if (entries.size() > max) entries.resize(max);
  return entries;
}

std::vector<Sighting> MemoryLeads::Sightings(std::string_view lead_id, size_t max) const {
  std::vector<Sighting> sightings;
  if (const auto* all = Lookup(sightings_, std::string(lead_id))) sightings = *all;
  std::stable_sort(sightings.begin(), sightings.end(), [](const Sighting& a, const Sighting& b) {
    return std::tie(b.seen, a.page_url) < std::tie(a.seen, b.page_url);
  });
  if (sightings.size() > max) sightings.resize(max);
  return sightings;
}

Result<std::vector<Lead>> MemoryLeads::DecideAll(const std::vector<Decision>& decisions,
                                                 const Scope& scope, std::string_view row) {
  const auto leads_before = leads_;
  const auto numbers_before = numbers_;
  std::vector<std::pair<Lead, LeadStep>> steps;
  std::vector<Lead> leads;
  for (const Decision& decision : decisions) {
    auto step = store::Decide(decision, scope, *this);
    if (!step.ok()) {
      leads_ = leads_before;
      numbers_ = numbers_before;
      return step.status();
    }
    const Lead before = leads_.at(step->lead.id);
    const auto original = StepOfOriginal(before, *step, *this).value();
    steps.emplace_back(before, *step);
    leads_[step->lead.id] = step->lead;
    leads.push_back(step->lead);
    if (!original) continue;
    steps.emplace_back(leads_.at(original->lead.id), *original);
    leads_[original->lead.id] = original->lead;
  }
  for (const auto& [before, step] : steps) Enter(before, step);
  if (!row.empty() && !decisions.empty()) {
    const auto known = rows_.find(std::string(row));
    const auto before = known == rows_.end() ? std::nullopt : std::optional(known->second);
    if (known != rows_.end()) rows_.erase(known);
    if (const auto standing = RowStandingOf(decisions, before)) rows_.emplace(row, *standing);
  }
  return leads;
}

Result<Silence> MemoryLeads::AddSilence(const Silence& silence) {
  RETURN_IF_ERROR(CheckSilence(silence));
  silences_.push_back(silence);
  silences_.back().number = silences_.size();
  audit_.Append(AuditOfSilence(silences_.back(), false));
  return silences_.back();
}

Result<Silence> MemoryLeads::EndSilence(uint64_t number, const Actor& actor, Instant at) {
  if (number == 0 || number > silences_.size())
    return Status::NotFound("no silence " + std::to_string(number));
  Silence& silence = silences_[number - 1];
  if (!InForce(silence, at)) return Status::InvalidArgument("it is over already");
  silence.ended = at;
  silence.ended_by = actor;
  audit_.Append(AuditOfSilence(silence, true));
  return silence;
}

uint32_t MemoryLeads::ReturnDue(Instant now) {
  uint32_t count = 0;
  for (const Silence& silence : std::vector<Silence>(silences_)) {
    if (InForce(silence, now)) continue;
    for (const auto& [id, lead] : std::map<LeadId, Lead>(leads_)) {
      if (lead.silenced != silence.number) continue;
      Take(lead, LetGo(lead, now, "屏蔽已结束"));
      ++count;
    }
  }
  std::vector<std::pair<Instant, LeadId>> due;
  for (const auto& [id, lead] : leads_) {
    if (lead.status == LeadStatus::kDeferred && *lead.until <= now)
      due.emplace_back(*lead.until, id);
  }
  std::sort(due.begin(), due.end());
  for (const auto& [until, id] : due) {
    const Lead before = leads_.at(id);
    Take(before, CameBack(before, now));
  }
  return count + static_cast<uint32_t>(due.size());
}

Result<std::optional<Lead>> MemoryLeads::FindLead(const LeadId& id) {
  const Lead* lead = Lookup(leads_, id);
  return lead ? std::optional<Lead>(*lead) : std::nullopt;
}

Result<uint64_t> MemoryLeads::NextNumber(const std::string& prefix, int year) {
  return ++numbers_[{prefix, year}];
}

Result<std::optional<Silence>> MemoryLeads::FindSilence(uint64_t number) {
  const bool known = number > 0 && number <= silences_.size();
  return known ? std::optional<Silence>(silences_[number - 1]) : std::nullopt;
}

// The entry and the line in the log.
void MemoryLeads::Enter(const Lead& before, const LeadStep& step) {
  entries_[step.lead.id].push_back(step.entry);
  audit_.Append(AuditOfStep(before, step));
  if (const auto due = RecheckAfter(before, step.lead, step.entry.at))
    rechecks_.emplace_back(step.lead.page_url, *due);
  if (before.silenced == step.lead.silenced) return;
  if (before.silenced != 0) --silences_[before.silenced - 1].live;
  if (step.lead.silenced == 0) return;
  Silence& silence = silences_[step.lead.silenced - 1];
  ++silence.live;
  ++silence.hits;
  silence.last_hit = step.entry.at;
}

void MemoryLeads::HushLead(const LeadId& id, Instant now) {
  const Lead lead = leads_.at(id);
  if (const auto step = Hush(lead, silences_, now)) Take(lead, *step);
}

void MemoryLeads::Take(const Lead& before, const LeadStep& step) {
  Enter(before, step);
  leads_[step.lead.id] = step.lead;
}

void MemoryLeads::Add(Lead lead, const Sighting& sighting, const AuditEntry& entry) {
  audit_.Append(entry);
  const LeadId id = lead.id;
  leads_[id] = std::move(lead);
  HushLead(id, sighting.seen);
  See(leads_.at(id), sighting);
}

void MemoryLeads::TakeAll(const Result<std::vector<LeadStep>>& steps) {
  for (const LeadStep& step : *steps) Take(Lead(leads_.at(step.lead.id)), step);
}

void MemoryLeads::TakeGone(const PageCommit& commit, const PageState& state) {
  TakeAll(AbsencesOfGone(commit, state, [this](auto& id) { return FindLead(id); }));
}

void MemoryLeads::TakeUnchanged(const PageCommit& commit, const PageState& state,
                                CommitReceipt& receipt) {
  for (const LeadId& id : state.leads) {
    const LeadId seen = SpokenFor(leads_.at(id), [this](auto& l) { return FindLead(l); })->id;
    receipt.sightings +=
        See(leads_.at(seen), {seen, commit.seen, commit.lease.address.url, {}, false});
    const Lead lead = leads_.at(seen);
    if (const auto step = NoteSight(lead, commit.seen)) Take(lead, *step);
  }
}

void MemoryLeads::TakeFindings(
    const PageCommit& commit, const PageState& page_before, PageState& state,
    CommitReceipt& receipt, const std::function<evidence::CaptureRef(const PageCommit&)>& capture) {
  const auto find_lead = [this](const LeadId& id) { return FindLead(id); };
  auto findings = FindingsOf(commit, aliases_);
  JoinClues(*findings, aliases_, find_lead).IgnoreError("nothing in memory fails");
  FollowMerges(*findings, find_lead).IgnoreError("nothing in memory fails");
  const bool rematched = commit.change == PageChange::kRematched;
  const Instant seen = rematched ? state.fetched : commit.seen;
  std::map<LeadId, LeadChange> changes;
  std::vector<LeadId> made;
  for (const Finding& finding : *findings) {
    const auto known = leads_.find(finding.lead);
    if (known == leads_.end()) {
      Lead& lead = leads_[finding.lead] = NewLead(finding, seen);
      if (const auto note = NoteCampaign(lead)) entries_[lead.id].push_back(*note);
      audit_.Append(AuditOfLead(nullptr, lead, commit.seen));
      HushLead(lead.id, commit.seen);
      made.push_back(lead.id);
      changes[lead.id] = LeadChange::kChanged;
      continue;
    }
    Meeting meeting = MeetLead(known->second, finding, commit.seen, !rematched);
    changes[finding.lead] = meeting.change;
    receipt.changed_leads += meeting.change == LeadChange::kChanged ? 1 : 0;
    for (AuditEntry& entry : meeting.audit) audit_.Append(std::move(entry));
    for (LeadEntry& entry : meeting.entries) entries_[finding.lead].push_back(std::move(entry));
    if (meeting.change == LeadChange::kChanged) HushLead(finding.lead, commit.seen);
  }
  TakeAll(AbsencesOf(commit, page_before, *findings, find_lead, aliases_));
  receipt.new_leads = static_cast<uint32_t>(made.size());
  evidence::CaptureRef kept;
  if (receipt.new_leads + receipt.changed_leads > 0) kept = capture(commit);
  for (const Finding& finding : *findings) {
    Lead& lead = leads_.at(finding.lead);
    const bool is_new = std::find(made.begin(), made.end(), lead.id) != made.end();
    const bool changed = changes[lead.id] == LeadChange::kChanged;
    if (changed && kept.present()) lead.capture = kept;
    if (rematched && !is_new) continue;
    receipt.sightings +=
        See(lead, {lead.id, seen, commit.lease.address.url, kept, changed && !is_new});
  }
  Remember(*findings, state);
}

// How many sightings it is: one, or none when this very one is there already.
uint32_t MemoryLeads::See(Lead& lead, const Sighting& sighting) {
  auto& known = sightings_[lead.id];
  for (const Sighting& other : known) {
    if (other.seen == sighting.seen && other.page_url == sighting.page_url) return 0;
  }
  known.push_back(sighting);
  ++lead.sightings;
  lead.last_seen = std::max(lead.last_seen, sighting.seen);
  return 1;
}

}  // namespace cluehound::store
