#include "store/seller.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "rules/folding.h"

namespace cluehound::store {
namespace {

constexpr size_t kStatuses = static_cast<size_t>(LeadStatus::kClosed);
constexpr size_t kStrengths = 11;
constexpr int64_t kLastDay = 100'000;  // days after 1970

std::string MarkValue(const LeadFact& fact) { return fact.mark + '\n' + fact.mark_name; }

// Counts wrap: what was added is taken away again.
void Shift(uint64_t& count, bool add) { count += add ? uint64_t{1} : ~uint64_t{0}; }

std::string Number(uint64_t n) { return std::to_string(n); }

void AddPart(std::vector<rules::ScorePart>& parts, std::string label, int points) {
  if (points != 0) parts.push_back({std::move(label), points});
}

// Points of the last step that `value` reaches.
int Step(uint64_t value, std::initializer_list<std::pair<uint64_t, int>> steps) {
  int points = 0;
  for (const auto& [from, gives] : steps) {
    if (value >= from) points = gives;
  }
  return points;
}

std::vector<Counted> Gather(const std::vector<SellerState>& shops, SellerTally tally) {
  std::map<std::string, uint64_t> sums;
  for (const SellerState& shop : shops) {
    const auto found = shop.tallies.find(tally);
    if (found == shop.tallies.end()) continue;
    for (const auto& [value, count] : found->second) sums[value] += count;
  }
  std::vector<Counted> counted;
  for (const auto& [value, count] : sums) counted.push_back({value, count});
  std::stable_sort(counted.begin(), counted.end(),
                   [](const Counted& a, const Counted& b) { return a.leads > b.leads; });
  return counted;
}

std::string FirstOf(const std::vector<Counted>& counted) {
  return counted.empty() ? "" : counted.front().value;
}

}  // namespace

void AddTo(SellerTotals& totals, const LeadFact& fact, bool add) {
  totals.by_status.resize(kStatuses);
  totals.by_strength.resize(kStrengths);
  const int64_t sign = add ? 1 : -1;
  Shift(totals.leads, add);
  Shift(totals.by_status[static_cast<size_t>(fact.status) - 1], add);
  if (!fact.active) return;
  Shift(totals.active, add);
  Shift(totals.by_strength[static_cast<size_t>(std::clamp(fact.score, 0, 100) / 10)], add);
  totals.sales_cents += sign * fact.sales_cents;
  totals.first_cents += sign * fact.first_cents;
  if (fact.sales_at_least) Shift(totals.at_least, add);
  if (fact.first_at_least) Shift(totals.first_at_least, add);
}

void AddTo(RowSales& sales, const LeadFact& fact, bool add) {
  if (!fact.active) return;
  const int64_t sign = add ? 1 : -1;
  Shift(sales.leads, add);
  sales.cents += sign * fact.sales_cents;
  sales.first_cents += sign * fact.first_cents;
  if (fact.sales_at_least) Shift(sales.at_least, add);
  if (fact.first_at_least) Shift(sales.first_at_least, add);
}

std::vector<rules::ScorePart> RiskParts(const SellerTotals& totals, size_t shops) {
  std::vector<rules::ScorePart> parts;
  AddPart(parts, "未排除的线索 " + Number(totals.active) + " 条",
          Step(totals.active, {{1, 5}, {2, 10}, {5, 15}, {20, 20}, {100, 25}}));
  int strongest = -1;
  for (size_t i = 0; i < totals.by_strength.size(); ++i) {
    if (totals.by_strength[i] > 0) strongest = static_cast<int>(i);
  }
  if (strongest > 0) {
    AddPart(parts, "最强线索 " + std::to_string(strongest * 10) + " 分以上", strongest * 3);
  }
  AddPart(parts, "涉及受保护标识 " + Number(totals.marks) + " 个",
          Step(totals.marks, {{2, 5}, {3, 10}, {5, 15}}));
  AddPart(parts, "同一信用代码下的店铺 " + Number(shops) + " 个", shops > 1 ? 5 : 0);
  AddPart(parts, "已有线索被处置后又出现新线索", totals.after ? 15 : 0);
  const auto yuan = static_cast<uint64_t>(std::max<int64_t>(totals.sales_cents, 0) / 100);
  AddPart(parts, "销售额估算 " + Number(yuan) + " 元", Step(yuan, {{10'000, 5}, {50'000, 10}}));
  const uint64_t excluded = totals.leads - totals.active;
  AddPart(parts, "已排除、重复或屏蔽 " + Number(excluded) + " 条，超过一半",
          excluded * 2 > totals.leads && totals.active > 0 ? -10 : 0);
  return parts;
}

int RiskOf(const std::vector<rules::ScorePart>& parts) {
  int sum = 0;
  for (const rules::ScorePart& part : parts) sum += part.points;
  return std::clamp(sum, 0, 100);
}

std::vector<TallyKey> TalliesOf(const LeadFact& fact, const Party& party) {
  std::vector<TallyKey> keys;
  const auto add = [&](SellerTally tally, const std::string& value) {
    if (!value.empty()) keys.push_back({tally, value});
  };
  add(SellerTally::kName, party.name);
  add(SellerTally::kShopId, party.shop_id);
  add(SellerTally::kNameSpace, fact.name_space);
  add(SellerTally::kPlatform, fact.platform);
  add(SellerTally::kRole, std::string(Name(party.role)));
  add(SellerTally::kCounty, fact.county);
  // A code in the text of an offer speaks of whose offer it is, not of who presents it.
  if (&party == &fact.parties.front() || party.id == fact.parties.front().id)
    add(SellerTally::kCode, fact.code);
  if (!fact.mark.empty() && fact.active) add(SellerTally::kMark, MarkValue(fact));
  if (!fact.mark.empty() && fact.authorised) add(SellerTally::kAuthorised, MarkValue(fact));
  add(SellerTally::kFirstDay, FormatDay(fact.first_seen));
  const int64_t days = std::chrono::floor<std::chrono::days>(fact.last_day + kOfficeOffset)
                           .time_since_epoch()
                           .count();
  add(SellerTally::kLastDay, std::to_string(2 * kLastDay - std::clamp<int64_t>(days, 0, kLastDay)));
  return keys;
}

std::string SellerState::code() const {
  const auto found = tallies.find(SellerTally::kCode);
  return found != tallies.end() && found->second.size() == 1 ? found->second.begin()->first : "";
}

bool operator==(const Watch& a, const Watch& b) {
  const auto same = [](const auto& x, const auto& y) {
    return std::tie(x.platform, x.seller_id, x.name) == std::tie(y.platform, y.seller_id, y.name);
  };
  return std::tie(a.number, a.seller, a.name, a.reason, a.by, a.at, a.until, a.ended, a.ended_by) ==
             std::tie(b.number, b.seller, b.name, b.reason, b.by, b.at, b.until, b.ended,
                      b.ended_by) &&
         std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(), same);
}

