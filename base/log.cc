#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

#include "base/text.h"

namespace cluehound {
namespace {

spdlog::logger& Logger() {
  // Never destroyed: threads may log while the program ends.
  static spdlog::logger* const logger = [] {
    auto* made = new spdlog::logger("cluehound", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    return made;
  }();
  return *logger;
}

// A page's text must not forge log lines or drive a terminal.
std::string Clean(std::string_view message) {
  std::string out;
  for (size_t pos = 0; pos < message.size();) {
    const char32_t c = DecodeUtf8(message, pos);
    if (c == '\n') {
      out += "\\n";
    } else if (c >= 0x20 && !(c >= 0x7F && c < 0xA0)) {
      AppendUtf8(out, c);
    }
  }
  return out;
}

}  // namespace

void LogInfo(std::string_view message) { Logger().info("{}", Clean(message)); }
void LogWarning(std::string_view message) { Logger().warn("{}", Clean(message)); }
void LogError(std::string_view message) { Logger().error("{}", Clean(message)); }
void SetLogQuiet(bool quiet) {
  Logger().set_level(quiet ? spdlog::level::warn : spdlog::level::info);
}

}  // namespace cluehound
