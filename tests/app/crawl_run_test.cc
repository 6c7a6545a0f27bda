#include "app/crawl_run.h"

#include <atomic>
#include <thread>

#include "app/rule_source.h"
#include "base/outcome.h"
#include "tests/app/deployment.h"
#include "triage/control_socket.h"
#include "triage/http_server.h"

namespace cluehound::app {
namespace {

// One list page with two goods, in microdata; answers 304 when asked with its ETag.
class Shop {
 public:
  Shop() {
    auto server = triage::HttpServer::Start(
        "127.0.0.1", 0, [this](const triage::HttpRequest& r) { return Serve(r); });
    REQUIRE_OK(server);
    server_ = std::move(server).value();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/"; }
  int requests() const { return requests_; }
  int not_modified() const { return not_modified_; }

  std::atomic<bool> blocked{false};  // a login page in place of the list

 private:
  triage::HttpResponse Serve(const triage::HttpRequest& request) {
    if (request.path != "/") return {404, "text/plain", "", {}};
    ++requests_;
    const auto condition = request.headers.find("if-none-match");
    const std::string tag = blocked ? "\"login\"" : "\"v1\"";
    if (condition != request.headers.end() && condition->second == tag) {
      ++not_modified_;
      return {304, "text/html", "", {{"ETag", tag}}};
    }
    if (blocked) {
      return {200,
              "text/html; charset=utf-8",
              "<title>用户登录</title><form><input type=password></form>",
              {{"ETag", tag}}};
    }
    return {200, "text/html; charset=utf-8", Page(), {{"ETag", "\"v1\""}}};
  }
  static std::string Card(const std::string& id, const std::string& title) {
    return "<div itemscope itemtype='https://schema.org/Product'><meta itemprop=sku content=" + id +
           "><a itemprop=url href='/i/" + id + ".html'><span itemprop=name>" + title +
           "</span></a><div itemprop=offers itemscope itemtype='https://schema.org/Offer'><span "
           "itemprop=price content=59.00>59"
           "</span><meta itemprop=priceCurrency content=CNY></div></div>";
  }
  static std::string Page() {
    return "<!DOCTYPE html><title>示例店</title>" + Card("9001", "示例贝单 高仿 女士单鞋 现货") +
           Card("9002", "耐克 高仿 运动鞋 断码");
  }

  std::unique_ptr<triage::HttpServer> server_;
  std::atomic<int> requests_{0}, not_modified_{0};
};

void Watch(Deployment& deployment, const Shop& shop) {
  deployment.Write("sources/shop.yaml", "sources: [{id: shop, seeds: [" + shop.url() +
                                            "], every: 1s, pace: 0s, depth: 0}]\n");
}

void LetItBecomeDue() { std::this_thread::sleep_for(std::chrono::milliseconds(1100)); }

TEST_CASE("ours: a 304 gives each stored lead of the page a sighting, and nothing else") {
  Shop shop;
  Deployment deployment;
  Watch(deployment, shop);
  CHECK(deployment.CrawlOnce().new_leads == 1);
  LetItBecomeDue();
  const CrawlFigures second = deployment.CrawlOnce();
  CHECK(shop.not_modified() == 1);
  CHECK(second.sightings == 1);
  CHECK(second.new_leads + second.changed_leads + second.pages_read == 0);
  CHECK(second.outcomes[static_cast<size_t>(Outcome::kNotModified)] == 1);
  const std::vector<store::Lead> leads = deployment.Leads();
  REQUIRE(leads.size() == 1);
  CHECK(leads[0].listing.id == "9002");
  CHECK(leads[0].sightings == 2);
  CHECK(deployment.Sightings(leads[0].id).size() == 2);
}

TEST_CASE("ours: a login page that stays the same is no sighting of what stood there before") {
  Shop shop;
  Deployment deployment;
  Watch(deployment, shop);
  CHECK(deployment.CrawlOnce().new_leads == 1);
  shop.blocked = true;
  for (int round = 0; round < 2; ++round) {
    // A blocked page is visited again after minutes at the earliest; asking for it makes it due.
    deployment.MakeDue("shop");
    const CrawlFigures figures = deployment.CrawlOnce();
    CHECK(figures.outcomes[static_cast<size_t>(Outcome::kBlocked)] == 1);
    CHECK(figures.sightings == 0);
  }
  CHECK(shop.not_modified() == 0);
  CHECK(deployment.Leads().at(0).sightings == 1);
}

TEST_CASE("rfc9110 15.4.5: a 304 that nobody asked for is a bad answer") {
  auto server = triage::HttpServer::Start("127.0.0.1", 0, [](const triage::HttpRequest& r) {
    return triage::HttpResponse{r.path == "/" ? 304 : 404, "text/html", "", {}};
  });
  REQUIRE_OK(server);
  Deployment deployment;
  deployment.Write("sources/shop.yaml", "sources: [{id: shop, seeds: [http://127.0.0.1:" +
                                            std::to_string((*server)->port()) +
                                            "/], pace: 0s, depth: 0}]\n");
  CHECK(deployment.CrawlOnce().outcomes[static_cast<size_t>(Outcome::kBadResponse)] == 1);
}

TEST_CASE("ours: a coding that nobody knows is ignored when the body is a text") {
  auto server = triage::HttpServer::Start(
      "127.0.0.1", 0, [&](const triage::HttpRequest& r) -> triage::HttpResponse {
        if (r.path != "/") return {404, "text/plain", "", {}};
        return {200, "text/html", "<p>正常页面</p>", {{"Content-Encoding", "utf-8"}}};
      });
  REQUIRE_OK(server);
  Deployment deployment;
  deployment.Write("sources/shop.yaml", "sources: [{id: shop, seeds: [http://127.0.0.1:" +
                                            std::to_string((*server)->port()) +
                                            "/], pace: 0s, depth: 0}]\n");
  CHECK(deployment.CrawlOnce().outcomes[static_cast<size_t>(Outcome::kOk)] == 1);
}

TEST_CASE("ours: a rule set with a new mark matches the stored listings without a fetch") {
  Shop shop;
  Deployment deployment;
  deployment.Write("sources/shop.yaml", "sources: [{id: shop, seeds: [" + shop.url() +
                                            "], every: 6h, pace: 0s, depth: 0}]\n");
  deployment.CrawlOnce();
  REQUIRE(deployment.Leads().size() == 1);
  const int before = shop.requests();
  deployment.Write("rules/local.yaml",
                   "pack: 本地\nmarks:\n  - {id: shili-beidan, kind: trademark, name: 示例贝单, "
                   "certainty: unverified}\n");
  const CrawlFigures again = deployment.CrawlOnce();
  CHECK(again.rematched_pages == 1);
  CHECK(again.new_leads == 1);
  CHECK(shop.requests() == before);
  const std::vector<store::Lead> leads = deployment.Leads();
  REQUIRE(leads.size() == 2);
  for (const store::Lead& lead : leads) {
    if (lead.listing.id == "9001") CHECK(lead.suspicion.mark == "shili-beidan");
  }
}

TEST_CASE("ours: nothing due is an answer, not an endless run") {
  Shop shop;
  Deployment deployment;
  deployment.Write("sources/shop.yaml",
                   "sources: [{id: shop, seeds: [" + shop.url() + "], every: 6h, pace: 0s}]\n");
  CHECK(deployment.CrawlOnce().fetch.finished > 0);
  CHECK(deployment.CrawlOnce().fetch.finished == 0);
}

TEST_CASE("ours: a crawl takes over what is published while it runs, and no set that is bad") {
  Shop shop;
  Deployment deployment;
  deployment.Write("sources/shop.yaml", "sources: [{id: shop, seeds: [" + shop.url() +
                                            "], every: 10h, pace: 0s, depth: 0}]\n");
  CommonOptions options;
  options.config = deployment.config().string();
  const auto config = LoadConfig(options, true);
  REQUIRE_OK(config);
  const auto reader = LoadPageReader(*config);
  REQUIRE_OK(reader);
  auto held = HeldStore::Open(config->store);
  REQUIRE_OK(held);
  const auto rules = LoadRunningRules(*config, options, (*held)->store());
  REQUIRE_OK(rules);
  const Pipeline pipeline(**reader, rules->rules);
  CrawlRun run(*config, pipeline, **reader, (*held)->store(), {false, {}, true});
  Status ended;
  std::thread crawl([&] { ended = run.Run(); });

  const auto leads = [&] {
    const auto page = (*held)->store().QueryLeads({}, {}, "", 10);
    return page.ok() ? page->leads.size() : 0;
  };
  const auto wait_for = [&](size_t wanted) {
    for (int i = 0; i < 200 && leads() != wanted; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return leads();
  };
  const auto publish = [&](const std::string& set) {
    triage::Request request;
    request.operation = "rules.publish";
    request.arguments["set"] = set;
    const auto response = triage::CallControlSocket(config->store, request);
    return response.ok() ? response->status : response.status();
  };
  const size_t first = wait_for(1);
  std::vector<rules::RuleFile> files = rules::BuiltInRuleFiles();
  files.push_back({"local.yaml", "marks: [{id: beidan, kind: trademark, name: 示例贝单}]\n"});
  const Status published = publish(rules::SerialiseRuleFiles(files));
  const size_t second = wait_for(2);
  files.back().text = "marks: 3\n";
  const Status bad = publish(rules::SerialiseRuleFiles(files));
  const Status garbage = publish("garbage");
  const auto publications = (*held)->store().RuleSetPublications(10);
  run.Stop();
  crawl.join();
  CHECK(first == 1);
  REQUIRE_OK(published);
  CHECK(second == 2);
  CHECK(bad.code() == Code::kInvalidArgument);
  CHECK(garbage.code() == Code::kCorruption);
  CHECK(publications->size() == 1);
  CHECK(shop.requests() == 1);
  REQUIRE_OK(ended);
}

}  // namespace
}  // namespace cluehound::app
