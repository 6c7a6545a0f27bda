#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "base/status.h"
#include "extractors/listing.h"
#include "rules/suspicion.h"

namespace cluehound::rules {

// One rule or mark file, as text. The set is compiled from texts, so that it can be stored by
// content and read back.
struct RuleFile {
  std::string name;  // what identifies it among the files, "luxury.yaml"
  std::string text;
  std::string path = "";  // for messages; empty: it has no place of its own, the name says enough

  const std::string& shown() const { return path.empty() ? name : path; }
};

// The files compiled into the program, sorted by name.
std::vector<RuleFile> BuiltInRuleFiles();
// The *.yaml files of a folder; a file replaces a built-in of the same name when both are given to
// Compile's caller.
Result<std::vector<RuleFile>> ReadRuleFiles(const std::string& folder);

// The texts of a rule set as one value, as a store keeps it, and the way back: anything else is
// kCorruption.
std::string SerialiseRuleFiles(const std::vector<RuleFile>& files);
Result<std::vector<RuleFile>> ParseRuleFiles(std::string_view bytes);

// What a list of marks shows.
struct MarkSummary {
  std::string id;
  std::string name;
  std::string kind;  // "trademark", "gi", "special_mark", "olympic", "official_sign"
  std::vector<std::string> aliases;
  std::string owner;
  std::string number;
  std::vector<std::string> tags;
  std::string valid_to;  // "2026-08-29", exclusive; empty: no end is known
  // Authorised sellers whose authorisation ends: shop, and the day ("2027-06-30", exclusive).
  std::vector<std::pair<std::string, std::string>> authorised_until;
  bool verified = false;
  std::string file;
  Location where;  // in that file
};

// What a list of rules, and an officer at a lead, sees of a rule.
struct RuleSummary {
  std::string id;
  int rev = 0;
  std::string family;
  std::string title;
  std::string category;
  std::string level;
  Mode mode = Mode::kLead;
  std::string status;  // "experimental", "stable", "deprecated"
  std::string owner;
  std::vector<std::string> blind_spots;
  std::vector<std::string> checklist;
  size_t samples = 0;
  std::string file;
  Location where;  // in that file
};

class SellerList;
struct Correlation;

struct CompileOptions {
  // "low", "medium" or "high": the level of every mark that is at one of them, for trying. Empty: as
  // the marks say.
  std::string evasion = {};
};

struct EvaluateOptions {
  Instant now{};  // the day of the conduct: validity of marks and citations
  bool unknown_facts =
      false;  // true: a bare text (`match`): price, seller, place are unknown, not absent
  // Sellers that the office watches, for `seller: watched`; null: unknown. Not owned.
  const SellerList* watched = nullptr;
};

struct Explanation;   // rules/explain.h
struct ExplainQuery;  // rules/explain.h
struct RuleCost;      // rules/profile.h

// Decides what a listing is suspected of. Immutable and complete once compiled; share it between
// threads.
//
// Lifetime: results hold copies; `listing` is not kept. Cost: linear in the text.
class RuleSet {
 public:
  // Compiles all files or none: mistakes go to `diagnostics` (each at file:line:column) and, if any
  // is an error, the result is kInvalidArgument. Rules without enough samples, or whose samples do
  // not come out, are errors.
  static Result<std::shared_ptr<const RuleSet>> Compile(const std::vector<RuleFile>& files,
                                                        Diagnostics& diagnostics,
                                                        const CompileOptions& options = {});
  ~RuleSet();

  Evaluation Evaluate(const extractors::Listing& listing, const EvaluateOptions& options) const;

  // Why each rule fires on the listing or does not, part by part. A rule or mark that there is not
  // is kNotFound, with the closest one that there is.
  Result<Explanation> Explain(const extractors::Listing& listing, const EvaluateOptions& options,
                              const ExplainQuery& query) const;

  // What Evaluate says, with what each rule costs added to `costs` (one for each rule, in order).
  Evaluation Profile(const extractors::Listing& listing, const EvaluateOptions& options,
                     std::vector<RuleCost>& costs) const;

  // Hex SHA-256 over the files' names and texts and the engine's revision: equal hashes give equal
  // evaluations.
  const std::string& hash() const;
  // The texts it was compiled from.
  const std::vector<RuleFile>& files() const;
  // In the order of the files.
  const std::vector<MarkSummary>& marks() const;
  const std::vector<RuleSummary>& rules() const;
  // What several leads together mean; whoever holds the leads runs them (correlation.h).
  const std::vector<Correlation>& correlations() const;
  // Memory of the automaton and the meanings of its literals.
  size_t automaton_bytes() const;

 private:
  struct Impl;
  explicit RuleSet(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace cluehound::rules
