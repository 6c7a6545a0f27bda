#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "evidence/archive_reader.h"
#include "triage/http_server.h"

namespace cluehound::triage {

// Shows captured pages, on an origin of its own: another port, where no session of ours exists, with
// scripts, forms, frames and every request to elsewhere forbidden. The API gives an officer an address
// that is good for some minutes and for one capture; whoever serves the other port hands requests for
// it to Serve(). Thread-safe.
class CaptureView {
 public:
  CaptureView(std::filesystem::path captures, const Clock& clock)
      : reader_(std::move(captures)), clock_(clock) {}

  // Path and query of a capture on the other origin.
  std::string Grant(const evidence::CaptureRef& capture) const;
  HttpResponse Serve(const HttpRequest& request) const;
  // Where a browser that asked so finds Serve().
  std::string OriginFor(const HttpRequest& request) const;

  // Set before the first request: a port on the host that is asked for, or a whole origin.
  uint16_t port = 0;
  std::string origin{};

 private:
  std::string Sign(std::string_view text) const;

  const evidence::ArchiveReader reader_;
  const Clock& clock_;
  const std::string key_ = RandomKey();
  static std::string RandomKey();
};

}  // namespace cluehound::triage
