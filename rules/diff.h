#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "rules/suspicion.h"

namespace cluehound::rules {

// What two rule sets say differently of the same listings: what an analyst must see before a change
// goes live. A hit is the same when mark (or rule, for a pattern), field and place are; it changed
// when rule, mode, category, score or folds did. A lead is the same when its family is; it changed
// when rule, mark, mode, level or score did. Revisions are no difference. Not thread-safe.
class SetDiff {
 public:
  enum class Change : uint8_t { kGained, kLost, kChanged };
  static constexpr size_t kChanges = 3;

  struct Entry {
    Change change = Change::kGained;
    bool lead = false;  // else a hit
    std::string name;   // of the listing
    std::string title;
    std::string before;  // "tm-copy-grade nike 80"; empty when there was none
    std::string after;
  };
  struct Counts {
    std::array<size_t, kChanges> hits{};
    std::array<size_t, kChanges> leads{};
  };

  // At most so many entries are kept; everything is counted.
  static constexpr size_t kMaxEntries = 5000;

  void Add(const std::string& name, const std::string& title, const Evaluation& before,
           const Evaluation& after);

  // What another one found behind this one's listings.
  void Merge(SetDiff&& later);

  size_t listings() const { return listings_; }
  size_t leads_before() const { return leads_before_; }
  size_t leads_after() const { return leads_after_; }
  const Counts& counts() const { return counts_; }
  // Of leads, by the rule that makes them (of lost ones: that made them).
  const std::map<std::string, std::array<size_t, kChanges>>& by_rule() const { return by_rule_; }
  const std::vector<Entry>& entries() const { return entries_; }
  bool empty() const;

 private:
  void Put(Entry entry, const std::string& rule);

  size_t listings_ = 0, leads_before_ = 0, leads_after_ = 0;
  Counts counts_;
  std::map<std::string, std::array<size_t, kChanges>> by_rule_;
  std::vector<Entry> entries_;
};

}  // namespace cluehound::rules
