#include "app/explain_text.h"

#include <algorithm>

#include "app/terminal.h"
#include "base/join.h"
#include "base/text.h"

namespace cluehound::app {
namespace {

using rules::ExplainedPart;
using rules::ExplainedRule;
using rules::FoundPiece;
using rules::Truth;

constexpr int kVerdictColumns = 8;  // "UNKNOWN "
constexpr size_t kMaxListed = 12;   // rules that are only named

std::string_view Verdict(Truth truth) {
  return truth == Truth::kTrue ? "PASS" : truth == Truth::kFalse ? "FAIL" : "UNKNOWN";
}

std::string PieceText(const FoundPiece& piece) {
  if (piece.field.empty()) return piece.note;
  std::string out = "“" + Printable(piece.text) + "” (" + piece.field + " " +
                    std::to_string(piece.begin) + "-" + std::to_string(piece.end);
  if (!piece.folds.empty()) out += ", through " + Join(piece.folds, ", ");
  out += ")";
  if (!piece.note.empty()) out += " " + piece.note;
  return out;
}

class Tree {
 public:
  explicit Tree(int columns) : columns_(columns) {}

  void Add(const ExplainedPart& part, int depth) {
    // What only names another condition is shown with it in one line.
    std::string name = part.name;
    const ExplainedPart* shown = &part;
    const Truth verdict = part.verdict();
    while (shown->parts.size() == 1 && shown->found.empty() && IsReference(*shown)) {
      shown = &shown->parts[0];
      name += " = " + shown->name;
    }
    std::string detail = Join(shown->found, "; ", PieceText);
    if (detail.empty()) detail = shown->reason;
    Line(verdict, name, Printable(detail), depth);
    for (const ExplainedPart& child : shown->parts) Add(child, depth + 1);
  }

  std::string Take() { return std::move(out_); }

 private:
  static bool IsReference(const ExplainedPart& part) {
    static constexpr std::string_view kGroups[] = {"all", "any", "none", "unknown"};
    std::string_view name = part.name;
    if (const size_t colon = name.rfind(": "); colon != std::string_view::npos)
      name.remove_prefix(colon + 2);
    return !name.starts_with("at least ") &&
           std::find(std::begin(kGroups), std::end(kGroups), name) == std::end(kGroups);
  }

  void Line(Truth verdict, const std::string& name, const std::string& detail, int depth) {
    std::string line(Verdict(verdict));
    line.resize(kVerdictColumns, ' ');
    line.append(static_cast<size_t>(depth) * 2, ' ');
    const int indent = kVerdictColumns + depth * 2 + 4;
    std::string text = Printable(name);
    if (!detail.empty()) text += ": " + detail;
    out_ += line;
    AppendFlowed(out_, text, indent, DisplayWidth(line), columns_);
  }

  int columns_;
  std::string out_;
};

std::string Head(const ExplainedRule& rule) {
  std::string out = rule.rule + " rev " + std::to_string(rule.rev);
  if (!rule.mark.empty()) out += ", mark " + rule.mark;
  return out + " (" + std::string(Name(rule.mode)) + ") " + rule.title;
}

std::string Points(double missing) {
  const int halves = static_cast<int>(missing * 2 + 0.5);
  return std::to_string(halves / 2) + (halves % 2 == 0 ? "" : ".5");
}

std::string RenderRule(const ExplainedRule& rule, int columns) {
  std::string out;
  std::string title = rule.fires ? "FIRES   " : "SILENT  ";
  AppendFlowed(out, title + Head(rule), 10, 0, columns);
  Tree tree(columns);
  for (const ExplainedPart& part : rule.parts) tree.Add(part, 0);
  out += tree.Take();
  if (rule.fires) {
    std::string score = "score " + std::to_string(rule.score) + " =";
    for (const rules::ScorePart& part : rule.score_parts)
      score += " " + std::string(part.points < 0 ? "" : "+") + std::to_string(part.points) + " " +
               part.label + ";";
    if (score.ends_with(';')) score.pop_back();
    AppendFlowed(out, score, 4, 0, columns);
  } else {
    AppendFlowed(out,
                 "missing: " + Points(rule.missing) +
                     " (parts that would have to turn out otherwise; unknown ones count half)",
                 4, 0, columns);
  }
  return out;
}

std::string RenderFound(const rules::Explanation& explanation, int columns) {
  std::string out;
  for (const rules::Hit& hit : explanation.evaluation.hits) {
    FoundPiece piece{hit.text, hit.field, hit.begin, hit.end, hit.folds, ""};
    AppendFlowed(out,
                 "hit     " + (hit.mark.empty() ? "rule " + hit.rule : "mark " + hit.mark) + " " +
                     PieceText(piece),
                 10, 0, columns);
  }
  for (const rules::PassedOver& passed : explanation.passed_over) {
    AppendFlowed(
        out, "no hit  mark " + passed.mark + " " + PieceText(passed.piece) + ": " + passed.reason,
        10, 0, columns);
  }
  if (out.empty()) out = "no mark and no wording that a rule waits for stands there\n";
  return out;
}

std::string Conclusion(const rules::Explanation& explanation) {
  std::string out;
  for (const rules::Suspicion& s : explanation.evaluation.suspicions) {
    out += (s.mode == rules::Mode::kObserve ? "observed: " : "lead: ") + s.category + ", rule " +
           s.rule + (s.mark.empty() ? "" : ", mark " + s.mark) + ", score " +
           std::to_string(s.score) + "\n";
  }
  return out.empty() ? "no lead\n" : out;
}

}  // namespace

std::string RenderExplanation(const rules::Explanation& explanation, const ExplainView& view) {
  std::string out = Conclusion(explanation) + RenderFound(explanation, view.columns);
  std::vector<const ExplainedRule*> named;
  size_t untouched = 0;
  const bool one_fires = !explanation.rules.empty() && explanation.rules[0].fires;
  for (const ExplainedRule& rule : explanation.rules) {
    const bool closest = !one_fires && &rule == &explanation.rules[0] &&
                         (rule.touched || explanation.rules.size() == 1);
    if (view.all || rule.fires || closest) {
      out += "\n";
      if (closest && !view.all && explanation.rules.size() > 1) out += "what came closest:\n";
      out += RenderRule(rule, view.columns);
    } else if (rule.touched) {
      named.push_back(&rule);
    } else {
      ++untouched;
    }
  }
  if (!one_fires && untouched == explanation.rules.size() && untouched > 0)
    out += "\nno rule found anything that it waits for (--rule ID or --all shows them)\n";
  if (named.empty()) return out;
  out += "\nother rules that found something, by what they miss (--rule ID or --all shows them):\n";
  for (size_t i = 0; i < named.size() && i < kMaxListed; ++i) {
    std::string missing = Points(named[i]->missing);
    missing.resize(6, ' ');
    out += "  " + missing + Cut(Head(*named[i]), view.columns - 8) + "\n";
  }
  const size_t rest = untouched + named.size() - std::min(named.size(), kMaxListed);
  if (rest > 0) out += "  … and " + std::to_string(rest) + " more\n";
  return out;
}

}  // namespace cluehound::app
