#include "crawler/new_campaign.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>

#include "base/text.h"
#include "base/work_calendar.h"
#include "base/yaml.h"

namespace cluehound::crawler {
namespace {

constexpr size_t kMaxName = 60;    // characters
constexpr size_t kMaxBasis = 300;  // characters
constexpr size_t kMaxDates = 30;   // of an open campaign

// Characters of a text of one line; nothing when it is none.
std::optional<size_t> Characters(std::string_view text) {
  if (!IsValidUtf8(text)) return std::nullopt;
  size_t count = 0;
  for (size_t pos = 0; pos < text.size(); ++count) {
    const char32_t c = DecodeUtf8(text, pos);
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029) return std::nullopt;
  }
  return count;
}

std::optional<double> Number(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const bool plain = !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos;
  return plain && end == text.c_str() + text.size() ? std::optional(number) : std::nullopt;
}

class Checking {
 public:
  Checking(const NewCampaign& campaign, const Campaigns& known)
      : campaign_(campaign), known_(known) {}

  std::vector<FieldProblem> Run() {
    CheckId();
    CheckLine("name", campaign_.name, kMaxName);
    if (TrimAscii(campaign_.name).empty()) Add("name", "写上名称，例如“风筝会专项”");
    CheckDates();
    CheckDays("lead_in", campaign_.lead_in);
    CheckDays("tail", campaign_.tail);
    CheckDays("prepare", campaign_.prepare);
    CheckFactors();
    CheckWeights();
    CheckLine("basis", campaign_.basis, kMaxBasis);
    if (!campaign_.certainty.empty() && campaign_.certainty != "verified" &&
        campaign_.certainty != "unverified")
      Add("certainty", "只能是 verified（已核实）或 unverified（未核实）");
    return std::move(problems_);
  }

 private:
  void Add(std::string field, std::string text) {
    problems_.push_back({std::move(field), std::move(text)});
  }

  void CheckId() {
    if (!IsCampaignId(campaign_.id))
      return Add("campaign", "编号用 1 至 64 个字母、数字、“-”“_”“.”，例如 kite-fair");
    for (const Campaign& other : known_.all()) {
      if (other.id == campaign_.id)
        Add("campaign", "编号 " + campaign_.id + " 已经有了：" + other.name);
    }
  }

  void CheckLine(const char* field, const std::string& text, size_t max) {
    const auto characters = Characters(text);
    if (!characters) return Add(field, "不能有换行或控制字符");
    if (*characters > max) Add(field, "最多 " + std::to_string(max) + " 字");
  }

  void AddNoDate(const std::string& text) {
    Add("dates", "“" + text + "”不是日期；写 2027-04-20 或 2027-04-20..2027-04-25，最长一年");
  }

  void CheckDates() {
    const std::string& kind = campaign_.kind;
    if (kind != "fixed" && kind != "yearly" && kind != "lunar" && kind != "open")
      return Add("kind",
                 "选择日期类型：fixed 一次、yearly 每年公历、lunar 每年农历、open 每年另定");
    if (campaign_.dates.empty()) {
      if (kind == "open") return;
      return Add("dates", "写上日期");
    }
    if (kind == "open") return CheckOpen();
    if (campaign_.dates.size() > 1) return Add("dates", "只能有一段日期；每年不同的选“每年另定”");
    const std::string& text = campaign_.dates.front();
    if (kind == "fixed") {
      if (!ParseDaySpan(text)) AddNoDate(text);
    } else if (!ParseMonthDays(text, kind == "lunar")) {
      Add("dates",
          "“" + text + "”不是每年都有的月日；写 " +
              (kind == "lunar" ? "08-15 或 01-01..01-15（农历）" : "05-01 或 05-01..05-05"));
    }
  }

  void CheckOpen() {
    if (campaign_.dates.size() > kMaxDates)
      return Add("dates", "最多 " + std::to_string(kMaxDates) + " 段日期");
    std::map<int, std::string> years;
    for (const std::string& text : campaign_.dates) {
      const auto span = ParseDaySpan(text);
      if (!span) {
        AddNoDate(text);
        continue;
      }
      const int year = OfficeYear(span->first);
      if (!years.emplace(year, text).second)
        Add("dates", std::to_string(year) + " 年已有一段日期：" + years[year]);
    }
  }

  void CheckDays(const char* field, const std::string& text) {
    if (text.empty()) return;
    const auto days = ParseInt(text);
    if (!days || *days < 0 || *days > kMaxMarginDays)
      Add(field, "天数是 0 至 " + std::to_string(kMaxMarginDays) + " 的整数");
  }

