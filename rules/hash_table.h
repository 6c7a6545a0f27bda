#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cluehound::rules {

// Entries by a well mixed hash (rules/sieve.h), as many as there are of one, each where its hash says
// or in the next place that is free: one step in memory finds most. An Entry has a `hash`, and one
// that was only default-constructed is not used().
//
// Thread-safety: immutable once built. Memory: 2 to 4 places for an entry.
template <class Entry>
class HashTable {
 public:
  HashTable() = default;
  explicit HashTable(std::vector<Entry> entries) {
    if (entries.empty()) return;
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.hash < b.hash; });
    int bits = 2;
    while (bits < 24 && (size_t{1} << bits) < entries.size() * 2) ++bits;
    shift_ = 32 - bits;
    places_.resize((size_t{1} << bits) + 1);
    // In order of their hashes each comes behind what pushed it on, so none has to begin again at
    // the front.
    size_t next = 0;
    for (const Entry& entry : entries) {
      next = std::max<size_t>(next, entry.hash >> shift_);
      if (next + 2 > places_.size()) places_.resize(next + 2);
      places_[next++] = entry;
    }
    places_.shrink_to_fit();
  }

  // The next question will be for this hash.
  void Prefetch(uint32_t hash) const { __builtin_prefetch(&places_[hash >> shift_]); }
  template <class F>
  void ForEach(uint32_t hash, const F& visit) const {
    for (size_t i = hash >> shift_; places_[i].used(); ++i) {
      if (places_[i].hash == hash) visit(places_[i]);
    }
  }
  bool empty() const { return places_.size() == 2; }
  size_t MemoryBytes() const { return places_.capacity() * sizeof(Entry); }

 private:
  std::vector<Entry> places_ = std::vector<Entry>(2);  // the last one is free
  int shift_ = 31;
};

}  // namespace cluehound::rules
