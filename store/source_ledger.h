#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "store/records.h"

namespace cluehound::store {

// What people want of a source.
enum class SourceMode : uint8_t {
  kRunning = 1,
  kPaused = 2,    // nothing more is fetched
  kDraining = 3,  // what was due when it was asked for is fetched, then it pauses
};
std::string_view Name(SourceMode mode);         // "running"
std::string_view ChineseName(SourceMode mode);  // "采集中"

// How a source stands. One of which nothing is noted runs and was never read.
struct SourceStanding {
  std::string source;
  SourceMode mode = SourceMode::kRunning;
  Instant since{};  // of the mode; zero: always
  Actor by;         // who asked for it
  // What came of it so far:
  Instant read{};         // when a page of it was last read, or found unchanged
  uint64_t pages = 0;     // read or found unchanged
  uint64_t listings = 0;  // on those read
  uint64_t leads = 0;     // new ones

  friend bool operator==(const SourceStanding&, const SourceStanding&) = default;
};

// Sources as the ledger knows them. Thread-safe; durability as store/store.h.
class SourceLedger {
 public:
  virtual ~SourceLedger() = default;
  // By id. Sources that the configuration no longer has stay.
  virtual Result<std::vector<SourceStanding>> Standings() = 0;
  // With its line in the audit log; the same mode again changes nothing.
  virtual Status SetMode(std::string_view source, SourceMode mode, const Actor& actor,
                         Instant at) = 0;
  // Adds pages, listings and leads, and moves `read` forward; the mode is not looked at.
  virtual Status Note(const std::vector<SourceStanding>& gains) = 0;
};

// What Note() makes of what is known.
SourceStanding Gained(SourceStanding known, const SourceStanding& gain);
// The line of a request to a role in the audit log.
AuditEntry AuditOf(const RoleRequest& request);

}  // namespace cluehound::store
