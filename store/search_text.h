#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "store/records.h"

// How leads are searched by text. Title, seller and mark are folded (rules/folding.h: width, case,
// traditional characters, accents) and their blanks dropped, and so is what is asked for; a lead is
// found when each word asked for stands in one of the three.
namespace cluehound::store {

// The three fields, each closed by a line break. Some kilobytes at most.
std::string SearchText(const Lead& lead);

// The words of a query, folded. Empty for an empty query; kInvalidArgument when a word has fewer
// than two characters, or there are more than 8 of them or 200 bytes.
Result<std::vector<std::string>> SearchWords(std::string_view query);

// Whether every word stands in the text.
bool Holds(std::string_view search_text, const std::vector<std::string>& words);

// Two neighbouring characters of a text as one number, the first in the upper half; or three of
// which two or more are ASCII, for letters and digits are few and say little in pairs: above all pairs.
using Gram = uint64_t;
// Every one of a text, in order, with repetitions; none across a line break.
std::vector<Gram> GramsOf(std::string_view folded);
// Those of a word that say all that the others do: without the pairs inside of a triple.
std::vector<Gram> NarrowestGramsOf(std::string_view word);

}  // namespace cluehound::store
