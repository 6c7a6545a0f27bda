#include <rocksdb/env.h>

#include <random>
#include <thread>

#include "store/rocksdb/rocksdb_store.h"
#include "tests/store/crash_world.h"
#include "tests/store/unsynced_files.h"

namespace cluehound::store::testing {
namespace {

// The store on files that lose what was not synced, with an archive that does the same.
class PowerBench {
 public:
  PowerBench()
      : files_(std::make_shared<UnsyncedFiles>()), env_(rocksdb::NewCompositeEnv(files_)) {}
  UnsyncedFiles& files() { return *files_; }
  FakeSink& sink() { return sink_; }
  std::mt19937& random() { return random_; }

  Result<std::unique_ptr<Store>> Open() {
    StoreOptions options;
    options.path = (folder_.path() / "store").string();
    options.captures = &sink_;
    options.clock = &clock_;
    return OpenRocksDbStoreOn(options, env_.get());
  }
  // No capture may be pointed to that the archive has not synced.
  void CheckCaptures(Store& store) {
    const auto last = store.LastCapture().value();
    REQUIRE(last.offset + last.length <= sink_.synced);
    for (const Lead& lead : AllLeads(store)) {
      if (lead.suspicion.family == "clue") continue;  // of people
      REQUIRE(lead.capture.present());
      REQUIRE(lead.capture.offset + lead.capture.length <= sink_.synced);
    }
    sink_.written = sink_.synced = last.offset + last.length;  // the rest is cut
  }

