#include "extractors/record_miner.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "extractors/amount.h"
#include "extractors/words.h"

namespace cluehound::extractors {
namespace {

constexpr size_t kFewestCards = 4;
constexpr int kMaxLevels = 10;           // between a price and its card
constexpr uint32_t kMaxPriceNodes = 10;  // elements and texts of a price: sign, number, unit
constexpr size_t kMaxPriceBytes = 40;
constexpr uint32_t kMaxCardNodes = 600;
constexpr size_t kFewestTitleBytes = 6;  // two Chinese characters
constexpr size_t kMaxPrices = 5000;

bool ContainsAny(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return FindIgnoreAsciiCase(text, word) != std::string_view::npos;
  });
}

bool ClassSays(const HtmlNode& node, std::initializer_list<std::string_view> words) {
  const std::string_view value = node.attribute("class");
  return !value.empty() && ContainsAny(value.substr(0, 200), words);
}

// The build of an element: cards of one list share it. Classes that tell its place in the list, and
// numbered ones, are no part of it.
uint64_t BuildOf(const HtmlNode& node) {
  uint64_t build = node.tag();
  for (const std::string_view name :
       SplitAscii(node.attribute("class").substr(0, 200), " \t\r\n")) {
    if (name.find_first_of("0123456789") != std::string_view::npos) continue;
    static constexpr std::string_view kPlaces[] = {"first", "last", "odd",     "even",   "alt",
                                                   "on",    "cur",  "current", "active", "hover"};
    if (std::find(std::begin(kPlaces), std::end(kPlaces), name) != std::end(kPlaces)) continue;
    build += HashName(name);  // in any order
  }
  return build;
}

bool IsOldPrice(const HtmlNode& node) {
  static const TagId kDel = TagFromName("del");
  static const TagId kS = TagFromName("s");
  static const TagId kStrike = TagFromName("strike");
  return node.Is(kDel) || node.Is(kS) || node.Is(kStrike) ||
         ClassSays(node, {"old", "del", "market", "origin", "was", "through", "ref-price"});
}

class Miner {
 public:
  Miner(const HtmlDocument& document, AddressResolver& addresses)
      : document_(document), addresses_(addresses) {}

  std::vector<Listing> Run(size_t limit) {
    FindPrices();
    if (prices_.size() < kFewestCards) return {};
    const uint64_t build = FindBuild();
    if (build == 0) return {};
    std::vector<Listing> listings;
    uint32_t behind = 0;
    for (const HtmlNode& price : prices_) {
      const HtmlNode card = CardOf(price, build);
      if (!card || card.index() < behind || listings.size() == limit) continue;
      behind = card.end();
      Listing listing = Read(card);
      if (!listing.title.empty()) listings.push_back(std::move(listing));
    }
    return AreOffers(listings) ? std::move(listings) : std::vector<Listing>();
  }

 private:
  // The elements that hold a price and nothing else, as far up as that holds.
  void FindPrices() {
    document_.AddWork(document_.size());
    uint32_t behind = 0;
    for (uint32_t i = 1; i < document_.size() && prices_.size() < kMaxPrices; ++i) {
      const HtmlNode text = document_.node(i);
      if (!text.is_text() || i < behind || text.text().size() > 4 * kMaxPriceBytes) continue;
      if (text.text().find_first_of("0123456789") == std::string_view::npos) continue;
      HtmlNode price;
      for (HtmlNode at = text.parent(); at && at.is_element(); at = at.parent()) {
        if (at.end() - at.index() > kMaxPriceNodes) break;
        // The number may stand apart from its sign, so that only the box of both is a price.
        if (IsPrice(at)) price = at;
      }
      if (!price) continue;
      behind = price.end();
      prices_.push_back(price);
    }
  }

  // With a sign of money, or called a price by its class or its parent's.
  static bool IsPrice(const HtmlNode& node) {
    const std::string words = node.Text(kMaxPriceBytes + 1);
    if (words.size() > kMaxPriceBytes || ParsePlainPrice(words).low.empty()) return false;
    if (IsOldPrice(node)) return false;
    return words.find_first_not_of("0123456789.,- ") != std::string::npos ||
           ClassSays(node, {"price", "jiage"}) ||
           (node.parent() && ClassSays(node.parent(), {"price", "jiage"}));
  }

