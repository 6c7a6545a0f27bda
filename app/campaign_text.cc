#include "app/campaign_text.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/terminal.h"
#include "base/join.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

void EndLine(std::string& out) {
  while (out.ends_with(' ')) out.pop_back();
  out += '\n';
}

std::string Number(const Json& figures, const char* key) {
  if (!figures.is_object() || !figures.contains(key)) return "-";
  const Json& value = figures[key];
  if (!value.is_number_float()) return std::to_string(value.get<int64_t>());
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value.get<double>());
  return text;
}

// "+63%"; empty when there is nothing to compare with.
std::string Change(const Json& a, const Json& b, const char* key) {
  if (!a.contains(key) || !b.contains(key)) return "";
  const double from = a[key].get<double>(), to = b[key].get<double>();
  if (from == 0) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%+.0f%%", (to - from) * 100 / from);
  return text;
}

std::string Joined(const Json& names) {
  const std::string text =
      Join(names, "、", [](const Json& name) { return name.get<std::string>(); });
  return text.empty() ? "无" : text;
}

std::string RunText(const Json& run) {
  return run.value("first", "") + " 至 " + run.value("last", "") + "，对齐日 " +
         run.value("day", "") + (run.value("cut", false) ? "（线索过多，只计了一部分）" : "");
}

struct Measure {
  const char* key;
  const char* title;
};
constexpr Measure kMeasures[] = {
    {"listings", "采集条目"}, {"leads", "新线索"},    {"leads_per_10000", "每万条目"},
    {"decided", "已处置"},    {"filed", "立案"},      {"platform", "平台处置"},
    {"taken_down", "已下架"}, {"ruled_out", "已排除"}};
// Of a day: those that fit side by side.
constexpr Measure kOfDay[] = {{"listings", "条目"},
                              {"leads", "线索"},
                              {"leads_per_10000", "每万"},
                              {"filed", "立案"},
                              {"taken_down", "下架"}};

constexpr Measure kOfRerun[] = {
    {"listings", "条目版本"}, {"leads", "命中条目"}, {"leads_per_10000", "每万条目"}};

}  // namespace

std::string RenderComparison(const std::vector<std::string>& lines, const std::string& a,
                             const std::string& b, int columns) {
  if (lines.size() < 2) return "";
  const Json head = Json::parse(lines[0], nullptr, false);
  const Json total = Json::parse(lines[1], nullptr, false);
  std::string out = "A  " + Cut(a, columns - 3) + "\n   " + RunText(head["a"]) + "\nB  " +
                    Cut(b, columns - 3) + "\n   " + RunText(head["b"]) + "\n";
  std::string sources = "共同采集源：" + Joined(head["sources"]);
  AppendFlowed(out, Printable(sources), 12, 0, columns);
  out += "\n" + Cell("", 14) + Cell("A", 14) + Cell("B", 14) + "变化\n";
  for (const Measure& measure : kMeasures) {
    out += Cell(measure.title, 14) + Cell(Number(total["a"], measure.key), 14) +
           Cell(Number(total["b"], measure.key), 14) + Change(total["a"], total["b"], measure.key);
    EndLine(out);
  }
  for (size_t i = 2; i < lines.size(); ++i) {
    const Json rerun = Json::parse(lines[i], nullptr, false);
    if (rerun.value("kind", "") != "rerun") continue;
    out += "\n同一规则集 " + rerun.value("rule_set", "").substr(0, 12) +
           " 复算两段存档（条目按版本计，不看整页）\n";
    for (const Measure& measure : kOfRerun) {
      out += Cell(measure.title, 14) + Cell(Number(rerun["a"], measure.key), 14) +
             Cell(Number(rerun["b"], measure.key), 14) +
             Change(rerun["a"], rerun["b"], measure.key);
      EndLine(out);
    }
  }
  out += "\n" + Cell("距当日", 8);
  for (const char* run : {"A ", "B "}) {
    for (const Measure& measure : kOfDay) out += Cell(std::string(run) + measure.title, 9);
  }
  EndLine(out);
  for (size_t i = 2; i < lines.size(); ++i) {
    const Json day = Json::parse(lines[i], nullptr, false);
    if (day.value("kind", "") != "day") continue;
    out += Cell(std::to_string(day.value("offset", 0)), 8);
    for (const char* run : {"a", "b"}) {
      for (const Measure& measure : kOfDay)
        out += Cell(Number(day.value(run, Json()), measure.key), 9);
    }
    EndLine(out);
  }
  out += "\n";
  AppendFlowed(out, head.value("counts", ""), 0, 0, columns);
  return out;
}

}  // namespace cluehound::app
