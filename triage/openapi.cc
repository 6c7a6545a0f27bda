#include "triage/openapi.h"

#include <nlohmann/json.hpp>
#include <span>

#include "base/embedded.h"
#include "triage/permission.h"
#include "triage/route.h"

namespace cluehound {
std::span<const EmbeddedFile> ApiSchemas();  // generated from triage/api_schemas.json
}

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;
using Shape = Route::Shape;

Json SchemaOf(RouteParameter::Type type) {
  using Type = RouteParameter::Type;
  switch (type) {
    case Type::kNumber:
      return {{"type", "integer"}};
    case Type::kFlag:
      return {{"type", "boolean"}};
    case Type::kList:
    case Type::kLines:
      return {{"type", "array"}, {"items", {{"type", "string"}}}};
    case Type::kJson:
      return {{"type", {"object", "array"}}};
    case Type::kSecret:
      return {{"type", "string"}, {"format", "password"}};
    case Type::kText:
      break;
  }
  return {{"type", "string"}};
}

Json Ref(std::string_view name) { return {{"$ref", "#/components/schemas/" + std::string(name)}}; }

Json ListOf(std::string_view name) { return {{"type", "array"}, {"items", Ref(name)}}; }

Json Object(Json properties, Json required) {
  return {
      {"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

Json AnswerSchema(const Route& route) {
  switch (route.shape) {
    case Shape::kOne:
      return Ref(route.schema);
    case Shape::kList:
      return Object({{"items", ListOf(route.schema)}, {"next", {{"type", "string"}}}}, {"items"});
    case Shape::kLead:
      return Object(
          {{"lead", Ref("Lead")}, {"sightings", ListOf("Sighting")}, {"entries", ListOf("Entry")}},
          {"lead", "sightings", "entries"});
    case Shape::kPaper:
      return Object({{"paper", Ref("Paper")}, {"leads", ListOf("Lead")}}, {"paper", "leads"});
    case Shape::kCluster:
      return Object({{"cluster", Ref("Cluster")}, {"leads", ListOf("Lead")}}, {"cluster", "leads"});
    case Shape::kReport:
      return Object({{"header", Ref("ReportHeader")},
                     {"rows", {{"type", "array"}, {"items", {{"type", "object"}}}}}},
                    {"header", "rows"});
    case Shape::kNothing:
    case Shape::kFile:
      break;
  }
  return {{"type", "object"}};
}

Json Roles(const Permission& permission) {
  Json roles = Json::array();
  for (const auto role :
       {store::Role::kViewer, store::Role::kOfficer, store::Role::kAnalyst, store::Role::kAdmin}) {
    if (permission.Allows(role)) roles.push_back(store::Name(role));
  }
  return roles;
}

Json ParameterObject(const RouteParameter& parameter, const char* in) {
  Json object{{"name", parameter.name}, {"in", in}};
  if (const auto help = ParameterHelp(parameter.name); !help.empty()) object["description"] = help;
  if (parameter.required) object["required"] = true;
  object["schema"] = SchemaOf(parameter.type);
  return object;
}

// "POST /leads/{lead}/decide" -> "postLeadsLeadDecide"
std::string OperationId(const Route& route) {
  std::string id;
  for (const char c : route.method) id += static_cast<char>(c | 0x20);
  bool upper = true;
  for (const char c : route.path) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) id += upper ? static_cast<char>(c & ~0x20) : c;
    upper = !letter;
  }
  return id;
}

Json OperationObject(const Route& route) {
  Json object{{"operationId", OperationId(route)}, {"summary", route.summary}};
  object["x-operation"] = route.operation;
  if (route.is_public()) {
    object["security"] = Json::array();
  } else {
    const Permission permission = PermissionOf(route.operation);
    object["x-roles"] = Roles(permission);
    object["x-counties"] = permission.counties;
  }
  Json parameters = Json::array(), properties = Json::object(), required = Json::array();
  for (const RouteParameter& parameter : route.Parameters()) {
    const bool in_path = route.path.find("{" + parameter.name + "}") != std::string_view::npos;
    if (in_path || !route.changes()) {
      parameters.push_back(ParameterObject(parameter, in_path ? "path" : "query"));
      continue;
    }
    properties[parameter.name] = SchemaOf(parameter.type);
    if (const auto help = ParameterHelp(parameter.name); !help.empty())
      properties[parameter.name]["description"] = help;
    if (parameter.required) required.push_back(parameter.name);
  }
  if (!parameters.empty()) object["parameters"] = std::move(parameters);
  if (!properties.empty()) {
    Json schema{
        {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
    const bool needed = !required.empty();
    if (needed) schema["required"] = std::move(required);
    object["requestBody"] = {{"required", needed},
                             {"content", {{"application/json", {{"schema", std::move(schema)}}}}}};
  }
  const bool file = route.shape == Shape::kFile && route.path != "/openapi.json";
  Json good{{"description", "done"}};
  if (file) {
    good["content"] = {
        {"application/octet-stream", {{"schema", {{"type", "string"}, {"format", "binary"}}}}}};
  } else {
    good["content"] = {{"application/json", {{"schema", AnswerSchema(route)}}}};
  }
  object["responses"] = {{"200", std::move(good)},
                         {"default", {{"$ref", "#/components/responses/Error"}}}};
  return object;
}

std::string Make() {
  Json document{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Cluehound"},
        {"version", "1"},
        {"description",
         "The operations of a Cluehound office over HTTP. Sign in with POST /login; the session is "
         "a "
         "cookie, and every POST carries the token `csrf` of the answer in X-CSRF-Token. Bodies "
         "are "
         "JSON objects. x-roles: who may; x-counties: whether accounts of a county may, for what "
         "is "
         "theirs. Errors are {\"error\":{\"code\",\"message\"}}: 400 invalid, 401 signed_out, "
         "wrong_login or code_required, 403 denied, csrf or password_change, 404 not_found, 405 "
         "method, 409 conflict (somebody was faster: load again), 413, 429 wait (Retry-After), 500 "
         "internal, 503 unavailable. Times are RFC 3339, days 2026-11-22, amounts decimal strings "
         "in "
         "yuan; an absent field is unknown."}}},
      {"servers", Json::array({{{"url", std::string(kApiRoot)}}})},
      {"security", Json::array({{{"session", Json::array()}, {"csrf", Json::array()}}})}};
  Json paths = Json::object();
  for (const Route& route : Routes()) {
    std::string method;
    for (const char c : route.method) method += static_cast<char>(c | 0x20);
    paths[std::string(route.path)][method] = OperationObject(route);
  }
  document["paths"] = std::move(paths);
  Json schemas = Json::parse(ApiSchemas().front().bytes);
  document["components"] = {
      {"securitySchemes",
       {{"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "cluehound"}}},
        {"csrf", {{"type", "apiKey"}, {"in", "header"}, {"name", "X-CSRF-Token"}}}}},
      {"responses",
       {{"Error",
         {{"description", "not done"},
          {"content", {{"application/json", {{"schema", Ref("Error")}}}}}}}}},
      {"schemas", std::move(schemas)}};
  return document.dump(2) + "\n";
}

}  // namespace

const std::string& OpenApiDocument() {
  static const std::string document = Make();
  return document;
}

}  // namespace cluehound::triage
