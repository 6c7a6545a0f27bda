#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "store/store.h"

// Two runs of a campaign, or a campaign and days without one, held against each other.
namespace cluehound::triage {

// Days of the office, both included.
struct ComparedDays {
  Instant first{}, last{};
  Instant day{};  // the one that is laid over that of the other run: the festival itself
};

// What one run came to, over the sources that both had, or on one day of it. Leads are those first
// seen then; what became of them is as they stand now, so that an older run has had longer.
struct RunFigures {
  uint64_t listings = 0;  // on pages that were read; read again, they count again
  uint64_t leads = 0;
  uint64_t decided = 0;
  uint64_t filed = 0;       // 立案: in a case now or before
  uint64_t platform = 0;    // 平台处置
  uint64_t taken_down = 0;  // 已下架
  uint64_t ruled_out = 0;

  void Add(const RunFigures& other);
};

struct ComparedRun {
  ComparedDays days;
  RunFigures total;
  std::map<int, RunFigures> by_offset;  // days from `day`; a day without anything is not there
  std::set<std::string> sources;        // of which listings were read
  bool cut = false;                     // more leads than are looked at
};

struct Comparison {
  ComparedRun a, b;
  std::set<std::string> sources;  // compared: those of both, or of them the wanted ones
};

// `wanted`: sources; empty: all. Costs a read of each lead of both runs, at most kMaxComparedLeads of
// each.
Result<Comparison> Compare(store::Store& store, const ComparedDays& a, const ComparedDays& b,
                           const std::set<std::string>& wanted, const store::Scope& scope);

inline constexpr size_t kMaxComparedLeads = 200'000;

// {"report":"campaign-compare", ...}, {"kind":"total","a":{..},"b":{..}}, and one {"kind":"day"} for
// each offset.
std::vector<std::string> ComparisonLines(const Comparison& comparison);

}  // namespace cluehound::triage
