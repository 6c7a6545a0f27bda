// What the frontier costs at scale: a store that knows many millions of addresses, and nothing else.
//
//   frontier_bench grow ADDRESSES FOLDER   makes them known, each followed by one that is known already, from two
//                                          threads with synced groups, and ends as if it were killed
//   frontier_bench ask FOLDER              on what `grow` left: start, first claim, claims, giving back, start again
//   frontier_bench queue TAKES FOLDER      takes and reschedules the addresses of one host over and over
//
// The world: 100,001 hosts. One has 30 % of all addresses, the others share the rest by Zipf's law. Addresses look like
// those of Chinese shops (90 to 260 bytes). They become due over 30 days, in the order in which they were found.
// `grow` and `queue` want a folder that does not exist; all of them leave it behind.
#include <atomic>
#include <cmath>
#include <iterator>
#include <random>
#include <thread>

#include "base/url.h"
#include "bench/measure.h"
#include "store/open.h"

namespace cluehound::store {
namespace {

using namespace cluehound::bench;
namespace fs = std::filesystem;

constexpr uint64_t kSmallHosts = 100'000;
constexpr size_t kBatch = 10'000;  // as many links as some 200 pages bring
constexpr auto kDays = std::chrono::hours(24 * 30);
const Instant kStart = FromMillis(1'790'000'000'000);

class ScaledClock final : public Clock {
 public:
  Instant Now() const override { return FromMillis(now_.load()); }
  void Set(Instant now) { now_ = ToMillis(now); }

