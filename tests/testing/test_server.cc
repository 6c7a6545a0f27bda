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

#include "tests/testing/named_behaviours.h"

namespace cluehound::testing {
namespace {

using std::chrono::milliseconds;

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

TestIdentity TestIdentity::SelfSigned(bool expired, bool not_yet) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
  X509* x = certificate.get();
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
  X509_gmtime_adj(X509_getm_notBefore(x), expired ? -7200 : not_yet ? 3600 : -3600);
  X509_gmtime_adj(X509_getm_notAfter(x), expired ? -3600 : 7200);
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
TestServer::TestServer(const TestIdentity& identity, int max_tls_version)
    : address_("127.0.0.1"), tls_(std::make_unique<Tls>(identity)) {
  if (max_tls_version != 0) {
    SSL_CTX_set_security_level(tls_->context, 0);
    SSL_CTX_set_min_proto_version(tls_->context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(tls_->context, max_tls_version);
  }
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
  Serve(target, 200, "Content-Type: text/html; charset=utf-8\r\n", body);
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
    request.target = request.head.starts_with('\x16')
                         ? "tls-hello"
                         : request.head.substr(begin, request.head.find(' ', begin) - begin);
    Behaviour behaviour;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      if (const auto own = behaviours_.find(request.target); own != behaviours_.end()) {
        behaviour = own->second;
      } else {
        behaviour = NamedBehaviour(request.target);
      }
    }
    if (!behaviour(*connection, request)) return;
  }
}

}  // namespace cluehound::testing
