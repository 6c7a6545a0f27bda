#pragma once

#include <string_view>
#include <vector>

#include "rules/folding.h"

namespace cluehound::rules {

// A unified social credit code (统一社会信用代码) in a folded text.
struct CreditCode {
  Slice slice;
  bool check_digit_fits = false;  // of the whole; old codes are known that do not fit
};

// 18 characters of the code's alphabet that words such as 信用代码 or 税号 announce, or that cannot
// well be anything else. What the check says is a hint, never a verdict. Linear.
//
// Algorithm: GB 32100-2015, weights 3^i modulo 31; alphabet without I, O, S, V and Z.
std::vector<CreditCode> FindCreditCodes(std::string_view folded);

// The check character, lower case, for the first 17; 0 when one of them is none of the alphabet.
char CreditCodeCheck(std::string_view first17);

}  // namespace cluehound::rules
