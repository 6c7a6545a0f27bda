#include "extractors/amount.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace cluehound::extractors {
namespace {

constexpr size_t kMaxDigits = 12;
constexpr size_t kMaxLooked = 300;  // bytes of a text; a price stands early or is none

// Digits and signs of full width become those of ASCII; every kind of blank becomes one blank, or
// nothing.
std::string Plain(std::string_view text) {
  text = TruncateUtf8(text, kMaxLooked);
  std::string plain;
  for (size_t pos = 0; pos < text.size();) {
    const char32_t c = DecodeUtf8(text, pos);
    if (c >= 0xFF01 && c <= 0xFF5E) {
      plain += static_cast<char>(c - 0xFEE0);
    } else if (IsUnicodeSpace(c)) {
      plain += ' ';
    } else if (c == 0xFFE5) {
      plain += "¥";
    } else {
      AppendUtf8(plain, c);
    }
  }
  return plain;
}

struct Number {
  std::string digits;  // of the whole part, without leading zeros
  std::string fraction;
  size_t begin = 0;
  size_t end = 0;
};

// Whether the mark at `pos` separates thousands: exactly three digits follow, and the next is none.
bool SeparatesThousands(std::string_view text, size_t pos) {
  size_t digits = 0;
  while (pos + 1 + digits < text.size() && IsAsciiDigit(text[pos + 1 + digits])) ++digits;
  return digits == 3;
}

// The number that starts at `begin`. The last of "." and "," is the decimal point if both occur or
// if other than three digits follow a ","; a lone "." is one always, as China writes it.
Number ReadNumber(std::string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size() &&
         (IsAsciiDigit(text[end]) || ((text[end] == '.' || text[end] == ',') &&
                                      end + 1 < text.size() && IsAsciiDigit(text[end + 1])))) {
    ++end;
  }
  const std::string_view whole = text.substr(begin, end - begin);
  const size_t last_comma = whole.rfind(',');
  const size_t last_dot = whole.rfind('.');
  size_t point = std::string_view::npos;
  if (last_dot != std::string_view::npos &&
      (last_comma == std::string_view::npos || last_dot > last_comma)) {
    // "1.299.000" has points for thousands.
    if (whole.find('.') == last_dot) point = last_dot;
  } else if (last_comma != std::string_view::npos) {
    if (last_dot != std::string_view::npos || !SeparatesThousands(whole, last_comma))
      point = last_comma;
  }
  Number number;
  number.begin = begin;
  number.end = end;
  for (size_t i = 0; i < whole.size(); ++i) {
    if (!IsAsciiDigit(whole[i])) continue;
    (point != std::string_view::npos && i > point ? number.fraction : number.digits) += whole[i];
  }
  number.digits.erase(0, std::min(number.digits.find_first_not_of('0'), number.digits.size()));
  return number;
}

bool Ahead(std::string_view text, size_t pos, std::string_view word) {
  return text.compare(std::min(pos, text.size()), word.size(), word) == 0;
}

size_t SkipBlanks(std::string_view text, size_t pos) {
  while (pos < text.size() && text[pos] == ' ') ++pos;
  return pos;
}

// 万, 亿 and the w and k of shop pages; moves the decimal point and `number.end`.
void ApplyUnit(std::string_view text, Number& number) {
  static constexpr std::pair<std::string_view, size_t> kUnits[] = {
      {"万", 4}, {"萬", 4}, {"亿", 8}, {"億", 8}, {"w", 4}, {"W", 4}, {"k", 3}, {"K", 3}};
  for (const auto& [unit, places] : kUnits) {
    if (!Ahead(text, number.end, unit)) continue;
    if (unit.size() == 1 && number.end + 1 < text.size() && IsAsciiAlnum(text[number.end + 1]))
      return;
    number.end += unit.size();
    number.fraction.resize(std::max(number.fraction.size(), places), '0');
    number.digits += number.fraction.substr(0, places);
    number.fraction.erase(0, places);
    number.digits.erase(0, std::min(number.digits.find_first_not_of('0'), number.digits.size()));
    return;
  }
}

std::string Decimal(const Number& number) {
  if (number.digits.size() > kMaxDigits) return {};
  std::string fraction = number.fraction.substr(0, 6);
  while (fraction.size() > 2 && fraction.back() == '0') fraction.pop_back();
  fraction.resize(std::max<size_t>(fraction.size(), 2), '0');
  return (number.digits.empty() ? "0" : number.digits) + "." + fraction;
}

