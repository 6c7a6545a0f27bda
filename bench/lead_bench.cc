// Leads by the million: what ingest, lists and counts cost.
//
//   lead_bench LEADS SECONDS FOLDER   brings LEADS into a new store, for SECONDS at most, as a crawl does
//                                     (pages, synced groups), with decisions, while another thread asks
//                                     every query of the table in turn; then opens the store again
//   lead_bench ask FOLDER SECONDS     the table alone, on a store that is there
//   lead_bench more FOLDER SECONDS    goes on bringing leads into a store that is there, and asks meanwhile
//
// Skew: sellers and marks by Zipf, 2 % decided, twelve counties and unknown, forty sources, a year.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>

#include "store/open.h"

namespace cluehound::store {
namespace {

using Timer = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr int kSellers = 200000;
constexpr int kMarks = 650;
constexpr int kLeadsAPage = 8;
const Instant kFirstDay = *ParseDay("2026-01-01");

double Since(Timer::time_point start) {
  return std::chrono::duration<double>(Timer::now() - start).count();
}

size_t StatusMiB(const char* field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field))
      return std::strtoul(line.c_str() + line.find(':') + 1, nullptr, 10) / 1024;
  }
  return 0;
}

double BytesBelow(const fs::path& folder) {
  double bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    std::error_code error;  // files come and go
    const auto size = entry.file_size(error);
    if (!error && entry.is_regular_file(error)) bytes += static_cast<double>(size);
  }
  return bytes;
}

template <class T>
T Must(Result<T> result) {
  if (result.ok()) return *std::move(result);
  std::fprintf(stderr, "%s\n", ToString(result.status()).c_str());
  std::exit(3);
}

// 0 is drawn most often, n half, a third ... as often.
class Zipf {
 public:
  explicit Zipf(int n) {
    double sum = 0;
    for (int i = 1; i <= n; ++i) sums_.push_back(sum += 1.0 / i);
  }
  int operator()(std::mt19937& random) const {
    const double at = std::uniform_real_distribution<double>(0, sums_.back())(random);
    return static_cast<int>(std::lower_bound(sums_.begin(), sums_.end(), at) - sums_.begin());
  }

 private:
  std::vector<double> sums_;
};

std::string Mark(int n) { return "mark-" + std::to_string(n); }
std::string Seller(int n) { return "示例商行" + std::to_string(n) + "号店"; }
std::string County(int n) { return "示例县" + std::to_string(n); }
std::string Category(int mark) {
  return mark % 10 == 3 ? "gi" : mark % 50 == 7 ? "special_mark" : "trademark";
}

class World {
 public:
  explicit World(unsigned seed) : random_(seed) {}
  PageCommit Page(uint64_t number, Instant seen) {
    PageCommit commit;
    commit.change = PageChange::kRead;
    commit.seen = seen;
    const std::string host = "h" + std::to_string(number % 240) + ".market.example";
    commit.lease.address = {"http://" + host + "/list-" + std::to_string(number) + ".html", host,
                            "source-" + std::to_string(number % 40), 1, 1};
    commit.state.body_digest = Sha256(commit.lease.address.url);
    commit.state.extractor_revision = "revision-1";
    commit.state.rule_set = std::string(64, 'a');
    for (uint32_t i = 0; i < kLeadsAPage; ++i) Add(commit, number, i);
    if (number % 50 == 0) {
      for (store::LeadDraft& draft : commit.leads)
        draft.campaign = "专项" + std::to_string(number / 100000 % 10);
    }
    return commit;
  }

 private:
  uint32_t Pick(uint32_t n) { return static_cast<uint32_t>(random_() % n); }

