#pragma once

#include <string>

#include "base/clock.h"
#include "store/store.h"
#include "triage/operations.h"

namespace cluehound::triage {

// What is counted: rules by how they do, and the data of reports. Thread-safe; the store must outlive
// it.
//
//   rules.stats            of each rule that fired or made a lead in the last 25 months: in the last 30
//                          days hits, leads, decided, errors, precision; last_fired
//   reports.data kind from to      first a line {"report":..,"columns":[{"key","title"}..]}, then the
//                          rows. Kinds: daily, measures, half-year, year, campaign, ledger, candidates
class FigureOperations {
 public:
  FigureOperations(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  Response RuleStats();
  Response ReportData(const Request& request);

 private:
  store::Store& store_;
  const Clock& clock_;
};

// Decisions on which the precision of a rule rests, at least; fewer leave it unknown.
inline constexpr uint64_t kMinDecided = 5;
inline constexpr int kPrecisionDays = 30;
// Figures are looked back on for so long.
inline constexpr int kFigureDays = 762;  // 25 months

}  // namespace cluehound::triage