// The mark right before or behind an amount.
std::string_view CurrencyIn(std::string_view before, std::string_view behind) {
  static constexpr std::pair<std::string_view, std::string_view> kBefore[] = {
      {"NT$", "TWD"}, {"HK$", "HKD"}, {"US$", "USD"}, {"US $", "USD"},
      {"USD", "USD"}, {"TWD", "TWD"}, {"HKD", "HKD"}, {"EUR", "EUR"},
      {"GBP", "GBP"}, {"JPY", "JPY"}, {"CNY", "CNY"}, {"RMB", "CNY"},
      {"¥", "CNY"},   {"€", "EUR"},   {"£", "GBP"},   {"₩", "KRW"}};
  static constexpr std::pair<std::string_view, std::string_view> kBehind[] = {
      {"元", "CNY"},  {"€", "EUR"},    {"EUR", "EUR"},  {"zł", "PLN"},   {"£", "GBP"},
      {"CNY", "CNY"}, {"USD", "USD"},  {"TWD", "TWD"},  {"円", "JPY"},   {"JPY", "JPY"},
      {"HKD", "HKD"}, {"日元", "JPY"}, {"美元", "USD"}, {"欧元", "EUR"}, {"RMB", "CNY"}};
  before = TrimAscii(before);
  behind = TrimAscii(behind);
  for (const auto& [mark, code] : kBefore) {
    if (before.ends_with(mark)) return code;
  }
  for (const auto& [mark, code] : kBehind) {
    if (behind.starts_with(mark)) return code;
  }
  return {};
}

// Behind the marks between the ends of a range, or 0 when `pos` is not followed by such.
size_t SkipRangeMark(std::string_view text, size_t pos) {
  pos = SkipBlanks(text, pos);
  if (Ahead(text, pos, "元")) pos = SkipBlanks(text, pos + 3);
  for (const std::string_view mark : {"-", "~", "–", "—", "至", "到"}) {
    if (!Ahead(text, pos, mark)) continue;
    pos = SkipBlanks(text, pos + mark.size());
    for (const std::string_view sign : {"¥", "NT$", "HK$", "US$", "US $", "$", "€", "£"}) {
      if (Ahead(text, pos, sign)) pos = SkipBlanks(text, pos + sign.size());
    }
    return pos < text.size() && IsAsciiDigit(text[pos]) ? pos : 0;
  }
  return 0;
}

struct PlacedPrice {
  Price price;
  size_t begin = 0;  // in the plain text
  size_t end = 0;
};

PlacedPrice FindPrice(std::string_view plain) {
  PlacedPrice found;
  const size_t begin = plain.find_first_of("0123456789");
  if (begin == std::string_view::npos) return found;
  Number low = ReadNumber(plain, begin);
  ApplyUnit(plain, low);
  found.begin = low.begin;
  found.end = low.end;
  found.price.low = Decimal(low);
  if (found.price.low.empty()) return found;
  if (const size_t second = SkipRangeMark(plain, low.end)) {
    Number high = ReadNumber(plain, second);
    ApplyUnit(plain, high);
    found.end = high.end;
    if (std::string decimal = Decimal(high); decimal != found.price.low)
      found.price.high = std::move(decimal);
  }
  found.price.currency = CurrencyIn(plain.substr(0, found.begin), plain.substr(found.end));
  return found;
}

}  // namespace

Price ParsePrice(std::string_view text) { return FindPrice(Plain(text)).price; }

Price ParsePlainPrice(std::string_view text) {
  const std::string plain = Plain(text);
  PlacedPrice found = FindPrice(plain);
  if (found.price.low.empty()) return {};
  std::string rest = plain.substr(0, found.begin) + plain.substr(found.end);
  for (const std::string_view word :
       {" ",      "销售价", "促销价", "优惠价", "商城价", "活动价", "秒杀价", "会员价", "拼团价",
        "团购价", "批发价", "折后价", "券后价", "券后",   "到手价", "到手",   "价格",   "價格",
        "售价",   "售價",   "现价",   "特价",   "單價",   "单价",   "价",     "價",     "人民币",
        "日元",   "美元",   "港币",   "欧元",   "NT$",    "HK$",    "US$",    "CNY",    "RMB",
        "USD",    "EUR",    "TWD",    "HKD",    "GBP",    "JPY",    "Price",  "price",  "From",
        "from",   "¥",      "$",      "€",      "zł",     "CHF",    "£",      "₩",      "元",
        "円",     "圆",     "起",     "：",     ":",      "/件",    "/双",    "/个",    "/只",
        "/盒",    "/斤",    "/套"}) {
    for (size_t pos; (pos = rest.find(word)) != std::string::npos;) rest.erase(pos, word.size());
  }
  return rest.empty() ? std::move(found.price) : Price();
}

std::optional<Count> ParseCount(std::string_view text) {
  const std::string plain = Plain(text);
  for (size_t pos = 0; (pos = plain.find_first_of("0123456789", pos)) != std::string::npos;) {
    Number number = ReadNumber(plain, pos);
    ApplyUnit(plain, number);
    pos = std::max(number.end, pos + 1);
    const size_t behind = SkipBlanks(plain, number.end);
    if (Ahead(plain, behind, "天") || Ahead(plain, behind, "日") || Ahead(plain, behind, "小时"))
      continue;
    if (number.digits.size() > kMaxDigits) continue;
    Count count;
    count.value = ParseInt(number.digits.empty() ? "0" : number.digits).value_or(0);
    const std::string_view before = TrimAscii(std::string_view(plain).substr(0, number.begin));
    count.at_least = before.ends_with('>') || before.ends_with("超过") ||
                     before.ends_with("超過") || Ahead(plain, behind, "+") ||
                     Ahead(plain, behind, "以上") || Ahead(plain, behind, "余") ||
                     Ahead(plain, behind, "多");
    return count;
  }
  return std::nullopt;
}

}  // namespace cluehound::extractors
