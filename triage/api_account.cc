// The API's own part: login, the account that is signed in, the office, the document.

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "store/decision.h"
#include "triage/account.h"
#include "triage/api.h"
#include "triage/openapi.h"
#include "triage/permission.h"
#include "triage/reasons.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string MeJson(const Visit& visit) {
  Json object = Json::parse(AccountJson(visit.account));
  object["role_name"] = ChineseName(visit.account.role);
  object["csrf"] = visit.csrf;
  object["session"] = SessionId(visit.session);
  object["expires"] = FormatTime(visit.session.expires);
  Json may = Json::array();
  for (const Permission& permission : Permissions()) {
    if (CheckPermission(permission.operation, visit.account.role, visit.account.county).ok())
      may.push_back(permission.operation);
  }
  if (visit.account.role == store::Role::kAdmin) {
    for (const Route& route : Routes()) {
      if (!route.is_public() &&
          PermissionOf(route.operation).roles == Permission::Bit(store::Role::kAdmin))
        may.push_back(route.operation);
    }
  }
  object["may"] = std::move(may);
  object["preferences"] = visit.account.preferences.empty()
                              ? Json::object()
                              : Json::parse(visit.account.preferences, nullptr, false);
  return Dump(object);
}

std::string SetCookie(const std::string& token, bool secure) {
  return std::string(SessionCookie(secure)) + "=" + token + "; Path=/; HttpOnly; SameSite=Strict" +
         (secure ? "; Secure" : "") + (token.empty() ? "; Max-Age=0" : "");
}

HttpResponse Nothing(const Status& status) {
  return status.ok() ? JsonAnswer(200, "{}") : ErrorAnswer(status);
}

}  // namespace

HttpResponse Api::Login(const Call& call) {
  // Without a body of this type a form of another site could send it.
  const std::string site = call.http.Header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none")
    return ErrorAnswer(403, "csrf", "the request comes from another site");
  auto entered = sign_in_.Enter({call.Get("user"), call.Get("password"), call.Get("code"),
                                 call.http.peer, call.http.Header("user-agent")});
  if (entered.status.code() == Code::kUnavailable && entered.wait > Duration::zero()) {
    HttpResponse wait = ErrorAnswer(429, "wait", entered.status.message());
    wait.headers["Retry-After"] = std::to_string(entered.wait / std::chrono::seconds(1) + 1);
    return wait;
  }
  if (entered.code_required) return ErrorAnswer(401, "code_required", entered.status.message());
  if (entered.status.code() == Code::kDenied)
    return ErrorAnswer(401, "wrong_login", entered.status.message());
  if (!entered.status.ok()) return ErrorAnswer(entered.status);
  HttpResponse response = JsonAnswer(200, MeJson(entered.visit));
  response.cookies.push_back(SetCookie(entered.token, call.http.secure));
  return response;
}

HttpResponse Api::Logout(const Call& call) {
  HttpResponse response = Nothing(sign_in_.Leave(*call.visit));
  response.cookies.push_back(SetCookie("", call.http.secure));
  return response;
}

HttpResponse Api::Me(const Call& call) { return JsonAnswer(200, MeJson(*call.visit)); }

HttpResponse Api::ChangePassword(const Call& call) {
  return Nothing(sign_in_.ChangePassword(*call.visit, call.Get("present"), call.Get("password")));
}

HttpResponse Api::ProposeTotp(const Call& call) {
  const auto address = sign_in_.ProposeTotp(*call.visit);
  if (!address.ok()) return ErrorAnswer(address.status());
  return JsonAnswer(200, Dump(Json{{"address", *address}}));
}

HttpResponse Api::ConfirmTotp(const Call& call) {
  const auto codes = sign_in_.ConfirmTotp(*call.visit, call.Get("code"));
  if (!codes.ok()) return ErrorAnswer(codes.status());
  return JsonAnswer(200, Dump(Json{{"codes", *codes}}));
}

HttpResponse Api::RemoveTotp(const Call& call) {
  return Nothing(sign_in_.RemoveTotp(*call.visit, call.Get("password")));
}

HttpResponse Api::OwnSessions(const Call& call) {
  const auto lines = sign_in_.OwnSessions(*call.visit);
  return lines.ok() ? ListAnswer(*lines) : ErrorAnswer(lines.status());
}

HttpResponse Api::EndOwnSession(const Call& call) {
  return Nothing(sign_in_.EndOwnSession(*call.visit, call.Get("session")));
}

HttpResponse Api::SetPreferences(const Call& call) {
  return Nothing(sign_in_.SetPreferences(*call.visit, call.Get("preferences")));
}

HttpResponse Api::OfficeInfo(const Call& call) {
  const std::shared_ptr<const Office> office = parts_.office();
  Json object;
  object["name"] = parts_.office_name;
  object["today"] = FormatDay(parts_.clock.Now());
  object["now"] = FormatTime(parts_.clock.Now());
  object["county"] = call.visit->account.county;
  Json statuses = Json::array();
  for (int i = 1; i <= static_cast<int>(store::LeadStatus::kClosed); ++i) {
    const auto status = static_cast<store::LeadStatus>(i);
    Json next = Json::array();
    for (const auto after : store::StatusesAfter(status)) next.push_back(store::Name(after));
    statuses.push_back({{"status", store::Name(status)},
                        {"name", store::ChineseName(status)},
                        {"next", std::move(next)}});
  }
  object["statuses"] = std::move(statuses);
  Json reasons = Json::array();
  for (const Reason& reason : Reasons()) {
    Json with = Json::array();
    for (const auto status : reason.statuses) with.push_back(store::Name(status));
    reasons.push_back({{"reason", reason.code},
                       {"name", reason.chinese},
                       {"statuses", std::move(with)},
                       {"software_wrong", reason.software_wrong}});
  }
  object["reasons"] = std::move(reasons);
  Json counties = Json::array();
  for (const auto& division : office->jurisdictions.divisions())
    counties.push_back({{"county", division.name}, {"zone", division.zone}});
  object["counties"] = std::move(counties);
  Json terms = Json::array();
  for (const Term& term : office->terms) {
    terms.push_back(
        {{"term", term.id}, {"name", term.name}, {"days", term.days}, {"working", term.working}});
  }
  object["terms"] = std::move(terms);
  Json behaviours = Json::array();
  for (const Behaviour& behaviour : office->behaviours)
    behaviours.push_back({{"behaviour", behaviour.code}, {"name", behaviour.name}});
  object["behaviours"] = std::move(behaviours);
  Json roles = Json::array();
  for (const auto role :
       {store::Role::kViewer, store::Role::kOfficer, store::Role::kAnalyst, store::Role::kAdmin})
    roles.push_back({{"role", store::Name(role)}, {"name", store::ChineseName(role)}});
  object["roles"] = std::move(roles);
  Json letters = Json::array();
  for (const LetterTemplate& letter : office->letters) letters.push_back(letter.name);
  object["letters"] = std::move(letters);
  object["captures"] = parts_.captures != nullptr;
  return JsonAnswer(200, Dump(object));
}

HttpResponse Api::TestChannel(const Call& call) {
  if (!parts_.test_channel)
    return ErrorAnswer(Status::Unavailable("no notices are sent from here"));
  return Nothing(
      parts_.test_channel(static_cast<uint64_t>(ParseInt(call.Get("channel")).value_or(0))));
}

HttpResponse Api::Document(const Call&) { return JsonAnswer(200, OpenApiDocument()); }

}  // namespace cluehound::triage
