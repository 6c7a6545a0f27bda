#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "evidence/archive.h"
#include "evidence/warc_reader.h"
#include "tests/evidence/sample_page.h"
#include "tests/testing/testing.h"

namespace cluehound::evidence {
using testing::FakeClock;
using testing::TempDir;

inline const Instant kStart = FromMillis(1795307400250);  // 2026-11-22 00:30:00.250 UTC

inline ArchiveEnd EndOf(const CaptureRef& ref) { return {ref.file, ref.offset + ref.length}; }

inline std::unique_ptr<Archive> OpenArchive(const std::filesystem::path& folder, const Clock& clock,
                                            const ArchiveEnd& committed = {},
                                            ArchiveOptions options = {}) {
  auto archive = Archive::Open(folder, committed, clock, std::move(options));
  REQUIRE_OK(archive);
  return std::move(archive).value();
}

inline CaptureRef Keep(Archive& archive, const Page& page) {
  const auto ref = archive.Append(page);
  REQUIRE_OK(ref);
  return *ref;
}

inline std::vector<std::string> FilesOf(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().filename() != "LOCK")
      names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// All answers of a file, which must be without fault.
inline size_t CountAnswers(const std::filesystem::path& path) {
  auto reader = WarcReader::Open(path);
  REQUIRE_OK(reader);
  ArchivedResponse response;
  size_t answers = 0;
  while ((*reader)->Next(response)) {
    REQUIRE(response.notes.empty());
    answers += response.status == 200;
  }
  REQUIRE_OK((*reader)->status());
  REQUIRE((*reader)->warnings().empty());
  return answers;
}

}  // namespace cluehound::evidence
