#include "app/signals.h"

#include <ctime>

namespace cluehound::app {

Signals::Signals(std::initializer_list<int> signals) {
  ::sigemptyset(&set_);
  for (const int signal : signals) ::sigaddset(&set_, signal);
  ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
}

Signals::~Signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

int Signals::Wait(Duration time) const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(time - seconds);
  const timespec limit{seconds.count(), rest.count()};
  const int signal = ::sigtimedwait(&set_, nullptr, &limit);
  return signal > 0 ? signal : 0;
}

}  // namespace cluehound::app
