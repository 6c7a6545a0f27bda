#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "store/rocksdb/database.h"
#include "store/stored_records.h"

namespace cluehound::store {

// The texts that may hold some words, by the postings of their rarest bigrams, and whether they do.
// For one query; not thread-safe. Database and snapshot must outlive it.
class TextSearch {
 public:
  // `words`: from SearchWords(), not empty.
  static Result<TextSearch> Run(const Database& database, const Snapshot* snapshot,
                                std::vector<std::string> words);

  // How many texts may hold them.
  size_t candidates() const { return candidates_; }
  bool MayHold(uint64_t text) const {
    const uint64_t bit = text - 1;  // that of 0, no text, is behind the end
    return bit / 64 < bits_.size() && (bits_[bit / 64] >> (bit % 64) & 1) != 0;
  }
  // Whether a text that a lead has now holds them. Reads it unless that was done before.
  Result<bool> Holds(uint64_t text);
  // The candidates that are texts of leads and hold the words, at most `max`, by number.
  Result<std::vector<std::pair<uint64_t, LeadId>>> Texts(uint64_t after, size_t max);

 private:
  TextSearch(const Database& database, const Snapshot* snapshot, std::vector<std::string> words)
      : database_(&database), snapshot_(snapshot), words_(std::move(words)) {}
  Status FindInSegments(uint64_t segments);
  Status FindInRest(uint64_t first);
  void Add(uint64_t text);

  const Database* database_;
  const Snapshot* snapshot_;
  std::vector<std::string> words_;
  std::vector<uint64_t> bits_;  // text n is bit n - 1, so that a segment has whole words
  size_t candidates_ = 0;
  bool sure_ = false;  // words of two characters: what may hold them does, where a lead says so
  std::unordered_map<uint64_t, bool> holds_;
};

}  // namespace cluehound::store
