// What the store costs, alone: no network, no pages to read, no rules.
//
//   store_bench PAGES FOLDER   pages as the bench site has them (48 listings, 50 links mostly known, a lead on
//                              every second page), committed by two threads with synced groups
//
// FOLDER must not exist; it is left behind for a look.
#include <atomic>
#include <random>
#include <thread>

#include "bench/measure.h"
#include "store/open.h"

namespace cluehound::store {
namespace {

using namespace cluehound::bench;

std::unique_ptr<Store> Open(const std::string& folder) {
  StoreOptions options;
  options.path = folder;
  auto store = OpenRocksDbStore(options);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", ToString(store.status()).c_str());
    std::exit(3);
  }
  return *std::move(store);
}

Discovery Address(const std::string& host, const std::string& path) {
  return {"http://" + host + "/" + path, host, "bench", 1, 1};
}

ClaimRequest Request(size_t max, size_t per_authority) {
  ClaimRequest request;
  request.max = max;
  request.max_per_authority = per_authority;
  request.due_until = request.now = SystemClock().Now();
  return request;
}

// ---------------------------------------------------------------- commits

extractors::Listing MakeListing(std::mt19937& random, int page, int item) {
  static const char* kWords[] = {"新款",   "热卖",     "包邮",   "正品", "加厚",   "运动鞋",
                                 "保温杯", "蓝牙耳机", "连衣裙", "书包", "台灯",   "大米",
                                 "礼盒",   "帆布包",   "键盘",   "雨伞", "收纳盒", "充电宝"};
  extractors::Listing listing;
  for (int i = 0; i < 9; ++i)
    listing.title += std::string(i > 0 ? " " : "") + kWords[random() % 18];
  listing.title += " " + std::to_string(random());
  listing.id = std::to_string(page * 1000 + item);
  listing.url = "http://item.market.example/" + listing.id + ".html";
  listing.price = std::to_string(random() % 900) + "." + std::to_string(10 + random() % 90);
  listing.currency = "CNY";
  listing.sold = static_cast<int64_t>(random() % 20000);
  listing.seller = "店铺" + std::to_string(random() % 4000) + "号旗舰店";
  listing.location = "浙江 杭州";
  listing.images = {"http://img.market.example/" + listing.id + ".jpg"};
  listing.platform = "market";
  return listing;
}

rules::Suspicion MakeSuspicion(std::mt19937& random) {
  rules::Suspicion suspicion;
  suspicion.rule = "counterfeit-wording";
  suspicion.rev = 3;
  suspicion.family = "trademark.counterfeit";
  suspicion.mark = "mark-" + std::to_string(random() % 500);
  suspicion.mark_name = "鸿雁";
  suspicion.category = "trademark";
  suspicion.behavior_code = "A01";
  suspicion.level = "high";
  suspicion.score = 40 + static_cast<int>(random() % 50);
  suspicion.score_parts = {{"仿冒措辞“高仿”", 40}, {"价格低于参考价", 15}};
  suspicion.hits = {{suspicion.rule,
                     suspicion.mark,
                     "trademark",
                     "鸿雁",
                     "title",
                     0,
                     6,
                     {"width"},
                     rules::Mode::kLead,
                     40}};
  suspicion.signs = {{"wording", "仿冒措辞", "高仿", "title", 7, 13, 40}};
  suspicion.legal_basis = {
      {"商标法", "2019", "第五十七条第（二）项", "2019-11-01", "", "verified"}};
  return suspicion;
}

void Commits(int pages, const std::string& folder) {
  auto store = Open(folder);
  constexpr int kHosts = 16;
  std::vector<Discovery> seeds;
  const auto address = [](int page) {
    return Address("h" + std::to_string(page % kHosts) + ".market.example",
                   "list-" + std::to_string(page) + ".html");
  };
  for (int page = 0; page < pages; ++page) {
    if (page % 50 != 49)
      seeds.push_back(address(page));  // the rest is found by links: one new address in 50
    if (seeds.size() == 10000 || page + 1 == pages) {
      Must(store->AddSeeds(seeds));
      seeds.clear();
    }
  }
  std::atomic<int> done = 0;
  std::atomic<int> failed = 0;
  std::atomic<int> in_flight = 0;
  const double writer_before = ThreadSeconds("store-writer");
  const double merges_before = ThreadSeconds("rocksdb");
  const auto start = Stopwatch::now();
  std::vector<std::jthread> threads;
  for (uint32_t thread = 0; thread < 2; ++thread) {
    threads.emplace_back([&, thread] {
      std::mt19937 random(thread);
      while (done < pages) {
        const auto leases = store->Claim(Request(8, 16));
        Must(leases.status());
        if (leases->empty()) std::this_thread::yield();
        for (const Lease& lease : *leases) {
          const int page = std::atoi(lease.address.url.c_str() + lease.address.url.rfind('-') + 1);
          PageCommit commit;
          commit.lease = lease;
          commit.change = PageChange::kRead;
          commit.seen = SystemClock().Now();
          commit.next_due = commit.seen + std::chrono::hours(24);
          commit.state.body_digest = Sha256(lease.address.url);
          commit.state.extractor_revision = "revision-1";
          commit.state.rule_set = std::string(64, 'a');
          commit.state.etag = "\"67ab-1234567890\"";
          for (int item = 0; item < 48; ++item)
            commit.listings.push_back(MakeListing(random, page, item));
          if (page % 2 == 0) commit.leads.push_back({0, MakeSuspicion(random)});
          // Fifty links of the same host: its neighbours.
          for (int i = -25; i < 25; ++i) {
            const int other = page + i * kHosts;
            if (other >= 0 && other < pages) commit.links.push_back(address(other));
          }
          ++in_flight;
          std::vector<PageCommit> batch;
          batch.push_back(std::move(commit));
          store->CommitPages(std::move(batch), [&](const auto& receipts) {
            failed += receipts[0].status.ok() ? 0 : 1;
            ++done;
            --in_flight;
          });
          while (in_flight > 256) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
      }
    });
  }
  threads.clear();
  store->Flush();
  const double seconds = Since(start);
  const double writer = ThreadSeconds("store-writer") - writer_before;
  const double merges = ThreadSeconds("rocksdb") - merges_before;
  const StoreStats stats = store->Stats().value();
  std::printf("%d pages in %.2f s = %.0f pages/s, %d failed\n", done.load(), seconds,
              done / seconds, failed.load());
  std::printf("writer thread %.3f ms a page, RocksDB's background %.3f ms a page\n",
              1000 * writer / done, 1000 * merges / done);
  std::printf(
      "%llu addresses, %llu listings, %llu leads; resident %zu MiB; on disk %.0f bytes a page\n",
      static_cast<unsigned long long>(stats.addresses),
      static_cast<unsigned long long>(stats.listings), static_cast<unsigned long long>(stats.leads),
      MemoryMiB(), static_cast<double>(BytesBelow(folder)) / done);
}

}  // namespace
}  // namespace cluehound::store

int main(int argc, char** argv) {
  if (argc != 3 || std::filesystem::exists(argv[2])) {
    std::fprintf(stderr, "usage: store_bench PAGES FOLDER (FOLDER must not exist)\n");
    return 2;
  }
  cluehound::store::Commits(std::atoi(argv[1]), argv[2]);
}
