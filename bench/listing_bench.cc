// An archive of made-up listings, to try rules on: `listing_bench TITLES LISTINGS STORE [SEED]`.
//
// Titles are real ones (one a line), varied as shops vary them; 60 days; 500 sources of which the
// largest has a tenth of all offers (Zipf); 50,000 sellers, as uneven; prices from 3 to 30,000 yuan
// around 80; a third has further wording; one title in 500 gets the name of a mark and the wording of
// a copy. The same arguments make the same archive.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <random>

#include "base/text.h"
#include "store/listing_archive.h"
#include "store/listing_files.h"

namespace cluehound {
namespace {

constexpr size_t kSources = 500;
constexpr size_t kSellers = 50'000;
constexpr int kDays = 60;
constexpr const char* kVariants[] = {"新款",   "黑色", "白色", "大号",
                                     "2026款", "包邮", "现货", "礼盒装"};
constexpr const char* kTexts[] = {
    "支持七天无理由退货，48 小时内发货", "材质：头层牛皮；产地：广东；适用人群：通用；货号 A-1023",
    "官方正品 假一赔十 顺丰包邮 下单请备注颜色", "规格 500g*2 保质期 12 个月 储存方式 阴凉干燥"};
constexpr const char* kMarks[] = {"耐克", "阿迪达斯", "古驰", "路易威登", "飞天茅台", "潍坊萝卜"};
constexpr const char* kPlaces[] = {"广东广州", "福建莆田", "浙江义乌", "山东潍坊", "江苏苏州"};

// Numbers from 0, of which small ones come up more often: rank r in proportion to 1 / (r + 1).
class Zipf {
 public:
  explicit Zipf(size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; ++i) sums_.push_back(sum += 1.0 / static_cast<double>(i + 1));
  }
  size_t operator()(std::mt19937_64& random) const {
    const double at = std::uniform_real_distribution<double>(0, sums_.back())(random);
    return static_cast<size_t>(std::lower_bound(sums_.begin(), sums_.end(), at) - sums_.begin());
  }

 private:
  std::vector<double> sums_;
};

std::vector<std::string> ReadTitles(const char* path) {
  std::vector<std::string> titles;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    std::string title = CollapseSpace(line);
    if (!title.empty() && IsValidUtf8(title)) titles.push_back(std::move(title));
  }
  return titles;
}

class Maker {
 public:
  Maker(std::vector<std::string> titles, uint64_t seed)
      : titles_(std::move(titles)), random_(seed) {}

  extractors::Listing Make(uint64_t number) {
    extractors::Listing listing;
    listing.found_by = extractors::FoundBy::kStateJson;
    if (Below(20) == 0) {
      listing.kind = extractors::ListingKind::kLive;
      listing.state = "live";
      listing.viewers = static_cast<int64_t>(Below(100'000));
    }
    listing.id = std::to_string(600'000'000'000 + number * 7);
    listing.url = "https://item.shop.example/item.htm?id=" + listing.id;
    listing.title = Title();
    const double price = std::exp(std::normal_distribution<double>(4.4, 1.4)(random_));
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", std::clamp(price, 3.0, 30'000.0));
    listing.price = text;
    listing.currency = "CNY";
    const size_t seller = sellers_(random_);
    listing.seller =
        std::string(kPlaces[seller % 5]) + "百货商行" + std::to_string(seller) + "号店";
    listing.seller_id = std::to_string(10'000 + seller);
    listing.location = kPlaces[Below(5)];
    if (Below(2) == 0) listing.sold = static_cast<int64_t>(Below(20'000));
    if (Below(3) == 0) listing.text = kTexts[Below(4)];
    listing.platform = "shop";
    return listing;
  }
  size_t Source() { return sources_(random_); }

 private:
  size_t Below(size_t bound) { return random_() % bound; }

  std::string Title() {
    std::string title = titles_[Below(titles_.size())];
    if (Below(3) == 0) title += std::string(" ") + kVariants[Below(8)];
    if (Below(500) == 0) title = std::string(kMarks[Below(6)]) + " 高仿 " + title;
    return title;
  }

  std::vector<std::string> titles_;
  std::mt19937_64 random_;
  const Zipf sources_{kSources}, sellers_{kSellers};
};

int Run(const char* titles, uint64_t count, const std::string& store, uint64_t seed) {
  Maker maker(ReadTitles(titles), seed);
  store::ListingArchive::Options options;
  options.max_waiting = size_t{2} << 30;
  const auto began = std::chrono::steady_clock::now();
  uint64_t lines = 0;
  {
    store::ListingArchive archive(store + "/listings", options);
    const Instant first = *ParseDay("2026-10-01");
    for (uint64_t i = 0; i < count; ++i) {
      const auto day = static_cast<int>(i * kDays / count);
      char source[16];
      std::snprintf(source, sizeof source, "s%03zu", maker.Source());
      const store::ListingFacts facts{
          first + std::chrono::hours(24) * day + std::chrono::seconds(i % 80'000), source,
          "https://s.shop.example/list?q=" + std::to_string(i / 60), "3-0123456789abcdef"};
      store::ListingArchive::Batch batch{facts.source, FormatDay(facts.at), {}, 1};
      AppendListingLine(batch.lines, maker.Make(i), facts);
      lines += batch.lines.size();
      archive.Add(std::move(batch));
      // Faster than any crawl: what waits is bounded here.
      if (i % 100'000 == 0 && archive.figures().waiting_bytes > (size_t{512} << 20)) {
        if (const Status s = archive.Flush(); !s.ok()) {
          std::fprintf(stderr, "%s\n", s.message().c_str());
          return 1;
        }
      }
    }
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const auto size = store::MeasureListings(store + "/listings");
  if (!size.ok()) return 1;
  std::printf(
      "%llu listings, %.1f MB of lines, %.1f MB packed in %llu files of %llu days, %.1f s\n",
      static_cast<unsigned long long>(count), static_cast<double>(lines) / 1e6,
      static_cast<double>(size->bytes) / 1e6, static_cast<unsigned long long>(size->files),
      static_cast<unsigned long long>(size->days), seconds);
  return 0;
}

}  // namespace
}  // namespace cluehound

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: listing_bench TITLES LISTINGS STORE [SEED]\n");
    return 2;
  }
  return cluehound::Run(argv[1], std::stoull(argv[2]), argv[3],
                        argc > 4 ? std::stoull(argv[4]) : 1);
}
