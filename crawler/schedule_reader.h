#pragma once

#include "base/yaml.h"
#include "crawler/schedule.h"

namespace cluehound::crawler {

// Reads `every`, `at`, `hours` and `evening` of a source. What is wrong becomes a diagnostic.
Schedule ReadSchedule(YamlMap& source, const TimeZone& zone);

// More than nothing; else a diagnostic and the fallback.
Duration PositiveTime(YamlMap& map, std::string_view key, Duration fallback);

}  // namespace cluehound::crawler
