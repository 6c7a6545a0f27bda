#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iostream>
#include <thread>

#include "crawler/transfer.h"
#include "tests/testing/test_server.h"
#include "tests/testing/testing.h"

// A server that others wrote, so that our client and our test server do not merely agree with each
// other.
namespace cluehound::crawler {
namespace {

using std::chrono::milliseconds;

class Nginx {
 public:
  // The binary, or empty.
  static std::string Binary() {
    for (const char* path : {"/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"}) {
      if (access(path, X_OK) == 0) return path;
    }
    return "";
  }

  Nginx(const std::string& binary, const testing::TestIdentity& identity) {
    // A port that was free a moment ago.
    port_ = testing::TestServer().port();
    tls_port_ = testing::TestServer().port();
    Write("cert.pem", identity.certificate_pem);
    Write("key.pem", identity.key_pem);
    Write("index.html", std::string(100'000, 'x'));
    const std::string dir = dir_.path().string();
    Write("nginx.conf",
          "daemon off; master_process off; pid " + dir + "/pid; error_log " + dir +
              "/error.log; events {}\nhttp { access_log off; gzip on; gzip_types *; "
              "client_body_temp_path " +
              dir + "/t1; proxy_temp_path " + dir + "/t2; fastcgi_temp_path " + dir +
              "/t3; uwsgi_temp_path " + dir + "/t4; scgi_temp_path " + dir +
              "/t5; types { text/html html; }\nserver { root " + dir + "; listen 127.0.0.1:" +
              std::to_string(port_) + "; listen 127.0.0.1:" + std::to_string(tls_port_) +
              " ssl; ssl_certificate cert.pem; "
              "ssl_certificate_key key.pem; location /old { return 301 /index.html; } } }\n");
    const std::string config = dir + "/nginx.conf";
    const std::string log = dir + "/error.log";
    pid_ = fork();
    if (pid_ == 0) {
      execl(binary.c_str(), binary.c_str(), "-e", log.c_str(), "-c", config.c_str(), nullptr);
      _exit(127);
    }
  }
  ~Nginx() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::string path(const char* name) const { return (dir_.path() / name).string(); }
  int port() const { return port_; }
  int tls_port() const { return tls_port_; }

 private:
  void Write(const char* name, const std::string& bytes) {
    std::ofstream(dir_.path() / name, std::ios::binary) << bytes;
  }

  testing::TempDir dir_;
  int port_ = 0;
  int tls_port_ = 0;
  pid_t pid_ = -1;
};

class Getter final : public TransferListener {
 public:
  explicit Getter(const std::string& ca_file)
      : transfers_({TransferLimits(), "Cluehound/0.1 (+test office)", ca_file}, SystemClock(),
                   *this) {}
  void Sent(uint64_t) override {}
  void Ended(uint64_t, TransferResult result) override { result_ = std::move(result); }

  TransferResult Get(const std::string& scheme, int port, const std::string& path,
                     const std::string& etag = "") {
    TransferRequest request;
    request.url = scheme + "://127.0.0.1:" + std::to_string(port) + path;
    request.host = "127.0.0.1";
    request.port = static_cast<uint16_t>(port);
    request.address = *IpAddress::Parse("127.0.0.1");
    request.guard = &guard_;
    request.etag = etag;
    result_.reset();
    transfers_.Start(std::move(request));
    while (!result_) transfers_.Poll(milliseconds(1000));
    return *result_;
  }

 private:
  AddressGuard guard_{{*Cidr::Parse("127.0.0.1")}};
  Transfers transfers_;
  std::optional<TransferResult> result_;
};

TEST_CASE("nginx: pages, gzip, conditional requests, redirects and TLS of a real server") {
  const std::string binary = Nginx::Binary();
  if (binary.empty()) {
    std::cout << "SKIPPED: no nginx on this machine\n";
    return;
  }
  const auto identity = testing::TestIdentity::SelfSigned();
  const Nginx nginx(binary, identity);
  Getter getter(nginx.path("cert.pem"));
  TransferResult page;
  for (int tries = 0; tries < 100; ++tries) {
    page = getter.Get("http", nginx.port(), "/index.html");
    if (page.outcome != Outcome::kConnectFailed) break;
    std::this_thread::sleep_for(milliseconds(20));  // until it listens
  }
  INFO(page.reason);
  REQUIRE(page.outcome == Outcome::kOk);
  CHECK(page.exchange.status == 200);
  CHECK(evidence::HeaderValue(page.exchange.header_block, "Content-Encoding") == "gzip");
  CHECK(evidence::HeaderValue(page.exchange.header_block, "Transfer-Encoding") == "chunked");
  CHECK(page.exchange.coded_body.size() < 1000);
  CHECK(page.exchange.coded_body.starts_with("\x1f\x8b"));

  const std::string etag = evidence::HeaderValue(page.exchange.header_block, "ETag");
  REQUIRE_FALSE(etag.empty());
  CHECK(getter.Get("http", nginx.port(), "/index.html", etag).exchange.status == 304);
  CHECK(getter.Get("http", nginx.port(), "/old").exchange.status == 301);
  CHECK(getter.Get("http", nginx.port(), "/none").exchange.status == 404);

  const TransferResult secure = getter.Get("https", nginx.tls_port(), "/index.html");
  INFO(secure.reason);
  REQUIRE(secure.outcome == Outcome::kOk);
  CHECK(secure.exchange.tls.version.starts_with("TLSv1."));
  CHECK(secure.exchange.tls.chain_sha256.size() == 1);
  CHECK(getter.Get("http", nginx.tls_port(), "/").exchange.status == 400);  // plain to a TLS port
}

}  // namespace
}  // namespace cluehound::crawler
