#include "crawler/robots.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "base/text_encoding.h"

namespace cluehound::crawler {
namespace {

// Bytes that one Allows() may look at: a few milliseconds. 5,000 wildcard rules on a path of 200
// bytes are 1 MB.
constexpr size_t kMaxWork = 32u << 20;

bool IsUnreserved(char c) {
  return IsAsciiAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}
bool IsReserved(char c) { return c != '\0' && std::strchr(":/?#[]@!&'()+,;=", c) != nullptr; }

int HexValue(char c) {
  if (IsAsciiDigit(c)) return c - '0';
  const char lower = AsciiLower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

void AppendEscaped(std::string& out, char c) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

// RFC 9309 2.2.2: both sides in one spelling. Escapes of unreserved characters are undone, all else
// that is not plain in an address is escaped in upper case. '*' and '$' become escapes too (unless
// `keep_star`), so that a rule can name them literally ("%2A").
std::string Normalise(std::string_view text, bool keep_star) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%' && i + 2 < text.size() && HexValue(text[i + 1]) >= 0 &&
        HexValue(text[i + 2]) >= 0) {
      const auto decoded = static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
      if (IsUnreserved(decoded)) {
        out += decoded;
      } else {
        AppendEscaped(out, decoded);
      }
      i += 2;
    } else if (IsUnreserved(c) || IsReserved(c) || c == '%') {
      out += c;
    } else if (c == '*' && keep_star) {
      if (!out.ends_with('*')) out += c;  // "**" means no more than "*"
    } else {
      AppendEscaped(out, c);
    }
  }
  return out;
}

// The first occurrence of `needle` at or after `from`. memmem is linear; string_view::find is not.
size_t FindLinear(std::string_view text, std::string_view needle, size_t from) {
  if (needle.empty()) return from;
  const void* found = memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

enum class Key { kUserAgent, kAllow, kDisallow, kCrawlDelay, kSitemap, kOther };

// Misspellings are those that google/robotstxt and crawler-commons found often enough to accept.
Key KeyOf(std::string_view word) {
  struct Spelling {
    std::string_view word;
    Key key;
  };
  static constexpr Spelling kSpellings[] = {
      {"user-agent", Key::kUserAgent},
      {"useragent", Key::kUserAgent},
      {"user agent", Key::kUserAgent},
      {"useg-agent", Key::kUserAgent},
      {"allow", Key::kAllow},
      {"disallow", Key::kDisallow},
      {"dissallow", Key::kDisallow},
      {"dissalow", Key::kDisallow},
      {"disalow", Key::kDisallow},
      {"diasllow", Key::kDisallow},
      {"disallaw", Key::kDisallow},
      {"desallow", Key::kDisallow},
      {"crawl-delay", Key::kCrawlDelay},
      {"crawldelay", Key::kCrawlDelay},
      {"crawl delay", Key::kCrawlDelay},
      {"sitemap", Key::kSitemap},
      {"site-map", Key::kSitemap},
  };
  for (const Spelling& spelling : kSpellings) {
    if (EqualsIgnoreAsciiCase(word, spelling.word)) return spelling.key;
  }
  return Key::kOther;
}

// Seconds with an optional fraction, "10", "0.5", "10s".
std::optional<Duration> ParseDelay(std::string_view value) {
  int64_t millis = 0;
  int64_t scale = 1000;
  bool any = false;
  bool fraction = false;
  for (const char c : value) {
    if (c == '.' && !fraction) {
      fraction = true;
      continue;
    }
    if (!IsAsciiDigit(c)) {
      if (c == ' ' || AsciiLower(c) == 's') break;
      return std::nullopt;
    }
    any = true;
    if (fraction) {
      scale /= 10;
      millis += (c - '0') * scale;
    } else if (millis < int64_t{1} << 40) {  // thirty years: larger means no more
      millis = millis * 10 + (c - '0') * 1000;
    }
  }
  if (!any) return std::nullopt;
  return Duration(millis);
}

// UTF-16 by its byte order mark; a UTF-8 mark, even a cut one, is skipped.
std::string_view WithoutBom(std::string_view body, std::string& decoded) {
  if (body.starts_with("\xFF\xFE") || body.starts_with("\xFE\xFF")) {
    decoded = DecodeAs(body.substr(2), body.starts_with("\xFF\xFE") ? "utf-16le" : "utf-16be");
    return decoded;
  }
  for (const char c : {'\xEF', '\xBB', '\xBF'}) {
    if (!body.starts_with(c)) break;
    body.remove_prefix(1);
  }
  return body;
}

}  // namespace

// Reads line by line. A group is a run of User-agent lines with the rules behind them; only Allow
// and Disallow end the run of User-agent lines, as other records must not interfere (2.2.4).
class RobotsRules::Parser {
 public:
  explicit Parser(std::string_view product_token) : token_(product_token) {}

  void Line(std::string_view line) {
    line = TrimAscii(line.substr(0, line.find('#')));
    if (line.empty()) return;
    std::string_view key, value;
    if (const size_t colon = line.find(':'); colon != std::string_view::npos) {
      key = TrimAscii(line.substr(0, colon));
      value = TrimAscii(line.substr(colon + 1));
    } else {
      // "disallow /x": a forgotten colon, if there are exactly two words.
      const std::vector<std::string_view> words = SplitAscii(line, " \t");
      if (words.size() != 2) return;
      key = words[0];
      value = words[1];
    }
    Record(KeyOf(key), value);
  }

