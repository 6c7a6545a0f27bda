#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/embedded.h"
#include "base/status.h"
#include "triage/http_server.h"

namespace cluehound::app {

// The sample marketplace (tests/market), served from the program on loopback: each site an origin of its own.
class SampleMarket {
 public:
  struct Site {
    std::string name;  // "mall"
    std::string url;   // "http://127.0.0.1:40123/"
  };

  static Result<std::unique_ptr<SampleMarket>> Start();

  const std::vector<Site>& sites() const { return sites_; }
  // Everything below tests/market, the truth file and the profiles included.
  static std::vector<EmbeddedFile> Files();

 private:
  std::vector<Site> sites_;
  std::vector<std::unique_ptr<triage::HttpServer>> servers_;
};

}  // namespace cluehound::app
