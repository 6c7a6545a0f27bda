#include "tests/testing/test_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace cluehound::testing {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  in.sin_port = htons(static_cast<uint16_t>(port));
  return in;
}

bool SendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// Exactly `size` bytes, or fewer at the end.
std::string Take(int socket, size_t size) {
  std::string out;
  while (out.size() < size) {
    char piece[512];
    const ssize_t n = recv(socket, piece, std::min(sizeof(piece), size - out.size()), 0);
    if (n <= 0) break;
    out.append(piece, static_cast<size_t>(n));
  }
  return out;
}

int ConnectTo(int port) {
  const int upstream = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in in = Loopback(port);
  if (connect(upstream, reinterpret_cast<const sockaddr*>(&in), sizeof(in)) == 0) return upstream;
  close(upstream);
  return -1;
}

int PortIn(const std::string& authority) {
  return std::atoi(authority.substr(authority.rfind(':') + 1).c_str());
}

std::string Base64(const std::string& text) {
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  out.resize(static_cast<size_t>(size));
  return out;
}

// Copies both ways until one side ends, or `stop` becomes readable.
void Relay(int client, int upstream, int stop) {
  while (true) {
    pollfd fds[3] = {{client, POLLIN, 0}, {upstream, POLLIN, 0}, {stop, POLLIN, 0}};
    poll(fds, 3, -1);
    if (fds[2].revents != 0) return;
    for (int i = 0; i < 2; ++i) {
      if (fds[i].revents == 0) continue;
      char piece[16384];
      const ssize_t n = recv(fds[i].fd, piece, sizeof(piece), 0);
      if (n <= 0 || !SendAll(fds[1 - i].fd, {piece, static_cast<size_t>(n)})) return;
    }
  }
}

// Up to and including an empty line; empty at the end.
std::string TakeHead(int socket) {
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    const std::string byte = Take(socket, 1);
    if (byte.empty()) return "";
    head += byte;
  }
  return head;
}

// Copies what comes from upstream until the client speaks again: true. False at the end.
bool RelayAnswer(int client, int upstream, int stop) {
  while (true) {
    pollfd fds[3] = {{client, POLLIN, 0}, {upstream, POLLIN, 0}, {stop, POLLIN, 0}};
    poll(fds, 3, -1);
    if (fds[2].revents != 0) return false;
    if (fds[1].revents != 0) {
      char piece[16384];
      const ssize_t n = recv(upstream, piece, sizeof(piece), 0);
      if (n <= 0 || !SendAll(client, {piece, static_cast<size_t>(n)})) return false;
    } else if (fds[0].revents != 0) {
      return true;
    }
  }
}

}  // namespace

TestProxy::TestProxy(std::string credentials) : credentials_(std::move(credentials)) {
  std::signal(SIGPIPE, SIG_IGN);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  stop_ = eventfd(0, EFD_CLOEXEC);
  sockaddr_in in = Loopback(0);
  socklen_t size = sizeof(in);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&in), size) != 0 || listen(listener_, 64) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&in), &size) != 0) {
    throw std::runtime_error("the proxy cannot listen");
  }
  port_ = ntohs(in.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

TestProxy::~TestProxy() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = write(stop_, &one, sizeof(one));
  acceptor_.join();
  for (std::thread& conversation : conversations_) conversation.join();
  close(listener_);
  close(stop_);
}

std::vector<std::string> TestProxy::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

void TestProxy::RefuseConnect() {
  const std::lock_guard lock(mutex_);
  refuse_connect_ = true;
}

void TestProxy::Note(const std::string& what) {
  const std::lock_guard lock(mutex_);
  asked_.push_back(what);
}

void TestProxy::Accept() {
  while (true) {
    pollfd fds[2] = {{listener_, POLLIN, 0}, {stop_, POLLIN, 0}};
    poll(fds, 2, -1);
    if (fds[1].revents != 0) return;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    conversations_.emplace_back([this, client] {
      Serve(client);
      close(client);
    });
  }
}

