#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "rules/folding.h"

namespace cluehound::rules {

// The regular expressions of a rule set. RE2 is the judge of every one of them; pattern.cc is the
// only file that sees it. They run over folded text, so they are written folded: small letters,
// simplified characters, half width.
//
// Thread-safety: immutable after Prepare(). Cost of a search: linear in the text.
class PatternSet {
 public:
  PatternSet();
  ~PatternSet();
  PatternSet(PatternSet&&) noexcept;
  PatternSet& operator=(PatternSet&&) noexcept;

  static constexpr size_t kMaxPatternBytes = 1000;
  static constexpr size_t kMaxMatches = 20;  // of one pattern in one text

  // The number of the pattern, or why it is refused: syntax, size, a character that folding
  // changes, or that it matches the empty text.
  Result<uint32_t> Add(std::string_view pattern);

  // Call once, after the last Add(). Gives the literals to look for: a pattern can match only a
  // text in which enough of them stand.
  std::vector<std::string> Prepare();

  // The patterns that can match a text in which the literals with these indices (into what Prepare()
  // gave, each once) stand.
  std::vector<uint32_t> Possible(const std::vector<int>& literals) const;

  // True when no literal is required of the texts it matches: it has to run on all of them.
  bool unfiltered(uint32_t pattern) const;

  // Appends the leftmost non-overlapping matches, at most kMaxMatches.
  void Find(uint32_t pattern, std::string_view folded, std::vector<Slice>& matches) const;

  size_t size() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluehound::rules
