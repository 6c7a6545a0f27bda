#include "app/campaign_add.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/campaign_check.h"
#include "base/diagnostic.h"
#include "base/file.h"
#include "base/text.h"
#include "base/work_calendar.h"
#include "crawler/campaign_plan.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;
using crawler::FieldProblem;

constexpr size_t kWindowsShown = 3;
constexpr int kYearsAhead = 5;

// The campaign alone, as the file will have it. REQUIRES: it has no problems.
crawler::Campaigns Alone(const crawler::NewCampaign& campaign) {
  Diagnostics diagnostics;
  return crawler::Campaigns::Parse("campaigns:\n  - " + BlockItem(campaign, 2), "", diagnostics);
}

// What only the rest of the configuration knows.
void CheckNames(const Config& config, const crawler::NewCampaign& campaign,
                CampaignPreview& preview) {
  std::vector<FieldProblem>& problems = preview.problems;
  std::vector<std::string_view> sources = {crawler::kAllSources};
  for (const crawler::SourceSettings& source : config.sources) sources.push_back(source.id);
  for (const auto& [source, factor] : campaign.factors) {
    if (std::find(sources.begin(), sources.end(), source) == sources.end())
      problems.push_back({"factors", "采集源 " + source + " 不在配置里"});
  }
  const std::vector<std::string_view> known(preview.packs.begin(), preview.packs.end());
  for (const auto& [pack, points] : campaign.weights) {
    if (std::find(known.begin(), known.end(), pack) != known.end()) continue;
    const std::string_view closest = ClosestWord(pack, known);
    problems.push_back(
        {"weights", "没有规则包 " + pack +
                        (closest.empty() ? "" : "，是不是 " + std::string(closest) + "？")});
  }
}

std::string FieldOf(const std::string& check) {
  if (check == "missing-date") return "dates";
  return check == "too-many-pages" || check == "unknown-source" ? "factors" : "weights";
}

std::vector<FieldProblem> HintsOf(const Config& config, const rules::RuleSet& rules,
                                  const crawler::Campaigns& alone, Instant now) {
  CampaignCheckInput input;
  input.config = &config;
  input.campaigns = &alone;
  input.rules = &rules;
  input.now = now;
  std::vector<FieldProblem> hints;
  for (const CampaignFinding& finding : CheckCampaigns(input).findings) {
    if (!finding.campaign.empty()) hints.push_back({FieldOf(finding.kind), finding.text});
  }
  return hints;
}

std::vector<CampaignPreview::Window> WindowsOf(const crawler::Campaigns& alone, Instant now) {
  std::vector<CampaignPreview::Window> windows;
  const crawler::Campaign& campaign = alone.all().front();
  const int year = OfficeYear(now);
  for (int of = year - 1; of <= year + kYearsAhead && windows.size() < kWindowsShown; ++of) {
    const auto window = alone.WindowIn(campaign, of);
    if (window && window->end() > now) windows.push_back({window->occasion, window->span});
  }
  return windows;
}

Json ProblemsJson(const std::vector<FieldProblem>& problems) {
  Json list = Json::array();
  for (const FieldProblem& problem : problems)
    list.push_back({{"field", problem.field}, {"text", problem.text}});
  return list;
}

std::string_view ChineseField(const std::string& field) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"campaign", "编号"},    {"name", "名称"},        {"kind", "日期类型"},
      {"dates", "日期"},       {"lead_in", "提前天数"}, {"tail", "延后天数"},
      {"prepare", "筹备天数"}, {"factors", "采集倍数"}, {"weights", "加分"},
      {"basis", "依据"},       {"certainty", "核实"}};
  for (const auto& [name, chinese] : kNames) {
    if (name == field) return chinese;
  }
  return field;
}

}  // namespace

std::filesystem::path CampaignsFile(const Config& config) {
  return config.dir / crawler::kCampaignsFile;
}

Result<std::string> CampaignsText(const Config& config) {
  std::error_code error;
  if (!std::filesystem::exists(CampaignsFile(config), error))
    return std::string(crawler::BuiltInCampaignsFile());
  return ReadFile(CampaignsFile(config), crawler::kMaxCampaignsFile);
}

Result<CampaignPreview> PreviewCampaign(const Config& config, const rules::RuleSet& rules,
                                        const crawler::NewCampaign& campaign, Instant now) {
  ASSIGN_OR_RETURN(const auto known, crawler::Campaigns::Load(config.dir));
  CampaignPreview preview;
  preview.id = campaign.id;
  preview.problems = ProblemsOf(campaign, known);
  const crawler::PackNames packs(rules);
  preview.packs.assign(packs.all().begin(), packs.all().end());
  CheckNames(config, campaign, preview);
  if (!preview.problems.empty()) return preview;
  const crawler::Campaigns alone = Alone(campaign);
  if (alone.all().empty()) return Status::InvalidArgument("the campaign cannot be written");
  preview.hints = HintsOf(config, rules, alone, now);
  preview.windows = WindowsOf(alone, now);
  if (preview.windows.empty()) preview.hints.push_back({"dates", "今后没有日期，不会自动开始"});
  return preview;
}

Result<CampaignPreview> AddCampaign(const Config& config, const rules::RuleSet& rules,
                                    const crawler::NewCampaign& campaign, Instant now) {
  ASSIGN_OR_RETURN(auto preview, PreviewCampaign(config, rules, campaign, now));
  if (!preview.problems.empty()) return preview;
  ASSIGN_OR_RETURN(const std::string text, CampaignsText(config));
  const std::filesystem::path file = CampaignsFile(config);
  ASSIGN_OR_RETURN(const auto edit, crawler::AddCampaign(text, file.string(), campaign));
  RETURN_IF_ERROR(WriteFileAtomically(file, edit.text));
  return preview;
}

std::string PreviewLine(const CampaignPreview& preview) {
  Json object{{"campaign", preview.id},
              {"problems", ProblemsJson(preview.problems)},
              {"hints", ProblemsJson(preview.hints)},
              {"windows", Json::array()},
              {"packs", preview.packs}};
  for (const CampaignPreview::Window& window : preview.windows) {
    object["windows"].push_back({{"first", FormatDay(window.occasion.first)},
                                 {"last", FormatDay(window.occasion.last)},
                                 {"begin", FormatDay(window.span.first)},
                                 {"end", FormatDay(window.span.last)},
                                 {"days", window.span.days()}});
  }
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string ProblemsText(const CampaignPreview& preview) {
  std::string text;
  for (const FieldProblem& problem : preview.problems) {
    text += text.empty() ? "" : "\n";
    text += std::string(ChineseField(problem.field)) + "：" + problem.text;
  }
  return text;
}

std::string WindowsText(const CampaignPreview& preview) {
  std::string text;
  for (const CampaignPreview::Window& window : preview.windows) {
    text += FormatDay(window.span.first) + " 至 " + FormatDay(window.span.last) + "（日期 " +
            FormatDaySpan(window.occasion) + "，共 " + std::to_string(window.span.days()) +
            " 天）\n";
  }
  for (const FieldProblem& hint : preview.hints) text += "提醒  " + hint.text + "\n";
  return text;
}

}  // namespace cluehound::app
