#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "rules/folding.h"

namespace cluehound::rules {

// What the wording alone shows to be wrong with a patent number. All of these are hints: whether a
// patent is in force must be looked up.
enum PatentFault : uint32_t {
  kCheckDigit = 1u << 0,    // does not fit the other digits
  kYear = 1u << 1,          // of application: before 1985 or still to come
  kTypeConflict = 1u << 2,  // the wording claims another type than the number's
  kTermOver = 1u << 3,      // the longest possible term has certainly ended
  kMalformed = 1u << 4,     // no number of this length or type exists
};
using PatentFaults = uint32_t;  // of PatentFault

// "check_digit", "year", "type", "term", "malformed"; 0 for an unknown name.
PatentFaults PatentFaultFromName(std::string_view name);
// For officers, Chinese: "校验位不符".
std::string_view Label(PatentFault fault);

struct PatentNumber {
  Slice slice;         // of the text, from the first digit (or "zl") to the last
  std::string number;  // digits only, as read: "2020101234567"
  PatentFaults faults = 0;
};

// The patent numbers in a folded text: 8 or 12 digits and a check digit, announced by "ZL" or by
// words like 专利号, with blanks, dots and the usual slips (O for 0, l for 1) read over. A number
// cut off by the end of the text is not judged. `now` is the day of the conduct. Linear.
//
// Algorithm of the check digit: national standard of application numbers (ZC 0006-2003), weights 2
// to 9 repeating, modulo 11, X for 10.
std::vector<PatentNumber> FindPatentNumbers(std::string_view folded, Instant now);

// The check digit for 8 or 12 digits: '0' to '9' or 'x'.
char PatentCheckDigit(std::string_view digits);

}  // namespace cluehound::rules
