#include "store/seller_records.h"

#include <algorithm>
#include <set>

#include "base/join.h"
#include "base/text.h"
#include "rules/folding.h"

namespace cluehound::store {
namespace {

constexpr size_t kMaxNames = 10;  // of a seller that are looked up in official lists

std::string Describe(const OfficialEntry& entry) {
  return entry.name + " " + entry.code + " " + entry.grade + " " + entry.document + " " +
         entry.until;
}

std::string_view Name(Proposal::State state) {
  return state == Proposal::State::kAccepted   ? "accepted"
         : state == Proposal::State::kRejected ? "rejected"
                                               : "open";
}

bool Has(const std::vector<Counted>& counted, std::string_view value) {
  return std::any_of(counted.begin(), counted.end(),
                     [&](const Counted& c) { return c.value == value; });
}

}  // namespace

std::string ToAsciiUpper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return upper;
}

bool IsSellerPrefix(std::string_view text) {
  return text.size() <= 16 &&
         ToAsciiLower(text).find_first_not_of("0123456789abcdef") == std::string::npos;
}

Status SeveralSellers(std::string_view name, const std::vector<SellerId>& ids) {
  std::string list;
  for (size_t i = 0; i < ids.size() && i < 5; ++i) list += (i > 0 ? ", " : "") + ids[i];
  return Status::InvalidArgument("several sellers are called " + std::string(name) +
                                 "; name one by its id: " + list + (ids.size() > 5 ? " ..." : ""));
}

bool HigherRisk(const SellerState& a, const SellerState& b) {
  return std::make_pair(~a.totals.risk, std::string_view(a.id)) <
         std::make_pair(~b.totals.risk, std::string_view(b.id));
}

bool Matches(const Seller& seller, const SellerFilter& filter) {
  if (filter.watched && seller.watches.empty()) return false;
  if (filter.official && std::none_of(seller.official.begin(), seller.official.end(),
                                      [&](const auto& e) { return e.list == *filter.official; }))
    return false;
  if (!filter.platform.empty() && !Has(seller.platforms, filter.platform) &&
      !Has(seller.name_spaces, filter.platform))
    return false;
  if (!filter.mark.empty() &&
      std::none_of(seller.marks.begin(), seller.marks.end(), [&](const Counted& mark) {
        return std::string_view(mark.value).substr(0, mark.value.find('\n')) == filter.mark;
      }))
    return false;
  if (filter.text.empty()) return true;
  const std::string wanted = rules::FoldString(filter.text);
  return std::any_of(seller.names.begin(), seller.names.end(), [&](const Counted& name) {
    return rules::FoldString(name.value).find(wanted) != std::string::npos;
  });
}

void TakeWatches(Seller& seller, const std::vector<Watch>& watches, Instant now) {
  std::set<std::string> names;
  for (const Counted& name : seller.names) names.insert(rules::FoldString(name.value));
  for (const Watch& watch : watches) {
    if (!InForce(watch, now)) continue;
    const bool ours =
        std::find(seller.shops.begin(), seller.shops.end(), watch.seller) != seller.shops.end() ||
        std::any_of(watch.entries.begin(), watch.entries.end(), [&](const auto& entry) {
          if (!entry.platform.empty() && !Has(seller.platforms, entry.platform)) return false;
          return (!entry.seller_id.empty() && Has(seller.shop_ids, entry.seller_id)) ||
                 (!entry.name.empty() && names.contains(rules::FoldString(entry.name)));
        });
    if (ours) seller.watches.push_back(watch);
  }
}

std::vector<std::string> OfficialKeysOf(const Seller& seller) {
  std::vector<std::string> keys;
  for (const Counted& code : seller.codes) keys.push_back("code " + code.value);
  for (size_t i = 0; i < seller.names.size() && i < kMaxNames; ++i) {
    std::string key = "name " + rules::FoldString(seller.names[i].value);
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
  }
  return keys;
}

void TakeOfficial(Seller& seller, const OfficialEntry& entry, Instant now) {
  if (!entry.in_force(now)) return;
  const bool sure = !entry.code.empty() && entry.code == seller.code;
  (sure ? seller.official : seller.namesakes).push_back(entry);
}

Result<Watch> Ended(const std::optional<Watch>& watch, uint64_t number, const Actor& actor,
                    Instant at) {
  if (!watch) return Status::NotFound("no watched seller " + std::to_string(number));
  if (!InForce(*watch, at))
    return Status::InvalidArgument("the watch " + std::to_string(number) + " is over already");
  Watch ended = *watch;
  ended.ended = at;
  ended.ended_by = actor;
  return ended;
}

Status CheckDocument(const RepeatDocument& document) {
  if (document.document.empty() || document.date == Instant{}) {
    return Status::InvalidArgument(
        "重复侵权 needs the number and the date of a penalty or judgment in force");
  }
  if (document.date > document.at)
    return Status::InvalidArgument("the date of the document is in the future");
  return Status::Ok();
}

AuditEntry AuditOfWatch(const Watch& watch, bool ended) {
  AuditEntry entry;
  entry.at = ended ? *watch.ended : watch.at;
  entry.actor = ended ? watch.ended_by : watch.by;
  entry.action = ended ? "seller.unwatch" : "seller.watch";
  entry.object = std::to_string(watch.number);
  (ended ? entry.before : entry.after) =
      watch.name + (watch.until ? " until " + FormatDay(*watch.until) : "");
  entry.reason = watch.reason;
  return entry;
}

AuditEntry AuditOfOfficial(const std::optional<OfficialEntry>& before, const OfficialEntry& after) {
  return {0,
          after.at,
          after.by,
          "seller.import",
          std::string(Name(after.list)) + " " + OfficialKey(after),
          before ? Describe(*before) : "",
          Describe(after),
          after.file};
}

AuditEntry AuditOfProposal(const Proposal& proposal, const std::optional<ProposalDecision>& before,
                           const ProposalDecision& decision) {
  return {0,
          decision.at,
          decision.by,
          "seller.proposal",
          proposal.id(),
          std::string(Name(before ? before->state : Proposal::State::kOpen)),
          std::string(Name(decision.state)),
          decision.note};
}

AuditEntry AuditOfDocument(const SellerId& seller, const RepeatDocument& document) {
  return {0,
          document.at,
          document.by,
          "seller.repeat",
          seller,
          "",
          document.document + " " + FormatDay(document.date),
          document.note};
}

AuditEntry AuditOfUndo(const std::string& cluster, const std::vector<LeadId>& leads,
                       const ClusterUndo& undo) {
  return {0,       undo.at,          undo.by, leads.empty() ? "cluster.undo" : "cluster.split",
          cluster, Join(leads, " "), "",      undo.reason};
}

CorrelationChange ChangeOf(const std::vector<CorrelationRecord>& known,
                           std::span<const rules::Correlation> wanted) {
  CorrelationChange change;
  for (const rules::Correlation& correlation : wanted) {
    CorrelationRecord record = RecordOf(correlation);
    record.ready = true;
    if (std::find(known.begin(), known.end(), record) == known.end())
      change.changed.push_back(correlation);
  }
  for (const CorrelationRecord& record : known) {
    if (std::none_of(wanted.begin(), wanted.end(),
                     [&](const rules::Correlation& c) { return c.id == record.id; }))
      change.dropped.push_back(record.id);
  }
  return change;
}

}  // namespace cluehound::store
