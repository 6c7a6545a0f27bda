#pragma once

#include <string>

namespace cluehound::triage {

// The OpenAPI 3.1 document of the API, made from the table of routes, the table of permissions and
// api_schemas.json. docs/openapi.json is the same, for those who build on the API; a test holds the
// two and the server against one another.
const std::string& OpenApiDocument();

}  // namespace cluehound::triage
