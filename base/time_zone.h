#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/status.h"

namespace cluehound {

// The clock on an office's wall: what "08:30" in a schedule means. Built by name of the tz database, with its daylight
// saving times. A value, cheap to copy; thread-safe. time_zone.cc asks ICU.
class TimeZone {
 public:
  // Asia/Shanghai.
  TimeZone() = default;
  // kInvalidArgument for a name that is none.
  static Result<TimeZone> Find(std::string_view name);

  const std::string& name() const { return name_; }
  // Local time minus UTC.
  Duration OffsetAt(Instant t) const;
  // Since midnight of the wall's clock.
  Duration TimeOfDay(Instant t) const;
  // The first instant at or behind `t` at which the wall shows this time of day. Where the clock is set forward over
  // it, the moment of the change.
  Instant Next(Duration time_of_day, Instant t) const;

 private:
  struct Rules;
  std::string name_ = "Asia/Shanghai";
  std::shared_ptr<const Rules> rules_;  // shared by copies of the value; null: +08:00 always
};

}  // namespace cluehound
