#include "tests/store/unsynced_files.h"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace cluehound::store::testing {
namespace {

namespace fs = std::filesystem;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

std::string Bytes(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// RocksDB's own log files are nobody's data.
bool Counts(const std::string& name) {
  return fs::path(name).filename().string().rfind("LOG", 0) != 0;
}

}  // namespace

class UnsyncedFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  UnsyncedFile(UnsyncedFiles& files, std::string name,
               std::unique_ptr<rocksdb::FSWritableFile> file, uint64_t size)
      : FSWritableFileOwnerWrapper(std::move(file)),
        files_(files),
        name_(std::move(name)),
        size_(size) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* context) override {
    if (IOStatus s = files_.Change(); !s.ok()) return s;
    IOStatus status = FSWritableFileOwnerWrapper::Append(data, options, context);
    if (status.ok()) files_.Wrote(name_, size_ += data.size());
    return status;
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, IODebugContext* context) override {
    return Append(data, options, context);
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* context) override {
    if (IOStatus s = files_.Change(); !s.ok()) return s;
    IOStatus status = FSWritableFileOwnerWrapper::Truncate(size, options, context);
    if (status.ok()) files_.Wrote(name_, size_ = size);
    return status;
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    if (IOStatus s = files_.Change(); !s.ok()) return s;
    IOStatus status = FSWritableFileOwnerWrapper::Flush(options, context);
    if (status.ok()) files_.Synced(name_);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    return Sync(options, context);
  }
  IOStatus RangeSync(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }
  // Room that was only reserved is not content.
  IOStatus Allocate(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }

 private:
  UnsyncedFiles& files_;
  const std::string name_;
  uint64_t size_;
};

