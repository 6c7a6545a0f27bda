#include "crawler/proxy.h"

#include <algorithm>
#include <set>

#include "tests/crawler/crawl.h"
#include "tests/testing/test_proxy.h"

namespace cluehound::crawler {
namespace {

using testing::TestProxy;
using testing::TestServer;

TEST_CASE("ours: a proxy's address is read, and its credentials are kept apart") {
  const auto plain = Proxy::Parse("http://proxy.example:3128");
  REQUIRE_OK(plain);
  CHECK(plain->address == "http://proxy.example:3128");
  CHECK(plain->user.empty());
  const auto named = Proxy::Parse("SOCKS5H://user:p%40ss@10.0.0.8:80/");
  REQUIRE_OK(named);
  CHECK(named->address == "socks5h://10.0.0.8:80");
  CHECK(named->user == "user");
  CHECK(named->password == "p@ss");
  for (const char* bad :
       {"proxy.example:3128", "https://u:hunter2@proxy.example:1", "socks5://u:hunter2@proxy:1",
        "http://u:hunter2@proxy.example", "http://u:hunter2@proxy.example:80/path", "http://",
        "http://u:hunter2@:80", "http://u:hunter2@proxy:x"}) {
    INFO(bad);
    const auto proxy = Proxy::Parse(bad);
    CHECK_FALSE(proxy.ok());
    CHECK(proxy.status().message().find("hunter2") == std::string::npos);
  }
}

// A shop at a public address, which only the proxy reaches.
struct Office {
  explicit Office(const std::string& scheme, const std::string& credentials = "")
      : proxy(credentials) {
    crawl.options.transfer.limits.total = std::chrono::seconds(20);
    crawl.options.max_retries = 0;
    crawl.names["shop.example"] = {Ip("93.184.216.34")};
    way = *Proxy::Parse(scheme + "://" + (credentials.empty() ? "" : credentials + "@") +
                        proxy.authority());
  }
  FetchResult Get(const std::string& url, bool enforces = false) {
    SourceSettings& source = crawl.AddSource("shop", {url});
    source.access.proxy = way;
    source.access.proxy_enforces_addresses = enforces;
    REQUIRE_OK(crawl.Run());
    return crawl.ResultOf(url);
  }
  std::string Shop(const std::string& path) const { return "http://shop.example:" + port() + path; }
  std::string port() const { return std::to_string(server.port()); }

