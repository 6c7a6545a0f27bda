#pragma once

#include <optional>
#include <string_view>

#include "evidence/warc_record.h"

namespace cluehound::evidence {

// The line before each ARC record, version 1 ("URL IP-address Archive-date Content-type
// Archive-length") or 2 (five more fields before the length). The address may hold blanks. Nothing
// when the line is none or its length is not a number from 0 on.
std::optional<WarcHeader> ParseArcLine(std::string_view line);

}  // namespace cluehound::evidence
