#include "triage/http_server.h"

#include <atomic>
#include <thread>

#include "tests/testing/test_server.h"
#include "tests/testing/testing.h"
#include "tests/triage/http_client.h"
#include "triage/http_connections.h"

namespace cluehound::triage {
namespace {

std::unique_ptr<HttpServer> Serve(const HttpLimits& limits, HttpHandler handler, size_t cap = 1000,
                                  const HttpIdentity& identity = {},
                                  const std::string& address = "127.0.0.1") {
  HttpServer::Options options;
  options.limits = limits;
  options.identity = identity;
  options.body_cap = [cap](const HttpRequest&) { return cap; };
  auto server = HttpServer::Start(address, 0, std::move(handler), options);
  REQUIRE_OK(server);
  return *std::move(server);
}

HttpResponse Echo(const HttpRequest& r) {
  HttpResponse response;
  response.body = r.method + " " + r.path + " " + r.body + " " + r.peer;
  for (const auto& [name, value] : r.query) response.body += " " + name + "=" + value;
  return response;
}

HttpLimits Threads(unsigned workers) {
  HttpLimits limits;
  limits.workers = workers;
  return limits;
}

}  // namespace

TEST_CASE("ours: a request comes with path, query, body and peer, on workers or without") {
  for (const unsigned workers : {0u, 3u}) {
    const auto server = Serve(Threads(workers), Echo);
    HttpClient client(server->port());
    CHECK(client.Ask("POST", "/a%2Fb?q=%E7%BA%BF+1&q=2&x", "", "hello").body ==
          "POST /a/b hello 127.0.0.1 q=线 1 x=");
    CHECK(client.Ask("GET", "/").body == "GET /  127.0.0.1");
    CHECK(client.Ask("GET", "/").Header("x-content-type-options") == "nosniff");
  }
}

TEST_CASE("ours: a body over the cap is refused, told beforehand or not") {
  const auto server = Serve(Threads(2), Echo, 10);
  CHECK(AskOnce(server->port(), "POST", "/", "", "0123456789").status == 200);
  CHECK(AskOnce(server->port(), "POST", "/", "", "0123456789a").status == 413);
  CHECK(AskOnce(server->port(), "POST", "/", "", std::string(5'000'000, 'x')).status == 413);
  HttpClient chunked(server->port());
  chunked.Send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  chunked.Send("b\r\n0123456789a\r\n0\r\n\r\n");
  CHECK(chunked.Ended(5000));
  CHECK(AskOnce(server->port(), "POST", "/", "Content-Length: 99999999999999999999\r\n").status !=
        200);
  CHECK(AskOnce(server->port(), "GET", "/").status == 200);
}

TEST_CASE("ours: a header that is too large or no header at all ends the connection") {
  const auto server = Serve(Threads(2), Echo);
  const auto large =
      AskOnce(server->port(), "GET", "/", "X: " + std::string(100'000, 'x') + "\r\n");
  CHECK(large.status != 200);
  HttpClient noise(server->port());
  noise.Send(std::string("\x16\x03\x01\x00\xff\r\n\r\n", 9));
  CHECK(noise.Read(5000).status != 200);
  CHECK(AskOnce(server->port(), "GET", "/").status == 200);
}

TEST_CASE("ours: who sends a header or a body drop by drop is cut off, who works is not") {
  HttpLimits limits = Threads(2);
  limits.head_seconds = 0.3;
  limits.body_bytes_a_second = 1000;
  std::atomic<int> slow{0};
  const auto server = Serve(limits, [&slow](const HttpRequest& r) {
    if (r.path == "/slow") {
      ++slow;
      std::this_thread::sleep_for(std::chrono::milliseconds(1200));  // what takes its time
    }
    return Echo(r);
  });
  HttpClient working(server->port());
  working.Send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  HttpClient head(server->port());
  HttpClient body(server->port());
  body.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n");
  head.Send("GET / HTTP/1.1\r\n");
  const auto start = std::chrono::steady_clock::now();
  bool head_ended = false, body_ended = false;
  while (std::chrono::steady_clock::now() - start < std::chrono::seconds(5) &&
         !(head_ended && body_ended)) {
    head_ended = head_ended || !head.Send("X") || head.Ended(50);
    body_ended = body_ended || !body.Send("x") || body.Ended(50);
  }
  CHECK(head_ended);
  CHECK(body_ended);
  CHECK(working.Read().status == 200);
  CHECK(slow == 1);
}

TEST_CASE("ours: 500 idle connections do not keep an officer out, from one address or many") {
  HttpLimits limits = Threads(2);
  const auto server = Serve(limits, Echo);
  std::vector<HttpClient> idle;
  for (int i = 0; i < 500; ++i) {
    idle.emplace_back(server->port());
    REQUIRE(idle.back().connected());
    if (i % 2 == 0) idle.back().Send("GET / HT");
  }
  for (int i = 0; i < 20; ++i) CHECK(AskOnce(server->port(), "GET", "/").status == 200);
  int ended = 0;
  for (HttpClient& client : idle) ended += client.Ended(0) ? 1 : 0;
  CHECK(ended >= 500 - 64);
}

TEST_CASE("ours: who pushes out whom") {
  using Time = HttpConnections::Time;
  HttpLimits limits;
  limits.connections = 4;
  limits.connections_per_address = 3;
  HttpConnections connections(limits);
  const Time start{};
  const auto at = [&](int seconds) { return start + std::chrono::seconds(seconds); };
  const int socket = -1;  // shutdown() of it fails, which is nothing here
  const auto a1 = connections.Add(socket, "a", at(0));
  connections.Add(socket, "a", at(1));
  connections.Add(socket, "a", at(2));
  connections.Working(a1);
  connections.Add(socket, "b", at(3));
  // All four are taken: the address with the most has to give one, and not the one at work.
  connections.Add(socket, "c", at(4));
  connections.EndSlow(at(5));
  CHECK(connections.size() == 5);
  connections.Remove(a1);
  CHECK(connections.size() == 4);
}

TEST_CASE("ours: an address that asks too fast is told so, another one is not") {
  HttpLimits limits;
  limits.requests_a_second = 10;
  limits.requests_at_once = 5;
  RequestRate rate(limits);
  const HttpConnections::Time start{};
  for (int i = 0; i < 5; ++i) CHECK(rate.Take("a", start));
  CHECK_FALSE(rate.Take("a", start));
  CHECK(rate.Take("b", start));
  CHECK(rate.Take("a", start + std::chrono::milliseconds(100)));
  CHECK_FALSE(rate.Take("a", start + std::chrono::milliseconds(101)));
  limits.requests_a_second = 1;
  limits.requests_at_once = 2;
  const auto server = Serve(limits, Echo);
  int refused = 0;
  for (int i = 0; i < 6; ++i) refused += AskOnce(server->port(), "GET", "/").status == 429 ? 1 : 0;
  CHECK(refused >= 3);
}

TEST_CASE("ours: limits are of an IPv6 network, not of one of its 2^64 addresses") {
  CHECK(AddressGroup("2001:db8:1:2:3:4:5:6") == AddressGroup("2001:db8:1:2::9"));
  CHECK(AddressGroup("2001:db8:1:2::1") != AddressGroup("2001:db8:1:3::1"));
  CHECK(AddressGroup("10.0.0.1") == "10.0.0.1");
}

TEST_CASE("ours: behind a proxy on this machine its word counts, from elsewhere nobody's does") {
  const std::string headers = "X-Forwarded-For: 9.9.9.9, 10.1.2.3\r\nX-Forwarded-Proto: https\r\n";
  HttpLimits limits;
  auto direct = Serve(limits, Echo);
  CHECK(AskOnce(direct->port(), "GET", "/", headers).body == "GET /  127.0.0.1");
  limits.behind_proxy = true;
  auto behind = Serve(limits, Echo);
  CHECK(AskOnce(behind->port(), "GET", "/", headers).body == "GET /  10.1.2.3");
}

TEST_CASE("ours: TLS with the given certificate, and IPv6") {
  const auto identity = testing::TestIdentity::SelfSigned();
  const auto server = Serve(Threads(2),
                            [](const HttpRequest& r) {
                              HttpResponse response;
                              response.body = r.secure ? "secure" : "plain";
                              return response;
                            },
                            10, {identity.certificate_pem, identity.key_pem});
  CHECK(AskTls(server->port(), "/").body == "secure");
  CHECK(AskOnce(server->port(), "GET", "/").status != 200);
  CHECK_FALSE(HttpServer::Start("127.0.0.1", 0, Echo, {{}, {"no", "pem"}, {}}).ok());
  const auto v6 = Serve({}, Echo, 10, {}, "::1");
  HttpClient client(v6->port(), true);
  CHECK(client.Ask("GET", "/").body == "GET /  ::1");
  CHECK_FALSE(HttpServer::Start("localhost", 0, Echo).ok());
}

}  // namespace cluehound::triage
