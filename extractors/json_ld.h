#pragma once

#include <string_view>
#include <vector>

#include "extractors/schema_graph.h"

namespace cluehound::extractors {

// The things that the JSON-LD scripts of a page describe: objects, lists and @graph; a reference by
// @id leads to the thing that has it. Scripts that are no JSON are passed over. Texts are as
// written.
SchemaGraph ReadJsonLd(const std::vector<std::string_view>& scripts);

}  // namespace cluehound::extractors
