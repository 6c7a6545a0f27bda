#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/outcome.h"
#include "evidence/capture_sink.h"
#include "evidence/page.h"
#include "extractors/listing.h"
#include "rules/suspicion.h"
#include "store/jurisdiction.h"
#include "store/sales.h"

// What goes into the store and comes out of it. Plain values; docs/store-format.md gives their
// bytes.
namespace cluehound::store {

// Hex text, 32 digits: the first half of a SHA-256. Ids are derived from keys, never drawn at
// random, so that doing the same thing twice is doing it once.
using ListingIdentity = std::string;
using LeadId = std::string;

// ---------------------------------------------------------------- frontier

// An address to be known: a seed, or a link found on a page.
struct Discovery {
  std::string url;        // canonical (Url::Canonical)
  std::string authority;  // Url::authority(): host of the queue it stands in
  std::string source;
  uint16_t depth = 0;    // links from a seed
  uint8_t priority = 1;  // 0 first: seeds and next pages; 1: the rest

  friend bool operator==(const Discovery&, const Discovery&) = default;
};

// What is remembered of a page from its last reading.
struct PageState {
  Instant fetched{};  // when it was last read or found unchanged; zero: never
  Outcome outcome = Outcome::kOk;
  Digest body_digest{};  // of the decoded body
  std::string extractor_revision;
  std::string rule_set;  // hash of the rule set that matched it
  std::string etag;
  std::string last_modified;
  std::vector<ListingIdentity> listings;  // of the listings last found that carry a lead
  std::vector<LeadId> leads;              // the leads last found on it
  uint32_t listing_count = 0;
  uint32_t failures = 0;  // in a row
  std::string source;     // for which it was last read; the store fills it
  // Between two visits, as it adapted to how often the page changes (crawler/revisit.h), in
  // milliseconds; 0: not yet.
  uint64_t interval = 0;
  // Of the last different contents (extractors/content_signature.h), newest first, under the present
  // extractor revision; at most crawler::kSignaturesKept.
  std::vector<uint64_t> signatures;

  bool read_before() const { return !extractor_revision.empty(); }
  friend bool operator==(const PageState&, const PageState&) = default;
};

// The right to fetch one address, until it is committed, given back, or the owner is gone.
struct Lease {
  uint64_t token =
      0;  // fencing: a commit with a token that is no longer the address's own is refused
  Discovery address;
  PageState page;  // what is known of it
};

// ---------------------------------------------------------------- leads

enum class LeadStatus : uint8_t {
  kNew = 1,        // 待研判
  kChecking = 2,   // 核查中
  kFiled = 3,      // 已立案
  kReferred = 4,   // 已移送
  kPlatform = 5,   // 平台处置
  kRuledOut = 6,   // 已排除
  kDeferred = 7,   // 暂缓
  kDuplicate = 8,  // 重复
  kClosed = 9,     // 办结
};

std::string_view Name(LeadStatus status);         // "new", "checking", ...
std::string_view ChineseName(LeadStatus status);  // "待研判"
std::optional<LeadStatus> LeadStatusFromName(std::string_view name);

// Who does something: the peer's user as the system knows it, and the name that it claims.
struct Actor {
  std::string user;  // "root", "crawler"
  std::string claimed_name;
  friend bool operator==(const Actor&, const Actor&) = default;
};

// Which leads a caller may see and touch. Empty county: the city, which sees all.
struct Scope {
  std::string county;
};

// What people hold of a lead: their last decision.
struct Standing {
  LeadStatus status = LeadStatus::kNew;
  std::string reason;  // coded
  std::string note;
  std::string target;            // kReferred: to whom, "police", "county:寿光市"
  std::string case_number;       // kFiled; may be empty
  std::optional<Instant> until;  // kDeferred: it comes back at this time
  LeadId original;               // kDuplicate: of which lead
  bool merged = false;           // kDuplicate: what pages say of it is said of the original
  Actor by;
  Instant at{};  // zero: nobody has decided yet

