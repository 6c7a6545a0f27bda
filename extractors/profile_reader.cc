#include "extractors/profile_reader.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "extractors/amount.h"

namespace cluehound::extractors {
namespace {

// Bytes of HTML comments that are read as markup, per page; the shops that do this hide about 60
// kB.
constexpr size_t kMaxCommentBytes = 1u << 20;

bool IsAddress(Field field) { return field == Field::kUrl || field == Field::kImages; }

// An item in HTML or JSON, seen as the texts of its fields.
struct HtmlItem {
  const HtmlNode& node;
  std::string First(const ItemReader& reader, Field field) const {
    return reader.field(field).First(node);
  }
  std::vector<std::string> All(const ItemReader& reader, Field field, size_t limit) const {
    return reader.field(field).All(node, limit);
  }
};
struct JsonItem {
  const JsonValue& value;
  NestedJson& nested;
  std::string First(const ItemReader& reader, Field field) const {
    return reader.field(field).First(value, IsAddress(field), nested);
  }
  std::vector<std::string> All(const ItemReader& reader, Field field, size_t limit) const {
    return reader.field(field).All(value, IsAddress(field), limit, nested);
  }
};

std::string Cut(std::string text, size_t max_bytes) {
  text.resize(TruncateUtf8(text, max_bytes).size());
  return text;
}

class ProfileReader {
 public:
  ProfileReader(const Profile& profile, const PageView& page, std::string_view platform,
                ListingSet& listings)
      : profile_(profile), page_(page), platform_(platform), listings_(listings) {}

  void Run() {
    for (const ItemReader& reader : profile_.readers) {
      if (reader.from == ItemReader::From::kHtml) {
        if (page_.document != nullptr) ReadHtml(reader, *page_.document);
      } else if (reader.from == ItemReader::From::kState) {
        if (page_.state != nullptr) ReadJson(reader, page_.state->Find(reader.state), nullptr);
      } else {
        ReadJson(reader, page_.body, nullptr);
      }
    }
    if (profile_.markup_in_comments && page_.document != nullptr) ReadComments(*page_.document);
  }

 private:
  void ReadHtml(const ItemReader& reader, const HtmlDocument& document) {
    const HtmlNode root = document.root();
    if (reader.once && reader.once->All(root, 2).size() != 1) return;
    if (reader.unless && reader.unless->First(root)) return;
    if (reader.page_is_item) return AddItem(reader, HtmlItem{root}, nullptr);
    if (!reader.item_selector) return;
    for (const HtmlNode& node : reader.item_selector->All(root, kMaxItems)) {
      if (listings_.full()) return;
      AddItem(reader, HtmlItem{node}, nullptr);
    }
  }

  void ReadJson(const ItemReader& reader, const JsonValue& from, const Listing* outer) {
    if (!from) return;
    NestedJson& nested = page_.state != nullptr ? page_.state->nested() : *page_.nested;
    for (const JsonValue& value : reader.item_path.All(from, kMaxItems, nested)) {
      if (listings_.full()) return;
      if (!value.is_object()) continue;
      const Listing listing = MakeListing(reader, JsonItem{value, nested}, outer);
      if (!IsUsable(reader, listing)) continue;
      listings_.Add(listing);
      for (const ItemReader& inner : reader.inside) ReadJson(inner, value, &listing);
    }
  }

  // Some shops send the lower half of a list inside a comment, which their script then uncomments.
  void ReadComments(const HtmlDocument& document) {
    size_t bytes = 0;
    for (uint32_t i = 0; i < document.size(); ++i) {
      const HtmlNode node = document.node(i);
      if (!node.is_comment() || node.text().size() < 100 ||
          node.text().find('<') == std::string_view::npos)
        continue;
      bytes += node.text().size();
      if (bytes > kMaxCommentBytes) return;
      HtmlDocument::Refusal refusal;
      const auto inner = HtmlDocument::Parse(node.text(), ParseLimits(), refusal);
      if (inner == nullptr) continue;
      for (const ItemReader& reader : profile_.readers) {
        if (reader.from == ItemReader::From::kHtml && !reader.page_is_item)
          ReadHtml(reader, *inner);
      }
      document.AddWork(inner->work());
    }
  }

  template <class Item>
  void AddItem(const ItemReader& reader, const Item& item, const Listing* outer) {
    Listing listing = MakeListing(reader, item, outer);
    if (IsUsable(reader, listing)) listings_.Add(std::move(listing));
  }

  static bool IsUsable(const ItemReader& reader, const Listing& listing) {
    return !listing.title.empty() && (!reader.plain_price || !listing.price.empty());
  }

