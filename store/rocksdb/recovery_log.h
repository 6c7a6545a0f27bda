#pragma once

#include <rocksdb/env.h>
#include <rocksdb/options.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace cluehound::store {

// RocksDB's own LOG file, read along while the database opens: the recovery of the write-ahead log
// says only there what it dropped. Thread-safe.
class RecoveryLog final : public rocksdb::Logger {
 public:
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
  void ReadAlong(const char* format, va_list arguments);

  std::shared_ptr<rocksdb::Logger>
      file_;  // shared because RocksDB's maker gives it so; may be null
  std::mutex mutex_;
  bool opening_ = true;
  Recovery recovery_;
};

}  // namespace cluehound::store
