#include "triage/sign_in.h"

#include "tests/triage/site.h"
#include "triage/account.h"
#include "triage/totp.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::json;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using store::Role;

std::string LoginBody(const std::string& user, const std::string& password,
                      const std::string& code = "") {
  Json body{{"user", user}, {"password", password}};
  if (!code.empty()) body["code"] = code;
  return body.dump();
}

// Signs in as a browser would.
Site::Caller LogIn(Site& site, const std::string& user, const std::string& password,
                   const std::string& code = "") {
  const HttpResponse response = site.Ask({}, "POST", "/login", LoginBody(user, password, code));
  INFO(response.body);
  REQUIRE(response.status == 200);
  REQUIRE(response.cookies.size() == 1);
  const std::string& cookie = response.cookies[0];
  CHECK(cookie.find("; HttpOnly; SameSite=Strict") != std::string::npos);
  const size_t begin = cookie.find('=') + 1;
  return {cookie.substr(begin, cookie.find(';') - begin), Json::parse(response.body)["csrf"]};
}

std::vector<std::string> Actions(Site& site) {
  std::vector<std::string> actions;
  const auto entries = site.store().Audit(0, 1000);
  REQUIRE_OK(entries);
  for (const store::AuditEntry& entry : *entries) actions.push_back(entry.action);
  return actions;
}

}  // namespace

TEST_CASE("ours: the first administrator is made once, must choose a password, and then may all") {
  Site site;
  const auto password = MakeFirstAdmin(site.store(), {"root", ""}, site.clock().Now());
  REQUIRE_OK(password);
  REQUIRE(password->has_value());
  CHECK_FALSE(MakeFirstAdmin(site.store(), {"root", ""}, site.clock().Now())->has_value());
  Site::Caller admin = LogIn(site, "admin", **password);
  CHECK(site.Good(admin, "GET", "/me")["must_change"] == true);
  CHECK(Json::parse(site.Ask(admin, "GET", "/leads").body)["error"]["code"] == "password_change");
  const Json change = {{"present", **password}, {"password", "admin123456"}};
  CHECK(site.Ask(admin, "POST", "/me/password", change.dump()).status == 400);
  const Site::Caller other = LogIn(site, "admin", **password);
  site.Good(admin, "POST", "/me/password",
            {{"present", **password}, {"password", "Chun-mian-bu-jue-xiao"}});
  CHECK(site.Good(admin, "GET", "/leads")["items"].empty());
  CHECK(site.Ask(other, "GET", "/me").status == 401);  // the other sessions have ended
  CHECK(site.Ask({}, "POST", "/login", LoginBody("admin", **password)).status == 401);
  const auto actions = Actions(site);
  CHECK(std::count(actions.begin(), actions.end(), "login") == 2);
  CHECK(std::count(actions.begin(), actions.end(), "login.failed") == 1);
  CHECK(std::count(actions.begin(), actions.end(), "user.password") == 1);
}

TEST_CASE("attack: guessing costs more and more time, for the account and for the address") {
  Site site;
  site.AddAccount("li", Role::kOfficer);
  const auto attempt = [&](const std::string& password, const std::string& address,
                           const std::string& user = "li") {
    HttpRequest request = Site::Request({}, "POST", "/login", LoginBody(user, password));
    request.peer = address;
    return site.front().Handle(request);
  };
  int looked_at = 0;
  for (int i = 0; i < 60; ++i) {
    // One address each, so that only the account counts.
    looked_at += attempt("wrong", "10.1.0." + std::to_string(i)).status == 401 ? 1 : 0;
    site.clock().Advance(seconds(1));
  }
  CHECK(looked_at <= 12);
  const HttpResponse locked = attempt(Site::kPassword, "10.2.0.1");
  CHECK(locked.status == 429);
  CHECK(std::stoi(locked.headers.at("Retry-After")) > 1);
  // An account that there is not behaves alike.
  for (int i = 0; i < 8; ++i) attempt("wrong", "10.3.0." + std::to_string(i), "nobody");
  CHECK(attempt("wrong", "10.3.0.99", "nobody").status == 429);
  site.clock().Advance(minutes(16));
  CHECK(attempt(Site::kPassword, "10.2.0.1").status == 200);
  // Who is known from an address is not locked out there by strangers.
  for (int i = 0; i < 10; ++i) attempt("wrong", "10.4.0." + std::to_string(i));
  CHECK(attempt(Site::kPassword, "10.5.0.1").status == 429);
  CHECK(attempt(Site::kPassword, "10.2.0.1").status == 200);
  // One address that tries many names.
  int refused = 0;
  for (int i = 0; i < 40; ++i)
    refused += attempt("wrong", "10.6.0.1", "name" + std::to_string(i)).status == 429 ? 1 : 0;
  CHECK(refused >= 15);
}