  template <class Item>
  Listing MakeListing(const ItemReader& reader, const Item& item, const Listing* outer) const {
    Listing listing;
    listing.title = Cut(item.First(reader, Field::kTitle), Listing::kMaxTitle);
    if (listing.title.empty()) return listing;
    listing.kind = reader.kind;
    listing.found_by = FoundBy::kProfile;
    listing.platform = platform_;
    listing.id = item.First(reader, Field::kId);
    ReadPrice(reader, item, listing);
    listing.url = page_.addresses->Resolve(item.First(reader, Field::kUrl));
    // A link that leads nowhere else ("#") is not the address of one item among many.
    if (reader.page_is_item) {
      if (listing.url.empty()) listing.url = page_.url;
    } else if (listing.url == page_.url) {
      listing.url.clear();
    }
    if (const auto sold = ParseCount(item.First(reader, Field::kSold))) {
      listing.sold = sold->value;
      listing.sold_at_least = sold->at_least;
    }
    listing.seller = item.First(reader, Field::kSeller);
    listing.seller_id = item.First(reader, Field::kSellerId);
    listing.location = item.First(reader, Field::kLocation);
    listing.origin = item.First(reader, Field::kOrigin);
    ReadTexts(reader, item, listing);
    ReadRoles(reader, item, outer, listing);
    return listing;
  }

  template <class Item>
  void ReadPrice(const ItemReader& reader, const Item& item, Listing& listing) const {
    const std::string text = item.First(reader, Field::kPrice);
    Price price = reader.plain_price ? ParsePlainPrice(text) : ParsePrice(text);
    if (price.low.empty()) return;
    listing.price = std::move(price.low);
    listing.price_max = std::move(price.high);
    if (Price max = ParsePrice(item.First(reader, Field::kPriceMax));
        !max.low.empty() && max.low != listing.price) {
      listing.price_max = std::move(max.low);
    }
    listing.currency = profile_.currency.empty() ? std::move(price.currency) : profile_.currency;
  }

  template <class Item>
  void ReadTexts(const ItemReader& reader, const Item& item, Listing& listing) const {
    for (const std::string& image : item.All(reader, Field::kImages, Listing::kMaxImages)) {
      const std::string_view address = page_.addresses->Resolve(image);
      if (!address.empty()) listing.images.emplace_back(address);
    }
    for (const std::string& words : item.All(reader, Field::kText, kMaxTexts)) {
      if (words == listing.title) continue;
      listing.text += (listing.text.empty() ? "" : " ") + words;
      if (listing.text.size() >= Listing::kMaxText) break;
    }
    listing.text = Cut(std::move(listing.text), Listing::kMaxText);
  }

  // Goods in a room are sold by its operator's room and person; their seller is the merchant, if
  // the page says.
  template <class Item>
  static void ReadRoles(const ItemReader& reader, const Item& item, const Listing* outer,
                        Listing& listing) {
    listing.state = item.First(reader, Field::kState);
    if (const auto viewers = ParseCount(item.First(reader, Field::kViewers)))
      listing.viewers = viewers->value;
    listing.room_operator = item.First(reader, Field::kRoomOperator);
    listing.marketing_person = item.First(reader, Field::kMarketingPerson);
    listing.merchants = item.All(reader, Field::kMerchants, kMaxMerchants);
    if (outer == nullptr || outer->kind != ListingKind::kLive) return;
    if (listing.room_operator.empty()) listing.room_operator = outer->room_operator;
    if (listing.marketing_person.empty()) listing.marketing_person = outer->marketing_person;
  }

  static constexpr size_t kMaxItems = 5000;
  static constexpr size_t kMaxTexts = 200;
  static constexpr size_t kMaxMerchants = 50;

  const Profile& profile_;
  const PageView& page_;
  const std::string platform_;
  ListingSet& listings_;
};

}  // namespace

bool Passes(const PageTest& test, const PageView& page) {
  if (!test.state.empty()) {
    if (page.state == nullptr) return false;
    const JsonValue value = page.state->Find(test.state);
    return test.path ? static_cast<bool>(test.path->First(value, page.state->nested()))
                     : static_cast<bool>(value);
  }
  if (test.path) return page.body && test.path->First(page.body, *page.nested);
  if (page.document == nullptr) return false;
  if (test.css) return static_cast<bool>(test.css->First(page.document->root()));
  if (!test.title.empty()) return page.title.find(test.title) != std::string_view::npos;
  if (!test.url.empty()) return page.url.find(test.url) != std::string_view::npos;
  return !test.text.empty() && page.text.find(test.text) != std::string_view::npos;
}

void ReadByProfile(const Profile& profile, const PageView& page, std::string_view platform,
                   ListingSet& listings) {
  ProfileReader(profile, page, platform, listings).Run();
}

}  // namespace cluehound::extractors
