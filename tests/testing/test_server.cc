#include "tests/testing/test_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <utility>

#include "base/content_coding.h"

namespace cluehound::testing {
namespace {

using std::chrono::milliseconds;

constexpr char kPage[] = "<!DOCTYPE html><title>shop</title><p>red shoes</p>";
constexpr char kHtml[] = "Content-Type: text/html; charset=utf-8\r\n";

bool Redirect(TestConnection& c, const std::string& location) {
  return c.Send(HttpAnswer(302, "Location: " + location + "\r\n", ""));
}

bool Coded(TestConnection& c, const std::string& coding, const std::string& body) {
  return c.Send(HttpAnswer(200, std::string(kHtml) + "Content-Encoding: " + coding + "\r\n", body));
}

bool SendForEver(TestConnection& c, const std::string& piece, milliseconds pause = {}) {
  while (c.Send(piece)) {
    if (pause.count() > 0 && !c.Pause(pause)) break;
  }
  return false;
}

std::string PortOf(const TestRequest& r) {
  const size_t host = r.head.find("Host: ");
  const size_t colon = r.head.find(':', host + 6);
  return r.head.substr(colon + 1, r.head.find('\r', colon) - colon - 1);
}

// The named behaviours.
const std::map<std::string, TestServer::Behaviour, std::less<>>& Named() {
  using C = TestConnection;
  using R = const TestRequest;
  static const std::map<std::string, TestServer::Behaviour, std::less<>> named = {
      // Good ones, or good enough.
      {"/ok", [](C& c, R&) { return c.Send(HttpAnswer(200, kHtml, kPage)); }},
      {"/continue",
       [](C& c, R&) {
         return c.Send("HTTP/1.1 100 Continue\r\n\r\n") && c.Send(HttpAnswer(200, kHtml, kPage));
       }},
      {"/early-hints",
       [](C& c, R&) {
         return c.Send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n") &&
                c.Send(HttpAnswer(200, kHtml, kPage));
       }},
      {"/gzip", [](C& c, R&) { return Coded(c, "gzip", GzipCompress(kPage, 6)); }},
      {"/zstd", [](C& c, R&) { return Coded(c, "zstd", ZstdCompress(kPage, 3)); }},
      {"/br",  // "hello", as one uncompressed block
       [](C& c, R&) { return Coded(c, "br", std::string("\x0b\x02\x80hello\x03", 9)); }},
      {"/chunked",
       [](C& c, R&) {
         return c.Send(
             "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
             "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Trailer: HTTP/1.1 500\r\n\r\n");
       }},
      {"/no-length",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nuntil the end");
         return false;
       }},
      {"/http10",
       [](C& c, R&) {
         c.Send("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nold");
         return false;
       }},
      {"/bare-newlines",
       [](C& c, R&) {
         return c.Send("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 2\n\nok");
       }},
      {"/wrong-length",  // more than announced
       [](C& c, R&) {
         c.Send(
             "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n0123456789");
         return false;
       }},
      {"/gzip-bomb",  // 4 MiB in 20 kB
       [](C& c, R&) {
         static const std::string bomb = GzipCompress(std::string(4u << 20, ' '), 1);
         return Coded(c, "gzip", bomb);
       }},
      {"/close-next",  // answers, then closes as soon as the next request is here
       [](C& c, R&) {
         c.Send(HttpAnswer(200, kHtml, kPage));
         c.ReadHead();
         return false;
       }},
      // Connections.
      {"/drop", [](C&, R&) { return false; }},
      {"/reset",
       [](C& c, R&) {
         c.Reset();
         return false;
       }},
      {"/partial",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\nsome");
         return false;
       }},
      {"/partial-header",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/h");
         return false;
       }},
      {"/cut-chunk",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nshort");
         return false;
       }},
      // Time.
      {"/silent",
       [](C& c, R&) {
         c.WaitForEnd();
         return false;
       }},
      {"/slow-header",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\n");
         return SendForEver(c, "X: y\r\n", milliseconds(50));
       }},
      {"/slow-body",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\nsome");
         c.WaitForEnd();
         return false;
       }},
      {"/drip",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n");
         return SendForEver(c, "x", milliseconds(20));
       }},
      // Size.
      {"/huge",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000000\r\n\r\n");
         c.WaitForEnd();
         return false;
       }},
      {"/endless",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
         return SendForEver(c, std::string(65536, 'x'));
       }},
      {"/endless-chunked",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n");
         return SendForEver(c, "10000\r\n" + std::string(65536, 'x') + "\r\n");
       }},
      {"/big-header",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nX-Big: " + std::string(1u << 20, 'x') + "\r\n\r\n");
         return false;
       }},
      {"/many-headers",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\n");
         return SendForEver(c, "X-Header: some value or other\r\n");
       }},
      {"/endless-continue",
       [](C& c, R&) { return SendForEver(c, "HTTP/1.1 100 Continue\r\n\r\n"); }},
      {"/endless-trailer",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n");
         return SendForEver(c, "X-Trailer: some value or other\r\n");
       }},
      // Form.
      {"/bad-chunk",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n");
         return false;
       }},
      {"/http09",
       [](C& c, R&) {
         c.Send("<p>no header at all</p>");
         return false;
       }},
      {"/garbage",
       [](C& c, R&) {
         c.Send(std::string("\x00\xff\x15\x03\x01 what is this\r\n\r\n", 22));
         return false;
       }},
      {"/null-header",
       [](C& c, R&) {
         c.Send(std::string("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n", 45));
         return false;
       }},
      {"/bad-status",
       [](C& c, R&) {
         c.Send("HTTP/1.1 twohundred OK\r\nContent-Length: 0\r\n\r\n");
         return false;
       }},
      {"/negative-length",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello");
         return false;
       }},
      {"/image",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 100000\r\n\r\n");
         c.WaitForEnd();
         return false;
       }},
      // Status.
      {"/status-304", [](C& c, R&) { return c.Send("HTTP/1.1 304 Not Modified\r\n\r\n"); }},
      {"/status-403", [](C& c, R&) { return c.Send(HttpAnswer(403, kHtml, "no")); }},
      {"/status-404", [](C& c, R&) { return c.Send(HttpAnswer(404, kHtml, "none")); }},
      {"/status-410", [](C& c, R&) { return c.Send(HttpAnswer(410, kHtml, "gone")); }},
      {"/status-500", [](C& c, R&) { return c.Send(HttpAnswer(500, kHtml, "oh")); }},
      {"/status-503", [](C& c, R&) { return c.Send(HttpAnswer(503, kHtml, "oh")); }},
      {"/status-429", [](C& c, R&) { return c.Send(HttpAnswer(429, kHtml, "slowly")); }},
      {"/status-429-retry-after",
       [](C& c, R&) { return c.Send(HttpAnswer(429, "Retry-After: 3600\r\n", "slowly")); }},
      {"/status-503-date",
       [](C& c, R&) {
         return c.Send(HttpAnswer(503, "Retry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n", ""));
       }},
      {"/status-206", [](C& c, R&) { return c.Send(HttpAnswer(206, kHtml, "part")); }},
      // Redirects.
      {"/redirect-ok", [](C& c, R&) { return Redirect(c, "/ok"); }},
      {"/redirect-loop", [](C& c, R&) { return Redirect(c, "/redirect-loop"); }},
      {"/redirect-ping", [](C& c, R&) { return Redirect(c, "/redirect-pong"); }},
      {"/redirect-pong", [](C& c, R&) { return Redirect(c, "/redirect-ping#x"); }},
      {"/redirect-private",
       [](C& c, R&) { return Redirect(c, "http://169.254.169.254/latest/meta-data/"); }},
      {"/redirect-loopback",
       [](C& c, R& r) { return Redirect(c, "http://127.0.0.2:" + PortOf(r) + "/ok"); }},
      {"/redirect-octal",
       [](C& c, R& r) { return Redirect(c, "http://0177.0.0.02:" + PortOf(r) + "/ok"); }},
      {"/redirect-mapped",
       [](C& c, R& r) { return Redirect(c, "http://[::ffff:127.0.0.2]:" + PortOf(r) + "/ok"); }},
      {"/redirect-backslash",
       [](C& c, R& r) { return Redirect(c, "http:\\\\127.0.0.2:" + PortOf(r) + "\\ok"); }},
      {"/redirect-userinfo",
       [](C& c, R& r) {
         return Redirect(c, "http://127.0.0.1:" + PortOf(r) + "@127.0.0.2:" + PortOf(r) + "/ok");
       }},
      {"/redirect-file", [](C& c, R&) { return Redirect(c, "file:///etc/passwd"); }},
      {"/redirect-gopher", [](C& c, R&) { return Redirect(c, "gopher://127.0.0.1:25/x"); }},
      {"/redirect-script", [](C& c, R&) { return Redirect(c, "javascript:alert(1)"); }},
      {"/redirect-nowhere", [](C& c, R&) { return c.Send(HttpAnswer(302, "", "")); }},
      {"/redirect-offsite", [](C& c, R&) { return Redirect(c, "http://elsewhere.example/"); }},
  };
  return named;
}

