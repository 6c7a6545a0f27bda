#include "triage/figure_operations.h"

#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "triage/reasons.h"
#include "triage/report.h"

namespace cluehound::triage {
namespace {

using Dimension = store::Figure::Dimension;
using Event = store::Figure::Event;

constexpr int64_t kMaxReportDays = 800;

struct RuleFigures {
  uint64_t hits = 0;
  uint64_t leads = 0;
  uint64_t decided = 0;
  uint64_t errors = 0;
  std::string last_fired;
};

std::string DaysBefore(Instant now, int days) {
  return FormatDay(now - std::chrono::hours(24) * days);
}

// A verdict is a judgement on the rule unless the lead only waits, or repeats another.
void CountVerdict(const std::string& status, const std::string& reason, uint64_t count,
                  RuleFigures& rule) {
  if (status == Name(store::LeadStatus::kDeferred) || status == Name(store::LeadStatus::kDuplicate))
    return;
  rule.decided += count;
  const Reason* known = FindReason(reason);
  if (known != nullptr && known->software_wrong) rule.errors += count;
}

std::string RuleJson(const std::string& rule, const RuleFigures& figures) {
  nlohmann::ordered_json object;
  object["rule"] = rule;
  object["hits"] = figures.hits;
  object["leads"] = figures.leads;
  object["decided"] = figures.decided;
  object["errors"] = figures.errors;
  if (figures.decided >= kMinDecided) {
    // In percent, to a tenth.
    const uint64_t right = figures.decided - figures.errors;
    object["precision"] = static_cast<double>((right * 2000 / figures.decided + 1) / 2) / 10;
  }
  if (!figures.last_fired.empty()) object["last_fired"] = figures.last_fired;
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Response FigureOperations::RuleStats() {
  const Instant now = clock_.Now();
  const std::string today = FormatDay(now);
  const std::string recent = DaysBefore(now, kPrecisionDays - 1);
  const auto figures = store_.figures().Between(DaysBefore(now, kFigureDays), today);
  if (!figures.ok()) return Failed(figures.status());
  std::map<std::string, RuleFigures> rules;
  for (const store::Figure& figure : *figures) {
    const bool counts = figure.day >= recent;
    if (figure.dimension == Dimension::kRule && figure.event != Event::kDecided) {
      RuleFigures& rule = rules[figure.value];
      uint64_t& sum = figure.event == Event::kFired ? rule.hits : rule.leads;
      if (counts) sum += figure.count;
      if (figure.event == Event::kFired) rule.last_fired = figure.day;  // days ascend
    } else if (figure.dimension == Dimension::kVerdict && counts) {
      const auto parts = SplitAscii(figure.value, " ");
      if (parts.size() < 2) continue;
      CountVerdict(std::string(parts[1]), parts.size() > 2 ? std::string(parts[2]) : "",
                   figure.count, rules[std::string(parts[0])]);
    }
  }
  Response response;
  for (const auto& [rule, of] : rules) response.lines.push_back(RuleJson(rule, of));
  return response;
}

Response FigureOperations::ReportData(const Request& request) {
  const auto kind = ReportKindFromName(request.Get("kind"));
  if (!kind.ok()) return Failed(kind.status());
  ReportSpan span{request.Get("from"), request.Get("to")};
  const std::string today = FormatDay(clock_.Now());
  if (span.from.empty()) span.from = today;
  if (span.to.empty()) span.to = today;
  for (const std::string* day : {&span.from, &span.to}) {
    if (!ParseDay(*day))
      return Failed(Status::InvalidArgument("\"" + *day + "\" is no day such as 2026-11-22"));
  }
  const auto days = (*ParseDay(span.to) - *ParseDay(span.from)) / std::chrono::hours(24);
  if (days < 0 || days >= kMaxReportDays) {
    return Failed(Status::InvalidArgument(
        "a report is of one day to " + std::to_string(kMaxReportDays) + " days, from the first"));
  }
  auto lines = MakeReport(store_, *kind, span, request.scope);
  if (!lines.ok()) return Failed(lines.status());
  if (IsList(*kind)) {  // leads leave the ledger: not before the log knows
    store::AuditEntry entry;
    entry.at = clock_.Now();
    entry.actor = request.actor;
    entry.action = "report.export";
    entry.object = request.Get("kind");
    entry.after = span.from + " " + span.to + ": " + std::to_string(lines->size() - 1) + " leads";
    if (Status s = store_.log().Append(entry); !s.ok()) return Failed(std::move(s));
  }
  return {Status::Ok(), *std::move(lines), ""};
}

}  // namespace cluehound::triage
