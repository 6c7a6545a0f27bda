#include "store/rocksdb/text_search.h"

#include <algorithm>
#include <bit>
#include <memory>

#include "store/record_fields.h"
#include "store/rocksdb/tables.h"
#include "store/rocksdb/text_postings.h"
#include "store/search_text.h"

namespace cluehound::store {
namespace {

constexpr size_t kMaxBigrams = 8;   // more make the answer hardly narrower
constexpr size_t kReadAhead = 256;  // texts read at a time

// All bigrams of the words; of long words some, evenly.
std::vector<Bigram> ChosenBigrams(const std::vector<std::string>& words) {
  std::vector<Bigram> all;
  for (const std::string& word : words) {
    const auto bigrams = BigramsOf(word);
    all.insert(all.end(), bigrams.begin(), bigrams.end());
  }
  std::vector<Bigram> chosen;
  const size_t step = (all.size() + kMaxBigrams - 1) / kMaxBigrams;
  for (size_t i = 0; i < all.size(); i += step) chosen.push_back(all[i]);
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

// Where all lists say yes; `lists` not empty.
Result<PlaceSet> Common(const std::vector<std::string_view>& lists) {
  ASSIGN_OR_RETURN(PlaceSet common, DecodePlaces(lists.front()));
  for (size_t i = 1; i < lists.size(); ++i) {
    ASSIGN_OR_RETURN(const PlaceSet other, DecodePlaces(lists[i]));
    for (size_t word = 0; word < common.size(); ++word) common[word] &= other[word];
  }
  return common;
}

}  // namespace

Result<TextSearch> TextSearch::Run(const Database& database, const Snapshot* snapshot,
                                   std::vector<std::string> words) {
  TextSearch search(database, snapshot, std::move(words));
  search.sure_ = std::all_of(search.words_.begin(), search.words_.end(),
                             [](const auto& word) { return BigramsOf(word).size() == 1; }) &&
                 search.words_.size() <= kMaxBigrams;
  ASSIGN_OR_RETURN(const auto counters, FindRecord<Counters>(database, Table::kMeta, CountersKey(),
                                                             "counters", snapshot));
  const uint64_t last = counters ? counters->last_text : 0;
  search.bits_.resize((last + 63) / 64);
  const uint64_t segments = last / kSegmentSize;
  RETURN_IF_ERROR(search.FindInSegments(segments));
  RETURN_IF_ERROR(search.FindInRest(FirstText(segments)));
  return search;
}

void TextSearch::Add(uint64_t text) {
  const uint64_t bit = text - 1;
  if (bit / 64 >= bits_.size()) return;
  bits_[bit / 64] |= uint64_t{1} << (bit % 64);
  ++candidates_;
}

Status TextSearch::FindInSegments(uint64_t segments) {
  if (segments == 0) return Status::Ok();
  std::vector<std::unique_ptr<Cursor>> cursors;
  for (const Bigram bigram : ChosenBigrams(words_)) {
    const std::string prefix = PostingPrefix(bigram);
    cursors.push_back(database_->Walk(Table::kPostings, prefix, PrefixEnd(prefix), snapshot_));
  }
  std::vector<std::string_view> lists;
  for (uint64_t segment = 0; segment < segments; ++segment) {
    lists.clear();
    for (const auto& cursor : cursors) {
      while (cursor->Valid() && PostingSegment(cursor->key()) < segment) cursor->Next();
      RETURN_IF_ERROR(cursor->status());
      if (!cursor->Valid()) return Status::Ok();
      if (PostingSegment(cursor->key()) != segment) break;
      lists.emplace_back(cursor->value());
    }
    if (lists.size() < cursors.size()) continue;
    ASSIGN_OR_RETURN(const auto common, Common(lists));
    for (size_t word = 0; word < common.size(); ++word) {
      bits_[segment * common.size() + word] = common[word];
      candidates_ += static_cast<size_t>(std::popcount(common[word]));
    }
  }
  return Status::Ok();
}

Status TextSearch::FindInRest(uint64_t first) {
  const auto cursor =
      database_->Walk(Table::kTexts, NumberKey(first), PrefixEnd(PlainKey("")), snapshot_);
  for (; cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(const auto record, DecodeRecord<TextRecord>(cursor->value(), "text"));
    if (!store::Holds(record.text, words_)) continue;
    const uint64_t text = KeyReader(cursor->key()).Number();
    holds_[text] = true;
    Add(text);
  }
  return cursor->status();
}

Result<bool> TextSearch::Holds(uint64_t text) {
  if (!MayHold(text) || sure_) return MayHold(text);
  const auto known = holds_.find(text);
  if (known != holds_.end()) return known->second;
  ASSIGN_OR_RETURN(const auto record, FindRecord<TextRecord>(*database_, Table::kTexts,
                                                             NumberKey(text), "text", snapshot_));
  return holds_[text] = record && store::Holds(record->text, words_);
}

Result<std::vector<std::pair<uint64_t, LeadId>>> TextSearch::Texts(uint64_t after, size_t max) {
  std::vector<std::pair<uint64_t, LeadId>> texts;
  uint64_t bit = after;  // of the text behind it
  while (texts.size() < max && bit / 64 < bits_.size()) {
    std::vector<std::string> keys;
    std::vector<uint64_t> numbers;
    for (; bit / 64 < bits_.size() && keys.size() < kReadAhead; ++bit) {
      if (bits_[bit / 64] == 0) {
        bit |= 63;
        continue;
      }
      if (!MayHold(bit + 1)) continue;
      keys.push_back(NumberKey(bit + 1));
      numbers.push_back(bit + 1);
    }
    ASSIGN_OR_RETURN(const auto records, database_->MultiGet(Table::kTexts, keys, snapshot_));
    for (size_t i = 0; i < keys.size() && texts.size() < max; ++i) {
      holds_[numbers[i]] = false;
      if (!records[i]) continue;
      ASSIGN_OR_RETURN(auto record, DecodeRecord<TextRecord>(*records[i], "text"));
      if (!store::Holds(record.text, words_)) continue;
      holds_[numbers[i]] = true;
      texts.emplace_back(numbers[i], std::move(record.lead));
    }
  }
  return texts;
}

}  // namespace cluehound::store
