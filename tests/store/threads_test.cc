#include <random>
#include <thread>

#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

// Everything at once: crawlers, an officer, somebody who looks, and somebody who adds. For the
// thread sanitizer, and for the sums at the end.
TEST_CASE("threads: crawling, deciding, asking and seeding at once lose nothing") {
  Bench<OnDisk> bench;
  Store& store = bench.store();
  constexpr int kPages = 400;
  std::atomic<int> committed = 0;
  std::atomic<int> decided = 0;
  std::atomic<int> failed = 0;
  std::atomic<bool> stop = false;
  const auto count = [&](const Status& status) { failed += status.ok() ? 0 : 1; };

  std::vector<std::jthread> threads;
  for (int crawler = 0; crawler < 3; ++crawler) {
    threads.emplace_back([&, crawler] {
      std::mt19937 random(static_cast<uint32_t>(crawler));
      while (committed < kPages) {
        ClaimRequest request = Everything(kStart, 5);
        request.max_per_authority = 3;
        const auto leases = store.Claim(request);
        count(leases.status());
        if (leases->empty()) std::this_thread::yield();
        for (const Lease& lease : *leases) {
          if (random() % 8 == 0) {
            store.Release({lease});
            continue;
          }
          PageCommit commit = ReadPage(lease, kStart);
          AddSuspect(commit, Goods("鸿雁 高仿", lease.address.url),
                     Suspect("brand", 30 + static_cast<int>(random() % 60)));
          commit.page = RawPage(lease.address.url);
          store.CommitPages({commit}, [&](const auto& receipts) {
            count(receipts[0].status);
            ++committed;
          });
        }
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < kPages; ++i) {
      count(store.AddSeeds({Found("h" + std::to_string(i % 9), std::to_string(i),
                                  "source-" + std::to_string(i % 3))}));
    }
  });
  threads.emplace_back([&] {
    while (!stop) {
      const auto page = store.QueryLeads({}, {}, "", 5);
      count(page.status());
      for (const Lead& lead : page->leads) {
        const auto done = store.Decide(
            {lead.id, lead.revision, LeadStatus::kChecking, "r", "", {"uid-0", ""}, kStart}, {});
        if (done.ok()) ++decided;
      }
    }
  });
  threads.emplace_back([&] {
    int n = 0;
    while (!stop) {
      count(store.QueryRows({}, {}, "", 10).status());
      count(store.Stats().status());
      count(store.NextDue({}).status());
      count(store.PagesMatchedOtherwise("rules-2", "", 5).status());
      count(store.BlockAuthority("h1.example", kStart - std::chrono::seconds(1)));
      count(store.PutRobots("h" + std::to_string(++n % 9) + ".example", {kStart, 200, "x"}));
      count(store.FindRobots("h1.example").status());
      count(store.MakeDue("source-9"));
    }
  });
  for (size_t i = 0; i < 4; ++i) threads[i].join();
  stop = true;
  threads.clear();
  store.Flush();
  CHECK(failed == 0);
  CHECK(committed == kPages);
  CHECK(bench.Stats() == StoreStats{kPages, kPages, kPages, kPages, kPages});
  const auto entries = store.Audit(0, 1000000);
  CHECK(entries->size() == static_cast<size_t>(kPages + decided));
  bench.Reopen();
  CHECK(bench.Stats() == StoreStats{kPages, kPages, kPages, kPages, kPages});
  CHECK(bench.store().QueryLeads({}, {}, "", 1000)->leads.size() == kPages);
}

}  // namespace
}  // namespace cluehound::store::testing
