#include "triage/watch_operations.h"

#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "rules/rule_set.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;
using Dimension = store::Figure::Dimension;
using Event = store::Figure::Event;

constexpr size_t kMaxEntries = 1000;  // of the log, in one answer
constexpr int64_t kMaxDays = 800;
constexpr size_t kMaxCaptures = 100;

std::string Line(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

struct Word {
  char letter;
  std::string_view name;
};
constexpr Word kDimensions[] = {{'*', "all"},      {'c', "category"},       {'m', "mark"},
                                {'j', "county"},   {'r', "rule"},           {'s', "source"},
                                {'a', "campaign"}, {'t', "status"},         {'x', "reason"},
                                {'v', "verdict"},  {'1', "county_category"}};
constexpr Word kEvents[] = {{'n', "new"}, {'d', "decided"}, {'f', "fired"}, {'l', "listed"}};

template <size_t N>
std::string_view NameOf(const Word (&words)[N], char letter) {
  for (const Word& word : words) {
    if (word.letter == letter) return word.name;
  }
  return "";
}

// Nothing to filter by, or a name of the table.
template <size_t N>
Status CheckWord(const Word (&words)[N], std::string_view what, const std::string& name) {
  std::string names;
  for (const Word& word : words) {
    if (name.empty() || word.name == name) return Status::Ok();
    names += (names.empty() ? "" : ", ") + std::string(word.name);
  }
  return Status::InvalidArgument(std::string(what) + " \"" + name + "\" is none of: " + names);
}

// What a county sees of the figures: those that are of it.
bool IsOf(const store::Figure& figure, const std::string& county) {
  if (county.empty()) return true;
  if (figure.dimension == Dimension::kCounty) return figure.value == county;
  return figure.dimension == Dimension::kCountyCategory && figure.value.starts_with(county + " ");
}

bool IsLeadId(const std::string& object) {
  return object.size() == 32 && object.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// "lead.decide" -> "lead"
std::string AreaOf(const std::string& action) { return action.substr(0, action.find('.')); }

// Of a list of rules in a file, the one with the id: from its dash to the next on the same column.
std::string RuleBlock(std::string_view text, std::string_view id) {
  std::string_view rest = text;
  std::string block;
  size_t column = std::string_view::npos;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const size_t begin = line.find_first_not_of(' ');
    if (column != std::string_view::npos) {
      const bool outside = begin != std::string_view::npos && line[begin] != '#' &&
                           (begin < column || (begin == column && line[begin] == '-'));
      if (outside) return block;
      block += std::string(line) + "\n";
      continue;
    }
    if (begin == std::string_view::npos || !line.substr(begin).starts_with("- id:")) continue;
    std::string_view value = TrimAscii(line.substr(begin + 5));
    if (const size_t comment = value.find(" #"); comment != std::string_view::npos)
      value = TrimAscii(value.substr(0, comment));
    if (value.size() > 1 && (value.front() == '"' || value.front() == '\''))
      value = value.substr(1, value.size() - 2);
    if (value != id) continue;
    column = begin;
    block = std::string(line) + "\n";
  }
  return block;
}

}  // namespace

bool WatchOperations::Has(std::string_view operation) {
  return operation == "changes.since" || operation == "figures.days" || operation == "leads.rule" ||
         operation == "leads.captures";
}

Response WatchOperations::Call(const Request& request) {
  if (request.operation == "changes.since") return Changes(request);
  if (request.operation == "figures.days") return Figures(request);
  if (request.operation == "leads.rule") return RuleOfLead(request);
  return Captures(request);
}

Response WatchOperations::Changes(const Request& request) {
  const auto head = store_.log().Head();
  if (!head.ok()) return Failed(head.status());
  const std::string text = request.Get("since");
  const auto since = text.empty() ? static_cast<int64_t>(head->size) : ParseInt(text).value_or(-1);
  if (since < 0) return Failed(Status::InvalidArgument("since must be a number"));
  const auto entries = store_.Audit(static_cast<uint64_t>(since), kMaxEntries);
  if (!entries.ok()) return Failed(entries.status());
  std::set<std::string> leads, areas;
  for (const store::AuditEntry& entry : *entries) {
    if (!IsLeadId(entry.object)) {
      areas.insert(AreaOf(entry.action));
    } else if (!leads.contains(entry.object) && store_.FindLead(entry.object, request.scope).ok()) {
      leads.insert(entry.object);
    }
  }
  // What happens elsewhere in the office is no county's business.
  if (!request.scope.county.empty()) {
    std::erase_if(areas, [](const std::string& area) {
      return area != "rules" && area != "silence" && area != "paper";
    });
  }
  const uint64_t last = entries->empty() ? static_cast<uint64_t>(since) : entries->back().number;
  return {Status::Ok(),
          {Line(Json{{"since", last},
                     {"more", entries->size() == kMaxEntries},
                     {"leads", leads},
                     {"areas", areas}})},
          ""};
}

