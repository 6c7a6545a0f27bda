#include "triage/handover.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/yaml.h"
#include "triage/category.h"
#include "triage/paper_form.h"
#include "triage/privacy.h"
#include "triage/record_json.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;
using Outside = HandoverColumn::Outside;

constexpr std::string_view kHidden = "（已隐去）";

const std::vector<std::string_view>& LeadFields() {
  static const std::vector<std::string_view> kFields = {"lead",
                                                        "number",
                                                        "status",
                                                        "status_name",
                                                        "reason",
                                                        "note",
                                                        "title",
                                                        "price",
                                                        "price_max",
                                                        "currency",
                                                        "sold",
                                                        "seller",
                                                        "seller_id",
                                                        "platform",
                                                        "url",
                                                        "id",
                                                        "kind",
                                                        "page",
                                                        "location",
                                                        "origin",
                                                        "text",
                                                        "images",
                                                        "room_operator",
                                                        "marketing_person",
                                                        "merchants",
                                                        "category",
                                                        "mark",
                                                        "mark_name",
                                                        "rule",
                                                        "behavior_code",
                                                        "legal_basis",
                                                        "hits",
                                                        "notes",
                                                        "level",
                                                        "score",
                                                        "jurisdiction",
                                                        "jurisdiction_basis.basis",
                                                        "jurisdiction_basis.text",
                                                        "dispatch.county",
                                                        "first_seen",
                                                        "last_seen",
                                                        "sightings",
                                                        "registered",
                                                        "deadline.due",
                                                        "decided_at",
                                                        "decided_by",
                                                        "to",
                                                        "case",
                                                        "presence",
                                                        "source"};
  return kFields;
}

bool IsKnown(std::string_view field) {
  if (field.starts_with("clue.")) {
    return FormOf(store::PaperKind::kClue).Find(field.substr(5)) != nullptr;
  }
  return std::find(LeadFields().begin(), LeadFields().end(), field) != LeadFields().end();
}

std::string CellOf(const Json& value);

std::string Joined(const Json& values) {
  std::string out;
  for (const Json& value : values) {
    const std::string text = CellOf(value);
    if (!text.empty()) out += (out.empty() ? "" : "；") + text;
  }
  return out;
}

// REQUIRES: of the program's own making, so that it is not deep.
std::string CellOf(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array()) return Joined(value);
  if (value.is_object()) {
    if (value.contains("law"))
      return "《" + value.value("law", "") + "》" + value.value("article", "") +
             (value.value("certainty", "") == "verified" ? "" : "（未核实）");
    return value.value("text", "");
  }
  return value.is_null() ? "" : value.dump();
}

std::string LeadCell(const Json& lead, std::string_view field) {
  const Json* at = &lead;
  for (const std::string_view part : SplitAscii(field, ".")) {
    const std::string name(part);
    if (!at->is_object() || !at->contains(name)) return "";
    at = &(*at)[name];
  }
  return CellOf(*at);
}

std::string ClueCell(const std::vector<store::Paper>& clues, const std::string& name) {
  if (clues.empty()) return "";
  const FormValues values = ValuesOf(clues.front());
  const auto found = values.find(name);
  if (found == values.end()) return "";
  const FormField* field = FormOf(store::PaperKind::kClue).Find(name);
  for (const auto& [code, chinese] : field->choices) {
    if (code == found->second) return std::string(chinese);
  }
  return found->second;
}

void ReplaceAll(std::string& text, const std::string& what, const std::string& by) {
  if (what.size() < 4) return;  // one Chinese character or less says nothing
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

// Who must not be read in any cell of a row, with what stands there instead.
std::vector<std::pair<std::string, std::string>> SecretsOf(const HandoverLead& each,
                                                           bool hides_seller) {
  std::vector<std::pair<std::string, std::string>> secrets;
  if (!each.clues.empty()) {
    for (const FormField& field : FormOf(store::PaperKind::kClue).fields) {
      if (!field.personal) continue;
      const std::string value = ClueCell(each.clues, std::string(field.name));
      if (!value.empty()) secrets.emplace_back(value, "***");
    }
  }
  const std::string& seller = each.lead.listing.seller;
  if (hides_seller && !seller.empty()) secrets.emplace_back(seller, MaskName(seller));
  return secrets;
}

std::string Masked(const std::string& cell, Outside outside) {
  if (cell.empty()) return cell;
  if (outside == Outside::kHide) return std::string(kHidden);
  return MaskNumbers(outside == Outside::kName ? MaskName(cell) : cell);
}

Outside OutsideOf(const HandoverColumn& column) {
  if (!column.field.starts_with("clue.")) return column.outside;
  const FormField* field = FormOf(store::PaperKind::kClue).Find(column.field.substr(5));
  // Whatever the file says, nobody outside learns who reported.
  return field->personal ? Outside::kHide : column.outside;
}

}  // namespace

std::vector<HandoverColumn> ParseHandover(std::string_view text, const std::string& file,
                                          Diagnostics& diagnostics) {
  std::vector<HandoverColumn> columns;
  const auto root = ParseYaml(text, file, diagnostics);
  if (!root) return columns;
  YamlMap top(*root, diagnostics, "the file of the hand-over");
  top.Each("columns", [&](const YamlNode& node) {
    YamlMap map(node, diagnostics, "column");
    HandoverColumn column;
    column.title = map.RequiredText("title");
    column.field = map.RequiredText("field");
    const std::string outside = map.Choice("outside", "text", {"text", "name", "hide"});
    column.outside = outside == "hide"   ? Outside::kHide
                     : outside == "name" ? Outside::kName
                                         : Outside::kText;
    if (!column.field.empty() && !IsKnown(column.field)) {
      const std::string_view closest = ClosestWord(column.field, LeadFields());
      map.Error("field", "unknown-field", "there is no field \"" + column.field + "\"",
                closest.empty() ? "" : "did you mean " + std::string(closest) + "?");
    }
    map.Finish();
    columns.push_back(std::move(column));
  });
  top.Finish();
  if (columns.empty() && diagnostics.ok())
    diagnostics.Error("no-columns", root->where, "a hand-over needs columns");
  return columns;
}

TextTable HandoverTable(const std::vector<HandoverColumn>& columns,
                        const std::vector<HandoverLead>& leads, bool masked) {
  TextTable table;
  table.name = "线索";
  for (const HandoverColumn& column : columns) table.header.push_back(column.title);
  const bool hides_seller = std::any_of(columns.begin(), columns.end(), [](const auto& column) {
    return column.field == "seller" && column.outside != Outside::kText;
  });
  for (const HandoverLead& each : leads) {
    const auto secrets = SecretsOf(each, hides_seller);
    Json lead = Json::parse(LeadJson(each.lead), nullptr, false);
    lead["status_name"] = store::ChineseName(each.lead.status);
    lead["category"] = CategoryChinese(each.lead.suspicion.category);
    std::vector<std::string> row;
    for (const HandoverColumn& column : columns) {
      std::string cell = column.field.starts_with("clue.")
                             ? ClueCell(each.clues, column.field.substr(5))
                             : LeadCell(lead, column.field);
      if (masked) {
        cell = Masked(cell, OutsideOf(column));
        for (const auto& [secret, by] : secrets) ReplaceAll(cell, secret, by);
      }
      row.push_back(std::move(cell));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string HandoverJson(const TextTable& table) {
  Json rows = Json::array();
  for (const auto& cells : table.rows) {
    Json row = Json::object();
    for (size_t i = 0; i < cells.size(); ++i) row[table.header[i]] = cells[i];
    rows.push_back(std::move(row));
  }
  return rows.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cluehound::triage
