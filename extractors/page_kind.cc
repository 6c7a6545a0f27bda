#include "extractors/page_kind.h"

#include <utility>

#include "base/text.h"

namespace cluehound::extractors {
namespace {

// Some pages begin with words that a tool wrote before them; tags come soon after.
constexpr size_t kLookedForTags = 8192;

std::string MediaType(std::string_view content_type) {
  return ToAsciiLower(TrimAscii(content_type.substr(0, content_type.find(';'))));
}

bool HasTags(std::string_view text) {
  text = text.substr(0, kLookedForTags);
  for (size_t pos = 0; (pos = text.find('<', pos)) != std::string_view::npos; ++pos) {
    if (pos + 1 < text.size() && (IsAsciiAlpha(text[pos + 1]) || text[pos + 1] == '!')) return true;
  }
  return false;
}

// The name of the first element of an XML text.
std::string_view RootElement(std::string_view text) {
  for (size_t pos = 0; (pos = text.find('<', pos)) != std::string_view::npos; ++pos) {
    if (pos + 1 >= text.size() || !IsAsciiAlpha(text[pos + 1])) continue;
    return text.substr(pos + 1, text.find_first_of(" \t\r\n/>", pos) - pos - 1);
  }
  return {};
}

// Where the value of `name({...})` begins, or npos.
size_t JsonpStart(std::string_view text) {
  size_t pos = 0;
  while (pos < text.size() &&
         (IsAsciiAlnum(text[pos]) || text[pos] == '_' || text[pos] == '$' || text[pos] == '.'))
    ++pos;
  if (pos == 0 || pos >= text.size() || text[pos] != '(') return std::string_view::npos;
  ++pos;
  while (pos < text.size() && IsAsciiSpace(text[pos])) ++pos;
  return pos < text.size() && (text[pos] == '{' || text[pos] == '[') ? pos : std::string_view::npos;
}

// More control characters than any text has; UTF-16, whose ASCII is half zeros, was decoded by then.
bool IsBinary(std::string_view text) {
  text = text.substr(0, kLookedForTags);
  size_t controls = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    controls += (byte < 0x20 && !IsAsciiSpace(c) && byte != 0x1B) || byte == 0x7F;
  }
  return controls * 50 > text.size();
}

}  // namespace

PageKind KindOfBytes(std::string_view bytes, std::string_view content_type, std::string& why) {
  static constexpr std::pair<std::string_view, std::string_view> kSignatures[] = {
      {"\x89PNG", "图片"},
      {"\xFF\xD8\xFF", "图片"},
      {"GIF8", "图片"},
      {"RIFF", "图片或音视频"},
      {"%PDF-", "PDF"},
      {"PK\x03\x04", "压缩包"},
      {"\x1F\x8B", "压缩包"},
      {"Rar!", "压缩包"},
      {"\x7F"
       "ELF",
       "程序"},
      {"wOFF", "字体"},
      {"wOF2", "字体"},
      {"OggS", "音视频"},
      {"ID3", "音视频"}};
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"image/", "图片"},    {"audio/", "音视频"},       {"video/", "音视频"},
      {"font/", "字体"},     {"application/pdf", "PDF"}, {"application/zip", "压缩包"},
      {"text/css", "样式表"}};
  for (const auto& [signature, what] : kSignatures) {
    if (bytes.starts_with(signature)) {
      why = "不是网页：" + std::string(what);
      return PageKind::kOther;
    }
  }
  const std::string type = MediaType(content_type);
  for (const auto& [prefix, what] : kTypes) {
    // A server that calls its pages pictures is corrected by the page itself.
    if (type.starts_with(prefix) && !HasTags(bytes.substr(0, 1024))) {
      why = "不是网页：" + std::string(what);
      return PageKind::kOther;
    }
  }
  if (TrimAscii(bytes).empty()) {
    why = "空白响应";
    return PageKind::kOther;
  }
  return PageKind::kHtml;
}

PageKind KindOfText(std::string_view text, std::string_view content_type, std::string_view& json,
                    std::string& why) {
  if (IsBinary(text)) {
    why = "不是网页：二进制数据";
    return PageKind::kOther;
  }
  const std::string_view trimmed = TrimAscii(text);
  const std::string type = MediaType(content_type);
  const bool says_json = type.ends_with("json") || type.ends_with("javascript");
  if (trimmed.starts_with('{') || trimmed.starts_with('[')) {
    // A page may begin with a word in brackets.
    const bool closed = trimmed.ends_with('}') || trimmed.ends_with(']');
    if (says_json || closed) {
      json = trimmed;
      return PageKind::kJson;
    }
  }
  // "/**/" in front is a known defence of JSONP services.
  const std::string_view call =
      trimmed.starts_with("/**/") ? TrimAscii(trimmed.substr(4)) : trimmed;
  if (const size_t start = JsonpStart(call); start != std::string_view::npos) {
    json = call.substr(start);
    return PageKind::kJson;
  }
  if (trimmed.starts_with("<?xml")) {
    const std::string_view root = RootElement(trimmed.substr(0, kLookedForTags));
    if (!EqualsIgnoreAsciiCase(root, "html")) {
      why = "不是网页：XML（" + std::string(TruncateUtf8(root, 40)) + "）";
      return PageKind::kOther;
    }
  }
  if (HasTags(trimmed)) return PageKind::kHtml;
  why = "不是网页：没有任何标签的文本";
  return PageKind::kOther;
}

}  // namespace cluehound::extractors
