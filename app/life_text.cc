#include "app/life_text.h"

#include <nlohmann/json.hpp>

#include "app/terminal.h"
#include "store/records.h"
#include "triage/reasons.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

std::string Text(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

std::string Number(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_number() ? it->dump() : "";
}

std::string StatusText(const Json& lead) {
  const auto status = store::LeadStatusFromName(Text(lead, "status"));
  std::string text = status ? std::string(store::ChineseName(*status)) : "";
  const triage::Reason* reason = triage::FindReason(Text(lead, "reason"));
  if (reason != nullptr) text += "（" + std::string(reason->chinese) + "）";
  if (lead.value("merged", false)) text += "，已并入 " + Text(lead, "duplicate_of").substr(0, 10);
  return text;
}

std::string WayText(const Json& lead) {
  const Json way = lead.value("dispatch", Json());
  if (!way.is_object()) return "";
  const auto state = store::DispatchStateFromName(Text(way, "state"));
  std::string text =
      "  " + std::string(state ? store::ChineseName(*state) : "") + " " + Text(way, "county");
  if (way.contains("due")) text += "，期限 " + Text(way, "due");
  if (way.contains("urged")) text += "，催办 " + Number(way, "urged") + " 次";
  return text + (way.value("supervised", false) ? "，督办" : "");
}

std::string Standing(const Json& lead, int columns) {
  std::string text = "线索 " + Text(lead, "lead").substr(0, 10) + "  " + StatusText(lead);
  const auto add = [&](const char* label, const std::string& value) {
    if (!value.empty()) text += std::string("  ") + label + " " + value;
  };
  add("编号", Text(lead, "number"));
  const Json deadline = lead.value("deadline", Json::object());
  if (Text(lead, "status") == "checking") add("核查期限", Text(deadline, "due"));
  add("移送", triage::TargetChinese(Text(lead, "to")));
  add("案号", Text(lead, "case"));
  add("暂缓至", Text(lead, "until"));
  if (lead.contains("jurisdiction_basis") || lead.contains("jurisdiction"))
    add("辖区", Text(lead, "jurisdiction").empty()
                    ? Text(lead["jurisdiction_basis"], "place") == "elsewhere" ? "市外" : ""
                    : Text(lead, "jurisdiction"));
  text = Cut(Printable(text + WayText(lead)), columns) + "\n";
  if (const std::string warning = Text(deadline, "warning");
      !warning.empty() && Text(lead, "status") == "checking") {
    text += "    ";
    AppendFlowed(text, Printable("注意：" + warning), 4, 4, columns);
  }
  return text;
}

}  // namespace

std::string RenderStandings(const std::vector<std::string>& leads, int columns) {
  std::string out;
  for (const std::string& line : leads) {
    const Json lead = Json::parse(line, nullptr, false);
    if (lead.is_object()) out += Standing(lead, columns);
  }
  return out;
}

std::string RenderCounties(const std::vector<std::string>& counties) {
  if (counties.empty()) return "还没有分派过线索。\n";
  constexpr std::pair<const char*, const char*> kColumns[] = {
      {"收到", "received"}, {"待签收", "waiting"},  {"已签收", "signed"},
      {"反馈", "fed_back"}, {"退回", "returned"},   {"超期", "overdue"},
      {"催办", "urged"},    {"督办", "supervised"}, {"反馈率%", "feedback_rate"}};
  std::string out = Cell("县市区", 20);
  for (const auto& [title, key] : kColumns) out += Cell(title, 8);
  out += "\n";
  for (const std::string& line : counties) {
    const Json county = Json::parse(line, nullptr, false);
    if (!county.is_object()) continue;
    out += Cell(Printable(Text(county, "county")), 20);
    for (const auto& [title, key] : kColumns) out += Cell(Number(county, key), 8);
    out += "\n";
  }
  return out;
}

std::string RenderSilences(const std::vector<std::string>& silences, int columns) {
  if (silences.empty()) return "没有屏蔽。\n";
  std::string out;
  for (const std::string& line : silences) {
    const Json silence = Json::parse(line, nullptr, false);
    if (!silence.is_object()) continue;
    std::string text = "第 " + Number(silence, "silence") + " 号  ";
    text += silence.value("in_force", false) ? "有效" : "已结束";
    text += silence.contains("until") ? "，至 " + Text(silence, "until") : "，未定期限";
    text += "  命中 " + Number(silence, "hits") + " 次，现屏蔽 " + Number(silence, "leads") + " 条";
    out += Cut(text, columns) + "\n";
    std::string what;
    for (const auto& [label, key] : {std::pair{"经营者", "seller"},
                                     {"语句", "phrase"},
                                     {"条目", "listing"},
                                     {"标识", "mark"},
                                     {"规则", "rule"},
                                     {"规则类", "family"}}) {
      if (silence.contains(key))
        what += std::string(what.empty() ? "" : "，") + label + " " + Text(silence, key);
    }
    const triage::Reason* reason = triage::FindReason(Text(silence, "reason"));
    what += "；" + (reason != nullptr ? std::string(reason->chinese) : Text(silence, "reason"));
    if (silence.contains("proof")) what += "（" + Text(silence, "proof") + "）";
    what += "；" + (silence.contains("by") ? Text(silence, "by") : Text(silence, "user")) + " " +
            Text(silence, "at").substr(0, 10);
    out += "    ";
    AppendFlowed(out, Printable(what), 4, 4, columns);
  }
  return out;
}

std::string RenderStats(const std::vector<std::string>& stats) {
  const Json figures = stats.empty() ? Json() : Json::parse(stats.front(), nullptr, false);
  if (!figures.is_object()) return "";
  return "地址 " + Number(figures, "addresses") + "，已读页面 " + Number(figures, "pages") +
         "，条目 " + Number(figures, "listings") + "；线索 " + Number(figures, "leads") +
         "（其中屏蔽 " + Number(figures, "silenced") + "），发现记录 " +
         Number(figures, "sightings") + "。\n";
}

}  // namespace cluehound::app
