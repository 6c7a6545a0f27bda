#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace cluehound {
namespace {

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Status FromErrno(const std::filesystem::path& path, int error) {
  const std::string message = path.string() + ": " + std::strerror(error);
  if (error == ENOENT) return Status::NotFound(message);
  if (error == EACCES || error == EPERM || error == EROFS) return Status::Denied(message);
  return Status::Unavailable(message);
}

Status WriteAll(int fd, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FromErrno(path, errno);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return Status::Ok();
}

}  // namespace

Result<std::string> ReadFile(const std::filesystem::path& path, size_t max_bytes) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return FromErrno(path, errno);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return FromErrno(path, errno);
  if (S_ISDIR(info.st_mode))
    return Status::InvalidArgument(path.string() + ": is a folder, not a file");
  std::string bytes;
  bytes.reserve(static_cast<size_t>(std::max<off_t>(info.st_size, 0)));
  char buffer[1 << 16];
  while (true) {
    const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FromErrno(path, errno);
    if (n == 0) return bytes;
    if (bytes.size() + static_cast<size_t>(n) > max_bytes) {
      return Status::InvalidArgument(path.string() + ": larger than " + std::to_string(max_bytes) +
                                     " bytes");
    }
    bytes.append(buffer, static_cast<size_t>(n));
  }
}

Status WriteFileAtomically(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path beside = path.string() + ".new";
  {
    const Fd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (fd.get() < 0) return FromErrno(beside, errno);
    RETURN_IF_ERROR(WriteAll(fd.get(), bytes, beside));
    if (::fsync(fd.get()) != 0) return FromErrno(beside, errno);
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return FromErrno(path, errno);
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const Fd dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir.get() < 0 || ::fsync(dir.get()) != 0) return FromErrno(folder, errno);
  return Status::Ok();
}

Result<std::vector<std::filesystem::path>> ListFiles(const std::filesystem::path& folder,
                                                     const std::vector<std::string>& endings) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  std::filesystem::recursive_directory_iterator it(folder, error), end;
  for (; !error && it != end; it.increment(error)) {
    std::error_code kind_error;
    if (!it->is_regular_file(kind_error)) continue;
    const std::string name = it->path().filename().string();
    const bool wanted =
        endings.empty() || std::any_of(endings.begin(), endings.end(), [&](const std::string& e) {
          return name.size() > e.size() && name.ends_with(e);
        });
    if (wanted) files.push_back(it->path());
  }
  if (error) return FromErrno(folder, error.value());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace cluehound
