#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "rules/seller_list.h"
#include "rules/suspicion.h"
#include "store/cluster.h"
#include "store/lead_fact.h"

// What is known of sellers (经营者) from their leads, and what people recorded of them.
namespace cluehound::store {

// Sums over the leads of one seller; each lead adds its part and takes it away again.
struct SellerTotals {
  uint64_t leads = 0;
  uint64_t active = 0;                // neither ruled out nor a duplicate nor silenced
  std::vector<uint64_t> by_status;    // by number of LeadStatus, from 1
  std::vector<uint64_t> by_strength;  // active ones, by score / 10
  uint64_t marks = 0;                 // different ones of active leads
  int64_t sales_cents = 0;            // estimated, of active leads
  int64_t first_cents = 0;
  uint64_t at_least = 0;  // leads whose estimate is a lower bound
  uint64_t first_at_least = 0;
  bool after = false;  // a lead came after another one was taken up
  uint32_t risk = 0;   // RiskOf() of these

  friend bool operator==(const SellerTotals&, const SellerTotals&) = default;
};
void AddTo(SellerTotals& totals, const LeadFact& fact, bool add);

// 线索风险分, 0 to 100, part by part: our own figure over leads. It is no official grade and is never
// shown as one; official lists stand beside it and add nothing.
std::vector<rules::ScorePart> RiskParts(const SellerTotals& totals, size_t shops);
int RiskOf(const std::vector<rules::ScorePart>& parts);

// What is counted of a seller beside the sums. The letters are stored.
enum class SellerTally : char {
  kName = 'n',
  kShopId = 'i',
  kNameSpace = 's',
  kPlatform = 'p',
  kRole = 'r',
  kCounty = 'c',
  kMark = 'm',        // of active leads: id, newline, name
  kCode = 'k',        // of licences
  kFirstDay = 'f',    // "2026-11-22"
  kLastDay = 'l',     // days to the end of time, so that the last comes first
  kAuthorised = 'a',  // marks of leads that were ruled out as 正品/授权: id, newline, name
};
struct TallyKey {
  SellerTally tally;
  std::string value;
};
std::vector<TallyKey> TalliesOf(const LeadFact& fact, const Party& party);
inline constexpr size_t kMaxTallies = 200;  // of one kind that are read
inline constexpr size_t kMaxShops = 50;     // of one licence that are joined

// One shop, or one person of a role.
struct SellerState {
  SellerId id;
  SellerTotals totals;
  std::map<SellerTally, std::map<std::string, uint64_t>> tallies;  // kMaxTallies of each

  // The licence that joins it with others: the only one that its pages name; else empty.
  std::string code() const;
};

struct Counted {
  std::string value;
  uint64_t leads = 0;
  friend bool operator==(const Counted&, const Counted&) = default;
};

// 关注: a seller that the office watches.
struct Watch {
  uint64_t number = 0;  // from 1
  SellerId seller;      // empty: not met yet
  std::vector<rules::SellerList::Entry> entries;
  std::string name;  // for people
  std::string reason;
  Actor by;
  Instant at{};
  std::optional<Instant> until;  // expiry
  std::optional<Instant> ended;
  Actor ended_by;
};
bool operator==(const Watch& a, const Watch& b);
bool InForce(const Watch& watch, Instant now);
Status CheckWatch(const Watch& watch);

// An official record that was imported: 严重违法失信名单, 信用风险分类.
struct OfficialEntry {
  enum class List : uint8_t { kDishonest = 1, kGrade = 2 };
  List list = List::kDishonest;
  std::string name;
  std::string code;      // 统一社会信用代码
  std::string grade;     // "A" to "D"; kGrade
  std::string document;  // number of the decision or table
  std::string authority;
  std::string from;   // day; may be empty
  std::string until;  // day on which it has ended
  std::string file;   // it was read from
  Actor by;
  Instant at{};

  bool in_force(Instant now) const;
  friend bool operator==(const OfficialEntry&, const OfficialEntry&) = default;
};
std::string_view Name(OfficialEntry::List list);  // "dishonest", "grade"
std::optional<OfficialEntry::List> OfficialListFromName(std::string_view name);
// Under what an entry is kept: its code, else its folded name. A later import of the same replaces it.
std::string OfficialKey(const OfficialEntry& entry);

// 正品/授权 proposes an authorised seller; an analyst accepts or rejects.
struct Proposal {
  SellerId seller;
  std::string seller_name;
  std::string shop_id;
  std::string platform;
  std::string mark;
  std::string mark_name;
  uint64_t leads = 0;  // that were ruled out so
  enum class State : uint8_t { kOpen = 0, kAccepted = 1, kRejected = 2 };
  State state = State::kOpen;

  std::string id() const { return seller + "/" + mark; }
  friend bool operator==(const Proposal&, const Proposal&) = default;
};
// What a person made of it.
struct ProposalDecision {
  Proposal::State state = Proposal::State::kOpen;
  Actor by;
  Instant at{};
  std::string note;
  friend bool operator==(const ProposalDecision&, const ProposalDecision&) = default;
};

// A seller with the shops that its licence joins, as people see it.
struct Seller {
  SellerId id;  // of the shop that was asked for, or the one with the highest risk
  std::vector<SellerId> shops;
  std::string code;  // that joins them
  SellerTotals totals;
  std::vector<rules::ScorePart> risk_parts;
  int risk = 0;
  std::string first_day, last_day;
  // Most leads first.
  std::vector<Counted> names, shop_ids, name_spaces, platforms, roles, counties, marks, codes;
  std::vector<Watch> watches;  // in force
  std::vector<OfficialEntry> official;
  std::vector<OfficialEntry> namesakes;  // official entries of that name without a code that fits
  std::vector<RepeatDocument> documents;
  std::vector<Proposal> proposals;

  const std::string& name() const;
};
// All but what people recorded. REQUIRES: !shops.empty(); the first one gives the id.
Seller MakeSeller(const std::vector<SellerState>& shops);
std::vector<Proposal> ProposalsOf(const SellerState& shop);

struct SellerFilter {
  std::string text;      // in a name, folded
  std::string platform;  // or namespace
  std::string mark;
  bool watched = false;
  std::optional<OfficialEntry::List> official{};
};
struct SellerPage {
  std::vector<Seller> sellers;  // highest risk first
  std::string next;
};

// Estimated sales of the active leads of a row.
struct RowSales {
  uint64_t leads = 0;
  int64_t cents = 0;
  int64_t first_cents = 0;
  uint64_t at_least = 0;  // leads whose estimate is a lower bound
  uint64_t first_at_least = 0;
  friend bool operator==(const RowSales&, const RowSales&) = default;
};
void AddTo(RowSales& sales, const LeadFact& fact, bool add);

}  // namespace cluehound::store
