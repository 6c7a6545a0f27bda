#include "store/paper_steps.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/work_calendar.h"
#include "store/clue.h"
#include "store/decision.h"
#include "store/lead_note.h"
#include "store/papers.h"

namespace cluehound::store {
namespace {

constexpr size_t kMaxSummaryField = 400;  // bytes
constexpr size_t kMaxLeads = 5000;        // of one paper

struct KindNames {
  std::string_view name;
  std::string_view chinese;
};
constexpr std::array<KindNames, kPaperKindCount> kKinds = {{{"clue", "线索来源"},
                                                            {"letter", "函件"},
                                                            {"notice", "权利人通知"},
                                                            {"case", "案件"},
                                                            {"sign_user", "合法用标主体"},
                                                            {"handover", "上报"}}};

template <class T>
bool AddMissing(std::vector<T>& to, const std::vector<T>& from) {
  bool added = false;
  for (const T& value : from) {
    if (std::find(to.begin(), to.end(), value) != to.end()) continue;
    to.push_back(value);
    added = true;
  }
  return added;
}

// One write of one paper.
class Step {
 public:
  Step(const PaperChange& change, const Scope& scope, const Actor& actor, Instant at,
       PaperDesk& desk)
      : change_(change), scope_(scope), actor_(actor), at_(at), desk_(desk) {}

  Result<PaperReceipt> Run() {
    ASSIGN_OR_RETURN(const std::optional<Paper> before, Before());
    Paper after = before ? *before : change_.paper;
    if (before) {
      RETURN_IF_ERROR(CheckScope(*before, scope_));
      Merge(after);
    } else {
      RETURN_IF_ERROR(Number(after));
      leads_ = std::exchange(after.leads, {});
    }
    RETURN_IF_ERROR(TakeFiles(after));
    RETURN_IF_ERROR(Link(after, before.has_value()));
    receipt_.outcome = !before            ? PaperOutcome::kNew
                       : *before == after ? PaperOutcome::kSame
                                          : PaperOutcome::kChanged;
    if (receipt_.outcome == PaperOutcome::kSame) {
      receipt_.paper = *before;
      return std::move(receipt_);
    }
    if (before && change_.paper.number == 0)
      return Status::Conflict(std::string(ChineseName(after.kind)) + " \"" + after.key +
                              "\" is there already, with other content (number " +
                              std::to_string(before->number) + ")");
    RETURN_IF_ERROR(Finish(before, after));
    receipt_.paper = std::move(after);
    return std::move(receipt_);
  }

 private:
  Result<std::optional<Paper>> Before() {
    const Paper& paper = change_.paper;
    uint64_t number = paper.number;
    if (number == 0 && !paper.key.empty()) {
      ASSIGN_OR_RETURN(number, desk_.PaperByKey(paper.kind, paper.key));
    }
    if (number == 0) return std::optional<Paper>();
    ASSIGN_OR_RETURN(auto before, desk_.FindPaper(number));
    if (!before || (paper.number != 0 && before->kind != paper.kind))
      return Status::NotFound("no " + std::string(Name(paper.kind)) + " " + std::to_string(number));
    if (paper.number != 0 && before->revision != change_.expected_revision) {
      return Status::Conflict(std::string(Name(paper.kind)) + " " + std::to_string(number) +
                              " is at revision " + std::to_string(before->revision) + ", not " +
                              std::to_string(change_.expected_revision));
    }
    return before;
  }

  // What the caller says; the rest stays as it is.
  void Merge(Paper& after) {
    const Paper& paper = change_.paper;
    if (!paper.document.empty()) after.document = paper.document;
    if (!paper.county.empty()) after.county = paper.county;
    after.state = paper.state;
    after.fields = paper.fields;
    after.clock = paper.clock;
    after.answered = paper.answered;
    leads_ = paper.leads;
  }

