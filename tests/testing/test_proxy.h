#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace cluehound::testing {

// A proxy on loopback that speaks HTTP (CONNECT and whole addresses) and SOCKS5. Wherever it is told
// to go, it goes to that port of 127.0.0.1, so that a test may name any address of the internet.
// Thread-safe. The destructor ends all connections.
class TestProxy {
 public:
  // `credentials`, "user:password": what clients must give; empty: none.
  explicit TestProxy(std::string credentials = "");
  ~TestProxy();

  std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }
  // "CONNECT 1.2.3.4:80", "GET http://shop.example/", "SOCKS 1.2.3.4:80", "SOCKS shop.example:80";
  // with " denied" behind it when it was refused.
  std::vector<std::string> asked() const;
  void RefuseConnect();  // from now on, as proxies do for ports that they do not like

 private:
  void Accept();
  void Serve(int client);
  void ServeHttp(int client);
  void ServeSocks(int client);
  void Note(const std::string& what);

  const std::string credentials_;
  int port_ = 0;
  int listener_ = -1;
  int stop_ = -1;
  mutable std::mutex mutex_;
  bool refuse_connect_ = false;
  std::vector<std::string> asked_;
  std::vector<std::thread> conversations_;
  std::thread acceptor_;
};

}  // namespace cluehound::testing
