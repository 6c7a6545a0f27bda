#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/status.h"

struct MHD_Daemon;

namespace cluehound::triage {

struct HttpRequest {
  std::string method;  // "GET"
  std::string
      path;  // percent-decoded, as the client wrote it otherwise: check before touching a file
  std::string host;                            // the Host header
  std::map<std::string, std::string> headers;  // names in lower case
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::map<std::string, std::string> headers;
};

// Called on the server's thread.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

struct HttpLimits {
  unsigned connections = 256;
  unsigned connections_per_address = 64;
  size_t memory_per_connection = 64 * 1024;  // bounds header and request line
  unsigned idle_seconds = 15;
};

// An HTTP/1.1 server on one address, with limits on connections, memory and time. One thread on epoll. Requests with a
// body are refused (413). http_server.cc is the only file that sees libmicrohttpd.
class HttpServer {
 public:
  // `address` is a literal IPv4 address; port 0 lets the system pick.
  static Result<std::unique_ptr<HttpServer>> Start(const std::string& address, uint16_t port,
                                                   HttpHandler handler,
                                                   const HttpLimits& limits = {});
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  uint16_t port() const { return port_; }

 private:
  explicit HttpServer(HttpHandler handler) : handler_(std::move(handler)) {}
  friend struct HttpServerCallbacks;

  HttpHandler handler_;
  MHD_Daemon* daemon_ = nullptr;
  uint16_t port_ = 0;
};

}  // namespace cluehound::triage