  Status Number(Paper& after) {
    after.revision = 1;
    if (!scope_.county.empty() && after.county.empty()) after.county = scope_.county;
    RETURN_IF_ERROR(CheckScope(after, scope_));
    ASSIGN_OR_RETURN(after.number, desk_.NextPaper());
    if (after.document.empty() && !change_.number_prefix.empty()) {
      const int year = OfficeYear(at_);
      ASSIGN_OR_RETURN(const uint64_t number, desk_.NextNumber(change_.number_prefix, year));
      after.document = FormatNumber(change_.number_prefix, year, number);
    }
    after.by = actor_;
    after.at = at_;
    after.changed_by = {};
    after.changed_at = {};
    return Status::Ok();
  }

  Status TakeFiles(Paper& after) {
    std::vector<Attachment> attachments;
    for (const AttachmentBytes& file : change_.files) {
      Attachment attachment = file.attachment;
      attachment.size = file.bytes.size();
      attachment.sha256 = Sha256(file.bytes);
      RETURN_IF_ERROR(desk_.PutAttachment(attachment.sha256, file.bytes));
      attachments.push_back(std::move(attachment));
    }
    AddMissing(after.attachments, attachments);
    return Status::Ok();
  }

  // The leads that the paper names, and those that its clue makes or joins.
  Status Link(Paper& after, bool known) {
    if (!known || after.leads.empty()) {  // a clue that was taken before has made its leads
      for (const ClueFinding& finding : change_.clue.findings)
        RETURN_IF_ERROR(TakeFinding(after, finding));
    }
    for (const LeadId& id : leads_) {
      ASSIGN_OR_RETURN(const auto lead, desk_.FindLead(id));
      if (!lead) return Status::NotFound("no lead " + id);
      if (!scope_.county.empty() && scope_.county != lead->county)
        return Status::Denied("lead " + id + " is of another county");
      const bool there = std::find(after.leads.begin(), after.leads.end(), id) != after.leads.end();
      if (there) continue;
      after.leads.push_back(id);
      noted_.push_back(id);
    }
    if (after.leads.size() > kMaxLeads)
      return Status::InvalidArgument("more than " + std::to_string(kMaxLeads) +
                                     " leads on one paper");
    return Status::Ok();
  }

  Status TakeFinding(Paper& after, const ClueFinding& finding) {
    const auto find_lead = [this](const LeadId& id) { return desk_.FindLead(id); };
    ASSIGN_OR_RETURN(
        const ClueTarget target,
        TargetOf(finding, change_.clue, std::to_string(after.number), desk_.aliases(), find_lead));
    std::vector<rules::Suspicion> suspicions;
    std::copy_if(finding.suspicions.begin(), finding.suspicions.end(),
                 std::back_inserter(suspicions),
                 [](const auto& s) { return s.mode != rules::Mode::kObserve; });
    for (const LeadId& id : target.known) RETURN_IF_ERROR(Join(after, id, finding, suspicions));
    if (!target.known.empty()) return Status::Ok();
    if (suspicions.empty()) suspicions.push_back(ClueSuspicion(after));
    for (size_t i = 0; i < suspicions.size(); ++i) {
      Finding made = FindingOf(after, finding, suspicions[i]);
      made.identity = target.identity;
      made.name_space = target.name_space;
      made.lead = DeriveLeadId(target.identity, suspicions[i].family);
      Lead lead = NewLead(made, at_);
      if (!after.county.empty() && lead.county.empty()) {
        lead.jurisdiction = {Jurisdiction::Place::kHere, after.county,
                             Jurisdiction::Basis::kOfficer, "", true};
        lead.county = after.county;
      }
      AuditEntry entry{0, at_, actor_, "lead.add", lead.id, "", "", after.document};
      entry.after = store::Summary(lead);
      const Sighting sighting{lead.id, at_, made.page_url, {}, false};
      after.leads.push_back(lead.id);
      noted_.push_back(lead.id);
      RETURN_IF_ERROR(desk_.AddLead(std::move(lead), sighting, entry));
      ++receipt_.new_leads;
    }
    return Status::Ok();
  }

