#pragma once

#include "base/status.h"

namespace cluehound::app {

// What scripts see: docs/commands.md.
enum ExitCode : int {
  kExitDone = 0,
  kExitFindings =
      1,  // done, with findings of severity error where that is the question, or some inputs failed
  kExitUsage = 2,    // bad usage or configuration
  kExitFailure = 3,  // runtime failure
};

// Prints "cluehound: message" on stderr and gives the code that fits: kExitUsage for bad input, else kExitFailure.
int Report(const Status& status);

}  // namespace cluehound::app