Response WatchOperations::Figures(const Request& request) {
  const std::string today = FormatDay(clock_.Now());
  const std::string to = request.Get("to").empty() ? today : request.Get("to");
  const std::string from = request.Get("from").empty() ? to : request.Get("from");
  const auto first = ParseDay(from), last = ParseDay(to);
  if (!first || !last || *last < *first || (*last - *first) / std::chrono::hours(24) >= kMaxDays) {
    return Failed(Status::InvalidArgument("from and to must be days such as 2026-11-22, at most " +
                                          std::to_string(kMaxDays) + " of them"));
  }
  const std::string dimension = request.Get("dimension"), event = request.Get("event");
  if (Status s = CheckWord(kDimensions, "dimension", dimension); !s.ok())
    return Failed(std::move(s));
  if (Status s = CheckWord(kEvents, "event", event); !s.ok()) return Failed(std::move(s));
  const auto figures = store_.figures().Between(from, to);
  if (!figures.ok()) return Failed(figures.status());
  Response response;
  for (const store::Figure& figure : *figures) {
    const std::string_view of = NameOf(kDimensions, static_cast<char>(figure.dimension));
    const std::string_view what = NameOf(kEvents, static_cast<char>(figure.event));
    if ((!dimension.empty() && of != dimension) || (!event.empty() && what != event)) continue;
    if (!IsOf(figure, request.scope.county)) continue;
    response.lines.push_back(Line(Json{{"day", figure.day},
                                       {"event", what},
                                       {"dimension", of},
                                       {"value", figure.value},
                                       {"count", figure.count}}));
  }
  return response;
}

Response WatchOperations::RuleOfLead(const Request& request) {
  const auto lead = store_.FindLead(request.Get("lead"), request.scope);
  if (!lead.ok()) return Failed(lead.status());
  const auto set = store_.FindRuleSet(lead->rule_set);
  if (!set.ok()) return Failed(set.status());
  const auto files = rules::ParseRuleFiles(*set);
  if (!files.ok()) return Failed(files.status());
  for (const rules::RuleFile& file : *files) {
    const std::string block = RuleBlock(file.text, lead->suspicion.rule);
    if (block.empty()) continue;
    return {Status::Ok(),
            {Line(Json{{"rule", lead->suspicion.rule},
                       {"rev", lead->suspicion.rev},
                       {"rule_set", lead->rule_set},
                       {"file", file.name},
                       {"text", block}})},
            ""};
  }
  return Failed(Status::NotFound("the set " + lead->rule_set.substr(0, 12) + " has no rule " +
                                 lead->suspicion.rule));
}

Response WatchOperations::Captures(const Request& request) {
  const auto lead = store_.FindLead(request.Get("lead"), request.scope);
  if (!lead.ok()) return Failed(lead.status());
  const auto sightings = store_.Sightings(lead->id, kMaxCaptures);
  if (!sightings.ok()) return Failed(sightings.status());
  Response response;
  std::set<std::pair<std::string, uint64_t>> known;
  const auto add = [&](const evidence::CaptureRef& capture, const std::string& page, Instant seen) {
    if (!capture.present() || !known.insert({capture.file, capture.offset}).second) return;
    Json object{{"capture", capture.file + "@" + std::to_string(capture.offset)},
                {"page", page},
                {"seen", FormatTime(seen)},
                {"length", capture.length},
                {"sha256", Hex(capture.sha256)}};
    if (capture.sm3 != Digest()) object["sm3"] = Hex(capture.sm3);
    response.lines.push_back(Line(object));
  };
  for (const store::Sighting& sighting : *sightings)
    add(sighting.capture, sighting.page_url, sighting.seen);
  add(lead->capture, lead->page_url, lead->last_seen);
  return response;
}

}  // namespace cluehound::triage
