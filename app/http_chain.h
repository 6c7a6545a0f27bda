#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "triage/http_server.h"

namespace cluehound::app {

// The handlers of one listener, asked in order; the first that answers ends it, and none makes a 404. Filled before the
// listener starts; then any thread.
class HttpChain {
 public:
  // Nothing: not mine.
  using Link = std::function<std::optional<triage::HttpResponse>(const triage::HttpRequest&)>;

  void Add(Link link) { links_.push_back(std::move(link)); }

  triage::HttpResponse operator()(const triage::HttpRequest& request) const {
    for (const Link& link : links_) {
      if (auto response = link(request)) return *std::move(response);
    }
    return {404, "text/plain; charset=utf-8", "not found\n", {}};
  }

 private:
  std::vector<Link> links_;
};

}  // namespace cluehound::app
