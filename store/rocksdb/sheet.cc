#include "store/rocksdb/sheet.h"

#include "store/order_key.h"

namespace cluehound::store {

Result<std::optional<std::string>> Sheet::Get(Table table, const std::string& key) {
  const auto found = values_.find({table, key});
  if (found != values_.end()) return found->second.now;
  ASSIGN_OR_RETURN(auto value, database_.Get(table, key));
  values_.emplace(Place{table, key}, Value{value, value});
  return value;
}

void Sheet::Put(Table table, const std::string& key, std::optional<std::string> value) {
  const Place place{table, key};
  const auto found = values_.find(place);
  undo_.emplace_back(place,
                     found == values_.end() ? std::nullopt : std::optional<Value>(found->second));
  values_[place].now = std::move(value);
}

Result<std::vector<Sheet::Entry>> Sheet::Under(Table table, const std::string& prefix, size_t max) {
  std::vector<Entry> entries;
  const std::string end = PrefixEnd(prefix);
  auto changed = values_.lower_bound({table, prefix});
  const auto in_range = [&] {
    return changed != values_.end() && changed->first.first == table && changed->first.second < end;
  };
  const auto cursor = database_.Walk(table, prefix, end);
  while (entries.size() < max && (cursor->Valid() || in_range())) {
    const bool ours = in_range() && (!cursor->Valid() || changed->first.second <= cursor->key());
    if (!ours) {
      entries.emplace_back(cursor->key(), cursor->value());
      cursor->Next();
      continue;
    }
    if (cursor->Valid() && changed->first.second == cursor->key()) cursor->Next();
    if (changed->second.now) entries.emplace_back(changed->first.second, *changed->second.now);
    ++changed;
  }
  RETURN_IF_ERROR(cursor->status());
  return entries;
}

void Sheet::Rollback() {
  for (; !undo_.empty(); undo_.pop_back()) {
    auto& [place, value] = undo_.back();
    if (value) {
      values_[place] = std::move(*value);
    } else {
      values_.erase(place);
    }
  }
}

void Sheet::Write(Batch& batch) const {
  for (const auto& [place, value] : values_) {
    if (value.before && *value.before == value.now) continue;
    if (value.now) {
      batch.Put(place.first, place.second, *value.now);
    } else {
      batch.Delete(place.first, place.second);
    }
  }
}

}  // namespace cluehound::store