TEST_CASE("ours: a failed login does not keep what was typed, and says nothing of what was wrong") {
  Site site;
  site.AddAccount("li", Role::kOfficer);
  const auto unknown = site.Ask({}, "POST", "/login", LoginBody("my-Secret-9", "x"));
  const auto wrong = site.Ask({}, "POST", "/login", LoginBody("li", "x"));
  CHECK(unknown.status == 401);
  CHECK(unknown.body == wrong.body);
  const auto entries = site.store().Audit(0, 100).value();
  for (const store::AuditEntry& entry : entries)
    CHECK((entry.object + entry.actor.user + entry.reason).find("Secret") == std::string::npos);
}

TEST_CASE("ours: a session ends by itself, by hand, and with its account") {
  Site site;
  const Site::Caller boss = site.SignedIn("boss", Role::kAdmin);
  site.AddAccount("li", Role::kOfficer);
  const Site::Caller first = LogIn(site, "li", Site::kPassword);
  const Site::Caller second = LogIn(site, "li", Site::kPassword);
  std::string other;
  const Json sessions = site.Good(first, "GET", "/me/sessions")["items"];
  CHECK(sessions.size() == 2);
  for (const Json& session : sessions) {
    CHECK(session["user"] == "li");
    if (session["own"] == false) other = session["session"];
  }
  site.Good(first, "POST", "/me/sessions/" + other + "/end");
  CHECK(site.Ask(second, "GET", "/me").status == 401);
  CHECK(site.Ask(boss, "POST", "/me/sessions/" + other + "/end").status == 404);
  site.Good(first, "POST", "/logout");
  CHECK(site.Ask(first, "GET", "/me").status == 401);
  const Site::Caller idle = LogIn(site, "li", Site::kPassword);
  site.clock().Advance(hours(3));
  CHECK(site.Ask(idle, "GET", "/me").status == 200);
  site.clock().Advance(hours(3));
  CHECK(site.Ask(idle, "GET", "/me").status == 200);
  site.clock().Advance(hours(5));
  CHECK(site.Ask(idle, "GET", "/me").status == 401);
  const Site::Caller busy = LogIn(site, "li", Site::kPassword);
  for (int i = 0; i < 11; ++i) {
    site.clock().Advance(hours(1));
    CHECK(site.Ask(busy, "GET", "/me").status == 200);
  }
  site.clock().Advance(hours(1));
  CHECK(site.Ask(busy, "GET", "/me").status == 401);
  const Site::Caller admin = LogIn(site, "boss", Site::kPassword);
  const Site::Caller last = LogIn(site, "li", Site::kPassword);
  site.Good(admin, "POST", "/users/li/disable");
  CHECK(site.Ask(last, "GET", "/me").status == 401);
  CHECK(site.Ask({}, "POST", "/login", LoginBody("li", Site::kPassword)).status == 401);
}