  void Add(PageCommit& commit, uint64_t number, uint32_t i) {
    static const char* kWords[] = {
        "新款", "热卖", "包邮", "正品",   "加厚", "运动鞋", "保温杯", "蓝牙耳机", "连衣裙", "书包",
        "台灯", "大米", "礼盒", "帆布包", "键盘", "雨伞",   "收纳盒", "充电宝",   "原单",   "尾货",
        "同款", "高仿", "专柜", "代购",   "西瓜", "萝卜",   "苹果",   "风筝"};
    const int mark = marks_(random_);
    const int seller = sellers_(random_);
    extractors::Listing listing;
    listing.title = "牌子" + std::to_string(mark);
    for (int word = 0; word < 7; ++word) listing.title += std::string(" ") + kWords[Pick(28)];
    listing.title += " 货号" + std::to_string(Pick(100000));
    listing.id = std::to_string(number * 1000 + i);
    listing.price = std::to_string(Pick(900)) + ".00";
    listing.currency = "CNY";
    listing.seller = Seller(seller);
    listing.seller_id = std::to_string(7000000 + seller);
    listing.platform = "platform-" + std::to_string(seller % 6);
    listing.url = "http://item.market.example/" + listing.id + ".html";
    rules::Suspicion suspicion;
    suspicion.mark = Mark(mark);
    suspicion.mark_name = "牌子" + std::to_string(mark);
    suspicion.category = Category(mark);
    suspicion.rule = "rule-" + std::to_string(mark % 60);
    suspicion.rev = 3;
    suspicion.family = "trademark.counterfeit";
    suspicion.level = "high";
    suspicion.score = 30 + static_cast<int>(Pick(50)) + (Pick(20) == 0 ? 15 : 0);
    suspicion.score_parts = {{"仿冒措辞“高仿”", 40}, {"价格低于参考价", 15}};
    suspicion.hits = {{suspicion.rule,
                       suspicion.mark,
                       suspicion.category,
                       suspicion.mark_name,
                       "title",
                       0,
                       7,
                       {"width"},
                       rules::Mode::kLead,
                       40}};
    suspicion.signs = {{"wording", "仿冒措辞", "高仿", "title", 7, 13, 40}};
    suspicion.legal_basis = {
        {"商标法", "2019", "第五十七条第（二）项", "2019-11-01", "", "verified"}};
    LeadDraft draft{i, std::move(suspicion), {}};
    if (Pick(10) < 6) {
      draft.jurisdiction.place = Jurisdiction::Place::kHere;
      draft.jurisdiction.county = County(seller % 12);
    }
    commit.listings.push_back(std::move(listing));
    commit.leads.push_back(std::move(draft));
  }

  std::mt19937 random_;
  Zipf sellers_{kSellers};
  Zipf marks_{kMarks};
};

// ---------------------------------------------------------------- queries

struct Query {
  std::string name;
  std::function<Status(Store&, std::mt19937&)> ask;
};

template <class F>
LeadFilter Where(F set) {
  LeadFilter filter;
  set(filter);
  return filter;
}

Query List(std::string name, std::function<void(LeadFilter&, std::mt19937&)> set, int pages = 1) {
  return {std::move(name), [set, pages](Store& store, std::mt19937& random) -> Status {
            const auto filter = Where([&](auto& f) { set(f, random); });
            std::string after;
            for (int page = 0; page < pages && (page == 0 || !after.empty()); ++page) {
              ASSIGN_OR_RETURN(const auto leads, store.QueryLeads(filter, {}, after, 50));
              after = leads.next;
            }
            return Status::Ok();
          }};
}

Query Count(std::string name, std::function<void(LeadFilter&, std::mt19937&)> set) {
  return {"count: " + name, [set](Store& store, std::mt19937& random) {
            return store.CountLeads(Where([&](auto& f) { set(f, random); }), {}).status();
          }};
}

Query Rows(std::string name, std::function<void(LeadFilter&, std::mt19937&)> set, int skip = 0,
           const Scope& scope = {}) {
  return {"rows: " + name, [set, skip, scope](Store& store, std::mt19937& random) -> Status {
            const auto filter = Where([&](auto& f) { set(f, random); });
            std::string after;
            for (int page = 0; page <= skip && (page == 0 || !after.empty()); ++page) {
              ASSIGN_OR_RETURN(const auto rows, store.QueryRows(filter, scope, after, 50));
              after = rows.next;
            }
            return Status::Ok();
          }};
}

