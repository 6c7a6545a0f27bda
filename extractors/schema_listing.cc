#include "extractors/schema_listing.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "base/text.h"
#include "extractors/amount.h"
#include "extractors/markup_text.h"

namespace cluehound::extractors {
namespace {

using Thing = SchemaGraph::Thing;

class Reader {
 public:
  Reader(const SchemaGraph& graph, FoundBy found_by, AddressResolver& addresses)
      : graph_(graph), found_by_(found_by), addresses_(addresses) {}

  // Adds what the thing offers.
  void Read(const Thing& thing, size_t limit, std::vector<Listing>& listings) const {
    if (ReadOwn(thing, limit, listings)) return;
    // A page, a shop: what it is about or sells is looked into once, so that circles end.
    for (const SchemaGraph::Property& property : thing.properties) {
      if (property.thing == SchemaGraph::kNone) continue;
      if (property.name == "mainEntity" || property.name == "hasOfferCatalog" ||
          property.name == "makesOffer") {
        ReadOwn(graph_.things[property.thing], limit, listings);
      }
    }
  }

 private:
  // False when the thing is of no kind that offers something.
  bool ReadOwn(const Thing& thing, size_t limit, std::vector<Listing>& listings) const {
    if (IsProduct(thing)) {
      if (thing.Find("offers") != nullptr || thing.Find("hasVariant") != nullptr)
        Add(FromProduct(thing), limit, listings);
    } else if (thing.Is("Offer") || thing.Is("AggregateOffer")) {
      ReadOffer(thing, limit, listings);
    } else if (thing.Is("ItemList") || thing.Is("OfferCatalog")) {
      ReadList(thing, limit, listings);
    } else {
      return false;
    }
    return true;
  }

  // Product and the types below it (schema.org, Product), and the book, which shops describe so.
  static bool IsProduct(const Thing& thing) {
    static constexpr std::string_view kTypes[] = {
        "Product", "ProductGroup", "ProductModel", "IndividualProduct", "SomeProducts", "Vehicle",
        "Car",     "Motorcycle",   "Drug",         "DietarySupplement", "Book"};
    return std::any_of(std::begin(kTypes), std::end(kTypes),
                       [&](std::string_view type) { return thing.Is(type); });
  }

  void ReadOffer(const Thing& offer, size_t limit, std::vector<Listing>& listings) const {
    const Thing* item = ThingOf(offer, "itemOffered");
    Listing listing = item != nullptr ? FromProduct(*item) : Listing();
    listing.found_by = found_by_;
    if (listing.title.empty()) listing.title = WordsOfMarkup(offer.Text("name"));
    TakeOffer(offer, listing);
    Add(std::move(listing), limit, listings);
  }

  void ReadList(const Thing& list, size_t limit, std::vector<Listing>& listings) const {
    for (const SchemaGraph::Property& property : list.properties) {
      if (property.name != "itemListElement" || property.thing == SchemaGraph::kNone) continue;
      const Thing& element = graph_.things[property.thing];
      const Thing* item = element.Is("ListItem") ? ThingOf(element, "item") : &element;
      if (item == nullptr) continue;
      if (item->Is("Offer")) {
        ReadOffer(*item, limit, listings);
      } else if (IsProduct(*item)) {
        Add(FromProduct(*item), limit, listings);
      }
    }
  }

  static void Add(Listing listing, size_t limit, std::vector<Listing>& listings) {
    if (!listing.title.empty() && listings.size() < limit) listings.push_back(std::move(listing));
  }

  const Thing* ThingOf(const Thing& owner, std::string_view name) const {
    for (const SchemaGraph::Property& property : owner.properties) {
      if (property.name == name && property.thing != SchemaGraph::kNone)
        return &graph_.things[property.thing];
    }
    return nullptr;
  }

