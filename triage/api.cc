#include "triage/api.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/password.h"
#include "base/text.h"
#include "base/url.h"
#include "triage/permission.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kStrangerBody = 4 * 1024;
constexpr size_t kBody = 256 * 1024;
constexpr size_t kLargeBody = 48u << 20;  // files in base64, rule sets
constexpr size_t kMaxDepth = 64;          // of JSON

bool IsBelowRoot(std::string_view path) {
  return path.starts_with(kApiRoot) && path.size() > kApiRoot.size() &&
         path[kApiRoot.size()] == '/';
}

// Routes that take files, tables or rule sets.
bool IsLarge(const Route& route) {
  const auto parameters = route.Parameters();
  return std::any_of(parameters.begin(), parameters.end(), [](const RouteParameter& parameter) {
    return parameter.name == "files" || parameter.name == "rows";
  });
}

int HttpStatus(Code code) {
  switch (code) {
    case Code::kOk:
      return 200;
    case Code::kNotFound:
      return 404;
    case Code::kInvalidArgument:
      return 400;
    case Code::kDenied:
      return 403;
    case Code::kConflict:
      return 409;
    case Code::kUnavailable:
    case Code::kCancelled:
      return 503;
    case Code::kTimeout:
      return 504;
    case Code::kCorruption:
      break;
  }
  return 500;
}

std::string_view CodeWord(Code code) {
  switch (code) {
    case Code::kNotFound:
      return "not_found";
    case Code::kInvalidArgument:
      return "invalid";
    case Code::kDenied:
      return "denied";
    case Code::kConflict:
      return "conflict";
    case Code::kUnavailable:
    case Code::kCancelled:
    case Code::kTimeout:
      return "unavailable";
    default:
      return "internal";
  }
}

