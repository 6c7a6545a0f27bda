#include "store/rocksdb/lead_walk.h"

#include <algorithm>

#include "base/digest.h"
#include "store/order_key.h"
#include "store/rocksdb/tables.h"

namespace cluehound::store {
namespace {

Instant TimeAt(std::string_view bytes, size_t at) {
  std::string versioned(1, kKeyVersion);
  versioned += bytes.substr(at, 8);
  return KeyReader(versioned).Descending();
}

}  // namespace

std::string LeadOrder::Of(const Lead& lead) const {
  return sort == LeadSort::kScore ? LeadPosition::Of(lead).Bytes()
                                  : LastSeenBytes(lead.last_seen, lead.id);
}

Result<std::string> LeadOrder::Parse(std::string_view after) const {
  std::string bytes = FromHex(after);
  if (after.empty() || bytes.size() == size()) return bytes;
  return Status::InvalidArgument("\"" + std::string(after.substr(0, 80)) +
                                 "\" is no place in this list");
}

std::string LeadOrder::Next(const Lead& lead) const { return Hex(Of(lead)); }

std::string LeadOrder::RowIndex(std::string_view row) const {
  return IndexPrefix(sort == LeadSort::kScore ? Facet::kRow : Facet::kRowLastSeen, row);
}

Result<bool> TagTest::Holds(std::string_view position) const {
  ASSIGN_OR_RETURN(const auto entry,
                   database_.Get(Table::kIndexes, index_ + std::string(position), snapshot_));
  return entry.has_value();
}

LeadWalk::LeadWalk(const Database& database, const Snapshot* snapshot, LeadOrder order,
                   std::string prefix, std::string_view after, const EntryTest& test,
                   TextSearch* text, const TagTest* tag)
    : order_(order), test_(&test), text_(text), prefix_(prefix) {
  if (tag != nullptr && tag->index() != prefix) tag_ = tag;  // along its own all have it
  const std::string begin = after.empty() ? prefix : prefix + std::string(after) + '\0';
  cursor_ = database.Walk(Table::kIndexes, begin, PrefixEnd(std::move(prefix)), snapshot);
}

LeadWalk::LeadWalk(LeadOrder order, Gathered entries, std::string_view after)
    : order_(order), after_(after) {
  Take(std::move(entries));
}

LeadWalk::LeadWalk(LeadOrder order, NextPart next_part, std::string_view after)
    : order_(order), after_(after), next_part_(std::move(next_part)) {}

void LeadWalk::Take(Gathered entries) {
  gathered_ = std::move(entries);
  std::sort(gathered_.begin(), gathered_.end());
  const auto first = std::find_if(gathered_.begin(), gathered_.end(),
                                  [&](const auto& entry) { return entry.first > after_; });
  at_ = static_cast<size_t>(first - gathered_.begin());
}

void LeadWalk::Turn(std::string prefix, std::string_view after) {
  prefix_ = std::move(prefix);
  cursor_->Seek(after.empty() ? prefix_ : prefix_ + std::string(after) + '\0');
  started_ = false;
}

Result<bool> LeadWalk::Next() {
  const bool first = !started_;
  started_ = true;
  if (!cursor_) {
    if (!first) ++at_;
    return NextGathered();
  }
  if (!first) cursor_->Next();
  for (; cursor_->Valid() && cursor_->key().starts_with(prefix_); cursor_->Next()) {
    if (cursor_->key().size() != prefix_.size() + order_.size() ||
        value().size() != (order_.sort == LeadSort::kScore ? kDigestsSize : kPlaceSize))
      return Status::Corruption("an index has an entry that is none");
    if (order_.sort == LeadSort::kScore && test_->Weaker(score())) return false;
    ASSIGN_OR_RETURN(const bool fits, Fits());
    if (fits) return true;
  }
  RETURN_IF_ERROR(cursor_->status());
  return false;
}

Result<bool> LeadWalk::NextGathered() {
  while (at_ >= gathered_.size()) {
    if (!next_part_) return false;
    ASSIGN_OR_RETURN(auto part, next_part_());
    if (!part) return false;
    Take(*std::move(part));
  }
  return true;
}

Result<bool> LeadWalk::Fits() {
  if (!test_->May(score(), digests())) return false;
  if (tag_ != nullptr) {
    ASSIGN_OR_RETURN(const bool tagged, tag_->Holds(position()));
    if (!tagged) return false;
  }
  return text_ == nullptr ? Result<bool>(true) : text_->Holds(EntryTest::Text(digests()));
}

std::string_view LeadWalk::place() const {
  return cursor_ ? cursor_->key().substr(prefix_.size()) : std::string_view(gathered_[at_].first);
}

std::string_view LeadWalk::digests() const {
  return order_.sort == LeadSort::kScore ? value() : DigestsAt(value());
}

int LeadWalk::score() const { return ScoreAt(order_.sort == LeadSort::kScore ? place() : value()); }

std::string LeadWalk::position() const {
  if (order_.sort == LeadSort::kScore) return std::string(place());
  return std::string(value().substr(0, kPlaceHead)) + std::string(id());
}

Instant LeadWalk::first_seen() const {
  return TimeAt(order_.sort == LeadSort::kScore ? place() : value(), 1);
}

Instant LeadWalk::last_seen() const { return TimeAt(place(), 0); }

}  // namespace cluehound::store
