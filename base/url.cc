#include "base/url.h"

#include <array>
#include <optional>
#include <vector>

#include "base/host.h"
#include "base/text.h"
#include "base/text_encoding.h"

namespace cluehound {
namespace {

constexpr char kHexDigits[] = "0123456789ABCDEF";

// The percent-encode sets of the standard, section 1.3, for the bytes below 0x80; all others are
// always encoded.
enum Set : uint8_t { kFragment = 1, kQuery = 2, kPath = 4, kUserinfo = 8, kAllButAlnum = 16 };

constexpr std::array<uint8_t, 128> MakeSets() {
  std::array<uint8_t, 128> sets{};
  for (size_t c = 0; c < 128; ++c) {
    if (c < 0x20 || c == 0x7F) sets[c] = kFragment | kQuery | kPath | kUserinfo;
    if (!IsAsciiAlnum(static_cast<char>(c))) sets[c] |= kAllButAlnum;
  }
  const auto add = [&sets](std::string_view chars, uint8_t in) {
    for (const char c : chars) sets[static_cast<size_t>(c)] |= in;
  };
  add(" \"<>", kFragment | kQuery | kPath | kUserinfo);
  add("`", kFragment);
  add("#'", kQuery);
  add("#?^`{}", kPath | kUserinfo);
  add("/:;=@[\\]|", kUserinfo);
  return sets;
}
constexpr std::array<uint8_t, 128> kSets = MakeSets();

void AppendEncoded(std::string& out, std::string_view text, Set set) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && (kSets[byte] & set) == 0) {
      out += c;
      continue;
    }
    out += '%';
    out += kHexDigits[byte >> 4];
    out += kHexDigits[byte & 15];
  }
}

int HexValue(char c) {
  if (IsAsciiDigit(c)) return c - '0';
  const char l = AsciiLower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

bool IsSlash(char c) {
  return c == '/' || c == '\\';
}  // in special schemes browsers treat both alike

// Leading and trailing C0 controls and blanks go, tab and line ends anywhere.
std::string Cleaned(std::string_view input) {
  while (!input.empty() && static_cast<unsigned char>(input.front()) <= 0x20)
    input.remove_prefix(1);
  while (!input.empty() && static_cast<unsigned char>(input.back()) <= 0x20) input.remove_suffix(1);
  std::string out;
  out.reserve(input.size());
  for (const char c : input) {
    if (c != '\t' && c != '\n' && c != '\r') out += c;
  }
  return out;
}

// Length of "scheme" in "scheme:", or 0.
size_t SchemeLength(std::string_view text) {
  if (text.empty() || !IsAsciiAlpha(text[0])) return 0;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == ':') return i;
    if (!IsAsciiAlnum(text[i]) && text[i] != '+' && text[i] != '-' && text[i] != '.') return 0;
  }
  return 0;
}

bool IsSingleDot(std::string_view s) { return s == "." || EqualsIgnoreAsciiCase(s, "%2e"); }
bool IsDoubleDot(std::string_view s) {
  return s == ".." || EqualsIgnoreAsciiCase(s, ".%2e") || EqualsIgnoreAsciiCase(s, "%2e.") ||
         EqualsIgnoreAsciiCase(s, "%2e%2e");
}

void PopSegment(std::string& path) { path.resize(path.empty() ? 0 : path.rfind('/')); }

// Appends the segments of `text` to `path` ("" or "/a/b"), resolving dots. The result begins with
// "/".
void AppendPath(std::string& path, std::string_view text) {
  if (!text.empty() && IsSlash(text.front())) text.remove_prefix(1);
  while (true) {
    const size_t slash = text.find_first_of("/\\");
    const bool last = slash == std::string_view::npos;
    const std::string_view segment = text.substr(0, slash);
    if (IsDoubleDot(segment)) {
      PopSegment(path);
      if (last) path += '/';
    } else if (IsSingleDot(segment)) {
      if (last) path += '/';
    } else {
      path += '/';
      AppendEncoded(path, segment, kPath);
    }
    if (last) return;
    text.remove_prefix(slash + 1);
  }
}