// "/redirect-chain-7" leads to "/redirect-chain-6" and so on; "/redirect-chain-0" is a page.
bool Chain(TestConnection& c, const std::string& target) {
  const int left = std::atoi(target.c_str() + std::string_view("/redirect-chain-").size());
  if (left == 0) return c.Send(HttpAnswer(200, kHtml, kPage));
  return Redirect(c, "/redirect-chain-" + std::to_string(left - 1));
}

class PlainConnection : public TestConnection {
 public:
  PlainConnection(int socket, int stop) : socket_(socket), stop_(stop) {}
  ~PlainConnection() override { close(socket_); }

  bool Send(std::string_view bytes) override {
    while (!bytes.empty()) {
      if (!Wait(POLLOUT, -1)) return false;
      const ssize_t n = Write(bytes);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(n));
    }
    return true;
  }
  std::string ReadHead() override {
    while (true) {
      const size_t end = buffer_.find("\r\n\r\n");
      if (end != std::string::npos) {
        std::string head = buffer_.substr(0, end + 4);
        buffer_.erase(0, end + 4);
        return head;
      }
      char piece[16384];
      if (!Pending() && !Wait(POLLIN, -1)) return "";
      const ssize_t n = Read(piece, sizeof(piece));
      if (n <= 0) return "";
      buffer_.append(piece, static_cast<size_t>(n));
      if (buffer_.starts_with('\x16'))
        return std::exchange(buffer_, "");  // a TLS client lost its way
    }
  }
  void WaitForEnd() override {
    while (Pause(milliseconds(60'000))) {
    }
  }
  bool Pause(milliseconds time) override {
    const auto end = std::chrono::steady_clock::now() + time;
    while (true) {
      const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
      if (left.count() <= 0) return true;
      if (!Wait(POLLRDHUP, static_cast<int>(left.count())) && ended_) return false;
    }
  }
  void Reset() override {
    const linger now{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  }

 protected:
  virtual ssize_t Write(std::string_view bytes) {
    return send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  virtual ssize_t Read(char* data, size_t size) { return recv(socket_, data, size, 0); }
  virtual bool Pending() { return false; }
  int socket() const { return socket_; }

 private:
  // True when the event came; false on a timeout or (with ended_) at the end.
  bool Wait(short event, int timeout) {
    pollfd fds[2] = {{socket_, static_cast<short>(event | POLLRDHUP), 0}, {stop_, POLLIN, 0}};
    const int ready = poll(fds, 2, timeout);
    const bool gone = (fds[0].revents & (POLLERR | POLLHUP)) != 0 ||
                      (event == POLLRDHUP && (fds[0].revents & POLLRDHUP) != 0);
    if (ready > 0 && (gone || fds[1].revents != 0)) ended_ = true;
    return ready > 0 && !ended_;
  }

  int socket_;
  int stop_;
  bool ended_ = false;
  std::string buffer_;
};

class TlsConnection final : public PlainConnection {
 public:
  TlsConnection(int socket, int stop, SSL_CTX* context)
      : PlainConnection(socket, stop), ssl_(SSL_new(context), &SSL_free) {
    SSL_set_fd(ssl_.get(), socket);
    accepted_ = SSL_accept(ssl_.get()) == 1;
  }
  ~TlsConnection() override {
    if (accepted_) SSL_shutdown(ssl_.get());
  }
  bool accepted() const { return accepted_; }

 protected:
  ssize_t Write(std::string_view bytes) override {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  }
  ssize_t Read(char* data, size_t size) override {
    return SSL_read(ssl_.get(), data, static_cast<int>(size));
  }
  bool Pending() override { return SSL_pending(ssl_.get()) > 0; }

 private:
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  bool accepted_ = false;
};

std::string PemOf(const std::function<int(BIO*)>& write) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new(BIO_s_mem()), &BIO_free_all);
  if (write(bio.get()) != 1) throw std::runtime_error("cannot write PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(size)};
}

}  // namespace

std::string HttpAnswer(int status, const std::string& headers, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TestIdentity TestIdentity::SelfSigned(bool expired) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
  X509* x = certificate.get();
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), expired ? -7200 : -3600);
  X509_gmtime_adj(X509_getm_notAfter(x), expired ? -3600 : 3600);
  X509_NAME* name = X509_get_subject_name(x);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(x, name);
  X509_set_pubkey(x, key.get());
  X509_EXTENSION* names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  X509_add_ext(x, names, -1);
  X509_EXTENSION_free(names);
  X509_sign(x, key.get(), EVP_sha256());
  TestIdentity identity;
  identity.certificate_pem = PemOf([&](BIO* bio) { return PEM_write_bio_X509(bio, x); });
  identity.key_pem = PemOf([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return identity;
}

struct TestServer::Tls {
  explicit Tls(const TestIdentity& identity) : context(SSL_CTX_new(TLS_server_method())) {
    std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
        BIO_new_mem_buf(identity.certificate_pem.data(), -1), &BIO_free_all);
    X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context, certificate);
    X509_free(certificate);
    bio.reset(BIO_new_mem_buf(identity.key_pem.data(), -1));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr);
    SSL_CTX_use_PrivateKey(context, key);
    EVP_PKEY_free(key);
  }
  ~Tls() { SSL_CTX_free(context); }
  SSL_CTX* context;
};