 private:
  cluehound::testing::TempDir folder_;
  cluehound::testing::FakeClock clock_{kStart};
  FakeSink sink_;
  std::mt19937 random_{77};
  std::shared_ptr<UnsyncedFiles>
      files_;  // shared because RocksDB's maker of environments wants it so
  std::unique_ptr<rocksdb::Env> env_;
};

// Crawls, imports and decides until something fails.
void Work(Store& store, int pages, CrashWorld::Acknowledged& acknowledged) {
  CrashWorld::Seed(store);
  int decisions = 1000;
  for (const auto& [lead, n] : acknowledged.decisions) decisions = std::max(decisions, n);
  std::vector<int> read;
  CrashWorld::Crawl(store, pages, [&](int page) {
    acknowledged.pages.insert(page);
    read.push_back(page);
  });
  const int import = static_cast<int>(acknowledged.imports.size());
  if (import < CrashWorld::kImports) {
    if (!CrashWorld::Import(store, import)) return;
    acknowledged.imports.insert(import);
  }
  for (const int page : read) {
    const auto state = store.FindPage(CrashWorld::Address(page).url);
    if (!CrashWorld::Decide(store, page, ++decisions)) return;
    acknowledged.decisions[state.value()->leads.at(0)] = decisions;
  }
}

}  // namespace

TEST_CASE(
    "power: what was acknowledged survives power cuts at random moments (80, or "
    "$CLUEHOUND_CRASHES), "
    "and nothing is half there") {
  PowerBench bench;
  CrashWorld::Acknowledged acknowledged;
  REQUIRE_OK(bench.Open());
  int cuts = 0;
  const int wanted = CrashWorld::Crashes(80);
  for (int round = 0; cuts < wanted; ++round) {
    INFO("round " << round);
    REQUIRE(round < 5 * wanted);
    // Most cuts fall into the work, some into the opening before it.
    bench.files().CutPowerAfter(1 +
                                static_cast<int>(bench.random()() % (round % 4 == 0 ? 60 : 400)));
    {
      auto store = bench.Open();
      if (store.ok()) Work(**store, 25, acknowledged);
    }
    if (bench.files().power_is_cut()) ++cuts;
    bench.files().RestorePower(bench.random());
    auto store = bench.Open();
    REQUIRE_OK(store);
    CrashWorld::Verify(**store, acknowledged);
    bench.CheckCaptures(**store);
  }
  const auto many = static_cast<size_t>(wanted);
  CHECK(acknowledged.pages.size() > many * 6);
  CHECK(acknowledged.decisions.size() > many);
  CHECK(acknowledged.imports.size() > many / 8);
}

TEST_CASE("power: a cut while the store is being made is made good") {
  int cuts = 0;
  bool was_cut = true;
  for (int operation = 1; was_cut; operation += 4) {
    PowerBench bench;
    bench.files().CutPowerAfter(operation);
    bench.Open().status().IgnoreError("it may fail");
    was_cut = bench.files().power_is_cut();
    cuts += was_cut ? 1 : 0;
    bench.files().RestorePower(bench.random());
    auto store = bench.Open();
    INFO("operation " << operation);
    REQUIRE_OK(store);
    CHECK((*store)->Stats().value() == StoreStats());
  }
  CHECK(cuts > 20);
}

TEST_CASE("power: a cut while flushes and merges are under way loses nothing either") {
  // Big values make the write buffers overflow, so that the cut falls between table files, manifest
  // and log.
  PowerBench bench;
  std::map<std::string, std::string> acknowledged;
  REQUIRE_OK(bench.Open());
  int number = 0;
  int cuts = 0;
  for (int round = 0; cuts < 20; ++round) {
    INFO("round " << round);
    REQUIRE(round < 100);
    bench.files().CutPowerAfter(1 + static_cast<int>(bench.random()() % 400));
    {
      auto opened = bench.Open();
      for (int i = 0; opened.ok() && i < 20; ++i) {
        std::string bytes(400000, '\0');
        for (size_t at = 0; at < bytes.size(); at += 4)
          bytes[at] = static_cast<char>(bench.random()());
        const std::string hash = "hash-" + std::to_string(++number);
        if (!(*opened)->PutRuleSet(hash, bytes, {"root", ""}, kStart).ok()) break;
        acknowledged[hash] = Hex(Sha256(bytes));
      }
    }
    if (bench.files().power_is_cut()) ++cuts;
    bench.files().RestorePower(bench.random());
    auto store = bench.Open();
    REQUIRE_OK(store);
    for (const auto& [hash, digest] : acknowledged) {
      const auto bytes = (*store)->FindRuleSet(hash);
      REQUIRE_OK(bytes);
      REQUIRE(Hex(Sha256(*bytes)) == digest);
    }
    CHECK((*store)->Audit(0, 100000)->size() >= acknowledged.size());
  }
  CHECK(acknowledged.size() > 100);
}

TEST_CASE(
    "power: a write that fails is reported; after a full disk the store goes on, else once it is "
    "reopened") {
  const bool full = GENERATE(true, false);
  PowerBench bench;
  CrashWorld::Acknowledged acknowledged;
  REQUIRE_OK(bench.Open());
  int failures = 0;
  for (int round = 0; round < 30; ++round) {
    INFO("round " << round << (full ? ", disk full" : ""));
    auto store = bench.Open();
    REQUIRE_OK(store);
    bench.files().FailOne(1 + static_cast<int>(bench.random()() % 40), full);
    Work(**store, 20, acknowledged);
    const size_t before = acknowledged.pages.size();
    bool goes_on = false;
    for (int i = 0; i < (full ? 200 : 2) && !goes_on;
         ++i) {  // it looks for room some times a second
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
      Work(**store, 20, acknowledged);
      goes_on = acknowledged.pages.size() > before;
    }
    if (bench.files().has_failed()) {
      ++failures;
      if (full) CHECK(goes_on);
    } else {
      CHECK(goes_on);
    }
    if (goes_on) CrashWorld::Verify(**store, acknowledged);
    for (const int page : acknowledged.pages) {  // reading goes on in any case
      REQUIRE((*store)->FindPage(CrashWorld::Address(page).url).value());
    }
    store = Status::NotFound("closed");
    store = bench.Open();
    REQUIRE_OK(store);
    CrashWorld::Verify(**store, acknowledged);
    bench.CheckCaptures(**store);
  }
  CHECK(failures > 20);
}

}  // namespace cluehound::store::testing
