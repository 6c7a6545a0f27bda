#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace cluehound::crawler {

// A proxy that the office's network prescribes. A value.
struct Proxy {
  std::string address;  // "http://proxy.example:3128" or "socks5h://...", without credentials: this
                        // is what may be logged
  std::string user;     // empty: none
  std::string password;

  // "http://[user:password@]host:port" or "socks5h://...", credentials percent-encoded. The message
  // of a failure never repeats the text, which may hold a password.
  static Result<Proxy> Parse(std::string_view text);

  friend bool operator==(const Proxy&, const Proxy&) = default;
};

}  // namespace cluehound::crawler
