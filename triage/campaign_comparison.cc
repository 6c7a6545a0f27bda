#include "triage/campaign_comparison.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/work_calendar.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;

constexpr Duration kDay = std::chrono::hours(24);
constexpr size_t kSlice = 500;  // leads read at a time

int OffsetOf(Instant day, const ComparedDays& days) {
  return static_cast<int>((OfficeDay(day) - days.day) / kDay);
}

// Which sources were read on the days, and how many listings each day.
struct Listed {
  std::map<std::string, std::map<int, uint64_t>> by_source;  // then by offset
};

Result<Listed> ReadListed(store::Store& store, const ComparedDays& days) {
  ASSIGN_OR_RETURN(const auto figures,
                   store.figures().Between(FormatDay(days.first), FormatDay(days.last)));
  Listed listed;
  for (const store::Figure& figure : figures) {
    if (figure.event != store::Figure::Event::kListed ||
        figure.dimension != store::Figure::Dimension::kSource)
      continue;
    const auto day = ParseDay(figure.day);
    if (day) listed.by_source[figure.value][OffsetOf(*day, days)] += figure.count;
  }
  return listed;
}

RunFigures Counted(const store::Lead& lead) {
  RunFigures figures;
  figures.leads = 1;
  figures.decided = lead.status != store::LeadStatus::kNew;
  figures.filed = lead.status == store::LeadStatus::kFiled || !lead.case_number.empty();
  figures.platform = lead.status == store::LeadStatus::kPlatform;
  figures.taken_down = lead.presence == store::Presence::kGone;
  figures.ruled_out = lead.status == store::LeadStatus::kRuledOut;
  return figures;
}

Status CountLeads(store::Store& store, const std::set<std::string>& sources,
                  const store::Scope& scope, ComparedRun& run) {
  size_t looked_at = 0;
  for (Instant day = run.days.first; day <= run.days.last; day += kDay) {
    for (const std::string& source : sources) {
      store::LeadFilter filter;
      filter.day = FormatDay(day);
      filter.source = source;
      filter.silenced = store::LeadFilter::Silenced::kShown;
      std::string after;
      do {
        ASSIGN_OR_RETURN(const auto page, store.QueryLeads(filter, scope, after, kSlice));
        for (const store::Lead& lead : page.leads)
          run.by_offset[OffsetOf(day, run.days)].Add(Counted(lead));
        looked_at += page.leads.size();
        after = page.next;
        if (looked_at >= kMaxComparedLeads && !after.empty()) {
          run.cut = true;
          return Status::Ok();
        }
      } while (!after.empty());
    }
  }
  return Status::Ok();
}

Status Count(store::Store& store, const Listed& listed, const std::set<std::string>& sources,
             const store::Scope& scope, ComparedRun& run) {
  for (const auto& [source, days] : listed.by_source) {
    run.sources.insert(source);
    if (!sources.contains(source)) continue;
    for (const auto& [offset, count] : days) run.by_offset[offset].listings += count;
  }
  RETURN_IF_ERROR(CountLeads(store, sources, scope, run));
  for (const auto& [offset, figures] : run.by_offset) run.total.Add(figures);
  return Status::Ok();
}

Json FiguresJson(const RunFigures& figures) {
  Json object{{"listings", figures.listings}, {"leads", figures.leads}};
  if (figures.listings > 0) {
    // To a tenth.
    object["leads_per_10000"] =
        static_cast<double>((figures.leads * 200000 / figures.listings + 1) / 2) / 10;
  }
  object["decided"] = figures.decided;
  object["filed"] = figures.filed;
  object["platform"] = figures.platform;
  object["taken_down"] = figures.taken_down;
  object["ruled_out"] = figures.ruled_out;
  return object;
}

Json RunJson(const ComparedRun& run) {
  Json object{{"first", FormatDay(run.days.first)},
              {"last", FormatDay(run.days.last)},
              {"day", FormatDay(run.days.day)},
              {"sources", run.sources}};
  if (run.cut) object["cut"] = true;
  return object;
}

std::string Line(const Json& object) {
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

void RunFigures::Add(const RunFigures& other) {
  listings += other.listings;
  leads += other.leads;
  decided += other.decided;
  filed += other.filed;
  platform += other.platform;
  taken_down += other.taken_down;
  ruled_out += other.ruled_out;
}

Result<Comparison> Compare(store::Store& store, const ComparedDays& a, const ComparedDays& b,
                           const std::set<std::string>& wanted, const store::Scope& scope) {
  Comparison comparison;
  comparison.a.days = a;
  comparison.b.days = b;
  ASSIGN_OR_RETURN(const Listed of_a, ReadListed(store, a));
  ASSIGN_OR_RETURN(const Listed of_b, ReadListed(store, b));
  for (const auto& [source, days] : of_a.by_source) {
    if (of_b.by_source.contains(source) && (wanted.empty() || wanted.contains(source)))
      comparison.sources.insert(source);
  }
  RETURN_IF_ERROR(Count(store, of_a, comparison.sources, scope, comparison.a));
  RETURN_IF_ERROR(Count(store, of_b, comparison.sources, scope, comparison.b));
  return comparison;
}

std::vector<std::string> ComparisonLines(const Comparison& comparison) {
  std::vector<std::string> lines;
  lines.push_back(Line(Json{{"report", "campaign-compare"},
                            {"title", "专项行动对比"},
                            {"counts",
                             "两个时段都采集过的采集源；线索按首次发现计，处置、立案、下架按现在的"
                             "状态计；条目按读取次数计"},
                            {"a", RunJson(comparison.a)},
                            {"b", RunJson(comparison.b)},
                            {"sources", comparison.sources}}));
  lines.push_back(Line(Json{{"kind", "total"},
                            {"a", FiguresJson(comparison.a.total)},
                            {"b", FiguresJson(comparison.b.total)}}));
  std::map<int, std::pair<const RunFigures*, const RunFigures*>> days;
  for (const auto& [offset, figures] : comparison.a.by_offset) days[offset].first = &figures;
  for (const auto& [offset, figures] : comparison.b.by_offset) days[offset].second = &figures;
  for (const auto& [offset, figures] : days) {
    Json line{{"kind", "day"}, {"offset", offset}};
    if (figures.first != nullptr) line["a"] = FiguresJson(*figures.first);
    if (figures.second != nullptr) line["b"] = FiguresJson(*figures.second);
    lines.push_back(Line(line));
  }
  return lines;
}

}  // namespace cluehound::triage
