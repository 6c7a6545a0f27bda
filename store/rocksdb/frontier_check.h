#pragma once

#include "store/check.h"
#include "store/rocksdb/database.h"
#include "store/stored_records.h"

namespace cluehound::store {

// Holds the frontier against the addresses: each address that is due stands in its queue, with its
// time, and nothing else does; each queue has a record that knows its lanes, and one place in the
// schedule, which is never later than its earliest address, so that none waits for ever; and they
// are as many as were counted.
void CheckFrontier(const Database& database, const Counters& counters, CheckReport& report);

}  // namespace cluehound::store
