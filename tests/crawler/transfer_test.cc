#include "crawler/transfer.h"

#include <atomic>
#include <fstream>
#include <map>
#include <thread>

#include "base/content_coding.h"
#include "base/url.h"
#include "crawler/robots.h"
#include "tests/testing/test_server.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

using std::chrono::milliseconds;
using testing::TestConnection;
using testing::TestRequest;
using testing::TestServer;

AddressGuard Loopback() { return AddressGuard({*Cidr::Parse("127.0.0.0/8")}); }

// Limits that a test can wait for.
TransferOptions QuickOptions() {
  TransferOptions options;
  options.user_agent = "Cluehound/0.1 (+test office)";
  options.limits.connect = milliseconds(1000);
  options.limits.total = milliseconds(1000);
  options.limits.max_body = 1u << 20;
  return options;
}

class Fixture final : public TransferListener {
 public:
  explicit Fixture(TransferOptions options = QuickOptions())
      : transfers(std::move(options), SystemClock(), *this) {}

  void Sent(uint64_t tag) override { ++sent[tag]; }
  void Ended(uint64_t tag, TransferResult result) override {
    CHECK(ended.emplace(tag, std::move(result)).second);  // exactly once
  }

  TransferRequest Request(const std::string& url, const AddressGuard& guard) {
    const Url parsed = *Url::Parse(url);
    TransferRequest request;
    request.tag = ++last_tag;
    request.url = parsed.href();
    request.host = std::string(parsed.host());
    request.port = parsed.port();
    request.address = IpAddress::Parse(parsed.host()).value_or(*IpAddress::Parse("127.0.0.1"));
    request.guard = &guard;
    return request;
  }
  TransferResult Get(TransferRequest request) {
    const uint64_t tag = request.tag;
    transfers.Start(std::move(request));
    while (ended.count(tag) == 0) transfers.Poll(milliseconds(1000));
    return std::move(ended[tag]);
  }
  TransferResult Get(const std::string& url) { return Get(Request(url, loopback)); }

  AddressGuard loopback = Loopback();
  Transfers transfers;
  uint64_t last_tag = 0;
  std::map<uint64_t, TransferResult> ended;
  std::map<uint64_t, int> sent;
};

TEST_CASE("ours: an exchange is kept exactly as it went over the wire") {
  TestServer server;
  Fixture f;
  const TransferResult result = f.Get(server.Url("/ok?a=1%20"));
  server.Serve("/page?a=1%20", 200, "Content-Type: text/html\r\nX-Odd:  value \r\n", "<p>hello");
  const TransferResult page = f.Get(server.Url("/page?a=1%20"));
  REQUIRE(page.outcome == Outcome::kOk);
  const evidence::Exchange& exchange = page.exchange;
  CHECK(exchange.url == server.Url("/page?a=1%20"));
  CHECK(exchange.request == server.requests("/page?a=1%20").at(0).head);
  CHECK(exchange.status == 200);
  CHECK(exchange.http_version == "1.1");
  CHECK(exchange.header_block ==
        "HTTP/1.1 200 Whatever\r\nContent-Type: text/html\r\nX-Odd:  value \r\nContent-Length: "
        "8\r\n");
  CHECK(exchange.coded_body == "<p>hello");
  CHECK(exchange.peer_address == "127.0.0.1");
  CHECK(exchange.peer_port == server.port());
  CHECK(exchange.tls.version.empty());
  CHECK(exchange.ended >= exchange.started);
  CHECK(result.exchange.status == 404);
}

