#include "evidence/archive.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <vector>

namespace cluehound::evidence {
namespace {

constexpr const char* kLockName = "LOCK";
constexpr const char* kUnreferenced = "unreferenced";

Result<Fd> LockFolder(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kLockName;
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!fd.valid()) return FromErrno(path);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno == EWOULDBLOCK)
    return Status::Conflict(folder.string() + ": another process writes this archive");
  return FromErrno(path);
}

Result<std::vector<std::string>> ArchiveFiles(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator it(folder, error), end;
  for (; !error && it != end; it.increment(error)) {
    std::string name = it->path().filename().string();
    if (ArchiveName::Parse(name)) names.push_back(std::move(name));
  }
  if (error) return Status::Unavailable(folder.string() + ": " + error.message());
  std::sort(names.begin(), names.end());
  return names;
}

Result<uint64_t> FileSize(const std::filesystem::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return FromErrno(path);
  return static_cast<uint64_t>(info.st_size);
}

// Copies what lies behind `offset` to another file, which is on the disk when this returns.
Status CopyTail(const std::filesystem::path& from, uint64_t offset,
                const std::filesystem::path& to) {
  const Fd in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.valid()) return FromErrno(from);
  const Fd out(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (!out.valid()) return FromErrno(to);
  std::array<char, 1 << 16> buffer;
  while (true) {
    const ssize_t n = ::pread(in.get(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FromErrno(from);
    if (n == 0) break;
    // A short write to a disk is followed by the reason at the next one.
    const ssize_t written = ::write(out.get(), buffer.data(), static_cast<size_t>(n));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FromErrno(to);
    offset += static_cast<uint64_t>(written);
  }
  return ::fdatasync(out.get()) == 0 ? Status::Ok() : FromErrno(to);
}

Status CutFile(const std::filesystem::path& path, uint64_t size) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd.valid()) return FromErrno(path);
  if (::ftruncate(fd.get(), static_cast<off_t>(size)) != 0 || ::fsync(fd.get()) != 0)
    return FromErrno(path);
  return Status::Ok();
}

Status MakeFolder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Status::Unavailable(folder.string() + ": " + error.message());
  return folder.has_parent_path() ? SyncFolder(folder.parent_path()) : Status::Ok();
}

}  // namespace

Archive::Archive(std::filesystem::path folder, const Clock& clock, ArchiveOptions options, Fd lock)
    : folder_(std::move(folder)),
      clock_(clock),
      options_(std::move(options)),
      lock_(std::move(lock)) {}

Result<std::unique_ptr<Archive>> Archive::Open(const std::filesystem::path& folder,
                                               const ArchiveEnd& committed, const Clock& clock,
                                               ArchiveOptions options) {
  RETURN_IF_ERROR(MakeFolder(folder).Within("open archive"));
  auto lock = LockFolder(folder);
  if (!lock.ok()) return lock.status().Within("open archive");
  std::unique_ptr<Archive> archive(
      new Archive(folder, clock, std::move(options), std::move(lock).value()));
  RETURN_IF_ERROR(archive->DropUncommitted(committed).Within("open archive"));
  return archive;
}

Status Archive::DropUncommitted(const ArchiveEnd& committed) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ArchiveFiles(folder_));
  if (!committed.file.empty()) {
    const std::filesystem::path path = folder_ / committed.file;
    if (!ArchiveName::Parse(committed.file))
      return Status::InvalidArgument("no archive file: " + committed.file);
    const auto size = FileSize(path);
    if (!size.ok() && size.status().code() != Code::kNotFound) return size.status();
    if (!size.ok() || *size < committed.end) {
      return Status::Corruption(
          path.string() + (size.ok() ? " ends at byte " + std::to_string(*size) : " is missing") +
          ", but the store refers to it up to byte " + std::to_string(committed.end) +
          "; restore the file from a backup");
    }
    if (*size > committed.end) {
      RETURN_IF_ERROR(MakeFolder(folder_ / kUnreferenced));
      const std::string tail = committed.file + ".from-" + std::to_string(committed.end);
      RETURN_IF_ERROR(CopyTail(path, committed.end, folder_ / kUnreferenced / tail));
      RETURN_IF_ERROR(SyncFolder(folder_ / kUnreferenced));
      RETURN_IF_ERROR(CutFile(path, committed.end));
    }
  }
  for (const std::string& name : names) {
    last_name_ = ArchiveName::Parse(name);
    if (name <= committed.file) continue;
    RETURN_IF_ERROR(MakeFolder(folder_ / kUnreferenced));
    const std::filesystem::path from = folder_ / name, to = folder_ / kUnreferenced / name;
    if (::rename(from.c_str(), to.c_str()) != 0) return FromErrno(from);
    RETURN_IF_ERROR(SyncFolder(folder_ / kUnreferenced));
    RETURN_IF_ERROR(SyncFolder(folder_));
  }
  return Status::Ok();
}

Status Archive::BeginFile() {
  ArchiveName name = ArchiveName::After(last_name_, clock_.Now());
  ASSIGN_OR_RETURN(std::unique_ptr<AppendFile> file, options_.create(folder_ / name.file()));
  last_name_ = name;
  warcinfo_id_ = NewRecordId();
  const std::string front = EncodeWarcInfo(name.file(), warcinfo_id_, clock_.Now(), options_.info);
  file_ = std::move(file);
  file_name_ = name.file();
  end_ = front.size();
  synced_end_ = 0;
  Status appended = file_->Append(front);
  if (!appended.ok()) AbandonFile(0);
  return appended;
}

void Archive::AbandonFile(uint64_t size) {
  file_->Truncate(size).IgnoreError("the store never refers to what lies behind");
  file_.reset();
  if (size == 0) ::unlink((folder_ / file_name_).c_str());  // nothing of it was ever committed
}

Status Archive::SyncFile() {
  if (!file_ || synced_end_ == end_) return Status::Ok();
  Status synced = file_->Sync();
  if (synced.ok()) {
    synced_end_ = end_;
  } else {
    // The system may have dropped the pages it could not write and report success next time.
    AbandonFile(synced_end_);
  }
  return synced;
}

Result<CaptureRef> Archive::Append(const Page& page) {
  if (file_ && end_ >= options_.max_file_bytes) {
    if (Status synced = SyncFile(); !synced.ok()) {
      lost_ = synced;
      return synced.Within("append to archive");
    }
    file_.reset();
  }
  if (!file_) RETURN_IF_ERROR(BeginFile().Within("append to archive"));
  const std::string records = EncodePage(page, warcinfo_id_);
  if (Status appended = file_->Append(records); !appended.ok()) {
    if (!file_->Truncate(end_).ok()) {
      // Whole captures before the torn one must still reach the disk.
      if (Status synced = SyncFile(); !synced.ok()) lost_ = synced;
      file_.reset();
    }
    return appended.Within("append to archive");
  }
  CaptureRef ref;
  ref.file = file_name_;
  ref.offset = end_;
  ref.length = records.size();
  ref.sha256 = Sha256(records);
  ref.sm3 = Sm3(records);
  end_ += records.size();
  return ref;
}

Status Archive::Sync() {
  if (!lost_.ok()) return std::exchange(lost_, Status::Ok()).Within("sync archive");
  return SyncFile().Within("sync archive");
}

}  // namespace cluehound::evidence
