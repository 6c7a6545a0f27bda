#include "app/lead_table.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/terminal.h"
#include "base/join.h"
#include "base/text.h"
#include "store/records.h"
#include "triage/category.h"
#include "triage/reasons.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

struct Column {
  const char* title;
  int width;
};

// 4 + 12 + 16 + 24 + 22 + the rest for the place.
constexpr Column kColumns[] = {{"分", 4},      {"类别", 14},        {"标识", 16},
                               {"经营者", 22}, {"价格 / 已售", 22}, {"地点", 0}};
constexpr int kIndent = 4;

std::string Text(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

// The title with every hit of the field between 【】; overlapping hits are joined.
std::string MarkedTitle(const Json& lead) {
  const std::string title = Text(lead, "title");
  std::vector<std::pair<size_t, size_t>> spans;
  for (const char* list : {"hits", "signs"}) {
    for (const Json& hit : lead.value(list, Json::array())) {
      if (Text(hit, "field") != "title") continue;
      const size_t begin = hit.value("begin", size_t{0}), end = hit.value("end", size_t{0});
      if (begin < end && end <= title.size()) spans.emplace_back(begin, end);
    }
  }
  std::sort(spans.begin(), spans.end());
  std::string out;
  size_t at = 0;
  for (size_t i = 0; i < spans.size();) {
    size_t end = spans[i].second;
    size_t j = i + 1;
    while (j < spans.size() && spans[j].first <= end) end = std::max(end, spans[j++].second);
    if (spans[i].first >= at) {
      out += Printable(title.substr(at, spans[i].first - at)) + "【" +
             Printable(title.substr(spans[i].first, end - spans[i].first)) + "】";
      at = end;
    }
    i = j;
  }
  return out + Printable(title.substr(std::min(at, title.size())));
}

std::string Price(const Json& lead) {
  std::string price = Text(lead, "price");
  if (price.empty()) return "价格不明";
  const std::string currency = Text(lead, "currency");
  price = (currency.empty() || currency == "CNY" ? "¥" : currency + " ") + price;
  if (const std::string max = Text(lead, "price_max"); !max.empty()) price += "-" + max;
  return price;
}

std::string PriceAndSold(const Json& lead) {
  std::string text = Price(lead);
  if (lead.contains("sold")) {
    text += " / " + std::to_string(lead["sold"].get<int64_t>()) +
            (lead.value("sold_at_least", false) ? "+" : "");
  }
  return text;
}

// "销售额估算 ¥2950.00 以上"; empty when nothing was sold since it was first met.
std::string SalesOf(const Json& object) {
  const Json sales = object.value("sales_estimate", Json());
  if (!sales.is_object()) return "";
  const std::string amount = Text(sales, "amount");
  if (amount.empty() || amount == "0.00") return "";
  return "销售额估算 ¥" + amount + (sales.value("lower_bound", false) ? " 以上" : "");
}

// Each second sign once, then the notes.
std::string Signs(const Json& lead) {
  std::vector<std::string> parts;
  const auto add = [&parts](std::string part) {
    if (std::find(parts.begin(), parts.end(), part) == parts.end())
      parts.push_back(std::move(part));
  };
  for (const Json& sign : lead.value("signs", Json::array())) {
    const std::string what = Text(sign, "text");
    add(Text(sign, "label") + (what.empty() ? "" : "“" + Printable(what) + "”"));
  }
  for (const Json& note : lead.value("notes", Json::array())) add(note.get<std::string>());
  return Join(parts, "；");
}

void AppendLine(std::string& out, const std::string& label, const std::string& text, int columns) {
  if (text.empty()) return;
  const std::string line = label + text;
  out += std::string(kIndent, ' ') + Cut(line, columns - kIndent) + "\n";
}

// Text that must be read whole: wrapped at the width, at most three lines.
void AppendWrapped(std::string& out, const std::string& text, int columns) {
  const int width = columns - kIndent;
  std::string line;
  int used = 0, lines = 0;
  for (size_t pos = 0; pos < text.size();) {
    const size_t before = pos;
    const int w = DisplayWidth(DecodeUtf8(text, pos));
    if (used + w > width) {
      if (++lines == 3) {
        out += std::string(kIndent, ' ') + Cut(line + "……", width) + "\n";
        return;
      }
      out += std::string(kIndent, ' ') + line + "\n";
      line.clear();
      used = 0;
    }
    line.append(text, before, pos - before);
    used += w;
  }
  if (!line.empty()) out += std::string(kIndent, ' ') + line + "\n";
}

std::string RenderRow(const Json& row, int columns) {
  const Json lead = row.value("strongest", Json::object());
  const std::string seller = Text(row, "seller");
  const std::string mark = Text(row, "mark_name");
  std::string place = Text(lead, "location");
  if (place.empty()) place = Text(lead, "origin");
  const std::string cells[] = {std::to_string(row.value("score", 0)),
                               triage::CategoryChinese(Text(lead, "category")),
                               mark.empty() ? "—" : mark,
                               seller.empty() ? "（经营者不明）" : seller,
                               PriceAndSold(lead),
                               place};
  std::string head;
  for (size_t i = 0; i + 1 < std::size(kColumns); ++i)
    head += Cell(Printable(cells[i]), kColumns[i].width);
  head += Printable(cells[std::size(kColumns) - 1]);
  std::string out = Cut(head, columns) + "\n";
  AppendWrapped(out, MarkedTitle(lead), columns);
  AppendLine(out, "疑点：", Signs(lead), columns);
  std::string address = Text(lead, "url");
  if (address.empty()) address = Text(lead, "page");
  const int count = row.value("leads", 1);
  std::string id = "线索 " + Text(lead, "lead").substr(0, 10);
  const auto with_plus = [&row](int number, const char* more) {
    return std::to_string(number) + (row.value(more, false) ? "+" : "");
  };
  if (count > 1)
    id += "，本行 " + Text(row, "row") + " 共 " + with_plus(count, "more_leads") + " 条";
  if (const Json decided = row.value("decided", Json()); decided.is_object()) {
    const auto status = store::LeadStatusFromName(Text(decided, "status"));
    id += "，本行" + (status ? std::string(store::ChineseName(*status)) : "") + " " +
          std::to_string(decided.value("covered", 0)) + " 条";
    if (row.value("new_entries", 0) > 0)
      id += "，新增条目 " + with_plus(row.value("new_entries", 0), "more_undecided") + " 条";
  }
  if (const std::string sales = SalesOf(row); !sales.empty()) id += "，" + sales;
  const int room = columns - kIndent - DisplayWidth(id) - 2;
  out += std::string(kIndent, ' ') + Cut(Printable(address), room) + "  " + id + "\n";
  return out;
}

void AppendSales(std::string& out, const Json& lead, int columns) {
  const Json sales = lead.value("sales_estimate", Json());
  if (!sales.is_object()) return;
  std::string text = "¥" + Text(sales, "amount") + "（首次发现后增加 " +
                     std::to_string(sales.value("units", int64_t{0})) + " 件";
  if (sales.contains("units_without_price"))
    text += "，其中 " + std::to_string(sales.value("units_without_price", int64_t{0})) +
            " 件价格不明、未计";
  text += "；首次发现时已售 " + std::to_string(sales.value("first_sold", int64_t{0})) +
          (sales.value("first_lower_bound", false) ? "+" : "") + " 件，按当时价 ¥" +
          Text(sales, "first_amount") + "，另计）";
  if (sales.value("lower_bound", false)) text += "；含“1万+”一类数字，为下限";
  AppendWrapped(out, Text(sales, "label") + "：" + text, columns);
  for (const Json& line : lead.value("statutory_lines", Json::array())) {
    AppendWrapped(out,
                  std::string(Text(line, "use") == "referral" ? "移送提示" : "幅度提示") +
                      "（仅供执法人员内部参考）：同一经营者估算 ¥" + Text(line, "estimate") +
                      " 达到“" + Text(line, "name") + "”，" + Text(line, "basis") +
                      (Text(line, "certainty") == "unverified" ? "（未核实）" : "") +
                      "；估算不等于查明的数额",
                  columns);
  }
}

}  // namespace

