#include "base/embedded.h"
#include "base/file.h"
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

}  // namespace cluehound::rules