  // The build of element that most often holds a price and has a parent of one build: the cards.
  // The innermost one, for what stands around cards holds prices as well.
  uint64_t FindBuild() {
    struct Tally {
      size_t cards = 0;
      uint32_t last = 0;  // card
      int level = 0;
    };
    std::unordered_map<uint64_t, Tally> tallies;
    for (const HtmlNode& price : prices_) {
      HtmlNode at = price;
      for (int level = 0; level < kMaxLevels; ++level, at = at.parent()) {
        const HtmlNode parent = at.parent();
        if (!parent || !parent.is_element() || at.end() - at.index() > kMaxCardNodes) break;
        Tally& tally = tallies[Key(at)];
        if (tally.cards > 0 && tally.last == at.index()) continue;
        ++tally.cards;
        tally.last = at.index();
        tally.level = std::max(tally.level, level);
        document_.AddWork(4);
      }
    }
    uint64_t best = 0;
    for (const auto& [key, tally] : tallies) {
      if (tally.cards < kFewestCards || tally.cards * 2 < prices_.size()) continue;
      // Not the price's own box but what holds title and picture, too; of those the innermost.
      if (!HoldsOffer(document_.node(tally.last))) continue;
      if (best == 0 || tally.level < tallies[best].level ||
          (tally.level == tallies[best].level && key < best)) {
        best = key;
      }
    }
    return best;
  }

  static uint64_t Key(const HtmlNode& card) {
    return (BuildOf(card) ^ (uint64_t{card.parent().tag()} << 32)) | 1;
  }

  static bool HoldsOffer(const HtmlNode& card) {
    static const TagId kImg = TagFromName("img");
    static const TagId kA = TagFromName("a");
    bool picture = false;
    bool link = false;
    for (uint32_t i = card.index(); i < card.end(); ++i) {
      picture |= card.document().node(i).Is(kImg);
      link |= card.document().node(i).Is(kA);
    }
    return picture && link;
  }

  HtmlNode CardOf(const HtmlNode& price, uint64_t build) const {
    HtmlNode at = price;
    for (int level = 0; level < kMaxLevels && at && at.parent(); ++level, at = at.parent()) {
      if (at.parent().is_element() && Key(at) == build) return at;
    }
    return {};
  }

  Listing Read(const HtmlNode& card) {
    document_.AddWork(4 * (card.end() - card.index()));
    Listing listing;
    listing.found_by = FoundBy::kMined;
    linked_ = pictured_ = false;
    ReadTitle(card, listing);
    if (listing.title.empty()) return listing;
    for (uint32_t i = card.index(); i < card.end(); ++i) {
      const HtmlNode node = document_.node(i);
      if (node.is_element()) ReadPart(node, listing);
    }
    // A saved page need not say where its relative addresses lead.
    if (listing.price.empty() || !linked_ || !pictured_) listing.title.clear();
    return listing;
  }

  // What calls itself a title, else a heading, else the longest words of a link.
  void ReadTitle(const HtmlNode& card, Listing& listing) {
    static const TagId kA = TagFromName("a");
    static const TagId kImg = TagFromName("img");
    int best_rank = 0;
    for (uint32_t i = card.index() + 1; i < card.end(); ++i) {
      const HtmlNode node = document_.node(i);
      if (!node.is_element()) continue;
      int rank = 0;
      std::string words;
      const bool heading =
          node.name().size() == 2 && node.name()[0] == 'h' && IsAsciiDigit(node.name()[1]);
      if (ClassSays(node, {"title", "name"}) &&
          !ClassSays(node, {"shop", "seller", "user", "store", "nick", "brand"})) {
        rank = 4;
      } else if (heading) {
        rank = 3;
      } else if (node.Is(kA)) {
        rank = 2;
      } else if (node.Is(kImg)) {
        rank = 1;
        words = TidyWords(node.attribute("alt"));
      }
      if (rank == 0 || rank < best_rank) continue;
      if (rank > 1) words = node.Text(Listing::kMaxTitle);
      if (words.size() < kFewestTitleBytes || IsControl(words) ||
          !ParsePlainPrice(words).low.empty())
        continue;
      if (rank > best_rank || (rank == 2 && words.size() > listing.title.size())) {
        best_rank = rank;
        listing.title = std::move(words);
      }
    }
  }