  Finding FindingOf(const Paper& paper, const ClueFinding& finding,
                    const rules::Suspicion& suspicion) const {
    Finding made;
    made.listing = &finding.listing;
    made.suspicion = &suspicion;
    made.page_url =
        finding.page_url.empty() ? "clue:" + std::to_string(paper.number) : finding.page_url;
    made.source = kClueFamily;
    made.rule_set = change_.clue.rule_set;
    made.own_page = finding.own_page;
    made.jurisdiction = finding.jurisdiction;
    return made;
  }

  // A lead that is there: it is the paper's now. One of which no rule spoke takes what they say now.
  Status Join(Paper& after, const LeadId& id, const ClueFinding& finding,
              const std::vector<rules::Suspicion>& suspicions) {
    if (!AddMissing(after.leads, {id})) return Status::Ok();
    noted_.push_back(id);
    ++receipt_.joined_leads;
    ASSIGN_OR_RETURN(const auto lead, desk_.FindLead(id));
    if (!lead || suspicions.empty() || lead->suspicion.family != kClueFamily) return Status::Ok();
    Finding made = FindingOf(after, finding, suspicions.front());
    made.lead = lead->id;
    made.identity = lead->listing_identity;
    made.name_space = lead->name_space;
    LeadStep step = MakeStep(*lead, EntryKind::kReported, actor_, at_, "lead.report");
    const uint64_t revision = step.lead.revision;
    if (UpdateLead(step.lead, made) != LeadChange::kNone) step.lead.revision = revision;
    step.entry.before = TruncateUtf8(lead->listing.title, kMaxSummaryField);
    step.entry.after = TruncateUtf8(step.lead.listing.title, kMaxSummaryField);
    return desk_.TakeStep(*lead, step);
  }

  // Notes on the leads, decisions on them, the paper, the log.
  Status Finish(const std::optional<Paper>& before, Paper& after) {
    for (const LeadId& id : noted_) RETURN_IF_ERROR(Note(id, after));
    for (Decision decision : change_.decisions) {
      ASSIGN_OR_RETURN(const auto lead, desk_.FindLead(decision.lead));
      if (!lead) return Status::NotFound("no lead " + decision.lead);
      // The note above raised the revision; the decision was made on the one before it.
      if (std::find(noted_.begin(), noted_.end(), decision.lead) != noted_.end() &&
          lead->revision == decision.expected_revision + 1)
        decision.expected_revision = lead->revision;
      ASSIGN_OR_RETURN(const LeadStep step, desk_.Decide(decision, scope_));
      RETURN_IF_ERROR(desk_.TakeStep(*lead, step));
    }
    if (before) {
      ++after.revision;
      after.changed_by = actor_;
      after.changed_at = at_;
    }
    RETURN_IF_ERROR(desk_.PutPaper(before ? &*before : nullptr, after));
    desk_.Audit({0, at_, actor_, std::string(Name(after.kind)) + (before ? ".change" : ".add"),
                 std::to_string(after.number), before ? Summary(*before) : "", Summary(after),
                 change_.reason});
    return Status::Ok();
  }

  Status Note(const LeadId& id, const Paper& paper) {
    ASSIGN_OR_RETURN(const auto lead, desk_.FindLead(id));
    if (!lead) return Status::NotFound("no lead " + id);
    const bool out = paper.kind == PaperKind::kHandover;
    LeadStep step = MakeStep(*lead, out ? EntryKind::kHandedOver : EntryKind::kReported, actor_,
                             at_, out ? "lead.hand_over" : "lead.report");
    step.entry.after = std::string(ChineseName(paper.kind)) + " " + std::to_string(paper.number) +
                       (paper.document.empty() ? "" : " " + paper.document);
    return desk_.TakeStep(*lead, step);
  }

