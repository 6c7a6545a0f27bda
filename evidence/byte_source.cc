#include "evidence/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "evidence/fd.h"

namespace cluehound::evidence {
namespace {

class File final : public ByteSource {
 public:
  File(Fd fd, std::filesystem::path path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Result<size_t> Read(char* buffer, size_t size) override {
    while (true) {
      const ssize_t n = ::read(fd_.get(), buffer, size);
      if (n >= 0) return static_cast<size_t>(n);
      if (errno != EINTR) return FromErrno(path_);
    }
  }

 private:
  Fd fd_;
  std::filesystem::path path_;
};

class Memory final : public ByteSource {
 public:
  explicit Memory(std::string_view bytes) : bytes_(bytes) {}

  Result<size_t> Read(char* buffer, size_t size) override {
    const size_t n = std::min(size, bytes_.size());
    std::copy_n(bytes_.data(), n, buffer);
    bytes_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view bytes_;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> OpenFileSource(const std::filesystem::path& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return FromErrno(path);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return FromErrno(path);
  if (S_ISDIR(info.st_mode))
    return Status::InvalidArgument(path.string() + ": is a folder, not a file");
  return std::unique_ptr<ByteSource>(std::make_unique<File>(std::move(fd), path));
}

std::unique_ptr<ByteSource> MemorySource(std::string_view bytes) {
  return std::make_unique<Memory>(bytes);
}

}  // namespace cluehound::evidence