std::string RenderLead(const std::vector<std::string>& lines, int columns) {
  const Json lead = lines.empty() ? Json() : Json::parse(lines.front(), nullptr, false);
  if (!lead.is_object()) return "";
  std::string out = "线索 " + Text(lead, "lead") + "\n";
  AppendWrapped(out, MarkedTitle(lead), columns);
  const auto field = [&](const char* label, const std::string& value) {
    AppendLine(out, std::string(label) + "：", Printable(value), columns);
  };
  field("类别", triage::CategoryChinese(Text(lead, "category")));
  field("标识", Text(lead, "mark_name"));
  field("经营者", Text(lead, "seller"));
  field("直播间运营者", Text(lead, "room_operator"));
  field("直播营销人员", Text(lead, "marketing_person"));
  for (const Json& merchant : lead.value("merchants", Json::array()))
    if (merchant.is_string()) field("平台内经营者", merchant.get<std::string>());
  field("价格 / 已售", PriceAndSold(lead));
  AppendSales(out, lead, columns);
  field("地点", Text(lead, "location"));
  field("产地", Text(lead, "origin"));
  field("地址", Text(lead, "url"));
  field("所在页面", Text(lead, "page"));
  AppendWrapped(out, "疑点：" + Signs(lead), columns);
  field("分数", std::to_string(lead.value("score", 0)));
  for (const Json& part : lead.value("score_parts", Json::array())) {
    const int points = part.value("points", 0);
    AppendLine(out, "    " + std::string(points < 0 ? "" : "+") + std::to_string(points) + " ",
               Text(part, "label"), columns);
  }
  for (const Json& hit : lead.value("hits", Json::array())) {
    const std::string folds = Join(hit.value("folds", Json::array()), "、",
                                   [](const Json& fold) { return fold.get<std::string>(); });
    field("命中", Text(hit, "text") + "（" + Text(hit, "field") + " " +
                      std::to_string(hit.value("begin", 0)) + "-" +
                      std::to_string(hit.value("end", 0)) +
                      (folds.empty() ? "" : "，折叠 " + folds) + "）");
  }
  field("规则", Text(lead, "rule") + " 第 " + std::to_string(lead.value("rev", 0)) +
                    " 版（规则集 " + Text(lead, "rule_set").substr(0, 12) + "）");
  for (const Json& c : lead.value("legal_basis", Json::array())) {
    field("拟适用条款（供核查）", "《" + Text(c, "law") + "》" + Text(c, "version") + " " +
                                      Text(c, "article") +
                                      (Text(c, "certainty") == "unverified" ? "（未核实）" : ""));
  }
  const auto status = store::LeadStatusFromName(Text(lead, "status"));
  field("状态", status ? std::string(store::ChineseName(*status)) : "");
  const triage::Reason* reason = triage::FindReason(Text(lead, "reason"));
  field("原因", reason != nullptr ? std::string(reason->chinese) : Text(lead, "reason"));
  field("备注", Text(lead, "note"));
  field("编号", Text(lead, "number"));
  field("移送", triage::TargetChinese(Text(lead, "to")));
  field("案号", Text(lead, "case"));
  field("暂缓至", Text(lead, "until"));
  field(lead.value("merged", false) ? "已并入" : "重复于", Text(lead, "duplicate_of"));
  if (const Json deadline = lead.value("deadline", Json()); deadline.is_object()) {
    field("核查期限",
          Text(deadline, "due") + (deadline.value("over", false) ? "（已超期）" : "") +
              (deadline.contains("approver") ? "，已延长，批准人 " + Text(deadline, "approver")
                                             : ""));
    field("注意", Text(deadline, "warning"));
  }
  if (const Json place = lead.value("jurisdiction_basis", Json()); place.is_object()) {
    const std::string name = Text(place, "place"), basis = Text(place, "basis");
    field("辖区", (name == "here" ? "本辖区" : "市外") + std::string(" ") + Text(place, "county") +
                      "（" +
                      (basis == "officer"    ? "人工认定"
                       : basis == "business" ? "实际经营地"
                       : basis == "licence"  ? "证照住所"
                       : basis == "name"     ? "名称中的地名，仅为线索"
                                             : "发货地，仅为线索") +
                      "：" + Text(place, "text") + "）");
  }
  if (const Json way = lead.value("dispatch", Json()); way.is_object()) {
    const auto state = store::DispatchStateFromName(Text(way, "state"));
    field("分派", (state ? std::string(store::ChineseName(*state)) : "") + " " +
                      Text(way, "county") + (way.value("over", false) ? "（已超期）" : "") +
                      (way.value("supervised", false) ? "，督办" : "") + " " +
                      Text(way, "feedback"));
  }
  for (const Json& cluster : lead.value("clusters", Json::array()))
    field("关联线索", cluster.get<std::string>());
  if (lead.contains("silenced"))
    field("屏蔽", "第 " + std::to_string(lead.value("silenced", 0)) + " 号");
  if (lead.contains("presence")) {
    field(Text(lead, "presence") == "gone" ? "已下架" : "仍在售", Text(lead, "presence_at"));
  }
  field("首次发现", Text(lead, "first_seen"));
  field("最近发现",
        Text(lead, "last_seen") + "，共 " + std::to_string(lead.value("sightings", 0)) + " 次");
  for (size_t i = 1; i < lines.size(); ++i) {
    const Json sighting = Json::parse(lines[i], nullptr, false);
    if (!sighting.is_object()) continue;
    if (const auto kind = store::EntryKindFromName(Text(sighting, "entry"))) {
      AppendLine(out, "    ",
                 Text(sighting, "at") + " " + std::string(store::ChineseName(*kind)) + " " +
                     Printable(Text(sighting, "by")) + " " + Printable(Text(sighting, "after")),
                 columns);
      continue;
    }
    AppendLine(out, "    ",
               Text(sighting, "seen") + (sighting.value("changed", false) ? " 有变化 " : " ") +
                   Printable(Text(sighting, "page")),
               columns);
  }
  return out + "线索仅供核查，不等于认定侵权。\n";
}

