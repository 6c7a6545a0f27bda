#include "app/seller_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/terminal.h"
#include "base/join.h"
#include "store/lead_fact.h"
#include "store/records.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

std::string Text(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

Json Parsed(const std::string& line) {
  Json object = Json::parse(line, nullptr, false);
  return object.is_object() ? object : Json::object();
}

std::string Count(const Json& object, const char* key) {
  return std::to_string(object.value(key, uint64_t{0}));
}

void Add(std::string& out, const std::string& label, const std::string& text, int columns) {
  if (text.empty()) return;
  std::string line = "    " + label + "：" + Printable(text);
  AppendFlowed(out, line, 8, 0, columns);
}

// "甲店（3）、乙店"
std::string Listed(const Json& object, const char* key, const char* name = "value",
                   size_t max = 8) {
  std::string text;
  const Json values = object.value(key, Json::array());
  for (size_t i = 0; i < values.size() && i < max; ++i) {
    const std::string value = Text(values[i], name);
    text += (i > 0 ? "、" : "") + (value.empty() ? Text(values[i], "mark") : value) + "（" +
            Count(values[i], "leads") + "）";
  }
  if (values.size() > max) text += "等 " + std::to_string(values.size()) + " 个";
  return text;
}

std::string Roles(const Json& seller) {
  std::string text;
  for (const Json& role : seller.value("roles", Json::array())) {
    for (int i = 1; i <= static_cast<int>(store::SellerRole::kMerchant); ++i) {
      const auto known = static_cast<store::SellerRole>(i);
      if (Text(role, "value") == store::Name(known))
        text += (text.empty() ? "" : "、") + std::string(store::ChineseName(known));
    }
  }
  return text;
}

std::string Sales(const Json& seller) {
  const Json sales = seller.value("sales_estimate", Json::object());
  return Text(sales, "label") + "：¥" + Text(sales, "amount") +
         (sales.value("lower_bound", false) ? " 以上" : "") + "（首次发现时的销量另计 ¥" +
         Text(sales, "first_amount") + (sales.value("first_lower_bound", false) ? " 以上" : "") +
         "）";
}

std::string Statuses(const Json& seller) {
  std::string text = "共 " + Count(seller, "leads") + " 条";
  const Json statuses = seller.value("by_status", Json::object());
  for (int i = 1; i <= static_cast<int>(store::LeadStatus::kClosed); ++i) {
    const auto status = static_cast<store::LeadStatus>(i);
    const auto found = statuses.find(std::string(store::Name(status)));
    if (found != statuses.end())
      text += "，" + std::string(store::ChineseName(status)) + " " +
              std::to_string(found->get<uint64_t>());
  }
  return text;
}

// The lists it stands on, in a few words.
std::string Lists(const Json& seller) {
  std::vector<std::string> parts;
  if (seller.contains("watches")) parts.emplace_back("关注");
  for (const Json& entry : seller.value("official", Json::array())) {
    parts.push_back(Text(entry, "list") == "grade" ? "官方分类 " + Text(entry, "grade") + " 级"
                                                   : "严重违法失信名单");
  }
  if (seller.contains("official_namesakes")) parts.emplace_back("官方名单中有同名");
  if (seller.contains("documents")) parts.emplace_back("有既往文书");
  return Join(parts, "、");
}

std::string Official(const Json& entry) {
  const bool grade = Text(entry, "list") == "grade";
  std::string text =
      grade ? "官方信用风险分类 " + Text(entry, "grade") + " 级" : std::string("严重违法失信名单");
  text += "，" + Text(entry, "name") + " " + Text(entry, "code") + "，文号 " +
          Text(entry, "document") + "，有效期至 " + Text(entry, "until");
  return text;
}

}  // namespace

