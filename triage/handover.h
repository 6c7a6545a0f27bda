#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/table_writer.h"
#include "store/paper.h"
#include "store/records.h"

namespace cluehound::triage {

// A column of what is handed to another office, as config/handover.yaml has it.
struct HandoverColumn {
  // What outsiders get: the text with numbers of persons masked, a masked name, or nothing.
  enum class Outside { kText, kName, kHide };
  std::string title;
  std::string
      field;  // of a lead's JSON ("seller", "deadline.due"), or "clue." and one of its clue's
  Outside outside = Outside::kText;
};

// Mistakes go to `diagnostics`, unknown fields among them.
std::vector<HandoverColumn> ParseHandover(std::string_view text, const std::string& file,
                                          Diagnostics& diagnostics);

// A lead with the clue that brought it, if one did.
struct HandoverLead {
  store::Lead lead;
  std::vector<store::Paper> clues;  // the first one counts
};

// One row a lead. `masked`: for outsiders (DESIGN: named fields, and numbers everywhere).
TextTable HandoverTable(const std::vector<HandoverColumn>& columns,
                        const std::vector<HandoverLead>& leads, bool masked);

// The table as an array of objects, cells as they are: JSON has no formulas.
std::string HandoverJson(const TextTable& table);

}  // namespace cluehound::triage
