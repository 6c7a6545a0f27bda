#include <algorithm>

#include "app/held_store.h"
#include "base/content_coding.h"
#include "base/outcome.h"
#include "tests/app/deployment.h"
#include "tests/testing/test_server.h"

// What a site says about crawlers beyond who may fetch what: marks of pages, sitemaps, and what an
// authority sets aside.
namespace cluehound::app {
namespace {

using testing::TestRequest;
using testing::TestServer;

constexpr char kHtml[] = "Content-Type: text/html; charset=utf-8\r\n";

std::string Page(const std::string& head, const std::string& links = "") {
  return "<!DOCTYPE html><head>" + head + "<title>示例店</title></head>" + links +
         "<div itemscope itemtype='https://schema.org/Product'><meta itemprop=sku content=9002>"
         "<a itemprop=url href='/i/9002.html'><span itemprop=name>耐克 高仿 运动鞋 断码</span></a>"
         "<div itemprop=offers itemscope itemtype='https://schema.org/Offer'><span itemprop=price "
         "content=59.00>59</span><meta itemprop=priceCurrency content=CNY></div></div>";
}

uint64_t Count(const CrawlFigures& figures, Outcome outcome) {
  return figures.outcomes[static_cast<size_t>(outcome)];
}

void Watch(Deployment& deployment, const TestServer& server, const std::string& keys) {
  deployment.Write("sources/shop.yaml", "sources: [{id: shop, seeds: ['" + server.Url("/") +
                                            "'], pace: 0s, " + keys + "}]\n");
}

std::vector<store::AuditEntry> Overrides(const Deployment& deployment) {
  auto held = HeldStore::Open(deployment.store());
  REQUIRE_OK(held);
  auto entries = (*held)->store().Audit(0, 1000);
  REQUIRE_OK(entries);
  std::erase_if(*entries, [](const auto& entry) { return entry.action != "robots.override"; });
  return *entries;
}

constexpr char kOverride[] =
    "robots_override: {authority: 潍市监稽〔2026〕12号, by: 张三, until: 2099-12-31}";

TEST_CASE("ours: a page that asks not to be indexed gives no lead, one with nofollow no link") {
  struct Case {
    std::string head;    // of the page
    std::string header;  // of the answer
    bool listed, followed;
  };
  const Case cases[] = {
      {"", "", true, true},
      {"<meta name=robots content=noindex>", "", false, true},
      {"<meta name=robots content=nofollow>", "", true, false},
      {"<meta name=robots content='NONE'>", "", false, false},
      {"", "X-Robots-Tag: noindex\r\n", false, true},
      {"", "X-Robots-Tag: noarchive, nofollow\r\n", true, false},
      {"", "X-Robots-Tag: none\r\n", false, false},
      {"", "X-Robots-Tag: otherbot: none\r\n", true, true},
      {"<meta name=robots content=noindex>", "X-Robots-Tag: nofollow\r\n", false, false},
  };
  for (const Case& row : cases) {
    INFO(row.head << row.header);
    TestServer server;
    server.Serve("/", 200, kHtml + row.header,
                 Page(row.head, "<a href=/next>1</a><a rel=nofollow href=/never>2</a>"));
    Deployment deployment;
    Watch(deployment, server, "depth: 2");
    const CrawlFigures figures = deployment.CrawlOnce();
    CHECK(figures.new_leads == (row.listed ? 1 : 0));
    CHECK(Count(figures, Outcome::kRobotsRefused) == (row.listed ? 0 : 1));
    CHECK(server.requests("/next").size() == (row.followed ? 1 : 0));
    CHECK(server.requests("/never").empty());
  }
}

TEST_CASE("ours: a page that asks not to be indexed later on takes no lead with it") {
  TestServer server;
  server.Serve("/", 200, kHtml, Page(""));
  Deployment deployment;
  Watch(deployment, server, "depth: 0");
  CHECK(deployment.CrawlOnce().new_leads == 1);
  server.Serve("/", 200, std::string(kHtml) + "X-Robots-Tag: noindex\r\n", Page(""));
  deployment.MakeDue("shop");
  const CrawlFigures figures = deployment.CrawlOnce();
  CHECK(Count(figures, Outcome::kRobotsRefused) == 1);
  CHECK(figures.sightings == 0);
  const std::vector<store::Lead> leads = deployment.Leads();
  REQUIRE(leads.size() == 1);
  CHECK(leads[0].presence != store::Presence::kGone);
}

TEST_CASE("promise 4: an override with its authority is noted once for a source, host and start") {
  TestServer server;
  server.Serve("/robots.txt", 200, "", "User-agent: *\nDisallow: /\n");
  server.Serve("/", 200, std::string(kHtml) + "X-Robots-Tag: none\r\n",
               Page("", "<a href=/1>1</a><a href=/2>2</a>"));
  Deployment deployment;
  Watch(deployment, server, "depth: 2");
  CHECK(deployment.CrawlOnce().new_leads == 0);
  CHECK(server.requests("/").empty());
  CHECK(Overrides(deployment).empty());

  Watch(deployment, server, std::string("depth: 2, ") + kOverride);
  deployment.MakeDue("shop");
  const CrawlFigures figures = deployment.CrawlOnce();
  CHECK(figures.new_leads == 1);
  CHECK(server.requests("/1").size() + server.requests("/2").size() == 2);
  auto noted = Overrides(deployment);
  REQUIRE(noted.size() == 1);
  CHECK(noted[0].object == "shop");
  CHECK(noted[0].after == server.authority());
  CHECK(noted[0].actor == store::Actor{"crawler", "张三"});
  CHECK(noted[0].reason == "潍市监稽〔2026〕12号，至 2099-12-31（含当日）");

  deployment.MakeDue("shop");
  deployment.CrawlOnce();  // another start
  CHECK(Overrides(deployment).size() == 2);

  Watch(deployment, server,
        "depth: 2, robots_override: {authority: x, by: 张三, until: 2020-12-31}");
  deployment.MakeDue("shop");
  CHECK(Count(deployment.CrawlOnce(), Outcome::kRobotsRefused) > 0);
  CHECK(Overrides(deployment).size() == 2);
}

TEST_CASE(
    "sitemaps.org: what robots.txt names is read in the same run, packed and through an index") {
  TestServer server;
  server.Serve("/robots.txt", 200, "", "Sitemap: " + server.Url("/index.xml") + "\n");
  server.Serve("/index.xml", 200, "Content-Type: application/xml\r\nX-Robots-Tag: noindex\r\n",
               "<sitemapindex><sitemap><loc>" + server.Url("/map.xml.gz") +
                   "</loc></sitemap><sitemap><loc>http://elsewhere.example/map.xml</loc>"
                   "</sitemap></sitemapindex>");
  server.Serve("/map.xml.gz", 200, "Content-Type: application/gzip\r\n",
               GzipCompress("<urlset><url><loc>" + server.Url("/hidden") +
                                "</loc></url><url><loc>http://elsewhere.example/x</loc></url>"
                                "</urlset>",
                            6));
  server.Serve("/hidden", 200, kHtml, Page(""));
  server.Serve("/", 200, kHtml, "<title>x</title><p>nothing leads to it</p>");
  Deployment deployment;
  SECTION("asked for") {
    Watch(deployment, server, "depth: 1, every: 6h, sitemaps: robots");
    CHECK(deployment.CrawlOnce().new_leads == 1);
    CHECK(server.requests("/hidden").size() == 1);
    CHECK(server.requests("/index.xml").size() == 1);
  }
  SECTION("not asked for") {
    Watch(deployment, server, "depth: 1");
    deployment.CrawlOnce();
    CHECK(server.requests("/index.xml").empty());
  }
  SECTION("named by the source") {
    Watch(deployment, server, "depth: 1, sitemaps: '" + server.Url("/map.xml.gz") + "'");
    CHECK(deployment.CrawlOnce().new_leads == 1);
    CHECK(server.requests("/index.xml").empty());
  }
}

}  // namespace
}  // namespace cluehound::app
