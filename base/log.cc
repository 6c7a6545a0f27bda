#include "base/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/text.h"

namespace cluehound {
namespace {

// A file that is set aside when it is full or its day is over. What cannot be written is lost: a full disk must not
// stop the program.
class RotatedFile final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit RotatedFile(const LogSettings& settings) : settings_(settings) {}
  ~RotatedFile() override {
    if (file_ != nullptr) std::fclose(file_);
  }

  Status Open() {
    std::error_code error;
    std::filesystem::create_directories(settings_.file.parent_path(), error);
    file_ = std::fopen(settings_.file.c_str(), "ae");
    if (file_ == nullptr) {
      return Status::Unavailable("log file " + settings_.file.string() + ": " +
                                 std::strerror(errno));
    }
    const auto size = std::filesystem::file_size(settings_.file, error);
    size_ = error ? 0 : size;
    const auto changed = std::filesystem::last_write_time(settings_.file, error);
    const auto age = std::filesystem::file_time_type::clock::now() - changed;
    day_ = FormatDay(SystemClock().Now());
    if (size_ > 0 && !error) {
      day_ = FormatDay(SystemClock().Now() - std::chrono::duration_cast<Duration>(age));
    }
    return Status::Ok();
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    const std::string today = FormatDay(SystemClock().Now());
    if (size_ > 0 && (today != day_ || size_ + line.size() > settings_.max_bytes)) SetAside();
    day_ = today;
    if (file_ == nullptr) return;
    size_ += std::fwrite(line.data(), 1, line.size(), file_);
    std::fflush(file_);
  }
  void flush_() override {
    if (file_ != nullptr) std::fflush(file_);
  }

  std::filesystem::path Aside(int number) const {
    return settings_.file.parent_path() /
           (settings_.file.stem().string() + "-" + day_ + "." + std::to_string(number) +
            settings_.file.extension().string());
  }

  void SetAside() {
    int number = 1;
    std::error_code error;
    while (std::filesystem::exists(Aside(number), error)) ++number;
    if (file_ != nullptr) std::fclose(file_);
    std::filesystem::rename(settings_.file, Aside(number), error);
    file_ = std::fopen(settings_.file.c_str(), "ae");
    size_ = 0;
    DropOld();
  }

  void DropOld() const {
    const std::string first =
        FormatDay(SystemClock().Now() - std::chrono::hours(24) * settings_.keep_days);
    const std::string prefix = settings_.file.stem().string() + "-";
    std::error_code error;
    for (const auto& entry :
         std::filesystem::directory_iterator(settings_.file.parent_path(), error)) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with(prefix) || entry.path().extension() != settings_.file.extension()) {
        continue;
      }
      const std::string day = name.substr(prefix.size(), first.size());
      std::error_code ignored;
      if (ParseDay(day) && day < first) std::filesystem::remove(entry.path(), ignored);
    }
  }

  const LogSettings settings_;
  std::FILE* file_ = nullptr;
  uint64_t size_ = 0;
  std::string day_;
};

std::atomic<LogFormat> format{LogFormat::kText};

void SetPattern(spdlog::logger& logger) {
  logger.set_pattern(format == LogFormat::kJson
                         ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})"
                         : "%Y-%m-%dT%H:%M:%S.%e%z %l %v");
}

spdlog::logger& Logger() {
  // Never destroyed: threads may log while the program ends.
  static spdlog::logger* const logger = [] {
    auto* made = new spdlog::logger("cluehound", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    SetPattern(*made);
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

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : Clean(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// A value without blanks, quotes and "=" needs no quotes.
std::string Value(std::string_view value) {
  const bool plain = !value.empty() && value.find_first_of(" \"\\=\n") == std::string_view::npos;
  return plain ? Clean(value) : Quoted(value);
}

std::string Line(std::string_view message, LogFields fields) {
  if (format == LogFormat::kJson) {
    std::string line = "\"message\":" + Quoted(message);
    for (const LogField& field : fields) {
      line += ",\"" + std::string(field.name) + "\":" + Quoted(field.value);
    }
    return line;
  }
  std::string line = Clean(message);
  for (const LogField& field : fields)
    line += " " + std::string(field.name) + "=" + Value(field.value);
  return line;
}

}  // namespace

void LogInfo(std::string_view message, LogFields fields) {
  Logger().info("{}", Line(message, fields));
}
void LogWarning(std::string_view message, LogFields fields) {
  Logger().warn("{}", Line(message, fields));
}
void LogError(std::string_view message, LogFields fields) {
  Logger().error("{}", Line(message, fields));
}
void SetLogQuiet(bool quiet) {
  Logger().set_level(quiet ? spdlog::level::warn : spdlog::level::info);
}

Status SetLog(const LogSettings& settings) {
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (settings.file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    auto file = std::make_shared<RotatedFile>(settings);
    RETURN_IF_ERROR(file->Open());
    sink = std::move(file);
  }
  format = settings.format;
  Logger().sinks() = {std::move(sink)};
  SetPattern(Logger());
  return Status::Ok();
}

}  // namespace cluehound