 private:
  std::atomic<int64_t> now_ = ToMillis(kStart);
};

std::unique_ptr<Store> Open(const std::string& folder, const Clock& clock) {
  StoreOptions options;
  options.path = folder;
  options.clock = &clock;
  auto store = OpenRocksDbStore(options);
  Must(store.status());
  return *std::move(store);
}

// ---------------------------------------------------------------- the world

uint64_t Mixed(uint64_t n) {  // splitmix64
  n += 0x9E3779B97F4A7C15;
  n = (n ^ (n >> 30)) * 0xBF58476D1CE4E5B9;
  n = (n ^ (n >> 27)) * 0x94D049BB133111EB;
  return n ^ (n >> 31);
}

double Fraction(uint64_t bits) { return static_cast<double>(bits >> 11) / 9007199254740992.0; }

const char* const kTerms[] = {"运动鞋男春季新款", "高仿包包女",   "蓝牙耳机降噪", "连衣裙夏季",
                              "保温杯大容量",     "冲锋衣三合一", "手表机械",     "化妆品套装",
                              "茶叶礼盒",         "充电宝快充"};

// What follows the host, of address n of the world.
std::string Path(uint64_t n, uint64_t bits) {
  const std::string id = std::to_string(600'000'000'000 + n * 7919 % 300'000'000'000);
  const std::string category = std::to_string(50'000'000 + bits % 4000);
  switch (bits >> 60) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
      return "/item.htm?id=" + id +
             "&skuId=" + std::to_string(4'900'000'000'000 + bits % 999'999'999'999) +
             "&ns=1&abbucket=" + std::to_string(bits % 20);
    case 7:
    case 8:
    case 9:
      return "/offer/" + id + ".html?offerId=" + id + "&sortType=default&pageId=" +
             Hex(std::string_view(reinterpret_cast<const char*>(&bits), 8));
    case 10:
    case 11:
      return "/category-" + category +
             ".htm?search=y&catName=" + PercentEncode(kTerms[bits % std::size(kTerms)]) +
             "&orderType=hotsell_desc&pageNo=" + std::to_string(n % 97);
    case 12:
    case 13:
      return "/search/list/" + category +
             "?keywords=" + PercentEncode(kTerms[bits % std::size(kTerms)]) +
             "&priceStart=" + std::to_string(bits % 300) +
             "&priceEnd=" + std::to_string(300 + bits % 3000) + "&beginPage=" + std::to_string(n) +
             "&featurePair=3216:" + std::to_string(bits % 100000);
    default:
      return "/shop/" + category + "/goods/detail/" + id + ".html";
  }
}

Discovery AddressOf(uint64_t n) {
  const uint64_t bits = Mixed(n);
  const double part = Fraction(bits);
  std::string host = "www.giant-mall.example";
  if (part >= 0.3) {
    // Zipf with exponent 1: the rank grows exponentially.
    const double rank = std::pow(static_cast<double>(kSmallHosts), (part - 0.3) / 0.7);
    host = "shop" + std::to_string(Mixed(static_cast<uint64_t>(rank)) % 1'000'000'000) +
           ".market.example";
  }
  return {"https://" + host + Path(n, Mixed(bits)), host, "bench",
          static_cast<uint16_t>(1 + bits % 6), 1};
}

// ---------------------------------------------------------------- grow

void Grow(uint64_t addresses, const std::string& folder) {
  ScaledClock clock;
  const auto store = Open(folder, clock);
  std::printf("%10s %12s %10s %12s %12s %10s %14s\n", "addresses", "puts/s", "RSS MiB",
              "bytes/addr", "writer s", "merge s", "text bytes");
  std::atomic<uint64_t> next = 0;
  std::atomic<uint64_t> text = 0;
  const uint64_t step = std::max<uint64_t>(addresses / 20, kBatch * 10);
  for (uint64_t from = 0; from < addresses; from += step) {
    const uint64_t to = std::min(addresses, from + step);
    const auto start = Stopwatch::now();
    const double writer = ThreadSeconds("store-writer");
    const double merges = ThreadSeconds("rocksdb");
    next = from;
    std::vector<std::jthread> threads;
    for (uint64_t thread = 0; thread < 2; ++thread) {
      threads.emplace_back([&, thread] {
        std::mt19937_64 random(from * 2 + thread);
        while (true) {
          const uint64_t begin = next.fetch_add(kBatch / 2);
          if (begin >= to) return;
          std::vector<Discovery> batch;
          for (uint64_t n = begin; n < std::min(to, begin + kBatch / 2); ++n) {
            batch.push_back(AddressOf(n));
            text += batch.back().url.size();
            batch.push_back(AddressOf(random() % (begin + 1)));
          }
          const double part = static_cast<double>(begin) / static_cast<double>(addresses);
          clock.Set(kStart + Duration(static_cast<int64_t>(
                                 part * static_cast<double>(Duration(kDays).count()))));
          Must(store->AddSeeds(batch));
        }
      });
    }
    threads.clear();
    std::printf("%10llu %12.0f %10zu %12.1f %12.1f %10.1f %14.1f\n",
                static_cast<unsigned long long>(to),
                2 * static_cast<double>(to - from) / Since(start), MemoryMiB(),
                static_cast<double>(BytesBelow(folder)) / static_cast<double>(to),
                ThreadSeconds("store-writer") - writer, ThreadSeconds("rocksdb") - merges,
                static_cast<double>(text) / static_cast<double>(to));
    std::fflush(stdout);
  }
  std::printf("known: %llu; most memory %zu MiB\n",
              static_cast<unsigned long long>(store->Stats()->addresses), MemoryMiB("VmHWM"));
  std::fflush(stdout);
  ::_exit(0);  // nothing is closed, so that the next start has something to recover
}

// ---------------------------------------------------------------- ask

ClaimRequest Request(Instant due_until, size_t per_authority) {
  ClaimRequest request;
  request.max = 64;
  request.max_per_authority = per_authority;
  request.due_until = due_until;
  request.now = kStart + kDays;
  return request;
}

// Commits leases as fetches that failed: an address with a new time, and the shortest page state.
void GiveBack(Store& store, std::vector<Lease> leases, Instant due,
              std::atomic<size_t>& under_way) {
  std::vector<PageCommit> pages;
  for (Lease& lease : leases) {
    PageCommit commit;
    commit.lease = std::move(lease);
    commit.change = PageChange::kFailed;
    commit.outcome = Outcome::kTimeout;
    commit.next_due = due;
    pages.push_back(std::move(commit));
  }
  under_way += pages.size();
  store.CommitPages(std::move(pages), [&under_way](const auto& receipts) {
    for (const CommitReceipt& receipt : receipts) Must(receipt.status);
    under_way -= receipts.size();
  });
}

void MeasureStart(const std::string& folder, const Clock& clock, const char* how,
                  Instant due_until) {
  auto start = Stopwatch::now();
  const auto store = Open(folder, clock);
  const double open = Since(start);
  start = Stopwatch::now();
  const auto first = store->Claim(Request(due_until, 8));
  Must(first.status());
  const double claim = Since(start);
  start = Stopwatch::now();
  Must(store->NextDue({}).status());
  std::printf("start (%s): %.3f s; first claim of %zu: %.3f s; NextDue %.3f s; memory %zu MiB\n",
              how, open, first->size(), claim, Since(start), MemoryMiB());
  store->Release(*first);
}

void Ask(const std::string& folder) {
  ScaledClock clock;
  clock.Set(kStart + kDays);
  const Instant half = kStart + kDays / 2;  // half of the addresses are due
  MeasureStart(folder, clock, "as after kill -9", half);
  MeasureStart(folder, clock, "clean", half);

  const auto store = Open(folder, clock);
  for (const size_t per_authority : {size_t{16}, size_t{1000}}) {
    std::vector<Lease> leases;
    Latencies latencies;
    const auto start = Stopwatch::now();
    while (leases.size() < 100'000) {
      const auto one = Stopwatch::now();
      auto some = store->Claim(Request(half, per_authority));
      Must(some.status());
      latencies.Add(Since(one));
      if (some->empty()) break;
      std::move(some->begin(), some->end(), std::back_inserter(leases));
    }
    std::printf("%zu takes, 64 at a time, at most %zu a host: %.0f takes/s; %s\n", leases.size(),
                per_authority, static_cast<double>(leases.size()) / Since(start),
                latencies.Text().c_str());
    store->Release(leases);
  }

  // As a crawl does it: what was taken comes back with another time, in synced groups.
  Latencies latencies;
  std::atomic<size_t> under_way = 0;
  size_t taken = 0;
  const auto start = Stopwatch::now();
  while (taken < 500'000) {
    const auto one = Stopwatch::now();
    auto some = store->Claim(Request(half, 64));
    Must(some.status());
    latencies.Add(Since(one));
    taken += some->size();
    if (some->empty() && under_way == 0) break;
    if (!some->empty()) GiveBack(*store, *std::move(some), kStart + 2 * kDays, under_way);
    while (under_way > 4096) std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  store->Flush();
  std::printf("%zu taken and rescheduled, synced: %.0f/s; claims of 64: %s\n", taken,
              static_cast<double>(taken) / Since(start), latencies.Text().c_str());
  const double known = static_cast<double>(store->Stats()->addresses);
  std::printf("on disk: %.1f bytes an address; most memory %zu MiB\n",
              static_cast<double>(BytesBelow(folder)) / known, MemoryMiB("VmHWM"));
}

// ---------------------------------------------------------------- queue

// The trap of queues on RocksDB: every take deletes at the head, and who comes next walks over what was deleted.
void Queue(uint64_t takes, const std::string& folder) {
  constexpr uint64_t kAddresses = 100'000;
  ScaledClock clock;
  auto store = Open(folder, clock);
  std::vector<Discovery> batch;
  for (uint64_t n = 0; n < kAddresses; ++n) {
    const std::string host = "www.giant-mall.example";
    batch.push_back({"https://" + host + Path(n, Mixed(n)), host, "bench", 1, 1});
    if (batch.size() == kBatch || n + 1 == kAddresses) {
      Must(store->AddSeeds(batch));
      batch.clear();
    }
  }
  std::atomic<size_t> under_way = 0;
  Instant due = kStart;
  uint64_t taken = 0;
  while (taken < takes) {
    Latencies latencies;
    const auto start = Stopwatch::now();
    for (uint64_t until = std::min(takes, taken + takes / 10); taken < until;) {
      const auto one = Stopwatch::now();
      auto some = store->Claim(Request(Instant::max(), 4096));
      Must(some.status());
      if (some->empty()) continue;
      latencies.Add(Since(one));
      taken += some->size();
      due += Duration(1000);
      GiveBack(*store, *std::move(some), due, under_way);
      while (under_way > 1024) std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    const double seconds = Since(start);
    // Restarted, the frontier has forgotten where it was in the queue.
    store->Flush();
    store.reset();
    store = Open(folder, clock);
    const auto one = Stopwatch::now();
    const auto first = store->Claim(Request(Instant::max(), 64));
    Must(first.status());
    const double claim = Since(one);
    store->Release(*first);
    std::printf("%8llu takes: the last %.0f/s, %s; first after a restart %.3f ms\n",
                static_cast<unsigned long long>(taken), static_cast<double>(takes) / 10 / seconds,
                latencies.Text().c_str(), 1000 * claim);
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace cluehound::store

int main(int argc, char** argv) {
  using namespace cluehound::store;
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "ask" && argc == 3) {
    Ask(argv[2]);
    return 0;
  }
  if ((what != "grow" && what != "queue") || argc != 4 || fs::exists(argv[3])) {
    std::fprintf(stderr,
                 "usage: frontier_bench grow|queue NUMBER FOLDER, where FOLDER does not exist\n"
                 "       frontier_bench ask FOLDER\n");
    return 2;
  }
  const uint64_t number = std::strtoull(argv[2], nullptr, 10);
  if (what == "grow") {
    Grow(number, argv[3]);
  } else {
    Queue(number, argv[3]);
  }
  return 0;
}
