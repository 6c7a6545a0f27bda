#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/status.h"

// What the benches of the store measure with.
namespace cluehound::bench {

using Stopwatch = std::chrono::steady_clock;

inline double Since(Stopwatch::time_point start) {
  return std::chrono::duration<double>(Stopwatch::now() - start).count();
}

// Seconds of processor time that the threads of this process have used whose names begin so.
inline double ThreadSeconds(const std::string& name) {
  double ticks = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream comm_file(task.path() / "comm");
    std::string comm;
    std::getline(comm_file, comm);
    if (!comm.starts_with(name)) continue;
    std::ifstream stat_file(task.path() / "stat");
    std::string stat;
    std::getline(stat_file, stat);
    std::string rest = stat.substr(stat.rfind(')') + 2);
    size_t at = 0;
    for (int field = 0; field < 11; ++field) at = rest.find(' ', at) + 1;
    ticks += std::strtod(rest.c_str() + at, nullptr);
    at = rest.find(' ', at) + 1;
    ticks += std::strtod(rest.c_str() + at, nullptr);
  }
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

// "VmRSS": now; "VmHWM": the most there was.
inline size_t MemoryMiB(const std::string& what = "VmRSS") {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(what + ":"))
      return std::strtoul(line.c_str() + what.size() + 1, nullptr, 10) / 1024;
  }
  return 0;
}

// Of files that another thread may delete meanwhile.
inline uint64_t BytesBelow(const std::filesystem::path& folder) {
  uint64_t bytes = 0;
  std::error_code gone;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file(gone)) continue;
    const uint64_t size = entry.file_size(gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

// Seconds that each of many like things took.
class Latencies {
 public:
  void Add(double seconds) { seconds_.push_back(seconds); }
  size_t size() const { return seconds_.size(); }
  // "p50 0.12, p99 0.8, max 3.1 ms"
  std::string Text() {
    if (seconds_.empty()) return "none";
    std::sort(seconds_.begin(), seconds_.end());
    const auto at = [&](double part) {
      return 1000 * seconds_[static_cast<size_t>(part * static_cast<double>(seconds_.size() - 1))];
    };
    char text[100];
    std::snprintf(text, sizeof text, "p50 %.3f, p99 %.3f, p99.9 %.3f, max %.1f ms", at(0.5),
                  at(0.99), at(0.999), at(1));
    return text;
  }

 private:
  std::vector<double> seconds_;
};

inline void Must(const Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", ToString(status).c_str());
  std::exit(3);
}

}  // namespace cluehound::bench
