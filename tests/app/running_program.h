#pragma once

#include <string>
#include <vector>

#include "tests/testing/testing.h"

namespace cluehound::app {

// The program as a process of its own, until it is told to stop. What it says goes to a file.
class RunningProgram {
 public:
  // `arguments` without the program's name; `variables`: NAME=VALUE, over those of the test.
  explicit RunningProgram(const std::vector<std::string>& arguments,
                          const std::vector<std::string>& variables = {});
  ~RunningProgram();
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  bool IsRunning();
  void Signal(int signal) const;
  // Exit code after SIGTERM; -1 when a signal ended it, or it did not end within a minute.
  int Stop();
  int pid() const { return process_; }
  // Both streams, so far.
  std::string Output() const;
  // Waits until it has said the text; fails the test after 30 seconds.
  void Await(const std::string& text, int times = 1) const;
  // Behind the text in its output, up to the next blank or end of line.
  std::string Said(const std::string& before) const;

 private:
  testing::TempDir folder_;
  int process_ = 0;
};

}  // namespace cluehound::app
