#include "triage/paper_form.h"

#include <algorithm>

#include "base/join.h"
#include "base/spreadsheet.h"
#include "base/text.h"
#include "base/url.h"
#include "triage/category.h"

namespace cluehound::triage {
namespace {

using store::Paper;
using store::PaperKind;
using Type = FormField::Type;

constexpr size_t kMaxText = 20000;                  // bytes
constexpr int64_t kMaxCents = 100'000'000'000'000;  // a thousand billion yuan

const std::vector<PaperForm>& Forms() {
  static const std::vector<PaperForm> kForms = {
      {PaperKind::kClue,
       {{"origin",
         "线索来源",
         Type::kChoice,
         true,
         false,
         {{"assigned", "上级交办"},
          {"transferred", "部门转办"},
          {"report", "举报"},
          {"own", "自行发现"}}},
        {"from", "来源单位"},
        {"document", "文号"},
        {"received", "收到日期", Type::kDay, true},
        {"deadline", "办理期限", Type::kDay},
        {"reporter", "举报人", Type::kText, false, true},
        {"contact", "联系方式", Type::kText, false, true},
        {"county", "县市区", Type::kCounty},
        {"description", "线索内容"},
        {"mark", "涉及标识"},
        {"category", "线索类别", Type::kChoice, false, false, Categories()},
        {"seller", "被举报经营者"},
        {"platform", "平台"},
        {"url", "网址", Type::kAddress},
        {"title", "商品名称"},
        {"price", "价格", Type::kMoney},
        {"replied", "反馈日期", Type::kDay},
        {"reply", "反馈内容"},
        {"note", "备注"}}},
      {PaperKind::kLetter,
       {{"type",
         "函件种类",
         Type::kChoice,
         true,
         false,
         {{"assist", "协查函"}, {"push", "线索推送函"}, {"ask", "疑难请示"}}},
        {"from", "发文单位"},
        {"to", "收文单位", Type::kText, true},
        {"platform", "平台"},
        {"document", "文号"},
        {"sent", "发出日期", Type::kDay, true},
        {"due", "要求回复日期", Type::kDay},
        {"county", "县市区", Type::kCounty},
        {"seller", "涉及经营者"},
        {"subject", "事由"},
        {"replied", "回复日期", Type::kDay},
        {"reply", "回复内容"},
        {"note", "备注"}}},
      {PaperKind::kNotice,
       {{"holder", "权利人", Type::kText, true},
        {"document", "通知编号"},
        {"platform", "平台"},
        {"mark", "涉及标识"},
        {"seller", "被通知经营者"},
        {"url", "网址", Type::kAddress},
        {"notified", "通知日期", Type::kDay, true},
        {"measure", "平台措施"},
        {"measured", "采取措施日期", Type::kDay},
        {"countered", "反通知日期", Type::kDay},
        {"counter_reached", "反通知到达权利人日期", Type::kDay},
        {"outcome",
         "结果",
         Type::kChoice,
         false,
         false,
         {{"complained", "权利人已投诉"},
          {"sued", "权利人已起诉"},
          {"restored", "措施已终止"},
          {"withdrawn", "通知已撤回"}}},
        {"ended", "结束日期", Type::kDay},
        {"county", "县市区", Type::kCounty},
        {"note", "备注"}}},
      {PaperKind::kCase,
       {{"document", "案号", Type::kText, true},
        {"result",
         "立案结果",
         Type::kChoice,
         true,
         false,
         {{"filed", "立案"}, {"not_filed", "不予立案"}}},
        {"filed_on", "立案日期", Type::kDay, true},
        {"party", "当事人"},
        {"county", "县市区", Type::kCounty},
        {"behaviour", "行为类型", Type::kBehaviour},
        {"procedure",
         "程序",
         Type::kChoice,
         false,
         false,
         {{"simple", "简易程序"}, {"ordinary", "普通程序"}}},
        {"mediated", "调解", Type::kChoice, false, false, {{"yes", "是"}, {"no", "否"}}},
        {"supervised", "挂牌督办", Type::kChoice, false, false, {{"yes", "是"}, {"no", "否"}}},
        {"foreign", "涉外", Type::kChoice, false, false, {{"yes", "是"}, {"no", "否"}}},
        {"decision", "处罚决定书文号"},
        {"decided", "处罚决定日期", Type::kDay},
        {"value", "案值", Type::kMoney},
        {"fine", "罚款", Type::kMoney},
        {"confiscated", "没收金额", Type::kMoney},
        {"goods", "没收物品"},
        {"recovered", "挽回损失", Type::kMoney},
        {"referred_to", "移送机关"},
        {"referred", "移送日期", Type::kDay},
        {"closed", "结案日期", Type::kDay},
        {"note", "备注"}}},
      {PaperKind::kSignUser,
       {{"gi", "地理标志", Type::kText, true},
        {"name", "用标企业", Type::kText, true},
        {"uscc", "统一社会信用代码"},
        {"shops", "网店名称"},
        {"approval", "核准公告"},
        {"from", "核准日期", Type::kDay},
        {"until", "有效期至", Type::kDay},
        {"county", "县市区", Type::kCounty},
        {"address", "地址"},
        {"uses",
         "抽查用标",
         Type::kChoice,
         false,
         false,
         {{"yes", "规范使用"}, {"no", "未使用"}, {"improper", "使用不规范"}}},
        {"checked", "抽查日期", Type::kDay},
        {"online",
         "线上可见",
         Type::kChoice,
         false,
         false,
         {{"claimed", "标注专用标志"}, {"seen", "未见标注"}, {"unknown", "无文字，不明"}}},
        {"online_day", "线上查看日期", Type::kDay},
        {"online_page", "线上页面"},
        {"note", "备注"}}},
      {PaperKind::kHandover,
       {{"to", "接收单位"},
        {"document", "上报文号"},
        {"purpose", "用途"},
        {"format", "格式", Type::kText, true},
        {"scope", "范围", Type::kChoice, true, false, {{"whole", "全量"}, {"masked", "已脱敏"}}},
        {"count", "条数", Type::kCount},
        {"sha256", "文件摘要"},
        {"sent", "导出日期", Type::kDay, true},
        {"receipt", "回执号"},
        {"received", "回执日期", Type::kDay},
        {"note", "备注"}}}};
  return kForms;
}

std::string DayValue(std::string_view text) {
  if (const auto day = ParseDay(text)) return FormatDay(*day);
  const std::string day = DayOfCell(text);
  return ParseDay(day) ? day : "";
}

std::string Choices(const FormField& field) {
  return Join(field.choices, "、", [](const auto& choice) { return choice.second; });
}

// The value in its one way of writing; empty, with `why`, when it is none.
std::string ValueOf(const FormField& field, const std::string& text, const Office& office,
                    std::string& why) {
  switch (field.type) {
    case Type::kText:
      return std::string(TruncateUtf8(text, kMaxText));
    case Type::kDay:
      why = "不是日期（如 2026-11-22）";
      return DayValue(text);
    case Type::kMoney:
      why = "不是金额（如 12000.00 或 1.2万元）";
      return ParseMoney(text);
    case Type::kCount: {
      why = "不是数";
      const auto number = ParseInt(text);
      return number && *number >= 0 ? std::to_string(*number) : "";
    }
    case Type::kAddress: {
      why = "不是网址（须以 http:// 或 https:// 开头）";
      const auto url = Url::Parse(text);
      return url.ok() ? url->Canonical().href() : "";
    }
    case Type::kCounty: {
      why = "不是本市的县市区（见 jurisdictions.yaml）";
      const auto* division = office.jurisdictions.Find(text);
      return division == nullptr ? "" : division->name;
    }
    case Type::kChoice:
      why = "应为：" + Choices(field);
      for (const auto& [code, chinese] : field.choices) {
        if (text == code || text == chinese) return std::string(code);
      }
      return "";
    case Type::kBehaviour: {
      why = "不是行为类型（见 behaviours.yaml）";
      const Behaviour* behaviour = office.FindBehaviour(text);
      return behaviour == nullptr ? "" : behaviour->code;
    }
  }
  return "";
}

std::optional<Instant> DayIn(const FormValues& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? std::nullopt : ParseDay(found->second);
}

std::string In(const FormValues& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? "" : found->second;
}

// A clock that ends on a day that was given, or with a term of the office.
void StartClock(const FormValues& values, const std::string& from, const std::string& given,
                const std::string& term_id, const Office& office, Paper& paper,
                std::vector<FormProblem>& problems) {
  paper.clock.reset();
  const auto start = DayIn(values, from);
  if (!start) return;
  if (const auto due = DayIn(values, given)) {
    if (*due < *start) problems.push_back({given, "早于开始的日期 " + FormatDay(*start)});
    paper.clock = store::LeadClock{"given", *start, *due, 0, "", ""};
    return;
  }
  const auto term = office.FindTerm(term_id);
  if (!term.ok()) {
    problems.push_back({from, "terms.yaml 中没有期限 " + term_id});
    return;
  }
  const Deadline deadline = DeadlineOf(*term, *start, term->days, office.calendar);
  paper.clock = store::LeadClock{term->id, *start, deadline.due, 0, "", deadline.warning};
}

void InOrder(const FormValues& values, const std::vector<std::string>& days, const PaperForm& form,
             std::vector<FormProblem>& problems) {
  std::string before;
  for (const std::string& name : days) {
    const auto day = DayIn(values, name);
    if (!day) continue;
    if (!before.empty() && *day < *DayIn(values, before)) {
      problems.push_back(
          {name, "早于" + std::string(form.Find(before)->chinese) + " " + values.at(before)});
    }
    before = name;
  }
}

std::string CaseState(const FormValues& values) {
  if (In(values, "result") == "not_filed") return "not_filed";
  if (values.count("closed") > 0) return "closed";
  if (values.count("referred") > 0) return "referred";
  return values.count("decided") > 0 ? "decided" : "filed";
}

std::string NoticeState(const FormValues& values) {
  if (values.count("ended") > 0 || values.count("outcome") > 0) return "ended";
  if (values.count("counter_reached") > 0) return "waiting";
  if (values.count("countered") > 0) return "countered";
  return values.count("measured") > 0 ? "measured" : "notified";
}

void SettleKind(const FormValues& values, const Office& office, const PaperForm& form, Paper& paper,
                std::vector<FormProblem>& problems) {
  switch (paper.kind) {
    case PaperKind::kClue:
      StartClock(values, "received", "deadline", "clue", office, paper, problems);
      paper.answered = DayIn(values, "replied");
      paper.state = paper.answered ? "replied" : "open";
      InOrder(values, {"received", "replied"}, form, problems);
      break;
    case PaperKind::kLetter:
      StartClock(values, "sent", "due", "letter", office, paper, problems);
      paper.answered = DayIn(values, "replied");
      paper.state = paper.answered ? "replied" : "sent";
      InOrder(values, {"sent", "replied"}, form, problems);
      if (paper.key.empty()) paper.key = paper.document;
      break;
    case PaperKind::kNotice:
      // The days run from the counter-notice reaching the right holder, not from its arrival at the
      // platform (电子商务法第四十三条).
      StartClock(values, "counter_reached", "", "counter_notice", office, paper, problems);
      paper.state = NoticeState(values);
      paper.answered = DayIn(values, "ended");
      if (paper.state == "ended" && !paper.answered) problems.push_back({"ended", "缺少结束日期"});
      InOrder(values, {"notified", "measured", "countered", "counter_reached"}, form, problems);
      break;
    case PaperKind::kCase:
      paper.state = CaseState(values);
      if (paper.state == "not_filed" && values.count("decided") > 0)
        problems.push_back({"decided", "不予立案的没有处罚决定"});
      InOrder(values, {"filed_on", "decided", "closed"}, form, problems);
      if (paper.key.empty()) paper.key = paper.document;
      break;
    case PaperKind::kSignUser:
      paper.state = In(values, "uses");
      InOrder(values, {"from", "until"}, form, problems);
      if (paper.key.empty()) {
        paper.key = In(values, "gi") + "|" +
                    (In(values, "uscc").empty() ? In(values, "name") : In(values, "uscc"));
      }
      break;
    case PaperKind::kHandover:
      paper.state = values.count("receipt") > 0 ? "received" : "sent";
      break;
  }
}

}  // namespace

const FormField* PaperForm::Find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const FormField& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

const PaperForm& FormOf(PaperKind kind) { return Forms()[static_cast<size_t>(kind) - 1]; }

FormValues CheckForm(const PaperForm& form, const FormValues& values, const Office& office,
                     std::vector<FormProblem>& problems) {
  FormValues checked;
  for (const auto& [name, raw] : values) {
    const FormField* field = form.Find(name);
    if (field == nullptr) {
      std::vector<std::string_view> names;
      for (const FormField& each : form.fields) names.push_back(each.name);
      const std::string_view closest = ClosestWord(name, names);
      problems.push_back(
          {name,
           "没有此字段" + (closest.empty() ? std::string() : "；是否为 " + std::string(closest))});
      continue;
    }
    const std::string text = CollapseSpace(ToValidUtf8(raw));
    if (text.empty()) continue;
    std::string why;
    std::string value = ValueOf(*field, text, office, why);
    if (value.empty()) {
      problems.push_back({name, "“" + std::string(TruncateUtf8(text, 60)) + "” " + why});
    } else {
      checked[name] = std::move(value);
    }
  }
  return checked;
}

FormValues ValuesOf(const Paper& paper) {
  FormValues values;
  for (const store::PaperField& field : paper.fields) values[field.name] = field.value;
  if (!paper.document.empty()) values["document"] = paper.document;
  if (!paper.county.empty()) values["county"] = paper.county;
  return values;
}

void Settle(const FormValues& values, const Office& office, Paper& paper,
            std::vector<FormProblem>& problems) {
  const PaperForm& form = FormOf(paper.kind);
  paper.fields.clear();
  for (const FormField& field : form.fields) {
    const std::string name(field.name);
    const std::string value = In(values, name);
    const bool wrong = std::any_of(problems.begin(), problems.end(),
                                   [&](const FormProblem& p) { return p.field == name; });
    if (value.empty() && field.required && !wrong)
      problems.push_back({name, "缺少" + std::string(field.chinese)});
    if (name == "document") {
      paper.document = value;
    } else if (name == "county") {
      paper.county = value;
    } else if (!value.empty()) {
      paper.fields.push_back({name, value});
    }
  }
  SettleKind(values, office, form, paper, problems);
}

std::string_view StateChinese(PaperKind kind, std::string_view state) {
  static const std::map<std::string_view, std::string_view> kStates = {
      {"open", "办理中"},        {"replied", "已反馈"},      {"sent", "待回复"},
      {"notified", "已通知"},    {"measured", "已采取措施"}, {"countered", "已反通知"},
      {"waiting", "等待期内"},   {"ended", "已结束"},        {"filed", "已立案"},
      {"not_filed", "不予立案"}, {"decided", "已处罚"},      {"referred", "已移送"},
      {"closed", "已结案"},      {"received", "已回执"},     {"yes", "规范使用"},
      {"no", "未使用"},          {"improper", "使用不规范"}, {"", "未抽查"}};
  if (kind == PaperKind::kLetter && state == "replied") return "已回复";
  if (kind == PaperKind::kHandover && state == "sent") return "待回执";
  const auto found = kStates.find(state);
  return found == kStates.end() ? state : found->second;
}

std::string ParseMoney(std::string_view text) {
  std::string digits;
  int64_t unit = 1;
  bool unit_met = false;
  for (size_t pos = 0; pos < text.size();) {
    char32_t c = DecodeUtf8(text, pos);
    if (c >= U'０' && c <= U'９') c = c - U'０' + U'0';
    if (c == U'．') c = U'.';
    if (IsUnicodeSpace(c) || c == U',' || c == U'，' || c == U'¥' || c == U'￥') continue;
    if (c == U'万' || c == U'亿') {
      if (unit_met || digits.empty()) return "";
      unit = c == U'万' ? 10'000 : 100'000'000;
      unit_met = true;
    } else if (c == U'元' || c == U'圆') {
      unit_met = true;
    } else if ((c < U'0' || c > U'9') && c != U'.') {
      return "";
    } else {
      if (unit_met) return "";
      digits += static_cast<char>(c);
    }
  }
  const size_t dot = digits.find('.');
  const std::string whole = digits.substr(0, dot);
  std::string part = dot == std::string::npos ? "" : digits.substr(dot + 1);
  if (whole.empty() || whole.size() > 13 || part.find('.') != std::string::npos || part.size() > 6)
    return "";
  part.resize(6, '0');
  const int64_t units = *ParseInt(whole);
  if (units > kMaxCents / 100 / unit) return "";
  // Below a cent nothing is kept.
  return FormatCents(units * unit * 100 + *ParseInt(part) * unit * 100 / 1'000'000);
}

int64_t CentsOf(std::string_view money) {
  std::string digits;
  for (const char c : money) {
    if (IsAsciiDigit(c)) digits += c;
  }
  return ParseInt(digits).value_or(0);
}

std::string FormatCents(int64_t cents) {
  const std::string part = std::to_string(cents % 100);
  return std::to_string(cents / 100) + "." + (part.size() == 1 ? "0" : "") + part;
}

}  // namespace cluehound::triage
