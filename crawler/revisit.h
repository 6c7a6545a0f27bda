#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/outcome.h"
#include "crawler/schedule.h"

// When an address is visited again. Decided here and nowhere else, from four things that are kept
// apart so that each may change without the others:
//
//   page      LastVisit::interval, which adapts to how often the page changes (AdaptInterval)
//   source    Schedule::every: what the office asked for; bounds the interval
//   campaign  LastVisit::factor: how many times more often; it divides what is due by now and never
//             enters PageState::interval, so that nothing is left of a campaign when it is over
//   schedule  Schedule (schedule.h): fixed times, evenings, hours of the day; asked last, so that it
//             always holds
//
// 回查 (store/recheck.h) may bring what comes out forward, and Retry-After may put it off.
namespace cluehound::crawler {

struct LastVisit {
  Outcome outcome = Outcome::kOk;
  bool seed = false;      // a seed, or a next page of one: depth 0
  uint32_t failures = 0;  // in a row, before this visit
  Schedule schedule{};    // of the source
  Duration interval{};    // zero: not adapted yet
  double factor = 1;      // more than 0
  uint64_t spread = 0;    // Revisit::spread
};

// Absent: not again by itself.
std::optional<Instant> NextVisit(const LastVisit& visit, Instant now);

// An interval stays between every / kFaster and every * kSlower: the office says with `every` what a
// page is worth and a site can bear, so that no page may ask more than four times that, and one that
// never changes is still seen (with the default of 6 h) every second day. A seed and its next pages
// never wait longer than `every`: that is where new offers show first, and `every` is their promise.
inline constexpr int kFaster = 4;
inline constexpr int kSlower = 8;

// What the interval becomes after a visit that found the page unchanged (304, the same body, or the
// same content) or changed: x1.4 or x0.8, as Nutch does it, within the bounds. At these steps a page
// settles where it changes at about three of five visits.
Duration AdaptInterval(Duration interval, Duration every, bool seed, bool changed);

// Contents of a page that are remembered: one that comes back (A-B-A, an advertisement that takes
// turns) is no change. Two alternate, the third is for what alternates with them.
inline constexpr size_t kSignaturesKept = 3;

}  // namespace cluehound::crawler