bool InForce(const Watch& watch, Instant now) {
  return !watch.ended && (!watch.until || now < *watch.until);
}

Status CheckWatch(const Watch& watch) {
  if (watch.reason.empty()) return Status::InvalidArgument("a watched seller needs a reason");
  if (watch.until && *watch.until <= watch.at)
    return Status::InvalidArgument("the day on which the watch ends is not in the future");
  const bool named = !watch.entries.empty() &&
                     std::all_of(watch.entries.begin(), watch.entries.end(), [](const auto& e) {
                       return !e.name.empty() || !e.seller_id.empty();
                     });
  if (!named) return Status::InvalidArgument("a watched seller needs a name or a shop number");
  return Status::Ok();
}

bool OfficialEntry::in_force(Instant now) const {
  const auto end = ParseDay(until);
  return !end || now < *end;
}

std::string_view Name(OfficialEntry::List list) {
  return list == OfficialEntry::List::kDishonest ? "dishonest" : "grade";
}

std::optional<OfficialEntry::List> OfficialListFromName(std::string_view name) {
  for (const auto list : {OfficialEntry::List::kDishonest, OfficialEntry::List::kGrade}) {
    if (Name(list) == name) return list;
  }
  return std::nullopt;
}

std::string OfficialKey(const OfficialEntry& entry) {
  return entry.code.empty() ? "name " + rules::FoldString(entry.name) : "code " + entry.code;
}

