#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cluehound::triage {

// One parameter of a route, from its description: "lead*" is required, "limit:number" no text.
struct RouteParameter {
  enum class Type {
    kText,
    kNumber,
    kFlag,    // true or false; "yes" or "no" to the operation
    kList,    // texts; to the operation with blanks between
    kLines,   // texts that may hold blanks; to the operation one a line
    kJson,    // any object or list; its text to the operation
    kSecret,  // a text that no log and no answer may hold
  };
  std::string name;
  Type type = Type::kText;
  bool required = false;
};

// One thing that the API can be asked for. The table is the only place that knows the routes: the
// server dispatches by it, the OpenAPI document is held against it, and tests walk it.
struct Route {
  // What an answer holds.
  enum class Shape {
    kOne,      // the object that the schema describes
    kList,     // {"items": [..], "next"?: ".."}
    kLead,     // {"lead": .., "sightings": [..], "entries": [..]}
    kPaper,    // {"paper": .., "leads": [..]}
    kCluster,  // {"cluster": .., "leads": [..]}
    kReport,   // {"header": .., "rows": [..]}
    kNothing,  // {}
    kFile,     // bytes
  };

  std::string_view method;
  std::string_view path;       // below /api/v1, "/leads/{lead}/decide"
  std::string_view operation;  // whose permission counts; "public": before the login
  std::string_view parameters;
  Shape shape = Shape::kOne;
  std::string_view schema;
  std::string_view summary;

  bool changes() const { return method != "GET"; }
  bool is_public() const { return operation == "public"; }
  // Those in the path first. Parameters of a GET stand in the query, others in the body, a JSON object.
  std::vector<RouteParameter> Parameters() const;
};

inline constexpr std::string_view kApiRoot = "/api/v1";

const std::vector<Route>& Routes();

// The route for a path below the root, with what its braces stand for. Null when there is none;
// `other_method`: it is there for another method.
const Route* FindRoute(std::string_view method, std::string_view path,
                       std::map<std::string, std::string>& values, bool& other_method);

// What a parameter means, for the document; empty: its name says it.
std::string_view ParameterHelp(std::string_view name);

}  // namespace cluehound::triage
