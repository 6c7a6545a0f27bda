#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace cluehound::store::testing {

// A file system that can lose power: what was not synced is gone then, or there in part, and a file
// whose folder was not synced may be gone as a whole; changes of a folder are lost from the last on,
// as journaling file systems keep their order, and as RocksDB needs it (it renames CURRENT and syncs
// the folder once, for the manifest too). (After leveldb's fault_injection_test.cc and
// RocksDB's FaultInjectionTestFS.) It can also fail a write, once or for ever.
//
// The files lie on the real disk, but nothing is synced there: what counts as synced is kept here.
// Deletions take effect at once, which is the worst that can happen. Thread-safe.
class UnsyncedFiles final : public rocksdb::FileSystemWrapper {
 public:
  UnsyncedFiles();
  const char* Name() const override { return "UnsyncedFiles"; }

  // From the n-th changing operation on, counted from now, nothing works any more, until
  // RestorePower().
  void CutPowerAfter(int operations);
  bool power_is_cut() const { return cut_; }
  // Puts on the disk what a power cut would have left. No file may be open.
  void RestorePower(std::mt19937& random);
  // The n-th changing operation from now on fails, that one alone: because the disk is full, or for
  // no reason that a program could know.
  void FailOne(int operations, bool full);
  bool has_failed() const { return has_failed_; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus ReuseWritableFile(const std::string& name, const std::string& old_name,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* folder,
                                 rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override;

 private:
  friend class UnsyncedFile;
  friend class UnsyncedFolder;

  // Counts an operation that changes something; says whether it may.
  rocksdb::IOStatus Change();
  void Wrote(const std::string& name, uint64_t size);
  void Synced(const std::string& name);
  void SyncedFolder(const std::string& folder);
  void NoteNewName(const std::string& name);  // REQUIRES: mutex_ is held, as for the next
  void ForgetName(const std::string& name);

  struct Size {
    uint64_t written = 0;
    uint64_t synced = 0;
  };
  std::mutex mutex_;
  std::map<std::string, Size> sizes_;  // of files that were written
  struct NewName {
    std::string name;
    std::optional<std::string> before;  // what it held; nothing: it was not there
  };
  std::vector<NewName> new_names_;  // since their folder was synced, in order
  std::atomic<int> operations_ = 0;
  std::atomic<int> cut_at_ = -1;
  std::atomic<int> fail_at_ = -1;
  std::atomic<bool> fail_full_ = false;
  std::atomic<bool> has_failed_ = false;
  std::atomic<bool> cut_ = false;
};

}  // namespace cluehound::store::testing
