#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/status.h"
#include "store/record_codec.h"
#include "store/rocksdb/database.h"

namespace cluehound::store {

// The records of one table as they will be once the batch under way is written: what was changed,
// and what was read, lies here; the rest is in the database. Changes since the last Keep() can be
// taken back. Not thread-safe.
template <class T>
class Overlay {
 public:
  // `what` names a record in messages.
  Overlay(const Database& database, Table table, std::string_view what)
      : database_(database), table_(table), what_(what) {}

  // Nothing when there is no such record.
  Result<std::optional<T>> Find(const std::string& key) {
    const auto found = entries_.find(key);
    if (found != entries_.end()) return found->second.value;
    ASSIGN_OR_RETURN(auto value, FindRecord<T>(database_, table_, key, what_));
    return entries_.emplace(key, Entry{std::move(value), false}).first->second.value;
  }

  // Without asking the database: the outer nothing means that it would have to be asked.
  const std::optional<T>* Peek(const std::string& key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second.value;
  }

  void Put(const std::string& key, std::optional<T> value) {
    const auto [place, is_new] = entries_.try_emplace(key);
    undo_.emplace_back(key, is_new ? std::nullopt : std::optional<Entry>(place->second));
    place->second = {std::move(value), true};
  }

  // Reads many at once, so that Find need not.
  Status Preload(const std::vector<std::string>& keys) {
    std::vector<std::string> missing;
    for (const std::string& key : keys) {
      if (!entries_.contains(key)) missing.push_back(key);
    }
    ASSIGN_OR_RETURN(const auto records, database_.MultiGet(table_, missing));
    entries_.reserve(entries_.size() + missing.size());
    for (size_t i = 0; i < missing.size(); ++i) {
      std::optional<T> value;
      if (records[i]) {
        ASSIGN_OR_RETURN(value, DecodeRecord<T>(*records[i], what_));
      }
      entries_.emplace(std::move(missing[i]), Entry{std::move(value), false});
    }
    return Status::Ok();
  }

  void Keep() { undo_.clear(); }
  void Rollback() {
    for (; !undo_.empty(); undo_.pop_back()) {
      auto& [key, entry] = undo_.back();
      if (entry) {
        entries_[key] = std::move(*entry);
      } else {
        entries_.erase(key);
      }
    }
  }

  // Calls with key and record (nothing: deleted) of every change.
  template <class F>
  void ForEachChange(F&& f) const {
    for (const auto& [key, entry] : entries_) {
      if (entry.dirty) f(key, entry.value);
    }
  }

  void Write(Batch& batch) const {
    ForEachChange([&](const std::string& key, const std::optional<T>& value) {
      if (value) {
        batch.Put(table_, key, EncodeRecord(*value));
      } else {
        batch.Delete(table_, key);
      }
    });
  }

 private:
  struct Entry {
    std::optional<T> value;
    bool dirty = false;
  };

  const Database& database_;
  const Table table_;
  const std::string_view what_;
  std::unordered_map<std::string, Entry> entries_;
  std::vector<std::pair<std::string, std::optional<Entry>>> undo_;
};

}  // namespace cluehound::store
