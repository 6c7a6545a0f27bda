#include <nlohmann/json.hpp>

#include "app/archive_replay.h"
#include "app/trial.h"
#include "store/listing_archive.h"
#include "tests/app/deployment.h"
#include "tests/app/program.h"
#include "triage/http_server.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

extractors::Listing Goods(const std::string& id, const std::string& title,
                          const std::string& price = "59.00") {
  extractors::Listing listing;
  listing.id = id;
  listing.title = title;
  listing.price = price;
  listing.seller = "甲店";
  return listing;
}

void Archive(const std::filesystem::path& store, const std::string& day, const std::string& source,
             const std::vector<extractors::Listing>& listings) {
  store::ListingArchive archive(store / "listings");
  const store::ListingFacts facts{*ParseDay(day), source, "http://" + source + ".example/", "3-x"};
  archive.Add(archive.Fresh(facts, listings, {}));
}

// A program with an archive of two sources and three days.
struct Office {
  Program program;
  Office() {
    const auto store = program.path() / "store";
    Archive(
        store, "2026-11-01", "shop",
        {Goods("1", "耐克 高仿 运动鞋"), Goods("2", "普通 运动鞋"), Goods("3", "示例牌 高仿 鞋")});
    Archive(store, "2026-11-02", "shop", {Goods("4", "阿迪达斯 高仿 鞋")});
    Archive(store, "2026-11-03", "mall", {Goods("5", "耐克 高仿 板鞋"), Goods("6", "袜子")});
  }
};

Json LastLine(const std::string& output) {
  const size_t end = output.find_last_not_of('\n');
  return Json::parse(output.substr(output.rfind('\n', end) + 1));
}

TEST_CASE("rules backtest: the archive is a corpus, by days and sources") {
  Office office;
  const auto backtest = [&](const std::string& what) {
    const std::string said =
        office.program.Expect("rules backtest --store store --json --on " + what, 0, {});
    // stderr comes first or last; the summary is the only object with "with_leads".
    for (size_t begin = 0; begin < said.size();) {
      const size_t end = std::min(said.find('\n', begin), said.size());
      const std::string line = said.substr(begin, end - begin);
      if (line.find("\"with_leads\"") != line.npos) return Json::parse(line);
      begin = end + 1;
    }
    return Json();
  };
  CHECK(backtest("archive") == Json{{"listings", 6}, {"hits", 3}, {"with_leads", 3}});
  CHECK(backtest("archive:2026-11-02")["listings"] == 1);
  CHECK(backtest("archive:2026-11-02..")["listings"] == 3);
  CHECK(backtest("archive:..2026-11-02")["with_leads"] == 2);
  CHECK(backtest("archive --source mall")["listings"] == 2);
  office.program.Write("titles.txt", "耐克 高仿 鞋\n");
  CHECK(backtest("archive --on titles.txt")["listings"] == 7);
  office.program.Expect("rules backtest --store store --on archive", 0,
                        {"6 listings", "archive: 6 listings in 3 files", "耐克 高仿 运动鞋"});
  office.program.Expect("rules profile --store store --on archive", 0, {"6 listings"});
}

TEST_CASE("rules backtest: an archive that holds nothing of a span says what it holds") {
  Office office;
  const std::string command = "rules backtest --store store --on archive";
  office.program.Expect(command + ":2027-01-01", 2, {"goes from 2026-11-01 to 2026-11-03"});
  office.program.Expect(command + " --source none", 2, {"goes from 2026-11-01 to 2026-11-03"});
  office.program.Expect(command + ":2026-11-31", 2, {"\"2026-11-31\" is no day"});
  office.program.Expect(command + ":2026-11-03..2026-11-01", 2, {"ends before it begins"});
  office.program.Expect("rules backtest --store other --on archive", 2, {"is empty"});
}

TEST_CASE("rules diff: a new mark is tried on the archive before it goes live") {
  Office office;
  office.program.Write("new/local.yaml", "marks: [{id: shili, kind: trademark, name: 示例牌}]\n");
  office.program.Expect("rules diff builtin new --store store --on archive", 0,
                        {"6 listings: leads 3 -> 4 (gained 1, lost 0", "示例牌 高仿 鞋"});
}

TEST_CASE("marks add: a preview on the archive shows what the mark will find") {
  Office office;
  office.program.Write("config/cluehound.yaml", "store: ../store\n");
  office.program.Expect("marks add 示例牌 --kind trademark --config config --preview archive", 0,
                        {"预览：共 6 条", "线索增加 1", "尚未写入"});
}

TEST_CASE("ours: a replay tells windows apart by day and source") {
  Office office;
  Diagnostics diagnostics;
  const auto rules = rules::RuleSet::Compile(rules::BuiltInRuleFiles(), diagnostics);
  REQUIRE_OK(rules);
  const auto replay =
      ReplayArchive(office.program.path() / "store", {{"", "2026-11-02"}, {}}, **rules);
  REQUIRE_OK(replay);
  REQUIRE(replay->size() == 2);
  const ReplayCell& first = replay->at({"2026-11-01", "shop"});
  CHECK(first.listings == 3);
  CHECK(first.with_leads == 1);
  CHECK(first.by_category == std::map<std::string, uint64_t>{{"trademark", 1}});
  uint64_t fired = 0;
  for (const auto& [rule, count] : first.by_rule) fired += count;
  CHECK(fired == 1);
  CHECK(replay->at({"2026-11-02", "shop"}).with_leads == 1);
  CHECK(ReplayArchive(office.program.path() / "nothing", {}, **rules)->empty());
}