  friend bool operator==(const Standing&, const Standing&) = default;
};

// A term that runs for a lead. Computed by who knows the calendar; the store only keeps it.
struct LeadClock {
  std::string term;  // id, "check"
  Instant start{};
  Instant due{};            // 00:00 of the last day
  uint32_t extensions = 0;  // how often it was extended
  std::string approver;     // of the last extension
  std::string warning;      // for officers: why the day may be wrong

  friend bool operator==(const LeadClock&, const LeadClock&) = default;
};

// What happened to a lead, beside its status. Those of the machine (from kSeenAgain on) never change
// a status.
enum class EntryKind : uint8_t {
  kDecided = 1,
  kUndone = 2,
  kExtended = 3,
  kCameBack = 4,       // the day of a deferral has come
  kSilenced = 5,       // 屏蔽
  kLetGo = 6,          // 解除屏蔽: no silence covers it any more
  kAssigned = 7,       // 分派
  kSigned = 8,         // 签收
  kFedBack = 9,        // 反馈
  kSentBack = 10,      // 退回, to the city pool
  kUrged = 11,         // 催办
  kSupervised = 12,    // 督办
  kPlaced = 13,        // 认定辖区: by a person
  kReported = 14,      // 线索登记: a clue, letter, notice or case speaks of it (store/paper.h)
  kHandedOver = 15,    // 上报: exported to another office
  kSeenAgain = 16,     // 再次发现: after it was gone
  kChangedAfter = 17,  // 处置后变化: another wording than what was decided
  kGone = 18,          // 已下架
  kOnSale = 19,        // 仍在售: seen after a decision that should end it
  kRuleChanged = 20,   // 规则已变: it is there as it was, and no rule speaks of it any more
  kReworded = 21,  // 内容变化: not decided yet, reworded so that no rule speaks of it any more
  kCampaign = 22,  // 专项行动: which one was running when the lead was first seen
  kTookIn = 23,    // 并入: another lead was merged into this one, by a person
  kGaveBack = 24,  // 拆出: and is one of its own again
  kTagged = 25,    // 标签: by a person
};

std::string_view Name(EntryKind kind);         // "seen_again"
std::string_view ChineseName(EntryKind kind);  // "再次发现"
std::optional<EntryKind> EntryKindFromName(std::string_view name);

// One entry in the life of a lead. Also in the audit log; here it is found by lead.
struct LeadEntry {
  uint64_t number = 0;  // of the lead, from 1
  EntryKind kind = EntryKind::kDecided;
  Instant at{};
  Actor by;
  std::string before;  // texts for people, bounded
  std::string after;
  std::string reason;

  friend bool operator==(const LeadEntry&, const LeadEntry&) = default;
};

// 屏蔽: a recorded exception (store/silence.h).
struct Silence {
  uint64_t number = 0;  // from 1
  // Whose: exactly one.
  std::string seller;  // name or number of the shop
  std::string phrase;  // in title or text
  ListingIdentity listing;
  // What: at least one.
  std::string mark;
  std::string rule;
  std::string family;
  std::string reason;
  std::string proof;
  Actor author;
  Instant at{};
  std::optional<Instant> until;  // expiry; absent: until it is ended
  std::optional<Instant> ended;
  Actor ended_by;
  uint64_t hits = 0;  // leads that it silenced, ever
  uint64_t live = 0;  // and does now
  Instant last_hit{};
  std::vector<uint64_t> wordings;  // of the listing: those it was made for

  friend bool operator==(const Silence&, const Silence&) = default;
};

// The way of a lead between the city and a county: 分派 -> 签收 -> 反馈, or 退回.
struct Dispatch {
  enum class State : uint8_t { kAssigned = 1, kSigned = 2, kFedBack = 3, kSentBack = 4 };
  State state = State::kAssigned;
  std::string county;
  Instant assigned{};
  Instant signed_at{};
  Instant due{};         // 00:00 of the last day for what comes next
  std::string feedback;  // of the county, or why it sent the lead back
  uint32_t urged = 0;    // how often
  bool supervised = false;
  std::vector<std::string> returned_by;  // counties that sent it back

