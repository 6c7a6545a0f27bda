#include "app/campaign_rerun.h"

#include <map>
#include <nlohmann/json.hpp>

#include "app/archive_replay.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr Duration kDay = std::chrono::hours(24);

struct Count {
  uint64_t listings = 0;
  uint64_t leads = 0;
};
using ByOffset = std::map<int, Count>;

Result<ByOffset> Rerun(const std::filesystem::path& store, const ComparedName& run,
                       const std::vector<std::string>& sources, const rules::RuleSet& rules) {
  store::ListingFilter filter;
  filter.days = {FormatDay(run.span.first), FormatDay(run.span.last)};
  filter.sources = sources;
  ASSIGN_OR_RETURN(const Replay replay, ReplayArchive(store, filter, rules));
  ByOffset counts;
  for (const auto& [place, cell] : replay) {
    const auto day = ParseDay(place.first);
    if (!day) continue;
    Count& count = counts[static_cast<int>((*day - run.day) / kDay)];
    count.listings += cell.listings;
    count.leads += cell.with_leads;
  }
  return counts;
}

Json CountJson(const Count& count) {
  Json object{{"listings", count.listings}, {"leads", count.leads}};
  if (count.listings > 0) {
    object["leads_per_10000"] =
        static_cast<double>((count.leads * 200000 / count.listings + 1) / 2) / 10;
  }
  return object;
}

Count Sum(const ByOffset& counts) {
  Count sum;
  for (const auto& [offset, count] : counts) {
    sum.listings += count.listings;
    sum.leads += count.leads;
  }
  return sum;
}

}  // namespace

Result<std::vector<std::string>> RerunLines(const std::filesystem::path& store,
                                            const ComparedName& a, const ComparedName& b,
                                            const std::vector<std::string>& sources,
                                            const rules::RuleSet& rules) {
  ASSIGN_OR_RETURN(const ByOffset of_a, Rerun(store, a, sources, rules));
  ASSIGN_OR_RETURN(const ByOffset of_b, Rerun(store, b, sources, rules));
  std::vector<std::string> lines;
  lines.push_back(Json{{"kind", "rerun"},
                       {"rule_set", rules.hash()},
                       {"a", CountJson(Sum(of_a))},
                       {"b", CountJson(Sum(of_b))}}
                      .dump());
  std::map<int, Json> days;
  for (const auto& [offset, count] : of_a) days[offset]["a"] = CountJson(count);
  for (const auto& [offset, count] : of_b) days[offset]["b"] = CountJson(count);
  for (const auto& [offset, runs] : days) {
    Json line{{"kind", "rerun-day"}, {"offset", offset}};
    line.update(runs);
    lines.push_back(line.dump());
  }
  return lines;
}

}  // namespace cluehound::app
