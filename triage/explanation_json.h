#pragma once

#include <string>

#include "rules/explain.h"

namespace cluehound::triage {

// An explanation as one JSON object on one line.
std::string ExplanationJson(const rules::Explanation& explanation);

}  // namespace cluehound::triage