  bool open() const { return state == State::kAssigned || state == State::kSigned; }
  friend bool operator==(const Dispatch&, const Dispatch&) = default;
};
std::string_view Name(Dispatch::State state);         // "assigned"
std::string_view ChineseName(Dispatch::State state);  // "已分派"
std::optional<Dispatch::State> DispatchStateFromName(std::string_view name);

// Whether a listing is still offered, as far as pages say.
enum class Presence : uint8_t { kUnknown = 0, kOnSale = 1, kGone = 2 };

// The deduplicated suspicion: version + listing identity + family.
struct Lead {
  LeadId id;
  uint64_t revision = 1;  // raised by every change an officer can see, not by mere sightings
  ListingIdentity listing_identity;
  std::string name_space;  // platform, else host: whose numbers the identity is made of
  std::string page_url;    // the page whose wording it holds
  std::string source;
  extractors::Listing listing;  // as last seen there
  rules::Suspicion suspicion;   // as last found there: offsets are into `listing`
  std::string rule_set;         // hash of the set that found it
  LeadStatus status = LeadStatus::kNew;
  std::string reason;  // coded reason of the last decision
  std::string note;
  Instant first_seen{};
  Instant last_seen{};
  uint64_t sightings = 0;
  std::string county;            // jurisdiction; empty: unknown
  evidence::CaptureRef capture;  // of the page that made it new or changed it last
  bool own_page = false;         // page_url is the listing's own page, not a list
  std::vector<uint64_t>
      wordings;  // digests of the last wordings met, on any page (store/lead_update.h)
  // What goes with the status; by store/decision.h.
  std::string target;
  std::string case_number;
  std::optional<Instant> until;
  LeadId original;
  bool merged = false;
  Actor decided_by;
  Instant decided_at{};              // zero: nobody has decided yet
  std::optional<Standing> previous;  // before the last decision; absent when that was undone
  std::string number;                // "WF-2026-00123", given once, when it is registered
  Instant registered{};              // zero: never
  std::optional<LeadClock> clock;
  // What the machine noted; by store/lead_note.h.
  Presence presence = Presence::kUnknown;
  Instant presence_at{};            // when that was found
  std::optional<EntryKind> notice;  // the last note that no decision has answered yet
  uint64_t entries = 0;
  uint64_t silenced = 0;  // number of the silence; 0: none
  Jurisdiction jurisdiction;
  std::optional<Dispatch> dispatch;
  Sales sales;
  std::string campaign;     // 专项行动 that was running when it was first seen; empty: none
  int campaign_points = 0;  // what it adds to the score, for good (store/lead_update.h)
  std::vector<std::string> tags;  // 标签, sorted (store/tag.h)

  friend bool operator==(const Lead&, const Lead&) = default;
};

// One observation of a lead.
struct Sighting {
  LeadId lead;
  Instant seen{};
  std::string page_url;
  evidence::CaptureRef capture;  // absent when the page was unchanged: the earlier capture holds
  bool changed = false;          // wording, price or hits differ from the sighting before

  friend bool operator==(const Sighting&, const Sighting&) = default;
};

// A suspicion that a page gave, on its way to become or join a lead.
struct LeadDraft {
  uint32_t listing = 0;  // index into PageCommit::listings
  rules::Suspicion suspicion;
  Jurisdiction jurisdiction{};  // as the listing says
  // 专项行动 that runs for it: what a new lead is noted with, and the points that it adds to the score.
  std::string campaign{};
  int campaign_points = 0;
};

// ---------------------------------------------------------------- commits

enum class PageChange : uint8_t {
  kFailed = 1,     // no page was read: outcome and next time only
  kUnchanged = 2,  // same body, revision and rules: each stored lead of the page gets a sighting
  kRead = 3,       // read (again): listings and leads replace those of the page
  kRematched = 4,  // stored listings met newer rules, nothing was fetched: leads made or changed,
                   // no sighting of old ones
};

// Everything that one page changes; applied whole or not at all.
struct PageCommit {
  // The token and address of a claim. Token 0 (kRead, kUnchanged): a page that did not come from
  // the frontier, a saved file; its address is not scheduled. For kRematched only address.url and
  // address.source count.
  Lease lease;
  PageChange change = PageChange::kFailed;
  Outcome outcome = Outcome::kOk;
  int http_status = 0;
  Instant seen{};                   // when the answer came
  std::optional<Instant> next_due;  // absent: not again (gone, refused)
  // kRead: what to remember; the store fills fetched, outcome, listings, leads, listing_count and
  // failures. kRematched: as it was found, with the new rule set; another reading in between is
  // kConflict. kUnchanged: etag, last_modified and interval if there are new ones.
  PageState state;
  std::vector<extractors::Listing> listings;  // at most kMaxListings
  std::vector<LeadDraft> leads;               // those in mode observe are left out by the store
  std::vector<Discovery> links;               // not with kRematched
  std::vector<std::string> changed{};         // addresses that are said to have changed: those that
                                              // are known are due by links_due
  Instant links_due{};                        // where links are new, from when on they are due
  // Captured when the page brings or changes leads; may be null.
  std::shared_ptr<const evidence::Page> page;