  const PaperChange& change_;
  const Scope& scope_;
  const Actor& actor_;
  const Instant at_;
  PaperDesk& desk_;
  std::vector<LeadId> leads_;  // that the change names
  std::vector<LeadId> noted_;  // that belong to the paper from now on
  PaperReceipt receipt_;
};

}  // namespace

std::string_view Name(PaperKind kind) { return kKinds[static_cast<size_t>(kind) - 1].name; }

std::string_view ChineseName(PaperKind kind) {
  return kKinds[static_cast<size_t>(kind) - 1].chinese;
}

std::optional<PaperKind> PaperKindFromName(std::string_view name) {
  for (size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i].name == name) return static_cast<PaperKind>(i + 1);
  }
  return std::nullopt;
}

std::string_view Paper::Get(std::string_view name) const {
  for (const PaperField& field : fields) {
    if (field.name == name) return field.value;
  }
  return {};
}

bool IsDue(const Paper& paper, Instant due_before) {
  return paper.clock && !paper.answered && paper.clock->due < due_before;
}

Status CheckScope(const Paper& paper, const Scope& scope) {
  if (scope.county.empty() || scope.county == paper.county) return Status::Ok();
  return Status::Denied(std::string(Name(paper.kind)) + " " + std::to_string(paper.number) +
                        " is of another county");
}

bool Matches(const Paper& paper, const PaperFilter& filter, const Scope& scope) {
  const auto agrees = [](const std::string& wanted, const std::string& value) {
    return wanted.empty() || wanted == value;
  };
  return (!filter.kind || *filter.kind == paper.kind) && agrees(filter.key, paper.key) &&
         agrees(filter.state, paper.state) && agrees(filter.document, paper.document) &&
         agrees(filter.county, paper.county) && agrees(scope.county, paper.county) &&
         (filter.lead.empty() ||
          std::find(paper.leads.begin(), paper.leads.end(), filter.lead) != paper.leads.end()) &&
         (!filter.due_before || IsDue(paper, *filter.due_before)) &&
         (filter.field.name.empty() || paper.Get(filter.field.name) == filter.field.value);
}

Status CheckPapers(const std::vector<PaperChange>& changes) {
  if (changes.size() > PaperLedger::kMaxChanges)
    return Status::InvalidArgument("more than " + std::to_string(PaperLedger::kMaxChanges) +
                                   " papers in one write");
  for (const PaperChange& change : changes) {
    for (const AttachmentBytes& file : change.files) {
      if (file.bytes.size() > PaperLedger::kMaxAttachment)
        return Status::InvalidArgument(file.attachment.name + ": more than " +
                                       std::to_string(PaperLedger::kMaxAttachment) + " bytes");
    }
  }
  return Status::Ok();
}

Result<PaperReceipt> PutPaper(const PaperChange& change, const Scope& scope, const Actor& actor,
                              Instant at, PaperDesk& desk) {
  return Step(change, scope, actor, at, desk).Run();
}

std::string Summary(const Paper& paper) {
  std::string out = "state: " + paper.state;
  const auto add = [&out](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out.append("\n").append(name).append(": ").append(TruncateUtf8(value, kMaxSummaryField));
  };
  add("key", paper.key);
  add("document", paper.document);
  add("county", paper.county);
  for (const PaperField& field : paper.fields) add(field.name, field.value);
  if (paper.clock) add("due", FormatDay(paper.clock->due));
  if (paper.answered) add("answered", FormatDay(*paper.answered));
  std::string leads;
  for (size_t i = 0; i < paper.leads.size() && i < 50; ++i)
    leads += (leads.empty() ? "" : ", ") + paper.leads[i];
  add("leads", leads);
  for (const Attachment& attachment : paper.attachments)
    add("file", attachment.name + " " + Hex(attachment.sha256));
  return out;
}

}  // namespace cluehound::store
