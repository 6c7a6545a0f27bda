#include "rules/correlation.h"

#include <algorithm>
#include <map>

#include "base/join.h"
#include "rules/rule.h"

namespace cluehound::rules {
namespace {

using By = Correlation::By;
using Count = Correlation::Count;

constexpr size_t kMinSamples = 2;
constexpr int kMaxCount = 100000;

constexpr std::pair<std::string_view, By> kGroups[] = {{"seller", By::kSeller},
                                                       {"platform", By::kPlatform},
                                                       {"mark", By::kMark},
                                                       {"rule", By::kRule},
                                                       {"category", By::kCategory}};
constexpr std::pair<std::string_view, Count> kCounts[] = {
    {"leads", Count::kLeads}, {"listings", Count::kListings}, {"sellers", Count::kSellers},
    {"marks", Count::kMarks}, {"rules", Count::kRules},       {"categories", Count::kCategories}};

const std::string& ValueOf(By by, const LeadEvent& event) {
  switch (by) {
    case By::kSeller:
      return event.seller;
    case By::kPlatform:
      return event.platform;
    case By::kMark:
      return event.mark;
    case By::kRule:
      return event.rule;
    case By::kCategory:
      break;
  }
  return event.category;
}

// What is counted once; null when every lead counts.
const std::string* CountedOf(Count count, const LeadEvent& event) {
  switch (count) {
    case Count::kLeads:
      return nullptr;
    case Count::kListings:
      return &event.listing;
    case Count::kSellers:
      return &event.seller;
    case Count::kMarks:
      return &event.mark;
    case Count::kRules:
      return &event.rule;
    case Count::kCategories:
      break;
  }
  return &event.category;
}

bool Allows(const std::vector<std::string>& list, const std::string& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

// Counts what stands in a window that moves over the events.
class Window {
 public:
  explicit Window(Count count) : count_(count) {}

  void Add(const LeadEvent& event) { Shift(event, 1); }
  void Drop(const LeadEvent& event) { Shift(event, -1); }
  int count() const { return count_ == Count::kLeads ? leads_ : static_cast<int>(times_.size()); }

 private:
  void Shift(const LeadEvent& event, int by) {
    leads_ += by;
    const std::string* counted = CountedOf(count_, event);
    if (counted == nullptr || counted->empty()) return;
    const auto it = times_.emplace(*counted, 0).first;
    it->second += by;
    if (it->second == 0) times_.erase(it);
  }

  Count count_;
  int leads_ = 0;
  std::map<std::string, int> times_;
};

// `group`: indices, oldest first.
std::optional<Correlated> FullestWindow(const Correlation& correlation,
                                        std::span<const LeadEvent> events,
                                        const std::vector<size_t>& group) {
  Window window(correlation.count);
  int most = 0;
  size_t begin = 0, best_begin = 0, best_end = 0;
  for (size_t end = 0; end < group.size(); ++end) {
    window.Add(events[group[end]]);
    while (events[group[end]].at - events[group[begin]].at > correlation.within)
      window.Drop(events[group[begin++]]);
    if (window.count() <= most) continue;
    most = window.count();
    best_begin = begin;
    best_end = end + 1;
  }
  if (most < correlation.at_least) return std::nullopt;
  Correlated found;
  found.count = most;
  found.events.assign(group.begin() + static_cast<std::ptrdiff_t>(best_begin),
                      group.begin() + static_cast<std::ptrdiff_t>(best_end));
  return found;
}

LeadEvent ReadEvent(const YamlNode& node, const Correlation& correlation,
                    Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "lead");
  LeadEvent event;
  event.at = map.Day("day").value_or(SampleDay());
  event.listing = map.Text("listing");
  event.platform = map.Text("platform");
  event.seller = map.Text("seller");
  event.mark = map.Text("mark");
  event.rule = map.Text("rule");
  event.category = map.Text("category");
  if (event.category.empty() && !correlation.categories.empty())
    event.category = correlation.categories[0];
  if (event.rule.empty() && !correlation.rules.empty()) event.rule = correlation.rules[0];
  map.Finish();
  return event;
}

std::vector<Correlation::Sample> ReadSamples(YamlMap& map, std::string_view key, bool hit,
                                             const Correlation& correlation) {
  std::vector<Correlation::Sample> samples;
  map.Each(key, [&](const YamlNode& node) {
    Correlation::Sample sample;
    sample.where = node.where;
    if (!node.is_sequence())
      map.diagnostics().Error("wrong-type", node.where, "a sample is a list of leads");
    for (const YamlNode& lead : node.items)
      sample.leads.push_back(ReadEvent(lead, correlation, map.diagnostics()));
    if (map.diagnostics().ok() && Correlate(correlation, sample.leads).empty() == hit)
      map.diagnostics().Error(
          "sample-failed", node.where,
          "correlation " + correlation.id +
              (hit ? " does not find this sample" : " finds this sample"),
          hit ? "mend it, or move the sample to miss:" : "mend it, or move the sample to hit:");
    samples.push_back(std::move(sample));
  });
  if (samples.size() < kMinSamples)
    map.Error(key, "no-samples",
              "correlation " + correlation.id + " needs two samples of each kind",
              "add samples: {hit: [[lead, ...], ...], miss: [[lead, ...], ...]}");
  return samples;
}

// The values of `known` that stand under `key`.
template <class T, size_t n>
std::vector<T> ReadNames(YamlMap& map, std::string_view key,
                         const std::pair<std::string_view, T> (&known)[n]) {
  std::vector<T> values;
  for (const YamlNode* item : map.Scalars(key)) {
    const auto it = std::find_if(std::begin(known), std::end(known),
                                 [&](const auto& named) { return named.first == item->scalar; });
    if (it != std::end(known)) {
      values.push_back(it->second);
      continue;
    }
    const std::string names = Join(known, ", ", [](const auto& each) { return each.first; });
    map.diagnostics().Error("unknown-value", item->where,
                            "\"" + item->scalar + "\" is none of: " + names);
  }
  return values;
}

void ReadCounting(YamlMap& map, Correlation& correlation) {
  correlation.group_by = ReadNames(map, "group_by", kGroups);
  if (!map.Has("group_by"))
    map.Error("group_by", "missing-key", "does not say what the leads have in common",
              "add group_by: [seller]");
  const std::vector<Count> count = ReadNames(map, "count", kCounts);
  if (count.size() == 1) correlation.count = count[0];
  if (count.size() > 1) map.Error("count", "conflict", "one thing is counted, not several");
  correlation.at_least = static_cast<int>(map.Integer("at_least", 2, 2, kMaxCount));
  correlation.within = map.Time("within", Duration(1));
  if (!map.Has("within") || correlation.within <= Duration(0))
    map.Error("within", "missing-key", "does not say within which time", "add within: 7d");
  correlation.categories = ReadCategories(map, "categories");
  correlation.rules = map.Texts("rules");
  correlation.not_rules = map.Texts("not_rules");
}

}  // namespace

std::optional<std::string> GroupOf(const Correlation& correlation, const LeadEvent& event) {
  if (!Allows(correlation.categories, event.category) || !Allows(correlation.rules, event.rule))
    return std::nullopt;
  if (!correlation.not_rules.empty() && Allows(correlation.not_rules, event.rule))
    return std::nullopt;
  std::string group;
  for (const By by : correlation.group_by) {
    const std::string& value = ValueOf(by, event);
    if (value.empty()) return std::nullopt;
    group += value + '\n';
    if (by == By::kSeller) group += event.platform + '\n';
  }
  return group;
}

std::vector<Correlated> Correlate(const Correlation& correlation,
                                  std::span<const LeadEvent> events) {
  std::map<std::string, std::vector<size_t>> groups;
  for (size_t i = 0; i < events.size(); ++i) {
    if (const auto group = GroupOf(correlation, events[i])) groups[*group].push_back(i);
  }
  std::vector<Correlated> found;
  for (auto& [name, group] : groups) {
    std::stable_sort(group.begin(), group.end(),
                     [&](size_t a, size_t b) { return events[a].at < events[b].at; });
    if (auto correlated = FullestWindow(correlation, events, group))
      found.push_back(std::move(*correlated));
  }
  std::sort(found.begin(), found.end(), [](const Correlated& a, const Correlated& b) {
    return a.events.front() < b.events.front();
  });
  return found;
}

Correlation ReadCorrelation(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "correlation");
  Correlation correlation;
  correlation.where = node.where;
  correlation.id = ReadId(map, diagnostics);
  correlation.change = ReadWholeChange(map, "a correlation");
  if (correlation.change == Change::kRetire || !node.is_map()) return correlation;
  correlation.rev = static_cast<int>(map.Integer("rev", 1, 1, 1000000));
  correlation.title = map.RequiredText("title");
  correlation.level = map.Choice("level", "medium", {"low", "medium", "high"});
  const std::string mode = map.Choice("mode", "lead", {"observe", "lead", "alert"});
  correlation.mode = mode == "observe" ? Mode::kObserve
                     : mode == "alert" ? Mode::kAlert
                                       : Mode::kLead;
  correlation.status =
      map.Choice("status", "experimental", {"experimental", "stable", "deprecated"});
  correlation.owner = map.Text("owner");
  ReadCounting(map, correlation);
  correlation.blind_spots = map.Texts("blind_spots");
  correlation.checklist = map.Texts("checklist");
  const YamlNode* samples = map.Child("samples");
  if (samples == nullptr) {
    diagnostics.Error("no-samples", node.where, "correlation " + correlation.id + " has no samples",
                      "add samples: {hit: [[lead, ...], ...], miss: [[lead, ...], ...]}");
  } else {
    YamlMap kinds(*samples, diagnostics, "samples");
    correlation.hits = ReadSamples(kinds, "hit", true, correlation);
    correlation.misses = ReadSamples(kinds, "miss", false, correlation);
    kinds.Finish();
  }
  map.Finish();
  return correlation;
}

}  // namespace cluehound::rules