  static constexpr size_t kMaxListings = 10000;
};

// What a commit did.
struct CommitReceipt {
  Status status;  // kConflict: the lease was no longer valid. Not ok: nothing of it was applied.
  uint32_t new_leads = 0;
  uint32_t changed_leads = 0;
  uint32_t sightings = 0;
  uint32_t new_addresses = 0;  // of the page's own authority; others become known a little later
};

// ---------------------------------------------------------------- queries

// What a person does with a lead.
enum class DecisionKind : uint8_t {
  kDecide,   // gives it a status
  kUndo,     // takes the last decision back: the lead stands as before it
  kExtend,   // its clock runs longer
  kSilence,  // a silence that covers it is put on it
  // By the city:
  kPlace,      // says where it belongs
  kAssign,     // to a county
  kUrge,       // 催办
  kSupervise,  // 督办
  // By the county that it was assigned to:
  kSign,
  kFeedBack,
  kSendBack,
  kTag,  // by the city again: other tags
};

struct Decision {
  LeadId lead;
  uint64_t expected_revision = 0;  // another revision: kConflict, nothing is changed
  LeadStatus status = LeadStatus::kNew;
  std::string reason;
  std::string note;
  Actor actor;
  Instant at{};
  DecisionKind kind = DecisionKind::kDecide;
  // With the status: see Standing.
  std::string target{};
  std::string case_number{};
  std::optional<Instant> until{};
  LeadId original{};
  bool merge = false;  // kDuplicate: see Standing::merged
  // kChecking: begins the number that a lead gets when it is registered; empty: none is given.
  std::string number_prefix{};
  // kChecking: the clock that starts, unless one runs. kExtend: the clock as it is now.
  std::optional<LeadClock> clock{};
  uint64_t silence = 0;                                       // kSilence: its number
  std::string county{};                                       // kAssign, kPlace
  Jurisdiction::Place place = Jurisdiction::Place::kUnknown;  // kPlace
  std::optional<Instant> due{};         // kAssign, kSign: 00:00 of the last day for what comes next
  std::vector<std::string> add_tags{};  // kTag
  std::vector<std::string> remove_tags{};
};

enum class LeadSort : uint8_t {
  kScore,     // strongest first, then newest by first_seen
  kLastSeen,  // last seen first
};

// Exact up to kLimit; behind it only that there are more.
struct LeadCount {
  static constexpr uint32_t kLimit = 1000;
  uint32_t count = 0;
  bool more = false;