std::string RenderSellers(const std::vector<std::string>& lines, bool more, int columns) {
  if (lines.empty()) return "没有经营者。\n";
  std::string out = Cell("风险", 6) + Cell("经营者", 30) + Cell("线索", 8) + Cell("未排除", 8) +
                    Cell("标识", 6) + Cell("店铺", 6) + "最近发现 / 名单\n";
  for (int i = 0; i < columns; ++i) out += "─";
  out += "\n";
  for (const std::string& line : lines) {
    const Json seller = Parsed(line);
    const size_t marks = seller.value("marks", Json::array()).size();
    std::string row = Cell(Count(seller, "risk"), 6) + Cell(Printable(Text(seller, "name")), 30) +
                      Cell(Count(seller, "leads"), 8) + Cell(Count(seller, "active"), 8) +
                      Cell(std::to_string(marks), 6) +
                      Cell(std::to_string(seller.value("shops", Json::array()).size()), 6) +
                      Text(seller, "last_seen") + " " + Lists(seller);
    out += Cut(row, columns) + "\n";
    std::string where = Listed(seller, "platforms", "value", 3);
    if (where.empty()) where = Listed(seller, "namespaces", "value", 3);
    out += Cut("      " + Text(seller, "seller") + "  " + Roles(seller) + "  " + Printable(where),
               columns) +
           "\n";
  }
  out += "\n共 " + std::to_string(lines.size()) + " 个经营者";
  out += more ? "（后面还有，用 --limit 增加）。\n" : "。\n";
  return out + "线索风险分是本系统对线索的估计，不是官方信用风险分类。\n";
}

std::string RenderSeller(const std::string& line, int columns) {
  const Json seller = Parsed(line);
  std::string out =
      "经营者 " + Printable(Text(seller, "name")) + "（" + Text(seller, "seller") + "）\n";
  const auto add = [&](const std::string& label, const std::string& text) {
    Add(out, label, text, columns);
  };
  add("身份", Roles(seller));
  add("名称", Listed(seller, "names"));
  add("店铺编号", Listed(seller, "seller_ids"));
  add("平台", Listed(seller, "platforms"));
  add("网站或平台", Listed(seller, "namespaces"));
  add("统一社会信用代码", Text(seller, "code").empty() && seller.contains("codes")
                              ? "页面上有多个，无法认定：" + Listed(seller, "codes")
                              : Text(seller, "code"));
  const Json shops = seller.value("shops", Json::array());
  if (shops.size() > 1) add("同一代码下的店铺", std::to_string(shops.size()) + " 个");
  add("辖区", Listed(seller, "counties"));
  add("线索", Statuses(seller));
  add("受保护标识", Listed(seller, "marks", "mark_name", 12));
  add("首次 / 最近发现", Text(seller, "first_seen") + " / " + Text(seller, "last_seen"));
  out += "    " + Sales(seller) + "\n";
  add("线索风险分", Count(seller, "risk") + "（本系统对线索的估计，不是官方信用风险分类）");
  for (const Json& part : seller.value("risk_parts", Json::array())) {
    const int points = part.value("points", 0);
    out += Cut("        " + std::string(points < 0 ? "" : "+") + std::to_string(points) + " " +
                   Text(part, "label"),
               columns) +
           "\n";
  }
  for (const Json& watch : seller.value("watches", Json::array())) {
    add("关注名单第 " + Count(watch, "watch") + " 号",
        Text(watch, "reason") +
            (Text(watch, "until").empty() ? "" : "，" + Text(watch, "until") + " 到期"));
  }
  for (const Json& entry : seller.value("official", Json::array()))
    add("官方名单", Official(entry));
  for (const Json& entry : seller.value("official_namesakes", Json::array()))
    add("官方名单中同名，待核对", Official(entry));
  for (const Json& document : seller.value("documents", Json::array()))
    add("既往文书", Text(document, "document") + "，" + Text(document, "date"));
  for (const Json& proposal : seller.value("proposals", Json::array())) {
    const std::string state = Text(proposal, "state");
    add("授权建议", Text(proposal, "mark_name") + "（" +
                        (state == "accepted"   ? "已采纳"
                         : state == "rejected" ? "已驳回"
                                               : "待定") +
                        "）");
  }
  return out;
}