TEST_CASE("store stats: tells how large the archive of listings is") {
  Deployment deployment;
  deployment.Write("sources/shop.yaml",
                   "sources: [{id: shop, seeds: [http://127.0.0.1:1/], pace: 0s}]\n");
  deployment.CrawlOnce();
  Archive(deployment.store(), "2026-11-01", "shop", {Goods("1", "a")});
  Program program;
  const Json stats = LastLine(
      program.Expect("store stats --json --config " + deployment.config().string(), 0, {}));
  CHECK(stats["listing_archive"]["days"] == 1);
  CHECK(stats["listing_archive"]["files"] == 1);
  CHECK(stats["listing_archive"]["bytes"].get<int>() > 50);
  CHECK(stats["listing_archive"]["last_day"] == "2026-11-01");
}

TEST_CASE("store retention: takes days of the archive of listings, and notes it in the log") {
  Deployment deployment;
  deployment.Write("sources/shop.yaml",
                   "sources: [{id: shop, seeds: [http://127.0.0.1:1/], pace: 0s}]\n");
  deployment.CrawlOnce();
  for (const char* day : {"2020-01-01", "2020-01-02"})
    Archive(deployment.store(), day, "shop", {Goods("1", "a")});
  Program program;
  const std::string config = " --config " + deployment.config().string();
  deployment.Write("retention.yaml", "listings: {}\n");
  program.Expect("store retention" + config, 2, {"retention.yaml:1", "neither days nor gigabytes"});
  deployment.Write("retention.yaml", "listings: {days: 400}\n");
  const Json tried = LastLine(program.Expect("store retention --dry-run --json" + config, 0, {}));
  CHECK(tried["what"] == "listings");
  CHECK(tried["erased"] == 2);
  CHECK(std::filesystem::exists(deployment.store() / "listings" / "2020-01-02"));
  program.Expect("store retention" + config, 0, {"已清除 2 天"});
  CHECK(!std::filesystem::exists(deployment.store() / "listings" / "2020-01-02"));
  auto held = HeldStore::Open(deployment.store());
  REQUIRE_OK(held);
  const auto audit = (*held)->store().Audit(0, 1000);
  REQUIRE_OK(audit);
  CHECK(std::any_of(audit->begin(), audit->end(), [](const auto& entry) {
    return entry.action == "retention.listings" && entry.object == "2020-01-01..2020-01-02";
  }));
}

// A list of which a visit may change the price of one item, or a word that is no listing.
class ChangingShop {
 public:
  ChangingShop() {
    auto server = triage::HttpServer::Start("127.0.0.1", 0, [this](const triage::HttpRequest& r) {
      return r.path == "/" ? triage::HttpResponse{200, "text/html; charset=utf-8", page, {}}
                           : triage::HttpResponse{404, "text/plain", "", {}};
    });
    REQUIRE_OK(server);
    server_ = std::move(server).value();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/"; }
  std::string page;

 private:
  std::unique_ptr<triage::HttpServer> server_;
};

std::string Card(const std::string& id, const std::string& title, const std::string& price) {
  return "<div itemscope itemtype='https://schema.org/Product'><meta itemprop=sku content=" + id +
         "><a itemprop=url href='/i/" + id + ".html'><span itemprop=name>" + title +
         "</span></a><div itemprop=offers itemscope itemtype='https://schema.org/Offer'><span "
         "itemprop=price content=" +
         price + ">" + price + "</span></div></div>";
}

struct Found {
  std::vector<std::string> titles;
  void Merge(Found&& other) {
    titles.insert(titles.end(), other.titles.begin(), other.titles.end());
  }
};

TEST_CASE("ours: a crawl archives each version of a listing once") {
  ChangingShop shop;
  Deployment deployment;
  deployment.Write("sources/shop.yaml", "sources: [{id: shop, seeds: [" + shop.url() +
                                            "], every: 6h, pace: 0s, depth: 0}]\n");
  const auto titles = [&] {
    TrialCorpus corpus{{"archive"}, {}};
    Config config;
    config.store = deployment.store();
    Found whole;
    const Status done = Try<Found>(
        corpus, config, whole,
        [](Found& to, const CorpusItem& item) {
          to.titles.push_back(item.listing.title + " " + item.listing.price);
        },
        [](const Status&) {});
    REQUIRE_OK(done);
    std::vector<std::string> found = whole.titles;
    std::sort(found.begin(), found.end());
    return found;
  };
  using Texts = std::vector<std::string>;
  const auto visit = [&](const std::string& page) {
    shop.page = page;
    deployment.MakeDue("shop");
    deployment.CrawlOnce();
  };
  visit(Card("1", "甲鞋", "10.00") + Card("2", "乙鞋", "20.00"));
  CHECK(titles() == Texts{"乙鞋 20.00", "甲鞋 10.00"});
  visit("<p>在线 7 人</p>" + Card("2", "乙鞋", "20.00") + Card("1", "甲鞋", "10.00"));
  CHECK(titles().size() == 2);
  visit("<title>x</title><p>系统繁忙，请稍后再试</p>");
  CHECK(titles().size() == 2);
  visit(Card("1", "甲鞋", "10.00") + Card("2", "乙鞋", "19.00") + Card("3", "丙鞋", "5.00"));
  CHECK(titles() == Texts{"丙鞋 5.00", "乙鞋 19.00", "乙鞋 20.00", "甲鞋 10.00"});
}

}  // namespace
}  // namespace cluehound::app
