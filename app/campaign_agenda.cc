#include "app/campaign_agenda.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/terminal.h"
#include "base/join.h"
#include "base/work_calendar.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;
using crawler::Campaign;
using crawler::CampaignWindow;
using crawler::Occasion;

constexpr Duration kDay = std::chrono::hours(24);

std::string Dump(const Json& object) {
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string FactorText(double factor) {
  char text[16];
  std::snprintf(text, sizeof text, "%g", factor);
  return text;
}

// "全部×2 shop×4"
std::string SourcesText(const Campaign& campaign) {
  return Join(campaign.factors, " ", [](const auto& of) {
    return (of.first == crawler::kAllSources ? "全部" : of.first) + "×" + FactorText(of.second);
  });
}

std::string MonthDayText(const crawler::MonthDay& day) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d-%02d", day.month, day.day);
  return text;
}

// "05-01..05-05"; of what has no rule its dates, the newest last.
std::string WhenText(const Occasion& occasion) {
  switch (occasion.kind) {
    case Occasion::Kind::kYearly:
    case Occasion::Kind::kLunar:
      return MonthDayText(occasion.first) +
             (occasion.last == occasion.first ? "" : ".." + MonthDayText(occasion.last));
    case Occasion::Kind::kFixed:
    case Occasion::Kind::kOpen:
      return occasion.dates.empty() ? "" : FormatDaySpan(occasion.dates.back().span);
    case Occasion::Kind::kTemplate:
      return "";
  }
  return "";
}

// What of its days, if anything, is ahead or under way.
std::optional<CampaignWindow> NextWindow(const crawler::Campaigns& campaigns,
                                         const Campaign& campaign, Instant now) {
  const int year = OfficeYear(now);
  for (int of = year - 1; of <= year + 1; ++of) {
    const auto window = campaigns.WindowIn(campaign, of);
    if (window && window->end() > now) return window;
  }
  return std::nullopt;
}

Json SourcesJson(const Campaign& campaign) {
  Json object = Json::object();
  for (const auto& [source, factor] : campaign.factors) object[source] = factor;
  return object;
}

Json WeightsJson(const Campaign& campaign) {
  Json weights = Json::array();
  for (const crawler::CampaignWeight& weight : campaign.weights) {
    Json object;
    const auto put = [&](const char* key, const std::vector<std::string>& names) {
      if (!names.empty()) object[key] = names;
    };
    put("packs", weight.packs);
    put("families", weight.families);
    put("categories", weight.categories);
    put("marks", weight.marks);
    object["points"] = weight.points;
    weights.push_back(std::move(object));
  }
  return weights;
}

const char* Certainty(bool verified) { return verified ? "verified" : "unverified"; }

void EndLine(std::string& out) {
  while (out.ends_with(' ')) out.pop_back();
  out += '\n';
}

}  // namespace

std::vector<AgendaEntry> Agenda(const crawler::Campaigns& campaigns, Instant now,
                                const std::vector<store::CampaignStart>& starts) {
  const Instant today = OfficeDay(now);
  const Instant end = today + kDay * kAgendaDays;
  std::vector<AgendaEntry> agenda;
  for (const CampaignWindow& window : campaigns.Windows(today, end)) {
    agenda.push_back(
        {window.campaign, nullptr, window, window.begin() - kDay * window.campaign->prepare});
  }
  for (const store::CampaignStart& start : starts) {
    const auto campaign = campaigns.Find(start.campaign);
    if (!campaign.ok() || start.end <= today || start.end <= start.begin) continue;
    const crawler::DaySpan days{OfficeDay(start.begin), OfficeDay(start.end - Duration(1))};
    CampaignWindow window{*campaign, OfficeYear(days.first), days, days, true};
    agenda.push_back({*campaign, nullptr, window, days.first, true});
  }
  for (const crawler::Reminder& reminder : campaigns.reminders()) {
    for (int year = OfficeYear(now) - 1; year <= OfficeYear(end); ++year) {
      const auto span = reminder.occasion.In(year);
      if (!span || span->last < today || span->first >= end) continue;
      CampaignWindow window{nullptr, year, *span, *span, reminder.verified};
      agenda.push_back({nullptr, &reminder, window, span->first - kDay * reminder.prepare});
    }
  }
  std::stable_sort(agenda.begin(), agenda.end(), [](const auto& a, const auto& b) {
    return a.window.begin() < b.window.begin();
  });
  return agenda;
}

std::vector<MissingDate> MissingDates(const crawler::Campaigns& campaigns, Instant now) {
  std::vector<MissingDate> missing;
  for (const Campaign& campaign : campaigns.all()) {
    if (campaign.occasion.kind != Occasion::Kind::kOpen) continue;
    MissingDate of{&campaign, {}};
    for (const int year : {OfficeYear(now), OfficeYear(now) + 1}) {
      if (!campaign.occasion.In(year)) of.years.push_back(year);
    }
    if (!of.years.empty()) missing.push_back(std::move(of));
  }
  return missing;
}

