#include "triage/statutory_line.h"

#include <algorithm>

#include "base/yaml.h"

namespace cluehound::triage {
namespace {

constexpr int64_t kMaxYuan = 1'000'000'000'000;

StatutoryLine ReadLine(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "statutory line");
  StatutoryLine line;
  line.id = map.RequiredText("id");
  line.name = map.RequiredText("name");
  line.yuan = map.Integer("yuan", 0, 1, kMaxYuan);
  if (!map.Has("yuan")) map.Error("yuan", "missing-key", "a statutory line needs its yuan");
  line.categories = map.Texts("categories");
  if (line.categories.empty())
    map.Error("categories", "missing-key", "a statutory line needs the categories it speaks of");
  line.marks = static_cast<int>(map.Integer("marks", 1, 1, 1000));
  line.referral = map.Choice("use", "penalty", {"penalty", "referral"}) == "referral";
  line.basis = map.RequiredText("basis");
  line.from = map.Day("from");
  line.to = map.Day("to");
  line.certainty = map.Choice("certainty", "unverified", {"verified", "unverified"});
  map.Finish();
  return line;
}

}  // namespace

std::vector<StatutoryLine> ParseStatutoryLines(std::string_view text, const std::string& file,
                                               Diagnostics& diagnostics) {
  std::vector<StatutoryLine> lines;
  const auto root = ParseYaml(text, file, diagnostics);
  if (!root) return lines;
  YamlMap top(*root, diagnostics, "the file of statutory lines");
  top.Each("lines", [&](const YamlNode& node) {
    StatutoryLine line = ReadLine(node, diagnostics);
    const bool known = std::any_of(lines.begin(), lines.end(),
                                   [&](const StatutoryLine& other) { return other.id == line.id; });
    if (known) {
      diagnostics.Error("duplicate-line", node.where,
                        "the line \"" + line.id + "\" stands here a second time");
    } else {
      lines.push_back(std::move(line));
    }
  });
  top.Finish();
  return lines;
}

std::vector<StatutoryLine> LinesReached(const std::vector<StatutoryLine>& lines,
                                        std::string_view category, int64_t cents, size_t marks,
                                        Instant at) {
  std::vector<StatutoryLine> reached;
  for (const StatutoryLine& line : lines) {
    const bool speaks = std::find(line.categories.begin(), line.categories.end(), category) !=
                        line.categories.end();
    const bool holds = (!line.from || *line.from <= at) && (!line.to || at < *line.to);
    if (speaks && holds && static_cast<size_t>(line.marks) <= marks && cents / 100 >= line.yuan)
      reached.push_back(line);
  }
  return reached;
}

}  // namespace cluehound::triage