const std::string& Seller::name() const {
  static const std::string kNone;
  if (!names.empty()) return names.front().value;
  return shop_ids.empty() ? kNone : shop_ids.front().value;
}

Seller MakeSeller(const std::vector<SellerState>& shops) {
  Seller seller;
  seller.id = shops.front().id;
  SellerTotals& totals = seller.totals;
  totals.by_status.resize(kStatuses);
  totals.by_strength.resize(kStrengths);
  for (const SellerState& shop : shops) {
    seller.shops.push_back(shop.id);
    totals.leads += shop.totals.leads;
    totals.active += shop.totals.active;
    for (size_t i = 0; i < shop.totals.by_status.size() && i < kStatuses; ++i)
      totals.by_status[i] += shop.totals.by_status[i];
    for (size_t i = 0; i < shop.totals.by_strength.size() && i < kStrengths; ++i)
      totals.by_strength[i] += shop.totals.by_strength[i];
    totals.sales_cents += shop.totals.sales_cents;
    totals.first_cents += shop.totals.first_cents;
    totals.at_least += shop.totals.at_least;
    totals.first_at_least += shop.totals.first_at_least;
    totals.after |= shop.totals.after;
    for (Proposal& proposal : ProposalsOf(shop)) seller.proposals.push_back(std::move(proposal));
  }
  seller.names = Gather(shops, SellerTally::kName);
  seller.shop_ids = Gather(shops, SellerTally::kShopId);
  seller.name_spaces = Gather(shops, SellerTally::kNameSpace);
  seller.platforms = Gather(shops, SellerTally::kPlatform);
  seller.roles = Gather(shops, SellerTally::kRole);
  seller.counties = Gather(shops, SellerTally::kCounty);
  seller.marks = Gather(shops, SellerTally::kMark);
  seller.codes = Gather(shops, SellerTally::kCode);
  seller.code = shops.front().code();
  totals.marks =
      shops.size() == 1 ? shops.front().totals.marks : static_cast<uint64_t>(seller.marks.size());
  for (const Counted& day : Gather(shops, SellerTally::kFirstDay)) {
    if (seller.first_day.empty() || day.value < seller.first_day) seller.first_day = day.value;
  }
  std::string last;
  for (const Counted& day : Gather(shops, SellerTally::kLastDay)) {
    if (last.empty() || day.value < last) last = day.value;
  }
  if (const auto days = ParseInt(last)) {
    seller.last_day =
        FormatDay(Instant(std::chrono::days(2 * kLastDay - *days)) - Duration(kOfficeOffset));
  }
  seller.risk_parts = RiskParts(totals, shops.size());
  seller.risk = RiskOf(seller.risk_parts);
  totals.risk = static_cast<uint32_t>(seller.risk);
  return seller;
}

std::vector<Proposal> ProposalsOf(const SellerState& shop) {
  std::vector<Proposal> proposals;
  const auto found = shop.tallies.find(SellerTally::kAuthorised);
  if (found == shop.tallies.end()) return proposals;
  const std::vector<SellerState> alone = {SellerState{shop.id, {}, shop.tallies}};
  for (const auto& [value, count] : found->second) {
    Proposal proposal;
    proposal.seller = shop.id;
    proposal.seller_name = FirstOf(Gather(alone, SellerTally::kName));
    proposal.shop_id = FirstOf(Gather(alone, SellerTally::kShopId));
    proposal.platform = FirstOf(Gather(alone, SellerTally::kPlatform));
    proposal.mark = value.substr(0, value.find('\n'));
    proposal.mark_name = value.substr(std::min(value.find('\n') + 1, value.size()));
    proposal.leads = count;
    // The same mark under another name is one proposal.
    const auto same = std::find_if(proposals.begin(), proposals.end(),
                                   [&](const Proposal& p) { return p.mark == proposal.mark; });
    if (same == proposals.end()) {
      proposals.push_back(std::move(proposal));
    } else {
      same->leads += count;
    }
  }
  return proposals;
}

}  // namespace cluehound::store
