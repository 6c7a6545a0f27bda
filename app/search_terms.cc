#include "app/search_terms.h"

#include <algorithm>
#include <set>

namespace cluehound::app {
namespace {

constexpr std::string_view kTag = "tag:";

bool Has(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool Chosen(const rules::MarkSummary& mark, const crawler::SearchTemplate& search) {
  if (Has(search.marks, mark.id) || Has(search.kinds, mark.kind)) return true;
  return std::any_of(mark.tags.begin(), mark.tags.end(), [&](const std::string& tag) {
    return Has(search.marks, std::string(kTag) + tag);
  });
}

bool Over(const rules::MarkSummary& mark, Instant now) {
  return !mark.valid_to.empty() && mark.valid_to <= FormatDay(now);
}

// What the source names and the rule set does not have.
std::vector<std::string> UnknownMarks(const crawler::SearchTemplate& search,
                                      const rules::RuleSet& rules) {
  std::vector<std::string> unknown;
  for (const std::string& name : search.marks) {
    const bool known = std::any_of(
        rules.marks().begin(), rules.marks().end(), [&](const rules::MarkSummary& mark) {
          return mark.id == name ||
                 (name.starts_with(kTag) && Has(mark.tags, name.substr(kTag.size())));
        });
    if (!known) unknown.push_back(name);
  }
  return unknown;
}

}  // namespace

std::vector<std::string> SearchTerms(const crawler::SearchTemplate& search,
                                     const rules::RuleSet& rules, Instant now) {
  std::vector<std::string> terms;
  std::set<std::string> known;
  const auto add = [&](const std::string& term) {
    if (!term.empty() && known.insert(term).second) terms.push_back(term);
  };
  for (const rules::MarkSummary& mark : rules.marks()) {
    if (!Chosen(mark, search) || Over(mark, now)) continue;
    add(mark.name);
    if (!search.aliases) continue;
    for (const std::string& alias : mark.aliases) add(alias);
  }
  for (const std::string& term : search.terms) add(term);
  return terms;
}

void ExpandSearches(std::vector<crawler::SourceSettings>& sources, const rules::RuleSet& rules,
                    Instant now, std::vector<std::string>& warnings) {
  for (crawler::SourceSettings& source : sources) {
    source.searches.clear();
    if (!source.search.searches()) continue;
    for (const std::string& mark : UnknownMarks(source.search, rules)) {
      warnings.push_back("source " + source.id + ": no mark \"" + mark + "\" in the rule set");
    }
    for (const std::string& term : SearchTerms(source.search, rules, now)) {
      const auto address = source.search.AddressOf(term);
      if (address.ok()) {
        source.searches.push_back(*address);
      } else {
        warnings.push_back("source " + source.id + ": " + address.status().message());
      }
    }
    if (source.searches.size() > source.max_pages) {
      warnings.push_back("source " + source.id + ": " + std::to_string(source.searches.size()) +
                         " terms, but max_pages is " + std::to_string(source.max_pages));
    }
  }
}

}  // namespace cluehound::app
