#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/yaml.h"
#include "extractors/listing.h"
#include "rules/condition.h"
#include "rules/mark.h"
#include "rules/suspicion.h"

namespace cluehound::rules {

// A listing made up to show what a rule fires on, or does not.
struct Sample {
  extractors::Listing listing;
  std::optional<Instant> day;  // of the conduct; absent: kSampleDay
  std::string mark;            // the mark that must be the strongest; empty: any
  bool watched = false;        // its seller is on the list of watched sellers
  Location where;
};

// The day on which samples are judged that name none. Fixed, so that a pack that loads today loads
// tomorrow: 2026-01-01.
Instant SampleDay();

// A named part of the suspicion: adds its points when its condition holds, and its finding is
// shown.
struct SignRule {
  std::string name;
  std::string kind;   // Sign::kind
  std::string label;  // for officers, Chinese
  int points = 0;
  Condition condition;
  Location where;
};

// Points, up or down, for what makes a suspicion weigh more or less but is no sign of it.
struct Adjustment {
  std::string label;
  int points = 0;
  Condition condition;
};

struct Note {
  std::string text;
  std::optional<Condition> condition;
};

// An adjustment, and what to tell about it, for every rule of some categories.
struct Weight {
  std::string id;
  Change change = Change::kNew;
  Adjustment adjustment;
  std::string note;                     // empty: none
  std::vector<std::string> categories;  // empty: all
  Location where;
};

struct RuleCitation {
  Citation citation;
  std::optional<Instant> from;  // of `citation`, parsed
  std::optional<Instant> to;    // exclusive
  std::optional<Condition> condition;
};

// Which marks a rule speaks of, and where they must stand.
struct MarkSelection {
  std::vector<MarkKind> kinds;
  std::vector<std::string> tags;      // one of them; empty: any
  std::vector<std::string> not_tags;  // none of them
  std::vector<std::string> ids;       // one of them; empty: any
  FieldSet fields = kWording;
};

// The condition under which a listing is suspected to infringe marks of a kind, or a statute.
struct Rule {
  std::string id;
  int rev = 1;
  Change change = Change::kNew;
  std::string family;
  std::string title;
  std::string category;
  std::string level = "medium";
  Mode mode = Mode::kLead;
  std::string status = "experimental";
  std::string owner;
  std::string behavior_code;
  std::optional<MarkSelection> marks;  // absent: the rule speaks of no mark
  int score = 0;                       // for the mark or the wording as such
  std::vector<SignRule> signs;
  Condition when;                 // must be known to hold
  std::vector<Condition> unless;  // none of them may be known to hold
  std::vector<Adjustment> adjust;
  std::vector<Note> notes;
  std::vector<RuleCitation> citations;
  std::vector<std::string> blind_spots;
  std::vector<std::string> checklist;
  std::vector<Sample> hits;    // samples on which it must fire
  std::vector<Sample> misses;  // and on which it must not
  Location where;

  bool replaces_whole() const { return change == Change::kNew || change == Change::kReplace; }
};

// Mistakes go to `diagnostics`; what is returned then is not to be used.
Rule ReadRule(const YamlNode& node, Diagnostics& diagnostics);

// The same of a weight.
Weight ReadWeight(const YamlNode& node, Diagnostics& diagnostics);

// Gives the rule what the weight adds, if it is of its categories.
void Apply(const Weight& weight, Rule& rule);

// The categories of leads (docs/rules.md), for messages and checks.
std::vector<std::string> ReadCategories(YamlMap& map, std::string_view key);

// Calls `visit(condition)` for every condition of the rule, parts included.
template <class R, class F>
void ForEachCondition(R& rule, const F& visit) {
  for (auto& sign : rule.signs) ForEach(sign.condition, visit);
  ForEach(rule.when, visit);
  for (auto& condition : rule.unless) ForEach(condition, visit);
  for (auto& adjustment : rule.adjust) ForEach(adjustment.condition, visit);
  for (auto& note : rule.notes) {
    if (note.condition) ForEach(*note.condition, visit);
  }
  for (auto& citation : rule.citations) {
    if (citation.condition) ForEach(*citation.condition, visit);
  }
}

}  // namespace cluehound::rules
