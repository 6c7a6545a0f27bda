#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"

namespace cluehound::triage {

// A line of turnover that a statute draws, as config/statutory_lines.yaml has it.
struct StatutoryLine {
  std::string id;
  std::string name;  // for officers
  int64_t yuan = 0;
  std::vector<std::string> categories;  // of leads
  int marks = 1;                        // different ones of the seller, at least
  bool referral = false;                // else it only changes the penalty
  std::string basis;
  std::optional<Instant> from, to;  // to: exclusive
  std::string certainty;
};

// All lines. Mistakes go to `diagnostics`.
std::vector<StatutoryLine> ParseStatutoryLines(std::string_view text, const std::string& file,
                                               Diagnostics& diagnostics);

// Those that an estimate of so many cents reaches, in force at `at`.
std::vector<StatutoryLine> LinesReached(const std::vector<StatutoryLine>& lines,
                                        std::string_view category, int64_t cents, size_t marks,
                                        Instant at);

}  // namespace cluehound::triage
