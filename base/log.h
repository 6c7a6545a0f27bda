#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/status.h"

// The program's log: lines with time and level, on stderr or in a file. Thread-safe. Never a secret, never raw bytes of
// a page: what comes from the network is printed as valid UTF-8 without control characters.
namespace cluehound {

// What a line says beside its sentence: name=value, or a member of the JSON object.
struct LogField {
  std::string_view name;  // lower case, "_" between words
  std::string value;
};
using LogFields = std::initializer_list<LogField>;

void LogInfo(std::string_view message, LogFields fields = {});
void LogWarning(std::string_view message, LogFields fields = {});
void LogError(std::string_view message, LogFields fields = {});

// Only warnings and errors, for commands whose stdout is what people wait for.
void SetLogQuiet(bool quiet);

enum class LogFormat { kText, kJson };
struct LogSettings {
  LogFormat format = LogFormat::kText;
  std::filesystem::path file;  // empty: stderr
  uint64_t max_bytes =
      64u << 20;       // then, and when a day begins, the file is set aside as NAME-DAY.N.log
  int keep_days = 30;  // files set aside are kept so long
};
// Of the whole program, from now on. Fails when the file cannot be written; the log then stays where it was.
Status SetLog(const LogSettings& settings);

}  // namespace cluehound