TEST_CASE("ours: codes of an app are asked for once they were confirmed, and none is good twice") {
  Site site;
  site.AddAccount("li", Role::kOfficer);
  const Site::Caller li = LogIn(site, "li", Site::kPassword);
  const std::string address = site.Good(li, "POST", "/me/totp")["address"];
  CHECK(address.find("otpauth://totp/Cluehound:li?secret=") == 0);
  const std::string secret = site.store().office_book().FindAccount("li").value()->totp_proposed;
  CHECK(site.Ask(li, "POST", "/me/totp/confirm", R"({"code":"000000"})").status == 400);
  const auto code = [&] { return TotpCode(secret, TotpStep(site.clock().Now())); };
  const Json codes = site.Good(li, "POST", "/me/totp/confirm", {{"code", code()}})["codes"];
  CHECK(codes.size() == 10);
  site.clock().Advance(seconds(90));
  const auto status = [&](const std::string& with) {
    const auto response = site.Ask({}, "POST", "/login", LoginBody("li", Site::kPassword, with));
    return response.status == 200 ? std::string("in")
                                  : Json::parse(response.body)["error"]["code"].get<std::string>();
  };
  CHECK(status("") == "code_required");
  CHECK(status("123456") == "wrong_login");
  CHECK(status(code()) == "in");
  CHECK(status(code()) == "wrong_login");
  CHECK(status(codes[3]) == "in");
  CHECK(status(codes[3]) == "wrong_login");
  CHECK(site.Ask(li, "POST", "/me/totp/remove", R"({"password":"x"})").status == 400);
  site.Good(li, "POST", "/me/totp/remove", {{"password", Site::kPassword}});
  site.clock().Advance(hours(1));
  CHECK(status("") == "in");
}

TEST_CASE("rfc6238 B: the codes of the test vectors") {
  const std::string secret = "12345678901234567890";
  CHECK(TotpCode(secret, TotpStep(FromMillis(59'000))) == "287082");
  CHECK(TotpCode(secret, TotpStep(FromMillis(1'111'111'109'000))) == "081804");
  CHECK(TotpCode(secret, TotpStep(FromMillis(20'000'000'000'000))) == "353130");
}

TEST_CASE("ours: which passwords and names are taken") {
  for (const char* good :
       {"Chun-mian-9", "correct horse battery staple", "春眠不觉晓处处闻啼鸟夜来风雨声花落知多少"})
    CHECK(CheckPassword(good, "li").ok());
  for (const char* bad :
       {"short-1A", "alllowercase", "Password-2026", "aaaaaaaaaaaaaaaaaa", "Li-zhang-xx-li9zhang"})
    CHECK_FALSE(CheckPassword(bad, "zhang").ok());
  CHECK_FALSE(CheckPassword(std::string(300, 'x') + "A1-", "li").ok());
  for (const char* good : {"li", "李雷", "li.lei-2"}) CHECK(CheckAccountName(good).ok());
  for (const char* bad : {"", "2li", "li lei", "li\n", "../x", "a@b", "<b>"})
    CHECK_FALSE(CheckAccountName(bad).ok());
}

TEST_CASE("ours: administrators make accounts, and the last of them stays one") {
  Site site;
  const Site::Caller boss = site.SignedIn("boss", Role::kAdmin);
  const Json made =
      site.Good(boss, "POST", "/users", {{"user", "han"}, {"role", "officer"}, {"county", "寿光"}});
  CHECK(made["county"] == "寿光市");
  const std::string password = made["password"];
  CHECK(site.Good(boss, "GET", "/users").dump().find(password) == std::string::npos);
  CHECK(LogIn(site, "han", password).token.size() == 64);
  CHECK(site.Ask(boss, "POST", "/users", R"({"user":"han","role":"officer"})").status == 409);
  CHECK(site.Ask(boss, "POST", "/users", R"({"user":"x","role":"king"})").status == 400);
  CHECK(site.Ask(boss, "POST", "/users", R"({"user":"x","role":"admin","county":"寿光"})").status ==
        400);
  CHECK(site.Ask(boss, "POST", "/users/boss", R"({"role":"viewer"})").status == 400);
  CHECK(site.Ask(boss, "POST", "/users/boss/disable").status == 400);
  CHECK(site.Good(boss, "POST", "/users/han", {{"role", "admin"}, {"county", ""}})["role"] ==
        "admin");
  CHECK(site.Good(boss, "POST", "/users/boss", {{"role", "viewer"}})["role"] == "viewer");
  CHECK(site.Ask(boss, "GET", "/me").status == 401);  // signs in anew with what it has now
}

}  // namespace cluehound::triage
