#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "rules/rule_set.h"

namespace cluehound::rules {

// Remarks that somebody has looked at and means to keep. A comment on the line of the remark, or
// alone on the lines just above it, takes one kind of remark off that line and says why:
//
//   - {id: asian-games, ...}  # lint-allow expired-mark: 规则按届满日期判断
//
// Errors cannot be allowed.
class LintAllowances {
 public:
  explicit LintAllowances(const std::vector<RuleFile>& files);

  // The remark is allowed; the allowance counts as used.
  bool Allows(const Diagnostic& remark);
  // Reports allowances without a reason, and those that allow nothing.
  void Report(Diagnostics& diagnostics) const;

 private:
  struct Allowance {
    Location where;  // of the comment
    int line = 0;    // to which it applies
    std::string code;
    std::string reason;
    bool used = false;
  };
  void ReadFile(const RuleFile& file);

  std::vector<Allowance> all_;
};

}  // namespace cluehound::rules
