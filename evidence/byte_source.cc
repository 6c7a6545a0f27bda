#include "evidence/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace cluehound::evidence {
namespace {

class File final : public ByteSource {
 public:
  File(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~File() override { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  Result<size_t> Read(char* buffer, size_t size) override {
    while (true) {
      const ssize_t n = ::read(fd_, buffer, size);
      if (n >= 0) return static_cast<size_t>(n);
      if (errno != EINTR) return Status::Unavailable(path_ + ": " + std::strerror(errno));
    }
  }

 private:
  int fd_;
  std::string path_;
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
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const std::string message = path.string() + ": " + std::strerror(errno);
    if (errno == ENOENT) return Status::NotFound(message);
    if (errno == EACCES || errno == EPERM) return Status::Denied(message);
    return Status::Unavailable(message);
  }
  std::unique_ptr<ByteSource> file = std::make_unique<File>(fd, path.string());
  struct stat info {};
  if (::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    return Status::InvalidArgument(path.string() + ": is a folder, not a file");
  }
  return file;
}

std::unique_ptr<ByteSource> MemorySource(std::string_view bytes) {
  return std::make_unique<Memory>(bytes);
}

}  // namespace cluehound::evidence
