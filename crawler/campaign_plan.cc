#include "crawler/campaign_plan.h"

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "base/work_calendar.h"

namespace cluehound::crawler {
namespace {

std::string PackOf(const std::string& file) { return std::filesystem::path(file).stem().string(); }

template <class Names>
bool Holds(const Names& names, std::string_view name) {
  return !name.empty() && std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

PackNames::PackNames(const rules::RuleSet& rules) {
  for (const rules::MarkSummary& mark : rules.marks()) {
    const std::string pack = PackOf(mark.file);
    all_.insert(pack);
    marks_.emplace(mark.id, pack);
  }
  for (const rules::RuleSummary& rule : rules.rules()) {
    const std::string pack = PackOf(rule.file);
    all_.insert(pack);
    rules_.emplace(rule.id, pack);
  }
}

std::string_view PackNames::OfMark(std::string_view id) const {
  const auto found = marks_.find(id);
  return found == marks_.end() ? std::string_view() : found->second;
}

std::string_view PackNames::OfRule(std::string_view id) const {
  const auto found = rules_.find(id);
  return found == rules_.end() ? std::string_view() : found->second;
}

std::vector<Diagnostic> UnknownWeights(const Campaigns& campaigns, const rules::RuleSet& rules) {
  const PackNames packs(rules);
  std::set<std::string, std::less<>> families, categories, marks;
  for (const rules::RuleSummary& rule : rules.rules()) {
    families.insert(rule.family);
    categories.insert(rule.category);
  }
  for (const rules::MarkSummary& mark : rules.marks()) {
    marks.insert(mark.id);
    categories.insert(mark.kind);  // of a rule that leaves it to the mark
  }
  std::vector<Diagnostic> unknown;
  const auto check = [&](const CampaignWeight& weight, const std::vector<std::string>& names,
                         const auto& known, const char* what) {
    for (const std::string& name : names) {
      if (known.contains(name)) continue;
      const std::string_view closest = ClosestWord(name, {known.begin(), known.end()});
      unknown.push_back({Severity::kWarning, "unknown-weight", weight.where,
                         "the rules have no " + std::string(what) + " \"" + name + "\"",
                         closest.empty() ? "" : "did you mean \"" + std::string(closest) + "\"?"});
    }
  };
  for (const Campaign& campaign : campaigns.all()) {
    for (const CampaignWeight& weight : campaign.weights) {
      check(weight, weight.packs, packs.all(), "pack");
      check(weight, weight.families, families, "family");
      check(weight, weight.categories, categories, "category");
      check(weight, weight.marks, marks, "mark");
    }
  }
  return unknown;
}

int PointsOf(const Campaign& campaign, const rules::Suspicion& suspicion, const PackNames& packs) {
  int points = 0;
  for (const CampaignWeight& weight : campaign.weights) {
    const bool meant = Holds(weight.packs, packs.OfMark(suspicion.mark)) ||
                       Holds(weight.packs, packs.OfRule(suspicion.rule)) ||
                       Holds(weight.families, suspicion.family) ||
                       Holds(weight.categories, suspicion.category) ||
                       Holds(weight.marks, suspicion.mark);
    if (meant) points = std::max(points, weight.points);
  }
  return points;
}

CampaignPlan::CampaignPlan(std::shared_ptr<const Campaigns> campaigns,
                           const std::vector<store::CampaignStart>& starts, Instant now)
    : campaigns_(std::move(campaigns)), until_(now + kReach) {
  if (campaigns_ == nullptr) return;
  for (const CampaignWindow& window : campaigns_->Windows(now - kReach, until_))
    runs_.push_back({window, window.begin(), window.end(), false});
  for (const store::CampaignStart& start : starts) {
    const auto campaign = campaigns_->Find(start.campaign);
    if (!campaign.ok() || start.end <= start.begin) continue;
    const DaySpan days{OfficeDay(start.begin), OfficeDay(start.end - Duration(1))};
    runs_.push_back({Campaigns::WindowAround(**campaign, days), start.begin, start.end, true});
  }
  std::stable_sort(runs_.begin(), runs_.end(),
                   [](const Run& a, const Run& b) { return a.begin < b.begin; });
}

std::vector<CampaignPlan::Run> CampaignPlan::Running(Instant now) const {
  std::vector<Run> running;
  for (const Run& run : runs_) {
    if (run.begin <= now && now < run.end) running.push_back(run);
  }
  return running;
}

double CampaignPlan::Factor(std::string_view source, Instant now) const {
  double factor = 1;
  for (const Run& run : runs_) {
    if (run.begin <= now && now < run.end)
      factor = std::max(factor, run.window.campaign->FactorOf(source));
  }
  return factor;
}

CampaignPlan::Note CampaignPlan::NoteOf(std::string_view source, const rules::Suspicion& suspicion,
                                        const PackNames& packs, Instant now) const {
  using Rank = std::tuple<int, bool, Duration>;  // the smallest wins
  const Run* best = nullptr;
  Rank best_rank;
  for (const Run& run : runs_) {
    const Campaign& campaign = *run.window.campaign;
    if (now < run.begin || now >= run.end || campaign.FactorOf(source) == 0) continue;
    const Rank rank{-PointsOf(campaign, suspicion, packs), !run.started, run.end - run.begin};
    if (best != nullptr && best_rank <= rank) continue;
    best = &run;
    best_rank = rank;
  }
  if (best == nullptr) return {};
  return {best->window.campaign->name, -std::get<0>(best_rank)};
}

Instant CampaignPlan::NextChange(Instant now) const {
  Instant next = until_;
  for (const Run& run : runs_) {
    if (run.begin > now) next = std::min(next, run.begin);
    if (run.end > now) next = std::min(next, run.end);
  }
  return next;
}

}  // namespace cluehound::crawler
