#include "base/log.h"

#include <fstream>

#include "base/clock.h"
#include "tests/testing/testing.h"

namespace cluehound {
namespace {

// The log of the test in a file, until it is over.
class LogFile {
 public:
  explicit LogFile(LogSettings settings = {}) {
    settings.file = path();
    REQUIRE_OK(SetLog(settings));
  }
  ~LogFile() { SetLog({}).IgnoreError("stderr can be had"); }
  std::filesystem::path path() const { return dir_.path() / "sub" / "test.log"; }
  std::string Read() const { return testing::Slurp(path()); }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path().parent_path()))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  testing::TempDir dir_;
};

TEST_CASE("ours: a line is a sentence with name=value, quoted where it must be") {
  LogFile log;
  LogWarning(
      "host is left alone",
      {{"host", "shop.example"}, {"why", "status 503, \"busy\""}, {"none", ""}, {"a", "b=c"}});
  const std::string line = log.Read();
  CHECK(
      line.ends_with(" warning host is left alone host=shop.example why=\"status 503, "
                     "\\\"busy\\\"\" none=\"\" a=\"b=c\"\n"));
  CHECK(ParseTime(line.substr(0, 23) + "Z"));
}

TEST_CASE("ours: nothing from a page forges a line or drives a terminal, in either format") {
  for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
    LogSettings settings;
    settings.format = format;
    LogFile log(settings);
    LogInfo("a\nb\x1b[31m\xff", {{"u", "x\ny\r\x07"}});
    const std::string text = log.Read();
    INFO(text);
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
    CHECK(text.find('\xff') == std::string::npos);
  }
}

TEST_CASE("ours: as JSON, a line is an object") {
  LogSettings settings;
  settings.format = LogFormat::kJson;
  LogFile log(settings);
  LogError("cannot \"write\"", {{"file", "C:\\x"}});
  const std::string line = log.Read();
  INFO(line);
  CHECK(line.starts_with("{\"time\":\"20"));
  CHECK(line.ends_with(
      "\",\"level\":\"error\",\"message\":\"cannot \\\"write\\\"\",\"file\":\"C:\\\\x\"}\n"));
}

TEST_CASE("ours: a full file is set aside by its day, old ones are dropped, and no line is lost") {
  LogSettings settings;
  settings.max_bytes = 1000;
  settings.keep_days = 10;
  LogFile log(settings);
  const auto folder = log.path().parent_path();
  std::ofstream(folder / "test-2001-01-01.1.log") << "old";
  std::ofstream(folder / "test-2001-01-01.1.txt") << "not ours";
  std::ofstream(folder / "other-2001-01-01.1.log") << "not ours";
  for (int i = 0; i < 50; ++i) LogInfo("line " + std::to_string(i) + std::string(40, '.'));
  const std::string today = FormatDay(SystemClock().Now());
  const auto names = log.Names();
  const auto has = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  CHECK(has("test-" + today + ".1.log"));
  CHECK(has("test-" + today + ".2.log"));
  CHECK_FALSE(has("test-2001-01-01.1.log"));
  CHECK(has("test-2001-01-01.1.txt"));
  CHECK(has("other-2001-01-01.1.log"));
  size_t lines = 0;
  for (const std::string& name : names) {
    if (!name.starts_with("test") || !name.ends_with(".log")) continue;
    const std::string text = testing::Slurp(folder / name);
    CHECK(text.size() <= 1000);
    lines += static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  CHECK(lines == 50);
}

TEST_CASE("ours: a file of yesterday is set aside before the first line of today") {
  testing::TempDir dir;
  LogSettings settings;
  settings.file = dir.path() / "a.log";
  std::ofstream(settings.file) << "yesterday\n";
  const auto before = std::filesystem::file_time_type::clock::now() - std::chrono::hours(24);
  std::filesystem::last_write_time(settings.file, before);
  REQUIRE_OK(SetLog(settings));
  LogInfo("today");
  REQUIRE_OK(SetLog({}));
  const std::string day = FormatDay(SystemClock().Now() - std::chrono::hours(24));
  CHECK(testing::Slurp(dir.path() / ("a-" + day + ".1.log")) == "yesterday\n");
  CHECK(testing::Slurp(settings.file).find("today") != std::string::npos);
}

TEST_CASE("ours: a log that cannot be written is refused, and the one before stays") {
  LogFile log;
  LogSettings bad;
  bad.file = "/proc/no/such/file.log";
  CHECK_FALSE(SetLog(bad).ok());
  LogInfo("still here");
  CHECK(log.Read().find("still here") != std::string::npos);
}

}  // namespace
}  // namespace cluehound
