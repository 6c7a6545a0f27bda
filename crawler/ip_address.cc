#include "crawler/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "base/text.h"

namespace cluehound::crawler {

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  char buffer[INET6_ADDRSTRLEN];
  if (text.empty() || text.size() >= sizeof(buffer)) return std::nullopt;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  IpAddress address;
  if (inet_pton(AF_INET, buffer, address.bytes_.data()) == 1) return address;
  address.v4_ = false;
  if (inet_pton(AF_INET6, buffer, address.bytes_.data()) == 1) return address;
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::FromSockaddr(const sockaddr* address) {
  IpAddress result;
  if (address->sa_family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, address, sizeof(in));
    std::memcpy(result.bytes_.data(), &in.sin_addr, 4);
    return result;
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 in6;
    std::memcpy(&in6, address, sizeof(in6));
    result.v4_ = false;
    std::memcpy(result.bytes_.data(), &in6.sin6_addr, 16);
    return result;
  }
  return std::nullopt;
}

std::string IpAddress::ToString() const {
  char buffer[INET6_ADDRSTRLEN];
  inet_ntop(v4_ ? AF_INET : AF_INET6, bytes_.data(), buffer, sizeof(buffer));
  return buffer;
}

bool IpAddress::SharesPrefix(const IpAddress& other, int bits) const {
  if (v4_ != other.v4_) return false;
  const auto whole = static_cast<size_t>(bits / 8);
  if (std::memcmp(bytes_.data(), other.bytes_.data(), whole) != 0) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<uint8_t>(0xFF << (8 - bits % 8));
  return ((bytes_[whole] ^ other.bytes_[whole]) & mask) == 0;
}

std::optional<IpAddress> IpAddress::EmbeddedV4() const {
  static const Cidr mapped = *Cidr::Parse("::ffff:0:0/96");
  static const Cidr compatible = *Cidr::Parse("::/96");
  static const Cidr nat64 = *Cidr::Parse("64:ff9b::/96");
  static const Cidr six_to_four = *Cidr::Parse("2002::/16");
  static const Cidr teredo = *Cidr::Parse("2001::/32");
  if (v4_) return std::nullopt;
  size_t at = 12;
  uint8_t flip = 0;
  if (six_to_four.Contains(*this)) {
    at = 2;
  } else if (teredo.Contains(*this)) {
    flip = 0xFF;  // RFC 4380 4: the client's address is obscured
  } else if (!mapped.Contains(*this) && !compatible.Contains(*this) && !nat64.Contains(*this)) {
    return std::nullopt;
  }
  IpAddress embedded;
  for (size_t i = 0; i < 4; ++i) embedded.bytes_[i] = bytes_[at + i] ^ flip;
  return embedded;
}

std::optional<Cidr> Cidr::Parse(std::string_view text) {
  const size_t slash = text.find('/');
  const auto base = IpAddress::Parse(text.substr(0, slash));
  if (!base) return std::nullopt;
  Cidr range = Of(*base);
  if (slash == std::string_view::npos) return range;
  const auto bits = ParseInt(text.substr(slash + 1));
  if (!bits || *bits < 0 || *bits > range.bits) return std::nullopt;
  range.bits = static_cast<int>(*bits);
  return range;
}

std::string Cidr::ToString() const { return base.ToString() + "/" + std::to_string(bits); }

}  // namespace cluehound::crawler
