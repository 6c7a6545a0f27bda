#include <cstdlib>
#include <fstream>
#include <set>

#include "base/text.h"
#include "store/decision.h"
#include "tests/triage/http_client.h"
#include "tests/triage/site.h"
#include "triage/openapi.h"
#include "triage/permission.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::json;
using store::Role;

// docs/openapi.json: what those who build on the API read.
Json Document() { return Json::parse(testing::Slurp(testing::SourceDir() / "docs/openapi.json")); }

struct DocumentedRoute {
  std::string method;  // "GET"
  std::string path;
  Json operation;
  bool open() const { return operation.contains("security"); }
  bool MayCall(Role role) const {
    const auto& roles = operation["x-roles"];
    return std::find(roles.begin(), roles.end(), store::Name(role)) != roles.end();
  }
};

std::vector<DocumentedRoute> DocumentedRoutes() {
  std::vector<DocumentedRoute> routes;
  const Json document = Document();
  for (const auto& [path, methods] : document["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      std::string upper;
      for (const char c : method) upper += static_cast<char>(c & ~0x20);
      routes.push_back({upper, path, operation});
    }
  }
  return routes;
}

// The path with every brace filled, from `values` or with "x".
std::string Filled(std::string path, const std::map<std::string, std::string>& values = {}) {
  for (size_t begin = 0; (begin = path.find('{')) != std::string::npos;) {
    const size_t end = path.find('}', begin);
    const auto found = values.find(path.substr(begin + 1, end - begin - 1));
    path.replace(begin, end - begin + 1, found == values.end() ? "x" : found->second);
  }
  return path;
}

// A body with everything that is required, of the right type.
Json BodyFor(const DocumentedRoute& route, const std::map<std::string, std::string>& values = {}) {
  Json body = Json::object();
  if (!route.operation.contains("requestBody")) return body;
  const Json& schema = route.operation["requestBody"]["content"]["application/json"]["schema"];
  for (const auto& [name, property] : schema["properties"].items()) {
    const auto given = values.find(name);
    const bool list = property["type"] == "array";
    if (given != values.end()) {
      body[name] = list ? Json::array({given->second}) : Json(given->second);
      continue;
    }
    const auto required = schema.value("required", Json::array());
    if (std::find(required.begin(), required.end(), name) == required.end()) continue;
    if (property["type"] == "string")
      body[name] = "x";
    else if (property["type"] == "integer")
      body[name] = 1;
    else
      body[name] = Json::array();
  }
  return body;
}

}  // namespace

TEST_CASE("openapi: the committed document is the one that the server gives") {
  const auto file = testing::SourceDir() / "docs/openapi.json";
  if (std::getenv("CLUEHOUND_GOLDEN") != nullptr) std::ofstream(file) << OpenApiDocument();
  CHECK(testing::Slurp(file) == OpenApiDocument());
}

TEST_CASE(
    "openapi: every route of the table is in the document, and every one there is in the table") {
  std::set<std::string> in_table, in_document;
  for (const Route& route : Routes()) {
    const std::string name = std::string(route.method) + " " + std::string(route.path);
    CHECK(in_table.insert(name).second);
    INFO(name);
    // What a route offers the operation must know, and the operation's permission must be thought about.
    if (route.is_public()) continue;
    const auto& all = Permissions();
    const bool named = std::any_of(all.begin(), all.end(), [&](const Permission& permission) {
      return permission.operation == route.operation;
    });
    const bool admins_alone = PermissionOf(route.operation).roles == Permission::Bit(Role::kAdmin);
    CHECK((named || admins_alone));
  }
  std::set<std::string> ids;
  const Json document = Document();
  for (const DocumentedRoute& route : DocumentedRoutes()) {
    in_document.insert(route.method + " " + route.path);
    CHECK(ids.insert(route.operation["operationId"]).second);
    std::map<std::string, std::string> values;
    bool other = false;
    const Route* found = FindRoute(route.method, route.path, values, other);
    REQUIRE(found != nullptr);
    CHECK(found->path == route.path);
    std::set<std::string> table_parameters, document_parameters;
    for (const RouteParameter& parameter : found->Parameters())
      table_parameters.insert(parameter.name);
    for (const Json& parameter : route.operation.value("parameters", Json::array()))
      document_parameters.insert(parameter["name"]);
    if (route.operation.contains("requestBody")) {
      const Json& schema = route.operation["requestBody"]["content"]["application/json"]["schema"];
      for (const auto& [name, property] : schema["properties"].items())
        document_parameters.insert(name);
    }
    CHECK(table_parameters == document_parameters);
  }
  CHECK(in_table == in_document);
  // Every reference leads somewhere.
  const std::string text = document.dump();
  for (size_t at = 0; (at = text.find("\"#/components/schemas/", at)) != std::string::npos;) {
    at += 22;
    const std::string name = text.substr(at, text.find('"', at) - at);
    INFO(name);
    CHECK(document["components"]["schemas"].contains(name));
  }
}

