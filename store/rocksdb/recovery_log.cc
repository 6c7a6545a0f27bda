#include "store/rocksdb/recovery_log.h"

#include <cstdarg>
#include <cstdio>
#include <string_view>

namespace cluehound::store {
namespace {

// What version 7.8 writes when it replays the log ("Recovering log #12 mode 2") and when it gives a
// part of it up
// ("/path/000012.log: dropping 4711 bytes; Corruption: checksum mismatch").
constexpr std::string_view kRecovering = "Recovering log";
constexpr std::string_view kDropping = "dropping";

}  // namespace

RecoveryLog::RecoveryLog(rocksdb::Env* env, const std::string& path, bool quiet) {
  if (quiet) return;
  rocksdb::DBOptions options;
  options.env = env;
  options.create_if_missing = true;
  options.max_log_file_size = 8u << 20;
  options.keep_log_file_num = 5;
  options.stats_dump_period_sec = 0;
  rocksdb::CreateLoggerFromOptions(path, options, &file_).PermitUncheckedError();
}

RecoveryLog::~RecoveryLog() = default;

void RecoveryLog::Logv(const char* format, va_list arguments) {
  Logv(rocksdb::InfoLogLevel::INFO_LEVEL, format, arguments);
}

void RecoveryLog::Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) {
  va_list copy;
  va_copy(copy, arguments);
  ReadAlong(format, copy);
  va_end(copy);
  if (file_) file_->Logv(level, format, arguments);
}

void RecoveryLog::ReadAlong(const char* format, va_list arguments) {
  const std::lock_guard lock(mutex_);
  if (!opening_) return;
  char line[1024];
  std::vsnprintf(line, sizeof line, format, arguments);
  const std::string_view text(line);
  if (text.find(kRecovering) != text.npos) ++recovery_.logs;
  if (text.find(kDropping) != text.npos) recovery_.dropped.emplace_back(text);
}

RecoveryLog::Recovery RecoveryLog::TakeRecovery() {
  const std::lock_guard lock(mutex_);
  opening_ = false;
  return std::move(recovery_);
}

}  // namespace cluehound::store
