#include <CLI/CLI.hpp>

#include "app/marks_commands.h"

namespace cluehound::app {

void AddMarksCommand(CLI::App& program, Run& run) {
  CLI::App* marks = program.add_subcommand("marks", "Protected marks and their sellers");
  marks->require_subcommand(1);
  AddMarksAdd(*marks, run);
  AddMarksSellers(*marks, run);
  AddMarksList(*marks, run);
}

}  // namespace cluehound::app
