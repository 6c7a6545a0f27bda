#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/embedded.h"
#include "triage/http_server.h"

namespace cluehound::triage {

// Everything that a browser gets: the API below /api, the files of the page beside it, and on all of it the
// headers that keep a browser from doing what a hostile text would like: no script but the page's own
// files, no frame but captures, no outside address, nothing kept in a cache that holds data. Immutable;
// thread-safe.
class WebFront {
 public:
  // The files of the page: those compiled in (empty without `ui` preset).
  static std::span<const EmbeddedFile> BuiltInPage();

  // `files` must live as long. `capture_origin`: what may stand in frames, for a request; may be null.
  WebFront(HttpHandler api, std::span<const EmbeddedFile> files,
           std::function<std::string(const HttpRequest&)> capture_origin = nullptr);

  HttpResponse Handle(const HttpRequest& request) const;

 private:
  struct File {
    std::string_view bytes;
    std::string gzip;  // empty: not worth it
    std::string etag;
    std::string type;
  };
  HttpResponse Page(const HttpRequest& request) const;
  HttpResponse Send(const File& file, bool for_ever, const HttpRequest& request) const;
  std::string Policy(const HttpRequest& request) const;

  const HttpHandler api_;
  const std::function<std::string(const HttpRequest&)> capture_origin_;
  std::map<std::string, File> files_;  // by path, "/index.html"
};

// What every answer carries, whatever it is.
void AddSecurityHeaders(HttpResponse& response, bool secure, const std::string& policy);

}  // namespace cluehound::triage