  void CheckFactors() {
    std::map<std::string, int> named;
    for (const auto& [source, factor] : campaign_.factors) {
      if (++named[source] == 2) Add("factors", "采集源 " + source + " 写了两次");
      const auto number = Number(factor);
      if (!number || *number < 1 || *number > kMaxFactor)
        Add("factors",
            source + " 的倍数是 1 至 " + std::to_string(static_cast<int>(kMaxFactor)) + " 的数");
    }
  }

  void CheckWeights() {
    std::map<std::string, int> named;
    for (const auto& [pack, points] : campaign_.weights) {
      if (++named[pack] == 2) Add("weights", "规则包 " + pack + " 写了两次");
      const auto number = ParseInt(points);
      if (!number || *number < 1 || *number > kMaxPoints)
        Add("weights", pack + " 的加分是 1 至 " + std::to_string(kMaxPoints) + " 的整数");
    }
  }

  const NewCampaign& campaign_;
  const Campaigns& known_;
  std::vector<FieldProblem> problems_;
};

// What would be no text.
bool IsWordOfYaml(std::string_view text) {
  static constexpr std::string_view kWords[] = {"true", "false", "yes", "no", "on", "off", "null"};
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [text](std::string_view word) { return EqualsIgnoreAsciiCase(text, word); });
}

// Plain where nothing in it means something to YAML; else quoted.
std::string YamlText(std::string_view text) {
  const bool plain = text.find_first_of(":#{}[],&*!|>'\"%@`\\") == std::string_view::npos &&
                     text.find_first_not_of("0123456789.+-~ ") != std::string_view::npos &&
                     text.front() != '-' && text.front() != '?' && TrimAscii(text) == text &&
                     !IsWordOfYaml(text);
  return plain ? std::string(text) : QuotedYaml(text);
}

using Lines = std::vector<std::pair<std::string, std::string>>;  // key and its value, in flow style

std::string Certainty(const NewCampaign& campaign) {
  return campaign.certainty == "verified" ? "verified" : "unverified";
}

// Those that are alike stand together: "[{ids: [a, b], factor: 2}]".
std::string Grouped(const std::vector<std::pair<std::string, std::string>>& pairs,
                    const char* names, const char* value) {
  std::vector<std::pair<std::string, std::string>> groups;  // value and names
  for (const auto& [name, of] : pairs) {
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&of = of](const auto& g) { return g.first == of; });
    if (group == groups.end()) group = groups.insert(groups.end(), {of, ""});
    group->second += (group->second.empty() ? "" : ", ") + YamlText(name);
  }
  std::string list;
  for (const auto& [of, named] : groups) {
    list += (list.empty() ? "{" : ", {") + std::string(names) + ": [" + named + "], " + value +
            ": " + of + "}";
  }
  return "[" + list + "]";
}

std::string Occasions(const NewCampaign& campaign) {
  if (campaign.kind != "open") return campaign.dates.front();
  std::string list;
  for (const std::string& date : campaign.dates) {
    list += (list.empty() ? "{on: " : ", {on: ") + date;
    if (!campaign.basis.empty()) list += ", basis: " + YamlText(campaign.basis);
    list += ", certainty: " + Certainty(campaign) + "}";
  }
  return "[" + list + "]";
}

Lines LinesOf(const NewCampaign& campaign) {
  Lines lines = {{"id", campaign.id},
                 {"name", YamlText(TrimAscii(campaign.name))},
                 {campaign.kind, Occasions(campaign)}};
  const std::pair<const char*, const std::string&> margins[] = {
      {"lead_in", campaign.lead_in}, {"tail", campaign.tail}, {"prepare", campaign.prepare}};
  for (const auto& [key, days] : margins) {
    if (!days.empty()) lines.emplace_back(key, days);
  }
  if (!campaign.factors.empty())
    lines.emplace_back("sources", Grouped(campaign.factors, "ids", "factor"));
  if (!campaign.weights.empty())
    lines.emplace_back("weights", Grouped(campaign.weights, "packs", "points"));
  if (!campaign.basis.empty()) lines.emplace_back("basis", YamlText(campaign.basis));
  lines.emplace_back("certainty", Certainty(campaign));
  return lines;
}

}  // namespace

std::vector<FieldProblem> ProblemsOf(const NewCampaign& campaign, const Campaigns& known) {
  return Checking(campaign, known).Run();
}

std::string BlockItem(const NewCampaign& campaign, size_t indent) {
  std::string item;
  for (const auto& [key, value] : LinesOf(campaign)) {
    if (!item.empty()) item += "\n" + std::string(indent + 2, ' ');
    item += key + ": " + value;
  }
  return item;
}

std::string FlowItem(const NewCampaign& campaign) {
  std::string item;
  for (const auto& [key, value] : LinesOf(campaign))
    item += (item.empty() ? "{" : ", ") + key + ": " + value;
  return item + "}";
}

}  // namespace cluehound::crawler