  // Words of buttons, which every card repeats.
  static bool IsControl(std::string_view words) {
    return words.size() < 40 &&
           ContainsAny(words, {"购物车", "購物車", "立即购买", "收藏", "对比", "找同款", "查看详情",
                               "add to", "buy now", "compare", "wishlist", "quick view",
                               "more info", "details"});
  }

  void ReadPart(const HtmlNode& node, Listing& listing) {
    static const TagId kA = TagFromName("a");
    static const TagId kImg = TagFromName("img");
    if (node.Is(kA) && listing.url.empty()) {
      const std::string_view href = TrimAscii(node.attribute("href"));
      if (href.empty() || href.front() == '#' || href.starts_with("javascript:")) return;
      linked_ = true;
      listing.url = addresses_.Resolve(href);
    } else if (node.Is(kImg) && listing.images.empty()) {
      for (const std::string_view name :
           {"data-src", "data-original", "data-lazy", "data-lazy-src", "data-lazyload",
            "data-ks-lazyload", "data-lazy-img", "lazy-src", "data-img", "data-url", "src",
            "srcset", "data-srcset"}) {
        std::string_view address = TrimAscii(node.attribute(name));
        // "a.jpg 1x, b.jpg 2x": the first
        if (name.ends_with("srcset")) address = address.substr(0, address.find_first_of(" ,"));
        if (!address.empty()) pictured_ = true;
        const std::string_view image = addresses_.Resolve(address);
        if (image.empty()) continue;
        listing.images.emplace_back(image);
        break;
      }
    }
    for (const std::string_view name : {"data-id", "data-nid", "data-sku", "data-itemid",
                                        "data-item-id", "data-product-id", "data-goods-id"}) {
      if (listing.id.empty()) listing.id = TidyWords(node.attribute(name));
    }
    if (listing.price.empty() && node.end() - node.index() <= kMaxPriceNodes && IsPrice(node)) {
      Price price = ParsePlainPrice(node.Text(kMaxPriceBytes));
      listing.price = std::move(price.low);
      listing.price_max = std::move(price.high);
      listing.currency = std::move(price.currency);
    }
    ReadNamedPart(node, listing);
  }

  static void ReadNamedPart(const HtmlNode& node, Listing& listing) {
    if (node.end() - node.index() > kMaxPriceNodes || node.attribute("class").empty()) return;
    const auto take = [&](std::string& field, std::initializer_list<std::string_view> words) {
      if (field.empty() && ClassSays(node, words)) field = node.Text(200);
    };
    take(listing.seller, {"shop", "seller", "store", "nick"});
    take(listing.location, {"location", "place", "city"});
    if (!listing.sold && ClassSays(node, {"sold", "sale", "deal", "volume"})) {
      const std::string words = node.Text(60);
      // "sale" also names prices: only a number of buyers or pieces counts.
      if (!ContainsAny(words, {"人", "件", "笔", "售", "销", "成交", "sold"})) return;
      if (const auto count = ParseCount(words)) {
        listing.sold = count->value;
        listing.sold_at_least = count->at_least;
      }
    }
  }

  // Enough of them, and not one text over and over.
  static bool AreOffers(const std::vector<Listing>& listings) {
    if (listings.size() < kFewestCards) return false;
    std::vector<std::string_view> titles;
    for (const Listing& listing : listings) titles.push_back(listing.title);
    std::sort(titles.begin(), titles.end());
    const auto distinct = std::unique(titles.begin(), titles.end()) - titles.begin();
    return static_cast<size_t>(distinct) * 2 > listings.size();
  }

  const HtmlDocument& document_;
  AddressResolver& addresses_;
  std::vector<HtmlNode> prices_;
  bool linked_ = false;    // the card being read has a link
  bool pictured_ = false;  // and a picture
};

}  // namespace

std::vector<Listing> MineListings(const HtmlDocument& document, AddressResolver& addresses,
                                  size_t limit) {
  return Miner(document, addresses).Run(limit);
}

}  // namespace cluehound::extractors
