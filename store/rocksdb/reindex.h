#pragma once

#include "base/status.h"
#include "store/rocksdb/database.h"
#include "store/stored_records.h"

namespace cluehound::store {

// Makes the indexes, counts and texts of all leads again when those of the database were made
// otherwise than this program makes them. Starts over when it is broken off. Before anything else is
// written; `counters` as the database has them, and so afterwards.
Status ReindexIfNeeded(Database& database, Counters& counters);

}  // namespace cluehound::store