TEST_CASE("openapi: what routes pass on, their operations take") {
  static const std::set<std::string_view> kOwnHandlers = {
      "own.session",   "own.office",  "own.bulk",   "tools.rules",
      "tools.explain", "tools.check", "tools.jobs", "channels.test"};
  // Those that need the configuration (app/source_desk.h, app/campaign_desk.h).
  static const std::set<std::string_view> kDeployment = {
      "sources.add",    "sources.preview",   "crawl.plan",   "campaigns.check",
      "campaigns.copy", "campaigns.preview", "campaigns.add"};
  static const std::set<std::string_view> kTranslated = {
      "POST /leads/{lead}/captures/view",
      "GET /papers/{kind}/{paper}/files/{digest}",
      "POST /clues",
      "GET /rules/files",
      "POST /proposals",
      "POST /reports/{kind}/file"};
  for (const Route& route : Routes()) {
    const std::string name = std::string(route.method) + " " + std::string(route.path);
    if (route.is_public() || kOwnHandlers.contains(route.operation) ||
        kDeployment.contains(route.operation) || kTranslated.contains(name))
      continue;
    INFO(name);
    const auto known = Operations::ArgumentsOf(route.operation);
    for (const RouteParameter& parameter : route.Parameters()) {
      INFO(parameter.name);
      CHECK(std::find(known.begin(), known.end(), parameter.name) != known.end());
    }
  }
}

TEST_CASE("attack: every route without a session, with each role, and without the token") {
  Site site;
  const std::pair<Role, Site::Caller> callers[] = {
      {Role::kViewer, site.SignedIn("viewer", Role::kViewer)},
      {Role::kOfficer, site.SignedIn("officer", Role::kOfficer)},
      {Role::kAnalyst, site.SignedIn("analyst", Role::kAnalyst)},
      {Role::kAdmin, site.SignedIn("boss", Role::kAdmin)}};
  const Site::Caller county = site.SignedIn("shouguang", Role::kOfficer, Site::kOwn);
  const Site::Caller fresh = site.SignedIn("fresh", Role::kAdmin, "", true);
  const Site::Caller stranger{Hex(RandomBytes(32)), "x"};
  size_t asked = 0;
  for (const DocumentedRoute& route : DocumentedRoutes()) {
    INFO(route.method << " " << route.path);
    const std::string path = Filled(route.path);
    const std::string body = route.method == "GET" ? "" : BodyFor(route).dump();
    const auto status = [&](const Site::Caller& caller) {
      ++asked;
      return site.Ask(caller, route.method, path, body).status;
    };
    if (route.open()) {
      CHECK(status({}) != 403);
      continue;
    }
    CHECK(status({}) == 401);
    CHECK(status(stranger) == 401);
    if (route.path == "/logout") continue;
    for (const auto& [role, caller] : callers) {
      INFO(store::Name(role));
      if (!route.MayCall(role)) {
        CHECK(status(caller) == 403);
      } else if (route.path != "/me/totp" && route.path != "/me/preferences") {
        const int got = status(caller);
        CHECK(got != 401);
        CHECK(got != 500);
        // Denied for what is asked, never for who asks.
        if (got == 403) CHECK(route.path.find("/proposals") == 0);
      }
      if (route.method != "GET") {
        CHECK(status({caller.token, ""}) == 403);
        CHECK(status({caller.token, callers[0].second.csrf + "x"}) == 403);
      }
    }
    if (!route.operation["x-counties"] || !route.MayCall(Role::kOfficer)) {
      CHECK(status(county) == 403);
    } else {
      CHECK(status(county) != 401);
    }
    if (route.operation["x-operation"] != "own.session") CHECK(status(fresh) == 403);
  }
  CHECK(asked > 800);
}

