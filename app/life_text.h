#pragma once

#include <string>
#include <vector>

// What became of leads, as an officer reads it in a terminal.
namespace cluehound::app {

// Leads as they stand after a decision or another step (lines of LeadJson), one line each.
std::string RenderStandings(const std::vector<std::string>& leads, int columns);

// Lines of "counties.stats", with how far each county is.
std::string RenderCounties(const std::vector<std::string>& counties);

// Lines of "silences.list": each with what it covers, why, until when, and its hits.
std::string RenderSilences(const std::vector<std::string>& silences, int columns);

// The line of "store.stats".
std::string RenderStats(const std::vector<std::string>& stats);

}  // namespace cluehound::app
