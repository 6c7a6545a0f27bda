#include "tests/testing/testing.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

namespace cluehound::testing {

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "cluehound-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + pattern);
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path SourceDir() { return CLUEHOUND_SOURCE_DIR; }

std::optional<std::filesystem::path> SharedData(const std::string& folder) {
  const std::filesystem::path path = SourceDir().parent_path() / "shared" / "data" / folder;
  std::error_code error;
  if (std::filesystem::exists(path, error)) return path;
  std::cout << "SKIPPED: no shared data at ../shared/data/" << folder << "\n";
  return std::nullopt;
}

std::string Slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  INFO(path.string());
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace cluehound::testing
