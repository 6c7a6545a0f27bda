#pragma once

#include <csignal>
#include <initializer_list>

#include "base/clock.h"

namespace cluehound::app {

// Signals of this process that one thread takes one after the other, so that none interrupts another
// thread. Make it before the first thread begins; it gives back what was blocked when it goes.
class Signals {
 public:
  explicit Signals(std::initializer_list<int> signals);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // The next one; 0 when none came within `time`.
  int Wait(Duration time) const;

 private:
  sigset_t set_{}, before_{};
};

}  // namespace cluehound::app
