#pragma once

#include <rocksdb/env.h>
#include <rocksdb/options.h>

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace cluehound::store {

// RocksDB's LOG file, read along while the database opens: the recovery of the write-ahead log says
// only there what it dropped. Written by us, because the logger that comes with RocksDB 7.8 aborts
// the process at the second line that a full disk refuses; here such lines are lost. At most two
// files of kMaxBytes. Thread-safe.
class RecoveryLog final : public rocksdb::Logger {
 public:
  static constexpr size_t kMaxBytes = 8u << 20;

  // `quiet`: no LOG file, for a reader that must not write into the folder.
  RecoveryLog(rocksdb::Env* env, const std::string& path, bool quiet);
  ~RecoveryLog() override;

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override;
  void Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) override;

  // What recovery had to do; nothing is read along afterwards.
  struct Recovery {
    size_t logs = 0;  // log files replayed
    std::vector<std::string>
        dropped;  // what it gave up, in RocksDB's words; usually the unsynced tail
  };
  Recovery TakeRecovery();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void ReadAlong(std::string_view line);
  void Write(std::string_view line);
  void Open();

  const std::string path_;  // of the LOG file
  std::mutex mutex_;
  std::unique_ptr<std::FILE, Close> file_;  // null: none, or it could not be opened
  size_t size_ = 0;
  bool opening_ = true;
  Recovery recovery_;
};

}  // namespace cluehound::store
