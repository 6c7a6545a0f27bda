#include <atomic>
#include <mutex>
#include <thread>

#include "app/crawl_run.h"
#include "app/rule_source.h"
#include "tests/app/deployment.h"
#include "triage/control_socket.h"
#include "triage/http_server.h"

namespace cluehound::app {
namespace {

constexpr Duration kDay = std::chrono::hours(24);

// One list page with offers of which each is a lead.
class Shop {
 public:
  Shop() {
    auto server = triage::HttpServer::Start(
        "127.0.0.1", 0, [this](const triage::HttpRequest& r) { return Serve(r); });
    REQUIRE_OK(server);
    server_ = std::move(server).value();
  }
  std::string source() const {
    return "sources: [{id: shop, seeds: [http://127.0.0.1:" + std::to_string(server_->port()) +
           "/], every: 10h, pace: 0s, depth: 0}]\n";
  }
  int requests() const { return requests_; }

  std::atomic<int> offers{1};

 private:
  triage::HttpResponse Serve(const triage::HttpRequest& request) {
    if (request.path != "/") return {404, "text/plain", "", {}};
    ++requests_;
    std::string page = "<!DOCTYPE html><title>示例店</title>";
    for (int i = 1; i <= offers; ++i) {
      const std::string id = std::to_string(9000 + i);
      page +=
          "<div itemscope itemtype='https://schema.org/Product'><meta itemprop=sku content=" + id +
          "><a itemprop=url href='/i/" + id + ".html'><span itemprop=name>耐克 高仿 运动鞋 " + id +
          "</span></a><div itemprop=offers itemscope "
          "itemtype='https://schema.org/Offer'><span itemprop=price "
          "content=59.00>59</span><meta itemprop=priceCurrency content=CNY></div></div>";
    }
    return {200, "text/html; charset=utf-8", page, {}};
  }

