#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/status.h"
#include "evidence/capture_sink.h"

namespace cluehound::app {

struct BackupReport {
  std::filesystem::path folder;
  uint64_t files = 0;
  uint64_t bytes = 0;    // of all of them
  uint64_t written = 0;  // bytes that the backup before did not hold already
};

// Writes a backup into a folder of its own below `root`, named by `stamp`: the database from `copy`
// (store::Store::MakeCopy), the captures up to `last`, and a list of all files with their SHA-256,
// written last. A file that the backup before it holds with the same digest is linked to that one.
Result<BackupReport> WriteBackup(const std::filesystem::path& copy,
                                 const std::filesystem::path& captures,
                                 const evidence::CaptureRef& last,
                                 const std::filesystem::path& root, const std::string& stamp);

// The newest backup below `root`, or `root` itself when it is one.
Result<std::filesystem::path> FindBackup(const std::filesystem::path& root);

// Whether each file is as it was written. kCorruption names the first that is not.
Status VerifyBackup(const std::filesystem::path& backup);

// Copies a verified backup to `store`, which must not be there or be empty. What was copied is
// digested again on the way.
Status CopyBackup(const std::filesystem::path& backup, const std::filesystem::path& store);

}  // namespace cluehound::app