std::vector<Query> Table(std::atomic<int64_t>& now) {
  static const Zipf marks(kMarks);
  static const Zipf sellers(kSellers);
  const auto all = [](auto&, auto&) {};
  const auto today = [&now](auto& f, auto&) { f.day = FormatDay(FromMillis(now)); };
  const auto mark = [](auto& f, auto& r) { f.mark = Mark(marks(r)); };
  const auto seller = [](auto& f, auto& r) { f.seller = Seller(sellers(r)); };
  const auto county = [](auto& f, auto& r) { f.county = County(static_cast<int>(r() % 12)); };
  const auto open = [](auto& f, auto&) { f.status = LeadStatus::kNew; };
  const auto ours = [](auto& f, auto&) {  // what an officer's morning begins with
    f.status = LeadStatus::kNew;
    f.where = LeadFilter::Where::kHere;
  };
  const auto checking = [](auto& f, auto&) { f.status = LeadStatus::kChecking; };
  const auto rare = [](auto& f, auto&) { f.category = "special_mark"; };
  const auto last = [](auto& f, auto&) { f.sort = LeadSort::kLastSeen; };
  const auto model = [](auto& f, auto& r) {
    f.text = "货号" + std::to_string(10000 + r() % 90000);
  };
  const auto brand = [](auto& f, auto& r) { f.text = "牌子" + std::to_string(100 + r() % 500); };
  const auto word = [](auto& f, auto&) { f.text = "高仿"; };
  const auto two = [](auto& f, auto&) { f.text = "高仿 风筝"; };
  const auto both = [](auto a, auto b) { return [a, b](auto& f, auto& r) { a(f, r), b(f, r); }; };
  return {List("all", all),
          List("all, last seen first", last),
          List("day", today),
          List("status new", open),
          List("status checking", checking),
          List("category", rare),
          List("mark", mark),
          List("rule", [](auto& f, auto& r) { f.rule = "rule-" + std::to_string(r() % 60); }),
          List("source", [](auto& f, auto& r) { f.source = "source-" + std::to_string(r() % 40); }),
          List("platform", [](auto& f, auto&) { f.platform = "platform-2"; }),
          List("seller", seller),
          List("county", county),
          List("officer", [](auto& f, auto&) { f.officer = "uid-2"; }),
          List("campaign", [](auto& f, auto&) { f.campaign = "专项0"; }),
          List("score from 90", [](auto& f, auto&) { f.score_from = 90; }),
          List("county, new", both(county, open)),
          List("county, checking", both(county, checking)),
          List("mark, checking", both(mark, checking)),
          List("day, county", both(today, county)),
          List("day, status", both(today, open)),
          List("category, county", both(rare, county)),
          List("mark, platform", both(mark, [](auto& f, auto&) { f.platform = "platform-3"; })),
          List("rule, source",
               [](auto& f, auto& r) {
                 f.rule = "rule-" + std::to_string(r() % 60);
                 f.source = "source-" + std::to_string(r() % 40);
               }),
          List("mark, county", both(mark, county)),
          List("seller, mark", both(seller, mark)),
          List("county, checking, category", both(both(county, checking), rare)),
          List("mark, county, checking", both(both(mark, county), checking)),
          List("county, new, last seen first", both(both(county, open), last)),
          List("seller, last seen first", both(seller, last)),
          List("text, some leads", model),
          List("text, a name", brand),
          List("text, a common word", word),
          List("text, two common words", two),
          List("text, county", both(word, county)),
          List("text, last seen first", both(two, last)),
          Count("all", all),
          Count("county, new", both(county, open)),
          Count("mark, county", both(mark, county)),
          Count("category, county", both(rare, county)),
          Count("text, a name", brand),
          Count("text, common, county", both(word, county)),
          Rows("all", all),
          Rows("today", today),
          Rows("county, new", both(county, open)),
          Rows("here, new", ours),
          Rows("here, new, to a county's officer", ours, 0, Scope{County(3)}),
          Rows("mark", mark),
          Rows("twenty pages on (of all twenty)", all, 19)};
}

