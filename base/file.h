#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace cluehound {

// The whole file. Fails with kNotFound, kDenied, or kInvalidArgument when it is larger than
// `max_bytes`.
Result<std::string> ReadFile(const std::filesystem::path& path, size_t max_bytes);

// Replaces the file whole: written beside it, synced, renamed, directory synced.
Status WriteFileAtomically(const std::filesystem::path& path, std::string_view bytes);

// The regular files below `folder` whose names end with one of `endings` (".yaml"; empty: all),
// sorted by path. Links to folders are not followed.
Result<std::vector<std::filesystem::path>> ListFiles(const std::filesystem::path& folder,
                                                     const std::vector<std::string>& endings);

}  // namespace cluehound
