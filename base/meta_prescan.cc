#include "base/meta_prescan.h"

#include "base/text.h"
#include "base/text_encoding.h"

namespace cluehound {
namespace {

constexpr size_t kPrescan = 1024;

bool IsHtmlSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

struct Attribute {
  std::string name;
  std::string value;
};

// Walks over the attributes of one tag ("get an attribute" in the standard).
class AttributeReader {
 public:
  AttributeReader(std::string_view bytes, size_t pos) : bytes_(bytes), pos_(pos) {}

  size_t position() const { return pos_; }

  // False at the tag's end, or at the end of the bytes.
  bool Next(Attribute& attribute) {
    attribute = {};
    while (!AtEnd() && (IsHtmlSpace(Here()) || Here() == '/')) ++pos_;
    if (AtEnd() || Here() == '>') return false;
    while (!AtEnd() && !(Here() == '=' && !attribute.name.empty()) && !IsHtmlSpace(Here()) &&
           Here() != '/' && Here() != '>') {
      attribute.name += AsciiLower(Take());
    }
    while (!AtEnd() && IsHtmlSpace(Here())) ++pos_;
    if (AtEnd() || Here() != '=') return !AtEnd();
    ++pos_;
    while (!AtEnd() && IsHtmlSpace(Here())) ++pos_;
    if (AtEnd()) return false;
    if (Here() == '"' || Here() == '\'') {
      const char quote = Take();
      while (!AtEnd() && Here() != quote) attribute.value += Take();
      if (AtEnd()) return false;
      ++pos_;
      return true;
    }
    while (!AtEnd() && !IsHtmlSpace(Here()) && Here() != '>') attribute.value += Take();
    return !AtEnd();
  }

 private:
  bool AtEnd() const { return pos_ >= bytes_.size(); }
  char Here() const { return bytes_[pos_]; }
  char Take() { return bytes_[pos_++]; }

  std::string_view bytes_;
  size_t pos_;
};

// The label a meta element's attributes give; moves `pos` behind them.
std::string CharsetOfMeta(std::string_view bytes, size_t& pos) {
  AttributeReader reader(bytes, pos);
  std::string charset, content;
  bool pragma = false;
  for (Attribute attribute; reader.Next(attribute);) {
    if (attribute.name == "http-equiv")
      pragma = EqualsIgnoreAsciiCase(attribute.value, "content-type");
    if (attribute.name == "content" && content.empty()) content = attribute.value;
    if (attribute.name == "charset" && charset.empty()) charset = attribute.value;
  }
  pos = reader.position();
  if (!charset.empty()) return charset;
  return pragma ? std::string(CharsetOf(content)) : "";
}

}  // namespace

std::string MetaCharset(std::string_view bytes) {
  bytes = bytes.substr(0, kPrescan);
  for (size_t pos = 0; pos < bytes.size();) {
    pos = bytes.find('<', pos);
    if (pos == std::string_view::npos) return "";
    const std::string_view rest = bytes.substr(pos);
    if (rest.starts_with("<!--")) {
      const size_t end = bytes.find("-->", pos + 2);
      if (end == std::string_view::npos) return "";
      pos = end + 3;
    } else if (rest.size() > 5 && StartsWithIgnoreAsciiCase(rest, "<meta") &&
               (IsHtmlSpace(rest[5]) || rest[5] == '/')) {
      pos += 5;
      const std::string label = CharsetOfMeta(bytes, pos);
      if (!EncodingFromLabel(label).empty()) return label;
    } else if (rest.size() > 2 &&
               (IsAsciiAlpha(rest[1]) || (rest[1] == '/' && IsAsciiAlpha(rest[2])))) {
      while (pos < bytes.size() && !IsHtmlSpace(bytes[pos]) && bytes[pos] != '>') ++pos;
      AttributeReader reader(bytes, pos);
      for (Attribute ignored; reader.Next(ignored);) {
      }
      pos = reader.position();
    } else if (rest.size() > 1 && (rest[1] == '!' || rest[1] == '/' || rest[1] == '?')) {
      const size_t end = bytes.find('>', pos);
      if (end == std::string_view::npos) return "";
      pos = end + 1;
    } else {
      ++pos;
    }
  }
  return "";
}

}  // namespace cluehound
