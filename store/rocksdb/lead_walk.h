#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "store/rocksdb/database.h"
#include "store/rocksdb/lead_index.h"
#include "store/rocksdb/text_search.h"

namespace cluehound::store {

// The order in which leads are listed, as the ends of index keys and the places between pages.
struct LeadOrder {
  LeadSort sort = LeadSort::kScore;

  size_t size() const { return sort == LeadSort::kScore ? kPositionSize : kLastSeenSize; }
  std::string Of(const Lead& lead) const;
  // What a page's `next` says: a place; empty for the front. kInvalidArgument for anything else.
  Result<std::string> Parse(std::string_view after) const;
  std::string Next(const Lead& lead) const;
  // The index of a row in this order.
  std::string RowIndex(std::string_view row) const;
};

// Whether leads have a tag: those that do stand in its index, under the same end of a key as
// everywhere. One snapshot; both must outlive it.
class TagTest {
 public:
  TagTest(const Database& database, const Snapshot* snapshot, std::string_view tag)
      : database_(database), snapshot_(snapshot), index_(IndexPrefix(Facet::kTag, tag)) {}

  // `position`: LeadPosition::Bytes() of the lead.
  Result<bool> Holds(std::string_view position) const;
  const std::string& index() const { return index_; }

 private:
  const Database& database_;
  const Snapshot* snapshot_;
  std::string index_;
};

// The entries of leads that a filter asks for, in order: out of an index, or of some that were
// gathered and sorted, all at once or part by part. What it says of an entry holds until it moves. One snapshot; not thread-safe.
class LeadWalk {
 public:
  // Along an index that begins with `prefix`, behind the place `after` (empty: from the front).
  // `text` and `tag` may be null: no words, no tag are asked for. All must outlive the walk.
  LeadWalk(const Database& database, const Snapshot* snapshot, LeadOrder order, std::string prefix,
           std::string_view after, const EntryTest& test, TextSearch* text, const TagTest* tag);
  // What was gathered: the ends of keys with their entry values, those that match, in any order.
  using Gathered = std::vector<std::pair<std::string, std::string>>;
  LeadWalk(LeadOrder order, Gathered entries, std::string_view after);
  // Asks for more when it met all of the part before, which stand before all of the next. A part may
  // be empty; nothing: that was all.
  using NextPart = std::function<Result<std::optional<Gathered>>()>;
  LeadWalk(LeadOrder order, NextPart next_part, std::string_view after);

  // From now on along another index that the first one holds (its prefix begins so), behind `after`.
  // REQUIRES: not gathered.
  void Turn(std::string prefix, std::string_view after);
  // To the next one; false at the end.
  Result<bool> Next();
  // 16 bytes.
  std::string_view id() const { return place().substr(place().size() - 16); }
  std::string_view place() const;  // LeadOrder::size() bytes
  std::string_view digests() const;
  // As the walk would say it of what is gathered.
  std::pair<std::string, std::string> Entry() const {
    return {std::string(place()), std::string(value())};
  }
  Instant first_seen() const;
  Instant last_seen() const;  // REQUIRES: in order of the last sighting

 private:
  Result<bool> NextGathered();
  void Take(Gathered entries);
  Result<bool> Fits();
  int score() const;
  std::string position() const;
  std::string_view value() const { return cursor_ ? cursor_->value() : gathered_[at_].second; }

  const LeadOrder order_;
  const EntryTest* test_ = nullptr;
  TextSearch* text_ = nullptr;
  const TagTest* tag_ = nullptr;
  std::string prefix_;
  std::unique_ptr<Cursor> cursor_;  // null: gathered
  bool started_ = false;
  std::string after_;  // of what is gathered
  Gathered gathered_;
  size_t at_ = 0;
  NextPart next_part_;  // null: gathered at once
};

}  // namespace cluehound::store