void TestProxy::Serve(int client) {
  pollfd fds[2] = {{client, POLLIN, 0}, {stop_, POLLIN, 0}};
  poll(fds, 2, -1);
  char first = 0;
  if (fds[1].revents != 0 || recv(client, &first, 1, MSG_PEEK) != 1) return;
  if (first == 5) {
    ServeSocks(client);
  } else {
    ServeHttp(client);
  }
}

void TestProxy::ServeHttp(int client) {
  std::string head = TakeHead(client);
  if (head.empty()) return;
  const std::string line = head.substr(0, head.find(" HTTP/"));
  const std::string given = "\r\nProxy-Authorization: Basic " + Base64(credentials_) + "\r\n";
  if (!credentials_.empty() && head.find(given) == std::string::npos) {
    Note(line + " denied");
    SendAll(client,
            "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  const std::string target = line.substr(line.find(' ') + 1);
  if (line.starts_with("CONNECT ")) {
    bool refused;
    {
      const std::lock_guard lock(mutex_);
      refused = refuse_connect_;
    }
    Note(line + (refused ? " denied" : ""));
    const int upstream = refused ? -1 : ConnectTo(PortIn(target));
    if (upstream < 0) {
      SendAll(client, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    SendAll(client, "HTTP/1.1 200 Connection established\r\nSet-Cookie: proxy=1\r\n\r\n");
    Relay(client, upstream, stop_);
    close(upstream);
    return;
  }
  const std::string host = target.substr(target.find("//") + 2);
  const int upstream = ConnectTo(PortIn(host.substr(0, host.find('/'))));
  while (upstream >= 0 && !head.empty()) {
    Note(head.substr(0, head.find(" HTTP/")));
    // "GET http://host:port/path": the origin gets the path.
    const size_t begin = head.find("//") + 2;
    SendAll(upstream, head.substr(0, head.find(' ') + 1) + head.substr(head.find('/', begin)));
    head = RelayAnswer(client, upstream, stop_) ? TakeHead(client) : "";
  }
  close(upstream);
}

void TestProxy::ServeSocks(int client) {
  const std::string hello = Take(client, 2);
  if (hello.size() < 2) return;
  const std::string methods = Take(client, static_cast<unsigned char>(hello[1]));
  if (!credentials_.empty()) {
    SendAll(client, {"\5\2", 2});
    const std::string head = Take(client, 2);
    if (head.size() < 2) return;
    const std::string user = Take(client, static_cast<unsigned char>(head[1]));
    const std::string length = Take(client, 1);
    if (length.empty()) return;
    const std::string password = Take(client, static_cast<unsigned char>(length[0]));
    const bool right = user + ":" + password == credentials_;
    SendAll(client, right ? std::string_view("\1\0", 2) : std::string_view("\1\1", 2));
    if (!right) return Note("SOCKS denied");
  } else {
    SendAll(client, {"\5\0", 2});
  }
  const std::string request = Take(client, 4);
  if (request.size() < 4) return;
  std::string host;
  if (request[3] == 1) {
    const std::string bytes = Take(client, 4);
    char text[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET, bytes.data(), text, sizeof(text));
    host = text;
  } else if (request[3] == 3) {
    const std::string length = Take(client, 1);
    if (length.empty()) return;
    host = Take(client, static_cast<unsigned char>(length[0]));
  } else {
    const std::string bytes = Take(client, 16);
    char text[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, bytes.data(), text, sizeof(text));
    host = "[" + std::string(text) + "]";
  }
  const std::string port = Take(client, 2);
  if (port.size() < 2) return;
  const int number =
      static_cast<unsigned char>(port[0]) * 256 + static_cast<unsigned char>(port[1]);
  Note("SOCKS " + host + ":" + std::to_string(number));
  const int upstream = ConnectTo(number);
  SendAll(client, upstream < 0 ? std::string_view("\5\5\0\1\0\0\0\0\0\0", 10)
                               : std::string_view("\5\0\0\1\0\0\0\0\0\0", 10));
  if (upstream < 0) return;
  Relay(client, upstream, stop_);
  close(upstream);
}

}  // namespace cluehound::testing
