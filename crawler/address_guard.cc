#include "crawler/address_guard.h"

#include <algorithm>

namespace cluehound::crawler {
namespace {

struct Range {
  Cidr cidr;
  std::string_view what;
};

constexpr std::string_view kBenchmark = "benchmarking, RFC 2544";

// The first range that holds the address counts, so narrow ones stand before wide ones.
const std::vector<Range>& Ranges() {
  static const std::vector<Range> ranges = [] {
    struct Text {
      const char* cidr;
      std::string_view what;
    };
    constexpr Text kTexts[] = {
        {"0.0.0.0/8", "this network, RFC 791"},
        {"10.0.0.0/8", "private, RFC 1918"},
        {"100.64.0.0/10", "carrier-grade NAT, RFC 6598"},
        {"127.0.0.0/8", "loopback, RFC 1122"},
        {"169.254.0.0/16", "link-local, RFC 3927"},
        {"172.16.0.0/12", "private, RFC 1918"},
        {"192.0.0.0/24", "protocol assignments, RFC 6890"},
        {"192.0.2.0/24", "documentation, RFC 5737"},
        {"192.88.99.0/24", "6to4 relay, RFC 7526"},
        {"192.168.0.0/16", "private, RFC 1918"},
        {"198.18.0.0/15", kBenchmark},
        {"198.51.100.0/24", "documentation, RFC 5737"},
        {"203.0.113.0/24", "documentation, RFC 5737"},
        {"224.0.0.0/4", "multicast, RFC 1112"},
        {"255.255.255.255/32", "broadcast, RFC 919"},
        {"240.0.0.0/4", "reserved, RFC 1112"},
        {"::/128", "unspecified, RFC 4291"},
        {"::1/128", "loopback, RFC 4291"},
        {"::ffff:0:0/96", "IPv4-mapped, RFC 4291"},
        {"::/96", "IPv4-compatible, RFC 4291"},
        {"64:ff9b::/96", "NAT64, RFC 6052"},
        {"64:ff9b:1::/48", "local NAT64, RFC 8215"},
        {"100::/64", "discard, RFC 6666"},
        {"2001::/32", "Teredo, RFC 4380"},
        {"2001::/23", "protocol assignments, RFC 2928"},
        {"2001:db8::/32", "documentation, RFC 3849"},
        {"2002::/16", "6to4, RFC 3056"},
        {"3fff::/20", "documentation, RFC 9637"},
        {"fc00::/7", "unique local, RFC 4193"},
        {"fe80::/10", "link-local, RFC 4291"},
        {"fec0::/10", "site-local, RFC 3879"},
        {"ff00::/8", "multicast, RFC 4291"},
    };
    std::vector<Range> all;
    for (const Text& text : kTexts) all.push_back({*Cidr::Parse(text.cidr), text.what});
    return all;
  }();
  return ranges;
}

}  // namespace

std::string_view ReservedRange(const IpAddress& address) {
  for (const Range& range : Ranges()) {
    if (range.cidr.Contains(address)) return range.what;
  }
  static const Cidr global_unicast = *Cidr::Parse("2000::/3");
  if (!address.is_v4() && !global_unicast.Contains(address)) return "reserved, RFC 4291";
  return "";
}

AddressGuard::AddressGuard(std::vector<Cidr> allowed) : allowed_(std::move(allowed)) {
  std::sort(allowed_.begin(), allowed_.end());
  allowed_.erase(std::unique(allowed_.begin(), allowed_.end()), allowed_.end());
  for (const Cidr& range : allowed_) key_ += range.ToString() + " ";
}

bool AddressGuard::Names(const IpAddress& address) const {
  return std::any_of(allowed_.begin(), allowed_.end(),
                     [&](const Cidr& range) { return range.Contains(address); });
}

bool AddressGuard::Allows(const IpAddress& address) const {
  if (ReservedRange(address).empty()) return true;
  if (!Names(address)) return false;
  const auto inner = address.EmbeddedV4();
  return !inner || ReservedRange(*inner).empty() || Names(*inner);
}

std::string AddressGuard::Refusal(const IpAddress& address) const {
  std::string text = address.ToString() + " is a reserved address (" +
                     std::string(ReservedRange(address)) + ") that the source does not name";
  if (ReservedRange(address) == kBenchmark) {
    text +=
        "; a proxy with fake-IP DNS answers so for public names: let it resolve really, or write "
        "allow_addresses: [198.18.0.0/15]";
  } else {
    text += "; if it is meant, write allow_addresses: [" + address.ToString() + "]";
  }
  return text;
}

}  // namespace cluehound::crawler
