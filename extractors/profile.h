#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/embedded.h"
#include "base/yaml.h"
#include "extractors/field_rule.h"
#include "extractors/json_path.h"
#include "extractors/listing.h"
#include "extractors/selector.h"

namespace cluehound::extractors {

// The fields of a listing that a profile can fill, in the order of Profile::FieldNames().
enum class Field {
  kId,
  kUrl,
  kTitle,
  kPrice,
  kPriceMax,
  kSold,
  kSeller,
  kSellerId,
  kLocation,
  kOrigin,
  kImages,
  kText,
  kState,
  kViewers,
  kRoomOperator,
  kMarketingPerson,
  kMerchants,
};
inline constexpr size_t kFieldCount = 17;

// One sign by which a page is recognised. Exactly one kind of test is set.
struct PageTest {
  std::optional<Selector> css;  // an element is there
  std::string text;             // the page's text (decoded, as sent) holds this
  std::string title;            // the title does
  std::string url;              // the final address does
  std::string state;            // a state of this name is there (StateJson), with a value at `path`
  std::optional<JsonPath> path;  // of `state`, or of the body when that is JSON
};

// How one kind of listing is read from a page.
struct ItemReader {
  enum class From { kHtml, kState, kBody };
  ListingKind kind = ListingKind::kGoods;
  From from = From::kHtml;
  std::string state;                      // name of the state for kState
  std::optional<Selector> item_selector;  // of HTML items; none: the page is the one item
  JsonPath item_path;
  bool page_is_item = false;       // its address is then the page's
  std::optional<Selector> once;    // must match exactly once in the page
  std::optional<Selector> unless;  // must not match in the page
  bool plain_price = false;  // the price must be all that its text says, and there must be one
  std::array<FieldRule, kFieldCount> fields;
  std::vector<ItemReader>
      inside;  // further listings inside an item (the goods of a live room), JSON only

  const FieldRule& field(Field f) const { return fields[static_cast<size_t>(f)]; }
};

// A page that a site sends instead of what was asked for.
struct BlockedTest {
  std::string reason;          // for people
  std::vector<PageTest> any;   // one of them passes ...
  std::vector<PageTest> none;  // ... and none of these
  bool home =
      false;  // counts only when something else than one of the site's home pages was asked for
};

// What is known about the pages of one site or family of sites; read from YAML (docs/profiles.md).
struct Profile {
  std::string id;
  std::string platform;
  std::vector<std::string> hosts;  // the host itself or any below it
  std::vector<std::string> homes;  // hosts whose "/" is a home page
  std::string currency;
  bool markup_in_comments = false;
  std::vector<PageTest> detect;  // any of them; for pages whose address says nothing
  std::vector<BlockedTest> blocked;
  std::vector<ItemReader> readers;
  std::optional<Selector> next_page;
  bool fallback = false;  // tried when nothing else gave a listing

  static const std::array<std::string_view, kFieldCount>& FieldNames();
  bool ServesHost(std::string_view host) const;
};

// Reads one profile strictly: mistakes go to `diagnostics`, each with its place, and then there is
// no profile.
std::unique_ptr<const Profile> ReadProfile(std::string_view yaml, const std::string& file,
                                           Diagnostics& diagnostics);

// The profiles compiled into the program, sorted by name.
std::span<const EmbeddedFile> BuiltInProfiles();

}  // namespace cluehound::extractors
