#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cluehound::triage {

struct HttpAnswer {
  int status = 0;                              // 0: there was none
  std::map<std::string, std::string> headers;  // names in lower case
  std::vector<std::string> cookies;
  std::string body;
  std::string Header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

// One connection to a server on loopback, byte by byte.
class HttpClient {
 public:
  explicit HttpClient(uint16_t port, bool ipv6 = false);
  ~HttpClient();
  HttpClient(HttpClient&& other) noexcept;
  HttpClient(const HttpClient&) = delete;

  bool connected() const { return fd_ >= 0; }
  bool Send(std::string_view bytes);
  // Status 0 when the server ends the connection before a whole answer, or within the time (milliseconds) none comes.
  HttpAnswer Read(int patience = 10'000);
  // True when the server ended the connection within the time.
  bool Ended(int patience);

  // A whole request with `headers` ("A: b\r\n") and, unless it is empty, a body.
  HttpAnswer Ask(std::string_view method, std::string_view target, std::string_view headers = "",
                 std::string_view body = "");

 private:
  bool More(int patience);
  int fd_ = -1;
  std::string buffer_;
};

// On a connection of its own.
HttpAnswer AskOnce(uint16_t port, std::string_view method, std::string_view target,
                   std::string_view headers = "", std::string_view body = "");

// GET over TLS, without looking at the certificate.
HttpAnswer AskTls(uint16_t port, std::string_view target);

}  // namespace cluehound::triage