  std::unique_ptr<triage::HttpServer> server_;
  std::atomic<int> requests_{0};
};

std::string Campaigns(Instant first, Instant last) {
  return "campaigns:\n"
         "  - id: test\n"
         "    name: 测试专项\n"
         "    fixed: " +
         FormatDay(first) + ".." + FormatDay(last) +
         "\n"
         "    weights: [{categories: [trademark], points: 7}]\n"
         "  - id: launch\n"
         "    name: 发射专项\n"
         "    template: true\n"
         "    sources: [{ids: [all], factor: 2}]\n"
         "    weights: [{families: [trademark], points: 4}]\n";
}

const store::Lead& LeadOf(const std::vector<store::Lead>& leads, const std::string& id) {
  for (const store::Lead& lead : leads) {
    if (lead.listing.id == id) return lead;
  }
  FAIL("no lead of " << id);
  return leads.front();
}

int PointsOf(const store::Lead& lead, const std::string& campaign) {
  for (const rules::ScorePart& part : lead.suspicion.score_parts) {
    if (part.label == "专项行动“" + campaign + "”") return part.points;
  }
  return 0;
}

TEST_CASE("ours: a lead that is new during a campaign is noted and scored with it, for good") {
  const Instant now = SystemClock().Now();
  Shop shop;
  Deployment deployment;
  deployment.Write("sources/shop.yaml", shop.source());
  deployment.Write("campaigns.yaml", Campaigns(now - kDay, now + kDay));
  CHECK(deployment.CrawlOnce().new_leads == 1);
  const store::Lead during = deployment.Leads().at(0);
  CHECK(during.campaign == "测试专项");
  CHECK(PointsOf(during, "测试专项") == 7);
  // It is over: new leads come without it, and what is there stays as it was.
  deployment.Write("campaigns.yaml", Campaigns(now - kDay * 40, now - kDay * 30));
  shop.offers = 2;
  deployment.MakeDue("shop");
  CHECK(deployment.CrawlOnce().new_leads == 1);
  const auto leads = deployment.Leads();
  REQUIRE(leads.size() == 2);
  const store::Lead& before = LeadOf(leads, "9001");
  const store::Lead& after = LeadOf(leads, "9002");
  CHECK(before.suspicion == during.suspicion);
  CHECK(before.revision == during.revision);
  CHECK(after.campaign.empty());
  CHECK(after.suspicion.score == during.suspicion.score - 7);
}

TEST_CASE("ours: a campaign that is started makes pages due in a running crawl, and ends there") {
  const Instant now = SystemClock().Now();
  Shop shop;
  Deployment deployment;
  deployment.Write("sources/shop.yaml", shop.source());
  deployment.Write("campaigns.yaml", Campaigns(now - kDay * 40, now - kDay * 30));
  CommonOptions options;
  options.config = deployment.config().string();
  const auto config = LoadConfig(options, true);
  REQUIRE_OK(config);
  const auto reader = LoadPageReader(*config);
  REQUIRE_OK(reader);
  const auto call = [&](const std::string& operation,
                        std::map<std::string, std::string> arguments) {
    triage::Request request;
    request.operation = operation;
    request.arguments = std::move(arguments);
    const auto response = triage::CallControlSocket(config->store, request);
    return response.ok() ? response->status : response.status();
  };
  size_t leads_before = 0, leads_during = 0, leads_after = 0;
  Status started, ended, asked, finished;
  {
    auto held = HeldStore::Open(config->store);
    REQUIRE_OK(held);
    const auto rules = LoadRunningRules(*config, options, (*held)->store());
    REQUIRE_OK(rules);
    const Pipeline pipeline(**reader, rules->rules);
    CrawlRun run(*config, pipeline, **reader, (*held)->store(), {false, {}, true});
    std::thread crawl([&] { finished = run.Run(); });
    const auto wait_for = [&](size_t wanted) {
      size_t found = 0;
      for (int i = 0; i < 200 && found != wanted; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        const auto page = (*held)->store().QueryLeads({}, {}, "", 10);
        found = page.ok() ? page->leads.size() : 0;
      }
      return found;
    };
    leads_before = wait_for(1);
    shop.offers = 2;
    started =
        call("campaigns.start", {{"campaign", "launch"}, {"name", "发射专项"}, {"days", "2"}});
    leads_during = wait_for(2);  // without any other word: the page was due in ten hours
    ended = call("campaigns.end", {{"campaign", "launch"}});
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // it looks once a second
    shop.offers = 3;
    asked = call("sources.request", {{"action", "run"}, {"source", "shop"}});
    leads_after = wait_for(3);
    run.Stop();
    crawl.join();
  }
  REQUIRE_OK(started);
  REQUIRE_OK(ended);
  REQUIRE_OK(asked);
  REQUIRE_OK(finished);
  CHECK(leads_before == 1);
  CHECK(leads_during == 2);
  CHECK(leads_after == 3);
  CHECK(shop.requests() == 3);
  const auto leads = deployment.Leads();
  CHECK(LeadOf(leads, "9001").campaign.empty());
  CHECK(LeadOf(leads, "9002").campaign == "发射专项");
  CHECK(PointsOf(LeadOf(leads, "9002"), "发射专项") == 4);
  CHECK(LeadOf(leads, "9003").campaign.empty());
}

TEST_CASE("ours: a campaign that was started survives a restart") {
  const Instant now = SystemClock().Now();
  Shop shop;
  Deployment deployment;
  deployment.Write("sources/shop.yaml", shop.source());
  deployment.Write("campaigns.yaml", Campaigns(now - kDay * 40, now - kDay * 30));
  {
    auto held = HeldStore::Open(deployment.store());
    REQUIRE_OK(held);
    store::CampaignStart start;
    start.campaign = "launch";
    start.name = "发射专项";
    start.begin = now;
    start.end = now + kDay;
    REQUIRE_OK((*held)->store().campaigns().Start(start));
  }
  CHECK(deployment.CrawlOnce().new_leads == 1);
  CHECK(deployment.Leads().at(0).campaign == "发射专项");
}

}  // namespace
}  // namespace cluehound::app
