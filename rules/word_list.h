#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/yaml.h"

namespace cluehound::rules {

// One wording of a list, as a person wrote it.
struct Term {
  std::string text;
  std::vector<std::string> except;  // longer phrases in which it means something else
  Location where;
};

// Wordings under one name, shared by rules and marks.
struct WordList {
  std::string id;
  std::string label;  // for officers, Chinese; may be empty
  std::vector<Term> terms;
  std::vector<std::string> include;  // ids of lists whose terms are in this one too
  std::vector<std::string> except;   // for all of its own terms
  std::vector<int> classes;          // Nice classes: the list is of words for goods
  Location where;

  bool is_goods() const { return !classes.empty(); }
};

// Reads `{label, terms, include, except, classes, change}`; the change is the caller's business.
// Mistakes go to `diagnostics`.
WordList ReadWordList(const std::string& id, const YamlNode& node, Diagnostics& diagnostics);

// The terms of the list under `key`: texts, or maps {term, except}.
std::vector<Term> ReadTerms(YamlMap& map, std::string_view key, Diagnostics& diagnostics);

// Phrases of a list of texts, none of them empty once folded.
std::vector<std::string> ReadPhrases(YamlMap& map, std::string_view key);

// Nice classes, 1 to 45.
std::vector<int> ReadClasses(YamlMap& map);

// Lower-case letters, digits, "-", "_" and "." in ASCII, and any letter beyond it: ids are typed at
// a command line and stand in URLs. An error at `where` otherwise.
void CheckId(const std::string& id, const Location& where, Diagnostics& diagnostics);

}  // namespace cluehound::rules
