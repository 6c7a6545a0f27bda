#include "rules/sample_test.h"

#include <algorithm>

#include "rules/evaluator.h"
#include "rules/rule_check.h"
#include "rules/seller_list.h"

namespace cluehound::rules {
namespace {

constexpr char kFailed[] = "sample-failed";

// Who is watched is what the sample says.
SellerList WatchedIn(const Sample& sample) {
  if (!sample.watched) return {};
  return SellerList({{"", sample.listing.seller_id, sample.listing.seller}});
}

bool Fires(const Rule& rule, const Sample& sample, const Catalog& catalog, const Binding& binding) {
  const SellerList watched = WatchedIn(sample);
  const auto firing = FiringRules(catalog, binding, sample.listing,
                                  {sample.day.value_or(SampleDay()), false, &watched});
  return std::find(firing.begin(), firing.end(), &rule) != firing.end();
}

// The sample names a mark that a later file retired or replaced: it shows what the rule was made for,
// and fails through no fault of the rule.
bool NamesDropped(const Sample& sample, const Catalog& catalog) {
  const std::string text = FoldString(sample.listing.title + "\n" + sample.listing.text);
  const auto names = [&](const std::string& name) {
    const std::string folded = FoldString(name);
    return !folded.empty() && text.find(folded) != std::string::npos;
  };
  return std::any_of(catalog.dropped.begin(), catalog.dropped.end(), [&](const Mark& mark) {
    return names(mark.name) || std::any_of(mark.aliases.begin(), mark.aliases.end(),
                                           [&](const Term& alias) { return names(alias.text); });
  });
}

void CheckMark(const Rule& rule, const Sample& sample, const Catalog& catalog,
               const Binding& binding, Diagnostics& diagnostics) {
  if (sample.mark.empty()) return;
  const SellerList watched = WatchedIn(sample);
  const Evaluation evaluation = Evaluate(catalog, binding, sample.listing,
                                         {sample.day.value_or(SampleDay()), false, &watched});
  for (const Suspicion& suspicion : evaluation.suspicions) {
    if (suspicion.family == rule.family && suspicion.mark == sample.mark) return;
  }
  diagnostics.Error(kFailed, sample.where,
                    "the sample is for mark \"" + sample.mark + "\", but another one is found");
}

}  // namespace

void RunSamples(const Catalog& catalog, const Binding& binding, Diagnostics& diagnostics) {
  for (const Rule& rule : catalog.rules) {
    for (const Sample& sample : rule.hits) {
      if (Fires(rule, sample, catalog, binding)) {
        CheckMark(rule, sample, catalog, binding, diagnostics);
      } else if (NamesDropped(sample, catalog)) {
        diagnostics.Warning("sample-of-dropped-mark", sample.where,
                            "rule " + rule.id + " does not fire on this sample any more, whose " +
                                "mark another file retired or replaced");
      } else {
        diagnostics.Error(kFailed, sample.where,
                          "rule " + rule.id + " does not fire on this sample",
                          "mend the rule, or move the sample to miss:");
      }
    }
    for (const Sample& sample : rule.misses) {
      if (Fires(rule, sample, catalog, binding))
        diagnostics.Error(kFailed, sample.where, "rule " + rule.id + " fires on this sample",
                          "mend the rule, or move the sample to hit:");
    }
  }
}

SampleReport TestRules(const std::vector<RuleFile>& files, Diagnostics& diagnostics) {
  SampleReport report;
  Catalog catalog = ReadCatalog(files, diagnostics);
  const Binding binding = Bind(catalog, diagnostics);
  report.marks = catalog.marks.size();
  report.rules = catalog.rules.size();
  for (const Rule& rule : catalog.rules) {
    report.hits += rule.hits.size();
    report.misses += rule.misses.size();
  }
  if (!diagnostics.ok()) return report;
  CheckRules(catalog, diagnostics);
  if (!diagnostics.ok()) return report;
  CheckBareMarks(catalog, binding, diagnostics);
  RunSamples(catalog, binding, diagnostics);
  const std::vector<Diagnostic>& all = diagnostics.all();
  report.failed = static_cast<size_t>(
      std::count_if(all.begin(), all.end(), [](const Diagnostic& d) { return d.code == kFailed; }));
  return report;
}

}  // namespace cluehound::rules