  // A text, or the name of the thing that stands there.
  std::string NameOf(const Thing& owner, std::string_view name) const {
    const SchemaGraph::Property* property = owner.Find(name);
    if (property == nullptr) return {};
    if (property->thing == SchemaGraph::kNone) return WordsOfMarkup(property->text);
    return WordsOfMarkup(graph_.things[property->thing].Text("name"));
  }

  Listing FromProduct(const Thing& product) const {
    Listing listing;
    listing.found_by = found_by_;
    listing.title = WordsOfMarkup(product.Text("name"));
    for (const std::string_view name : {"sku", "productID", "productGroupID", "mpn"}) {
      if (listing.id.empty()) listing.id = CollapseSpace(product.Text(name));
    }
    listing.url = addresses_.Resolve(product.Text("url"));
    for (const SchemaGraph::Property& property : product.properties) {
      if (property.name == "offers" && property.thing != SchemaGraph::kNone) {
        TakeOffer(graph_.things[property.thing], listing);
      } else if (property.name == "hasVariant" && property.thing != SchemaGraph::kNone) {
        TakeVariant(graph_.things[property.thing], listing);
      } else if (property.name == "image") {
        TakeImage(property, listing);
      }
    }
    listing.origin = NameOf(product, "countryOfOrigin");
    listing.text = NameOf(product, "brand");
    if (const std::string words = WordsOfMarkup(product.Text("description")); !words.empty()) {
      listing.text += (listing.text.empty() ? "" : " ") + words;
    }
    return listing;
  }

  // The variants of a group (colours, sizes) are one offer with a range of prices.
  void TakeVariant(const Thing& variant, Listing& listing) const {
    if (listing.title.empty()) listing.title = WordsOfMarkup(variant.Text("name"));
    if (listing.id.empty()) listing.id = CollapseSpace(variant.Text("sku"));
    if (listing.url.empty()) listing.url = addresses_.Resolve(variant.Text("url"));
    for (const SchemaGraph::Property& property : variant.properties) {
      if (property.name == "offers" && property.thing != SchemaGraph::kNone)
        TakeOffer(graph_.things[property.thing], listing);
    }
  }

  void TakeImage(const SchemaGraph::Property& property, Listing& listing) const {
    const std::string_view address = property.thing == SchemaGraph::kNone
                                         ? std::string_view(property.text)
                                         : graph_.things[property.thing].Text("url");
    const std::string_view content = property.thing == SchemaGraph::kNone
                                         ? std::string_view()
                                         : graph_.things[property.thing].Text("contentUrl");
    const std::string_view absolute = addresses_.Resolve(address.empty() ? content : address);
    if (!absolute.empty() && listing.images.size() < Listing::kMaxImages)
      listing.images.emplace_back(absolute);
  }

  // Several offers of one product make a range.
  void TakeOffer(const Thing& offer, Listing& listing) const {
    Price price = ParsePrice(offer.Text("price"));
    if (price.low.empty()) {
      price = ParsePrice(offer.Text("lowPrice"));
      const Price high = ParsePrice(offer.Text("highPrice"));
      if (high.low != price.low) price.high = high.low;
    }
    if (const Thing* specification = SpecificationOf(offer);
        price.low.empty() && specification != nullptr) {
      price = ParsePrice(specification->Text("price"));
      if (listing.currency.empty())
        listing.currency = CollapseSpace(specification->Text("priceCurrency"));
    }
    WidenRange(price, listing);
    if (listing.currency.empty()) listing.currency = CollapseSpace(offer.Text("priceCurrency"));
    if (listing.currency.empty()) listing.currency = price.currency;
    // The offers that an AggregateOffer gathers; one level, so that circles end.
    if (price.low.empty()) {
      for (const SchemaGraph::Property& property : offer.properties) {
        if (property.name != "offers" || property.thing == SchemaGraph::kNone) continue;
        const Thing& single = graph_.things[property.thing];
        const Price own = ParsePrice(single.Text("price"));
        WidenRange(own, listing);
        if (listing.currency.empty())
          listing.currency = CollapseSpace(single.Text("priceCurrency"));
        if (listing.seller.empty()) listing.seller = NameOf(single, "seller");
      }
    }
    if (listing.seller.empty()) listing.seller = NameOf(offer, "seller");
    if (listing.seller.empty()) listing.seller = NameOf(offer, "offeredBy");
    if (listing.url.empty()) listing.url = addresses_.Resolve(offer.Text("url"));
    if (listing.id.empty()) listing.id = CollapseSpace(offer.Text("sku"));
  }

