#pragma once

#include "app/commands.h"

namespace cluehound::app {

// The parts of `marks`, one file each. `marks` is the command that they belong to.
void AddMarksAdd(CLI::App& marks, Run& run);      // add, import
void AddMarksSellers(CLI::App& marks, Run& run);  // authorise
void AddMarksList(CLI::App& marks, Run& run);     // list, retire

}  // namespace cluehound::app
