#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace cluehound::rules {

// The one way in which a rule file is laid out, so that a diff of two versions shows what changed
// and nothing else. Works line by line: comments, the order of keys, quoting and the breaks of lines
// stay. What is laid down is
//
//   - two blanks a level; lists under a key one level deeper than the key; what goes on from the
//     line before four deeper than where that began; comments as deep as the line that they precede;
//   - one blank behind "," and behind the ":" of a key, none at the inner edges of brackets;
//   - no blanks at the end of a line, LF, one at the end, no two empty lines in a row, none at the
//     beginning, no byte order mark.
//
// The result is parsed and compared with what the file said. If it said anything else, or formatting
// it again would change it, or the file does not parse, that is kInvalidArgument and the file is to
// be left alone. Linear.
Result<std::string> FormatRuleFile(std::string_view text, const std::string& name);

}  // namespace cluehound::rules