class UnsyncedFolder final : public rocksdb::FSDirectory {
 public:
  UnsyncedFolder(UnsyncedFiles& files, std::string name) : files_(files), name_(std::move(name)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    IOStatus status = files_.Change();
    if (status.ok()) files_.SyncedFolder(name_);
    return status;
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  UnsyncedFiles& files_;
  const std::string name_;
};

UnsyncedFiles::UnsyncedFiles() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

void UnsyncedFiles::CutPowerAfter(int operations) {
  operations_ = 0;
  cut_at_ = operations;
}

void UnsyncedFiles::FailOne(int operations, bool full) {
  operations_ = 0;
  has_failed_ = false;
  fail_full_ = full;
  fail_at_ = operations;
}

IOStatus UnsyncedFiles::Change() {
  const int operation = ++operations_;
  if (operation == cut_at_) cut_ = true;
  if (cut_) return IOStatus::IOError("the power is cut");
  if (operation != fail_at_) return IOStatus::OK();
  has_failed_ = true;
  if (!fail_full_) return IOStatus::IOError("one write failed");
  IOStatus full = IOStatus::NoSpace("no space left on device");
  full.SetRetryable(true);  // as the real file system says it
  return full;
}

void UnsyncedFiles::Wrote(const std::string& name, uint64_t size) {
  const std::lock_guard lock(mutex_);
  sizes_[name].written = size;
}

void UnsyncedFiles::Synced(const std::string& name) {
  const std::lock_guard lock(mutex_);
  sizes_[name].synced = sizes_[name].written;
}

void UnsyncedFiles::SyncedFolder(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  std::erase_if(new_names_, [&](const NewName& change) {
    return fs::path(change.name).parent_path() == folder;
  });
}

void UnsyncedFiles::NoteNewName(const std::string& name) {
  std::optional<std::string> before;
  if (fs::exists(name)) before = Bytes(name);
  new_names_.push_back({name, std::move(before)});
}

void UnsyncedFiles::ForgetName(const std::string& name) {
  std::erase_if(new_names_, [&](const NewName& change) { return change.name == name; });
}

void UnsyncedFiles::RestorePower(std::mt19937& random) {
  const std::lock_guard lock(mutex_);
  std::error_code ignored;
  for (const auto& [name, size] : sizes_) {
    if (!fs::exists(name, ignored) || size.written == size.synced) continue;
    // Some of what was not synced may have reached the disk, from the front. In a log, whose writes
    // span many pages, later pages may be there while earlier ones read as zeros.
    const uint64_t kept = size.synced + random() % (size.written - size.synced + 1);
    fs::resize_file(name, kept, ignored);
    if (name.ends_with(".log") && random() % 4 == 0) fs::resize_file(name, size.written, ignored);
  }
  // A folder is written in the order of its changes: of those not synced, the last are lost.
  size_t lost = new_names_.empty() ? 0 : random() % (new_names_.size() + 1);
  for (auto change = new_names_.rbegin(); lost > 0; ++change, --lost) {
    if (change->before) {
      std::ofstream(change->name, std::ios::binary | std::ios::trunc) << *change->before;
    } else {
      fs::remove(change->name, ignored);
    }
  }
  sizes_.clear();
  new_names_.clear();
  cut_at_ = -1;
  fail_at_ = -1;
  cut_ = false;
}

IOStatus UnsyncedFiles::NewWritableFile(const std::string& name,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSWritableFile>* file,
                                        IODebugContext* context) {
  if (!Counts(name)) return target()->NewWritableFile(name, options, file, context);
  if (IOStatus s = Change(); !s.ok()) return s;
  {
    const std::lock_guard lock(mutex_);
    NoteNewName(name);
    sizes_[name] = {};
  }
  std::unique_ptr<rocksdb::FSWritableFile> real;
  IOStatus status = target()->NewWritableFile(name, options, &real, context);
  if (status.ok()) *file = std::make_unique<UnsyncedFile>(*this, name, std::move(real), 0);
  return status;
}

IOStatus UnsyncedFiles::ReopenWritableFile(const std::string& name,
                                           const rocksdb::FileOptions& options,
                                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                                           IODebugContext* context) {
  if (IOStatus s = Change(); !s.ok()) return s;
  std::unique_ptr<rocksdb::FSWritableFile> real;
  IOStatus status = target()->ReopenWritableFile(name, options, &real, context);
  if (!status.ok()) return status;
  const uint64_t size = fs::file_size(name);
  {
    const std::lock_guard lock(mutex_);
    sizes_.emplace(name, Size{size, size});
  }
  *file = std::make_unique<UnsyncedFile>(*this, name, std::move(real), size);
  return status;
}

IOStatus UnsyncedFiles::ReuseWritableFile(const std::string&, const std::string&,
                                          const rocksdb::FileOptions&,
                                          std::unique_ptr<rocksdb::FSWritableFile>*,
                                          IODebugContext*) {
  return IOStatus::NotSupported("logs are not recycled");
}

IOStatus UnsyncedFiles::NewDirectory(const std::string& name, const IOOptions&,
                                     std::unique_ptr<rocksdb::FSDirectory>* folder,
                                     IODebugContext*) {
  *folder = std::make_unique<UnsyncedFolder>(*this, name);
  return IOStatus::OK();
}

IOStatus UnsyncedFiles::DeleteFile(const std::string& name, const IOOptions& options,
                                   IODebugContext* context) {
  if (!Counts(name)) return target()->DeleteFile(name, options, context);
  if (IOStatus s = Change(); !s.ok()) return s;
  {
    const std::lock_guard lock(mutex_);
    sizes_.erase(name);
    ForgetName(name);
  }
  return target()->DeleteFile(name, options, context);
}

IOStatus UnsyncedFiles::RenameFile(const std::string& from, const std::string& to,
                                   const IOOptions& options, IODebugContext* context) {
  if (!Counts(from)) return target()->RenameFile(from, to, options, context);
  if (IOStatus s = Change(); !s.ok()) return s;
  {
    const std::lock_guard lock(mutex_);
    NoteNewName(to);
    ForgetName(from);
    sizes_[to] = sizes_[from];
    sizes_.erase(from);
  }
  return target()->RenameFile(from, to, options, context);
}

IOStatus UnsyncedFiles::LinkFile(const std::string&, const std::string&, const IOOptions&,
                                 IODebugContext*) {
  return IOStatus::NotSupported("no links");
}

}  // namespace cluehound::store::testing
