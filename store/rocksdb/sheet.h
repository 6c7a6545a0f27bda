#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "store/record_codec.h"
#include "store/rocksdb/database.h"

namespace cluehound::store {

// Keys and values of some tables as they will be once the batch under way is written, also in walks.
// Changes since the last Keep() can be taken back; what comes out as it was is not written. Not
// thread-safe; must not outlive the database.
class Sheet {
 public:
  explicit Sheet(const Database& database) : database_(database) {}

  Result<std::optional<std::string>> Get(Table table, const std::string& key);
  // Nothing: deletes.
  void Put(Table table, const std::string& key, std::optional<std::string> value);

  using Entry = std::pair<std::string, std::string>;
  // The first `max` whose keys begin with `prefix`, in order.
  Result<std::vector<Entry>> Under(Table table, const std::string& prefix, size_t max);

  template <class T>
  Result<std::optional<T>> Find(Table table, const std::string& key, std::string_view what) {
    ASSIGN_OR_RETURN(const auto bytes, Get(table, key));
    if (!bytes) return std::optional<T>();
    ASSIGN_OR_RETURN(T record, DecodeRecord<T>(*bytes, what));
    return std::optional<T>(std::move(record));
  }
  template <class T>
  void PutRecord(Table table, const std::string& key, const T& record) {
    Put(table, key, EncodeRecord(record));
  }

  void Keep() { undo_.clear(); }
  void Rollback();
  void Write(Batch& batch) const;

 private:
  using Place = std::pair<Table, std::string>;
  struct Value {
    std::optional<std::string> now;
    std::optional<std::optional<std::string>> before;  // what the database has, if it was asked
  };

  const Database& database_;
  std::map<Place, Value> values_;
  std::vector<std::pair<Place, std::optional<Value>>> undo_;
};

}  // namespace cluehound::store
