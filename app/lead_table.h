#pragma once

#include <string>
#include <vector>

namespace cluehound::app {

// Rows (RowJson lines) as an officer reads them in a terminal of `columns` columns: score, category, mark, seller,
// price and sales, place; below them the title with the hit between 【】, the second signs, the address.
std::string RenderLeadTable(const std::vector<std::string>& rows, int columns);

// How many leads there are, of "leads.count"; empty when it was not answered.
std::string RenderCount(const std::vector<std::string>& count);

// How many leads are silenced, of the store's figures; empty when there are none.
std::string RenderSilenced(const std::vector<std::string>& stats);

// One lead with its explanation: the lines of "leads.show" (the lead, then its sightings).
std::string RenderLead(const std::vector<std::string>& lines, int columns);

}  // namespace cluehound::app