TEST_CASE("ours: the request names the office, our codings and what the caller knows of the page") {
  TestServer server;
  Fixture f;
  TransferRequest request = f.Request(server.Url("/status-304"), f.loopback);
  request.etag = "\"abc\"";
  request.last_modified = "Sun, 06 Nov 1994 08:49:37 GMT";
  const TransferResult result = f.Get(std::move(request));
  CHECK(result.outcome == Outcome::kOk);
  CHECK(result.exchange.status == 304);
  const std::string head = server.requests().at(0).head;
  INFO(head);
  CHECK(head.starts_with("GET /status-304 HTTP/1.1\r\nHost: " + server.authority() + "\r\n"));
  for (const char* line :
       {"User-Agent: Cluehound/0.1 (+test office)", "Accept-Encoding: gzip, deflate, br, zstd",
        "If-None-Match: \"abc\"", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"}) {
    CHECK(head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos);
  }
  for (const char* name : {"Cookie", "Referer", "Expect", "Proxy"}) {
    CHECK(head.find(name) == std::string::npos);
  }
  // The next request of the same handle knows nothing of it.
  f.Get(server.Url("/ok"));
  CHECK(server.requests("/ok").at(0).head.find("If-") == std::string::npos);
}

struct Expected {
  const char* path;
  Outcome outcome;
  const char* body;  // null: not looked at
};

TEST_CASE("hostile: every behaviour of a server ends in its outcome") {
  TestServer server;
  TransferOptions options = QuickOptions();
  options.limits.total = milliseconds(300);
  Fixture f(options);
  const Expected expected[] = {
      {"/ok", Outcome::kOk, nullptr},
      {"/continue", Outcome::kOk, nullptr},
      {"/early-hints", Outcome::kOk, nullptr},
      {"/chunked", Outcome::kOk, "hello world"},
      {"/no-length", Outcome::kOk, "until the end"},
      {"/http10", Outcome::kOk, "old"},
      {"/bare-newlines", Outcome::kOk, "ok"},
      {"/wrong-length", Outcome::kOk, "01234"},
      {"/status-500", Outcome::kOk, "oh"},
      {"/redirect-file", Outcome::kOk, ""},  // nothing is followed here
      {"/drop", Outcome::kDropped, ""},
      {"/reset", Outcome::kDropped, ""},
      {"/partial", Outcome::kDropped, ""},
      {"/partial-header", Outcome::kDropped, ""},
      {"/cut-chunk", Outcome::kDropped, ""},
      {"/silent", Outcome::kTimeout, ""},
      {"/slow-header", Outcome::kTimeout, ""},
      {"/slow-body", Outcome::kTimeout, ""},
      {"/drip", Outcome::kTimeout, ""},
      {"/huge", Outcome::kBodyTooLarge, ""},
      {"/endless", Outcome::kBodyTooLarge, ""},
      {"/endless-chunked", Outcome::kBodyTooLarge, ""},
      {"/big-header", Outcome::kHeaderTooLarge, ""},
      {"/many-headers", Outcome::kHeaderTooLarge, ""},
      {"/endless-continue", Outcome::kHeaderTooLarge, ""},
      {"/endless-trailer", Outcome::kHeaderTooLarge, ""},
      {"/bad-chunk", Outcome::kBadResponse, ""},
      {"/http09", Outcome::kBadResponse, ""},
      {"/garbage", Outcome::kBadResponse, ""},
      {"/null-header", Outcome::kBadResponse, ""},
      {"/bad-status", Outcome::kBadResponse, ""},
      {"/negative-length", Outcome::kBadResponse, ""},
      {"/image", Outcome::kNotHtml, ""},
  };
  for (const Expected& row : expected) {
    INFO(row.path);
    const TransferResult result = f.Get(server.Url(row.path));
    INFO(result.reason);
    CHECK(Name(result.outcome) == Name(row.outcome));
    CHECK(result.reason.empty() == (row.outcome == Outcome::kOk));
    if (row.body != nullptr) CHECK(result.exchange.coded_body == row.body);
    CHECK(server.requests(row.path).size() == 1);  // libcurl did not try again by itself
  }
}

TEST_CASE("ours: an interim answer leaves no trace in the kept header") {
  TestServer server;
  Fixture f;
  for (const char* path : {"/continue", "/early-hints"}) {
    const TransferResult result = f.Get(server.Url(path));
    CHECK(result.exchange.status == 200);
    CHECK(result.exchange.header_block.starts_with("HTTP/1.1 200 Whatever\r\nContent-Type"));
  }
  const TransferResult chunked = f.Get(server.Url("/chunked"));
  CHECK(chunked.exchange.header_block.find("Trailer") == std::string::npos);
}

TEST_CASE("design: the body stays in its content coding, and decoding it has its own cap") {
  TestServer server;
  Fixture f;
  const TransferResult gzip = f.Get(server.Url("/gzip"));
  CHECK(gzip.exchange.coded_body.starts_with("\x1f\x8b"));
  for (const char* path : {"/gzip", "/br", "/zstd"}) {
    const TransferResult result = f.Get(server.Url(path));
    const std::string coding =
        evidence::HeaderValue(result.exchange.header_block, "content-encoding");
    const CodedBody decoded = DecodeContent(coding, result.exchange.coded_body, 1000);
    CHECK(decoded.status == CodedBody::Status::kOk);
    CHECK(decoded.bytes.find(coding == "br" ? "hello" : "red shoes") != std::string::npos);
  }
  const TransferResult bomb = f.Get(server.Url("/gzip-bomb"));
  CHECK(bomb.outcome == Outcome::kOk);
  CHECK(bomb.exchange.coded_body.size() < 100'000);
  CHECK(DecodeContent("gzip", bomb.exchange.coded_body, 1u << 20).status ==
        CodedBody::Status::kTooLarge);
}

TEST_CASE("ours: one connection serves many requests") {
  TestServer server;
  Fixture f;
  for (int i = 0; i < 5; ++i) CHECK(f.Get(server.Url("/ok")).outcome == Outcome::kOk);
  for (const TestRequest& request : server.requests()) CHECK(request.connection == 1);
}

TEST_CASE(
    "ours: a connection found dead is told apart, and the request is not repeated in silence") {
  TestServer server;
  Fixture f;
  CHECK(f.Get(server.Url("/close-next")).outcome == Outcome::kOk);
  const TransferResult result = f.Get(server.Url("/ok"));
  CHECK(result.stale_connection);
  CHECK(result.outcome == Outcome::kDropped);
  CHECK(f.sent[2] == 1);
  CHECK(server.requests("/ok").empty());
  CHECK(f.Get(server.Url("/ok")).outcome == Outcome::kOk);
}

TEST_CASE("changedetection GHSA: the connected address decides, not the one that was looked up") {
  TestServer server;
  Fixture f;
  const AddressGuard strict;
  // The name was pinned to an address that its source may not reach.
  TransferRequest request =
      f.Request("http://shop.example:" + std::to_string(server.port()) + "/ok", strict);
  const uint64_t tag = request.tag;
  const TransferResult result = f.Get(std::move(request));
  CHECK(result.outcome == Outcome::kAddressRefused);
  CHECK(result.reason.find("127.0.0.1 is a reserved address") != std::string::npos);
  CHECK(f.sent.count(tag) == 0);
  CHECK(server.requests().empty());
}

TEST_CASE("changedetection GHSA: a connection opened for one source is not lent to another") {
  TestServer server;
  Fixture f;
  const std::string url = "http://shop.example:" + std::to_string(server.port()) + "/ok";
  CHECK(f.Get(url).outcome == Outcome::kOk);
  const AddressGuard strict;
  CHECK(f.Get(f.Request(url, strict)).outcome == Outcome::kAddressRefused);
  const AddressGuard same = Loopback();
  CHECK(f.Get(f.Request(url, same)).outcome == Outcome::kOk);
  CHECK(server.requests().size() == 2);
  CHECK(server.requests().at(1).connection == 1);
}

TEST_CASE("ours: a name goes to the pinned address, and to a new one when told so") {
  TestServer server;
  Fixture f;
  const std::string url = "http://shop.example:" + std::to_string(server.port()) + "/ok";
  const TransferResult result = f.Get(url);
  CHECK(result.exchange.peer_address == "127.0.0.1");
  CHECK(server.requests().at(0).head.find("Host: shop.example:") != std::string::npos);
  TransferRequest moved = f.Request(url, f.loopback);
  moved.address = *IpAddress::Parse("127.0.0.9");  // nobody listens there
  moved.fresh_connection = true;
  CHECK(f.Get(std::move(moved)).outcome == Outcome::kConnectFailed);
}

TEST_CASE("ours: a proxy of the environment is not used") {
  TestServer server;
  setenv("http_proxy", "http://127.0.0.1:1/", 1);
  Fixture f;
  CHECK(f.Get(server.Url("/ok")).outcome == Outcome::kOk);
  unsetenv("http_proxy");
}

TEST_CASE("ours: robots.txt is cut at its limit, not refused, and comes in any type") {
  TestServer server;
  server.Serve("/robots.txt", 200, "Content-Type: application/octet-stream\r\n",
               std::string(RobotsRules::kMaxBytes + 1000, '#'));
  Fixture f;
  TransferRequest request = f.Request(server.Url("/robots.txt"), f.loopback);
  request.robots = true;
  const TransferResult result = f.Get(std::move(request));
  CHECK(result.outcome == Outcome::kOk);
  CHECK(result.exchange.coded_body.size() == RobotsRules::kMaxBytes);
  CHECK(server.requests().at(0).head.find("Accept-Encoding: identity") != std::string::npos);
}

TEST_CASE("ours: a slow drip ends by its speed before the whole time is over") {
  TestServer server;
  TransferOptions options = QuickOptions();
  options.limits.total = std::chrono::seconds(30);
  options.limits.low_speed_bytes = 1000;
  options.limits.low_speed_time = std::chrono::seconds(1);
  Fixture f(options);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(f.Get(server.Url("/drip")).outcome == Outcome::kTimeout);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}

TEST_CASE("ours: told to stop, what runs ends as cancelled") {
  TestServer server;
  Fixture f;
  f.transfers.Start(f.Request(server.Url("/silent"), f.loopback));
  f.transfers.Start(f.Request(server.Url("/slow-body"), f.loopback));
  while (f.sent.size() < 2) f.transfers.Poll(milliseconds(100));
  CHECK(f.transfers.running() == 2);
  f.transfers.CancelAll();
  CHECK(f.transfers.running() == 0);
  CHECK(f.ended[1].outcome == Outcome::kCancelled);
  CHECK(f.ended[2].outcome == Outcome::kCancelled);
}

TEST_CASE("ours: Wake from another thread ends the wait") {
  Fixture f;
  std::thread waker([&] { f.transfers.Wake(); });
  const auto begin = std::chrono::steady_clock::now();
  f.transfers.Poll(std::chrono::seconds(20));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
  waker.join();
}

TEST_CASE("ours: a hundred transfers at once") {
  TestServer server;
  Fixture f;
  std::vector<uint64_t> tags;
  for (int i = 0; i < 100; ++i) {
    TransferRequest request = f.Request(server.Url("/ok"), f.loopback);
    tags.push_back(request.tag);
    f.transfers.Start(std::move(request));
  }
  while (f.ended.size() < tags.size()) f.transfers.Poll(milliseconds(1000));
  for (const uint64_t tag : tags) CHECK(f.ended[tag].outcome == Outcome::kOk);
}

TransferOptions Trusting(const testing::TempDir& dir, const testing::TestIdentity& identity) {
  TransferOptions options = QuickOptions();
  options.ca_file = dir.path() / "ca.pem";
  std::ofstream(options.ca_file) << identity.certificate_pem;
  return options;
}

TEST_CASE("evidence: the facts of the TLS session are taken, on a reused connection too") {
  testing::TempDir dir;
  const auto identity = testing::TestIdentity::SelfSigned();
  TestServer server(identity);
  Fixture f(Trusting(dir, identity));
  for (int i = 0; i < 2; ++i) {
    const TransferResult result = f.Get(server.Url("/ok"));
    INFO(result.reason);
    REQUIRE(result.outcome == Outcome::kOk);
    CHECK(result.exchange.tls.version == "TLSv1.3");
    CHECK(result.exchange.tls.cipher.starts_with("TLS_"));
    REQUIRE(result.exchange.tls.chain_sha256.size() == 1);
    CHECK(result.exchange.tls.chain_sha256[0].size() == 64);
  }
  CHECK(server.requests().at(1).connection == 1);
}

TEST_CASE("hostile: certificates that nobody vouches for, that expired, or name another host") {
  testing::TempDir dir;
  const auto good = testing::TestIdentity::SelfSigned();
  const auto expired = testing::TestIdentity::SelfSigned(/*expired=*/true);
  TestServer self_signed(good);
  CHECK(Fixture().Get(self_signed.Url("/ok")).outcome == Outcome::kTlsFailed);
  TestServer old(expired);
  Fixture trusts_expired(Trusting(dir, expired));
  CHECK(trusts_expired.Get(old.Url("/ok")).outcome == Outcome::kTlsFailed);
  Fixture trusts_good(Trusting(dir, good));
  const std::string other = "https://shop.example:" + std::to_string(self_signed.port()) + "/ok";
  CHECK(trusts_good.Get(other).outcome == Outcome::kTlsFailed);
  // No TLS on the other side at all.
  TestServer plain;
  CHECK(trusts_good.Get("https://" + plain.authority() + "/ok").outcome == Outcome::kTlsFailed);
}

// A wake that came between the reading of the one before and the note that it was read was lost,
// and all that followed it too.
TEST_CASE("ours: no wake is lost, however close it comes behind another") {
  Fixture f;
  constexpr int kRounds = 2'000;
  std::atomic<int> asked{0}, seen{0};
  std::thread other([&] {
    for (int round = 1; round <= kRounds; ++round) {
      for (int i = 0; i < 50; ++i) f.transfers.Wake();
      asked = round;
      f.transfers.Wake();
      while (seen < round) std::this_thread::yield();
    }
  });
  // The rounds are over long before a poll may end by itself.
  const auto begin = std::chrono::steady_clock::now();
  while (seen < kRounds) {
    f.transfers.Poll(std::chrono::minutes(5));
    seen = asked.load();
  }
  other.join();
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::minutes(5));
}

}  // namespace
}  // namespace cluehound::crawler