std::vector<std::string> AgendaLines(const std::vector<AgendaEntry>& agenda,
                                     const std::vector<MissingDate>& missing, Instant now) {
  std::vector<std::string> lines;
  for (const AgendaEntry& entry : agenda) {
    Json object;
    object["id"] = entry.id();
    object["name"] = entry.name();
    object["kind"] = entry.campaign ? "campaign" : "reminder";
    object["first"] = FormatDay(entry.window.occasion.first);
    object["last"] = FormatDay(entry.window.occasion.last);
    object["begin"] = FormatDay(entry.window.span.first);
    object["end"] = FormatDay(entry.window.span.last);
    object["days"] = entry.window.span.days();
    object["prepare"] = FormatDay(entry.prepare);
    if (entry.campaign) {
      object["sources"] = SourcesJson(*entry.campaign);
      object["running"] = entry.RunsOn(now);
      if (entry.started) object["started"] = true;
    }
    object["certainty"] = Certainty(entry.window.verified);
    lines.push_back(Dump(object));
  }
  for (const MissingDate& of : missing) {
    Json object;
    object["id"] = of.campaign->id;
    object["name"] = of.campaign->name;
    object["kind"] = "missing";
    object["years"] = of.years;
    lines.push_back(Dump(object));
  }
  return lines;
}

std::vector<std::string> CampaignLines(const crawler::Campaigns& campaigns, Instant now) {
  std::vector<std::string> lines;
  for (const Campaign& campaign : campaigns.all()) {
    Json object;
    object["id"] = campaign.id;
    object["name"] = campaign.name;
    object["kind"] = Name(campaign.occasion.kind);
    if (const std::string when = WhenText(campaign.occasion); !when.empty()) object["when"] = when;
    for (const Occasion::Date& date : campaign.occasion.dates) {
      Json dated = {{"on", FormatDaySpan(date.span)}, {"certainty", Certainty(date.verified)}};
      if (!date.basis.empty()) dated["basis"] = date.basis;
      object["dates"].push_back(std::move(dated));
    }
    object["lead_in"] = campaign.lead_in;
    object["tail"] = campaign.tail;
    object["prepare"] = campaign.prepare;
    object["sources"] = SourcesJson(campaign);
    object["weights"] = WeightsJson(campaign);
    if (const auto window = NextWindow(campaigns, campaign, now)) {
      object["begin"] = FormatDay(window->span.first);
      object["end"] = FormatDay(window->span.last);
      object["running"] = window->begin() <= now;
    }
    if (!campaign.basis.empty()) object["basis"] = campaign.basis;
    object["certainty"] = Certainty(campaign.verified);
    lines.push_back(Dump(object));
  }
  return lines;
}

std::string RenderAgenda(const std::vector<AgendaEntry>& agenda,
                         const std::vector<MissingDate>& missing, Instant now, int columns) {
  const int name_width = 26 + std::min(columns - 100, 20);
  std::string out = Cell("起止（含前后）", 25) + Cell("当日", 15) + Cell("天数", 6) +
                    Cell("名称", name_width) + Cell("采集源", 14) + "准备";
  EndLine(out);
  bool doubtful = false;
  for (const AgendaEntry& entry : agenda) {
    const CampaignWindow& window = entry.window;
    std::string days = FormatDay(window.span.first);
    if (window.span.last != window.span.first) days += " 至 " + FormatDay(window.span.last);
    // The year stands in front already.
    std::string on = FormatDay(window.occasion.first).substr(5);
    if (window.occasion.last != window.occasion.first)
      on += ".." + FormatDay(window.occasion.last).substr(5);
    if (!window.verified) on += "*";
    if (entry.started) on = "人工启动";
    doubtful = doubtful || !window.verified;
    out += Cell(days, 25) + Cell(on, 15) + Cell(std::to_string(window.span.days()), 6) +
           Cell(entry.name(), name_width) +
           Cell(entry.campaign ? SourcesText(*entry.campaign) : "提醒", 14) +
           (entry.RunsOn(now) && entry.campaign ? "进行中" : FormatDay(entry.prepare));
    EndLine(out);
  }
  if (agenda.empty()) out += "未来一年没有专项行动\n";
  if (doubtful) out += "* 日期依据尚未核实\n";
  for (const MissingDate& of : missing) {
    const std::string years =
        Join(of.years, "、", [](int year) { return std::to_string(year) + " 年"; });
    AppendFlowed(
        out,
        "日期未录入：" + of.campaign->name + "（" + years + "），补录到 campaigns.yaml 后才会运行",
        4, 0, columns);
  }
  return out;
}

std::string RenderCampaigns(const crawler::Campaigns& campaigns, Instant now, int columns) {
  const int name_width = 25 + std::min(columns - 100, 20);
  std::string out = Cell("编号", 22) + Cell("名称", name_width) + Cell("日期", 19) +
                    Cell("前/后", 7) + Cell("采集源", 14) + "下次开始";
  EndLine(out);
  for (const Campaign& campaign : campaigns.all()) {
    std::string when = WhenText(campaign.occasion);
    if (campaign.occasion.kind == Occasion::Kind::kLunar) when = "农历 " + when;
    if (campaign.occasion.kind == Occasion::Kind::kTemplate) when = "模板";
    if (when.size() > 12 && !campaign.occasion.dates.empty())  // 2023-09-23..10-08
      when = when.substr(0, 12) + when.substr(17);
    const auto window = NextWindow(campaigns, campaign, now);
    const std::string next = !window                  ? ""
                             : window->begin() <= now ? "进行中"
                                                      : FormatDay(window->span.first);
    out += Cell(campaign.id, 22) + Cell(campaign.name, name_width) + Cell(when, 19) +
           Cell(std::to_string(campaign.lead_in) + "/" + std::to_string(campaign.tail), 7) +
           Cell(SourcesText(campaign), 14) + next;
    EndLine(out);
  }
  return out;
}

}  // namespace cluehound::app
