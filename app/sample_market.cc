#include "app/sample_market.h"

#include <algorithm>
#include <span>

namespace cluehound {
std::span<const EmbeddedFile> SampleMarketFiles();  // generated from tests/market
}

namespace cluehound::app {
namespace {

constexpr const char* kSites[] = {"mall", "farm", "live", "agency"};

// The pages' own labels must decide their charset, so none is named here.
std::string ContentType(std::string_view name) {
  if (name.ends_with(".html")) return "text/html";
  if (name.ends_with(".css")) return "text/css";
  return "text/plain";
}

triage::HttpResponse Serve(const std::string& site, const triage::HttpRequest& request) {
  std::string path = site + request.path;
  if (path.ends_with('/')) path += "index.html";
  for (const EmbeddedFile& file : SampleMarketFiles()) {
    if (file.name == path) return {200, ContentType(file.name), std::string(file.bytes), {}};
  }
  return {404, "text/html", "<!DOCTYPE html><title>404</title><p>没有这个页面", {}};
}

}  // namespace

Result<std::unique_ptr<SampleMarket>> SampleMarket::Start() {
  auto market = std::make_unique<SampleMarket>();
  for (const char* site : kSites) {
    ASSIGN_OR_RETURN(auto server, triage::HttpServer::Start(
                                      "127.0.0.1", 0, [site](const triage::HttpRequest& request) {
                                        return Serve(site, request);
                                      }));
    market->sites_.push_back({site, "http://127.0.0.1:" + std::to_string(server->port()) + "/"});
    market->servers_.push_back(std::move(server));
  }
  return market;
}

std::vector<EmbeddedFile> SampleMarket::Files() {
  const auto files = SampleMarketFiles();
  return {files.begin(), files.end()};
}

}  // namespace cluehound::app
