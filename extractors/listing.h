#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluehound::extractors {

enum class ListingKind : uint8_t { kGoods = 1, kLive = 2, kShop = 3, kAgency = 4 };

// Which reading of the page gave the listing. Stored: never reuse a number.
enum class FoundBy : uint8_t {
  kProfile = 1,
  kJsonLd = 2,
  kMicrodata = 3,
  kOpenGraph = 4,
  kStateJson = 5,
  kMined = 6,
  kPerson = 7  // nobody read a page: somebody told
};

// One offer, live room, shop or agency advertisement found on a page. All text is valid UTF-8 with
// white space collapsed, markup and highlight tags removed, entities decoded. Empty or absent means
// unknown; nothing is guessed.
struct Listing {
  ListingKind kind = ListingKind::kGoods;
  FoundBy found_by = FoundBy::kProfile;
  std::string id;         // the platform's own number for it
  std::string url;        // absolute address of the listing itself; empty when the page gives none
  std::string title;      // at most kMaxTitle bytes
  std::string price;      // decimal string, "399.00"; the lower end of a range
  std::string price_max;  // the upper end of a range
  std::string currency;   // ISO 4217, "CNY"
  std::optional<int64_t> sold;      // units sold as the page states them
  bool sold_at_least = false;       // the page says "1万+": a lower bound
  std::string seller;               // shop name
  std::string seller_id;            // the platform's own number for the shop
  std::string location;             // where it is sold or shipped from, as the page says
  std::string origin;               // declared place of production (产地)
  std::vector<std::string> images;  // absolute addresses, at most kMaxImages
  std::string text;  // further wording: subtitle, parameters, description; at most kMaxText bytes
  std::string platform;  // "taobao", "jd" ...; empty for a shop of its own

  // Livestreams keep three roles apart (网络直播营销管理办法): who runs the room, who speaks, whose
  // goods they are.
  std::string state;  // "live", "ended", "upcoming"
  std::optional<int64_t> viewers;
  std::string room_operator;           // 直播间运营者
  std::string marketing_person;        // 直播营销人员
  std::vector<std::string> merchants;  // 平台内经营者

  static constexpr size_t kMaxTitle = 2000;
  static constexpr size_t kMaxText = 20000;
  static constexpr size_t kMaxImages = 20;

  friend bool operator==(const Listing&, const Listing&) = default;
};

std::string_view Name(ListingKind kind);  // "goods", "live", "shop", "agency"
std::string_view Name(FoundBy found_by);  // "profile", "json_ld", ...
std::optional<ListingKind> ListingKindFromName(std::string_view name);
std::optional<FoundBy> FoundByFromName(std::string_view name);

}  // namespace cluehound::extractors
