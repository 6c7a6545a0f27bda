#include "rules/rule_set.h"

#include "base/digest.h"
#include "rules/binding.h"
#include "rules/catalog.h"
#include "rules/evaluator.h"
#include "rules/explainer.h"
#include "rules/rule_check.h"
#include "rules/sample_test.h"

namespace cluehound::rules {
namespace {

// Raised when the same files would give other evaluations.
constexpr std::string_view kEngineRevision = "1";

std::string HashOf(const std::vector<RuleFile>& files) {
  FieldDigest digest;
  digest.Add(kEngineRevision).Add(FoldRevision());
  for (const RuleFile& file : files) digest.Add(file.name).Add(file.text);
  return Hex(digest.Finish());
}

MarkSummary Summarise(const Mark& mark) {
  MarkSummary summary;
  summary.id = mark.id;
  summary.name = mark.name;
  summary.kind = Name(mark.kind);
  for (const auto* aliases : {&mark.aliases, &mark.aliases_in_context}) {
    for (const Term& alias : *aliases) summary.aliases.push_back(alias.text);
  }
  summary.owner = mark.owner;
  summary.number = mark.number;
  summary.tags = mark.tags;
  if (mark.valid_to) summary.valid_to = FormatDay(*mark.valid_to);
  for (const AuthorisedSeller& seller : mark.authorised) {
    if (seller.until)
      summary.authorised_until.emplace_back(
          seller.seller.empty() ? seller.seller_id : seller.seller, FormatDay(*seller.until));
  }
  summary.verified = mark.verified;
  summary.file = mark.where.file;
  summary.where = mark.where;
  return summary;
}

RuleSummary Summarise(const Rule& rule) {
  RuleSummary summary;
  summary.id = rule.id;
  summary.rev = rule.rev;
  summary.family = rule.family;
  summary.title = rule.title;
  summary.category = rule.category;
  summary.level = rule.level;
  summary.mode = rule.mode;
  summary.status = rule.status;
  summary.owner = rule.owner;
  summary.blind_spots = rule.blind_spots;
  summary.checklist = rule.checklist;
  summary.samples = rule.hits.size() + rule.misses.size();
  summary.file = rule.where.file;
  summary.where = rule.where;
  return summary;
}

}  // namespace

struct RuleSet::Impl {
  std::vector<RuleFile> files;
  std::string hash;
  Catalog catalog;
  Binding binding;
  std::vector<MarkSummary> marks;
  std::vector<RuleSummary> rules;
};

RuleSet::RuleSet(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
RuleSet::~RuleSet() = default;

Result<std::shared_ptr<const RuleSet>> RuleSet::Compile(const std::vector<RuleFile>& files,
                                                        Diagnostics& diagnostics,
                                                        const CompileOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->files = files;
  impl->hash = HashOf(files);
  impl->catalog = ReadCatalog(files, diagnostics);
  if (const auto level = EvasionLevel(options.evasion)) {
    for (Mark& mark : impl->catalog.marks) {
      if (mark.folds == kLowFolds || mark.folds == kMediumFolds || mark.folds == kHighFolds)
        mark.folds = *level;
    }
  }
  impl->binding = Bind(impl->catalog, diagnostics);
  if (!diagnostics.ok()) return diagnostics.ToStatus();
  CheckRules(impl->catalog, diagnostics);
  if (!diagnostics.ok()) return diagnostics.ToStatus();
  CheckBareMarks(impl->catalog, impl->binding, diagnostics);
  // Samples speak of the levels that the marks have.
  if (options.evasion.empty()) RunSamples(impl->catalog, impl->binding, diagnostics);
  if (!diagnostics.ok()) return diagnostics.ToStatus();
  for (const Mark& mark : impl->catalog.marks) impl->marks.push_back(Summarise(mark));
  for (const Rule& rule : impl->catalog.rules) impl->rules.push_back(Summarise(rule));
  return std::shared_ptr<const RuleSet>(new RuleSet(std::move(impl)));
}

Evaluation RuleSet::Evaluate(const extractors::Listing& listing,
                             const EvaluateOptions& options) const {
  return rules::Evaluate(impl_->catalog, impl_->binding, listing, options);
}

Result<Explanation> RuleSet::Explain(const extractors::Listing& listing,
                                     const EvaluateOptions& options,
                                     const ExplainQuery& query) const {
  return ExplainListing(impl_->catalog, impl_->binding, listing, options, query);
}

Evaluation RuleSet::Profile(const extractors::Listing& listing, const EvaluateOptions& options,
                            std::vector<RuleCost>& costs) const {
  return EvaluateTimed(impl_->catalog, impl_->binding, listing, options, costs);
}

const std::string& RuleSet::hash() const { return impl_->hash; }
const std::vector<RuleFile>& RuleSet::files() const { return impl_->files; }
const std::vector<MarkSummary>& RuleSet::marks() const { return impl_->marks; }
const std::vector<RuleSummary>& RuleSet::rules() const { return impl_->rules; }
const std::vector<Correlation>& RuleSet::correlations() const {
  return impl_->catalog.correlations;
}
size_t RuleSet::automaton_bytes() const { return impl_->binding.vocabulary.MemoryBytes(); }

}  // namespace cluehound::rules
