#pragma once

#include <memory>

#include "store/open.h"
#include "store/rocksdb/database.h"
#include "store/rocksdb/frontier.h"
#include "store/rocksdb/writer.h"

namespace cluehound::store {

// OpenRocksDbStore on a file system of the caller's (null: the machine's), which must outlive the
// store.
Result<std::unique_ptr<Store>> OpenRocksDbStoreOn(const StoreOptions& options, rocksdb::Env* env);

}  // namespace cluehound::store