// Too deep for the recursion of those who walk it.
bool IsTooDeep(std::string_view text) {
  size_t depth = 0, deepest = 0;
  bool in_text = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (in_text) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '"')
        in_text = false;
    } else if (text[i] == '"') {
      in_text = true;
    } else if (text[i] == '{' || text[i] == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((text[i] == '}' || text[i] == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest > kMaxDepth;
}

std::string Joined(const std::vector<std::string>& lines, size_t from = 0) {
  std::string array = "[";
  for (size_t i = from; i < lines.size(); ++i) array += (i > from ? "," : "") + lines[i];
  return array + "]";
}

// One value of a body as an argument.
Result<std::string> ArgumentOf(const RouteParameter& parameter, const Json& value) {
  using Type = RouteParameter::Type;
  const auto wrong = [&](const char* what) {
    return Status::InvalidArgument(parameter.name + " must be " + what);
  };
  switch (parameter.type) {
    case Type::kText:
    case Type::kSecret:
      if (value.is_number_integer()) return value.dump();
      if (!value.is_string()) return wrong("text");
      return value.get<std::string>();
    case Type::kNumber:
      if (value.is_string() && ParseInt(value.get<std::string>())) return value.get<std::string>();
      if (!value.is_number_integer()) return wrong("a number");
      return value.dump();
    case Type::kFlag:
      if (!value.is_boolean()) return wrong("true or false");
      return std::string(value.get<bool>() ? "yes" : "no");
    case Type::kJson:
      return value.dump(-1, ' ', false, Json::error_handler_t::replace);
    case Type::kList:
    case Type::kLines:
      break;
  }
  if (!value.is_array()) return wrong("a list of texts");
  const char* between = parameter.type == Type::kList ? " " : "\n";
  std::string joined;
  for (const Json& each : value) {
    if (!each.is_string()) return wrong("a list of texts");
    joined += (joined.empty() ? "" : between) + each.get<std::string>();
  }
  return joined;
}

}  // namespace

HttpResponse JsonAnswer(int status, std::string body) {
  return {status,
          "application/json; charset=utf-8",
          std::move(body),
          {{"Cache-Control", "no-store"}},
          {}};
}

HttpResponse ErrorAnswer(int status, std::string_view code, std::string_view message) {
  return JsonAnswer(status, Json{{"error", {{"code", code}, {"message", message}}}}.dump(
                                -1, ' ', false, Json::error_handler_t::replace));
}

HttpResponse ErrorAnswer(const Status& status) {
  // What is wrong inside is for the log, not for who asks.
  const bool inner = status.code() == Code::kCorruption;
  return ErrorAnswer(HttpStatus(status.code()), CodeWord(status.code()),
                     inner ? "internal error; see the server's log" : status.message());
}

HttpResponse ListAnswer(const std::vector<std::string>& lines, const std::string& next) {
  std::string body = "{\"items\":" + Joined(lines);
  if (!next.empty())
    body += ",\"next\":" + Json(next).dump(-1, ' ', false, Json::error_handler_t::replace);
  return JsonAnswer(200, body + "}");
}

HttpResponse FileAnswer(const std::string& name, const std::string& media_type, std::string bytes) {
  // RFC 6266: a plain name for old programs, and the real one.
  std::string plain;
  for (const char c : name) plain += IsAsciiAlnum(c) || c == '.' || c == '-' || c == '_' ? c : '_';
  return {200,
          media_type,
          std::move(bytes),
          {{"Cache-Control", "no-store"},
           {"Content-Disposition",
            "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + PercentEncode(name)}},
          {}};
}

std::string CookieOf(const HttpRequest& request, std::string_view name) {
  const std::string cookies = request.Header("cookie");
  for (const std::string_view cookie : SplitAscii(cookies, ";")) {
    const std::string_view trimmed = TrimAscii(cookie);
    if (trimmed.size() > name.size() && trimmed.starts_with(name) && trimmed[name.size()] == '=')
      return std::string(trimmed.substr(name.size() + 1));
  }
  return "";
}

// The prefix makes browsers refuse one that a neighbouring host has set.
std::string_view SessionCookie(bool secure) { return secure ? "__Host-cluehound" : "cluehound"; }

const std::map<std::string_view, Api::Handler>& Api::Handlers() {
  static const std::map<std::string_view, Handler> handlers = {
      {"POST /login", &Api::Login},
      {"GET /openapi.json", &Api::Document},
      {"POST /logout", &Api::Logout},
      {"GET /me", &Api::Me},
      {"POST /me/password", &Api::ChangePassword},
      {"POST /me/totp", &Api::ProposeTotp},
      {"POST /me/totp/confirm", &Api::ConfirmTotp},
      {"POST /me/totp/remove", &Api::RemoveTotp},
      {"GET /me/sessions", &Api::OwnSessions},
      {"POST /me/sessions/{session}/end", &Api::EndOwnSession},
      {"POST /me/preferences", &Api::SetPreferences},
      {"GET /office", &Api::OfficeInfo},
      {"POST /channels/{channel}/test", &Api::TestChannel},
      {"POST /leads/bulk", &Api::Bulk},
      {"POST /leads/export", &Api::ExportLeads},
      {"POST /leads/{lead}/captures/view", &Api::ViewCapture},
      {"GET /papers/{kind}/{paper}/files/{digest}", &Api::PaperFile},
      {"POST /papers/{kind}", &Api::PutPapers},
      {"POST /clues", &Api::AddClue},
      {"POST /reports/{kind}/file", &Api::ReportFile},
      {"POST /letters/draft", &Api::DraftLetter},
      {"GET /rules", &Api::ListRules},
      {"GET /marks", &Api::ListMarks},
      {"GET /rules/files", &Api::RuleFiles},
      {"POST /rules/explain", &Api::Explain},
      {"POST /rules/check", &Api::CheckRules},
      {"POST /proposals", &Api::ProposeRules},
      {"GET /jobs", &Api::ListJobs},
      {"POST /jobs", &Api::StartJob},
      {"GET /jobs/{job}", &Api::ShowJob},
      {"POST /jobs/{job}/cancel", &Api::CancelJob},
  };
  return handlers;
}

HttpResponse Api::Handle(const HttpRequest& request) {
  if (!IsBelowRoot(request.path)) return ErrorAnswer(404, "not_found", "no such route");
  const std::string path = request.path.substr(kApiRoot.size());
  const std::string_view asked = request.method;
  const std::string_view method = asked == "HEAD" ? std::string_view("GET") : asked;
  std::map<std::string, std::string> values;
  bool other_method = false;
  const Route* route = FindRoute(method, path, values, other_method);
  if (route == nullptr) {
    return other_method ? ErrorAnswer(405, "method", "not with this method")
                        : ErrorAnswer(404, "not_found", "no such route");
  }
  Call call{request, *route, nullptr, std::move(values)};
  std::optional<Visit> visit;
  if (!route->is_public()) {
    auto found = sign_in_.Find(CookieOf(request, SessionCookie(request.secure)));
    if (!found.ok() && found.status().code() == Code::kDenied)
      return ErrorAnswer(401, "signed_out", "not signed in");
    if (!found.ok()) return ErrorAnswer(found.status());
    visit = *std::move(found);
    call.visit = &*visit;
    if (route->changes()) {
      if (Status s = CheckChange(request, *visit); !s.ok())
        return ErrorAnswer(403, "csrf", s.message());
    }
    if (visit->account.must_change && route->operation != "own.session")
      return ErrorAnswer(403, "password_change", "change the password first");
    if (Status s = CheckPermission(route->operation, visit->account.role, visit->account.county);
        !s.ok())
      return ErrorAnswer(s);
  }
  if (Status s = ReadArguments(call); !s.ok()) return ErrorAnswer(s);
  return Dispatch(call);
}

Status Api::CheckChange(const HttpRequest& request, const Visit& visit) const {
  if (!EqualInConstantTime(request.Header("x-csrf-token"), visit.csrf))
    return Status::Denied("X-CSRF-Token is missing or wrong");
  const std::string origin = request.Header("origin");
  if (!origin.empty() && origin != "http://" + request.host && origin != "https://" + request.host)
    return Status::Denied("the request comes from another origin");
  const std::string site = request.Header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none")
    return Status::Denied("the request comes from another site");
  return Status::Ok();
}

Status Api::ReadArguments(Call& call) const {
  const auto parameters = call.route.Parameters();
  const auto known = [&](const std::string& name) -> const RouteParameter* {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const RouteParameter& each) { return each.name == name; });
    return found == parameters.end() || call.arguments.count(name) > 0 ? nullptr : &*found;
  };
  if (!call.route.changes()) {
    for (const auto& [name, value] : call.http.query) {
      const RouteParameter* parameter = known(name);
      if (parameter == nullptr) return Status::InvalidArgument("no parameter \"" + name + "\"");
      if (value.empty()) continue;
      if (parameter->type == RouteParameter::Type::kFlag && value != "true" && value != "false")
        return Status::InvalidArgument(name + " must be true or false");
      if (value != "false") call.arguments[name] = value == "true" ? "yes" : value;
    }
  } else if (!call.http.body.empty()) {
    if (!ToAsciiLower(call.http.Header("content-type")).starts_with("application/json"))
      return Status::InvalidArgument("the body must be application/json");
    if (IsTooDeep(call.http.body)) return Status::InvalidArgument("the body is nested too deeply");
    const Json body = Json::parse(call.http.body, nullptr, false);
    if (!body.is_object()) return Status::InvalidArgument("the body must be a JSON object");
    for (const auto& [name, value] : body.items()) {
      const RouteParameter* parameter = known(name);
      if (parameter == nullptr) return Status::InvalidArgument("no parameter \"" + name + "\"");
      if (value.is_null()) continue;
      ASSIGN_OR_RETURN(call.arguments[name], ArgumentOf(*parameter, value));
    }
  }
  for (const RouteParameter& parameter : parameters) {
    if (parameter.required && call.arguments.count(parameter.name) == 0)
      return Status::InvalidArgument("\"" + parameter.name + "\" is missing");
  }
  for (const auto& [name, value] : call.arguments) {
    if (!IsValidUtf8(value) || value.find('\0') != std::string::npos)
      return Status::InvalidArgument(name + " is no text");
  }
  return Status::Ok();
}

Request Api::ToOperation(const Call& call, std::string_view operation) const {
  Request request;
  request.operation = operation;
  const store::Account& account = call.visit->account;
  request.actor = {account.name, account.display};
  request.scope.county = account.county;
  request.role = account.role;
  return request;
}

Response Api::Do(const Call& call, std::string_view operation,
                 std::map<std::string, std::string> arguments) {
  Request request = ToOperation(call, operation);
  request.arguments = std::move(arguments);
  if (Status s = CheckPermission(operation, request.role, request.scope.county); !s.ok())
    return Failed(std::move(s));
  Response response = parts_.call(request);
  // Not even whether another county has it.
  if (response.status.code() == Code::kDenied && !request.scope.county.empty() &&
      operation != "reports.data")
    response.status = Status::NotFound("there is none of this name");
  return response;
}

HttpResponse Api::Dispatch(Call& call) {
  const std::string name = std::string(call.route.method) + " " + std::string(call.route.path);
  const auto handler = Handlers().find(name);
  if (handler != Handlers().end()) return (this->*handler->second)(call);
  return Answer(call, Do(call, call.route.operation, call.arguments));
}

HttpResponse Api::Answer(const Call& call, const Response& response) const {
  if (!response.status.ok()) return ErrorAnswer(response.status);
  const auto& lines = response.lines;
  using Shape = Route::Shape;
  switch (call.route.shape) {
    case Shape::kList:
      return ListAnswer(lines, response.next);
    case Shape::kOne:
      return JsonAnswer(200, lines.empty() ? "{}" : lines.front());
    case Shape::kPaper:
    case Shape::kCluster:
    case Shape::kReport: {
      const bool report = call.route.shape == Shape::kReport;
      const char* first = report                              ? "header"
                          : call.route.shape == Shape::kPaper ? "paper"
                                                              : "cluster";
      return JsonAnswer(200, "{\"" + std::string(first) +
                                 "\":" + (lines.empty() ? "{}" : lines.front()) + ",\"" +
                                 (report ? "rows" : "leads") + "\":" + Joined(lines, 1) + "}");
    }
    case Shape::kLead: {
      std::vector<std::string> sightings, entries;
      for (size_t i = 1; i < lines.size(); ++i)
        (lines[i].find("\"entry\":") < 60 ? entries : sightings).push_back(lines[i]);
      return JsonAnswer(200, "{\"lead\":" + lines.front() + ",\"sightings\":" + Joined(sightings) +
                                 ",\"entries\":" + Joined(entries) + "}");
    }
    case Shape::kNothing:
    case Shape::kFile:
      break;
  }
  return JsonAnswer(200, "{}");
}

size_t Api::BodyCap(const HttpRequest& head) {
  if (!IsBelowRoot(head.path)) return 0;
  std::map<std::string, std::string> values;
  bool other_method = false;
  const Route* route =
      FindRoute(head.method, head.path.substr(kApiRoot.size()), values, other_method);
  if (route == nullptr || !route->changes()) return 0;
  if (route->is_public()) return kStrangerBody;
  if (!sign_in_.Find(CookieOf(head, SessionCookie(head.secure))).ok()) return kStrangerBody;
  return IsLarge(*route) ? kLargeBody : kBody;
}

}  // namespace cluehound::triage
