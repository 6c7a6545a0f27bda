#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cluehound {

// The WHATWG host parser for special schemes: percent-decoding, IDNA (UTS 46, non-transitional, as
// browsers), IPv4 in all its spellings, IPv6 in brackets. Gives the ASCII serialisation, or nothing
// for what is no host.
std::optional<std::string> ParseHost(std::string_view input);

}  // namespace cluehound
