#include "app/rematching.h"

#include <future>
#include <thread>

#include "app/crawl_setup.h"
#include "app/rule_source.h"
#include "tests/app/deployment.h"
#include "tests/testing/test_server.h"

namespace cluehound::app {
namespace {

// A store with one page that met the rules in force, and what matches it again.
class Office {
 public:
  Office() {
    shop_.ServeHtml(
        "/",
        "<div itemscope itemtype='https://schema.org/Product'><meta itemprop=sku "
        "content=9002><a itemprop=url href='/i/9002.html'><span itemprop=name>耐克 高仿 "
        "运动鞋 断码</span></a><div itemprop=offers itemscope "
        "itemtype='https://schema.org/Offer'><span itemprop=price content=59.00>59"
        "</span></div></div>");
    deployment_.Write("sources/shop.yaml",
                      "sources: [{id: shop, seeds: [\"" + shop_.Url("/") +
                          "\"], every: 6h, pace: 0s, depth: 0, allow_addresses: [127.0.0.1]}]\n");
    deployment_.CrawlOnce();
    CommonOptions options;
    options.config = deployment_.config().string();
    const auto setup = CrawlSetup::Load(options);
    REQUIRE_OK(setup);
    setup_ = *setup;
    auto held = HeldStore::Open(setup_->config.store);
    REQUIRE_OK(held);
    held_ = *std::move(held);
    const auto rules = LoadRunningRules(setup_->config, options, store());
    REQUIRE_OK(rules);
    pipeline_ = std::make_shared<const Pipeline>(*setup_->reader, rules->rules);
  }

  store::Store& store() { return held_->store(); }
  std::shared_ptr<const Pipeline> pipeline() const { return pipeline_; }
  uint64_t Request() {
    store::RoleRequest request;
    request.role = "crawl";
    request.action = "rematch";
    request.actor.user = "李某";
    const auto number = store().EnqueueRequest(request);
    REQUIRE_OK(number);
    return *number;
  }
  size_t Pending() {
    const auto pending = store().PendingRequests("crawl", 10);
    REQUIRE_OK(pending);
    return pending->size();
  }

 private:
  testing::TestServer shop_;
  Deployment deployment_;
  std::shared_ptr<const CrawlSetup> setup_;
  std::unique_ptr<HeldStore> held_;
  std::shared_ptr<const Pipeline> pipeline_;
};

TEST_CASE("rematching: pages that met these rules are left alone, unless somebody asks for all") {
  Office office;
  Rematching rematching(office.store(), [](const auto&) {});
  rematching.Start(office.pipeline());
  REQUIRE_OK(rematching.Wait());
  CHECK(rematching.pages() == 0);

  rematching.StartAll(office.pipeline(), office.Request());
  REQUIRE_OK(rematching.Wait());
  CHECK(rematching.pages() == 1);
  CHECK(office.Pending() == 0);
}

TEST_CASE("rematching: a request that newer rules overtake is carried out with them") {
  Office office;
  const uint64_t number = office.Request();
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  Rematching rematching(office.store(), [gone](const auto&) { gone.wait(); });
  rematching.StartAll(office.pipeline(), number);
  rematching.StartAll(office.pipeline(), number);  // asked for again: goes on
  std::thread overtaking([&] { rematching.Start(office.pipeline()); });
  go.set_value();
  overtaking.join();
  REQUIRE_OK(rematching.Wait());
  CHECK(rematching.pages() >= 1);
  CHECK(office.Pending() == 0);
}

TEST_CASE(
    "rematching: a page that the crawl finds unchanged just then meets what is new all the same") {
  Office office;
  const uint64_t number = office.Request();
  const auto page = office.store().PagesMatchedOtherwise("", "", 1).value().at(0);
  const auto visit = [&](std::chrono::seconds later, store::Store::CommitDone done) {
    store::PageCommit unchanged;
    unchanged.lease.address = page.address;
    unchanged.lease.page = unchanged.state = page.state;
    unchanged.change = store::PageChange::kUnchanged;
    unchanged.seen = page.state.fetched + later;
    office.store().CommitPages({unchanged}, std::move(done));
  };
  std::promise<void> written, go;
  visit(std::chrono::seconds(1), [&](const auto&) {
    written.set_value();
    go.get_future().wait();
  });
  written.get_future().wait();
  visit(std::chrono::seconds(2), [](const auto&) {});  // waits for the store's thread
  Rematching rematching(office.store(), [](const auto&) {});
  rematching.StartAll(office.pipeline(), number);
  // Time enough to read the page as it was before the second visit; with less the test proves nothing.
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  go.set_value();
  REQUIRE_OK(rematching.Wait());
  CHECK(rematching.pages() == 1);
}

TEST_CASE("rematching: what a stop cuts off stays asked for") {
  Office office;
  Rematching rematching(office.store(), [](const auto&) {});
  rematching.Stop();
  rematching.StartAll(office.pipeline(), office.Request());
  REQUIRE_OK(rematching.Wait());
  CHECK(office.Pending() == 1);
}

}  // namespace
}  // namespace cluehound::app
