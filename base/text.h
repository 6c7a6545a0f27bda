#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Small helpers on text. All of them are locale-free; "Ascii" in a name means that other bytes are
// left alone.
namespace cluehound {

constexpr bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsAsciiAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool IsAsciiAlnum(char c) { return IsAsciiDigit(c) || IsAsciiAlpha(c); }
constexpr bool IsAsciiSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char AsciiLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view TrimAscii(std::string_view text);
std::string ToAsciiLower(std::string_view text);
bool EqualsIgnoreAsciiCase(std::string_view a, std::string_view b);
bool StartsWithIgnoreAsciiCase(std::string_view text, std::string_view prefix);
// Position of the first occurrence at or after `from`, or npos. REQUIRES: `lower` is lower case.
size_t FindIgnoreAsciiCase(std::string_view text, std::string_view lower, size_t from = 0);

// The non-empty pieces between any of `separators`. The views point into `text`.
std::vector<std::string_view> SplitAscii(std::string_view text, std::string_view separators);

// The whole of `text` as a decimal integer, with an optional minus sign; nothing on overflow.
std::optional<int64_t> ParseInt(std::string_view text);

// --- UTF-8 ---

inline constexpr char32_t kReplacementChar = 0xFFFD;

// Decodes the character at `pos` and moves `pos` behind it. A malformed byte gives kReplacementChar
// and moves by one. REQUIRES: pos < text.size()
char32_t DecodeUtf8(std::string_view text, size_t& pos);
void AppendUtf8(std::string& out, char32_t c);
bool IsValidUtf8(std::string_view text);
// Malformed sequences become U+FFFD (one per maximal part, as the WHATWG decoder does).
std::string ToValidUtf8(std::string_view text);
// At most `max_bytes` of `text`, cut at a character boundary.
std::string_view TruncateUtf8(std::string_view text, size_t max_bytes);

// Unicode white space (including U+3000 and U+00A0) collapsed to one blank, trimmed; other control
// characters dropped.
std::string CollapseSpace(std::string_view text);
bool IsUnicodeSpace(char32_t c);

// Columns that a terminal uses: 2 for East Asian wide and emoji, 0 for combining and zero-width
// characters.
int DisplayWidth(char32_t c);
int DisplayWidth(std::string_view text);

}  // namespace cluehound
