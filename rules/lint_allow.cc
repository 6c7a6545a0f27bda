#include "rules/lint_allow.h"

#include "base/text.h"

namespace cluehound::rules {
namespace {

constexpr std::string_view kMarker = "# lint-allow ";

int Column(std::string_view line, size_t bytes) {
  int column = 1;
  for (size_t pos = 0; pos < bytes;) {
    DecodeUtf8(line, pos);
    ++column;
  }
  return column;
}

}  // namespace

LintAllowances::LintAllowances(const std::vector<RuleFile>& files) {
  for (const RuleFile& file : files) ReadFile(file);
}

void LintAllowances::ReadFile(const RuleFile& file) {
  std::string_view rest = file.text;
  size_t waiting = 0;  // allowances on lines of their own, for the line that follows them
  for (int line = 1; !rest.empty(); ++line) {
    const size_t end = rest.find('\n');
    const std::string_view text = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const bool comment = TrimAscii(text).starts_with('#');
    if (!comment) {
      for (size_t i = all_.size() - waiting; i < all_.size(); ++i) all_[i].line = line;
      waiting = 0;
    }
    const size_t at = text.find(kMarker);
    if (at == std::string_view::npos || (at > 0 && !IsAsciiSpace(text[at - 1]))) continue;
    const std::string_view allowed = text.substr(at + kMarker.size());
    const size_t colon = allowed.find(':');
    Allowance allowance;
    allowance.where = {file.shown(), line, Column(text, at)};
    allowance.line = line;
    allowance.code = TrimAscii(allowed.substr(0, colon));
    if (colon != std::string_view::npos) allowance.reason = TrimAscii(allowed.substr(colon + 1));
    all_.push_back(std::move(allowance));
    if (comment) ++waiting;
  }
}

bool LintAllowances::Allows(const Diagnostic& remark) {
  if (remark.severity == Severity::kError) return false;
  bool allowed = false;
  for (Allowance& allowance : all_) {
    if (allowance.line != remark.where.line || allowance.code != remark.code ||
        allowance.where.file != remark.where.file || allowance.reason.empty())
      continue;
    allowance.used = true;
    allowed = true;
  }
  return allowed;
}

void LintAllowances::Report(Diagnostics& diagnostics) const {
  for (const Allowance& allowance : all_) {
    if (allowance.reason.empty()) {
      diagnostics.Warning("no-reason", allowance.where,
                          "lint-allow " + allowance.code + " gives no reason, and allows nothing",
                          "write \"# lint-allow " + allowance.code + ": why\"");
    } else if (!allowance.used) {
      diagnostics.Warning("idle-allowance", allowance.where,
                          "there is no " + allowance.code + " here to allow", "remove the comment");
    }
  }
}

}  // namespace cluehound::rules
