#include "store/silence.h"

#include <algorithm>

#include "store/lead_update.h"

namespace cluehound::store {
namespace {

const Actor& Machine() {
  static const Actor actor{"crawler", ""};
  return actor;
}

std::string Text(const Silence& silence) {
  std::string text;
  const auto add = [&text](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    if (!text.empty()) text += '\n';
    text.append(name).append(": ").append(value);
  };
  add("seller", silence.seller);
  add("phrase", silence.phrase);
  add("listing", silence.listing);
  add("mark", silence.mark);
  add("rule", silence.rule);
  add("family", silence.family);
  add("proof", silence.proof);
  if (silence.until) add("until", FormatDay(*silence.until));
  return text;
}

bool Agrees(const std::string& wanted, const std::string& value) {
  return wanted.empty() || wanted == value;
}

}  // namespace

Status CheckSilence(const Silence& silence) {
  const int whose = (silence.seller.empty() ? 0 : 1) + (silence.phrase.empty() ? 0 : 1) +
                    (silence.listing.empty() ? 0 : 1);
  if (whose != 1) {
    return Status::InvalidArgument("a silence is of one seller, one phrase or one listing");
  }
  if (silence.mark.empty() && silence.rule.empty() && silence.family.empty()) {
    return Status::InvalidArgument(
        "a silence names the mark, rule or family that is silenced: nothing silences everything");
  }
  if (silence.reason.empty()) return Status::InvalidArgument("a silence needs its reason");
  if (silence.until && *silence.until <= silence.at) {
    return Status::InvalidArgument("a silence must end in the future");
  }
  return Status::Ok();
}

bool InForce(const Silence& silence, Instant now) {
  return !silence.ended && (!silence.until || *silence.until > now);
}

bool Covers(const Silence& silence, const Lead& lead) {
  const rules::Suspicion& suspicion = lead.suspicion;
  if (!Agrees(silence.mark, suspicion.mark) || !Agrees(silence.rule, suspicion.rule) ||
      !Agrees(silence.family, suspicion.family)) {
    return false;
  }
  const extractors::Listing& listing = lead.listing;
  if (!silence.seller.empty())
    return silence.seller == listing.seller || silence.seller == listing.seller_id;
  if (!silence.phrase.empty()) {
    return listing.title.find(silence.phrase) != std::string::npos ||
           listing.text.find(silence.phrase) != std::string::npos;
  }
  return silence.listing == lead.listing_identity &&
         std::find(silence.wordings.begin(), silence.wordings.end(), WordingDigest(listing)) !=
             silence.wordings.end();
}

std::optional<LeadStep> Hush(const Lead& lead, const std::vector<Silence>& silences, Instant now) {
  const auto covering = std::find_if(silences.begin(), silences.end(), [&](const Silence& silence) {
    return InForce(silence, now) && Covers(silence, lead);
  });
  if (covering == silences.end()) {
    if (lead.silenced == 0) return std::nullopt;
    return LetGo(lead, now, "内容或规则与屏蔽时不同");
  }
  if (lead.silenced == covering->number || lead.status != LeadStatus::kNew) return std::nullopt;
  LeadStep step = MakeStep(lead, EntryKind::kSilenced, Machine(), now, "lead.silence");
  step.lead.silenced = covering->number;
  step.entry.after = "屏蔽 " + std::to_string(covering->number);
  step.entry.reason = covering->reason;
  return step;
}

LeadStep LetGo(const Lead& lead, Instant now, const std::string& why) {
  LeadStep step = MakeStep(lead, EntryKind::kLetGo, Machine(), now, "lead.unsilence");
  step.entry.before = "屏蔽 " + std::to_string(lead.silenced);
  step.entry.reason = why;
  step.lead.silenced = 0;
  return step;
}

AuditEntry AuditOfSilence(const Silence& silence, bool ended) {
  AuditEntry entry;
  entry.at = ended ? silence.ended.value_or(silence.at) : silence.at;
  entry.actor = ended ? silence.ended_by : silence.author;
  entry.action = ended ? "silence.end" : "silence.add";
  entry.object = std::to_string(silence.number);
  (ended ? entry.before : entry.after) = Text(silence);
  entry.reason = silence.reason;
  return entry;
}

}  // namespace cluehound::store