TEST_CASE("attack: a county officer gets nothing of another county's lead by any call") {
  Site site;
  const Site::Caller city = site.SignedIn("city", Role::kAdmin);
  const std::string own = site.AddLead("1", "鸿雁 高仿 自家", "共同小店", Site::kOwn);
  const std::string secret = site.AddLead("2", "鸿雁 高仿 邻县机密", "邻县秘密小店", Site::kOther);
  const std::string shared = site.AddLead("3", "鸿雁 高仿 邻县货", "共同小店", Site::kOther);
  site.clock().Advance(std::chrono::seconds(60));
  // Everything that may speak of it: a decision, an assignment, papers, a silence, a watch, a hold.
  site.Good(city, "POST", "/leads/" + secret + "/register", {{"note", "邻县机密备注"}});
  const std::string number = site.Good(city, "GET", "/leads/" + secret)["lead"]["number"];
  const Json clue =
      site.Good(city, "POST", "/papers/clue",
                {{"rows",
                  {{{"fields",
                     {{"origin", "own"},
                      {"county", Site::kOther},
                      {"description", "邻县机密举报"},
                      {"title", "邻县机密线索"},
                      {"url", "http://a.example/secret-clue"}}},
                    {"files", {{{"name", "a.png"}, {"base64", "iVBORw0KGgoAAAAN"}}}}}}}});
  REQUIRE(clue["items"][0].contains("paper"));
  const std::string paper = std::to_string(clue["items"][0]["paper"]["paper"].get<int>());
  const std::string file = clue["items"][0]["paper"]["files"][0]["sha256"];
  site.Good(city, "POST", "/silences",
            {{"lead", shared}, {"reason", "fair_use"}, {"proof", "邻县机密证明"}});
  site.Good(city, "POST", "/watches", {{"seller", "邻县秘密小店"}, {"reason", "邻县机密关注"}});
  site.Good(city, "POST", "/holds", {{"lead", secret}, {"reason", "邻县机密"}});
  std::string row, seller, cluster;
  const Json rows = site.Good(city, "GET", "/rows?silenced=all");
  for (const Json& each : rows["items"])
    if (each.value("seller", "") == "邻县秘密小店") row = each["row"];
  const Json sellers = site.Good(city, "GET", "/sellers");
  for (const Json& each : sellers["items"])
    if (each.value("name", "") == "邻县秘密小店") seller = each["seller"];
  REQUIRE_FALSE(row.empty());
  REQUIRE_FALSE(seller.empty());
  const std::string capture =
      site.Good(city, "GET", "/leads/" + secret + "/captures")["items"][0]["capture"];

  const std::vector<std::string> secrets = {"邻县", secret,     shared,
                                            number, "秘密小店", "secret-clue"};
  const std::map<std::string, std::string> names = {{"lead", secret},
                                                    {"leads", secret},
                                                    {"seller", seller},
                                                    {"kind", "clue"},
                                                    {"paper", paper},
                                                    {"digest", file},
                                                    {"row", row},
                                                    {"capture", capture},
                                                    {"of", secret},
                                                    {"into", secret},
                                                    {"action", "undo"},
                                                    {"format", "json"},
                                                    {"county", Site::kOther},
                                                    {"user", "city"},
                                                    {"platform", "a.example"}};
  for (const auto role : {Role::kViewer, Role::kOfficer, Role::kAnalyst}) {
    const Site::Caller county =
        site.SignedIn("c-" + std::string(store::Name(role)), role, Site::kOwn);
    for (const DocumentedRoute& route : DocumentedRoutes()) {
      if (route.open() || route.path == "/logout" || route.path == "/office") continue;
      auto values = names;
      if (route.path.starts_with("/reports")) values["kind"] = "ledger";
      std::vector<std::pair<std::string, std::string>> asks;  // target, body
      const std::string path = Filled(route.path, values);
      if (route.method == "GET") {
        asks.emplace_back(path, "");
        for (const Json& parameter : route.operation.value("parameters", Json::array())) {
          const std::string name = parameter["name"];
          if (parameter["in"] != "query") continue;
          if (values.contains(name)) asks.emplace_back(path + "?" + name + "=" + values[name], "");
          if (name == "silenced") asks.emplace_back(path + "?silenced=all", "");
          if (name == "since") asks.emplace_back(path + "?since=0", "");
          if (name == "text") asks.emplace_back(path + "?text=机密", "");
        }
        for (const std::string& word : {number, secret.substr(0, 8)}) {
          values["lead"] = word;
          asks.emplace_back(Filled(route.path, values), "");
        }
      } else {
        asks.emplace_back(path, BodyFor(route, values).dump());
        values.erase("row");
        asks.emplace_back(path, BodyFor(route, values).dump());
      }
      for (const auto& [target, body] : asks) {
        const HttpResponse response = site.Ask(county, route.method, target, body);
        for (const std::string& word : secrets) {
          // What was asked for may come back with the reason why not.
          const bool refused = response.status >= 400 || route.path == "/leads/bulk";
          if (refused && (target + body).find(word) != std::string::npos) continue;
          INFO(store::Name(role) << " " << route.method << " " << target << " " << body << "\n"
                                 << response.body.substr(0, 2000) << "\n"
                                 << word);
          CHECK(response.body.find(word) == std::string::npos);
        }
        if (target.find("/leads/" + secret) != std::string::npos) CHECK(response.status >= 400);
        CHECK(response.body.find("\"ok\":true") == std::string::npos);
      }
    }
    CHECK(site.Good(county, "GET", "/leads/count?silenced=all")["leads"] == 1);
    CHECK(site.Good(county, "GET", "/leads/" + own)["lead"]["lead"] == own);
    const Json changes = site.Good(county, "GET", "/changes?since=0");
    CHECK(changes["leads"] == Json::array({own}));
  }
  // Nothing was done to it either.
  const Json entries = site.Good(city, "GET", "/leads/" + secret)["entries"];
  for (const Json& entry : entries) CHECK(entry.value("user", "").starts_with("c-") == false);
}