  RobotsRules Finish() {
    RobotsRules& result = specific_.named ? specific_.rules : global_.rules;
    std::stable_sort(result.rules_.begin(), result.rules_.end(), [](const Rule& a, const Rule& b) {
      return a.length() != b.length() ? a.length() > b.length() : a.allow && !b.allow;
    });
    result.sitemaps_ = std::move(sitemaps_);
    return std::move(result);
  }

 private:
  struct Group {
    bool named = false;    // some User-agent line of the file names it
    bool current = false;  // the lines being read are for it
    RobotsRules rules;
  };

  void Record(Key key, std::string_view value) {
    switch (key) {
      case Key::kUserAgent:
        return UserAgent(value);
      case Key::kAllow:
      case Key::kDisallow:
        in_rules_ = true;
        for (Group* group : {&specific_, &global_}) {
          if (group->current) AddRule(group->rules, value, key == Key::kAllow);
        }
        return;
      case Key::kCrawlDelay:
        if (const auto delay = ParseDelay(value)) {
          for (Group* group : {&specific_, &global_}) {
            if (!group->current) continue;
            auto& kept = group->rules.crawl_delay_;
            kept = std::max(kept.value_or(Duration::zero()), *delay);
          }
        }
        return;
      case Key::kSitemap:
        if (sitemaps_.size() < kMaxSitemaps && !value.empty() &&
            std::find(sitemaps_.begin(), sitemaps_.end(), value) == sitemaps_.end()) {
          sitemaps_.emplace_back(value);
        }
        return;
      case Key::kOther:
        return;
    }
  }

  void UserAgent(std::string_view value) {
    if (in_rules_) {
      in_rules_ = specific_.current = global_.current = false;
    }
    if (value == "*" || value.starts_with("* ")) {
      global_.current = global_.named = true;
      return;
    }
    // 2.2.1: letters, "_" and "-"; what follows ("/1.0", a second word) is not part of the token.
    // Digits are, as names like MJ12bot exist in spite of the RFC.
    size_t end = 0;
    while (end < value.size() &&
           (IsAsciiAlnum(value[end]) || value[end] == '_' || value[end] == '-')) {
      ++end;
    }
    if (end > 0 && EqualsIgnoreAsciiCase(value.substr(0, end), token_)) {
      specific_.current = specific_.named = true;
    }
  }

  static void AddRule(RobotsRules& rules, std::string_view value, bool allow) {
    Rule rule;
    rule.allow = allow;
    if (value.ends_with('$')) {
      rule.anchored = true;
      value.remove_suffix(1);
    }
    rule.pattern = Normalise(value, /*keep_star=*/true);
    if (rule.length() > 0) rules.rules_.push_back(std::move(rule));  // an empty value names nothing
  }

  std::string_view token_;
  Group specific_;
  Group global_;
  bool in_rules_ = false;
  std::vector<std::string> sitemaps_;
};

RobotsRules RobotsRules::Parse(std::string_view body, std::string_view product_token) {
  std::string decoded;
  body = WithoutBom(body.substr(0, kMaxBytes), decoded);
  Parser parser(product_token);
  while (!body.empty()) {
    const size_t end = std::min(body.find_first_of("\r\n"), body.size());
    parser.Line(body.substr(0, end));
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return parser.Finish();
}

// The pieces between wildcards are looked for from left to right, each as early as possible: with
// only '*' as wildcard that finds a match if there is one, without going back.
bool RobotsRules::Matches(const Rule& rule, std::string_view path) {
  std::string_view rest = rule.pattern;
  size_t star = rest.find('*');
  std::string_view piece = rest.substr(0, star);
  if (!path.starts_with(piece)) return false;
  size_t pos = piece.size();
  if (star == std::string_view::npos) return !rule.anchored || pos == path.size();
  while (true) {
    rest.remove_prefix(star + 1);
    star = rest.find('*');
    piece = rest.substr(0, star);
    if (star == std::string_view::npos && rule.anchored) {
      return path.size() - pos >= piece.size() && path.ends_with(piece);
    }
    pos = FindLinear(path, piece, pos);
    if (pos == std::string_view::npos) return false;
    pos += piece.size();
    if (star == std::string_view::npos) return true;
  }
}

bool RobotsRules::Allows(std::string_view path_and_query) const {
  if (rules_.empty()) return true;
  const std::string path =
      path_and_query.empty() ? "/" : Normalise(path_and_query, /*keep_star=*/false);
  if (path == "/robots.txt") return true;  // 2.2.2: implicitly allowed
  size_t work = 0;
  for (const Rule& rule : rules_) {
    if (Matches(rule, path)) return rule.allow;
    if (rule.pattern.find('*') != std::string::npos) work += path.size();
    if (work > kMaxWork) return false;
  }
  return true;
}

size_t RobotsRules::bytes() const {
  size_t total = sizeof(*this);
  for (const Rule& rule : rules_) total += sizeof(Rule) + rule.pattern.capacity();
  for (const std::string& sitemap : sitemaps_) total += sizeof(sitemap) + sitemap.capacity();
  return total;
}

}  // namespace cluehound::crawler
