#include "extractors/state_listing.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "extractors/amount.h"
#include "extractors/markup_text.h"

namespace cluehound::extractors {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view kTitle[] = {"title",       "name",         "goodsName",    "goods_name",
                                       "productName", "product_name", "productTitle", "itemName",
                                       "item_name",   "itemTitle",    "wareName",     "skuName",
                                       "goodsTitle",  "subject"};
constexpr std::string_view kPrice[] = {
    "price",      "salePrice",      "sale_price",      "goodsPrice", "goods_price",  "priceText",
    "view_price", "currentPrice",   "discountPrice",   "finalPrice", "final_price",  "minPrice",
    "min_price",  "promotionPrice", "promotion_price", "jdPrice",    "sellingPrice", "group_price"};
constexpr std::string_view kId[] = {"id",        "itemId",    "item_id",    "goodsId", "goods_id",
                                    "goodsCode", "productId", "product_id", "skuId",   "sku_id",
                                    "sku",       "nid",       "offerId",    "spuId"};
constexpr std::string_view kUrl[] = {"url",        "link",        "href",       "itemUrl",
                                     "item_url",   "detailUrl",   "detail_url", "goodsUrl",
                                     "productUrl", "product_url", "clickUrl"};
constexpr std::string_view kSeller[] = {"shopName", "shop_name", "sellerName", "seller_name",
                                        "nick",     "storeName", "store_name", "merchantName"};
constexpr std::string_view kImage[] = {"image",   "img",    "imgUrl",  "imageUrl", "image_url",
                                       "pic_url", "picUrl", "picture", "cover"};

constexpr std::string_view kAmount[] = {"amount",    "value", "price", "current", "final",
                                        "salePrice", "sale",  "min",   "text"};
// What a detail page's state calls the thing that it is about.
constexpr std::string_view kSubject[] = {
    "product",     "goods",          "item",          "productInfo", "goodsInfo",
    "itemInfo",    "goodsDetail",    "productDetail", "itemDetail",  "wareInfo",
    "offerDetail", "currentProduct", "goods_info",    "product_info"};

constexpr size_t kFewestOffers = 2;

std::string_view TextOf(const JsonValue& object, Names names) {
  for (const std::string_view name : names) {
    const JsonValue value = object.Find(name);
    if (!value.text().empty()) return value.text();
  }
  return {};
}

// A price is a number, a text that is nothing but a price, or an object that holds one.
Price PriceOf(const JsonValue& object) {
  for (const std::string_view name : kPrice) {
    const JsonValue value = object.Find(name);
    if (!value) continue;
    Price price = ParsePlainPrice(value.text());
    if (price.low.empty() && value.is_object()) {
      price = ParsePlainPrice(TextOf(value, kAmount));
      if (price.currency.empty()) price.currency = value.Find("currency").text();
    }
    if (!price.low.empty()) return price;
  }
  return {};
}

Listing OfferOf(const JsonValue& object, AddressResolver& addresses) {
  Listing listing;
  if (!object.is_object()) return listing;
  const std::string_view title = TextOf(object, kTitle);
  if (title.size() < 4 || title.size() > Listing::kMaxTitle) return listing;
  Price price = PriceOf(object);
  if (price.low.empty()) return listing;
  listing.id = CollapseSpace(TextOf(object, kId));
  listing.url = addresses.Resolve(TextOf(object, kUrl));
  if (listing.id.empty() && listing.url.empty()) return listing;
  listing.title = WordsOfMarkup(title);
  listing.found_by = FoundBy::kStateJson;
  listing.price = std::move(price.low);
  listing.price_max = std::move(price.high);
  listing.currency = std::move(price.currency);
  listing.seller = WordsOfMarkup(TextOf(object, kSeller));
  if (const std::string_view image = addresses.Resolve(TextOf(object, kImage)); !image.empty()) {
    listing.images.emplace_back(image);
  }
  return listing;
}

}  // namespace

std::vector<Listing> ListingsOfState(const JsonValue& state, AddressResolver& addresses,
                                     size_t limit) {
  std::vector<Listing> listings;
  if (!state) return listings;
  uint32_t i = state.index();
  while (i < state.end() && listings.size() < limit) {
    const JsonValue value = state.Inside(i++);
    // Some keep their offers by number in an object instead of an array.
    if (!value.is_container() || !value.first_child() || !value.first_child().is_object()) continue;
    std::vector<Listing> offers;
    size_t items = 0;
    for (JsonValue item = value.first_child(); item && items < limit;
         item = item.next(value), ++items) {
      Listing offer = OfferOf(item, addresses);
      if (!offer.title.empty()) offers.push_back(std::move(offer));
      // A menu is seen to be none after a few entries.
      if (items == 10 && offers.empty()) break;
    }
    if (offers.size() < kFewestOffers || offers.size() * 2 < items) continue;
    // What stands inside an offer (its variants, its shop) is part of it.
    i = value.end();
    for (Listing& offer : offers) {
      if (listings.size() < limit) listings.push_back(std::move(offer));
    }
  }
  return listings;
}

std::vector<Listing> SingleOfState(const JsonValue& state, AddressResolver& addresses) {
  std::vector<Listing> listings;
  if (!state) return listings;
  for (uint32_t i = state.index(); i < state.end(); ++i) {
    const JsonValue value = state.Inside(i);
    if (!value.is_object() ||
        std::find(std::begin(kSubject), std::end(kSubject), value.key()) == std::end(kSubject)) {
      continue;
    }
    Listing offer = OfferOf(value, addresses);
    if (offer.title.empty()) continue;
    listings.push_back(std::move(offer));
    break;
  }
  return listings;
}

}  // namespace cluehound::extractors
