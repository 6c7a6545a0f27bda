#pragma once

#include <string>

#include "rules/explain.h"

namespace cluehound::app {

// How much of an explanation is shown in full; the rest in one line each.
struct ExplainView {
  int columns = 100;
  bool all = false;  // every rule in full
};

// An explanation for an analyst at a terminal: what was found, then the rules that fire and the one
// that came closest as trees of PASS, FAIL and UNKNOWN, the others by name.
std::string RenderExplanation(const rules::Explanation& explanation, const ExplainView& view);

}  // namespace cluehound::app
