#include "store/rocksdb/ledger.h"

#include <algorithm>

#include "store/clue.h"
#include "store/lead_note.h"
#include "store/listing_blob.h"
#include "store/page_findings.h"
#include "store/recheck.h"
#include "store/silence.h"

namespace cluehound::store {
namespace {

AddressRecord RecordOf(const Discovery& discovery, Instant due) {
  return {discovery.authority, discovery.source, discovery.depth, discovery.priority, due};
}

}  // namespace

PreparedPage Prepare(PageCommit commit) {
  PreparedPage page{std::move(commit), {}, ""};
  page.status = CheckCommit(page.commit);
  if (!page.status.ok() || page.commit.change != PageChange::kRead || page.commit.listings.empty())
    return page;
  auto packed = PackListings(page.commit.listings);
  if (packed.ok()) {
    page.listings = *std::move(packed);
  } else {
    page.status = packed.status().Within(page.commit.lease.address.url);
  }
  return page;
}

CommitReceipt Ledger::Apply(const PreparedPage& page) {
  CommitReceipt receipt;
  staging_.Begin();
  Status status = page.status.ok() ? Stage(page, receipt) : page.status;
  if (!status.ok()) {
    staging_.Rollback();
    receipt = CommitReceipt();
    receipt.status = std::move(status);
  }
  return receipt;
}

Status Ledger::Stage(const PreparedPage& page, CommitReceipt& receipt) {
  const Lease& lease = page.commit.lease;
  const std::string& url = lease.address.url;
  if (lease.token == 0 || page.commit.change == PageChange::kRematched)
    return StageState(page, receipt);
  const auto held = frontier_.BeginCommit(url, lease.token);
  if (!held) return Status::Conflict(url + ": the lease is no longer valid");
  Status status = StageState(page, receipt);
  if (!status.ok()) {
    frontier_.CancelCommit(url);
    return status;
  }
  const auto due = NextDue(page.commit);
  if (!due.ok()) {
    frontier_.CancelCommit(url);
    return due.status();
  }
  AddressRecord after = *held;
  after.due = *due;
  staging_.Change({url, *held, after, lease.token});
  return status;
}

Result<std::optional<Instant>> Ledger::NextDue(const PageCommit& commit) {
  const auto rechecked = RecheckDue(commit);
  if (rechecked == commit.next_due) return rechecked;
  ASSIGN_OR_RETURN(const auto page, staging_.FindPage(commit.lease.address.url));
  if (!page) return commit.next_due;
  for (const LeadId& id : page->leads) {
    ASSIGN_OR_RETURN(const bool any, staging_.Rechecked(id));
    if (any) return rechecked;
  }
  return commit.next_due;
}

Status Ledger::Recheck(const std::vector<std::string>& urls, Instant due) {
  for (const std::string& url : urls) {
    ASSIGN_OR_RETURN(const auto known, staging_.FindAddress(url));
    // One that is being fetched gets its time when it is committed.
    if (!known || !known->due || *known->due <= due ||
        frontier_.HoldOf(url) != Frontier::Hold::kFree)
      continue;
    AddressRecord after = *known;
    after.due = due;
    staging_.Change({url, *known, after, 0});
  }
  return Status::Ok();
}

Status Ledger::StageState(const PreparedPage& page, CommitReceipt& receipt) {
  const PageCommit& commit = page.commit;
  const std::string& url = commit.lease.address.url;
  if (commit.change == PageChange::kRematched) return Rematch(commit, receipt);
  RETURN_IF_ERROR(TakeLinks(commit, receipt));
  if (commit.change == PageChange::kRead) return Read(page, receipt);
  ASSIGN_OR_RETURN(const auto before, staging_.FindPage(url));
  PageState state = before.value_or(PageState());
  if (commit.change == PageChange::kUnchanged) return SeeAgain(commit, std::move(state), receipt);
  ASSIGN_OR_RETURN(const auto gone,
                   AbsencesOfGone(commit, state, [&](auto& id) { return staging_.FindLead(id); }));
  RETURN_IF_ERROR(TakeAll(gone));
  state.outcome = commit.outcome;
  ++state.failures;
  return staging_.PutPage(url, before, state);
}

Status Ledger::SeeAgain(const PageCommit& commit, PageState state, CommitReceipt& receipt) {
  const std::string& url = commit.lease.address.url;
  const PageState before = state;
  state.outcome = commit.outcome;
  state.fetched = commit.seen;
  state.failures = 0;
  if (!commit.state.etag.empty()) state.etag = commit.state.etag;
  if (!commit.state.last_modified.empty()) state.last_modified = commit.state.last_modified;
  if (commit.state.interval != 0) state.interval = commit.state.interval;
  const auto find_lead = [this](const LeadId& id) { return staging_.FindLead(id); };
  for (const LeadId& id : state.leads) {
    ASSIGN_OR_RETURN(const bool watched, staging_.Watched(id));
    std::optional<Lead> lead;
    if (watched) {
      ASSIGN_OR_RETURN(lead, staging_.FindLead(id));
    }
    if (lead) {
      ASSIGN_OR_RETURN(lead, SpokenFor(*std::move(lead), find_lead));
    }
    ASSIGN_OR_RETURN(const uint32_t count,
                     staging_.See({lead ? lead->id : id, commit.seen, url, {}, false}));
    receipt.sightings += count;
    if (const auto step = lead ? NoteSight(*lead, commit.seen) : std::nullopt)
      RETURN_IF_ERROR(Take(*lead, *step));
  }
  return staging_.PutPage(url, before, state);
}

Status Ledger::Read(const PreparedPage& page, CommitReceipt& receipt) {
  const PageCommit& commit = page.commit;
  const std::string& url = commit.lease.address.url;
  ASSIGN_OR_RETURN(const auto before, staging_.FindPage(url));
  RETURN_IF_ERROR(staging_.Tally(FiringsOf(commit), 1));
  PageState state = commit.state;
  state.fetched = commit.seen;
  state.outcome = commit.outcome;
  state.failures = 0;
  state.source = commit.lease.address.source;
  state.listing_count = static_cast<uint32_t>(commit.listings.size());
  RETURN_IF_ERROR(TakeFindings(commit, before.value_or(PageState()), state, receipt));
  const bool had_listings = before && before->listing_count > 0;
  if (!page.listings.empty()) {
    staging_.PutListings(url, page.listings);
  } else if (had_listings) {
    staging_.PutListings(url, std::nullopt);
  }
  return staging_.PutPage(url, before, state);
}

Status Ledger::Rematch(const PageCommit& commit, CommitReceipt& receipt) {
  const std::string& url = commit.lease.address.url;
  ASSIGN_OR_RETURN(const auto before, staging_.FindPage(url));
  if (!before || before->fetched != commit.state.fetched ||
      before->body_digest != commit.state.body_digest) {
    return Status::Conflict(url + ": the page was read again meanwhile");
  }
  PageState state = commit.state;
  state.outcome = before->outcome;
  state.listing_count = before->listing_count;
  state.failures = before->failures;
  state.source = before->source;
  RETURN_IF_ERROR(TakeFindings(commit, *before, state, receipt));
  return staging_.PutPage(url, before, state);
}

Status Ledger::TakeFindings(const PageCommit& commit, const PageState& before, PageState& state,
                            CommitReceipt& receipt) {
  struct Taken {
    Lead lead;
    Meeting meeting;
    bool is_new;
  };
  const bool rematched = commit.change == PageChange::kRematched;
  const Instant seen = rematched ? state.fetched : commit.seen;
  const auto find_lead = [this](const LeadId& id) { return staging_.FindLead(id); };
  ASSIGN_OR_RETURN(std::vector<Finding> findings, FindingsOf(commit, staging_));
  RETURN_IF_ERROR(JoinClues(findings, staging_, find_lead));
  RETURN_IF_ERROR(FollowMerges(findings, find_lead));
  std::vector<Taken> taken;
  for (const Finding& finding : findings) {
    ASSIGN_OR_RETURN(auto known, staging_.FindLead(finding.lead));
    if (!known) {
      taken.push_back({NewLead(finding, seen), {LeadChange::kChanged, {}, {}}, true});
      if (const auto note = NoteCampaign(taken.back().lead)) staging_.PutEntry(finding.lead, *note);
      staging_.Audit(AuditOfLead(nullptr, taken.back().lead, commit.seen));
      RETURN_IF_ERROR(Hush(taken.back().lead, commit.seen));
      ++receipt.new_leads;
      continue;
    }
    Lead lead = *known;
    Meeting meeting = MeetLead(lead, finding, commit.seen, !rematched);
    receipt.changed_leads += meeting.change == LeadChange::kChanged ? 1 : 0;
    for (const AuditEntry& entry : meeting.audit) staging_.Audit(entry);
    for (const LeadEntry& entry : meeting.entries) staging_.PutEntry(lead.id, entry);
    if (meeting.change == LeadChange::kChanged) RETURN_IF_ERROR(Hush(lead, commit.seen));
    taken.push_back({std::move(lead), std::move(meeting), false});
  }
  ASSIGN_OR_RETURN(const auto absent, AbsencesOf(commit, before, findings, find_lead, staging_));
  RETURN_IF_ERROR(TakeAll(absent));
  evidence::CaptureRef capture;
  if (receipt.new_leads + receipt.changed_leads > 0) {
    ASSIGN_OR_RETURN(capture, Capture(commit));
  }
  for (Taken& entry : taken) {
    const bool changed = entry.meeting.change == LeadChange::kChanged;
    if (changed && capture.present()) entry.lead.capture = capture;
    if (entry.meeting.writes()) RETURN_IF_ERROR(staging_.PutLead(entry.lead));
    if (rematched && !entry.is_new) continue;
    ASSIGN_OR_RETURN(const uint32_t count,
                     staging_.See({entry.lead.id, seen, commit.lease.address.url, capture,
                                   changed && !entry.is_new}));
    receipt.sightings += count;
  }
  Remember(findings, state);
  return Status::Ok();
}

Result<evidence::CaptureRef> Ledger::Capture(const PageCommit& commit) {
  if (captures_ == nullptr || commit.page == nullptr) return evidence::CaptureRef();
  auto ref = captures_->Append(*commit.page);
  if (!ref.ok()) return ref.status().Within("capture " + commit.lease.address.url);
  captured_ = true;
  if (ref->present()) staging_.counters().last_capture = *ref;
  return ref;
}

Result<bool> Ledger::IsKnown(const std::string& url) {
  if (known_.Contains(url)) return true;
  ASSIGN_OR_RETURN(const auto address, staging_.FindAddress(url));
  return address.has_value();
}

Result<bool> Ledger::Admits(const Discovery& link) {
  const auto [place, is_new] = room_.try_emplace({link.authority, link.source});
  if (is_new) {
    ASSIGN_OR_RETURN(place->second, frontier_.Room(link.authority, link.source));
  }
  if (place->second == 0) {
    frontier_.NoteFull(link.authority, link.source);
    return false;
  }
  --place->second;
  return true;
}

Status Ledger::TakeLinks(const PageCommit& commit, CommitReceipt& receipt) {
  OutboxEntry elsewhere;
  elsewhere.due = commit.links_due;
  elsewhere.rechecks = commit.changed;
  for (const Discovery& link : commit.links) {
    if (link.authority == commit.lease.address.authority) {
      ASSIGN_OR_RETURN(const bool known, IsKnown(link.url));
      if (known) continue;
      ASSIGN_OR_RETURN(const bool admitted, Admits(link));
      if (!admitted) continue;
      staging_.Change({link.url, std::nullopt, RecordOf(link, commit.links_due), 0});
      ++receipt.new_addresses;
    } else if (!known_.Contains(link.url)) {
      const auto* peeked = staging_.PeekAddress(link.url);
      if (peeked == nullptr || !*peeked) elsewhere.addresses.push_back(link);
    }
  }
  if (!elsewhere.addresses.empty() || !elsewhere.rechecks.empty())
    staging_.Send(std::move(elsewhere));
  return Status::Ok();
}

Result<uint32_t> Ledger::Discover(const std::vector<Discovery>& discoveries, Instant due) {
  uint32_t count = 0;
  for (const Discovery& discovery : discoveries) {
    ASSIGN_OR_RETURN(const bool known, IsKnown(discovery.url));
    if (known) continue;
    ASSIGN_OR_RETURN(const bool admitted, Admits(discovery));
    if (!admitted) continue;
    staging_.Change({discovery.url, std::nullopt, RecordOf(discovery, due), 0});
    ++count;
  }
  return count;
}

Status Ledger::AddSeeds(const std::vector<Discovery>& seeds, Instant now) {
  for (const Discovery& seed : seeds) {
    if (seed.url.empty()) return Status::InvalidArgument("a seed without address");
    ASSIGN_OR_RETURN(const auto known, staging_.FindAddress(seed.url));
    if (!known) {
      staging_.Change({seed.url, std::nullopt, RecordOf(seed, now), 0});
      continue;
    }
    if (frontier_.HoldOf(seed.url) == Frontier::Hold::kLeased) continue;
    AddressRecord after = *known;
    after.source = seed.source;
    if (!after.due) after.due = now;
    if (!(after == *known)) staging_.Change({seed.url, *known, after, 0});
  }
  return Status::Ok();
}

Status Ledger::VisitNow(const std::vector<Discovery>& pages, Instant now) {
  for (const Discovery& page : pages) {
    ASSIGN_OR_RETURN(const auto known, staging_.FindAddress(page.url));
    if (!known) {
      staging_.Change({page.url, std::nullopt, RecordOf(page, now), 0});
      continue;
    }
    if (frontier_.HoldOf(page.url) != Frontier::Hold::kFree) continue;
    AddressRecord after = *known;
    after.priority = std::min(known->priority, page.priority);
    after.due = std::min(known->due.value_or(now), now);
    if (!(after == *known)) staging_.Change({page.url, *known, after, 0});
  }
  return Status::Ok();
}

Status Ledger::Take(const Lead& before, const LeadStep& step) {
  staging_.PutEntry(step.lead.id, step.entry);
  staging_.Audit(AuditOfStep(before, step));
  RETURN_IF_ERROR(CountSilence(before.silenced, step.lead.silenced, step.entry.at));
  if (const auto due = RecheckAfter(before, step.lead, step.entry.at))
    staging_.Send({*due, {}, {step.lead.page_url}, {}});
  return staging_.PutLead(step.lead);
}

Status Ledger::AddLead(Lead lead, const Sighting& sighting, const AuditEntry& entry) {
  staging_.Audit(entry);
  RETURN_IF_ERROR(Hush(lead, sighting.seen));
  RETURN_IF_ERROR(staging_.PutLead(lead));
  return staging_.See(sighting).status();
}

Status Ledger::Hush(Lead& lead, Instant now) {
  ASSIGN_OR_RETURN(const auto silences, staging_.Silences());
  auto step = store::Hush(lead, silences, now);
  if (!step) return Status::Ok();
  staging_.PutEntry(lead.id, step->entry);
  staging_.Audit(AuditOfStep(lead, *step));
  RETURN_IF_ERROR(CountSilence(lead.silenced, step->lead.silenced, now));
  lead = std::move(step->lead);
  return Status::Ok();
}

Status Ledger::CountSilence(uint64_t before, uint64_t after, Instant at) {
  if (before == after) return Status::Ok();
  if (before != 0) {
    ASSIGN_OR_RETURN(auto silence, staging_.FindSilence(before));
    if (silence) {
      --silence->live;
      staging_.PutSilence(*silence);
    }
    --staging_.counters().silenced;
  }
  if (after != 0) {
    ASSIGN_OR_RETURN(auto silence, staging_.FindSilence(after));
    if (silence) {
      ++silence->live;
      ++silence->hits;
      silence->last_hit = at;
      staging_.PutSilence(*silence);
    }
    ++staging_.counters().silenced;
  }
  return Status::Ok();
}

Result<Silence> Ledger::AddSilence(Silence silence) {
  RETURN_IF_ERROR(CheckSilence(silence));
  silence.number = ++staging_.counters().last_silence;
  staging_.Audit(AuditOfSilence(silence, false));
  staging_.PutSilence(silence);
  return silence;
}

Result<Silence> Ledger::EndSilence(uint64_t number, const Actor& actor, Instant at) {
  ASSIGN_OR_RETURN(auto silence, staging_.FindSilence(number));
  if (!silence) return Status::NotFound("no silence " + std::to_string(number));
  if (!InForce(*silence, at))
    return Status::InvalidArgument("silence " + std::to_string(number) + " is over already");
  silence->ended = at;
  silence->ended_by = actor;
  staging_.Audit(AuditOfSilence(*silence, true));
  staging_.PutSilence(*silence);
  return *silence;
}

Result<uint32_t> Ledger::LetGo(uint64_t silence, const std::vector<LeadId>& leads, Instant now) {
  uint32_t count = 0;
  for (const LeadId& id : leads) {
    ASSIGN_OR_RETURN(const auto lead, staging_.FindLead(id));
    if (!lead || lead->silenced != silence) continue;
    RETURN_IF_ERROR(Take(*lead, store::LetGo(*lead, now, "屏蔽已结束")));
    ++count;
  }
  return count;
}

Status Ledger::TakeAll(const std::vector<LeadStep>& steps) {
  for (const LeadStep& step : steps) {
    ASSIGN_OR_RETURN(const auto before, staging_.FindLead(step.lead.id));
    RETURN_IF_ERROR(Take(before.value_or(Lead()), step));
  }
  return Status::Ok();
}

Result<std::vector<Lead>> Ledger::Decide(const std::vector<Decision>& decisions, const Scope& scope,
                                         std::string_view row) {
  std::vector<Lead> leads;
  for (const Decision& decision : decisions) {
    ASSIGN_OR_RETURN(LeadStep step, store::Decide(decision, scope, staging_));
    ASSIGN_OR_RETURN(const auto before, staging_.FindLead(step.lead.id));
    ASSIGN_OR_RETURN(const auto original, StepOfOriginal(*before, step, staging_));
    RETURN_IF_ERROR(TakeAll({step}));
    if (original) RETURN_IF_ERROR(TakeAll({*original}));
    leads.push_back(std::move(step.lead));
  }
  if (!row.empty() && !decisions.empty()) {
    const std::string key = RowRecordKey(row);
    ASSIGN_OR_RETURN(const auto before,
                     staging_.sheet().Find<RowStanding>(Table::kRows, key, "row"));
    const auto standing = RowStandingOf(decisions, before);
    staging_.sheet().Put(Table::kRows, key,
                         standing ? std::optional(EncodeRecord(*standing)) : std::nullopt);
  }
  return leads;
}

Result<uint32_t> Ledger::ReturnDeferred(const std::vector<LeadId>& leads, Instant now) {
  uint32_t count = 0;
  for (const LeadId& id : leads) {
    ASSIGN_OR_RETURN(const auto lead, staging_.FindLead(id));
    if (!lead || lead->status != LeadStatus::kDeferred || !lead->until || *lead->until > now)
      continue;
    RETURN_IF_ERROR(Take(*lead, CameBack(*lead, now)));
    ++count;
  }
  return count;
}

}  // namespace cluehound::store
