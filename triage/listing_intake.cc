#include "triage/listing_intake.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxName = 200;  // bytes of the table's name

std::string Dump(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Where the leads came from, for who reads the clue later.
std::string Provenance(const ListingIntake& intake, const std::string& name) {
  return "批量导入条目表 " + CollapseSpace(TruncateUtf8(name, kMaxName)) + "，共 " +
         std::to_string(intake.rows) + " 行（SHA-256 " + intake.sha256 + "）";
}

// One of them, so that it is known when it comes again: to the same county, under the same rules.
std::string KeyOf(const ListingIntake& intake, const FormValues& fields, size_t number) {
  const auto county = fields.find("county");
  return "listings:" + intake.sha256 + ":" + intake.rule_set.substr(0, 12) + ":" +
         (county == fields.end() ? "" : county->second) + "#" + std::to_string(number);
}

// What is wrong with the fields of the form, as one sentence.
Status FormFault(const Json& line) {
  std::string text;
  for (const Json& problem : line["problems"]) {
    if (!text.empty()) text += "；";
    const std::string field = problem.value("name", "");
    text += (field.empty() ? "" : field + "：") + problem.value("message", "");
  }
  return Status::InvalidArgument(text);
}

Json ProblemsOf(const ListingIntake& intake) {
  Json problems = Json::array();
  for (const ListingIntake::Problem& problem : intake.problems) {
    problems.push_back({{"row", problem.row},
                        {"column", problem.column},
                        {"message", problem.message},
                        {"remedy", problem.remedy}});
  }
  return problems;
}

}  // namespace

Result<std::string> TakeListings(const ListingIntake& intake, const std::string& name,
                                 FormValues fields, const CallOperation& call) {
  const std::string said = fields["description"];
  fields["description"] = Provenance(intake, name) + (said.empty() ? "" : "；" + said);
  size_t new_leads = 0;
  Json papers = Json::array();
  Json leads = Json::array();
  for (size_t i = 0; i < intake.clues.size(); ++i) {
    const Json row = {{"row", i + 1},
                      {"fields", fields},
                      {"key", KeyOf(intake, fields, i + 1)},
                      {"clue", intake.clues[i]}};
    const Response response = call(
        "papers.put", {{"kind", "clue"}, {"mode", "import"}, {"rows", Dump(Json::array({row}))}});
    RETURN_IF_ERROR(response.status);
    const Json line = Json::parse(response.lines.front(), nullptr, false);
    if (line.contains("problems")) return FormFault(line);
    new_leads += line.value("new_leads", size_t{0});
    papers.push_back(line["paper"].value("paper", 0));
    for (const Json& lead : line["paper"].value("leads", Json::array())) leads.push_back(lead);
  }
  Json report;
  report["rows"] = intake.rows;
  report["listings"] = intake.listings;
  report["new_leads"] = new_leads;
  report["known_leads"] = leads.size() - new_leads;
  report["clear"] = intake.listings - intake.suspected;
  report["bad"] = intake.bad;
  report["problems"] = ProblemsOf(intake);
  report["unused"] = intake.unused;
  report["papers"] = std::move(papers);
  report["leads"] = std::move(leads);
  return Dump(report);
}

}  // namespace cluehound::triage