std::string Shown(std::string_view input) {
  std::string shown = ToValidUtf8(TruncateUtf8(input, 200));
  return "\"" + shown + (shown.size() < input.size() ? "...\"" : "\"");
}

}  // namespace

// One parse: the parts, filled from the input and the base.
class UrlParser {
 public:
  UrlParser(std::string_view input, const Url* base, std::string_view query_encoding)
      : text_(input), base_(base), query_encoding_(query_encoding) {}

  Result<Url> Run() {
    const size_t scheme_length = SchemeLength(text_);
    std::string_view rest = text_;
    if (scheme_length > 0) {
      scheme_ = ToAsciiLower(rest.substr(0, scheme_length));
      if (scheme_ != "http" && scheme_ != "https")
        return Fail("only http and https addresses are supported");
      rest.remove_prefix(scheme_length + 1);
      const bool slashes = rest.size() >= 2 && IsSlash(rest[0]) && IsSlash(rest[1]);
      if (base_ == nullptr || base_->scheme() != scheme_ || slashes) return Absolute(rest);
    } else if (base_ == nullptr) {
      return Fail("not an absolute address (http://... or https://...)");
    }
    scheme_ = base_->scheme();
    if (rest.size() >= 2 && IsSlash(rest[0]) && IsSlash(rest[1])) return Absolute(rest);
    return Relative(rest);
  }

 private:
  Status Fail(std::string_view why) const {
    return Status::InvalidArgument("address " + Shown(text_) + ": " + std::string(why));
  }

  Result<Url> Absolute(std::string_view rest) {
    while (!rest.empty() && IsSlash(rest.front())) rest.remove_prefix(1);
    const size_t end = std::min(rest.find_first_of("/\\?#"), rest.size());
    RETURN_IF_ERROR(ParseAuthority(rest.substr(0, end)));
    return Tail(rest.substr(end), "");
  }

  Result<Url> Relative(std::string_view rest) {
    userinfo_ = base_->userinfo();
    host_ = base_->host();
    port_ = base_->port();
    if (!rest.empty() && IsSlash(rest.front())) return Tail(rest, "");
    if (rest.empty() || rest.front() == '?' || rest.front() == '#') {
      path_ = base_->path();
      if (rest.empty() || rest.front() == '#') query_ = base_->query();
      return QueryAndFragment(rest);
    }
    return Tail(rest, base_->path().substr(0, base_->path().rfind('/')));
  }

  // Path, query and fragment; the path is resolved below `parent`.
  Result<Url> Tail(std::string_view rest, std::string_view parent) {
    const size_t end = std::min(rest.find_first_of("?#"), rest.size());
    path_ = parent;
    AppendPath(path_, rest.substr(0, end));
    return QueryAndFragment(rest.substr(end));
  }

  Result<Url> QueryAndFragment(std::string_view rest) {
    const size_t hash = std::min(rest.find('#'), rest.size());
    if (rest.starts_with('?')) {
      const std::string_view query = rest.substr(1, hash - 1);
      query_ = "?";
      AppendQuery(query);
    }
    if (hash < rest.size()) {
      fragment_ = "#";
      AppendEncoded(fragment_, rest.substr(hash + 1), kFragment);
    }
    Url url;
    url.Serialise(scheme_, userinfo_, host_, port_, path_, query_, fragment_);
    if (url.href().size() > Url::kMaxLength) return Fail("longer than 8192 bytes");
    return url;
  }

  // Characters beyond ASCII go in the encoding of the page; one that it lacks as a character
  // reference, all of it percent-encoded (WHATWG "percent-encode after encoding").
  void AppendQuery(std::string_view query) {
    if (query_encoding_ == "utf-8" || query_encoding_.empty())
      return AppendEncoded(query_, query, kQuery);
    for (size_t pos = 0; pos < query.size();) {
      const size_t before = pos;
      const bool ascii = DecodeUtf8(query, pos) < 0x80;
      const std::string_view character = query.substr(before, pos - before);
      if (ascii) {
        AppendEncoded(query_, character, kQuery);
        continue;
      }
      const std::string encoded = EncodeAs(character, query_encoding_);
      const bool reference = encoded.starts_with("&#");
      AppendEncoded(query_, encoded, reference ? kAllButAlnum : kQuery);
    }
  }