TEST_CASE("ours: a lead is listed, shown, decided and undone over HTTP, and the log knows who") {
  Site site;
  const Site::Caller li = site.SignedIn("li", Role::kOfficer);
  const Site::Caller han = site.SignedIn("han", Role::kOfficer);
  const std::string id = site.AddLead("1", "鸿雁 高仿", "东风小店", Site::kOwn);
  site.AddLead("2", "鸿雁 高仿 二", "东风小店", Site::kOwn);
  const int since = site.Good(li, "GET", "/changes")["since"];
  CHECK(site.Good(li, "GET", "/leads?limit=1")["items"].size() == 1);
  CHECK(site.Good(li, "GET", "/leads?limit=1").contains("next"));
  const Json shown = site.Good(li, "GET", "/leads/" + id);
  CHECK(shown["sightings"].size() == 1);
  const int revision = shown["lead"]["revision"];
  const Json body = {{"status", "ruled_out"}, {"reason", "fair_use"}, {"revision", revision}};
  CHECK(site.Good(li, "POST", "/leads/" + id + "/decide", body)["status"] == "ruled_out");
  // The second officer had the page open.
  const HttpResponse late = site.Ask(han, "POST", "/leads/" + id + "/decide", body.dump());
  CHECK(late.status == 409);
  CHECK(Json::parse(late.body)["error"]["code"] == "conflict");
  const Json changes = site.Good(han, "GET", "/changes?since=" + std::to_string(since));
  CHECK(changes["leads"] == Json::array({id}));
  CHECK(site.Good(han, "GET", "/leads/" + id)["entries"][0]["user"] == "li");
  CHECK(site.Good(li, "POST", "/leads/" + id + "/undo")["status"] == "new");
  const Json bulk = site.Good(li, "POST", "/leads/bulk",
                              {{"leads", {id, "ffffffff"}},
                               {"action", "decide"},
                               {"arguments", {{"status", "platform"}, {"reason", "handled"}}}});
  CHECK(bulk["items"][0]["ok"] == true);
  CHECK(bulk["items"][1]["ok"] == false);
  CHECK(site.Good(li, "GET", "/leads/" + id)["lead"]["status"] == "platform");
}

