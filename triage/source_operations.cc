#include "triage/source_operations.h"

#include <map>
#include <nlohmann/json.hpp>

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxPending = 1000;
constexpr std::string_view kActions[] = {"run", "pause", "resume", "drain"};

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string LineOf(const store::SourceStanding& standing, const std::vector<std::string>& pending,
                   const std::optional<Instant>& next, const std::optional<Instant>& oldest) {
  Json object;
  object["source"] = standing.source;
  object["state"] = Name(standing.mode);
  if (standing.since != Instant()) {
    object["since"] = FormatTime(standing.since);
    object["by"] = standing.by.claimed_name.empty() ? standing.by.user : standing.by.claimed_name;
  }
  if (!pending.empty()) object["requests"] = pending;
  if (next) object["next_due"] = FormatTime(*next);
  if (oldest) object["waiting_since"] = FormatTime(*oldest);
  if (standing.read != Instant()) object["read"] = FormatTime(standing.read);
  object["pages"] = standing.pages;
  object["listings"] = standing.listings;
  object["leads"] = standing.leads;
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Response SourceOperations::Call(const Request& request) {
  return request.operation == "sources.request" ? Ask(request) : Standings(request);
}

Response SourceOperations::Ask(const Request& request) {
  const std::string action = request.Get("action");
  if (std::find(std::begin(kActions), std::end(kActions), action) == std::end(kActions)) {
    return Failed(Status::InvalidArgument("action must be run, pause, resume or drain"));
  }
  store::RoleRequest entry;
  entry.role = "crawl";
  entry.action = action;
  entry.argument = request.Get("source");
  entry.actor = request.actor;
  entry.at = clock_.Now();
  const auto number = store_.EnqueueRequest(entry);
  if (!number.ok()) return Failed(number.status());
  return {Status::Ok(), {"{\"request\":" + std::to_string(*number) + "}"}, ""};
}

Response SourceOperations::Standings(const Request& request) {
  const auto standings = store_.sources().Standings();
  if (!standings.ok()) return Failed(standings.status());
  std::map<std::string, store::SourceStanding> known;
  for (const store::SourceStanding& standing : *standings) known[standing.source] = standing;
  std::vector<std::string> ids = Lines(request.Get("sources"));
  if (ids.empty()) {
    for (const auto& [id, standing] : known) ids.push_back(id);
  }
  const auto pending = store_.PendingRequests("crawl", kMaxPending);
  if (!pending.ok()) return Failed(pending.status());
  Response response;
  for (const std::string& id : ids) {
    store::SourceStanding& standing = known[id];
    standing.source = id;
    std::vector<std::string> actions;
    for (const store::RoleRequest& wanted : *pending) {
      if (wanted.argument == id) actions.push_back(wanted.action);
    }
    const auto next = store_.NextDue({id});
    if (!next.ok()) return Failed(next.status());
    const auto oldest = store_.OldestDue(id);
    if (!oldest.ok()) return Failed(oldest.status());
    response.lines.push_back(LineOf(standing, actions, *next, *oldest));
  }
  return response;
}

}  // namespace cluehound::triage
