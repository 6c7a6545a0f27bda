#pragma once

#include <chrono>
#include <cstdint>

namespace cluehound::rules {

// What one rule cost over some listings: the time spent in its conditions, beside the automaton that
// all rules share. A check is one look at one mark (or one listing, for a rule about none) after
// the prefilter let the rule through.
struct RuleCost {
  uint64_t checks = 0;
  uint64_t matches = 0;  // checks on which it fired
  std::chrono::nanoseconds match_time{};
  std::chrono::nanoseconds no_match_time{};
};

}  // namespace cluehound::rules
