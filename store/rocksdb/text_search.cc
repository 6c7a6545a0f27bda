#include "store/rocksdb/text_search.h"

#include <algorithm>
#include <bit>
#include <memory>

#include "store/record_fields.h"
#include "store/rocksdb/lead_index.h"
#include "store/rocksdb/tables.h"
#include "store/rocksdb/text_postings.h"
#include "store/search_text.h"

namespace cluehound::store {
namespace {

constexpr size_t kMaxGrams = 8;     // more make the answer hardly narrower
constexpr size_t kReadAhead = 256;  // texts read at a time

// All grams of the words; of long words some, evenly.
std::vector<Gram> ChosenGrams(const std::vector<std::string>& words) {
  std::vector<Gram> all;
  for (const std::string& word : words) {
    const auto grams = NarrowestGramsOf(word);
    all.insert(all.end(), grams.begin(), grams.end());
  }
  std::vector<Gram> chosen;
  const size_t step = (all.size() + kMaxGrams - 1) / kMaxGrams;
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
                             [](const auto& word) { return NarrowestGramsOf(word).size() == 1; }) &&
                 search.words_.size() <= kMaxGrams;
  ASSIGN_OR_RETURN(const auto counters, FindRecord<Counters>(database, Table::kMeta, CountersKey(),
                                                             "counters", snapshot));
  const uint64_t last = counters ? counters->last_text : 0;
  search.bits_.resize((last + 63) / 64);
  search.segments_ = last / kSegmentSize;
  RETURN_IF_ERROR(search.FindInSegments(search.segments_));
  RETURN_IF_ERROR(search.FindInRest(FirstText(search.segments_)));
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
  for (const Gram gram : ChosenGrams(words_)) {
    const std::string prefix = PostingPrefix(gram);
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
    ASSIGN_OR_RETURN(const auto record, DecodeText(cursor->value()));
    if (!store::Holds(record.text, words_)) continue;
    const uint64_t text = KeyReader(cursor->key()).Number();
    holds_[text] = true;
    rest_[ScoreAt(record.place)].push_back(text);
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

Result<bool> TextSearch::Texts(uint64_t& after, size_t max, std::vector<Found>& found) {
  std::vector<uint64_t> numbers;
  uint64_t bit = after;  // of the text behind it
  for (; bit / 64 < bits_.size() && numbers.size() < max; ++bit) {
    if (bits_[bit / 64] == 0) {
      bit |= 63;
    } else if (MayHold(bit + 1)) {
      numbers.push_back(bit + 1);
    }
  }
  after = bit;
  RETURN_IF_ERROR(Read(numbers, found));
  return !numbers.empty();
}

Result<std::vector<TextSearch::Found>> TextSearch::Strongest(int& highest) {
  if (!scores_)
    scores_ = database_->Walk(Table::kPostings, PostingPrefix(AsGram(highest)),
                              PrefixEnd(PostingPrefix(AsGram(0))), snapshot_);
  while (true) {
    while (scores_->Valid() && PostingScore(scores_->key()) > highest) scores_->Next();
    RETURN_IF_ERROR(scores_->status());
    int score = scores_->Valid() ? PostingScore(scores_->key()) : -1;
    const auto rest = rest_.upper_bound(highest);
    if (rest != rest_.begin()) score = std::max(score, std::prev(rest)->first);
    highest = score - 1;
    if (score < 0) return std::vector<Found>();
    std::vector<uint64_t> numbers;
    RETURN_IF_ERROR(AddStrongest(score, numbers));
    if (const auto same = rest_.find(score); same != rest_.end())
      numbers.insert(numbers.end(), same->second.begin(), same->second.end());
    std::vector<Found> found;
    RETURN_IF_ERROR(Read(numbers, found));
    if (!found.empty()) return found;
  }
}

Status TextSearch::AddStrongest(int score, std::vector<uint64_t>& numbers) {
  for (; scores_->Valid() && PostingScore(scores_->key()) == score; scores_->Next()) {
    const uint64_t segment = PostingSegment(scores_->key());
    if (segment >= segments_) continue;
    ASSIGN_OR_RETURN(const PlaceSet places, DecodePlaces(scores_->value()));
    for (size_t word = 0; word < places.size(); ++word) {
      uint64_t bits = places[word] & bits_[segment * places.size() + word];
      for (; bits != 0; bits &= bits - 1) {
        numbers.push_back(FirstText(segment) + word * 64 +
                          static_cast<uint64_t>(std::countr_zero(bits)));
      }
    }
  }
  return scores_->status();
}

// Of these candidates.
Status TextSearch::Read(const std::vector<uint64_t>& numbers, std::vector<Found>& found) {
  for (size_t begin = 0; begin < numbers.size(); begin += kReadAhead) {
    const size_t end = std::min(numbers.size(), begin + kReadAhead);
    std::vector<std::string> keys;
    for (size_t i = begin; i < end; ++i) keys.push_back(NumberKey(numbers[i]));
    ASSIGN_OR_RETURN(const auto records, database_->MultiGet(Table::kTexts, keys, snapshot_));
    for (size_t i = begin; i < end; ++i) {
      holds_[numbers[i]] = false;
      if (!records[i - begin]) continue;
      ASSIGN_OR_RETURN(auto record, DecodeText(*records[i - begin]));
      if (!store::Holds(record.text, words_)) continue;
      holds_[numbers[i]] = true;
      found.push_back({std::move(record.lead), std::move(record.place)});
    }
  }
  return Status::Ok();
}

}  // namespace cluehound::store