TestServer::TestServer(const std::string& address) : address_(address) { Listen(); }
TestServer::TestServer(const TestIdentity& identity)
    : address_("127.0.0.1"), tls_(std::make_unique<Tls>(identity)) {
  Listen();
}

void TestServer::Listen() {
  std::signal(SIGPIPE, SIG_IGN);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  stop_ = eventfd(0, EFD_CLOEXEC);
  sockaddr_in in{};
  in.sin_family = AF_INET;
  inet_pton(AF_INET, address_.c_str(), &in.sin_addr);
  socklen_t size = sizeof(in);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&in), size) != 0 ||
      listen(listener_, 1024) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&in), &size) != 0) {
    throw std::runtime_error("cannot listen on " + address_);
  }
  port_ = ntohs(in.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

TestServer::~TestServer() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = write(stop_, &one, sizeof(one));
  acceptor_.join();
  for (std::thread& conversation : conversations_) conversation.join();
  close(listener_);
  close(stop_);
}

std::string TestServer::Url(std::string_view path) const {
  return (tls_ ? "https://" : "http://") + authority() + std::string(path);
}

void TestServer::On(const std::string& target, Behaviour behaviour) {
  const std::lock_guard lock(mutex_);
  behaviours_[target] = std::move(behaviour);
}

void TestServer::Serve(const std::string& target, int status, const std::string& headers,
                       const std::string& body) {
  On(target, [answer = HttpAnswer(status, headers, body)](TestConnection& c, const TestRequest&) {
    return c.Send(answer);
  });
}

