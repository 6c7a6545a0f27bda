#include "evidence/append_file.h"

#include <fcntl.h>

#include "evidence/fd.h"

namespace cluehound::evidence {
namespace {

class PosixAppendFile final : public AppendFile {
 public:
  PosixAppendFile(Fd fd, std::filesystem::path path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Status Append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::write(fd_.get(), bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return FromErrno(path_);
      bytes.remove_prefix(static_cast<size_t>(n));
    }
    return Status::Ok();
  }

  Status Sync() override { return ::fdatasync(fd_.get()) == 0 ? Status::Ok() : FromErrno(path_); }

  Status Truncate(uint64_t size) override {
    return ::ftruncate(fd_.get(), static_cast<off_t>(size)) == 0 ? Status::Ok() : FromErrno(path_);
  }

 private:
  Fd fd_;
  std::filesystem::path path_;
};

}  // namespace

Result<std::unique_ptr<AppendFile>> CreateAppendFile(const std::filesystem::path& path) {
  // O_APPEND: after a cut, writing continues at the new end.
  Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0640));
  if (!fd.valid()) return FromErrno(path);
  std::unique_ptr<AppendFile> file = std::make_unique<PosixAppendFile>(std::move(fd), path);
  RETURN_IF_ERROR(SyncFolder(path.parent_path()));
  return file;
}

Result<std::unique_ptr<AppendFile>> OpenAppendFile(const std::filesystem::path& path) {
  Fd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!fd.valid()) return FromErrno(path);
  return std::unique_ptr<AppendFile>(std::make_unique<PosixAppendFile>(std::move(fd), path));
}

Status SyncFolder(const std::filesystem::path& folder) {
  const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.valid() && ::fsync(fd.get()) == 0 ? Status::Ok() : FromErrno(folder);
}

}  // namespace cluehound::evidence
