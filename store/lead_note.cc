#include "store/lead_note.h"

#include <algorithm>

#include "base/text.h"
#include "store/page_findings.h"

namespace cluehound::store {
namespace {

constexpr size_t kMaxOfferText = 400;  // bytes of each field

const Actor& Machine() {
  static const Actor actor{"crawler", ""};
  return actor;
}

// An offer in a few lines.
std::string OfferText(const extractors::Listing& listing) {
  std::string text(TruncateUtf8(listing.title, kMaxOfferText));
  std::string price = listing.price;
  if (!listing.price_max.empty()) price += "-" + listing.price_max;
  for (const std::string_view part : {std::string_view(price), std::string_view(listing.seller),
                                      std::string_view(listing.text)}) {
    if (part.empty()) continue;
    text += '\n';
    text += TruncateUtf8(part, kMaxOfferText);
  }
  return text;
}

LeadStep Note(const Lead& lead, EntryKind kind, Instant at, bool notice) {
  LeadStep step = MakeStep(lead, kind, Machine(), at, "lead.note");
  step.entry.reason = Name(kind);
  if (notice) step.lead.notice = kind;
  return step;
}

bool AwaitsSight(const Lead& lead) {
  switch (lead.status) {
    case LeadStatus::kChecking:
    case LeadStatus::kFiled:
    case LeadStatus::kReferred:
    case LeadStatus::kPlatform:
      return lead.presence_at < lead.decided_at;
    default:
      return false;
  }
}

// Another wording than was decided on. A page of another kind that words it otherwise is no news.
bool IsNews(const Lead& before, const Finding& finding, LeadChange change) {
  return change == LeadChange::kChanged && before.status != LeadStatus::kNew &&
         !MetWording(before, *finding.listing) &&
         (before.page_url == finding.page_url ||
          (before.own_page == finding.own_page && before.source == finding.source));
}

}  // namespace

bool IsWatched(const Lead& lead) {
  return lead.presence == Presence::kGone || lead.merged || AwaitsSight(lead);
}

Meeting MeetLead(Lead& lead, const Finding& finding, Instant at, bool sighted) {
  Meeting meeting;
  const auto take = [&](const Lead& before, LeadStep step) {
    meeting.audit.push_back(AuditOfStep(before, step));
    meeting.entries.push_back(std::move(step.entry));
    lead = std::move(step.lead);
  };
  const Lead before = lead;
  meeting.change = UpdateLead(lead, finding);
  if (meeting.change == LeadChange::kChanged)
    meeting.audit.push_back(AuditOfLead(&before, lead, at));
  if (sighted && IsNews(before, finding, meeting.change)) {
    LeadStep step = Note(lead, EntryKind::kChangedAfter, at, true);
    step.lead.revision = lead.revision;  // raised by the change itself
    step.entry.before = OfferText(before.listing);
    step.entry.after = OfferText(lead.listing);
    take(before, std::move(step));
  }
  if (sighted) {
    if (Observe(lead.sales, *finding.listing, finding.page_url, at) &&
        meeting.change == LeadChange::kNone)
      meeting.change = LeadChange::kRefreshed;
    const Lead met = lead;
    if (auto step = NoteSight(met, at)) take(met, *std::move(step));
  }
  return meeting;
}

std::optional<LeadEntry> NoteCampaign(Lead& lead) {
  if (lead.campaign.empty()) return std::nullopt;
  LeadEntry entry;
  entry.number = ++lead.entries;
  entry.kind = EntryKind::kCampaign;
  entry.at = lead.first_seen;
  entry.by = Machine();
  entry.after = lead.campaign;
  entry.reason = Name(EntryKind::kCampaign);
  return entry;
}

std::optional<LeadStep> NoteSight(const Lead& lead, Instant seen) {
  if (lead.presence == Presence::kGone && seen > lead.presence_at) {
    LeadStep step = Note(lead, EntryKind::kSeenAgain, seen, true);
    step.entry.before = "已下架 " + FormatDay(lead.presence_at);
    step.lead.presence = Presence::kOnSale;
    step.lead.presence_at = seen;
    return step;
  }
  if (AwaitsSight(lead) && seen > lead.decided_at) {
    LeadStep step = Note(lead, EntryKind::kOnSale, seen, lead.status == LeadStatus::kPlatform);
    step.lead.presence = Presence::kOnSale;
    step.lead.presence_at = seen;
    return step;
  }
  return std::nullopt;
}

std::optional<LeadStep> NoteGone(const Lead& lead, const std::string& page_url, Instant last_read,
                                 Instant seen, const std::string& why) {
  if (lead.page_url != page_url || lead.presence == Presence::kGone || lead.last_seen > last_read)
    return std::nullopt;
  LeadStep step = Note(lead, EntryKind::kGone, seen, true);
  step.entry.after = why;
  step.lead.presence = Presence::kGone;
  step.lead.presence_at = seen;
  return step;
}

std::optional<LeadStep> NoteUnmatched(const Lead& lead, const extractors::Listing& listing,
                                      bool new_rules, Instant seen) {
  if (!MetWording(lead, listing)) {
    const bool decided = lead.status != LeadStatus::kNew;
    LeadStep step =
        Note(lead, decided ? EntryKind::kChangedAfter : EntryKind::kReworded, seen, true);
    step.entry.before = OfferText(lead.listing);
    step.entry.after = OfferText(listing);
    RememberWording(step.lead, listing);
    return step;
  }
  if (!new_rules) return std::nullopt;
  LeadStep step = Note(lead, EntryKind::kRuleChanged, seen, true);
  step.entry.before = lead.suspicion.rule + " " + std::to_string(lead.suspicion.rev);
  return step;
}

}  // namespace cluehound::store