void TestServer::ServeHtml(const std::string& target, const std::string& body) {
  Serve(target, 200, kHtml, body);
}

std::vector<TestRequest> TestServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<TestRequest> TestServer::requests(std::string_view target) const {
  std::vector<TestRequest> matching;
  for (TestRequest& request : requests()) {
    if (request.target == target) matching.push_back(std::move(request));
  }
  return matching;
}

void TestServer::Accept() {
  for (int number = 1;; ++number) {
    pollfd fds[2] = {{listener_, POLLIN, 0}, {stop_, POLLIN, 0}};
    poll(fds, 2, -1);
    if (fds[1].revents != 0) return;
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    const int yes = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    conversations_.emplace_back([this, socket, number] { Converse(socket, number); });
  }
}

void TestServer::Converse(int socket, int number) {
  std::unique_ptr<PlainConnection> connection;
  if (tls_) {
    auto tls = std::make_unique<TlsConnection>(socket, stop_, tls_->context);
    if (!tls->accepted()) return;
    connection = std::move(tls);
  } else {
    connection = std::make_unique<PlainConnection>(socket, stop_);
  }
  while (true) {
    TestRequest request;
    request.head = connection->ReadHead();
    if (request.head.empty()) return;
    request.at = std::chrono::steady_clock::now();
    request.connection = number;
    const size_t begin = request.head.find(' ') + 1;
    request.target = request.head.substr(begin, request.head.find(' ', begin) - begin);
    Behaviour behaviour;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      if (const auto own = behaviours_.find(request.target); own != behaviours_.end()) {
        behaviour = own->second;
      } else if (const auto named = Named().find(request.target); named != Named().end()) {
        behaviour = named->second;
      }
    }
    if (!behaviour) {
      if (request.target.starts_with("/redirect-chain-")) {
        if (!Chain(*connection, request.target)) return;
        continue;
      }
      if (!connection->Send(HttpAnswer(404, kHtml, "no such behaviour"))) return;
      continue;
    }
    if (!behaviour(*connection, request)) return;
  }
}

}  // namespace cluehound::testing