TEST_CASE("attack: what is no request of ours") {
  Site site;
  const Site::Caller li = site.SignedIn("li", Role::kOfficer);
  const auto status = [&](const HttpRequest& request) {
    return site.front().Handle(request).status;
  };
  HttpRequest foreign =
      Site::Request(li, "POST", "/leads/bulk", R"({"leads":["x"],"action":"undo"})");
  CHECK(status(foreign) == 200);
  foreign.headers["origin"] = "https://evil.example";
  CHECK(status(foreign) == 403);
  foreign.headers["origin"] = "https://clues.example";
  CHECK(status(foreign) == 200);
  foreign.headers["sec-fetch-site"] = "cross-site";
  CHECK(status(foreign) == 403);
  foreign.headers.erase("sec-fetch-site");
  foreign.headers["content-type"] = "text/plain";
  CHECK(status(foreign) == 400);
  CHECK(site.Ask(li, "POST", "/leads/bulk", "[]").status == 400);
  CHECK(site.Ask(li, "POST", "/leads/bulk", R"({"leads":"x","action":"undo"})").status == 400);
  CHECK(site.Ask(li, "POST", "/leads/bulk", R"({"leads":["x"],"action":"undo","by":"root"})")
            .status == 400);
  CHECK(site.Ask(li, "POST", "/leads/bulk", std::string(100'000, '[') + std::string(100'000, ']'))
            .status == 400);
  CHECK(site.Ask(li, "GET", "/leads?role=admin").status == 400);
  CHECK(site.Ask(li, "GET", "/leads?text=\xFF\xFE").status == 400);
  CHECK(site.Ask(li, "DELETE", "/leads").status == 405);
  CHECK(site.Ask(li, "GET", "/nothing").status == 404);
  for (const std::string path :
       {"/../etc/passwd", "/..%2f..%2fetc/passwd", "/assets/../../etc/passwd", "//etc/passwd",
        "/api/../etc/passwd", "/.env", "/index.html\0.txt"}) {
    HttpRequest request = Site::Request({}, "GET", "/");
    request.path = path;
    const HttpResponse response = site.front().Handle(request);
    INFO(path);
    CHECK(response.body.find("root:") == std::string::npos);
    CHECK(response.status != 500);
  }
}

TEST_CASE("ours: every answer carries the headers that bind a browser, and no data is cached") {
  Site site;
  const Site::Caller li = site.SignedIn("li", Role::kOfficer);
  for (const char* path : {"/", "/leads", "/nothing"}) {
    const HttpResponse response = site.Ask(li, "GET", path);
    INFO(path);
    const auto& headers = response.headers;
    CHECK(headers.at("Referrer-Policy") == "no-referrer");
    CHECK(headers.at("X-Frame-Options") == "DENY");
    CHECK(headers.at("Cache-Control") == "no-store");
    const std::string& policy = headers.at("Content-Security-Policy");
    CHECK(policy.find("default-src 'none'") == 0);
    CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
    const size_t script = policy.find("script-src");
    if (script != std::string::npos) CHECK(policy.substr(script, 19) == "script-src 'self'; ");
  }
  CHECK(site.Ask({}, "GET", "/").body.find("ui") != std::string::npos);  // says that it has no page
}

TEST_CASE("ours: tags of many leads at once, each by itself") {
  Site site;
  const Site::Caller li = site.SignedIn("li", Role::kOfficer);
  const std::string first = site.AddLead("1", "鸿雁 高仿", "东风小店", Site::kOwn);
  const std::string second = site.AddLead("2", "鸿雁 复刻", "西风小店", Site::kOwn);
  const auto one =
      site.Good(li, "POST", "/leads/" + first + "/tag", {{"add", Json::array({"4·26 行动"})}});
  CHECK(one["tags"] == Json::array({"4·26 行动"}));
  const auto bulk = site.Good(li, "POST", "/leads/bulk",
                              {{"leads", Json::array({first, second})},
                               {"action", "tag"},
                               {"arguments", {{"add", Json::array({"4·26 行动"})}}}});
  CHECK(bulk["items"][0]["ok"] == false);
  CHECK(bulk["items"][1]["ok"] == true);
  CHECK(site.Good(li, "GET", "/leads?tag=4·26 行动")["items"].size() == 2);
  const auto county = site.SignedIn("own", Role::kOfficer, Site::kOwn);
  const Json one_more = {{"add", Json::array({"x"})}};
  CHECK(site.Ask(county, "POST", "/leads/" + first + "/tag", one_more.dump()).status == 403);
  const Json number = {
      {"leads", Json::array({first})}, {"action", "tag"}, {"arguments", {{"add", 7}}}};
  CHECK(site.Ask(li, "POST", "/leads/bulk", number.dump()).status == 400);
}

TEST_CASE("ours: answers hold no field that the document does not know") {
  Site site;
  const Site::Caller boss = site.SignedIn("boss", Role::kAdmin);
  const std::string id = site.AddLead("1", "鸿雁 高仿", "东风小店", Site::kOwn);
  site.AddLead("2", "鸿雁 高仿", "西风小店", Site::kOwn);
  site.AddLead("3", "鸿雁 高仿", "北风小店", Site::kOwn);
  site.Good(boss, "POST", "/leads/" + id + "/register");
  site.Good(boss, "POST", "/leads/" + id + "/assign", {{"county", Site::kOwn}});
  site.Good(boss, "POST", "/leads/" + id + "/tag", {{"add", Json::array({"展会"})}});
  site.Good(boss, "POST", "/silences",
            {{"phrase", "高仿手办"}, {"mark", "hongyan"}, {"reason", "fair_use"}});
  site.Good(boss, "POST", "/watches", {{"seller", "东风小店"}, {"reason", "多次"}});
  site.Good(boss, "POST", "/holds", {{"lead", id}, {"reason", "复议"}});
  site.Good(boss, "POST", "/clues", {{"what", "看看 http://b.example/9 这家"}});
  const std::string seller = site.Good(boss, "GET", "/sellers")["items"][0]["seller"];
  const Json document = Document();
  const Json& schemas = document["components"]["schemas"];
  // Walks value and schema together.
  const std::function<void(const Json&, const Json&, const std::string&)> walk =
      [&](const Json& value, const Json& schema, const std::string& where) {
        if (schema.contains("$ref")) {
          const std::string name = schema["$ref"];
          return walk(value, schemas[name.substr(name.rfind('/') + 1)], where);
        }
        INFO(where);
        if (value.is_array()) {
          CHECK(schema.value("type", "") == "array");
          for (const Json& each : value) walk(each, schema["items"], where + "[]");
        } else if (value.is_object() && schema.contains("properties")) {
          for (const auto& [name, inner] : value.items()) {
            INFO(name);
            CHECK(schema["properties"].contains(name));
            if (schema["properties"].contains(name))
              walk(inner, schema["properties"][name], where + "." + name);
          }
          for (const Json& name : schema.value("required", Json::array())) {
            INFO(name);
            CHECK(value.contains(name.get<std::string>()));
          }
        } else if (schema.contains("type")) {
          const std::string type = schema["type"];
          const bool fits = type == "string"    ? value.is_string()
                            : type == "integer" ? value.is_number_integer()
                            : type == "number"  ? value.is_number()
                            : type == "boolean" ? value.is_boolean()
                                                : value.is_object();
          CHECK(fits);
        }
      };
  size_t walked = 0;
  for (const DocumentedRoute& route : DocumentedRoutes()) {
    if (route.method != "GET" || route.path == "/openapi.json") continue;
    if (route.path == "/gi/sample" || route.path == "/jobs/{job}" ||
        route.path == "/clusters/{cluster}" || route.path == "/campaigns" ||
        route.path == "/campaigns/next" || route.path == "/campaigns/compare" ||
        route.path == "/campaigns/check" || route.path == "/sources/plan" ||
        route.path.find("/files") != std::string::npos)
      continue;
    std::map<std::string, std::string> values = {
        {"lead", id}, {"seller", seller}, {"kind", "clue"}, {"paper", "1"}};
    if (route.path.starts_with("/reports")) values["kind"] = "daily";
    if (route.path == "/leads/{lead}/rule") continue;  // the sample has no stored set
    const Json answer = site.Good(boss, "GET", Filled(route.path, values));
    walk(answer, route.operation["responses"]["200"]["content"]["application/json"]["schema"],
         route.path);
    ++walked;
  }
  CHECK(walked > 30);
}

TEST_CASE("attack: strangers may send little, over a real connection; the session stays a cookie") {
  Site site;
  const Site::Caller li = site.SignedIn("li", Role::kOfficer);
  HttpServer::Options options;
  options.limits.workers = 2;
  options.body_cap = [&](const HttpRequest& head) { return site.api().BodyCap(head); };
  const auto server = HttpServer::Start(
      "127.0.0.1", 0, [&](const HttpRequest& r) { return site.front().Handle(r); }, options);
  REQUIRE_OK(server);
  const uint16_t port = (*server)->port();
  const std::string json = "Content-Type: application/json\r\n";
  const std::string signed_in =
      json + "Cookie: cluehound=" + li.token + "\r\nX-CSRF-Token: " + li.csrf + "\r\n";
  const std::string large = R"({"action":"undo","leads":[")" + std::string(100'000, 'a') + R"("]})";
  CHECK(AskOnce(port, "POST", "/api/v1/leads/bulk", json, large).status == 413);
  CHECK(AskOnce(port, "POST", "/api/v1/login", json, large).status == 413);
  CHECK(AskOnce(port, "GET", "/api/v1/leads", signed_in, "x").status == 413);
  CHECK(AskOnce(port, "POST", "/api/v1/leads/bulk", signed_in, large).status == 200);
  CHECK(AskOnce(port, "POST", "/api/v1/leads/bulk", signed_in, std::string(300'000, ' ')).status ==
        413);
  const HttpAnswer leads = AskOnce(port, "GET", "/api/v1/leads", signed_in);
  CHECK(leads.status == 200);
  CHECK(leads.Header("content-security-policy").find("default-src 'none'") == 0);
  CHECK(AskOnce(port, "GET", "/api/v1/leads?text=%E9%B8%BF%E9%9B%81", signed_in).status == 200);
  CHECK(AskOnce(port, "GET", "/api/v1/leads?text=%FF%FE", signed_in).status == 400);
  for (const char* path : {"/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fx",
                           "/api/v1/../../etc/passwd"}) {
    CHECK(AskOnce(port, "GET", path).body.find("root:") == std::string::npos);
  }
}

}  // namespace cluehound::triage
