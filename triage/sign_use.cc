#include "triage/sign_use.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/digest.h"
#include "base/text.h"

namespace cluehound::triage {
namespace {

constexpr std::string_view kSign = "专用标志";
constexpr std::array<std::string_view, 6> kDenials = {"未使用", "不使用", "没有",
                                                      "无",     "未标",   "未获"};
constexpr size_t kDenialBytes = 24;  // eight characters before the sign

// Whether the text names the sign of geographical indications, and does not deny it.
bool Names(std::string_view text) {
  for (size_t at = text.find(kSign); at != std::string_view::npos;
       at = text.find(kSign, at + kSign.size())) {
    const size_t begin = at > kDenialBytes ? at - kDenialBytes : 0;
    const std::string_view before = text.substr(begin, at - begin);
    const bool denied = std::any_of(kDenials.begin(), kDenials.end(), [&](std::string_view denial) {
      return before.find(denial) != std::string_view::npos;
    });
    if (!denied) return true;
  }
  return false;
}

}  // namespace

std::string_view Name(SignClaim claim) {
  static constexpr std::array<std::string_view, 3> kNames = {"unknown", "seen", "claimed"};
  return kNames[static_cast<size_t>(claim)];
}

std::string FoldName(std::string_view name) {
  std::string folded;
  for (size_t pos = 0; pos < name.size();) {
    char32_t c = DecodeUtf8(name, pos);
    if (c >= 0xFF01 && c <= 0xFF5E) c = c - 0xFF01 + 0x21;
    if (IsUnicodeSpace(c)) continue;
    if (c < 0x80) c = static_cast<char32_t>(AsciiLower(static_cast<char>(c)));
    AppendUtf8(folded, c);
  }
  return folded;
}

std::vector<std::string> ShopNames(const store::Paper& user) {
  std::vector<std::string> names = {FoldName(user.Get("name"))};
  const std::string_view shops = user.Get("shops");
  std::string shop;
  const auto take = [&] {
    std::string name = FoldName(shop);
    if (!name.empty()) names.push_back(std::move(name));
    shop.clear();
  };
  for (size_t pos = 0; pos < shops.size();) {
    const char32_t c = DecodeUtf8(shops, pos);
    if (c == U'；' || c == U'、' || c == U'，' || c == U';' || c == U',' || c == U'/') {
      take();
    } else {
      AppendUtf8(shop, c);
    }
  }
  take();
  return names;
}

bool IsOfGoods(const extractors::Listing& listing, std::string_view gi) {
  return !gi.empty() && (listing.title.find(gi) != std::string::npos ||
                         listing.text.find(gi) != std::string::npos);
}

SignClaim ClaimOf(const extractors::Listing& listing) {
  if (Names(listing.title) || Names(listing.text)) return SignClaim::kClaimed;
  return listing.text.empty() ? SignClaim::kUnknown : SignClaim::kSeen;
}

std::vector<store::Paper> Shuffled(std::vector<store::Paper> users, std::string_view seed) {
  std::vector<std::pair<Digest, size_t>> order;
  for (size_t i = 0; i < users.size(); ++i) {
    const Digest place =
        FieldDigest().Add("cluehound sample 1").Add(seed).Add(users[i].key).Finish();
    order.emplace_back(place, i);
  }
  std::sort(order.begin(), order.end());
  std::vector<store::Paper> shuffled;
  for (const auto& [digest, index] : order) shuffled.push_back(std::move(users[index]));
  return shuffled;
}

}  // namespace cluehound::triage