// ---------------------------------------------------------------- the run

class Asker {
 public:
  Asker(Store& store, std::atomic<int64_t>& now) : store_(store), queries_(Table(now)) {}

  // Once each, in turn.
  void Round(std::chrono::milliseconds pause) {
    for (const Query& query : queries_) {
      const auto start = Timer::now();
      const Status status = query.ask(store_, random_);
      const double ms = 1000 * Since(start);
      if (!status.ok()) std::fprintf(stderr, "%s\n", ToString(status).c_str());
      {
        const std::lock_guard lock(mutex_);
        times_[query.name].push_back(ms);
      }
      if (stop) return;
      std::this_thread::sleep_for(pause);
    }
  }

  // And forgets what was measured.
  void Print(const char* when) {
    const std::lock_guard lock(mutex_);
    std::printf("\n%s\n%-42s %8s %8s %8s %6s\n", when, "query", "p50 ms", "p99 ms", "max ms", "n");
    for (const Query& query : queries_) {
      auto& times = times_[query.name];
      if (times.empty()) continue;
      std::sort(times.begin(), times.end());
      const auto at = [&](double share) {
        return times[std::min(times.size() - 1,
                              static_cast<size_t>(share * static_cast<double>(times.size())))];
      };
      std::printf("%-42s %8.1f %8.1f %8.1f %6zu\n", query.name.c_str(), at(0.5), at(0.99),
                  times.back(), times.size());
    }
    times_.clear();
    std::fflush(stdout);
  }

  std::atomic<bool> stop = false;

 private:
  Store& store_;
  const std::vector<Query> queries_;
  std::mt19937 random_{5};
  std::mutex mutex_;
  std::map<std::string, std::vector<double>> times_;
};

std::unique_ptr<Store> Open(const std::string& folder) {
  StoreOptions options;
  options.path = folder;
  return Must(OpenRocksDbStore(options));
}

// Some of a mark's undecided leads, in one decision.
void DecideSome(Store& store, std::mt19937& random, Instant at, size_t some) {
  static const Zipf marks(kMarks);
  const auto page = Must(store.QueryLeads(Where([&](auto& f) {
                                            f.mark = Mark(marks(random));
                                            f.status = LeadStatus::kNew;
                                          }),
                                          {}, "", some));
  std::vector<Decision> decisions;
  for (const Lead& lead : page.leads) {
    Decision decision;
    decision.lead = lead.id;
    decision.expected_revision = lead.revision;
    decision.status = random() % 2 == 0 ? LeadStatus::kChecking : LeadStatus::kRuledOut;
    decision.reason = decision.status == LeadStatus::kChecking ? "suspected" : "fair_use";
    decision.actor = {"uid-" + std::to_string(random() % 20), ""};
    decision.at = at;
    decisions.push_back(std::move(decision));
  }
  if (!decisions.empty()) Must(store.DecideAll(decisions, {}, ""));
}

