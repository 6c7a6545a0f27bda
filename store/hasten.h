#pragma once

#include "base/clock.h"

namespace cluehound::store {

// What is brought forward when a source is to be visited `factor` times as often (Store::Hasten): what
// lies ahead of an address shrinks by it, so that order and spread stay; a seed is due at once.
inline Instant HastenedDue(Instant due, uint16_t depth, Instant now, double factor) {
  return depth == 0 ? now : now + std::chrono::duration_cast<Duration>((due - now) / factor);
}

}  // namespace cluehound::store
