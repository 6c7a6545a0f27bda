#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace cluehound::crawler {

// Why a link is not followed.
enum class Trap : uint8_t {
  kTooLong,     // an address of more than 2048 bytes, 20 segments or 32 parameters
  kRepeats,     // a path or query that repeats itself: /a/b/a/b/a/b, ?x=1&x=1&x=1
  kCalendar,    // a date more than 400 days ahead or before 1995
  kNothingNew,  // its like brought only what was known, or are not there (crawler/trap_guard.h)
};
inline constexpr size_t kTrapCount = 4;

// "repeats", for logs and metrics.
std::string_view NameOf(Trap trap);

// What an address tells by itself. The bounds are three times what 6,600 links of real shops have;
// numbers and fillers (/0/0/0/, /all/all/) are positions of filters and do not count as repeating.
// A date counts where a parameter or a word like "calendar" says that it is one: /2050/05 may be the
// fifth page of category 2050. `address`: as CrawlAddress() gives it.
std::optional<Trap> TrapSign(std::string_view address, Instant now);

// What addresses of one list, shop or calendar have in common: authority, path and names of
// parameters, with numbers and ids taken out. At most 300 bytes.
std::string ShapeOf(std::string_view address);

}  // namespace cluehound::crawler
