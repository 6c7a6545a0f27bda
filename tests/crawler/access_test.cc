#include "crawler/access.h"

#include "crawler/source.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

SourceSettings Source(const std::string& keys) {
  Diagnostics diagnostics;
  const auto parsed =
      ParseSources("sources: [{id: shop, seeds: [http://shop.example/list], " + keys + "}]",
                   "t.yaml", diagnostics);
  INFO(diagnostics.Render());
  REQUIRE(parsed.size() == 1);
  return parsed[0];
}

std::string Mistakes(const std::string& keys) {
  Diagnostics diagnostics;
  CHECK(ParseSources("sources: [{id: shop, seeds: [http://shop.example/], " + keys + "}]", "t.yaml",
                     diagnostics)
            .empty());
  return diagnostics.Render();
}

TEST_CASE("ours: what a source may set about its access") {
  const Access access =
      Source(
          "connections: 3, proxy: 'http://u:p@proxy.example:3128', cookies: true, "
          "proxy_enforces_addresses: true, sitemaps: [robots, 'http://shop.example/m.xml'], "
          "robots_override: {authority: 潍市监稽〔2026〕12号, by: 张三, until: 2026-12-31}")
          .access;
  CHECK(access.connections == 3);
  REQUIRE(access.proxy);
  CHECK(access.proxy->password == "p");
  CHECK(access.proxy_enforces_addresses);
  CHECK(access.cookies);
  CHECK(access.sitemaps_of_robots);
  CHECK(access.sitemaps == std::vector<std::string>{"http://shop.example/m.xml"});
  REQUIRE(access.robots_override);
  CHECK(access.robots_override->authority == "潍市监稽〔2026〕12号");
  CHECK(access.robots_override->InForce(*ParseTime("2026-12-31T23:59:59+08:00")));
  CHECK_FALSE(access.robots_override->InForce(*ParseTime("2027-01-01T00:00:00+08:00")));
  const Access plain = Source("depth: 1").access;
  CHECK(plain.connections == 1);
  CHECK_FALSE((plain.proxy || plain.cookies || plain.robots_override || plain.reads_sitemaps()));
}

TEST_CASE("ours: the deployment's proxy is for sources that say nothing of one") {
  Access deployment;
  deployment.proxy = *Proxy::Parse("http://proxy.example:3128");
  deployment.proxy_enforces_addresses = true;
  Access silent;
  UseProxyOf(deployment, silent);
  CHECK(silent.proxy == deployment.proxy);
  CHECK(silent.proxy_enforces_addresses);
  Access direct = Source("proxy: none").access;
  UseProxyOf(deployment, direct);
  CHECK_FALSE(direct.proxy);
  Access own = Source("proxy: 'socks5h://other.example:1080'").access;
  UseProxyOf(deployment, own);
  CHECK(own.proxy->address == "socks5h://other.example:1080");
  CHECK_FALSE(own.proxy_enforces_addresses);
}

TEST_CASE("promise 6: mistakes about access name the place and the way out") {
  CHECK(Mistakes("connections: 0").find("t.yaml:1:") != std::string::npos);
  CHECK(Mistakes("connections: 17").find("16") != std::string::npos);
  CHECK(Mistakes("robots_override: {authority: x, by: y}").find("until") != std::string::npos);
  CHECK(Mistakes("robots_override: {authority: x, until: 2026-12-31}").find("by") !=
        std::string::npos);
  CHECK(Mistakes("robots_override: {by: x, until: 2026-12-31}").find("authority") !=
        std::string::npos);
  CHECK(Mistakes("robots_override: {authority: x, by: y, until: soon}").find("until") !=
        std::string::npos);
  CHECK(Mistakes("robots_override: yes").find("robots_override") != std::string::npos);
  CHECK(Mistakes("sitemaps: [map.xml]").find("whole address") != std::string::npos);
  CHECK(Mistakes("cookies: perhaps").find("cookies") != std::string::npos);
  CHECK(Mistakes("proxy: 'ftp://x:1'").find("socks5h://") != std::string::npos);
}

TEST_CASE("promise 8: the password of a proxy is not shown with a mistake beside it") {
  for (const char* keys : {"proxy: 'https://office:hunter2@proxy.example:3128'",
                           "cookies: perhaps, proxy: 'http://office:hunter2@proxy.example:3128'"}) {
    const std::string text = Mistakes(keys);
    INFO(text);
    CHECK(text.find("hunter2") == std::string::npos);
    CHECK(text.find("proxy.example") != std::string::npos);
  }
}

}  // namespace
}  // namespace cluehound::crawler
