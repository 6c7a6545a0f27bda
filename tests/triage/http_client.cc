#include "tests/triage/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <utility>

#include "base/text.h"

namespace cluehound::triage {
namespace {

int Connect(uint16_t port, bool ipv6) {
  const int fd = ::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{10, 0};  // for TLS, which reads without asking first
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  v6.sin6_addr = in6addr_loopback;
  const int done = ipv6 ? ::connect(fd, reinterpret_cast<sockaddr*>(&v6), sizeof v6)
                        : ::connect(fd, reinterpret_cast<sockaddr*>(&v4), sizeof v4);
  if (done == 0) return fd;
  ::close(fd);
  return -1;
}

// Takes a whole answer off the front of `buffer`, if it is there.
bool TakeAnswer(std::string& buffer, HttpAnswer& answer) {
  const size_t end = buffer.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  answer = {};
  const std::string head = buffer.substr(0, end);
  bool first = true;
  for (const std::string_view line : SplitAscii(head, "\r\n")) {
    if (first) {
      answer.status = static_cast<int>(ParseInt(line.substr(9, 3)).value_or(0));
      first = false;
      continue;
    }
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string name = ToAsciiLower(line.substr(0, colon));
    const std::string value(TrimAscii(line.substr(colon + 1)));
    if (name == "set-cookie") answer.cookies.push_back(value);
    answer.headers[name] = value;
  }
  const auto length = ParseInt(answer.Header("content-length")).value_or(0);
  if (buffer.size() < end + 4 + static_cast<size_t>(length)) return false;
  answer.body = buffer.substr(end + 4, static_cast<size_t>(length));
  buffer.erase(0, end + 4 + static_cast<size_t>(length));
  return true;
}

std::string RequestText(std::string_view method, std::string_view target, std::string_view headers,
                        std::string_view body) {
  std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
  if (headers.find("Host:") == std::string_view::npos) text += "Host: localhost\r\n";
  text += headers;
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + std::string(body);
}

}  // namespace

HttpClient::HttpClient(uint16_t port, bool ipv6) : fd_(Connect(port, ipv6)) {}
HttpClient::~HttpClient() {
  if (fd_ >= 0) ::close(fd_);
}
HttpClient::HttpClient(HttpClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)) {}

bool HttpClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

bool HttpClient::More(int patience) {
  pollfd p{fd_, POLLIN, 0};
  if (::poll(&p, 1, patience) <= 0) return false;
  char bytes[65536];
  const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
  if (n <= 0) return false;
  buffer_.append(bytes, static_cast<size_t>(n));
  return true;
}

HttpAnswer HttpClient::Read(int patience) {
  HttpAnswer answer;
  while (!TakeAnswer(buffer_, answer)) {
    if (!More(patience)) return {};
  }
  return answer;
}

bool HttpClient::Ended(int patience) {
  pollfd p{fd_, POLLIN, 0};
  if (::poll(&p, 1, patience) <= 0) return false;
  char byte;
  return ::recv(fd_, &byte, 1, MSG_PEEK) <= 0;
}

HttpAnswer HttpClient::Ask(std::string_view method, std::string_view target,
                           std::string_view headers, std::string_view body) {
  if (!connected()) return {};
  // A server that refuses early may answer before it has read everything.
  if (!Send(RequestText(method, target, headers, body)) && buffer_.empty()) More(1000);
  return Read();
}

HttpAnswer AskOnce(uint16_t port, std::string_view method, std::string_view target,
                   std::string_view headers, std::string_view body) {
  return HttpClient(port).Ask(method, target, headers, body);
}

HttpAnswer AskTls(uint16_t port, std::string_view target) {
  const int fd = Connect(port, false);
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL* tls = SSL_new(context);
  SSL_set_fd(tls, fd);
  HttpAnswer answer;
  if (SSL_connect(tls) == 1) {
    const std::string request = RequestText("GET", target, "", "");
    SSL_write(tls, request.data(), static_cast<int>(request.size()));
    std::string buffer;
    char bytes[16384];
    while (!TakeAnswer(buffer, answer)) {
      const int n = SSL_read(tls, bytes, sizeof bytes);
      if (n <= 0) break;
      buffer.append(bytes, static_cast<size_t>(n));
    }
  }
  SSL_free(tls);
  SSL_CTX_free(context);
  ::close(fd);
  return answer;
}

}  // namespace cluehound::triage
