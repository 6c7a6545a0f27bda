#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "evidence/checkpoint.h"

// Whether a store is what it says (完整性校验).
namespace cluehound::store {

struct CheckOptions {
  std::string path;        // a store that nobody has, or a copy of one (Store::CopyTo)
  std::string checkpoint;  // file with the last signed checkpoint; not there: not asked
  std::string captures;    // folder whose captures are read and digested; empty: none are
};

struct CheckFinding {
  std::string object;  // "lead 1a2b...", "log entry 17", "table leads"
  std::string problem;

  friend bool operator==(const CheckFinding&, const CheckFinding&) = default;
};

struct CheckReport {
  evidence::LogHead head;
  uint64_t erased = 0;  // entries of the log
  uint64_t checkpoints = 0;
  uint64_t leads = 0;
  uint64_t unproven = 0;  // leads that no entry of the log vouches for: older than the log
  uint64_t index_entries = 0;
  uint64_t addresses = 0;              // known ones, held against the queues
  uint64_t captures = 0;               // read
  std::vector<CheckFinding> findings;  // at most kMaxFindings
  uint64_t finding_count = 0;

  static constexpr size_t kMaxFindings = 1000;
  void Add(std::string object, std::string problem);
};

// Reads everything: the log with its tree and checkpoints, each lead against its seal and the last
// entry that speaks of it, entries and sightings against the lead, indexes and counts against the
// leads, the queues of the frontier against the addresses, the checksums of every table. Findings are no failure; it fails when the store cannot be
// opened at all.
Result<CheckReport> CheckStore(const CheckOptions& options);

}  // namespace cluehound::store
