// A disk that can lose power, under any program: loaded with LD_PRELOAD, it keeps beside a folder what would be needed to
// undo everything that was written there and not synced. tests/power/power_cut.py then makes of the folder what a power cut
// would have left.
//
//   CLUEHOUND_DISK=FOLDER           what is watched, with all below it
//   CLUEHOUND_DISK_JOURNAL=FOLDER   where the undo goes: empty, on the same file system, not below the other
//
// Each change is written into the journal before it is made, in one order over all threads, and nothing is ever really
// synced: what counts as synced is what the journal says, which outlives the process with the page cache. As POSIX has it,
// fsync of a file makes its bytes durable and fsync of a folder its names; sync_file_range and O_APPEND promise nothing.
// Every file that is written has a second name in the journal, so that it is found whatever becomes of its first.
//
// Not seen, because nothing here uses them: writes through mmap, io_uring, stdio's own buffers (the program logs with them).
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace {

template <class F>
F Real(const char* name) {
  return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name));
}
// The C library's function of this name, looked up once.
#define REAL(name)                                        \
  ([] {                                                   \
    static const auto f = Real<decltype(&::name)>(#name); \
    return f;                                             \
  }())

class Disk {
 public:
  static Disk& Get() {
    static Disk* const disk = new Disk;  // in force until the very end
    return *disk;
  }
  bool on() const { return journal_ >= 0; }
  // Held around journal and change, so that the journal has the order of the changes.
  std::unique_lock<std::recursive_mutex> Lock() { return std::unique_lock(mutex_); }

  // The path as it is watched; empty: it is not.
  std::string Watched(int at, const char* path) const {
    std::string full = path == nullptr ? "" : path;
    if (full.empty() || full[0] != '/') full = NameOf(at) + "/" + full;
    // The last name may not be there yet: its folder tells where it is.
    const size_t slash = full.rfind('/');
    char real[PATH_MAX];
    if (::realpath(full.substr(0, slash + 1).c_str(), real) == nullptr) return "";
    const std::string resolved = std::string(real) + "/" + full.substr(slash + 1);
    return IsBelow(resolved) ? resolved : "";
  }

  // ---- names

  void Created(const std::string& path) { Note("C", {path}); }
  void CreatedFolder(const std::string& path) { Note("D", {path}); }
  void RemovedFolder(const std::string& path) { Note("X", {path}); }
  // Keeps the file itself.
  void Removing(const std::string& path) { Note("U " + Keep(path), {path}); }
  void Renaming(const std::string& from, const std::string& to) {
    Note("R " + Keep(to), {from, to});
  }

  // ---- bytes

  // The number of the open file, 0: it is not watched.
  uint64_t NumberOf(int fd) {
    struct stat now;
    if (::fstat(fd, &now) != 0 || !S_ISREG(now.st_mode)) return 0;
    const auto key = std::make_pair(now.st_dev, now.st_ino);
    if (const auto known = numbers_.find(key); known != numbers_.end()) return known->second;
    const std::string name = Name("/proc/self/fd/" + std::to_string(fd));
    if (!IsBelow(name)) return 0;
    const uint64_t number = ++last_;
    if (::link(name.c_str(), Kept(number).c_str()) != 0) return 0;  // it has no name any more
    Note("F " + std::to_string(number), {name});
    return numbers_[key] = number;
  }

  // `size` bytes at `offset`, or where the file stands or ends when that is below 0.
  void Writing(int fd, off_t offset, size_t size) {
    const uint64_t number = NumberOf(fd);
    if (number == 0 || size == 0) return;
    struct stat now;
    ::fstat(fd, &now);
    if (offset < 0)
      offset = (::fcntl(fd, F_GETFL) & O_APPEND) != 0 ? now.st_size : ::lseek(fd, 0, SEEK_CUR);
    Note("W " + std::to_string(number) + " " + std::to_string(offset) + " " + std::to_string(size) +
             " " + std::to_string(now.st_size),
         {Old(Kept(number), offset,
              std::min<off_t>(now.st_size, offset + static_cast<off_t>(size)))});
  }
  void Truncating(int fd, off_t size) {
    const uint64_t number = NumberOf(fd);
    struct stat now;
    if (number == 0 || ::fstat(fd, &now) != 0 || now.st_size == size) return;
    const off_t from = std::min(size, now.st_size);
    Note("W " + std::to_string(number) + " " + std::to_string(from) + " 0 " +
             std::to_string(now.st_size),
         {Old(Kept(number), from, now.st_size)});
  }
  // True: nothing more is to be done.
  bool Synced(int fd) {
    struct stat now;
    if (::fstat(fd, &now) != 0) return false;
    if (S_ISDIR(now.st_mode)) {
      const std::string name = NameOf(fd);
      if (!IsBelow(name) && name != root_) return false;
      Note("Y", {name});
      return true;
    }
    const uint64_t number = NumberOf(fd);
    if (number != 0) Note("S " + std::to_string(number), {});
    return number != 0;
  }

 private:
  Disk() {
    const char* root = std::getenv("CLUEHOUND_DISK");
    const char* folder = std::getenv("CLUEHOUND_DISK_JOURNAL");
    if (root == nullptr || folder == nullptr) return;
    root_ = root;
    folder_ = folder;
    journal_ =
        REAL(open)((folder_ + "/journal").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (journal_ < 0) Fail("no journal in " + folder_);
  }

  [[noreturn]] static void Fail(const std::string& why) {
    std::fprintf(stderr, "unsynced_disk: %s: %s\n", why.c_str(), std::strerror(errno));
    std::abort();
  }

  bool IsBelow(const std::string& name) const {
    return name.size() > root_.size() && name.starts_with(root_) && name[root_.size()] == '/';
  }
  static std::string Name(const std::string& link) {
    char name[PATH_MAX];
    const ssize_t size = ::readlink(link.c_str(), name, sizeof name);
    return size > 0 ? std::string(name, static_cast<size_t>(size)) : "";
  }
  static std::string NameOf(int fd) {
    return Name(fd == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/" + std::to_string(fd));
  }
  std::string Kept(uint64_t number) const { return folder_ + "/" + std::to_string(number); }
  // A second name for the file that is there, if one is, so that it can come back: its number, or 0.
  std::string Keep(const std::string& path) {
    struct stat now;
    if (::lstat(path.c_str(), &now) != 0) return "0";
    if (::link(path.c_str(), Kept(++last_).c_str()) != 0) Fail("keep " + path);
    return std::to_string(last_);
  }
  static std::string Old(const std::string& file, off_t from, off_t to) {
    std::string bytes(from < to ? static_cast<size_t>(to - from) : 0, '\0');
    if (bytes.empty()) return bytes;
    const int fd = REAL(open)(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0 ||
        ::pread(fd, bytes.data(), bytes.size(), from) != static_cast<ssize_t>(bytes.size()))
      Fail("read what is overwritten in " + file);
    ::close(fd);
    return bytes;
  }

  // A line "HEAD SIZE SIZE...", then the texts of these sizes.
  void Note(const std::string& head, const std::initializer_list<std::string>& texts) {
    std::string record = head;
    for (const std::string& text : texts) record += " " + std::to_string(text.size());
    record += '\n';
    for (const std::string& text : texts) record += text;
    for (size_t done = 0; done < record.size();) {
      const ssize_t n = REAL(write)(journal_, record.data() + done, record.size() - done);
      if (n < 0) Fail("write the journal");
      done += static_cast<size_t>(n);
    }
  }

  std::recursive_mutex mutex_;
  std::string root_;
  std::string folder_;
  int journal_ = -1;
  uint64_t last_ = 0;
  std::map<std::pair<dev_t, ino_t>, uint64_t>
      numbers_;  // their second names keep inodes from being used again
};

bool Exists(int at, const char* path) {
  struct stat now;
  return ::fstatat(at, path, &now, 0) == 0;
}

// Around every way of opening a file; `open` does it.
template <class F>
auto Opening(int at, const char* path, int flags, F&& open) {
  Disk& disk = Disk::Get();
  if (!disk.on() || (flags & (O_CREAT | O_TRUNC)) == 0) return open();
  const auto lock = disk.Lock();
  const std::string watched = disk.Watched(at, path);
  if (watched.empty()) return open();
  if (!Exists(at, path)) {
    if ((flags & O_CREAT) != 0) disk.Created(watched);
  } else if ((flags & O_TRUNC) != 0) {
    const int fd = REAL(openat)(at, path, O_WRONLY | O_CLOEXEC);
    if (fd >= 0) disk.Truncating(fd, 0);
    if (fd >= 0) ::close(fd);
  }
  return open();
}

template <class F>
auto Changing(F&& change) {
  Disk& disk = Disk::Get();
  if (!disk.on()) return change(nullptr);
  const auto lock = disk.Lock();
  return change(&disk);
}

// The same for the bytes of a file; everything else (a pipe may block) goes its way unlocked.
template <class F>
auto ChangingFile(int fd, F&& change) {
  struct stat now;
  if (!Disk::Get().on() || ::fstat(fd, &now) != 0 || S_ISREG(now.st_mode) == 0)
    return change(nullptr);
  return Changing(change);
}

mode_t ModeOf(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}
int FlagsOf(const char* mode) {
  return mode[0] == 'w' ? O_CREAT | O_TRUNC : mode[0] == 'a' ? O_CREAT : 0;
}

}  // namespace

#define MODE(flags)                             \
  va_list arguments;                            \
  va_start(arguments, flags);                   \
  const mode_t mode = ModeOf(flags, arguments); \
  va_end(arguments)

extern "C" {

int open(const char* path, int flags, ...) {
  MODE(flags);
  return Opening(AT_FDCWD, path, flags, [&] { return REAL(open)(path, flags, mode); });
}
int open64(const char* path, int flags, ...) {
  MODE(flags);
  return Opening(AT_FDCWD, path, flags, [&] { return REAL(open64)(path, flags, mode); });
}
int openat(int at, const char* path, int flags, ...) {
  MODE(flags);
  return Opening(at, path, flags, [&] { return REAL(openat)(at, path, flags, mode); });
}
int openat64(int at, const char* path, int flags, ...) {
  MODE(flags);
  return Opening(at, path, flags, [&] { return REAL(openat64)(at, path, flags, mode); });
}
int creat(const char* path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
FILE* fopen(const char* path, const char* mode) {
  return Opening(AT_FDCWD, path, FlagsOf(mode), [&] { return REAL(fopen)(path, mode); });
}
FILE* fopen64(const char* path, const char* mode) {
  return Opening(AT_FDCWD, path, FlagsOf(mode), [&] { return REAL(fopen64)(path, mode); });
}

ssize_t write(int fd, const void* bytes, size_t size) {
  return ChangingFile(fd, [&](Disk* disk) {
    if (disk) disk->Writing(fd, -1, size);
    return REAL(write)(fd, bytes, size);
  });
}
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  return ChangingFile(fd, [&](Disk* disk) {
    if (disk) disk->Writing(fd, offset, size);
    return REAL(pwrite)(fd, bytes, size, offset);
  });
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  return ChangingFile(fd, [&](Disk* disk) {
    if (disk) disk->Writing(fd, offset, size);
    return REAL(pwrite64)(fd, bytes, size, offset);
  });
}
ssize_t writev(int fd, const iovec* parts, int count) {
  return ChangingFile(fd, [&](Disk* disk) {
    size_t size = 0;
    for (int i = 0; i < count; ++i) size += parts[i].iov_len;
    if (disk) disk->Writing(fd, -1, size);
    return REAL(writev)(fd, parts, count);
  });
}
ssize_t sendfile(int to, int from, off_t* offset, size_t size) noexcept {
  return ChangingFile(to, [&](Disk* disk) {
    if (disk) disk->Writing(to, -1, size);
    return REAL(sendfile)(to, from, offset, size);
  });
}
ssize_t copy_file_range(int from, off64_t* from_offset, int to, off64_t* to_offset, size_t size,
                        unsigned flags) {
  return ChangingFile(to, [&](Disk* disk) {
    if (disk) disk->Writing(to, to_offset ? *to_offset : -1, size);
    return REAL(copy_file_range)(from, from_offset, to, to_offset, size, flags);
  });
}
int ftruncate(int fd, off_t size) noexcept {
  return ChangingFile(fd, [&](Disk* disk) {
    if (disk) disk->Truncating(fd, size);
    return REAL(ftruncate)(fd, size);
  });
}
int ftruncate64(int fd, off64_t size) noexcept { return ftruncate(fd, size); }
int truncate(const char* path, off_t size) noexcept {
  const int fd = REAL(open)(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  const int result = ftruncate(fd, size);
  const int error = errno;
  ::close(fd);
  errno = error;
  return result;
}
int truncate64(const char* path, off64_t size) noexcept { return truncate(path, size); }

int fsync(int fd) {
  return Changing([&](Disk* disk) { return disk && disk->Synced(fd) ? 0 : REAL(fsync)(fd); });
}
int fdatasync(int fd) {
  return Changing([&](Disk* disk) { return disk && disk->Synced(fd) ? 0 : REAL(fdatasync)(fd); });
}
int sync_file_range(int fd, off64_t offset, off64_t size, unsigned flags) {
  if (Disk::Get().on()) return 0;
  return REAL(sync_file_range)(fd, offset, size, flags);
}

int rename(const char* from, const char* to) noexcept {
  return Changing([&](Disk* disk) {
    const std::string watched = disk ? disk->Watched(AT_FDCWD, to) : "";
    if (disk && !watched.empty() && Exists(AT_FDCWD, from))
      disk->Renaming(disk->Watched(AT_FDCWD, from), watched);
    return REAL(rename)(from, to);
  });
}
int link(const char* from, const char* to) noexcept {
  return Changing([&](Disk* disk) {
    const std::string watched = disk ? disk->Watched(AT_FDCWD, to) : "";
    if (disk && !watched.empty() && !Exists(AT_FDCWD, to)) disk->Created(watched);
    return REAL(link)(from, to);
  });
}
int unlink(const char* path) noexcept {
  return Changing([&](Disk* disk) {
    const std::string watched = disk ? disk->Watched(AT_FDCWD, path) : "";
    if (disk && !watched.empty() && Exists(AT_FDCWD, path)) disk->Removing(watched);
    return REAL(unlink)(path);
  });
}
int mkdir(const char* path, mode_t mode) noexcept {
  return Changing([&](Disk* disk) {
    const std::string watched = disk ? disk->Watched(AT_FDCWD, path) : "";
    if (disk && !watched.empty() && !Exists(AT_FDCWD, path)) disk->CreatedFolder(watched);
    return REAL(mkdir)(path, mode);
  });
}
int rmdir(const char* path) noexcept {
  return Changing([&](Disk* disk) {
    const std::string watched = disk ? disk->Watched(AT_FDCWD, path) : "";
    const int result = REAL(rmdir)(path);
    if (disk && result == 0 && !watched.empty()) disk->RemovedFolder(watched);
    return result;
  });
}
int unlinkat(int at, const char* path, int flags) noexcept {
  return Changing([&](Disk* disk) {
    const std::string watched = disk ? disk->Watched(at, path) : "";
    const bool folder = (flags & AT_REMOVEDIR) != 0;
    if (disk && !watched.empty() && !folder && Exists(at, path)) disk->Removing(watched);
    const int result = REAL(unlinkat)(at, path, flags);
    if (disk && result == 0 && !watched.empty() && folder) disk->RemovedFolder(watched);
    return result;
  });
}
int remove(const char* path) noexcept {
  struct stat now;
  if (::lstat(path, &now) != 0) return -1;
  return S_ISDIR(now.st_mode) ? rmdir(path) : unlink(path);
}

}  // extern "C"
