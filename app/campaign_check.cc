#include "app/campaign_check.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "app/campaign_agenda.h"
#include "app/terminal.h"
#include "base/work_calendar.h"
#include "crawler/campaign_plan.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;
using crawler::Campaign;

constexpr Duration kDay = std::chrono::hours(24);

double PerDay(Duration interval) {
  return static_cast<double>(kDay.count()) / static_cast<double>(interval.count());
}

class Checking {
 public:
  explicit Checking(const CampaignCheckInput& input)
      : input_(input), agenda_(Agenda(*input.campaigns, input.now)) {}

  CampaignCheck Run() {
    CheckDates();
    CheckSources();
    CheckWeights();
    CheckProtection();
    MeasureLoads();
    std::stable_sort(check_.findings.begin(), check_.findings.end(),
                     [](const auto& a, const auto& b) { return a.error && !b.error; });
    return std::move(check_);
  }

 private:
  void Find(std::string kind, bool error, std::string campaign, std::string object,
            std::string text) {
    check_.findings.push_back(
        {std::move(kind), error, std::move(campaign), std::move(object), std::move(text)});
  }

  void CheckDates() {
    for (const MissingDate& missing : MissingDates(*input_.campaigns, input_.now)) {
      for (const int year : missing.years) {
        Find("missing-date", true, missing.campaign->id, std::to_string(year),
             missing.campaign->name + "没有录入 " + std::to_string(year) + " 年的日期");
      }
    }
  }

  void CheckSources() {
    std::set<std::string> known;
    for (const crawler::SourceSettings& source : input_.config->sources) {
      known.insert(source.id);
      if (input_.last_read) CheckRead(source);
    }
    for (const Campaign& campaign : input_.campaigns->all()) {
      for (const auto& [source, factor] : campaign.factors) {
        if (source == crawler::kAllSources || known.contains(source)) continue;
        Find("unknown-source", false, campaign.id, source,
             campaign.name + "写的采集源 " + source + " 不在配置里");
      }
    }
  }

  void CheckRead(const crawler::SourceSettings& source) {
    const auto read = input_.last_read->find(source.id);
    const bool ever = read != input_.last_read->end() && read->second != Instant{};
    if (ever && input_.now - read->second <= source.schedule.Round() * input_.stale_after) return;
    Find("stale-source", true, "", source.id,
         "采集源 " + source.id +
             (ever ? " 上次采集成功：" + FormatShort(read->second) + "，已超过 " +
                         std::to_string(input_.stale_after) + " 个周期（" +
                         FormatDuration(source.schedule.Round()) + "）"
                   : " 从未采集成功"));
  }

  void CheckWeights() {
    for (const Diagnostic& unknown : crawler::UnknownWeights(*input_.campaigns, *input_.rules)) {
      const std::string place =
          unknown.where.file + ":" + std::to_string(unknown.where.line) + "：";
      Find("unknown-weight", false, "", place,
           place + unknown.message + (unknown.remedy.empty() ? "" : "; " + unknown.remedy));
    }
  }

  // Of marks that a campaign weighs, when it is over; of others, today.
  void CheckProtection() {
    const std::string today = FormatDay(input_.now);
    const crawler::PackNames packs(*input_.rules);
    for (const rules::MarkSummary& mark : input_.rules->marks()) {
      const AgendaEntry* meant = FirstAbout(mark, packs);
      const std::string by = meant != nullptr ? FormatDay(meant->window.end()) : today;
      const std::string campaign = meant != nullptr ? meant->campaign->id : "";
      const std::string before =
          by > today && meant != nullptr ? "（" + meant->campaign->name + "结束前）" : "";
      if (!mark.valid_to.empty() && mark.valid_to <= by) {
        const bool over = mark.valid_to <= today;
        Find("expired-mark", false, campaign, mark.id,
             mark.name + "保护期" + (over ? "已于 " : "将于 ") + mark.valid_to + " 届满" +
                 (over ? "" : before) + "，核对是否续展或延展");
      }
      for (const auto& [seller, until] : mark.authorised_until) {
        if (until > by) continue;
        const bool over = until <= today;
        Find("expired-seller", false, campaign, mark.id,
             seller + "的“" + mark.name + "”授权" + (over ? "已于 " : "将于 ") + until + " 到期" +
                 (over ? "" : before));
      }
    }
  }

  // The first campaign ahead that gives points to the mark.
  const AgendaEntry* FirstAbout(const rules::MarkSummary& mark,
                                const crawler::PackNames& packs) const {
    rules::Suspicion suspicion;
    suspicion.mark = mark.id;
    suspicion.category = mark.kind;
    for (const AgendaEntry& entry : agenda_) {
      if (entry.campaign != nullptr && crawler::PointsOf(*entry.campaign, suspicion, packs) > 0)
        return &entry;
    }
    return nullptr;
  }

