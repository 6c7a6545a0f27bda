#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace cluehound::evidence {

// "cluehound-20261122003000250-00001.warc.gz": UTC to the millisecond, then a number that goes on
// from file to file. Names sort by time, because no file is named earlier than the one before it,
// even if the clock was set back.
struct ArchiveName {
  std::string stamp;    // "20261122003000250"
  uint64_t serial = 0;  // from 1

  static std::optional<ArchiveName> Parse(std::string_view file);
  // The name after `previous` (absent: the first).
  static ArchiveName After(const std::optional<ArchiveName>& previous, Instant now);
  std::string file() const;
};

}  // namespace cluehound::evidence
