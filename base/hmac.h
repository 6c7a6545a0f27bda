#pragma once

#include <string>
#include <string_view>

namespace cluehound {

// RFC 2104; the bytes.
std::string HmacSha1(std::string_view key, std::string_view message);
std::string HmacSha256(std::string_view key, std::string_view message);

}  // namespace cluehound
