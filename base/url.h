#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace cluehound {

// An absolute http or https address, parsed and serialised as the WHATWG URL standard says (the one
// browsers follow), so that what is checked is what is fetched. There is no second parser in the
// program. A value; cheap to copy as a string. Thread-safe as a value.
class Url {
 public:
  // Parses `input` (UTF-8), relative to `base` if given. Other schemes than http and https fail, as
  // do inputs of more than kMaxLength bytes. `query_encoding` is the encoding of the page that
  // holds the link: browsers percent-encode a query in it ("gb18030", "big5"; anything unknown
  // counts as UTF-8).
  static Result<Url> Parse(std::string_view input, const Url* base = nullptr,
                           std::string_view query_encoding = "utf-8");

  static constexpr size_t kMaxLength = 8192;  // browsers and servers rarely serve more

  // The serialisation, with fragment if there is one. Pure ASCII.
  const std::string& href() const { return href_; }
  std::string_view scheme() const { return view(0, scheme_end_); }
  bool is_https() const { return scheme() == "https"; }
  // User name and password, "user:pass" or empty.
  std::string_view userinfo() const;
  // Lower case, punycode, IPv4 in dotted form, IPv6 in brackets.
  std::string_view host() const { return view(host_begin_, host_end_); }
  // The port in force: 80 or 443 when the address names none.
  uint16_t port() const { return port_; }
  bool has_default_port() const { return port_ == (is_https() ? 443 : 80); }
  // Begins with "/".
  std::string_view path() const { return view(path_begin_, path_end_); }
  // With "?", or empty.
  std::string_view query() const { return view(path_end_, query_end_); }
  // With "#", or empty.
  std::string_view fragment() const { return view(query_end_, href_.size()); }
  // "/path?query", what goes into the request line and what robots.txt rules are matched against.
  std::string_view path_and_query() const { return view(path_begin_, query_end_); }

  // "http://example.com" or "http://example.com:8080": scheme, host and a port that is not the
  // default.
  std::string origin() const;
  // host[:port] as in a Host header: the key of politeness and of the frontier.
  std::string authority() const;

  // The same address without fragment and user information: what is stored, fetched and compared.
  Url Canonical() const;

  friend bool operator==(const Url& a, const Url& b) { return a.href_ == b.href_; }

 private:
  std::string_view view(size_t begin, size_t end) const {
    return std::string_view(href_).substr(begin, end - begin);
  }
  void Serialise(std::string_view scheme, std::string_view userinfo, std::string_view host,
                 uint16_t port, std::string_view path, std::string_view query,
                 std::string_view fragment);

  std::string href_;
  size_t scheme_end_ = 0, host_begin_ = 0, host_end_ = 0, path_begin_ = 0, path_end_ = 0,
         query_end_ = 0;
  uint16_t port_ = 0;

  friend class UrlParser;
};

// Percent-decodes; malformed escapes stay. The result may be any bytes.
std::string PercentDecode(std::string_view text);
// Percent-encodes everything but unreserved characters (RFC 3986 2.3), for a value inside a query.
std::string PercentEncode(std::string_view bytes);

// The value of `name` in a query ("?id=1&x=2" or without "?"), percent-decoded, "+" as blank; empty
// when absent.
std::string QueryValue(std::string_view query, std::string_view name);

}  // namespace cluehound
