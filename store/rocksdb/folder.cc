#include "store/rocksdb/folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/file.h"
#include "base/text.h"

namespace cluehound::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormatLine = "cluehound store, format ";
constexpr size_t kMaxFormatFile = 4096;
constexpr const char* kCopies = "copies";
constexpr int kLockTries = 20;
constexpr std::chrono::milliseconds kLockPause{50};

Status NotWritable(const fs::path& path, const std::string& why) {
  return Status::Unavailable("the store at " + path.string() + " is not writable: " + why);
}

Result<int> ReadFormat(const fs::path& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path / "FORMAT", kMaxFormatFile));
  const std::string_view line = TrimAscii(text);
  const auto version =
      line.starts_with(kFormatLine) ? ParseInt(line.substr(kFormatLine.size())) : std::nullopt;
  if (!version || *version < 1) {
    return Status::InvalidArgument(path.string() +
                                   " is not a store: its FORMAT file says something else");
  }
  if (*version > Folder::kFormat) {
    return Status::InvalidArgument("the store at " + path.string() + " has format " +
                                   std::to_string(*version) + ", this program knows up to " +
                                   std::to_string(Folder::kFormat) +
                                   ": use the program that made it, or a newer one");
  }
  return static_cast<int>(*version);
}

Status WriteFormat(const fs::path& path) {
  const Status written = WriteFileAtomically(
      path / "FORMAT", std::string(kFormatLine) + std::to_string(Folder::kFormat) + "\n");
  return written.ok() ? written : NotWritable(path, written.message());
}

// Whether a store may be made here: nothing is there but what an interrupted making left.
bool IsFree(const fs::path& path) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    const auto name = entry.path().filename();
    if (name != "LOCK" && name != "db" && name != "log.key" && name != "checkpoint") return false;
  }
  return true;
}

// A reader shares the folder with other readers, a writer with nobody. A short command beside another one
// waits for it.
Result<int> Lock(const fs::path& path, bool read_only) {
  const int flags = read_only ? O_RDONLY : O_RDWR | O_CREAT;
  const int lock = ::open((path / "LOCK").c_str(), flags | O_CLOEXEC, 0644);
  if (lock < 0) return NotWritable(path, std::strerror(errno));
  for (int tries = 0; tries < kLockTries; ++tries) {
    if (tries > 0) std::this_thread::sleep_for(kLockPause);
    if (::flock(lock, (read_only ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) return lock;
  }
  ::close(lock);
  return Status::Unavailable("the store at " + path.string() + " is in use by another process");
}

}  // namespace

Result<std::unique_ptr<Folder>> Folder::Open(const std::string& path, bool read_only) {
  const fs::path folder(path);
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
    return Status::InvalidArgument(path + " is not a store: it is not a folder");
  }
  const bool is_new = !fs::exists(folder / "FORMAT", error);
  int format = kFormat;
  if (is_new) {
    if (!IsFree(folder)) {
      return Status::InvalidArgument(path + " is not a store: the folder holds other things");
    }
    if (read_only) return Status::NotFound("no store at " + path);
    fs::create_directory(folder, error);
    if (error) return NotWritable(folder, error.message());
  } else {
    ASSIGN_OR_RETURN(format, ReadFormat(folder));
    if (format < kFormat && read_only) {
      return Status::InvalidArgument(
          "the store at " + path + " has format " + std::to_string(format) +
          ": open it once for writing (any command on it does), which brings it to format " +
          std::to_string(kFormat));
    }
  }
  ASSIGN_OR_RETURN(const int lock, Lock(folder, read_only));
  std::unique_ptr<Folder> held(new Folder(folder, lock, read_only));
  held->is_new_ = is_new;
  held->is_older_ = format < kFormat;
  held->MarkOpen();
  if (!read_only) fs::remove_all(folder / kCopies, error);  // of a process that was killed
  return held;
}

Status Folder::Finish() { return WriteFormat(path_); }

Result<std::string> Folder::MakeCopy(
    const std::function<Status(const std::string&)>& copy_database) {
  const fs::path folder = fs::absolute(path_) / kCopies / std::to_string(++copies_);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return NotWritable(folder, error.message());
  RETURN_IF_ERROR(copy_database((folder / "db").string()));
  RETURN_IF_ERROR(WriteFileAtomically(folder / "LOCK", ""));
  RETURN_IF_ERROR(WriteFormat(folder));
  return folder.string();
}

Status Folder::DropCopy(const std::string& path) {
  const fs::path folder(path);
  const auto number = ParseInt(folder.filename().string());
  if (folder.parent_path() != fs::absolute(path_) / kCopies || !number)
    return Status::InvalidArgument(path + " is no copy of this store");
  std::error_code error;
  fs::remove_all(folder, error);
  return error ? NotWritable(folder, error.message()) : Status::Ok();
}

void Folder::MarkOpen() {
  was_left_open_ = ::lseek(lock_, 0, SEEK_END) > 0;
  // Only a hint for the log: that it cannot be written is no reason to stop.
  if (!read_only_ && !was_left_open_ && ::write(lock_, "open\n", 5) < 0) was_left_open_ = false;
}

Folder::~Folder() {
  if (!read_only_ && ::ftruncate(lock_, 0) != 0) {
    // The next start will say that the store was left open.
  }
  ::close(lock_);
}

}  // namespace cluehound::store
