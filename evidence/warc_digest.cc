#include "evidence/warc_digest.h"

#include <cstdint>

#include "base/text.h"

namespace cluehound::evidence {
namespace {

// Groups of `bits` bits become one character each; `=` fills the last quantum of `quantum`
// characters.
std::string Encode(std::string_view bytes, std::string_view alphabet, unsigned bits,
                   size_t quantum) {
  std::string out;
  uint32_t held = 0;
  unsigned held_bits = 0;
  const uint32_t mask = (1u << bits) - 1;
  for (const char c : bytes) {
    held = (held << 8) | static_cast<uint8_t>(c);
    held_bits += 8;
    while (held_bits >= bits) {
      held_bits -= bits;
      out += alphabet[(held >> held_bits) & mask];
    }
    held &= (1u << held_bits) - 1;
  }
  if (held_bits > 0) out += alphabet[(held << (bits - held_bits)) & mask];
  while (out.size() % quantum != 0) out += '=';
  return out;
}

std::string_view WithoutPadding(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string Base32(std::string_view bytes) {
  return Encode(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 8);
}

std::string Base64(std::string_view bytes) {
  return Encode(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 4);
}

std::optional<DigestLabel> DigestLabel::Parse(std::string_view field) {
  const size_t colon = field.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string name = ToAsciiLower(TrimAscii(field.substr(0, colon)));
  const std::string value(TrimAscii(field.substr(colon + 1)));
  if (name == "sha1" || name == "sha-1") return DigestLabel{Hasher::Kind::kSha1, value};
  if (name == "sha256" || name == "sha-256") return DigestLabel{Hasher::Kind::kSha256, value};
  return std::nullopt;
}

bool DigestLabel::Matches(std::string_view digest) const {
  const std::string_view bare = WithoutPadding(value);
  return EqualsIgnoreAsciiCase(bare, Hex(digest)) ||
         EqualsIgnoreAsciiCase(bare, WithoutPadding(Base32(digest))) ||
         bare == WithoutPadding(Base64(digest));
}

std::string Sha256Label(const Digest& digest) { return "sha256:" + Hex(digest); }

}  // namespace cluehound::evidence