std::string RenderWatches(const std::vector<std::string>& lines, int columns) {
  if (lines.empty()) return "关注名单是空的。\n";
  std::string out;
  for (const std::string& line : lines) {
    const Json watch = Parsed(line);
    out += Cut("第 " + Count(watch, "watch") + " 号  " + Printable(Text(watch, "name")) + "  " +
                   Printable(Text(watch, "reason")) + "  " +
                   (Text(watch, "until").empty() ? "无期限" : Text(watch, "until") + " 到期") +
                   (watch.value("in_force", false) ? "" : "  已结束"),
               columns) +
           "\n";
  }
  return out;
}

std::string RenderProposals(const std::vector<std::string>& lines, int columns) {
  if (lines.empty()) return "没有待定的授权建议。\n";
  std::string out;
  for (const std::string& line : lines) {
    const Json proposal = Parsed(line);
    const std::string mark = Text(proposal, "mark_name");
    out += Cut(Printable(Text(proposal, "name")) + "  →  " +
                   Printable(mark.empty() ? Text(proposal, "mark") : mark) + "，因 " +
                   Count(proposal, "leads") + " 条线索以“正品/授权”排除",
               columns) +
           "\n    " + Text(proposal, "proposal") + "\n";
  }
  return out;
}

std::string RenderClusters(const std::vector<std::string>& lines, bool more, int columns) {
  if (lines.empty()) return "没有关联线索。\n";
  std::string out;
  for (const std::string& line : lines) {
    const Json cluster = Parsed(line);
    out += Cut(Cell(Text(cluster, "kind_name"), 12) + Cell(Count(cluster, "leads") + " 条", 10) +
                   Printable(Text(cluster, "title")),
               columns) +
           "\n";
    for (const Json& why : cluster.value("why", Json::array()))
      out += Cut("    " + Printable(why.get<std::string>()), columns) + "\n";
    out += "    " + Text(cluster, "cluster") + "\n";
  }
  out += "\n共 " + std::to_string(lines.size()) + " 组";
  out += more ? "（后面还有，用 --limit 增加）。\n" : "。\n";
  return out + "关联线索仅供核查：机器只说可能有关，不作认定。\n";
}

std::string RenderCluster(const std::vector<std::string>& lines, int columns) {
  if (lines.empty()) return "";
  const Json cluster = Parsed(lines.front());
  std::string out = Text(cluster, "kind_name") + " " + Text(cluster, "cluster") + "\n";
  Add(out, "内容", Text(cluster, "title"), columns);
  for (const Json& why : cluster.value("why", Json::array()))
    Add(out, "理由", why.get<std::string>(), columns);
  for (const Json& check : cluster.value("checklist", Json::array()))
    Add(out, "核查", check.get<std::string>(), columns);
  if (const Json undone = cluster.value("undone", Json()); undone.is_object()) {
    Add(out, "已拆分",
        Text(undone, "at") + " " + Text(undone, "by") + "：" + Text(undone, "reason"), columns);
  }
  out += "    线索 " + Count(cluster, "leads") + " 条" +
         (lines.size() > 1 ? "，列出 " + std::to_string(lines.size() - 1) + " 条：" : "") + "\n";
  for (size_t i = 1; i < lines.size(); ++i) {
    const Json lead = Parsed(lines[i]);
    out += Cut("        " + Text(lead, "lead").substr(0, 10) + "  " +
                   Cell(std::to_string(lead.value("score", 0)), 4) +
                   Cell(Printable(Text(lead, "seller")), 20) + Printable(Text(lead, "title")),
               columns) +
           "\n";
  }
  return out;
}

}  // namespace cluehound::app