std::string RenderSilenced(const std::vector<std::string>& stats) {
  const Json figures = stats.empty() ? Json() : Json::parse(stats.front(), nullptr, false);
  const uint64_t silenced = figures.is_object() ? figures.value("silenced", uint64_t{0}) : 0;
  if (silenced == 0) return "";
  return "全库另有 " + std::to_string(silenced) + " 条已屏蔽（--silenced only 查看）。\n";
}

std::string RenderCount(const std::vector<std::string>& count) {
  const Json object = count.empty() ? Json() : Json::parse(count.front(), nullptr, false);
  if (!object.is_object()) return "";
  return "符合条件的线索共 " + std::to_string(object.value("leads", uint64_t{0})) +
         (object.value("more", false) ? "+" : "") + " 条。\n";
}

std::string RenderLeadTable(const std::vector<std::string>& rows, int columns) {
  if (rows.empty()) return "没有线索。\n";
  std::string out;
  for (size_t i = 0; i + 1 < std::size(kColumns); ++i)
    out += Cell(kColumns[i].title, kColumns[i].width);
  out += std::string(kColumns[std::size(kColumns) - 1].title) + "\n";
  for (int i = 0; i < columns; ++i) out += "─";
  out += "\n";
  for (const std::string& line : rows) {
    const Json row = Json::parse(line, nullptr, false);
    if (!row.is_object()) continue;
    out += RenderRow(row, columns);
  }
  out += "\n本页 " + std::to_string(rows.size()) + " 行。\n";
  if (out.find("销售额估算") != std::string::npos)
    out += "销售额估算由页面销量的增加乘当时价格得出，非违法经营额。\n";
  out += "线索仅供核查，不等于认定侵权。\n";
  return out;
}

}  // namespace cluehound::app
