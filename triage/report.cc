#include "triage/report.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "triage/privacy.h"
#include "triage/reasons.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;
using Dimension = store::Figure::Dimension;
using Event = store::Figure::Event;
using Columns = std::vector<std::pair<const char*, const char*>>;  // key, title

constexpr size_t kMaxRows = 20'000;
constexpr size_t kSlice = 500;

struct KindInfo {
  ReportKind kind;
  const char* name;
  const char* title;
  const char* counts;
};

constexpr char kCountsFigures[] =
    "线索数，不是案件数：新发现按首次发现日计，已处置按最后一次处置日计（撤销的不计）；线索不等于认"
    "定侵权";
constexpr KindInfo kKinds[] = {
    {ReportKind::kDaily, "daily", "线索日报", "期间首次发现的线索，屏蔽的除外；线索不等于认定侵权"},
    {ReportKind::kMeasures, "measures", "落实措施情况", kCountsFigures},
    {ReportKind::kHalfYear, "half-year", "半年工作情况", kCountsFigures},
    {ReportKind::kYear, "year", "全年工作情况", kCountsFigures},
    {ReportKind::kCampaign, "campaign", "专项行动情况",
     "专项行动期间首次发现的线索，以及其中期间内处置的；线索数，不是案件数"},
    {ReportKind::kLedger, "ledger", "线索台账",
     "期间首次发现的线索，含屏蔽的；一条线索一行；线索不等于认定侵权"},
    {ReportKind::kCandidates, "candidates", "典型案例备选",
     "期间最后一次处置为立案、移送或办结（疑似成立或已处理）的线索；名称和号码已脱敏"},
    {ReportKind::kStatistics, "statistics", "知识产权案件统计表",
     "案件数，不是线索数：立案和不予立案按立案日期计，其余按处罚决定日期计；行为类型编码未核实"},
    {ReportKind::kCoverage, "coverage", "地理标志专用标志使用覆盖率",
     "分母为登记的合法用标主体；现场抽查优先于网上标注；无文字的条目不明"}};

const KindInfo& InfoOf(ReportKind kind) {
  return *std::find_if(std::begin(kKinds), std::end(kKinds),
                       [kind](const KindInfo& info) { return info.kind == kind; });
}

