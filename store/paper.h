#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "store/records.h"

// What an office has on paper beside its leads: where a clue came from, its letters, the notices of
// right holders, its cases, the register of lawful users of a sign, what it handed over. They are
// alike (a number, days, fields of a form, leads that belong to it, a term that may run), so they
// are one kind of record; triage/paper_form.h knows the fields of each form.
namespace cluehound::store {

enum class PaperKind : uint8_t {
  kClue = 1,      // 线索来源: assigned, transferred, reported, found
  kLetter = 2,    // 协查函, 线索推送函 of the office itself
  kNotice = 3,    // 权利人通知 and what came of it
  kCase = 4,      // 案件: 立案 or 不予立案
  kSignUser = 5,  // a lawful user of a GI exclusive sign
  kHandover = 6,  // an export to another office, and its receipt
};
inline constexpr size_t kPaperKindCount = 6;

std::string_view Name(PaperKind kind);  // "clue", "letter", ...
std::string_view ChineseName(PaperKind kind);
std::optional<PaperKind> PaperKindFromName(std::string_view name);

struct PaperField {
  std::string name;
  std::string value;
  friend bool operator==(const PaperField&, const PaperField&) = default;
};

// A file that came with a paper. Its bytes are found by their digest.
struct Attachment {
  std::string name;
  std::string media_type;  // "image/png", by the bytes
  uint64_t size = 0;
  Digest sha256{};
  friend bool operator==(const Attachment&, const Attachment&) = default;
};

struct Paper {
  uint64_t number = 0;  // from 1, over all kinds
  uint64_t revision = 1;
  PaperKind kind = PaperKind::kClue;
  // Names the paper within its kind, so that importing it twice is importing it once; empty: it has
  // no such name.
  std::string key;
  std::string document;            // its own number, 文号
  std::string state;               // of its form: "open", "replied", "filed"
  std::string county;              // empty: the city's
  std::vector<PaperField> fields;  // in the order of the form; none is empty
  std::optional<LeadClock> clock;
  std::optional<Instant> answered;  // the day on which the clock stopped
  std::vector<LeadId> leads;
  std::vector<Attachment> attachments;
  Actor by;
  Instant at{};
  Actor changed_by;
  Instant changed_at{};  // zero: never

  // Empty when it has no such field.
  std::string_view Get(std::string_view name) const;
  friend bool operator==(const Paper&, const Paper&) = default;
};

// The clock runs and ended before `due_before`.
bool IsDue(const Paper& paper, Instant due_before);

// What a clue says of one listing. Becomes a lead of the family "clue", or of the families of the
// suspicions, or joins the lead that is there.
struct ClueFinding {
  extractors::Listing listing;
  std::vector<rules::Suspicion> suspicions;
  Jurisdiction jurisdiction{};
  std::string page_url;  // canonical; empty: no address is known
  bool own_page = false;

  friend bool operator==(const ClueFinding&, const ClueFinding&) = default;
};

// All that a clue says, as it travels to the process that holds the store.
struct ClueFindings {
  std::vector<ClueFinding> findings;
  std::string rule_set;               // hash of the rules that were asked; empty: none
  std::vector<std::string> families;  // that these rules know

  friend bool operator==(const ClueFindings&, const ClueFindings&) = default;
};

struct AttachmentBytes {
  Attachment attachment;  // the store fills size and digest
  std::string bytes;
};

// A paper to be made or changed.
struct PaperChange {
  // Number 0: a new one. When its key is known, it must be as it is there: else kConflict. What is
  // not of the caller (number, revision, by, at, changed_*) is the store's. `leads` and `attachments` are added to those that
  // it has, never taken away.
  Paper paper;
  uint64_t expected_revision = 0;  // of a known number; another: kConflict
  std::string number_prefix;  // a new paper without `document` gets the next number behind this
  ClueFindings clue;          // kClue
  std::vector<Decision> decisions;  // on leads, in the same write
  std::vector<AttachmentBytes> files;
  std::string reason;  // for the audit log
};

enum class PaperOutcome : uint8_t { kNew, kChanged, kSame };

struct PaperReceipt {
  Paper paper;
  PaperOutcome outcome = PaperOutcome::kSame;
  uint32_t new_leads = 0;
  uint32_t joined_leads = 0;  // that were there already
};

struct PaperFilter {
  std::optional<PaperKind> kind;
  std::string key{};  // with a kind
  std::string state{};
  std::string document{};
  std::string county{};
  std::string lead{};                   // id
  std::optional<Instant> due_before{};  // IsDue
  PaperField field{};                   // with this value; no name: whatever
};

// Newest first. `after` is the `next` of the page before.
struct PaperPage {
  std::vector<Paper> papers;
  std::string next;  // empty: no more
};

}  // namespace cluehound::store
