#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace cluehound::crawler {

// An IPv4 or IPv6 address. A value.
class IpAddress {
 public:
  // "127.0.0.1", "::1", "[::1]"; only the spellings of inet_pton, which are those of Url::host().
  static std::optional<IpAddress> Parse(std::string_view text);
  static std::optional<IpAddress> FromSockaddr(const sockaddr* address);

  bool is_v4() const { return v4_; }
  std::string ToString() const;
  // The first `bits` bits are those of `other`, and both are of one family.
  bool SharesPrefix(const IpAddress& other, int bits) const;
  // The IPv4 address that a mapped, compatible, NAT64, 6to4 or Teredo address leads to.
  std::optional<IpAddress> EmbeddedV4() const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  bool v4_ = true;
  std::array<uint8_t, 16> bytes_{};  // IPv4: the first four
};

// A range of addresses, "10.0.0.0/8"; an address alone is a range of one.
struct Cidr {
  IpAddress base;
  int bits = 32;

  static std::optional<Cidr> Parse(std::string_view text);
  static Cidr Of(const IpAddress& address) { return {address, address.is_v4() ? 32 : 128}; }
  bool Contains(const IpAddress& address) const { return address.SharesPrefix(base, bits); }
  std::string ToString() const;

  friend auto operator<=>(const Cidr&, const Cidr&) = default;
};

}  // namespace cluehound::crawler
