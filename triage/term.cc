#include "triage/term.h"

#include <algorithm>

#include "base/yaml.h"

namespace cluehound::triage {
namespace {

Term ReadTerm(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "term");
  Term term;
  term.id = map.RequiredText("id");
  term.name = map.RequiredText("name");
  term.days = static_cast<int>(map.Integer("days", 0, 1, WorkCalendar::kMaxDays));
  if (!map.Has("days")) map.Error("days", "missing-key", "a term needs its days");
  term.working = map.Choice("unit", "working", {"working", "calendar"}) == "working";
  term.roll = map.Flag("roll", false);
  if (map.Has("roll") && term.working) {
    map.Error("roll", "bad-term", "only calendar days roll: working days end on one anyway");
  }
  const std::string from = map.Choice("from", "event", {"registered", "found", "event"});
  term.from = from == "registered" ? Term::From::kRegistered
              : from == "found"    ? Term::From::kFound
                                   : Term::From::kEvent;
  if (const YamlNode* child = map.Child("extension")) {
    YamlMap extension(*child, diagnostics, "extension");
    term.extension_days = static_cast<int>(extension.Integer("days", 0, 1, 366));
    term.extension_times = static_cast<int>(extension.Integer("times", 1, 1, 12));
    extension.Finish();
  }
  term.basis = map.Text("basis");
  term.certainty = map.Choice("certainty", "unverified", {"verified", "unverified"});
  map.Finish();
  return term;
}

}  // namespace

std::string_view Name(Term::From from) {
  switch (from) {
    case Term::From::kRegistered:
      return "registered";
    case Term::From::kFound:
      return "found";
    case Term::From::kEvent:
      return "event";
  }
  return "";
}

std::vector<Term> ParseTerms(std::string_view text, const std::string& file,
                             Diagnostics& diagnostics) {
  std::vector<Term> terms;
  const auto root = ParseYaml(text, file, diagnostics);
  if (!root) return terms;
  YamlMap top(*root, diagnostics, "the file of terms");
  top.Each("terms", [&](const YamlNode& node) {
    Term term = ReadTerm(node, diagnostics);
    const bool known = std::any_of(terms.begin(), terms.end(),
                                   [&](const Term& other) { return other.id == term.id; });
    if (known) {
      diagnostics.Error("duplicate-term", node.where,
                        "the term \"" + term.id + "\" stands here a second time");
    } else {
      terms.push_back(std::move(term));
    }
  });
  top.Finish();
  return terms;
}

Deadline DeadlineOf(const Term& term, Instant start, int days, const WorkCalendar& calendar) {
  const WorkCalendar::DueDay due =
      term.working ? calendar.AddWorkdays(start, days) : calendar.AddDays(start, days, term.roll);
  Deadline deadline{due.day, ""};
  for (const int year : due.missing_years) {
    deadline.warning += deadline.warning.empty() ? "未录入" : "、";
    deadline.warning += std::to_string(year) + "年";
  }
  if (!deadline.warning.empty()) {
    deadline.warning += "的放假调休安排，只按周末推算，期限可能不准；请在 workdays.yaml 补录";
  }
  return deadline;
}

}  // namespace cluehound::triage
