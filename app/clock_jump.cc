#include "app/clock_jump.h"

#include <chrono>

namespace cluehound::app {
namespace {

constexpr std::chrono::seconds kSmallest{30};

}  // namespace

std::optional<std::string> ClockJump::Look() {
  const Duration ahead = SystemClock().Now() - SteadyClock().Now();
  const Duration jump = ahead - ahead_;
  if (std::chrono::abs(jump) < kSmallest) return std::nullopt;
  ahead_ = ahead;
  const auto by = std::chrono::round<std::chrono::minutes>(std::chrono::abs(jump));
  std::string text = "the machine's clock was set ";
  text += jump > Duration::zero() ? "forward by " : "back by ";
  text += FormatDuration(by);
  text += jump > Duration::zero()
              ? ": pages are due so much earlier; the pace of hosts stays"
              : ": pages that were fetched before are due when it shows their time";
  return text;
}

}  // namespace cluehound::app
