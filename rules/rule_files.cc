#include <algorithm>

#include "base/embedded.h"
#include "base/file.h"
#include "base/text.h"
#include "rules/rule_set.h"

namespace cluehound {
std::span<const EmbeddedFile> BuiltInRulePacks();  // written by cmake/embed.cmake
}

namespace cluehound::rules {

std::vector<RuleFile> BuiltInRuleFiles() {
  std::vector<RuleFile> files;
  for (const EmbeddedFile& file : BuiltInRulePacks())
    files.push_back({std::string(file.name), std::string(file.bytes)});
  std::sort(files.begin(), files.end(),
            [](const RuleFile& a, const RuleFile& b) { return a.name < b.name; });
  return files;
}

Result<std::vector<RuleFile>> ReadRuleFiles(const std::string& folder) {
  constexpr size_t kMaxBytes = 16u << 20;  // what the YAML reader takes
  ASSIGN_OR_RETURN(const std::vector<std::filesystem::path> paths, ListFiles(folder, {".yaml"}));
  std::vector<RuleFile> files;
  for (const std::filesystem::path& path : paths) {
    ASSIGN_OR_RETURN(std::string text, ReadFile(path, kMaxBytes));
    files.push_back(
        {path.lexically_relative(folder).generic_string(), std::move(text), path.string()});
  }
  return files;
}

std::string SerialiseRuleFiles(const std::vector<RuleFile>& files) {
  std::string bytes;
  for (const RuleFile& file : files) {
    bytes += file.name + "\n" + std::to_string(file.text.size()) + "\n" + file.text;
  }
  return bytes;
}

Result<std::vector<RuleFile>> ParseRuleFiles(std::string_view bytes) {
  std::vector<RuleFile> files;
  const auto line = [&]() -> std::optional<std::string_view> {
    const size_t end = bytes.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view found = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    return found;
  };
  while (!bytes.empty()) {
    const auto name = line();
    const auto length = name ? line() : std::nullopt;
    const auto size = length ? ParseInt(*length) : std::nullopt;
    if (!size || *size < 0 || static_cast<uint64_t>(*size) > bytes.size())
      return Status::Corruption("a stored rule set does not read");
    files.push_back({std::string(*name), std::string(bytes.substr(0, static_cast<size_t>(*size)))});
    bytes.remove_prefix(static_cast<size_t>(*size));
  }
  return files;
}

}  // namespace cluehound::rules
