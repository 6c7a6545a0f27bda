#pragma once

#include <optional>
#include <string>

#include "base/clock.h"

namespace cluehound::app {

// Notices that somebody set the machine's clock. Pace is kept by a clock that nobody sets; what is due is not.
class ClockJump {
 public:
  // What to tell the log, when the clock was set since the last call.
  std::optional<std::string> Look();

 private:
  Duration ahead_ = SystemClock().Now() - SteadyClock().Now();
};

}  // namespace cluehound::app