  // What is asked now, rather than a list price that is struck through beside it.
  const Thing* SpecificationOf(const Thing& offer) const {
    const Thing* any = nullptr;
    for (const SchemaGraph::Property& property : offer.properties) {
      if (property.name != "priceSpecification" || property.thing == SchemaGraph::kNone) continue;
      const Thing& specification = graph_.things[property.thing];
      const std::string_view type = specification.Text("priceType");
      const bool former = type.ends_with("ListPrice") || type.ends_with("StrikethroughPrice") ||
                          type.ends_with("MSRP") || type.ends_with("SRP");
      if (!former) return &specification;
      if (any == nullptr) any = &specification;
    }
    return any;
  }

  static void WidenRange(const Price& price, Listing& listing) {
    for (const std::string& bound : {price.low, price.high}) {
      if (bound.empty()) continue;
      const double value = std::strtod(bound.c_str(), nullptr);
      if (listing.price.empty()) {
        listing.price = bound;
      } else if (value < std::strtod(listing.price.c_str(), nullptr)) {
        if (listing.price_max.empty()) listing.price_max = listing.price;
        listing.price = bound;
      } else if (value >
                 std::strtod(
                     (listing.price_max.empty() ? listing.price : listing.price_max).c_str(),
                     nullptr)) {
        listing.price_max = bound;
      }
    }
  }

  const SchemaGraph& graph_;
  const FoundBy found_by_;
  AddressResolver& addresses_;
};

}  // namespace

std::vector<Listing> ListingsOf(const SchemaGraph& graph, FoundBy found_by,
                                AddressResolver& addresses, size_t limit) {
  std::vector<Listing> listings;
  const Reader reader(graph, found_by, addresses);
  for (const uint32_t thing : graph.top) reader.Read(graph.things[thing], limit, listings);
  return listings;
}

std::vector<Listing> ListingsOf(const std::vector<OpenGraphProperty>& properties,
                                AddressResolver& addresses) {
  Listing listing;
  listing.found_by = FoundBy::kOpenGraph;
  std::string_view type;
  for (const auto& [name, content] : properties) {
    if (name == "og:type" && type.empty()) {
      type = content;
    } else if (name == "og:title" && listing.title.empty()) {
      listing.title = CollapseSpace(content);
    } else if (name == "og:url" && listing.url.empty()) {
      listing.url = addresses.Resolve(content);
    } else if (name == "og:image" && listing.images.size() < Listing::kMaxImages) {
      if (const std::string_view image = addresses.Resolve(content); !image.empty())
        listing.images.emplace_back(image);
    } else if (name == "og:description" && listing.text.empty()) {
      listing.text = CollapseSpace(content);
    } else if ((name == "product:price:amount" || name == "og:price:amount") &&
               listing.price.empty()) {
      Price price = ParsePrice(content);
      listing.price = std::move(price.low);
      if (listing.currency.empty()) listing.currency = std::move(price.currency);
    } else if ((name == "product:price:currency" || name == "og:price:currency") &&
               !content.empty()) {
      listing.currency = CollapseSpace(content);
    } else if (name == "product:retailer_item_id" && listing.id.empty()) {
      listing.id = CollapseSpace(content);
    }
  }
  const bool product = type == "product" || type.starts_with("product.") || type == "og:product" ||
                       ((type.empty() || type == "website") && !listing.price.empty());
  if (!product || listing.title.empty()) return {};
  return {std::move(listing)};
}

}  // namespace cluehound::extractors
