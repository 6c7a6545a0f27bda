#include "app/crawl_report.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <deque>

#include "app/terminal.h"
#include "base/outcome.h"
#include "base/text.h"

namespace cluehound::app {
namespace {

std::string Padded(std::string_view text, int width) {
  std::string out(text);
  out.append(static_cast<size_t>(std::max(0, width - DisplayWidth(text))), ' ');
  return out;
}

std::string Number(uint64_t n, int width) {
  std::string digits = std::to_string(n);
  return std::string(static_cast<size_t>(std::max<int>(0, width - static_cast<int>(digits.size()))),
                     ' ') +
         digits;
}

std::string OneDecimal(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f", value);
  return buffer;
}

}  // namespace

std::string RenderCrawlReport(const CrawlFigures& figures, double seconds) {
  std::string out = "采集结果\n";
  uint64_t total = 0;
  for (const OutcomeInfo& info : AllOutcomes()) {
    const uint64_t n = figures.outcomes[static_cast<size_t>(info.outcome)];
    total += n;
    if (n > 0) out += "  " + Padded(info.name, 20) + Padded(info.chinese, 30) + Number(n, 9) + "\n";
  }
  out += "  " + Padded("total", 20) + Padded("合计", 30) + Number(total, 9) + "\n";
  const double rate = seconds > 0 ? static_cast<double>(total) / seconds : 0;
  out += "用时 " + OneDecimal(seconds) + " 秒，每秒 " + OneDecimal(rate) + " 页；请求 " +
         std::to_string(figures.fetch.requests) + " 次，收到 " +
         OneDecimal(static_cast<double>(figures.fetch.bytes) / 1e6) + " MB\n";
  out += "读出条目 " + std::to_string(figures.listings) + " 个；新线索 " +
         std::to_string(figures.new_leads) + " 条，有变化 " +
         std::to_string(figures.changed_leads) + " 条，发现记录 " +
         std::to_string(figures.sightings) + " 条\n";
  static constexpr std::string_view kTraps[crawler::kTrapCount] = {"过长", "重复", "日历",
                                                                   "无新内容"};
  std::string traps;
  for (size_t i = 0; i < figures.traps.size(); ++i) {
    if (figures.traps[i] > 0)
      traps += "，" + std::string(kTraps[i]) + " " + std::to_string(figures.traps[i]) + " 个";
  }
  if (!traps.empty()) out += "未跟踪的陷阱链接：" + traps.substr(std::string("，").size()) + "\n";
  if (figures.rematched_pages > 0) {
    out +=
        "规则更新后重新匹配页面 " + std::to_string(figures.rematched_pages) + " 个（未重新采集）\n";
  }
  return out;
}

std::string RenderProgress(const CrawlFigures& figures, double seconds, double pages_per_second,
                           uint64_t known, int columns) {
  const uint64_t done = figures.fetch.finished;
  uint64_t failed = 0;
  for (const OutcomeInfo& info : AllOutcomes()) {
    const bool fine = info.outcome == Outcome::kOk || info.outcome == Outcome::kNotModified;
    if (!fine) failed += figures.outcomes[static_cast<size_t>(info.outcome)];
  }
  std::string line = std::to_string(done) + " pages, " + OneDecimal(pages_per_second) + "/s, " +
                     std::to_string(figures.fetch.leased) + " queued, " +
                     std::to_string(figures.fetch.in_flight) + " in flight, " +
                     std::to_string(failed) + " not read, " + std::to_string(figures.listings) +
                     " listings, " + std::to_string(figures.new_leads) + " new leads, " +
                     FormatDuration(std::chrono::seconds(static_cast<int64_t>(seconds)));
  if (known > done && pages_per_second > 0) {
    const double left = static_cast<double>(known - done) / pages_per_second;
    line += ", at most " + FormatDuration(std::chrono::seconds(static_cast<int64_t>(left) + 1)) +
            " to go";
  }
  constexpr int kBar = 20;
  if (known > 0 && columns >= DisplayWidth(line) + kBar + 3) {
    const int full = static_cast<int>(std::min(done, known) * kBar / known);
    line = "[" + std::string(static_cast<size_t>(full), '#') +
           std::string(static_cast<size_t>(kBar - full), '.') + "] " + line;
  }
  return line;
}

ProgressLine::ProgressLine(const CrawlRun& run, store::Store& store)
    : run_(run),
      store_(store),
      terminal_(::isatty(STDERR_FILENO) != 0),
      thread_([this] { Loop(); }) {}

ProgressLine::~ProgressLine() {
  stopping_ = true;
  thread_.join();
  if (terminal_) std::fprintf(stderr, "\r\033[K");
}

void ProgressLine::Loop() {
  using Steady = std::chrono::steady_clock;
  const auto started = Steady::now();
  const auto interval =
      terminal_ ? std::chrono::milliseconds(500) : std::chrono::milliseconds(10000);
  auto next = started + interval;
  // The rate of the last half minute: what was long ago says little of what comes.
  std::deque<std::pair<double, uint64_t>> marks = {{0, 0}};
  while (!stopping_) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (Steady::now() < next) continue;
    next += interval;
    const CrawlFigures figures = run_.figures();
    const double seconds = std::chrono::duration<double>(Steady::now() - started).count();
    marks.emplace_back(seconds, figures.fetch.finished);
    while (marks.size() > 2 && marks.front().first < seconds - 30) marks.pop_front();
    const double rate = static_cast<double>(figures.fetch.finished - marks.front().second) /
                        (seconds - marks.front().first);
    const auto stats = store_.Stats();
    const std::string line = RenderProgress(figures, seconds, rate,
                                            stats.ok() ? stats->addresses : 0, TerminalColumns());
    std::fprintf(stderr, "%s%s%s", terminal_ ? "\r\033[K" : "", line.c_str(),
                 terminal_ ? "" : "\n");
  }
}

}  // namespace cluehound::app
