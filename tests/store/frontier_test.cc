#include "store/rocksdb/frontier.h"

#include <rocksdb/perf_context.h>
#include <rocksdb/perf_level.h>

#include <map>
#include <random>

#include "store/record_fields.h"
#include "tests/store/samples.h"

namespace cluehound::store::testing {
namespace {

// The frontier alone on a database, with the steps that the writer takes around it.
class FrontierBench {
 public:
  FrontierBench() {
    auto database = Database::Open({(folder_.path() / "db").string(), true, false, nullptr});
    REQUIRE_OK(database);
    database_ = *std::move(database);
    Restart();
  }
  void Restart() {
    frontier_ = std::make_unique<Frontier>(*database_);
    REQUIRE_OK(frontier_->Start(++epoch_));
  }
  Frontier* operator->() { return frontier_.get(); }
  Database& database() { return *database_; }

  void Write(const std::vector<Reschedule>& changes) {
    Batch batch;
    REQUIRE_OK(frontier_->Stage(changes, batch));
    REQUIRE_OK(database_->Write(batch, false));
    frontier_->Applied(changes);
  }
  void Add(const std::string& host, const std::string& path, Instant due,
           const std::string& source = "shops") {
    const Discovery found = Found(host, path, source);
    added_.push_back({found.url, std::nullopt, {found.authority, source, 1, 1, due}, 0});
    if (added_.size() == 5000) WriteAdded();
  }
  void WriteAdded() {
    Write(added_);
    added_.clear();
  }
  std::vector<Lease> Claim(size_t max, size_t per_authority, Instant now) {
    ClaimRequest request = Everything(now, max);
    request.max_per_authority = per_authority;
    auto leases = frontier_->Claim(request);
    REQUIRE_OK(leases);
    return *std::move(leases);
  }
  void Finish(const std::vector<Lease>& leases, std::optional<Instant> due) {
    std::vector<Reschedule> changes;
    for (const Lease& lease : leases) {
      const auto before = frontier_->BeginCommit(lease.address.url, lease.token);
      REQUIRE(before);
      AddressRecord after = *before;
      after.due = due;
      changes.push_back({lease.address.url, before, after, lease.token});
    }
    Write(changes);
  }

 private:
  cluehound::testing::TempDir folder_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Frontier> frontier_;
  std::vector<Reschedule> added_;
  uint64_t epoch_ = 0;
};

// Deletions that walks of this thread stepped over since Reset.
struct Skipped {
  Skipped() { rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableCount); }
  ~Skipped() { rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable); }
  void Reset() { rocksdb::get_perf_context()->Reset(); }
  uint64_t deletions() const { return rocksdb::get_perf_context()->internal_delete_skipped_count; }
  uint64_t seeks() const {
    return rocksdb::get_perf_context()->seek_on_memtable_count +
           rocksdb::get_perf_context()->seek_child_seek_count;
  }
  uint64_t keys() const {
    return rocksdb::get_perf_context()->internal_key_skipped_count + deletions();
  }
};

TEST_CASE("frontier: what was deleted from the head of a queue does not make takes slow") {
  FrontierBench bench;
  for (int i = 0; i < 30000; ++i) bench.Add("a", std::to_string(i), At(i % 50));
  bench.WriteAdded();
  Skipped skipped;
  uint64_t worst = 0;
  for (int i = 0; i < 3500; ++i) {
    skipped.Reset();
    const auto leases = bench.Claim(8, 8, At(100));
    worst = std::max(worst, skipped.deletions());
    REQUIRE(leases.size() == 8);
    bench.Finish(leases, At(100000 + i));
  }
  CHECK(worst <= 16);
  // Without what it had remembered, once over all of them, and then no more.
  bench.Restart();
  bench->Release(bench.Claim(8, 8, At(100)));
  skipped.Reset();
  CHECK(bench.Claim(8, 8, At(100)).size() == 8);
  CHECK(skipped.deletions() <= 16);
}

TEST_CASE("frontier: a start reads sources, not addresses") {
  FrontierBench bench;
  for (int i = 0; i < 30000; ++i) {
    bench.Add("h" + std::to_string(i % 3000), std::to_string(i), At(i),
              "source-" + std::to_string(i % 7));
  }
  bench.WriteAdded();
  Skipped skipped;
  skipped.Reset();
  bench.Restart();
  CHECK(skipped.seeks() <= 100);  // each source once, in memory and in each file
  CHECK(skipped.keys() <= 32);
  CHECK(bench->loaded() == 0);
}

