#include "triage/custody_operations.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kMaxRecords = 1000;

std::string Line(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<uint64_t> Number(const Request& request, const std::string& name, uint64_t fallback) {
  const std::string text = request.Get(name);
  if (text.empty()) return fallback;
  const auto number = ParseInt(text);
  if (!number || *number < 0) return Status::InvalidArgument(name + " must be a number");
  return static_cast<uint64_t>(*number);
}

}  // namespace

bool CustodyOperations::Has(std::string_view operation) {
  return operation.starts_with("log.") || operation.starts_with("holds.") ||
         operation.starts_with("retention.") || operation == "store.copy" ||
         operation == "store.drop_copy";
}

Response CustodyOperations::Call(const Request& request) {
  if (request.operation == "log.head") return Head();
  if (request.operation == "log.records") return Records(request);
  if (request.operation == "log.sign") return Sign();
  if (request.operation == "log.note") return Note(request);
  if (request.operation == "store.copy") return Copy();
  if (request.operation == "store.drop_copy") return {store_.DropCopy(request.Get("copy")), {}, ""};
  if (request.operation == "holds.list") return Holds();
  if (request.operation == "holds.add") return ChangeHold(request, true);
  if (request.operation == "holds.end") return ChangeHold(request, false);
  return Erase(request, request.operation == "retention.leads");
}

Response CustodyOperations::Head() {
  const auto head = store_.log().Head();
  if (!head.ok()) return Failed(head.status());
  return {Status::Ok(),
          {Line({{"log", head->log}, {"size", head->size}, {"root", Hex(head->root)}})},
          ""};
}

Response CustodyOperations::Records(const Request& request) {
  const auto after = Number(request, "after", 0);
  const auto limit = Number(request, "limit", kMaxRecords);
  if (!after.ok()) return Failed(after.status());
  if (!limit.ok()) return Failed(limit.status());
  const size_t max = std::min<uint64_t>(*limit, kMaxRecords);
  const auto records = store_.log().Records(*after, max);
  if (!records.ok()) return Failed(records.status());
  Response response;
  for (const store::LogRecord& record : *records) {
    response.lines.push_back(Line({{"index", record.index},
                                   {"salt", Hex(record.salt)},
                                   {"digest", Hex(record.digest)},
                                   {"entry", Hex(record.bytes)}}));
  }
  if (records->size() == max) response.next = std::to_string(*after + records->size());
  return response;
}

Response CustodyOperations::Sign() {
  const auto note = store_.log().Sign();
  if (!note.ok()) return Failed(note.status());
  const auto keys = store_.log().Keys();
  if (!keys.ok()) return Failed(keys.status());
  Json named = Json::array();
  for (const evidence::NamedKey& key : *keys) named.push_back(key.Text());
  return {Status::Ok(), {Line({{"checkpoint", *note}, {"keys", named}})}, ""};
}

Response CustodyOperations::Note(const Request& request) {
  static constexpr std::array<std::string_view, 11> kActions = {
      "report.file", "retention.capture",  "evidence.read", "evidence.verify",
      "log.export",  "retention.listings", "store.backup",  "store.check",
      "sources.add", "campaigns.copy",     "campaigns.add"};
  const std::string action = request.Get("action");
  if (std::find(kActions.begin(), kActions.end(), action) == kActions.end())
    return Failed(Status::InvalidArgument("action \"" + action + "\" cannot be noted"));
  store::AuditEntry entry;
  entry.at = clock_.Now();
  entry.actor = request.actor;
  entry.action = action;
  entry.object = request.Get("object");
  entry.reason = request.Get("note");
  return {store_.log().Append(entry), {}, ""};
}

Response CustodyOperations::Copy() {
  const auto path = store_.MakeCopy();
  if (!path.ok()) return Failed(path.status());
  return {Status::Ok(), {Line({{"copy", *path}})}, ""};
}

Response CustodyOperations::Holds() {
  const auto holds = store_.retention().Holds();
  if (!holds.ok()) return Failed(holds.status());
  Response response;
  for (const store::Hold& hold : *holds) {
    response.lines.push_back(Line({{"lead", hold.lead},
                                   {"at", FormatTime(hold.at)},
                                   {"user", hold.by.user},
                                   {"by", hold.by.claimed_name},
                                   {"reason", hold.reason}}));
  }
  return response;
}

Response CustodyOperations::ChangeHold(const Request& request, bool add) {
  const auto lead = store_.FindLead(request.Get("lead"), request.scope);
  if (!lead.ok()) return Failed(lead.status());
  const store::Hold hold{lead->id, request.actor, clock_.Now(), request.Get("reason")};
  return {add ? store_.retention().AddHold(hold) : store_.retention().EndHold(hold), {}, ""};
}

Response CustodyOperations::Erase(const Request& request, bool leads) {
  const auto before = ParseTime(request.Get("before"));
  if (!before) return Failed(Status::InvalidArgument("before must be a time"));
  store::Erasure erasure;
  erasure.before = *before;
  erasure.after = request.Get("after");
  erasure.dry_run = request.Get("dry_run") == "yes";
  erasure.reason = request.Get("reason");
  erasure.actor = request.actor;
  erasure.at = clock_.Now();
  const auto done =
      leads ? store_.retention().EraseLeads(erasure) : store_.retention().EraseEntries(erasure);
  if (!done.ok()) return Failed(done.status());
  return {Status::Ok(), {Line({{"erased", done->erased}, {"held", done->held}})}, done->next};
}

}  // namespace cluehound::triage
