#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cluehound::testing {

// One accepted connection, as a behaviour sees it. Bytes in, bytes out; nothing is checked.
class TestConnection {
 public:
  virtual ~TestConnection() = default;
  // False when the peer is gone or the server stops.
  virtual bool Send(std::string_view bytes) = 0;
  // Up to and including an empty line; empty when the peer is gone or the server stops.
  virtual std::string ReadHead() = 0;
  // Returns when the peer is gone or the server stops.
  virtual void WaitForEnd() = 0;
  // True after the time, false when the peer is gone or the server stops before.
  virtual bool Pause(std::chrono::milliseconds time) = 0;
  // Makes the end a reset instead of an orderly close.
  virtual void Reset() = 0;
};

struct TestRequest {
  std::string head;    // as received
  std::string target;  // "/path?query"
  int connection = 0;  // number of the connection, from 1
  std::chrono::steady_clock::time_point at;
};

// A certificate and its key, made on the spot for localhost and 127.0.0.1.
struct TestIdentity {
  std::string certificate_pem;
  std::string key_pem;
  static TestIdentity SelfSigned(bool expired = false, bool not_yet = false);
};

// An HTTP server on loopback, on a port that the system picks, with named ways to behave, most of
// them badly: see named_behaviours.cc for the list. What is no request but the begin of a TLS
// handshake has the target "tls-hello". A behaviour returns true to keep the connection for
// the next request. Thread-safe. The destructor ends all connections.
class TestServer {
 public:
  using Behaviour = std::function<bool(TestConnection&, const TestRequest&)>;

  explicit TestServer(const std::string& address = "127.0.0.1");
  // https; `max_tls_version` as OpenSSL counts (TLS1_1_VERSION), 0: the newest.
  explicit TestServer(const TestIdentity& identity, int max_tls_version = 0);
  ~TestServer();

  const std::string& address() const { return address_; }
  int port() const { return port_; }
  std::string authority() const { return address_ + ":" + std::to_string(port_); }
  std::string Url(std::string_view path) const;

  // What is done for exactly this target; in place of a named behaviour, if there is one.
  void On(const std::string& target, Behaviour behaviour);
  // A whole answer: status line, these headers ("A: b\r\n"), Content-Length, body.
  void Serve(const std::string& target, int status, const std::string& headers,
             const std::string& body);
  void ServeHtml(const std::string& target, const std::string& body);

  std::vector<TestRequest> requests() const;
  // Those for one target.
  std::vector<TestRequest> requests(std::string_view target) const;

 private:
  struct Tls;
  void Listen();
  void Accept();
  void Converse(int socket, int number);

  std::string address_;
  int port_ = 0;
  int listener_ = -1;
  int stop_ = -1;  // becomes readable when the server stops
  std::unique_ptr<Tls> tls_;
  mutable std::mutex mutex_;
  std::map<std::string, Behaviour, std::less<>> behaviours_;
  std::vector<TestRequest> requests_;
  std::vector<std::thread> conversations_;
  std::thread acceptor_;
};

// A whole answer with a Content-Length.
std::string HttpAnswer(int status, const std::string& headers, const std::string& body);

}  // namespace cluehound::testing
