#include "rules/diff.h"

#include <tuple>

#include "base/join.h"

namespace cluehound::rules {
namespace {

using HitKey = std::tuple<std::string, std::string, std::string, uint32_t, uint32_t>;

std::map<HitKey, const Hit*> HitsByKey(const Evaluation& evaluation) {
  std::map<HitKey, const Hit*> hits;
  for (const Hit& hit : evaluation.hits)
    hits.emplace(HitKey{hit.field, hit.mark, hit.mark.empty() ? hit.rule : "", hit.begin, hit.end},
                 &hit);
  return hits;
}

std::map<std::string, const Suspicion*> LeadsByFamily(const Evaluation& evaluation) {
  std::map<std::string, const Suspicion*> leads;
  for (const Suspicion& suspicion : evaluation.suspicions) {
    if (suspicion.mode != Mode::kObserve) leads.emplace(suspicion.family, &suspicion);
  }
  return leads;
}

bool Same(const Hit& a, const Hit& b) {
  return a.rule == b.rule && a.mode == b.mode && a.category == b.category && a.score == b.score &&
         a.folds == b.folds;
}

bool Same(const Suspicion& a, const Suspicion& b) {
  return a.rule == b.rule && a.mark == b.mark && a.mode == b.mode && a.level == b.level &&
         a.score == b.score;
}

std::string Text(const Hit& hit) {
  std::string out = "“" + hit.text + "”";
  if (!hit.mark.empty()) out += " mark " + hit.mark;
  if (!hit.rule.empty())
    out += " " + hit.rule + " " + std::string(Name(hit.mode)) + " " + std::to_string(hit.score);
  if (!hit.folds.empty()) out += " through " + Join(hit.folds, "+");
  return out;
}

std::string Text(const Suspicion& s) {
  return s.rule + (s.mark.empty() ? "" : " mark " + s.mark) + " " + std::string(Name(s.mode)) +
         " " + s.level + " " + std::to_string(s.score);
}

const std::string& RuleOf(const Hit& hit) { return hit.rule; }
const std::string& RuleOf(const Suspicion& suspicion) { return suspicion.rule; }

// Calls `each(before, after)` for every key of either, null where it is not there.
template <class Map, class F>
void EachPair(const Map& before, const Map& after, const F& each) {
  for (const auto& [key, value] : before) {
    const auto it = after.find(key);
    each(value, it == after.end() ? nullptr : it->second);
  }
  for (const auto& [key, value] : after) {
    if (before.count(key) == 0) each(decltype(value){nullptr}, value);
  }
}

}  // namespace

void SetDiff::Put(Entry entry, const std::string& rule) {
  const auto change = static_cast<size_t>(entry.change);
  ++(entry.lead ? counts_.leads : counts_.hits)[change];
  if (entry.lead) ++by_rule_[rule][change];
  if (entries_.size() < kMaxEntries) entries_.push_back(std::move(entry));
}

void SetDiff::Add(const std::string& name, const std::string& title, const Evaluation& before,
                  const Evaluation& after) {
  ++listings_;
  const auto put = [&](bool lead, const auto* was, const auto* is) {
    if (was != nullptr && is != nullptr && Same(*was, *is)) return;
    Entry entry;
    entry.change = was == nullptr  ? Change::kGained
                   : is == nullptr ? Change::kLost
                                   : Change::kChanged;
    entry.lead = lead;
    entry.name = name;
    entry.title = title;
    if (was != nullptr) entry.before = Text(*was);
    if (is != nullptr) entry.after = Text(*is);
    Put(std::move(entry), RuleOf(is != nullptr ? *is : *was));
  };
  const auto leads_before = LeadsByFamily(before), leads_after = LeadsByFamily(after);
  leads_before_ += leads_before.size();
  leads_after_ += leads_after.size();
  EachPair(leads_before, leads_after,
           [&](const Suspicion* was, const Suspicion* is) { put(true, was, is); });
  EachPair(HitsByKey(before), HitsByKey(after),
           [&](const Hit* was, const Hit* is) { put(false, was, is); });
}

void SetDiff::Merge(SetDiff&& later) {
  listings_ += later.listings_;
  leads_before_ += later.leads_before_;
  leads_after_ += later.leads_after_;
  for (size_t i = 0; i < kChanges; ++i) {
    counts_.hits[i] += later.counts_.hits[i];
    counts_.leads[i] += later.counts_.leads[i];
  }
  for (const auto& [rule, counts] : later.by_rule_) {
    for (size_t i = 0; i < kChanges; ++i) by_rule_[rule][i] += counts[i];
  }
  for (Entry& entry : later.entries_) {
    if (entries_.size() == kMaxEntries) break;
    entries_.push_back(std::move(entry));
  }
}

bool SetDiff::empty() const {
  for (size_t i = 0; i < kChanges; ++i) {
    if (counts_.hits[i] + counts_.leads[i] > 0) return false;
  }
  return true;
}

}  // namespace cluehound::rules
