#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/app/program.h"
#include "tests/app/running_program.h"
#include "tests/testing/test_server.h"

namespace cluehound::app {

inline std::string Card(const std::string& id, const std::string& title) {
  return "<div itemscope itemtype='https://schema.org/Product'><meta itemprop=sku content=" + id +
         "><a itemprop=url href='/i/" + id + ".html'><span itemprop=name>" + title +
         "</span></a><div itemprop=offers itemscope itemtype='https://schema.org/Offer'><span "
         "itemprop=price content=59.00>59</span></div></div>";
}

// A deployment with one shop, and what runs on it.
class Office {
 public:
  explicit Office(const std::string& more = "every: 1h, pace: 0s") {
    shop_.ServeHtml("/", Card("9002", "耐克 高仿 运动鞋 断码"));
    program_.Write("config/cluehound.yaml", "listen: 127.0.0.1:0\n");
    WriteSource("shop", shop_.Url("/"), more);
  }
  void WriteSource(const std::string& id, const std::string& seed, const std::string& more) {
    program_.Write("config/sources/" + id + ".yaml",
                   "sources: [{id: " + id + ", seeds: [\"" + seed + "\"], " + more + "}]\n");
  }
  testing::TestServer& shop() { return shop_; }
  Program& program() { return program_; }
  std::vector<std::string> serve() const {
    return {"serve", "--config", (program_.path() / "config").string()};
  }
  std::string Ask(const std::string& command) const {
    return program_.Run(command + " --config config").output;
  }
  // Until the answer to a command holds the text.
  std::string AskUntil(const std::string& command, const std::string& text) const {
    std::string answer;
    for (int i = 0; i < 100; ++i) {
      answer = Ask(command);
      if (answer.find(text) != std::string::npos) return answer;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    INFO(answer);
    FAIL(command << " never said " << text);
    return answer;
  }

 private:
  testing::TestServer shop_;
  Program program_;
};

// The answer of the service's listener, head and body.
inline std::string Get(const std::string& address, const std::string& path) {
  const auto colon = address.rfind(':');
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0);
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  REQUIRE(::send(fd, request.data(), request.size(), 0) == static_cast<ssize_t>(request.size()));
  std::string answer;
  std::array<char, 4096> buffer;
  for (ssize_t n = 0; (n = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0;)
    answer.append(buffer.data(), static_cast<size_t>(n));
  ::close(fd);
  return answer;
}

// The value of a sample, empty when it is not there.
inline std::string Sample(const std::string& metrics, const std::string& name) {
  const size_t at = metrics.find("\n" + name + " ");
  if (at == std::string::npos) return "";
  const size_t begin = at + name.size() + 2;
  return metrics.substr(begin, metrics.find('\n', begin) - begin);
}

}  // namespace cluehound::app