  Status ParseAuthority(std::string_view authority) {
    if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
      const std::string_view info = authority.substr(0, at);
      const size_t colon = info.find(':');
      AppendEncoded(userinfo_, info.substr(0, colon), kUserinfo);
      if (colon != std::string_view::npos && colon + 1 < info.size()) {
        userinfo_ += ':';
        AppendEncoded(userinfo_, info.substr(colon + 1), kUserinfo);
      }
      authority.remove_prefix(at + 1);
    }
    const size_t bracket = authority.rfind(']');
    const size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    port_ = scheme_ == "https" ? 443 : 80;
    if (colon != std::string_view::npos && colon + 1 < authority.size()) {
      const std::string_view digits = authority.substr(colon + 1);
      const bool digits_only = digits.find_first_not_of("0123456789") == std::string_view::npos;
      const auto port = ParseInt(digits);
      if (!digits_only || !port || *port > 65535)
        return Fail("the port is not a number up to 65535");
      port_ = static_cast<uint16_t>(*port);
    }
    const auto host = ParseHost(authority.substr(0, colon));
    if (!host) return Fail("the host name is empty or not valid");
    host_ = *host;
    return Status::Ok();
  }

  std::string_view text_;
  const Url* base_;
  std::string_view query_encoding_;
  std::string scheme_, userinfo_, host_, path_, query_, fragment_;
  uint16_t port_ = 0;
};

Result<Url> Url::Parse(std::string_view input, const Url* base, std::string_view query_encoding) {
  if (input.size() > kMaxLength)
    return Status::InvalidArgument("address " + Shown(input) + ": longer than 8192 bytes");
  const std::string cleaned = Cleaned(input);
  return UrlParser(cleaned, base, query_encoding).Run();
}

void Url::Serialise(std::string_view scheme, std::string_view userinfo, std::string_view host,
                    uint16_t port, std::string_view path, std::string_view query,
                    std::string_view fragment) {
  std::string href(scheme);
  scheme_end_ = href.size();
  href += "://";
  if (!userinfo.empty()) href.append(userinfo).append("@");
  host_begin_ = href.size();
  href += host;
  host_end_ = href.size();
  port_ = port;
  if (port != (scheme == "https" ? 443 : 80)) href += ":" + std::to_string(port);
  path_begin_ = href.size();
  href += path;
  path_end_ = href.size();
  href += query;
  query_end_ = href.size();
  href += fragment;
  href_ = std::move(href);
}

std::string_view Url::userinfo() const {
  const size_t begin = scheme_end_ + 3;
  return begin < host_begin_ ? view(begin, host_begin_ - 1) : std::string_view();
}

std::string Url::authority() const { return std::string(view(host_begin_, path_begin_)); }

std::string Url::origin() const { return std::string(scheme()) + "://" + authority(); }

Url Url::Canonical() const {
  Url url;
  url.Serialise(scheme(), "", host(), port_, path(), query(), "");
  return url;
}

std::string PercentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
    const int low = high >= 0 ? HexValue(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string PercentEncode(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    if (IsAsciiAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHexDigits[byte >> 4];
    out += kHexDigits[byte & 15];
  }
  return out;
}

std::string QueryValue(std::string_view query, std::string_view name) {
  if (query.starts_with('?')) query.remove_prefix(1);
  for (const std::string_view pair : SplitAscii(query, "&")) {
    const size_t equals = std::min(pair.find('='), pair.size());
    if (PercentDecode(pair.substr(0, equals)) != name) continue;
    std::string value(pair.substr(std::min(equals + 1, pair.size())));
    for (char& c : value) {
      if (c == '+') c = ' ';
    }
    return PercentDecode(value);
  }
  return "";
}

}  // namespace cluehound
