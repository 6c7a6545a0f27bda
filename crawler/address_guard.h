#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crawler/ip_address.h"

namespace cluehound::crawler {

// The reserved range that an address lies in, in words ("private, RFC 1918"); empty for public
// addresses. Ranges: IANA special-purpose registries of 2024; IPv6 outside 2000::/3 counts as
// reserved.
std::string_view ReservedRange(const IpAddress& address);

// Decides which addresses a source may be fetched from: all public ones, and reserved ones that it
// names. What a tunnel address (mapped, NAT64, 6to4, Teredo) leads to must be allowed as well.
// Immutable; thread-safe.
class AddressGuard {
 public:
  AddressGuard() = default;
  explicit AddressGuard(std::vector<Cidr> allowed);

  bool Allows(const IpAddress& address) const;
  // Why `address` is refused, and what to write where if it is meant. REQUIRES: !Allows(address)
  std::string Refusal(const IpAddress& address) const;
  // Equal for guards that allow the same: connections are shared only among those.
  const std::string& key() const { return key_; }

 private:
  bool Names(const IpAddress& address) const;

  std::vector<Cidr> allowed_;  // sorted
  std::string key_;
};

}  // namespace cluehound::crawler
