#pragma once

#include <string>

#include "rules/condition.h"

namespace cluehound::rules {

// A condition in the words of the rule language, its parts left out: "words copy_grade in title,
// at most 6 before the mark".
std::string Describe(const Condition& condition);

// "title, text"
std::string FieldList(FieldSet fields);

}  // namespace cluehound::rules
