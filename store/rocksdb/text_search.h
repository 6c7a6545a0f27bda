#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "store/rocksdb/database.h"
#include "store/stored_records.h"

namespace cluehound::store {

// The texts that may hold some words, by the postings of their grams, and whether they do.
// For one query; not thread-safe. Database and snapshot must outlive it.
class TextSearch {
 public:
  // `words`: from SearchWords(), not empty.
  static Result<TextSearch> Run(const Database& database, const Snapshot* snapshot,
                                std::vector<std::string> words);

  // How many texts may hold them.
  size_t candidates() const { return candidates_; }
  // How many segments were looked through for them.
  uint64_t segments() const { return segments_; }
  bool MayHold(uint64_t text) const {
    const uint64_t bit = text - 1;  // that of 0, no text, is behind the end
    return bit / 64 < bits_.size() && (bits_[bit / 64] >> (bit % 64) & 1) != 0;
  }
  // Whether a text that a lead has now holds them. Reads it unless that was done before.
  Result<bool> Holds(uint64_t text);
  struct Found {
    LeadId lead;
    std::string place;  // where the indexes have it (store/rocksdb/lead_index.h), kPlaceSize
  };
  // Of the next candidates, at most `max` by number, those that hold the words, added. False: there
  // was none left. `after`: the last number that was looked at; 0 at first.
  Result<bool> Texts(uint64_t& after, size_t max, std::vector<Found>& found);
  // The same, but all whose leads have the highest score up to `highest` that a candidate has: none
  // when no candidate has one. `highest` becomes the next score to ask for, or -1. Asked for again
  // and again it tells the strongest leads without a look at the others.
  // REQUIRES: never a higher score than before.
  Result<std::vector<Found>> Strongest(int& highest);

 private:
  TextSearch(const Database& database, const Snapshot* snapshot, std::vector<std::string> words)
      : database_(&database), snapshot_(snapshot), words_(std::move(words)) {}
  Status FindInSegments(uint64_t segments);
  Status FindInRest(uint64_t first);
  void Add(uint64_t text);
  // The candidates of one score in whole segments.
  Status AddStrongest(int score, std::vector<uint64_t>& numbers);
  Status Read(const std::vector<uint64_t>& numbers, std::vector<Found>& found);

  const Database* database_;
  const Snapshot* snapshot_;
  std::vector<std::string> words_;
  std::vector<uint64_t> bits_;  // text n is bit n - 1, so that a segment has whole words
  size_t candidates_ = 0;
  uint64_t segments_ = 0;
  std::map<int, std::vector<uint64_t>> rest_;  // candidates behind the last whole segment, by score
  std::unique_ptr<Cursor> scores_;             // along the postings of scores, the highest first
  bool sure_ = false;  // words of one gram: what may hold them does, where a lead says so
  std::unordered_map<uint64_t, bool> holds_;
};

}  // namespace cluehound::store
