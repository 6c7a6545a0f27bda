#include "store/lead_fact.h"

#include <algorithm>
#include <set>

#include "base/digest.h"
#include "base/text.h"
#include "base/work_calendar.h"
#include "rules/credit_code.h"
#include "rules/folding.h"
#include "store/identity.h"

namespace cluehound::store {
namespace {

constexpr size_t kMaxMerchants = 20;
constexpr size_t kMaxPictures = 3;  // the first ones show the goods, later ones the shop's banners
constexpr size_t kMinTitle = 8;     // characters: "高仿 现货" says nothing of who copied whom
constexpr size_t kMaxShown = 240;   // bytes of a title or address for people
constexpr size_t kMaxSeller = 200;  // bytes of a name

std::string ShortHex(const FieldDigest& digest) { return Hex(Bytes(digest.Finish()).substr(0, 8)); }

std::string Bounded(std::string_view text, size_t max) {
  return std::string(TruncateUtf8(text, max));
}

// Letters, digits and characters of the folded title, nothing between them.
std::string TitleKey(const std::string& title) {
  const std::string folded = rules::FoldString(title);
  std::string kept;
  size_t count = 0;
  for (size_t pos = 0; pos < folded.size();) {
    const char32_t c = DecodeUtf8(folded, pos);
    const bool letter = c < 0x80 ? IsAsciiAlnum(static_cast<char>(c))
                                 : c >= 0xC0 && !(c >= 0x2000 && c < 0x2E80) &&
                                       !(c >= 0x3000 && c < 0x3040) && !(c >= 0xFF00);
    if (!letter) continue;
    AppendUtf8(kept, c);
    ++count;
  }
  return count < kMinTitle ? "" : ShortHex(FieldDigest().Add("title").Add(kept));
}

// Pictures that stand in for one that is not loaded yet are shared by strangers.
bool IsPlaceholder(std::string_view lower) {
  static constexpr std::string_view kWords[] = {"blank",   "placeholder", "loading", "lazyload",
                                                "default", "spacer",      "pixel",   "transparent",
                                                "nopic",   "noimage",     "no_pic",  "logo"};
  const std::string_view name = lower.substr(lower.rfind('/') + 1);
  return name.empty() || std::any_of(std::begin(kWords), std::end(kWords), [&](auto word) {
           return name.find(word) != std::string_view::npos;
         });
}

// Host and path without what picture servers hang behind a name for other sizes:
// "a.jpg_400x400q90.jpg", "a.jpg?x-oss-process=..", "a.jpg!cc".
std::string PictureName(std::string_view address) {
  const size_t scheme = address.find("://");
  if (scheme == std::string_view::npos) return "";  // data: and the like
  std::string name = ToAsciiLower(address.substr(scheme + 3));
  name.resize(std::min(name.find_first_of("?#!"), name.size()));
  if (name.find('/') == std::string::npos || IsPlaceholder(name)) return "";
  for (const std::string_view end : {".jpg", ".jpeg", ".png", ".webp", ".gif"}) {
    const size_t at = name.find(std::string(end) + "_");
    if (at != std::string::npos) name.resize(at + end.size());
  }
  return name;
}

std::vector<PictureKey> PicturesOf(const extractors::Listing& listing) {
  std::vector<PictureKey> pictures;
  for (const std::string& address : listing.images) {
    if (pictures.size() == kMaxPictures) break;
    const std::string name = PictureName(address);
    if (name.empty()) continue;
    PictureKey picture{ShortHex(FieldDigest().Add("picture").Add(name)),
                       Bounded(address, kMaxShown)};
    const bool known = std::any_of(pictures.begin(), pictures.end(),
                                   [&](const auto& p) { return p.key == picture.key; });
    if (!known) pictures.push_back(std::move(picture));
  }
  return pictures;
}

std::string CodeOf(const extractors::Listing& listing) {
  std::set<std::string> codes;
  for (const std::string* text : {&listing.seller, &listing.text}) {
    if (text->size() < 18) continue;
    const std::string folded = rules::FoldString(*text);
    for (const rules::CreditCode& code : rules::FindCreditCodes(folded)) {
      if (!code.check_digit_fits) continue;
      std::string upper = folded.substr(code.slice.begin, code.slice.end - code.slice.begin);
      for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      codes.insert(std::move(upper));
    }
  }
  return codes.size() == 1 ? *codes.begin() : "";  // of several nobody knows whose is whose
}

std::vector<Party> PartiesOf(const Lead& lead) {
  const extractors::Listing& listing = lead.listing;
  std::vector<Party> parties;
  const auto add = [&](SellerRole role, const std::string& name, const std::string& shop_id) {
    Party party{DeriveSellerId(role, lead.name_space, shop_id, name), role,
                Bounded(name, kMaxSeller), Bounded(shop_id, kMaxSeller)};
    const bool known = std::any_of(parties.begin(), parties.end(),
                                   [&](const Party& p) { return p.id == party.id; });
    if (!known) parties.push_back(std::move(party));
  };
  if (!listing.seller_id.empty() || !listing.seller.empty())
    add(SellerRole::kShop, listing.seller, listing.seller_id);
  size_t merchants = 0;
  for (const std::string& merchant : listing.merchants) {
    if (!merchant.empty() && merchants++ < kMaxMerchants) add(SellerRole::kMerchant, merchant, "");
  }
  if (!listing.room_operator.empty()) add(SellerRole::kOperator, listing.room_operator, "");
  if (!listing.marketing_person.empty()) add(SellerRole::kMarketer, listing.marketing_person, "");
  // A site of its own is its seller.
  if (parties.empty() && listing.platform.empty() && !lead.name_space.empty())
    add(SellerRole::kShop, lead.name_space, "");
  return parties;
}

bool TakenUp(LeadStatus status) {
  return status == LeadStatus::kChecking || status == LeadStatus::kFiled ||
         status == LeadStatus::kReferred || status == LeadStatus::kPlatform ||
         status == LeadStatus::kClosed;
}

}  // namespace

std::string_view Name(SellerRole role) {
  switch (role) {
    case SellerRole::kShop:
      return "shop";
    case SellerRole::kOperator:
      return "operator";
    case SellerRole::kMarketer:
      return "marketer";
    case SellerRole::kMerchant:
      return "merchant";
  }
  return "";
}

std::string_view ChineseName(SellerRole role) {
  switch (role) {
    case SellerRole::kShop:
      return "店铺";
    case SellerRole::kOperator:
      return "直播间运营者";
    case SellerRole::kMarketer:
      return "直播营销人员";
    case SellerRole::kMerchant:
      return "平台内经营者";
  }
  return "";
}

SellerId DeriveSellerId(SellerRole role, std::string_view name_space, std::string_view shop_id,
                        std::string_view name) {
  FieldDigest digest;
  digest.Add("cluehound seller 1");
  digest.Add(role == SellerRole::kMerchant ? Name(SellerRole::kShop) : Name(role));
  digest.Add(name_space).Add(shop_id.empty() ? "name" : "id");
  digest.Add(shop_id.empty() ? rules::FoldString(name) : std::string(shop_id));
  return ShortHex(digest);
}

LeadFact FactOf(const Lead& lead) {
  LeadFact fact;
  fact.lead = lead.id;
  fact.row = RowKey(lead);
  fact.listing = lead.listing_identity;
  fact.name_space = lead.name_space;
  fact.platform = lead.listing.platform;
  fact.parties = PartiesOf(lead);
  fact.code = CodeOf(lead.listing);
  fact.mark = lead.suspicion.mark;
  fact.mark_name = Bounded(lead.suspicion.mark_name, kMaxSeller);
  fact.rule = lead.suspicion.rule;
  fact.category = lead.suspicion.category;
  fact.score = lead.suspicion.score;
  fact.status = lead.status;
  fact.active = lead.status != LeadStatus::kRuledOut && lead.status != LeadStatus::kDuplicate &&
                lead.silenced == 0;
  fact.authorised = lead.status == LeadStatus::kRuledOut && lead.reason == "authorised";
  fact.first_seen = lead.first_seen;
  fact.last_day = OfficeDay(lead.last_seen);
  if (TakenUp(lead.status)) fact.decided = lead.decided_at;
  fact.county = lead.county;
  fact.title = Bounded(lead.listing.title, kMaxShown);
  fact.title_key = TitleKey(lead.listing.title);
  fact.pictures = PicturesOf(lead.listing);
  if (fact.active) {
    fact.sales_cents = lead.sales.cents;
    fact.first_cents = lead.sales.first_cents;
    fact.sales_at_least = lead.sales.at_least;
    fact.first_at_least = lead.sales.first_at_least;
  }
  return fact;
}

}  // namespace cluehound::store
