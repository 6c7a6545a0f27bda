#include "tests/crawler/crawl.h"

namespace cluehound::crawler {
namespace {

using testing::TestServer;

TEST_CASE("ours: a literal seed names its own address and no other") {
  TestServer server;
  TestServer neighbour("127.0.0.2");
  Crawl crawl;
  crawl.links[server.Url("/ok")] = {neighbour.Url("/ok")};
  crawl.AddSource("shop", {server.Url("/ok")}).hosts.insert(neighbour.authority());
  REQUIRE_OK(crawl.Run());
  const FetchResult& result = crawl.ResultOf(neighbour.Url("/ok"));
  CHECK(result.outcome == Outcome::kAddressRefused);
  CHECK(result.page == nullptr);
  CHECK(result.reason.find("allow_addresses: [127.0.0.2]") != std::string::npos);
  CHECK(neighbour.requests().empty());
}

TEST_CASE(
    "hostile: a name that resolves to a private address is refused, one that has a public one too "
    "goes there") {
  TestServer server;
  const std::string port = ":" + std::to_string(server.port());
  Crawl crawl;
  crawl.names["inner.example"] = {Ip("127.0.0.1"), Ip("10.0.0.1")};
  crawl.names["both.example"] = {Ip("10.0.0.1"), Ip("127.0.0.1")};
  crawl.AddSource("bad", {"http://inner.example" + port + "/ok"});
  crawl.AddSource("good", {"http://both.example" + port + "/ok"}).allow_addresses = {
      *Cidr::Parse("127.0.0.1")};
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.ResultOf("http://inner.example" + port + "/ok").outcome == Outcome::kAddressRefused);
  const FetchResult& good = crawl.ResultOf("http://both.example" + port + "/ok");
  CHECK(good.outcome == Outcome::kOk);
  CHECK(good.page->answer().peer_address == "127.0.0.1");
}

TEST_CASE("hostile: a redirect to a name in scope that turns out private is refused") {
  TestServer server;
  const std::string port = ":" + std::to_string(server.port());
  Crawl crawl;
  crawl.names["shop.example"] = {Ip("10.9.9.9")};
  server.Serve("/go", 302, "Location: http://shop.example" + port + "/x\r\n", "");
  crawl.AddSource("shop", {server.Url("/go")}).hosts.insert("shop.example" + port);
  REQUIRE_OK(crawl.Run());
  const FetchResult& result = crawl.ResultOf(server.Url("/go"));
  CHECK(result.outcome == Outcome::kAddressRefused);
  CHECK(result.page->exchanges.size() == 1);
}

TEST_CASE("ours: a retry takes the next address of the name") {
  TestServer server;
  Crawl crawl;
  crawl.names["shop.example"] = {Ip("127.0.0.9"), Ip("127.0.0.1")};  // nobody listens on the first
  const std::string url = "http://shop.example:" + std::to_string(server.port()) + "/ok";
  crawl.AddSource("shop", {url}).allow_addresses = {*Cidr::Parse("127.0.0.0/8")};
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.ResultOf(url).outcome == Outcome::kOk);
}

TEST_CASE("ours: a name that does not exist is asked for once, and its host is left alone") {
  Crawl crawl;
  int asked = 0;
  std::mutex mutex;
  crawl.options.lookup = [&](const std::string&) -> Result<std::vector<IpAddress>> {
    const std::lock_guard lock(mutex);
    ++asked;
    return Status::NotFound("no such name");
  };
  crawl.AddSource(
      "shop", {"http://nowhere.example/1", "http://nowhere.example/2", "http://nowhere.example/3"});
  REQUIRE_OK(crawl.Run());
  CHECK(asked == 1);
  REQUIRE(crawl.order.size() == 1);
  const FetchResult& result = crawl.ResultOf("http://nowhere.example/1");
  CHECK(result.outcome == Outcome::kDnsFailed);
  CHECK(result.reason == "nowhere.example: no such name");
  CHECK(crawl.frontier.blocked().count("nowhere.example") == 1);
  CHECK(crawl.frontier.untouched().size() == 2);
}

TEST_CASE("ours: nobody listens") {
  std::string url;
  {
    TestServer gone;
    url = gone.Url("/ok");
  }
  const FetchResult result = Crawl().One(url);
  CHECK(result.outcome == Outcome::kRobotsUnreachable);
  INFO(result.reason);
  CHECK(result.reason.find("connect") != std::string::npos);
}

}  // namespace
}  // namespace cluehound::crawler
