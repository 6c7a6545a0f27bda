#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "store/records.h"

namespace cluehound::store {

// Half as many digits as a lead's: derived from namespace and shop number, else name.
using SellerId = std::string;

// In livestreams the roles are kept apart. Stored: never reuse a number.
enum class SellerRole : uint8_t {
  kShop = 1,      // 店铺: whose shop it is
  kOperator = 2,  // 直播间运营者
  kMarketer = 3,  // 直播营销人员
  kMerchant = 4,  // 平台内经营者: whose goods a live room sells
};
std::string_view Name(SellerRole role);         // "shop", "operator", "marketer", "merchant"
std::string_view ChineseName(SellerRole role);  // "店铺"

// Who stands behind a lead, in one role.
struct Party {
  SellerId id;
  SellerRole role = SellerRole::kShop;
  std::string name;     // as the page has it; empty: unknown
  std::string shop_id;  // the platform's own number; empty: unknown

  friend bool operator==(const Party&, const Party&) = default;
};

// A picture that several offers may share.
struct PictureKey {
  std::string key;      // the same for all sizes of one picture
  std::string address;  // bounded, for people
  friend bool operator==(const PictureKey&, const PictureKey&) = default;
};

// What sellers and clusters know of a lead. It leaves the lead's own shard through the outbox; a fact
// with a higher number replaces one with a lower, whatever came first.
struct LeadFact {
  LeadId lead;
  uint64_t number = 0;  // of the outbox entry that brought it
  std::string row;
  ListingIdentity listing;
  std::string name_space;
  std::string platform;
  std::vector<Party> parties;  // the first one is whose offer it is
  std::string code;  // 统一社会信用代码 in the text, if exactly one, with a check that fits
  std::string mark;
  std::string mark_name;
  std::string rule;
  std::string category;
  int score = 0;
  LeadStatus status = LeadStatus::kNew;
  bool active = true;       // neither ruled out nor a duplicate nor silenced
  bool authorised = false;  // ruled out as 正品/授权
  Instant first_seen{};
  Instant last_day{};  // the office's day on which it was last seen
  Instant decided{};  // when it was taken up (check, case, referral, platform, closed); zero: never
  std::string county;
  std::string title;      // bounded, for people
  std::string title_key;  // empty: too short to mean something
  std::vector<PictureKey> pictures;
  int64_t sales_cents = 0;  // of an active lead
  int64_t first_cents = 0;
  bool sales_at_least = false;  // the first of them is a lower bound
  bool first_at_least = false;

  friend bool operator==(const LeadFact&, const LeadFact&) = default;
};

// Pure: the same lead gives the same fact. Without a number.
LeadFact FactOf(const Lead& lead);

// The party of a role; shop and merchant are one kind of seller, the other roles kinds of their own.
SellerId DeriveSellerId(SellerRole role, std::string_view name_space, std::string_view shop_id,
                        std::string_view name);

}  // namespace cluehound::store
