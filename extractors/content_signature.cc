#include "extractors/content_signature.h"

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"

namespace cluehound::extractors {
namespace {

// What follows a number and comes and goes with its size, or with the time of the day. Longer ones
// first where one begins another.
constexpr std::string_view kUnits[] = {
    "万",      "亿",      "千",      "秒钟",   "秒",   "分钟",   "分",     "个小时",  "小时",
    "時間",    "点",      "个月",    "個月",   "天前", "天",     "日前",   "日",      "周前",
    "周",      "月",      "年",      "시간",   "분",   "초",     "일",     "seconds", "second",
    "secs",    "sec",     "minutes", "minute", "mins", "min",    "hours",  "hour",    "hrs",
    "hr",      "days",    "day",     "weeks",  "week", "months", "month",  "years",   "year",
    "minuten", "stunden", "stunde",  "tagen",  "tage", "tag",    "heures", "heure",   "jours",
    "jour",    "horas",   "hora",    "días",   "dias", "dia",    "ore",    "ora",     "giorni",
    "giorno",  "godzin",  "dni",     "k",      "w",    "m"};
constexpr std::string_view kAfterUnit[] = {"多", "余", "+", "＋", "前", "ago"};
constexpr std::string_view kDayWords[] = {"刚刚", "刚才",     "今天",     "今日",      "昨天",
                                          "昨日", "前天",     "剛剛",     "방금",      "어제",
                                          "오늘", "たった今", "just now", "yesterday", "today"};

bool IsDigit(char32_t c) { return (c >= '0' && c <= '9') || (c >= U'０' && c <= U'９'); }
// Stands between the digits of one number, date or time.
bool Joins(char32_t c) {
  return c == '.' || c == ',' || c == ':' || c == '-' || c == '/' || c == '~' || c == U'：' ||
         c == U'，';
}

size_t SkipSpace(std::string_view text, size_t pos) {
  while (pos < text.size() && text[pos] == ' ') ++pos;
  return pos;
}

// How long the first of `words` is that stands at `pos`, whole where it is one of letters; 0: none.
template <size_t N>
size_t LengthOfAny(const std::string_view (&words)[N], std::string_view text, size_t pos) {
  const std::string_view rest = text.substr(pos);
  for (const std::string_view word : words) {
    if (rest.empty() || AsciiLower(rest[0]) != word[0] || !StartsWithIgnoreAsciiCase(rest, word))
      continue;
    const bool letters = IsAsciiAlpha(word.back());
    if (!letters || rest.size() == word.size() || !IsAsciiAlpha(rest[word.size()]))
      return word.size();
  }
  return 0;
}

// Behind the digits at `pos`, with what joins them.
size_t SkipDigits(std::string_view text, size_t pos) {
  size_t end = pos;
  while (pos < text.size()) {
    const char32_t c = DecodeUtf8(text, pos);
    if (IsDigit(c)) {
      end = pos;
    } else if (size_t next = pos;
               !Joins(c) || next == text.size() || !IsDigit(DecodeUtf8(text, next))) {
      break;
    }
  }
  return end;
}

// Behind a number and what belongs to it.
size_t SkipNumber(std::string_view text, size_t pos) {
  pos = SkipDigits(text, pos);
  if (const size_t unit = LengthOfAny(kUnits, text, SkipSpace(text, pos)))
    pos = SkipSpace(text, pos) + unit;
  while (const size_t more = LengthOfAny(kAfterUnit, text, SkipSpace(text, pos)))
    pos = SkipSpace(text, pos) + more;
  return pos;
}

uint64_t First8(const Digest& digest) {
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof value; ++i) value = value << 8 | digest[i];
  return value;
}

// Address without scheme, query, fragment and path parameters (";jsessionid=..."): they hold
// sessions and campaigns. Views into `url`.
std::string_view Place(std::string_view url) {
  if (const size_t scheme = url.find("://"); scheme != url.npos) url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of("?#;"));
}

void AddWhere(FieldDigest& digest, const Listing& listing) {
  digest.Add(listing.platform).Add(listing.id);
  digest.Add(listing.id.empty() ? Place(listing.url) : std::string_view());
}

void AddWho(FieldDigest& digest, const Listing& listing) {
  digest.Add(Name(listing.kind)).Add(listing.seller).Add(listing.seller_id);
  digest.Add(listing.location).Add(listing.origin).Add(listing.state);
  digest.Add(listing.room_operator).Add(listing.marketing_person);
  for (const std::string& merchant : listing.merchants) digest.Add(merchant);
}

}  // namespace

std::string StableText(std::string_view text) {
  std::string out;
  const auto blank = [&out] {
    if (!out.empty() && out.back() != ' ') out += ' ';
  };
  for (size_t pos = 0; pos < text.size();) {
    size_t next = pos;
    const char32_t c = DecodeUtf8(text, next);
    if (IsDigit(c)) {
      blank();
      pos = SkipNumber(text, pos);
    } else if (const size_t word = LengthOfAny(kDayWords, text, pos)) {
      blank();
      pos += word;
    } else if (IsUnicodeSpace(c)) {
      blank();
      pos = next;
    } else {
      out.append(text, pos, next - pos);
      pos = next;
    }
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

void ContentSignature::Add(const Listing& listing, std::string_view findings) {
  FieldDigest digest;
  AddWhere(digest, listing);
  AddWho(digest, listing);
  digest.Add(StableText(listing.title)).Add(StableText(listing.text)).Add(findings);
  parts_.push_back(First8(digest.Finish()));
}

void ContentSignature::AddLink(std::string_view url) {
  parts_.push_back(First8(FieldDigest().Add("link").Add(Place(url)).Finish()));
}

uint64_t ContentSignature::Finish() && {
  std::sort(parts_.begin(), parts_.end());
  parts_.erase(std::unique(parts_.begin(), parts_.end()), parts_.end());
  std::string bytes;
  for (const uint64_t part : parts_) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(part >> shift & 0xFF);
  }
  return std::max<uint64_t>(First8(Sha256(bytes)), 1);
}

uint64_t ListingVersion(const Listing& listing) {
  FieldDigest digest;
  AddWhere(digest, listing);
  AddWho(digest, listing);
  digest.Add(listing.title).Add(StableText(listing.text));
  digest.Add(listing.price).Add(listing.price_max).Add(listing.currency);
  return First8(digest.Finish());
}

uint64_t ListingName(const Listing& listing) {
  FieldDigest digest;
  AddWhere(digest, listing);
  if (listing.id.empty() && listing.url.empty()) digest.Add(listing.title).Add(listing.seller);
  return First8(digest.Finish());
}

}  // namespace cluehound::extractors