  void MeasureLoads() {
    for (const AgendaEntry& entry : agenda_) {
      if (entry.campaign == nullptr) continue;
      CampaignLoad load{entry.campaign, entry.window.begin(), {}};
      for (const crawler::SourceSettings& source : input_.config->sources) {
        const double factor = entry.campaign->FactorOf(source.id);
        if (factor == 0) continue;
        load.sources.push_back(LoadOf(source, factor));
        const CampaignLoad::OfSource& of = load.sources.back();
        if (of.asked <= of.allowed) continue;
        Find("too-many-pages", false, entry.campaign->id, of.source,
             entry.campaign->name + "期间采集源 " + of.source + " 每天最多 " +
                 std::to_string(of.asked) + " 页，按间隔 " + FormatDuration(source.pace) + "、" +
                 std::to_string(source.hosts.size()) + " 个主机每天只能采 " +
                 std::to_string(of.allowed) + " 页");
      }
      check_.loads.push_back(std::move(load));
    }
  }

  static CampaignLoad::OfSource LoadOf(const crawler::SourceSettings& source, double factor) {
    CampaignLoad::OfSource of{source.id, factor, 0, UINT64_MAX};
    of.asked = static_cast<uint64_t>(
        std::llround(source.max_pages * PerDay(source.schedule.Round()) * factor));
    // Hosts that a wildcard lets in are not known beforehand; they only make it more.
    if (source.pace > Duration::zero()) {
      of.allowed = static_cast<uint64_t>(
          std::llround(PerDay(source.pace) * static_cast<double>(source.hosts.size())));
    }
    return of;
  }

  const CampaignCheckInput& input_;
  const std::vector<AgendaEntry> agenda_;
  CampaignCheck check_;
};

struct Sum {
  uint64_t asked = 0, allowed = 0, over = 0;
};

// A source without pace is allowed what it asks for.
Sum SumOf(const CampaignLoad& load) {
  Sum sum;
  for (const CampaignLoad::OfSource& of : load.sources) {
    sum.asked += of.asked;
    sum.allowed += of.allowed == UINT64_MAX ? of.asked : of.allowed;
    sum.over += of.asked > of.allowed;
  }
  return sum;
}

std::string Line(const Json& object) {
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void EndLine(std::string& out) {
  while (out.ends_with(' ')) out.pop_back();
  out += '\n';
}

}  // namespace

bool CampaignCheck::ok() const {
  return std::none_of(findings.begin(), findings.end(), [](const auto& f) { return f.error; });
}

CampaignCheck CheckCampaigns(const CampaignCheckInput& input) { return Checking(input).Run(); }

std::vector<std::string> CheckLines(const CampaignCheck& check) {
  std::vector<std::string> lines;
  for (const CampaignFinding& finding : check.findings) {
    Json object{{"check", finding.kind}, {"severity", finding.error ? "error" : "warning"}};
    if (!finding.campaign.empty()) object["campaign"] = finding.campaign;
    object["object"] = finding.object;
    object["text"] = finding.text;
    lines.push_back(Line(object));
  }
  for (const CampaignLoad& load : check.loads) {
    const Sum sum = SumOf(load);
    Json object{{"check", "expected-pages"},     {"severity", "info"},
                {"campaign", load.campaign->id}, {"begin", FormatDay(load.begin)},
                {"pages_per_day", sum.asked},    {"allowed_per_day", sum.allowed}};
    for (const CampaignLoad::OfSource& of : load.sources) {
      Json source{{"source", of.source}, {"factor", of.factor}, {"pages_per_day", of.asked}};
      if (of.allowed != UINT64_MAX) source["allowed_per_day"] = of.allowed;
      object["sources"].push_back(std::move(source));
    }
    lines.push_back(Line(object));
  }
  return lines;
}

std::string RenderCheck(const CampaignCheck& check, int columns) {
  std::string out;
  for (const CampaignFinding& finding : check.findings) {
    out += finding.error ? "错误  " : "提醒  ";
    AppendFlowed(out, Printable(finding.text), 6, 6, columns);
  }
  if (check.findings.empty()) out += "没有发现问题\n";
  if (check.loads.empty()) return out;
  out += "\n" + Cell("预计每天页数", 32) + Cell("开始", 12) + Cell("采集源", 8) +
         Cell("按预算", 12) + Cell("礼让间隔允许", 14) + "超出的采集源";
  EndLine(out);
  for (const CampaignLoad& load : check.loads) {
    const Sum sum = SumOf(load);
    out += Cell(load.campaign->name, 32) + Cell(FormatDay(load.begin), 12) +
           Cell(std::to_string(load.sources.size()), 8) + Cell(std::to_string(sum.asked), 12) +
           Cell(std::to_string(sum.allowed), 14) + std::to_string(sum.over);
    EndLine(out);
  }
  return out;
}

}  // namespace cluehound::app
