#include "store/rocksdb/seller_book.h"

#include <algorithm>
#include <random>

#include "store/identity.h"
#include "store/memory/memory_sellers.h"
#include "store/rocksdb/rocksdb_sellers.h"
#include "store/rocksdb/staging.h"
#include "tests/store/samples.h"
#include "tests/store/sellers_text.h"

namespace cluehound::store::testing {
namespace {

rules::Correlation Rule(const std::string& id, rules::Correlation::By by,
                        rules::Correlation::Count count, int at_least) {
  rules::Correlation c;
  c.id = id;
  c.title = id;
  c.group_by = {by};
  c.count = count;
  c.at_least = at_least;
  c.within = std::chrono::hours(24 * 3);
  return c;
}

// A small world in which sellers, titles, pictures, licences and marks meet often.
class World {
 public:
  explicit World(uint32_t seed) : random_(seed) {}
  size_t Pick(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }
  std::mt19937& random() { return random_; }

  Lead Any(size_t n) {
    Lead lead;
    lead.id = DeriveLeadId("listing " + std::to_string(n), "brand");
    lead.listing_identity = DeriveIdentity("shop", std::to_string(n));
    lead.first_seen = lead.last_seen = At(static_cast<int>(Pick(900'000)));
    Change(lead);
    return lead;
  }

  void Change(Lead& lead) {
    static const std::string kCodes[] = {"", "91330100799655058B", "914403001922038216"};
    const size_t seller = Pick(6);
    lead.name_space = Pick(2) == 0 ? "甲网" : "乙网";
    lead.listing = Goods("鸿雁 高仿 复古 水桶包 " + std::to_string(Pick(4)), "",
                         "店铺名字" + std::to_string(seller));
    lead.listing.platform = lead.name_space;
    if (Pick(2) == 0) lead.listing.seller_id = "s" + std::to_string(seller);
    if (Pick(3) == 0) lead.listing.marketing_person = "主播名字" + std::to_string(Pick(2));
    if (Pick(3) == 0)
      lead.listing.images = {"http://i.example/" + std::to_string(Pick(3)) + ".jpg"};
    lead.listing.text = "统一社会信用代码 " + kCodes[Pick(3)];
    lead.suspicion =
        Suspect("brand", static_cast<int>(Pick(100)), "mark-" + std::to_string(Pick(6)));
    lead.status = static_cast<LeadStatus>(1 + Pick(9));
    lead.reason = Pick(2) == 0 ? "authorised" : "suspected";
    lead.decided_at =
        lead.status == LeadStatus::kNew ? Instant{} : At(static_cast<int>(Pick(900'000)));
    lead.silenced = Pick(8) == 0 ? 1 : 0;
    lead.county = Pick(2) == 0 ? "寿光市" : "";
    lead.last_seen += std::chrono::hours(Pick(60));
    lead.sales.first = 1;
    lead.sales.first_cents = static_cast<int64_t>(Pick(1000));
    lead.sales.cents = static_cast<int64_t>(Pick(10'000'000));
    lead.sales.at_least = Pick(4) == 0;
    ++lead.revision;
  }

 private:
  std::mt19937 random_;
};

// Facts written as the writer does, in groups.
class Book {
 public:
  explicit Book(std::vector<rules::Correlation> correlations) {
    DatabaseOptions options;
    options.path = (folder_.path() / "db").string();
    options.create = true;
    auto opened = Database::Open(options);
    REQUIRE_OK(opened);
    database_ = *std::move(opened);
    correlations_.Put(std::move(correlations));
  }

  void Apply(const std::vector<LeadFact>& facts, size_t group) {
    for (size_t i = 0; i < facts.size(); i += group) {
      Sheet sheet(*database_);
      const auto correlations = correlations_.Get();
      SellerBook book(sheet, *correlations);
      for (size_t k = i; k < facts.size() && k < i + group; ++k) REQUIRE_OK(book.Apply(facts[k]));
      REQUIRE_OK(book.Settle());
      Batch batch;
      sheet.Write(batch);
      REQUIRE_OK(database_->Write(batch, false));
    }
  }
  RocksDbSellers Sellers() {
    return RocksDbSellers(*database_, correlations_, [](auto) { return Status::Denied("no"); });
  }

 private:
  cluehound::testing::TempDir folder_;
  std::unique_ptr<Database> database_;
  CorrelationsInForce correlations_;
};

}  // namespace

TEST_CASE("sellers: any order and repetition of outbox entries gives what the leads give") {
  const std::vector<rules::Correlation> correlations = {
      Rule("many", rules::Correlation::By::kSeller, rules::Correlation::Count::kListings, 3),
      Rule("marks", rules::Correlation::By::kPlatform, rules::Correlation::Count::kMarks, 4)};
  for (uint32_t seed = 1; seed <= 12; ++seed) {
    World world(seed);
    std::vector<Lead> leads;
    std::vector<LeadFact> facts;
    const auto send = [&](const Lead& lead) {
      facts.push_back(FactOf(lead));
      facts.back().number = facts.size();
    };
    for (size_t n = 0; n < 40; ++n) {
      leads.push_back(world.Any(n));
      send(leads.back());
    }
    for (int i = 0; i < 60; ++i) {
      Lead& lead = leads[world.Pick(leads.size())];
      world.Change(lead);
      send(lead);
    }
    for (int i = 0; i < 30; ++i) facts.push_back(facts[world.Pick(facts.size())]);
    std::shuffle(facts.begin(), facts.end(), world.random());

    Book book(correlations);
    book.Apply(facts, 1 + world.Pick(50));
    auto disk = book.Sellers();
    MemorySellers twin([&] { return leads; }, [](AuditEntry) {});
    REQUIRE_OK(twin.UseCorrelations(correlations, {}));
    INFO("seed " << seed);
    const std::string text = SellersText(twin, kStart);
    REQUIRE(text.find("cluster ") != std::string::npos);
    REQUIRE(SellersText(disk, kStart) == text);
    for (const Lead& lead : leads) {
      CHECK(disk.ClustersOf(lead.id).value() == twin.ClustersOf(lead.id).value());
      CHECK(disk.SalesOfRow(RowKey(lead)).value() == twin.SalesOfRow(RowKey(lead)).value());
    }
  }
}

TEST_CASE("sellers: when its leads are gone from a seller, nothing of it is left") {
  World world(7);
  std::vector<LeadFact> facts;
  for (size_t n = 0; n < 20; ++n) {
    facts.push_back(FactOf(world.Any(n)));
    facts.back().number = facts.size();
  }
  const size_t there = facts.size();
  for (size_t n = 0; n < there; ++n) {
    LeadFact bare;
    bare.lead = facts[n].lead;
    bare.number = facts.size() + 1;
    bare.active = false;
    facts.push_back(bare);
  }
  Book book({});
  book.Apply(facts, 7);
  auto disk = book.Sellers();
  CHECK(SellersText(disk, kStart).empty());
}

TEST_CASE("clusters: a picture that an offer shows twice makes it a member once") {
  LeadFact fact;
  fact.lead = DeriveLeadId("listing", "brand");
  fact.active = true;
  fact.pictures = {{"picture-1", "http://shop.example/1-small.jpg"},
                   {"picture-1", "http://shop.example/1.jpg"},
                   {"picture-2", "http://shop.example/2.jpg"}};
  const auto bunches = BunchesOf(fact, {});
  REQUIRE(bunches.size() == 2);
  CHECK(bunches[0].id != bunches[1].id);
}

}  // namespace cluehound::store::testing
