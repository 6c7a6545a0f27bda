#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "base/status.h"

namespace cluehound::evidence {

// A file that grows at its end. An interface, so that tests can let a disk fail. Not thread-safe.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  // All bytes or a failure, after which some of them may be there.
  virtual Status Append(std::string_view bytes) = 0;
  // What was appended is on the disk when this returns (fdatasync).
  virtual Status Sync() = 0;
  // Cuts the file to `size` bytes; the next Append() continues there.
  virtual Status Truncate(uint64_t size) = 0;
};

// Creates a file that must not exist; the folder entry is synced.
Result<std::unique_ptr<AppendFile>> CreateAppendFile(const std::filesystem::path& path);

// Opens one that is there, to go on at its end.
Result<std::unique_ptr<AppendFile>> OpenAppendFile(const std::filesystem::path& path);

using AppendFileCreator =
    std::function<Result<std::unique_ptr<AppendFile>>(const std::filesystem::path&)>;

// Makes creations, renames and removals in the folder durable.
Status SyncFolder(const std::filesystem::path& folder);

}  // namespace cluehound::evidence