  TestServer server;
  TestProxy proxy;
  Crawl crawl;
  Proxy way;
};

TEST_CASE("ours: through a proxy it is the checked address that is connected to") {
  for (const char* scheme : {"http", "socks5h"}) {
    for (const char* credentials : {"", "office:secret"}) {
      INFO(scheme << " " << credentials);
      Office office(scheme, credentials);
      const FetchResult result = office.Get(office.Shop("/ok"));
      INFO(result.reason);
      REQUIRE(result.outcome == Outcome::kOk);
      const std::string verb = std::string_view(scheme) == "http" ? "CONNECT " : "SOCKS ";
      for (const std::string& asked : office.proxy.asked())
        CHECK(asked == verb + "93.184.216.34:" + office.port());
      CHECK_FALSE(office.proxy.asked().empty());
      const evidence::Exchange& answer = result.page->answer();
      CHECK(answer.peer_address == "93.184.216.34");
      CHECK(answer.request == office.server.requests("/ok").at(0).head);
      CHECK(answer.request.starts_with("GET /ok HTTP/1.1\r\nHost: shop.example:"));
      CHECK(answer.request.find("Proxy") == std::string::npos);
      CHECK(answer.header_block.find("proxy=1") == std::string::npos);
    }
  }
}

TEST_CASE("hostile: a name that is private is refused before the proxy hears of it") {
  Office office("http");
  office.crawl.names["shop.example"] = {Ip("10.0.0.1")};
  CHECK(office.Get(office.Shop("/ok")).outcome == Outcome::kAddressRefused);
  CHECK(office.proxy.asked().empty());
}

TEST_CASE("ours: a proxy that enforces addresses resolves names itself") {
  for (const char* scheme : {"http", "socks5h"}) {
    INFO(scheme);
    Office office(scheme, "office:secret");
    office.crawl.options.lookup = [](const std::string&) -> Result<std::vector<IpAddress>> {
      FAIL("no name may be looked up here");
      return Status::NotFound("");
    };
    const FetchResult result = office.Get(office.Shop("/ok"), /*enforces=*/true);
    INFO(result.reason);
    REQUIRE(result.outcome == Outcome::kOk);
    const bool http = std::string_view(scheme) == "http";
    CHECK(office.proxy.asked().back() ==
          (http ? "GET " + office.Shop("/ok") : "SOCKS shop.example:" + office.port()));
    CHECK(result.page->answer().peer_address.empty());  // nobody here knows it
    CHECK(result.page->answer().request.find("Proxy-Authorization") == std::string::npos);
  }
}

TEST_CASE("hostile: a literal private address is refused even where the proxy enforces") {
  Office office("http");
  office.server.Serve("/go", 302, "Location: http://169.254.169.254/latest/\r\n", "");
  CHECK(office.Get(office.Shop("/go"), /*enforces=*/true).outcome == Outcome::kAddressRefused);
  CHECK(office.proxy.asked().size() <= 2);  // robots.txt and the page
  for (const std::string& asked : office.proxy.asked())
    CHECK(asked.find("169.254") == std::string::npos);
}

TEST_CASE("ours: a proxy that refuses or is gone is named in the reason, its password never") {
  Office denied("http", "office:secret");
  denied.way.password = "wrong-secret";
  Office forbids("http");
  forbids.proxy.RefuseConnect();
  Office socks("socks5h", "office:secret");
  socks.way.password = "wrong-secret";
  Office gone("http");
  gone.way = *Proxy::Parse("http://office:wrong-secret@127.0.0.1:1");
  for (Office* office : {&denied, &forbids, &socks, &gone}) {
    const FetchResult result = office->Get(office->Shop("/ok"));
    INFO(result.reason);
    CHECK(result.outcome == Outcome::kRobotsUnreachable);
    CHECK(result.reason.find("through the proxy " + office->way.address) != std::string::npos);
    for (const std::string& line : office->crawl.log)
      CHECK(line.find("wrong-secret") == std::string::npos);
    CHECK(result.reason.find("wrong-secret") == std::string::npos);
    CHECK(office->server.requests().empty());
  }
  CHECK(forbids.crawl.results.begin()->second.reason.find("proxy_enforces_addresses") !=
        std::string::npos);
}

TEST_CASE("ours: a source without a proxy does not travel on the connections of one with") {
  Office office("http");
  office.crawl.names["shop.example"] = {Ip("127.0.0.1")};
  SourceSettings& first = office.crawl.AddSource("a", {office.Shop("/ok?1")});
  first.access.proxy = office.way;
  first.allow_addresses = {*Cidr::Parse("127.0.0.1")};
  office.crawl.AddSource("b", {office.Shop("/ok?2")}).allow_addresses = {*Cidr::Parse("127.0.0.1")};
  REQUIRE_OK(office.crawl.Run());
  std::set<int> connections;
  for (const auto& request : office.server.requests()) connections.insert(request.connection);
  CHECK(connections.size() >= 2);
  CHECK(office.proxy.asked().size() == 1);
}

// ---------------------------------------------------------------- cookies

// Whether the last request for `path` carried this cookie.
bool Carried(const TestServer& server, const std::string& path, const std::string& cookie) {
  const auto requests = server.requests(path);
  REQUIRE_FALSE(requests.empty());
  return requests.back().head.find(cookie) != std::string::npos;
}

TEST_CASE("ours: cookies are kept only for a source that wants them, and for no other") {
  TestServer server;
  server.Serve("/a", 200, "Content-Type: text/html\r\nSet-Cookie: visit=1; Path=/\r\n", "x");
  Crawl crawl;
  crawl.options.transfer.limits.total = std::chrono::seconds(20);
  crawl.AddSource("with", {server.Url("/a"), server.Url("/b1")}).access.cookies = true;
  crawl.AddSource("another", {server.Url("/b2")}).access.cookies = true;
  crawl.AddSource("without", {server.Url("/a?x"), server.Url("/b3")});
  server.Serve("/a?x", 200, "Content-Type: text/html\r\nSet-Cookie: other=1; Path=/\r\n", "x");
  REQUIRE_OK(crawl.Run());
  CHECK(Carried(server, "/b1", "Cookie: visit=1\r\n"));
  CHECK_FALSE(Carried(server, "/b2", "Cookie"));
  CHECK_FALSE(Carried(server, "/b3", "Cookie"));
  CHECK_FALSE(Carried(server, "/robots.txt", "Cookie"));
}

TEST_CASE("public suffix list: a site cannot set a cookie for all of .co.uk or .com.cn") {
  struct Case {
    const char* setter;
    const char* domain;
    const char* reader;
    bool carried;
  };
  const Case cases[] = {
      {"a.shop.co.uk", "shop.co.uk", "b.shop.co.uk", true},
      {"a.shop.co.uk", "co.uk", "b.other.co.uk", false},
      {"a.shop.com.cn", "com.cn", "b.other.com.cn", false},
      {"a.shop.com.cn", "COM.CN", "b.other.com.cn", false},
      {"a.shop.com.cn", "shop.com.cn", "b.shop.com.cn", true},
      {"a.example.com", "other.com", "b.other.com", false},
      {"a.github.io", "github.io", "b.github.io", false},
  };
  for (const Case& row : cases) {
    INFO(row.setter << " sets for " << row.domain);
    TestServer server;
    const std::string port = ":" + std::to_string(server.port());
    server.Serve("/set", 200,
                 std::string("Content-Type: text/html\r\nSet-Cookie: v=1; Domain=") + row.domain +
                     "; Path=/\r\n",
                 "x");
    server.ServeHtml("/get", "x");
    Crawl crawl;
    crawl.options.transfer.limits.total = std::chrono::seconds(20);
    crawl.names[row.setter] = crawl.names[row.reader] = {Ip("127.0.0.1")};
    SourceSettings& source =
        crawl.AddSource("shop", {std::string("http://") + row.setter + port + "/set"});
    source.access.cookies = true;
    source.allow_addresses = {*Cidr::Parse("127.0.0.1")};
    const std::string reader = std::string(row.reader) + port;
    source.hosts.insert(reader);
    crawl.links[source.seeds[0]] = {"http://" + reader + "/get"};
    REQUIRE_OK(crawl.Run());
    CHECK(Carried(server, "/get", "Cookie: v=1") == row.carried);
  }
}

TEST_CASE("hostile: a site that sets cookies without end finds its jar emptied") {
  TestServer server;
  Crawl crawl;
  crawl.options.transfer.limits.total = std::chrono::seconds(20);
  std::vector<std::string> seeds;
  for (int i = 0; i < 10; ++i) {
    const std::string path = "/p" + std::to_string(i);
    seeds.push_back(server.Url(path));
    std::string cookies;
    for (int k = 0; k < 40; ++k) {
      cookies += "Set-Cookie: c" + std::to_string(i * 40 + k) + "=" + std::string(100, 'x') +
                 "; Path=/\r\n";
    }
    server.Serve(path, 200, "Content-Type: text/html\r\n" + cookies, "x");
  }
  crawl.AddSource("shop", seeds).access.cookies = true;
  REQUIRE_OK(crawl.Run());
  for (const testing::TestRequest& request : server.requests()) {
    INFO(request.target);
    CHECK(request.head.size() < 20'000);
    CHECK(std::count(request.head.begin(), request.head.end(), '=') <= 110);
  }
}

}  // namespace
}  // namespace cluehound::crawler
