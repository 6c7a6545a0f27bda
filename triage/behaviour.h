#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace cluehound::triage {

// A kind of conduct as the statistics of cases count it (config/behaviours.yaml).
struct Behaviour {
  std::string code;    // that of rules and cases, "tm57_1"
  std::string name;    // for officers
  std::string group;   // statute
  std::string number;  // of the row in the form; empty: not known
};

// Mistakes go to `diagnostics`.
std::vector<Behaviour> ParseBehaviours(std::string_view text, const std::string& file,
                                       Diagnostics& diagnostics);

}  // namespace cluehound::triage
