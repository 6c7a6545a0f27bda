#include "base/host.h"

#include <unicode/bytestream.h>
#include <unicode/idna.h>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/text.h"
#include "base/url.h"

namespace cluehound {
namespace {

bool IsForbiddenInDomain(unsigned char c) {
  if (c <= 0x20 || c == 0x7F) return true;
  return std::string_view("#/:<>?@[\\]^|%").find(static_cast<char>(c)) != std::string_view::npos;
}

std::optional<std::string> DomainToAscii(std::string_view domain) {
  bool plain = true;
  for (const char c : domain) plain = plain && static_cast<unsigned char>(c) < 0x80;
  if (plain) return ToAsciiLower(domain);  // also a label "xn--..." that is no punycode, since 2025

  static const std::unique_ptr<const icu::IDNA> idna = [] {
    UErrorCode error = U_ZERO_ERROR;
    return std::unique_ptr<const icu::IDNA>(icu::IDNA::createUTS46Instance(
        UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII |
            UIDNA_NONTRANSITIONAL_TO_UNICODE,
        error));
  }();
  if (!idna) return std::nullopt;
  UErrorCode error = U_ZERO_ERROR;
  icu::IDNAInfo info;
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  idna->nameToASCII_UTF8(icu::StringPiece(domain.data(), static_cast<int32_t>(domain.size())), sink,
                         info, error);
  // WHATWG: CheckHyphens and VerifyDnsLength are off.
  constexpr uint32_t kTolerated = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
                                  UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
                                  UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
  if (U_FAILURE(error) || (info.getErrors() & ~kTolerated) != 0 || ascii.empty())
    return std::nullopt;
  return ascii;
}

// One part of an IPv4 address: decimal, 0 octal, 0x hexadecimal. Nothing when it is no number.
std::optional<uint64_t> ParseIpv4Part(std::string_view part) {
  if (part.empty()) return std::nullopt;
  unsigned base = 10;
  if (part.size() >= 2 && part[0] == '0' && (part[1] == 'x' || part[1] == 'X')) {
    part.remove_prefix(2), base = 16;
  } else if (part.size() >= 2 && part[0] == '0') {
    part.remove_prefix(1), base = 8;
  }
  uint64_t value = 0;
  for (const char c : part) {
    unsigned digit = 0;
    if (IsAsciiDigit(c)) {
      digit = static_cast<unsigned>(c - '0');
    } else if (IsAsciiAlpha(c)) {
      digit = static_cast<unsigned>(AsciiLower(c) - 'a') + 10;
    } else {
      return std::nullopt;
    }
    if (digit >= base) return std::nullopt;
    value =
        std::min<uint64_t>(value * base + digit, uint64_t{1} << 40);  // large enough to be refused
  }
  return value;
}

std::vector<std::string_view> SplitDots(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t dot = text.find('.');
    parts.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    text.remove_prefix(dot + 1);
  }
}

bool EndsInNumber(std::vector<std::string_view> parts) {
  if (parts.back().empty()) {
    if (parts.size() == 1) return false;
    parts.pop_back();
  }
  const std::string_view last = parts.back();
  if (!last.empty() && last.find_first_not_of("0123456789") == std::string_view::npos) return true;
  return ParseIpv4Part(last).has_value();
}

std::optional<std::string> ParseIpv4(std::string_view host) {
  std::vector<std::string_view> parts = SplitDots(host);
  if (parts.back().empty() && parts.size() > 1) parts.pop_back();
  if (parts.size() > 4) return std::nullopt;
  uint64_t address = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto value = ParseIpv4Part(parts[i]);
    if (!value) return std::nullopt;
    if (i + 1 < parts.size()) {
      if (*value > 255) return std::nullopt;
      address |= *value << (8 * (3 - i));
    } else {
      if (*value >= uint64_t{1} << (8 * (5 - parts.size()))) return std::nullopt;
      address |= *value;
    }
  }
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += std::to_string((address >> shift) & 255);
    if (shift > 0) out += '.';
  }
  return out;
}

using Pieces = std::array<uint16_t, 8>;