// Brings the pages of a year, of which the first has this number, at most so many and for so long.
void Ingest(uint64_t first, uint64_t leads, double seconds, Instant year,
            const std::string& folder) {
  std::atomic<int64_t> now = ToMillis(year);
  auto store = Open(folder);
  Asker asker(*store, now);
  std::atomic<uint64_t> done = 0;
  std::jthread asking([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && !asker.stop) asker.Round(std::chrono::milliseconds(10));
  });
  World world(static_cast<unsigned>(first) + 1);
  std::mt19937 random(static_cast<unsigned>(first) + 9);
  const uint64_t pages = leads / kLeadsAPage;
  const auto start = Timer::now();
  auto lap = Timer::now();
  uint64_t lap_done = 0;
  std::atomic<int> in_flight = 0;
  for (uint64_t number = first; number < first + pages && Since(start) < seconds; ++number) {
    const double share = static_cast<double>(number - first) / static_cast<double>(pages);
    const Instant seen =
        year + std::chrono::milliseconds(static_cast<int64_t>(share * 365 * 86400000));
    now = ToMillis(seen);
    ++in_flight;
    std::vector<PageCommit> batch;
    batch.push_back(world.Page(number, seen));
    store->CommitPages(std::move(batch), [&](const auto& receipts) {
      done += receipts[0].new_leads;
      --in_flight;
    });
    while (in_flight > 256) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (number % 250 == 249) DecideSome(*store, random, seen, 2000 * 2 / 100);
    if (Since(lap) > 60) {
      std::printf("%llu leads after %.0f s: %.0f leads/s; resident %zu MiB, on disk %.2f GiB\n",
                  static_cast<unsigned long long>(done.load()), Since(start),
                  static_cast<double>(done - lap_done) / Since(lap), StatusMiB("VmRSS"),
                  BytesBelow(folder) / (1u << 30));
      std::fflush(stdout);
      lap = Timer::now();
      lap_done = done;
      if (number - first < pages * 9 / 10) asker.Print("so far");
    }
  }
  store->Flush();
  const double took = Since(start);
  asker.stop = true;
  asking.request_stop();
  asking.join();
  std::printf("%llu leads in %.0f s: %.0f leads/s, synced\n",
              static_cast<unsigned long long>(done.load()), took, static_cast<double>(done) / took);
  asker.Print("during ingest, the last part of it");
}

void AskFor(Store& store, Instant today, double seconds) {
  std::atomic<int64_t> now = ToMillis(today);
  Asker asker(store, now);
  for (const auto start = Timer::now(); Since(start) < seconds;)
    asker.Round(std::chrono::milliseconds(0));
  asker.Print("at rest");
}

void Ask(const std::string& folder, Instant today, double seconds) {
  auto again = Timer::now();
  const auto store = Open(folder);
  Must(store->CountLeads(Where([](auto& f) { f.mark = Mark(0); }), {}));
  std::printf("open and first count: %.3f s\n", Since(again));
  const double leads = static_cast<double>(Must(store->Stats()).leads);
  std::printf("%.0f leads; on disk %.2f GiB, %.0f bytes a lead; peak memory %zu MiB\n", leads,
              BytesBelow(folder) / (1u << 30), BytesBelow(folder) / leads, StatusMiB("VmHWM"));
  AskFor(*store, today, seconds);
}

}  // namespace
}  // namespace cluehound::store

int main(int argc, char** argv) {
  using namespace cluehound::store;
  const std::string what = argc == 4 ? argv[1] : "";
  if (what == "ask") {
    Ask(argv[2], kFirstDay + std::chrono::hours(24), std::atof(argv[3]));
  } else if (what == "more") {  // pages far behind those that are there
    const uint64_t known = Must(Open(argv[2])->Stats()).leads;
    Ingest((uint64_t{1} << 30) + known, uint64_t{1} << 30, std::atof(argv[3]),
           kFirstDay + std::chrono::hours(365 * 24), argv[2]);
  } else if (argc == 4 && !std::filesystem::exists(argv[3])) {
    Ingest(0, std::strtoull(argv[1], nullptr, 10), std::atof(argv[2]), kFirstDay, argv[3]);
    std::printf("peak memory %zu MiB\n", StatusMiB("VmHWM"));
    Ask(argv[3], kFirstDay + std::chrono::hours(24), 20);
  } else {
    std::fprintf(stderr,
                 "usage: lead_bench LEADS SECONDS FOLDER (which must not exist) | ask FOLDER "
                 "SECONDS | more FOLDER SECONDS\n");
    return 2;
  }
  return 0;
}
