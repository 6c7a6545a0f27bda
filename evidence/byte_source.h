#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace cluehound::evidence {

// Bytes in order, from a file or from memory. Not thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills the front of `buffer` and gives how many bytes; 0 at the end.
  virtual Result<size_t> Read(char* buffer, size_t size) = 0;
};

// Fails with kNotFound, kDenied, or kInvalidArgument for a folder; the message names the path.
Result<std::unique_ptr<ByteSource>> OpenFileSource(const std::filesystem::path& path);

// REQUIRES: the bytes outlive the source.
std::unique_ptr<ByteSource> MemorySource(std::string_view bytes);

}  // namespace cluehound::evidence
