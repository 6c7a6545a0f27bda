#include "crawler/crawl_address.h"

#include <algorithm>

#include "base/text.h"

namespace cluehound::crawler {
namespace {

// Lower case, sorted. Names that mean nothing else wherever they are met. "from", "source", "ref",
// "sid" and the like select items on some sites, and are not here.
constexpr std::string_view kTracking[] = {
    "_ga",        "_gl",    "_hsenc",  "_hsmi",  "_openstat", "ali_refid", "ali_trackid",
    "bd_vid",     "dclid",  "epik",    "fbclid", "gbraid",    "gclid",     "gclsrc",
    "gdt_vid",    "igshid", "mc_cid",  "mc_eid", "mkt_tok",   "msclkid",   "oly_anon_id",
    "oly_enc_id", "pvid",   "qz_gdt",  "scm",    "spm",       "srsltid",   "tracelog",
    "ttclid",     "twclid", "vero_id", "wbraid", "wickedid",  "yclid",
};
static_assert(std::is_sorted(std::begin(kTracking), std::end(kTracking)));

constexpr std::string_view kSessions[] = {
    "cfid",   "cftoken",    "jsessionid", "oscsid", "phpsessid",
    "sessid", "session_id", "sessionid",  "zenid",
};
static_assert(std::is_sorted(std::begin(kSessions), std::end(kSessions)));
constexpr size_t kMinSession = 8;  // characters of an id; "sessionid=2" may be a trade fair's

bool IsSessionName(const std::string& name) {
  return name.starts_with("aspsessionid") ||
         std::binary_search(std::begin(kSessions), std::end(kSessions), name);
}

bool IsSessionId(std::string_view value) {
  return value.size() >= kMinSession && std::all_of(value.begin(), value.end(), [](char c) {
           return IsAsciiAlnum(c) || c == '-' || c == '_' || c == '.' || c == '!' || c == ':';
         });
}

// Whether a parameter, "name=value" or "name", says nothing about the page.
bool IsNoise(std::string_view parameter) {
  const size_t equals = std::min(parameter.find('='), parameter.size());
  const std::string name = ToAsciiLower(parameter.substr(0, equals));
  const std::string_view value = parameter.substr(std::min(equals + 1, parameter.size()));
  return name.starts_with("utm_") ||
         std::binary_search(std::begin(kTracking), std::end(kTracking), name) ||
         (IsSessionName(name) && IsSessionId(value));
}

// Appends the last segment of the path without its session ids ("/list;jsessionid=1A2B").
void AppendLastSegment(std::string_view segment, std::string& out) {
  const size_t first = std::min(segment.find(';'), segment.size());
  const std::string_view name = segment.substr(0, first);
  out += name;
  // "..;x" is a name, and ".." would not be: such a segment stays as it is.
  const bool plain = name.empty() || name.find_first_not_of(".%2eE") != std::string_view::npos;
  for (size_t at = first; at < segment.size();) {
    const size_t end = std::min(segment.find(';', at + 1), segment.size());
    const std::string_view parameter = segment.substr(at + 1, end - at - 1);
    if (!plain || !IsNoise(parameter)) (out += ';') += parameter;
    at = end;
  }
}

void AppendQuery(std::string_view query, std::string& out) {
  char mark = '?';
  for (const std::string_view parameter : SplitAscii(query, "&")) {
    if (IsNoise(parameter)) continue;
    (out += mark) += parameter;
    mark = '&';
  }
}

bool IsHex(char c) { return IsAsciiDigit(c) || (AsciiLower(c) >= 'a' && AsciiLower(c) <= 'f'); }

void RaiseEscapes(std::string& text) {
  for (size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] != '%' || !IsHex(text[i + 1]) || !IsHex(text[i + 2])) continue;
    for (const size_t digit : {i + 1, i + 2}) {
      if (text[digit] >= 'a') text[digit] = static_cast<char>(text[digit] - 'a' + 'A');
    }
    i += 2;
  }
}

}  // namespace

std::string CrawlAddress(std::string_view canonical) {
  const size_t question = std::min(canonical.find('?'), canonical.size());
  const std::string_view front = canonical.substr(0, question);
  const size_t segment = front.rfind('/') + 1;
  std::string address(front.substr(0, segment));
  AppendLastSegment(front.substr(segment), address);
  if (question < canonical.size()) AppendQuery(canonical.substr(question + 1), address);
  RaiseEscapes(address);
  return address;
}

}  // namespace cluehound::crawler
