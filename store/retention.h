#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "store/records.h"

namespace cluehound::store {

// Said by a person: nothing of this lead may be erased (案件, 复议, 诉讼).
struct Hold {
  LeadId lead;
  Actor by;
  Instant at{};
  std::string reason;

  friend bool operator==(const Hold&, const Hold&) = default;
};

// Whether a lead is kept whole whatever its age: it is under check, at a platform, referred, or in
// a case, and nobody has closed it.
bool IsKept(const Lead& lead);

// The lead without what names persons: shop, operator, presenter, merchants, place, pictures and
// free text. Rule, mark, decisions and digests stay.
Lead WithoutPersons(Lead lead);
bool HasPersons(const Lead& lead);

struct Erasure {
  Instant before{};      // what is older
  std::string after;     // `next` of the call before; empty: from the start
  bool dry_run = false;  // counts only
  Actor actor;
  Instant at{};
  std::string reason;  // "retention.yaml: log_texts 5y"
};

struct Erased {
  uint64_t erased = 0;
  uint64_t held = 0;  // old enough, and kept: by a hold, or because the lead is (IsKept)
  std::string next;   // empty: done
};

// What is kept and what is erased when its time is over. Each erasing is an entry of the log, and the
// log verifies afterwards as before. Thread-safe.
class Retention {
 public:
  virtual ~Retention() = default;

  // Twice is once; ending what is none is kNotFound.
  virtual Status AddHold(const Hold& hold) = 0;
  virtual Status EndHold(const Hold& hold) = 0;
  virtual Result<std::vector<Hold>> Holds() = 0;

  // The texts of log entries, with their salts; their leaves stay. Not of leads that are held or
  // kept.
  virtual Result<Erased> EraseEntries(const Erasure& erasure) = 0;
  // What names persons, of leads that were decided before that time and are neither held nor kept.
  virtual Result<Erased> EraseLeads(const Erasure& erasure) = 0;
};

}  // namespace cluehound::store
