#include <chrono>

#include "app/pipeline.h"
#include "tests/testing/testing.h"

namespace cluehound::app {
namespace {

using std::chrono::hours;

// One page of a source that is visited every ten hours, and what the store remembers of it.
class Watched {
 public:
  Watched() {
    Diagnostics diagnostics;
    auto reader = extractors::PageReader::Create("", {}, diagnostics);
    REQUIRE_OK(reader);
    reader_ = *std::move(reader);
    auto rules = rules::RuleSet::Compile(rules::BuiltInRuleFiles(), diagnostics);
    REQUIRE_OK(rules);
    pipeline_ = std::make_unique<Pipeline>(*reader_, *rules);
    source_.schedule.every = hours(10);
    lease_.address.url = "http://shop.example/list.html";
    lease_.address.depth = 1;
  }

  store::PageCommit Visit(const std::string& body, int status = 200) {
    evidence::Page page;
    page.exchanges.emplace_back();
    page.exchanges[0].url = lease_.address.url;
    page.exchanges[0].status = status;
    page.exchanges[0].header_block =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n";
    page.exchanges[0].coded_body = body;
    page.exchanges[0].ended = now_;
    store::PageCommit commit =
        pipeline_->Commit(lease_, std::make_shared<const evidence::Page>(page), source_,
                          [this] { return Result<std::vector<extractors::Listing>>(listings_); });
    if (commit.change == store::PageChange::kRead) listings_ = commit.listings;
    if (commit.change == store::PageChange::kFailed) {  // as the store does
      lease_.page.outcome = commit.outcome;
      ++lease_.page.failures;
    } else {
      lease_.page = commit.state;
    }
    wait_ = *commit.next_due - now_;
    return commit;
  }
  Duration wait() const { return wait_; }
  // What it adapted to. Pages drift apart by up to a twentieth of it.
  Duration interval() const {
    const Duration interval =
        lease_.page.interval == 0 ? hours(10) : Duration(lease_.page.interval);
    CHECK(wait_ <= interval);
    CHECK(wait_ >= interval * 19 / 20);
    return interval;
  }
  const std::vector<extractors::Listing>& listings() const { return listings_; }

 private:
  std::unique_ptr<const extractors::PageReader> reader_;
  std::unique_ptr<Pipeline> pipeline_;
  crawler::SourceSettings source_;
  store::Lease lease_;
  std::vector<extractors::Listing> listings_;
  Instant now_ = FromMillis(1795307400000);
  Duration wait_{};
};

std::string Card(const std::string& id, const std::string& title, const std::string& price) {
  return "<div itemscope itemtype='https://schema.org/Product'><meta itemprop=sku content=" + id +
         "><a itemprop=url href='/i/" + id + ".html'><span itemprop=name>" + title +
         "</span></a><div itemprop=offers itemscope itemtype='https://schema.org/Offer'><span "
         "itemprop=price content=" +
         price + ">" + price + "</span><meta itemprop=priceCurrency content=CNY></div></div>";
}

const std::string kA = Card("1", "示例单鞋 女", "59.00") + Card("2", "示例运动鞋", "89.00");
const std::string kB = Card("1", "示例单鞋 女", "59.00") + Card("3", "示例凉鞋", "39.00");

TEST_CASE("ours: a page that is the same, or offers the same, is visited more seldom") {
  Watched page;
  page.Visit(kA);
  CHECK(page.interval() == hours(10));
  page.Visit(kA);
  CHECK(page.interval() == hours(14));
  page.Visit("", 304);
  CHECK(page.interval() == Duration(hours(14)) * 7 / 5);
  // Other bytes, another order and other prices: listings are taken over, and it is no change.
  const auto commit = page.Visit("<p>在线 731 人</p>" + Card("2", "示例运动鞋", "79.00") +
                                 Card("1", "示例单鞋 女", "59.00"));
  CHECK(commit.change == store::PageChange::kRead);
  CHECK(page.listings().at(0).price == "79.00");
  CHECK(page.interval() > hours(27));
}

TEST_CASE("ours: a page that offers something else is visited more often") {
  Watched page;
  page.Visit(kA);
  page.Visit(kB);
  CHECK(page.interval() == hours(8));
  page.Visit(kB + Card("4", "示例拖鞋", "19.00"));
  CHECK(page.interval() == Duration(hours(8)) * 4 / 5);
}

TEST_CASE("urlwatch 22: a page that goes back and forth between contents does not change") {
  Watched page;
  page.Visit(kA);
  page.Visit(kB);
  CHECK(page.interval() == hours(8));
  Duration before = page.interval();
  for (const std::string& body : {kA, kB, kA, kB}) {
    page.Visit("<p>" + std::to_string(before.count()) + "</p>" + body);
    CHECK(page.interval() > before);
    before = page.interval();
  }
}

TEST_CASE("ours: a price alone is a change when a lead comes or goes with it") {
  Watched page;
  const auto priced = [](const std::string& price) {
    return Card("7", "古驰 女士 单肩包 新款", price);
  };
  CHECK(page.Visit(priced("9800.00")).leads.empty());
  page.Visit(priced("9600.00"));
  CHECK(page.interval() == hours(14));
  CHECK(page.Visit(priced("199.00")).leads.size() == 1);
  CHECK(page.interval() == Duration(hours(14)) * 4 / 5);
  CHECK(page.Visit(priced("198.00")).leads.size() == 1);
  CHECK(page.interval() == Duration(hours(14)) * 28 / 25);
}

TEST_CASE("ours: a busy page changes nothing and is tried again soon") {
  Watched page;
  page.Visit(kA);
  page.Visit(kA);
  const auto busy = page.Visit("<title>商城</title><p>系统繁忙，请稍后再试</p>");
  CHECK(busy.outcome == Outcome::kBusy);
  CHECK(busy.change == store::PageChange::kFailed);
  CHECK(page.listings().size() == 2);
  CHECK(page.wait() == std::chrono::minutes(10));
  page.Visit("<title>商城</title><p>系统繁忙，请稍后再试</p>");
  CHECK(page.wait() == std::chrono::minutes(20));
  // Back again: the page as it was is no change, and its interval goes on where it stood.
  const auto back = page.Visit(kA);
  CHECK(back.change == store::PageChange::kUnchanged);
  CHECK(page.interval() == Duration(hours(14)) * 7 / 5);
}

}  // namespace
}  // namespace cluehound::app
