#pragma once

#include <string>
#include <vector>

// Sellers and clusters as officers read them in a terminal of `columns` columns, from the lines of
// "sellers.*" and "clusters.*".
namespace cluehound::app {

std::string RenderSellers(const std::vector<std::string>& lines, bool more, int columns);
std::string RenderSeller(const std::string& line, int columns);
std::string RenderWatches(const std::vector<std::string>& lines, int columns);
std::string RenderProposals(const std::vector<std::string>& lines, int columns);
std::string RenderClusters(const std::vector<std::string>& lines, bool more, int columns);
// The cluster, then its leads.
std::string RenderCluster(const std::vector<std::string>& lines, int columns);

}  // namespace cluehound::app