std::string Line(const Json& object) {
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Json Header(ReportKind kind, const ReportSpan& span, const Columns& columns) {
  const KindInfo& info = InfoOf(kind);
  Json header{{"report", info.name},
              {"title", info.title},
              {"from", span.from},
              {"to", span.to},
              {"counts", info.counts}};
  for (const auto& [key, title] : columns)
    header["columns"].push_back(Json{{"key", key}, {"title", title}});
  return header;
}

// ---------------------------------------------------------------- sums of figures

struct Section {
  Dimension dimension;
  const char* title;
};
constexpr Section kSections[] = {
    {Dimension::kAll, "合计"},          {Dimension::kCategory, "类别"},
    {Dimension::kCounty, "县市区"},     {Dimension::kCountyCategory, "县市区和类别"},
    {Dimension::kMark, "标识"},         {Dimension::kSource, "采集源"},
    {Dimension::kRule, "规则"},         {Dimension::kStatus, "处置"},
    {Dimension::kReason, "处置和原因"}, {Dimension::kCampaign, "专项行动"}};

std::string ChineseValue(Dimension dimension, const std::string& value) {
  if (dimension != Dimension::kStatus && dimension != Dimension::kReason) return value;
  const size_t blank = value.find(' ');
  const auto status = store::LeadStatusFromName(value.substr(0, blank));
  std::string text = status ? std::string(ChineseName(*status)) : value.substr(0, blank);
  if (blank == std::string::npos) return text;
  const std::string code = value.substr(blank + 1);
  const Reason* reason = FindReason(code);
  return text + " " + (reason != nullptr ? std::string(reason->chinese) : code);
}

// "寿光市 gi" names a category; who lays the report out says it in words.
void PutCategory(Dimension dimension, const std::string& value, Json& row) {
  if (dimension == Dimension::kCategory) row["category"] = value;
  if (dimension == Dimension::kCountyCategory) row["category"] = value.substr(value.rfind(' ') + 1);
}

// The figures of one report, month by month where it is long.
class Sums {
 public:
  void Add(const store::Figure& figure, bool monthly) {
    if (store::Happens(figure.event)) return;
    const size_t at = figure.event == Event::kNew ? 0 : 1;
    sums_[{figure.dimension, "", figure.value}][at] += figure.count;
    if (monthly && figure.dimension == Dimension::kAll)
      sums_[{figure.dimension, figure.day.substr(0, 7), ""}][at] += figure.count;
  }

  std::vector<std::string> Lines() const {
    std::vector<std::string> lines;
    for (const Section& section : kSections) {
      for (const auto& [key, sum] : sums_) {
        const auto& [dimension, month, value] = key;
        if (dimension != section.dimension) continue;
        Json row{{"section", month.empty() ? section.title : "月份"},
                 {"item", month.empty() ? ChineseValue(dimension, value) : month}};
        if (month.empty()) PutCategory(dimension, value, row);
        if (dimension != Dimension::kStatus && dimension != Dimension::kReason) row["new"] = sum[0];
        row["decided"] = sum[1];
        lines.push_back(Line(row));
      }
    }
    return lines;
  }

 private:
  std::map<std::tuple<Dimension, std::string, std::string>, std::array<uint64_t, 2>> sums_;
};

Result<std::vector<std::string>> FigureReport(store::Store& store, ReportKind kind,
                                              const ReportSpan& span) {
  ASSIGN_OR_RETURN(const auto figures, store.figures().Between(span.from, span.to));
  Sums sums;
  for (const store::Figure& figure : figures) {
    if (kind == ReportKind::kCampaign && figure.dimension != Dimension::kCampaign) continue;
    sums.Add(figure, kind == ReportKind::kHalfYear || kind == ReportKind::kYear);
  }
  std::vector<std::string> lines = {Line(Header(
      kind, span,
      {{"section", "分项"}, {"item", "名称"}, {"new", "新发现线索"}, {"decided", "已处置线索"}}))};
  const auto rows = sums.Lines();
  lines.insert(lines.end(), rows.begin(), rows.end());
  return lines;
}

// ---------------------------------------------------------------- lists of leads

std::string DayOrNothing(Instant t) { return t == Instant{} ? "" : FormatDay(t); }

std::string ReasonChinese(const std::string& code) {
  const Reason* reason = FindReason(code);
  return reason != nullptr ? std::string(reason->chinese) : code;
}

Json LedgerRow(const store::Lead& lead) {
  const extractors::Listing& listing = lead.listing;
  Json row;
  const auto put = [&row](const char* key, std::string value) {
    if (!value.empty()) row[key] = std::move(value);
  };
  put("number", lead.number);
  put("lead", lead.id);
  put("first_seen", FormatDay(lead.first_seen));
  put("last_seen", FormatDay(lead.last_seen));
  put("category", lead.suspicion.category);
  put("mark", lead.suspicion.mark_name.empty() ? lead.suspicion.mark : lead.suspicion.mark_name);
  put("seller", listing.seller);
  put("seller_id", listing.seller_id);
  put("platform", lead.name_space);
  put("title", listing.title);
  put("price", listing.price);
  if (listing.sold) row["sold"] = *listing.sold;
  row["score"] = lead.suspicion.score;
  put("rule", lead.suspicion.rule);
  put("source", lead.source);
  put("county", lead.county);
  put("campaign", lead.campaign);
  put("status", std::string(ChineseName(lead.status)));
  put("reason", ReasonChinese(lead.reason));
  put("decided", DayOrNothing(lead.decided_at));
  put("officer", store::OfficerOf(lead));
  put("registered", DayOrNothing(lead.registered));
  if (lead.clock) put("due", FormatDay(lead.clock->due));
  put("to", TargetChinese(lead.target));
  put("case", lead.case_number);
  put("note", lead.note);
  put("url", listing.url.empty() ? lead.page_url : listing.url);
  return row;
}

// Named fields only; what a text says beside names stays, its numbers do not.
Json CandidateRow(const store::Lead& lead) {
  return Json{{"first_seen", FormatDay(lead.first_seen)},
              {"category", lead.suspicion.category},
              {"mark", lead.suspicion.mark_name},
              {"seller", MaskName(lead.listing.seller)},
              {"platform", lead.listing.platform},
              {"title", MaskNumbers(lead.listing.title)},
              {"score", lead.suspicion.score},
              {"county", lead.county},
              {"status", ChineseName(lead.status)},
              {"reason", ReasonChinese(lead.reason)},
              {"decided", DayOrNothing(lead.decided_at)}};
}

bool IsCandidate(const store::Lead& lead, const ReportSpan& span) {
  const std::string day = DayOrNothing(lead.decided_at);
  if (day < span.from || day > span.to) return false;
  return lead.status == store::LeadStatus::kFiled || lead.status == store::LeadStatus::kReferred ||
         (lead.status == store::LeadStatus::kClosed &&
          (lead.reason == "suspected" || lead.reason == "handled"));
}

// As cases.stats and gi.coverage give them.
const Columns& ColumnsOfCounted(ReportKind kind) {
  static const Columns statistics = {
      {"number", "序号"},         {"name", "行为类型"},    {"filed", "立案"},
      {"not_filed", "不予立案"},  {"decided", "处罚案件"}, {"simple", "简易程序"},
      {"ordinary", "普通程序"},   {"mediated", "调解"},    {"large", "案值50万元以上"},
      {"supervised", "挂牌督办"}, {"foreign", "涉外"},     {"value", "案值"},
      {"fine", "罚款"},           {"confiscated", "没收"}, {"recovered", "挽回损失"},
      {"referred", "移送司法"}};
  static const Columns coverage = {
      {"gi", "地理标志"},         {"users", "登记主体"},    {"using", "用标"},
      {"rate", "覆盖率（%）"},    {"checked", "已抽查"},    {"checked_yes", "规范使用"},
      {"improper", "使用不规范"}, {"online", "线上可见"},   {"online_claimed", "线上标注"},
      {"online_unknown", "不明"}, {"not_seen", "线上未见"}, {"online_rate", "线上标注率（%）"}};
  return kind == ReportKind::kStatistics ? statistics : coverage;
}

const Columns& ColumnsOf(ReportKind kind) {
  static const Columns daily = {{"lead", "线索"},  {"first_seen", "首次发现"}, {"category", "类别"},
                                {"mark", "标识"},  {"seller", "经营者"},       {"platform", "平台"},
                                {"title", "标题"}, {"price", "价格"},          {"sold", "已售"},
                                {"score", "分数"}, {"county", "辖区"},         {"status", "状态"},
                                {"url", "网址"}};
  static const Columns candidates = {
      {"first_seen", "首次发现"}, {"category", "类别"}, {"mark", "标识"},     {"seller", "经营者"},
      {"platform", "平台"},       {"title", "标题"},    {"score", "分数"},    {"county", "辖区"},
      {"status", "状态"},         {"reason", "原因"},   {"decided", "处置日"}};
  static const Columns ledger = {
      {"number", "编号"},        {"lead", "线索"},         {"first_seen", "首次发现"},
      {"last_seen", "最近发现"}, {"category", "类别"},     {"mark", "标识"},
      {"seller", "经营者"},      {"seller_id", "店铺号"},  {"platform", "平台"},
      {"title", "标题"},         {"price", "价格"},        {"sold", "已售"},
      {"score", "分数"},         {"rule", "规则"},         {"source", "采集源"},
      {"county", "辖区"},        {"campaign", "专项行动"}, {"status", "状态"},
      {"reason", "原因"},        {"decided", "处置日"},    {"officer", "处置人"},
      {"registered", "登记日"},  {"due", "核查期限"},      {"to", "移送"},
      {"case", "案号"},          {"note", "备注"},         {"url", "网址"}};
  return kind == ReportKind::kDaily ? daily : kind == ReportKind::kLedger ? ledger : candidates;
}

// Calls with each lead under the filter until `f` says that it has enough.
template <class F>
Status ForEach(store::Store& store, const store::LeadFilter& filter, const store::Scope& scope,
               F&& f) {
  std::string after;
  do {
    ASSIGN_OR_RETURN(const auto page, store.QueryLeads(filter, scope, after, kSlice));
    for (const store::Lead& lead : page.leads) {
      if (!f(lead)) return Status::Ok();
    }
    after = page.next;
  } while (!after.empty());
  return Status::Ok();
}

// The filters whose leads, one after the other, make the list.
std::vector<store::LeadFilter> FiltersOf(ReportKind kind, const ReportSpan& span) {
  std::vector<store::LeadFilter> filters;
  if (kind == ReportKind::kCandidates) {
    for (const auto status :
         {store::LeadStatus::kFiled, store::LeadStatus::kReferred, store::LeadStatus::kClosed}) {
      filters.emplace_back().status = status;
    }
    return filters;
  }
  for (Instant day = *ParseDay(span.from); day <= *ParseDay(span.to);
       day += std::chrono::hours(24)) {
    store::LeadFilter& filter = filters.emplace_back();
    filter.day = FormatDay(day);
    if (kind == ReportKind::kLedger) filter.silenced = store::LeadFilter::Silenced::kShown;
  }
  return filters;
}

Result<std::vector<std::string>> LeadReport(store::Store& store, ReportKind kind,
                                            const ReportSpan& span, const store::Scope& scope) {
  Json header = Header(kind, span, ColumnsOf(kind));
  std::vector<std::string> lines(1);
  bool cut = false;
  for (const store::LeadFilter& filter : FiltersOf(kind, span)) {
    RETURN_IF_ERROR(ForEach(store, filter, scope, [&](const store::Lead& lead) {
      if (kind == ReportKind::kCandidates && !IsCandidate(lead, span)) return true;
      cut = lines.size() > kMaxRows;
      if (!cut)
        lines.push_back(
            Line(kind == ReportKind::kCandidates ? CandidateRow(lead) : LedgerRow(lead)));
      return !cut;
    }));
    if (cut) break;
  }
  if (cut) header["cut"] = true;
  lines[0] = Line(header);
  return lines;
}

}  // namespace

Result<ReportKind> ReportKindFromName(std::string_view name) {
  std::string names;
  for (const KindInfo& info : kKinds) {
    if (info.name == name) return info.kind;
    names += (names.empty() ? "" : ", ") + std::string(info.name);
  }
  return Status::InvalidArgument("report \"" + std::string(name) + "\" is none of: " + names);
}

bool IsList(ReportKind kind) {
  return kind == ReportKind::kDaily || kind == ReportKind::kLedger ||
         kind == ReportKind::kCandidates;
}

std::string ReportHeader(ReportKind kind, const ReportSpan& span) {
  return Line(Header(kind, span, ColumnsOfCounted(kind)));
}

Result<std::vector<std::string>> MakeReport(store::Store& store, ReportKind kind,
                                            const ReportSpan& span, const store::Scope& scope) {
  if (IsList(kind)) return LeadReport(store, kind, span, scope);
  if (!scope.county.empty())
    return Status::Denied("figures of the whole city are not for one county");
  return FigureReport(store, kind, span);
}

}  // namespace cluehound::triage
