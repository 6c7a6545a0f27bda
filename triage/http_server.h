#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"

namespace cluehound::triage {

struct HttpRequest {
  std::string method;  // "GET"
  std::string
      path;  // percent-decoded, as the client wrote it otherwise: check before touching a file
  std::string host;                            // the Host header
  std::map<std::string, std::string> headers;  // names in lower case; of equal ones the first
  std::map<std::string, std::string> query;    // percent-decoded; of equal names the first
  std::string body;
  std::string peer;     // who asks: the address of the client, without port
  bool secure = false;  // came over TLS, here or at the proxy that we trust

  std::string Header(const std::string& name) const;  // empty when there is none
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::map<std::string, std::string> headers{};
  std::vector<std::string> cookies{};  // values of Set-Cookie
};

using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;
// How large the body of a request may be, in bytes, by its head (without `body`).
using HttpBodyCap = std::function<size_t(const HttpRequest&)>;

// Every limit is against one who wants to keep others out; times in seconds, 0 where it says so: none.
struct HttpLimits {
  unsigned connections = 256;  // more push out those that wait the longest without a request
  unsigned connections_per_address = 64;  // likewise; an address is an IPv4 address or an IPv6 /64
  size_t memory_per_connection = 64 * 1024;  // bounds header and request line
  unsigned idle_seconds = 15;
  double head_seconds = 10;           // from the first byte to the end of the header
  size_t body_bytes_a_second = 4096;  // slower bodies and readers of answers are cut off
  size_t bodies = 128u << 20;         // bytes of all bodies together; above: 503
  unsigned requests_a_second = 0;     // of one address; 0: any number
  unsigned requests_at_once = 200;    // that it may save up
  unsigned workers = 0;    // threads that answer; 0: the server's own, one request after the other
  unsigned waiting = 256;  // requests that wait for a worker; above: 503
  // A proxy on this machine stands in front: of requests from loopback, X-Forwarded-For (its last
  // entry) and X-Forwarded-Proto say who asks, and connections from loopback are not counted.
  bool behind_proxy = false;
};

// PEM texts; both empty: plain HTTP.
struct HttpIdentity {
  std::string certificate;  // with the chain
  std::string key;
};

// An HTTP/1.1 server on one address, with limits on size, time, rate and connections: whoever sends
// slowly, or nothing, loses the connection to whoever asks. One thread on epoll; the handler is
// called there, or on the workers. http_server.cc is the only file that sees libmicrohttpd.
class HttpServer {
 public:
  struct Options {
    HttpLimits limits{};
    HttpIdentity identity{};
    HttpBodyCap body_cap{};  // absent: bodies are refused (413)
  };

  // `address` is a literal IPv4 or IPv6 address; port 0 lets the system pick.
  static Result<std::unique_ptr<HttpServer>> Start(const std::string& address, uint16_t port,
                                                   HttpHandler handler, Options options);
  static Result<std::unique_ptr<HttpServer>> Start(const std::string& address, uint16_t port,
                                                   HttpHandler handler,
                                                   const HttpLimits& limits = {});
  // Requests that were taken are worked off; their answers may not arrive any more.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  uint16_t port() const { return port_; }

 private:
  class Impl;
  HttpServer();
  friend struct HttpServerCallbacks;

  std::unique_ptr<Impl> impl_;
  uint16_t port_ = 0;
};

}  // namespace cluehound::triage
