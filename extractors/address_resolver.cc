#include "extractors/address_resolver.h"

#include "base/text.h"

namespace cluehound::extractors {
namespace {

// "javascript:", "mailto:", "data:" ...: anything with a scheme that is not fetched.
bool HasOtherScheme(std::string_view address) {
  if (address.empty() || !IsAsciiAlpha(address[0])) return false;
  for (size_t i = 1; i < address.size(); ++i) {
    const char c = address[i];
    if (c == ':')
      return !StartsWithIgnoreAsciiCase(address, "http:") &&
             !StartsWithIgnoreAsciiCase(address, "https:");
    if (!IsAsciiAlnum(c) && c != '+' && c != '-' && c != '.') return false;
  }
  return false;
}

}  // namespace

std::string_view AddressResolver::Resolve(std::string_view address) {
  address = TrimAscii(address);
  if (address.empty() || HasOtherScheme(address)) return {};
  // The fragment is no part of the result, so that "#a" and "#b" are one address.
  address = address.substr(0, address.find('#'));
  const auto [known, added] = known_.try_emplace(std::string(address));
  if (added) known->second = Parse(address);
  return known->second;
}

std::string AddressResolver::Parse(std::string_view address) const {
  if (!base_ && address.starts_with("//")) return Parse("https:" + std::string(address));
  const auto url = Url::Parse(address, base_ ? &*base_ : nullptr, encoding_);
  if (!url.ok()) return {};
  return url->userinfo().empty() ? url->href() : url->Canonical().href();
}

}  // namespace cluehound::extractors