TEST_CASE("frontier: memory is bounded, and beyond the bound everybody still gets a turn") {
  FrontierBench bench;
  const size_t authorities = Frontier::kMaxLoaded + 6000;
  constexpr size_t kPages = 6;
  for (size_t i = 0; i < authorities; ++i) {
    for (size_t page = 0; page < kPages; ++page) {
      bench.Add("h" + std::to_string(i), std::to_string(page), At(0));
    }
  }
  bench.WriteAdded();
  bench.Restart();
  std::map<std::string, size_t> served;
  size_t leased = 0;
  size_t until_all_were_served = 0;
  while (leased < kPages * authorities) {
    const auto leases = bench.Claim(64, 1, At(1));
    REQUIRE_FALSE(leases.empty());
    for (const Lease& lease : leases) ++served[lease.address.authority];
    leased += leases.size();
    if (until_all_were_served == 0 && served.size() == authorities) until_all_were_served = leased;
    bench.Finish(leases, At(1000000));
    REQUIRE(bench->loaded() <= Frontier::kMaxLoaded);
  }
  CHECK(until_all_were_served < 5 * authorities / 2);  // of 6 turns that each may have
  CHECK(bench.Claim(64, 1, At(1)).empty());
  CHECK(bench->NextDue({}, At(2)).value() == At(1000000));
}

TEST_CASE("frontier: queues with nothing due leave memory, and come back in time") {
  FrontierBench bench;
  for (int i = 0; i < 500; ++i) bench.Add("h" + std::to_string(i), "1", At(0));
  bench.WriteAdded();
  while (true) {
    const auto leases = bench.Claim(64, 1, At(1));
    if (leases.empty()) break;
    bench.Finish(leases, At(3600));
  }
  CHECK(bench->HasUpkeep());
  bench.Write({});
  CHECK(bench->loaded() == 0);
  CHECK_FALSE(bench->HasUpkeep());
  CHECK(bench->NextDue({}, At(2)).value() == At(3600));
  CHECK(bench.Claim(1000, 1, At(3599)).empty());
  CHECK(bench.Claim(1000, 1, At(3600)).size() == 500);
}

TEST_CASE("frontier: a batch that could not be written leaves everything as it was") {
  FrontierBench bench;
  bench.Add("a", "1", At(0));
  bench.WriteAdded();
  const auto leases = bench.Claim(1, 1, At(0));
  REQUIRE(leases.size() == 1);
  const auto before = bench->BeginCommit(leases[0].address.url, leases[0].token);
  REQUIRE(before);
  CHECK_FALSE(bench->BeginCommit(leases[0].address.url, leases[0].token));
  AddressRecord after = *before;
  after.due = At(50);
  const std::vector<Reschedule> changes = {
      {leases[0].address.url, before, after, leases[0].token},
      {Shop("b", "1"), std::nullopt, {"b.example", "shops", 1, 1, At(0)}, 0}};
  bench->Block("a.example", At(10));
  {
    Batch batch;
    REQUIRE_OK(bench->Stage(changes, batch));  // and not written
  }
  bench->Abandoned(changes);
  CHECK(bench.Claim(10, 10, At(20)).empty());  // b/1 never came to be, a/1 is still leased
  bench.Finish(leases, At(30));
  CHECK(bench.Claim(10, 10, At(20)).empty());
  CHECK(bench.Claim(10, 10, At(30)).size() == 1);
  bench.Restart();
  CHECK(bench.Claim(10, 10, At(30)).size() == 1);
  // The block went with the batch that was written after the one that was not.
  bench.Restart();
  ClaimRequest request = Everything(At(9));
  request.due_until = At(30);
  CHECK(bench->Claim(request)->empty());
}

TEST_CASE("frontier: an address that is moved while it is leased stays one address") {
  FrontierBench bench;
  bench.Add("a", "1", At(0), "old");
  bench.WriteAdded();
  const AddressRecord before{"a.example", "old", 1, 1, At(0)};
  const AddressRecord after{"a.example", "new", 1, 1, At(5)};
  const std::vector<Reschedule> move = {{Shop("a", "1"), before, after, 0}};
  Batch batch;
  REQUIRE_OK(bench->Stage(move, batch));
  const auto leases = bench.Claim(1, 1, At(0));  // between the decision to move and the move
  REQUIRE(leases.size() == 1);
  REQUIRE_OK(bench.database().Write(batch, false));
  bench->Applied(move);
  CHECK(bench.Claim(10, 10, At(10)).empty());
  bench.Finish(leases, At(100));
  CHECK(bench.Claim(10, 10, At(99)).empty());
  const auto again = bench.Claim(10, 10, At(100));
  REQUIRE(again.size() == 1);
  CHECK(again[0].address.source == "new");
}

TEST_CASE("frontier: many claims that nobody answers stay cheap") {
  FrontierBench bench;
  for (int i = 0; i < 2000; ++i) {
    for (int page = 0; page < 3; ++page)
      bench.Add("h" + std::to_string(i), std::to_string(page), At(0));
  }
  bench.WriteAdded();
  size_t total = 0;
  for (int i = 0; i < 40; ++i) total += bench.Claim(64, 1, At(1)).size();
  CHECK(total == 2000);  // all at their limit now
  Skipped skipped;
  skipped.Reset();
  CHECK(bench.Claim(64, 1, At(1)).empty());
  CHECK(skipped.seeks() <= 8);
}

}  // namespace
}  // namespace cluehound::store::testing