// The dotted tail "1.2.3.4" into two pieces.
bool ParseEmbeddedIpv4(std::string_view text, Pieces& pieces, size_t at) {
  const std::vector<std::string_view> parts = SplitDots(text);
  if (parts.size() != 4) return false;
  for (size_t i = 0; i < 4; ++i) {
    const auto value = ParseInt(parts[i]);
    if (!value || *value < 0 || *value > 255 || (parts[i].size() > 1 && parts[i][0] == '0'))
      return false;
    pieces[at + i / 2] = static_cast<uint16_t>(pieces[at + i / 2] * 256 + *value);
  }
  return true;
}

std::optional<Pieces> ParseIpv6Pieces(std::string_view text) {
  Pieces pieces{};
  size_t count = 0;
  std::optional<size_t> compress;
  size_t pos = 0;
  if (text.starts_with(":")) {
    if (!text.starts_with("::")) return std::nullopt;
    pos = 2, compress = 0;
  }
  while (pos < text.size()) {
    if (count == 8) return std::nullopt;
    if (text[pos] == ':') {
      if (compress) return std::nullopt;
      ++pos, compress = count;
      continue;
    }
    const size_t end = std::min(text.find(':', pos), text.size());
    const std::string_view piece = text.substr(pos, end - pos);
    if (piece.find('.') != std::string_view::npos) {
      if (count > 6 || end != text.size() || !ParseEmbeddedIpv4(piece, pieces, count))
        return std::nullopt;
      count += 2;
      pos = end;
      break;
    }
    if (piece.size() > 4) return std::nullopt;
    uint16_t value = 0;
    for (const char c : piece) {
      const char l = AsciiLower(c);
      if (!IsAsciiDigit(l) && !(l >= 'a' && l <= 'f')) return std::nullopt;
      value = static_cast<uint16_t>(value * 16 + (IsAsciiDigit(l) ? l - '0' : l - 'a' + 10));
    }
    pieces[count++] = value;
    pos = end;
    if (pos < text.size() && ++pos == text.size()) return std::nullopt;  // ends with a single colon
  }
  if (compress) {
    // Move what stands behind the "::" to the end.
    for (size_t moved = count - *compress, to = 7; moved > 0 && to > 0; --moved, --to) {
      std::swap(pieces[to], pieces[*compress + moved - 1]);
    }
  } else if (count != 8) {
    return std::nullopt;
  }
  return pieces;
}

std::string SerialiseIpv6(const Pieces& pieces) {
  // The first longest run of at least two zero pieces becomes "::".
  size_t best = 8, best_length = 1;
  for (size_t i = 0; i < 8;) {
    size_t j = i;
    while (j < 8 && pieces[j] == 0) ++j;
    if (j - i > best_length) best = i, best_length = j - i;
    i = std::max(j, i + 1);
  }
  std::string out = "[";
  static constexpr char kDigits[] = "0123456789abcdef";
  for (size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += i == 0 ? "::" : ":";
      i += best_length - 1;
      continue;
    }
    bool begun = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const unsigned digit = (pieces[i] >> shift) & 15u;
      begun = begun || digit != 0 || shift == 0;
      if (begun) out += kDigits[digit];
    }
    if (i < 7) out += ':';
  }
  return out + "]";
}

}  // namespace

std::optional<std::string> ParseHost(std::string_view input) {
  if (input.starts_with('[')) {
    if (!input.ends_with(']')) return std::nullopt;
    const auto pieces = ParseIpv6Pieces(input.substr(1, input.size() - 2));
    if (!pieces) return std::nullopt;
    return SerialiseIpv6(*pieces);
  }
  const auto ascii = DomainToAscii(ToValidUtf8(PercentDecode(input)));
  if (!ascii || ascii->empty()) return std::nullopt;
  for (const char c : *ascii) {
    if (IsForbiddenInDomain(static_cast<unsigned char>(c))) return std::nullopt;
  }
  if (EndsInNumber(SplitDots(*ascii))) return ParseIpv4(*ascii);
  return ascii;
}

}  // namespace cluehound
