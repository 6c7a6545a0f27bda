#include "store/rocksdb/recovery_log.h"

#include <cstdarg>
#include <filesystem>

#include "base/clock.h"

namespace cluehound::store {
namespace {

// What version 7.8 writes when it replays the log ("Recovering log #12 mode 2") and when it gives a
// part of it up
// ("/path/000012.log: dropping 4711 bytes; Corruption: checksum mismatch").
constexpr std::string_view kRecovering = "Recovering log";
constexpr std::string_view kDropping = "dropping";

}  // namespace

RecoveryLog::RecoveryLog(rocksdb::Env* env, const std::string& path, bool quiet)
    : path_(path + "/LOG") {
  if (quiet) return;
  env->CreateDirIfMissing(path).PermitUncheckedError();
  Open();
}

RecoveryLog::~RecoveryLog() = default;

void RecoveryLog::Open() {
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  size_ = error ? 0 : static_cast<size_t>(size);
  if (size_ > kMaxBytes) {
    std::filesystem::rename(path_, path_ + ".1", error);
    size_ = 0;
  }
  file_.reset(std::fopen(path_.c_str(), "ae"));
}

void RecoveryLog::Logv(const char* format, va_list arguments) {
  Logv(rocksdb::InfoLogLevel::INFO_LEVEL, format, arguments);
}

void RecoveryLog::Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) {
  if (level < GetInfoLogLevel()) return;
  char line[2048];
  std::vsnprintf(line, sizeof line, format, arguments);
  const std::lock_guard lock(mutex_);
  ReadAlong(line);
  Write(line);
}

void RecoveryLog::Write(std::string_view line) {
  if (!file_) return;
  const std::string stamped = FormatTime(SystemClock().Now()) + " " + std::string(line) + "\n";
  std::fwrite(stamped.data(), 1, stamped.size(), file_.get());
  if (std::fflush(file_.get()) != 0) {
    // What is still in the buffer would be tried again at every line.
    file_.reset();
    return Open();
  }
  size_ += stamped.size();
  if (size_ > kMaxBytes) Open();
}

void RecoveryLog::ReadAlong(std::string_view text) {
  if (!opening_) return;
  if (text.find(kRecovering) != text.npos) ++recovery_.logs;
  if (text.find(kDropping) != text.npos) recovery_.dropped.emplace_back(text);
}

RecoveryLog::Recovery RecoveryLog::TakeRecovery() {
  const std::lock_guard lock(mutex_);
  opening_ = false;
  return std::move(recovery_);
}

}  // namespace cluehound::store
