#include "crawler/address_guard.h"

#include <netinet/in.h>

#include <cstring>

#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

IpAddress Ip(std::string_view text) {
  const auto address = IpAddress::Parse(text);
  INFO(text);
  REQUIRE(address.has_value());
  return *address;
}

AddressGuard Allowing(std::initializer_list<const char*> ranges) {
  std::vector<Cidr> allowed;
  for (const char* range : ranges) {
    INFO(range);
    const auto cidr = Cidr::Parse(range);
    REQUIRE(cidr.has_value());
    allowed.push_back(*cidr);
  }
  return AddressGuard(allowed);
}

TEST_CASE("iana special registries: every reserved range is refused, at both its ends") {
  const char* refused[] = {
      "0.0.0.0",
      "0.255.255.255",
      "10.0.0.0",
      "10.255.255.255",
      "100.64.0.0",
      "100.127.255.255",
      "127.0.0.1",
      "127.255.255.255",
      "169.254.169.254",
      "172.16.0.0",
      "172.31.255.255",
      "192.0.0.8",
      "192.0.2.1",
      "192.88.99.1",
      "192.168.0.1",
      "198.18.0.0",
      "198.19.255.255",
      "198.51.100.7",
      "203.0.113.9",
      "224.0.0.1",
      "239.255.255.255",
      "240.0.0.1",
      "255.255.255.255",
      "::",
      "::1",
      "::ffff:8.8.8.8",
      "::ffff:10.0.0.1",
      "::7f00:1",
      "64:ff9b::808:808",
      "64:ff9b:1::1",
      "100::1",
      "2001::1",
      "2001:2::1",
      "2001:10::1",
      "2001:20::1",
      "2001:db8::1",
      "2002:7f00:1::",
      "3fff::1",
      "5f00::1",
      "fc00::1",
      "fdff::1",
      "fe80::1",
      "febf::1",
      "fec0::1",
      "ff02::1",
      "1::1",
      "4000::1",
  };
  for (const char* text : refused) {
    INFO(text);
    CHECK_FALSE(AddressGuard().Allows(Ip(text)));
    CHECK_FALSE(ReservedRange(Ip(text)).empty());
  }
}

TEST_CASE("iana special registries: the neighbours of reserved ranges are public") {
  const char* allowed[] = {
      "1.0.0.0",     "9.255.255.255", "11.0.0.0",     "100.63.255.255",       "100.128.0.0",
      "126.0.0.1",   "128.0.0.1",     "169.253.0.1",  "169.255.0.1",          "172.15.255.255",
      "172.32.0.0",  "192.0.1.0",     "192.167.0.1",  "192.169.0.1",          "198.17.255.255",
      "198.20.0.0",  "223.255.255.1", "2400:3200::1", "2001:4860:4860::8888", "2003::1",
      "2620:fe::fe", "240e::1",       "2001:200::1",
  };
  for (const char* text : allowed) {
    INFO(text);
    CHECK(AddressGuard().Allows(Ip(text)));
  }
}

TEST_CASE("ours: a named range is allowed, and nothing beside it") {
  const AddressGuard guard = Allowing({"192.168.4.0/23", "127.0.0.1", "fd00:1::/32"});
  CHECK(guard.Allows(Ip("192.168.5.255")));
  CHECK_FALSE(guard.Allows(Ip("192.168.6.0")));
  CHECK(guard.Allows(Ip("127.0.0.1")));
  CHECK_FALSE(guard.Allows(Ip("127.0.0.2")));
  CHECK(guard.Allows(Ip("fd00:1:ffff::1")));
  CHECK_FALSE(guard.Allows(Ip("fd00:2::1")));
  CHECK(guard.Allows(Ip("1.1.1.1")));
  CHECK(Allowing({"0.0.0.0/0"}).Allows(Ip("10.1.2.3")));
  CHECK_FALSE(Allowing({"0.0.0.0/0"}).Allows(Ip("::1")));
}

TEST_CASE("changedetection GHSA list: a tunnel does not lead around the guard") {
  const AddressGuard guard = Allowing({"64:ff9b::/96", "2002::/16", "2001::/32", "::ffff:0:0/96"});
  CHECK(guard.Allows(Ip("64:ff9b::8.8.8.8")));
  CHECK_FALSE(guard.Allows(Ip("64:ff9b::10.0.0.1")));
  CHECK_FALSE(guard.Allows(Ip("::ffff:127.0.0.1")));
  CHECK_FALSE(guard.Allows(Ip("2002:a00:1::1")));  // 10.0.0.1
  CHECK(guard.Allows(Ip("2002:808:808::1")));
  // Teredo keeps the client's address with all bits flipped: 5601:0102 is 169.254.254.253.
  CHECK_FALSE(guard.Allows(Ip("2001:0:808:808::5601:102")));
  CHECK(Allowing({"64:ff9b::/96", "10.0.0.0/8"}).Allows(Ip("64:ff9b::10.0.0.1")));
}

TEST_CASE("ours: a refusal says what to write where") {
  const std::string text = AddressGuard().Refusal(Ip("10.1.2.3"));
  CHECK(text.find("10.1.2.3") != std::string::npos);
  CHECK(text.find("private") != std::string::npos);
  CHECK(text.find("allow_addresses: [10.1.2.3]") != std::string::npos);
  CHECK(AddressGuard().Refusal(Ip("198.18.0.7")).find("fake-IP") != std::string::npos);
}

TEST_CASE("ours: guards of equal ranges have equal keys") {
  CHECK(Allowing({"10.0.0.0/8", "127.0.0.1"}).key() ==
        Allowing({"127.0.0.1/32", "10.0.0.0/8", "10.0.0.0/8"}).key());
  CHECK(Allowing({"10.0.0.0/8"}).key() != AddressGuard().key());
}

TEST_CASE("ours: addresses and ranges are read strictly and written back") {
  for (const char* text : {"1.2.3.4", "::1", "2400:3200::1", "64:ff9b::808:808"}) {
    CHECK(Ip(text).ToString() == text);
  }
  CHECK(Ip("[::1]") == Ip("::1"));
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "0x7f.1", "fe80::1%eth0", "a",
                           "1.2.3.4 ", "12345:1::"}) {
    INFO(text);
    CHECK_FALSE(IpAddress::Parse(text).has_value());
  }
  CHECK_FALSE(IpAddress::Parse(std::string(4000, '1')).has_value());
  for (const char* text :
       {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::/129", "10.0.0.0/8/8", "/8"}) {
    INFO(text);
    CHECK_FALSE(Cidr::Parse(text).has_value());
  }
  CHECK(Cidr::Parse("10.0.0.0/8")->ToString() == "10.0.0.0/8");
}

TEST_CASE("ours: socket addresses of both families, and no others") {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(0x7F000001);
  CHECK(IpAddress::FromSockaddr(reinterpret_cast<sockaddr*>(&in)) == Ip("127.0.0.1"));
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  in6.sin6_addr = in6addr_loopback;
  CHECK(IpAddress::FromSockaddr(reinterpret_cast<sockaddr*>(&in6)) == Ip("::1"));
  in.sin_family = AF_UNIX;
  CHECK_FALSE(IpAddress::FromSockaddr(reinterpret_cast<sockaddr*>(&in)).has_value());
}

}  // namespace
}  // namespace cluehound::crawler