  // One more is there; false once that changes nothing any more.
  bool Add() {
    if (count < kLimit) {
      ++count;
    } else {
      more = true;
    }
    return !more;
  }
  friend bool operator==(const LeadCount&, const LeadCount&) = default;
  friend bool operator==(const LeadCount& a, uint32_t b) { return !a.more && a.count == b; }
};

struct LeadFilter {
  std::string day;  // office's day of first_seen, "2026-11-22"
  std::string category;
  std::string mark;
  std::string source;
  std::string rule;
  std::optional<LeadStatus> status;
  std::string row;                      // LeadRow::key: the leads inside one row
  std::optional<EntryKind> notice{};    // the last unanswered note of the machine
  std::optional<Instant> due_before{};  // under check, with a clock that ends before this
  enum class Silenced : uint8_t { kHidden, kOnly, kShown };
  Silenced silenced = Silenced::kHidden;
  std::string county{};
  std::optional<Dispatch::State> dispatch{};
  std::string cluster{};   // its leads; of rows those that hold one, at the strongest such lead
  std::string platform{};  // Lead::name_space: the platform, else the host
  std::string seller{};    // name or number of the shop
  std::string officer{};   // who decided last: OfficerOf()
  std::string campaign{};
  std::string tag{};  // of leads that have it, among others
  // Of which place. Here: of this city, and those of which nobody knows; elsewhere: surely not of it.
  enum class Where : uint8_t { kAnywhere, kHere, kElsewhere };
  Where where = Where::kAnywhere;
  int score_from = 0;  // this score or more
  std::string text{};  // words that title, seller or mark hold (store/search_text.h)
  LeadSort sort = LeadSort::kScore;
};

// The name that the last decision was made under; empty: nobody has decided.
std::string OfficerOf(const Lead& lead);

// Surely not of this city.
inline bool IsElsewhere(const Lead& lead) {
  return lead.jurisdiction.place == Jurisdiction::Place::kElsewhere;
}

// Under check, with a clock that ends before `due_before`.
bool IsDue(const Lead& lead, Instant due_before);

// In the order of the filter. `after` is the `next` of the page before under the same filter (empty:
// from the start), and names a place in the order, so that pages stay whole while leads come.
struct LeadPage {
  std::vector<Lead> leads;
  std::string next;  // empty: no more
};

// A decision on a row: it covered the leads that were there.
struct RowStanding {
  LeadStatus status = LeadStatus::kNew;
  std::string reason;
  std::string note;
  Actor by;
  Instant at{};
  uint32_t covered = 0;  // leads

  friend bool operator==(const RowStanding&, const RowStanding&) = default;
};

// seller x mark, with the strongest of its leads.
struct LeadRow {
  std::string key;     // stable; for LeadFilter::row
  std::string seller;  // name as shown; empty: unknown
  std::string mark;
  std::string mark_name;
  LeadCount lead_count;  // those that the filter asks for
  int score = 0;
  Lead strongest;  // the first of them in the filter's order
  // Of the whole row, whatever the filter leaves out but for scope and silences.
  Instant first_seen{};  // of at least the first LeadCount::kLimit leads
  Instant last_seen{};
  LeadCount
      undecided;  // nobody has decided them; in a row that was decided they came later (新增条目)
  std::optional<RowStanding> decided{};  // the last decision on the row
};

struct RowPage {
  std::vector<LeadRow> rows;
  std::string next;
};

struct AuditEntry {
  uint64_t number = 0;  // from 1, without gaps
  Instant at{};
  Actor actor;
  std::string action;  // "lead.decide", "rules.import", ...
  std::string object;  // lead id, rule-set hash, ...
  std::string before;
  std::string after;
  std::string reason;

  friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

// A request to the role that can execute it ("crawl": run, pause; "triage": ...).
struct RoleRequest {
  uint64_t number = 0;
  std::string role;
  std::string action;
  std::string argument;
  Actor actor;
  Instant at{};

  friend bool operator==(const RoleRequest&, const RoleRequest&) = default;
};

// That a stored rule set was made the one in force. The newest says which one is.
struct RuleSetPublication {
  uint64_t number = 0;  // from 1, without gaps
  std::string hash;
  Instant at{};
  Actor actor;
  std::string note;

  friend bool operator==(const RuleSetPublication&, const RuleSetPublication&) = default;
};

struct StoreStats {
  uint64_t addresses = 0;
  uint64_t pages = 0;     // read at least once
  uint64_t listings = 0;  // on those pages
  uint64_t leads = 0;
  uint64_t sightings = 0;
  uint64_t silenced = 0;  // leads

  friend bool operator==(const StoreStats&, const StoreStats&) = default;
};

}  // namespace cluehound::store
