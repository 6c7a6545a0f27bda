#include "extractors/json_value.h"

#include <cstring>

#include "base/text.h"

namespace cluehound::extractors {
namespace {

bool IsKeyChar(char c) {
  return IsAsciiAlnum(c) || c == '_' || c == '$' || c == '-' || (c & 0x80) != 0;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

// A loop over values with the open containers on a stack of its own.
class JsonDocument::Parser {
 public:
  Parser(std::string_view text, const Variables* variables, JsonDocument& document)
      : text_(text), variables_(variables), document_(document), values_(document.values_) {}

  bool Run() {
    if (!ReadValue(std::string_view())) return false;
    while (!open_.empty()) {
      SkipSpace();
      if (at_end()) return false;
      if (peek() == ',') {
        ++pos_;
        continue;
      }
      if (Closes(peek())) {
        // Which of the two does not matter: nothing that ends with the wrong one means something
        // else.
        ++pos_;
        values_[open_.back()].end = static_cast<uint32_t>(values_.size());
        open_.pop_back();
        continue;
      }
      std::string_view key;
      if (values_[open_.back()].kind == Kind::kObject && !ReadKey(key)) return false;
      if (!ReadValue(key)) return false;
    }
    document_.consumed_ = pos_;
    return true;
  }

 private:
  static bool Closes(char c) { return c == ']' || c == '}' || c == ')'; }

  bool at_end() const { return pos_ >= text_.size(); }
  char peek() const { return text_[pos_]; }
  bool Ahead(std::string_view word) const { return text_.compare(pos_, word.size(), word) == 0; }

  // White space, byte order marks, and comments of JavaScript and HTML.
  void SkipSpace() {
    while (!at_end()) {
      if (IsAsciiSpace(peek())) {
        ++pos_;
      } else if (Ahead("//")) {
        SkipTo("\n");
      } else if (Ahead("/*")) {
        SkipTo("*/");
      } else if (Ahead("<!--")) {
        SkipTo("-->");
      } else if (Ahead("\xC2\xA0") || Ahead("\xEF\xBB\xBF")) {
        pos_ += peek() == '\xC2' ? 2 : 3;
      } else {
        return;
      }
    }
  }
  void SkipTo(std::string_view mark) {
    const size_t found = text_.find(mark, pos_);
    pos_ = found == std::string_view::npos ? text_.size() : found + mark.size();
  }

  // `key: `, quoted or not. A member without ":" (a shorthand, a spread, a method) is skipped and
  // gives an empty key.
  bool ReadKey(std::string_view& key) {
    if (peek() == '"' || peek() == '\'' || peek() == '`') {
      if (!ReadString(key)) return false;
    } else {
      const size_t begin = pos_;
      while (!at_end() && IsKeyChar(peek())) ++pos_;
      key = text_.substr(begin, pos_ - begin);
    }
    SkipSpace();
    if (!at_end() && peek() == ':') {
      ++pos_;
      return true;
    }
    key = {};
    return true;
  }

  Value* Add(std::string_view key, Kind kind) {
    if (values_.size() >= kMaxValues) return nullptr;
    Value& value = values_.emplace_back();
    value.key = key;
    value.kind = kind;
    value.end = static_cast<uint32_t>(values_.size());
    return &value;
  }

  bool ReadValue(std::string_view key) {
    SkipSpace();
    if (at_end()) return false;
    const char c = peek();
    if (c == '{' || c == '[' || (c == '(' && values_.empty())) {
      if (open_.size() >= kMaxDepth || Add(key, c == '{' ? Kind::kObject : Kind::kArray) == nullptr)
        return false;
      open_.push_back(static_cast<uint32_t>(values_.size() - 1));
      ++pos_;
      return true;
    }
    Value* const value = Add(key, Kind::kNull);
    if (value == nullptr) return false;
    if (c == '"' || c == '\'' || c == '`') {
      value->kind = Kind::kString;
      if (!ReadString(value->text)) return false;
    } else if (IsAsciiDigit(c) || c == '-' || c == '+' || c == '.') {
      ReadNumber(*value);
    } else {
      ReadWord(*value);
    }
    return FinishExpression(*value);
  }

  void ReadNumber(Value& value) {
    const size_t begin = pos_;
    if (peek() == '-' || peek() == '+') ++pos_;
    bool digits = false;
    while (!at_end() &&
           (IsAsciiAlnum(peek()) || peek() == '.' ||
            ((peek() == '-' || peek() == '+') && AsciiLower(text_[pos_ - 1]) == 'e'))) {
      digits |= IsAsciiDigit(peek());
      ++pos_;
    }
    if (!digits) return;
    value.kind = Kind::kNumber;
    value.text = text_.substr(begin, pos_ - begin);
  }

  void ReadWord(Value& value) {
    if (Ahead("!0") || Ahead("!1")) {
      value.kind = Kind::kBool;
      value.text = peek() == '!' && text_[pos_ + 1] == '0' ? "true" : "false";
      pos_ += 2;
      return;
    }
    const size_t begin = pos_;
    while (!at_end() && IsKeyChar(peek())) ++pos_;
    const std::string_view word = text_.substr(begin, pos_ - begin);
    if (word == "true" || word == "false") {
      value.kind = Kind::kBool;
      value.text = word;
    } else if (variables_ != nullptr) {
      const auto found = variables_->find(word);
      if (found == variables_->end() || found->second.is_container()) return;
      value.kind = found->second.kind();
      value.text = found->second.text();
    }
  }

  // What follows a literal up to the "," or closing bracket makes an expression of it, whose value
  // is not known.
  bool FinishExpression(Value& value) {
    if (open_.empty()) return true;
    SkipSpace();
    if (at_end()) return false;
    if (peek() == ',' || Closes(peek())) return true;
    value.kind = Kind::kNull;
    value.text = {};
    return SkipExpression();
  }

  // To the next "," or closing bracket outside of inner brackets and strings.
  bool SkipExpression() {
    size_t depth = 0;
    while (!at_end()) {
      SkipSpace();
      if (at_end()) return false;
      const char c = peek();
      if (c == '"' || c == '\'' || c == '`') {
        std::string_view ignored;
        if (!ReadString(ignored)) return false;
        continue;
      }
      if (depth == 0 && (c == ',' || Closes(c))) return true;
      if (c == '(' || c == '[' || c == '{') ++depth;
      if (Closes(c) && depth > 0) --depth;
      ++pos_;
    }
    return false;
  }

  bool ReadString(std::string_view& out) {
    const char quote = text_[pos_++];
    const size_t begin = pos_;
    while (!at_end() && peek() != quote && peek() != '\\') ++pos_;
    if (at_end()) return false;
    if (peek() == quote) {
      out = text_.substr(begin, pos_++ - begin);
      return true;
    }
    return ReadEscaped(quote, begin, out);
  }

  // From the first escape on. The result is never longer than the text: "\uXXXX" gives at most
  // three bytes.
  bool ReadEscaped(char quote, size_t begin, std::string_view& out) {
    if (document_.unescaped_ == nullptr) {
      document_.unescaped_.reset(new char[text_.size()]);
      free_ = document_.unescaped_.get();
    }
    char* const start = free_;
    char* to = start;
    std::memcpy(to, text_.data() + begin, pos_ - begin);
    to += pos_ - begin;
    while (!at_end() && peek() != quote) {
      if (peek() == '\\') {
        ++pos_;
        if (at_end()) return false;
        to = ReadEscape(to);
      } else {
        *to++ = text_[pos_++];
      }
    }
    if (at_end()) return false;
    ++pos_;
    free_ = to;
    out = std::string_view(start, static_cast<size_t>(to - start));
    return true;
  }

  char* ReadEscape(char* to) {
    const char c = text_[pos_++];
    switch (c) {
      case 'n':
        *to++ = '\n';
        return to;
      case 't':
        *to++ = '\t';
        return to;
      case 'r':
        *to++ = '\r';
        return to;
      case 'b':
        *to++ = '\b';
        return to;
      case 'f':
        *to++ = '\f';
        return to;
      case 'v':
        *to++ = '\v';
        return to;
      case '0':
        *to++ = '\0';
        return to;
      case '\n':
        return to;  // a continued line
      case 'x':
        return AppendCharacter(to, ReadHex(2));
      case 'u':
        break;
      default:
        *to++ = c;
        return to;
    }
    int32_t code = ReadHex(4);
    if (code >= 0xD800 && code < 0xDC00 && Ahead("\\u")) {
      const size_t second = pos_;
      pos_ += 2;
      const int32_t low = ReadHex(4);
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      } else {
        pos_ = second;
      }
    }
    return AppendCharacter(to, code);
  }

  // Negative when a digit is missing.
  int32_t ReadHex(int digits) {
    int32_t code = 0;
    for (int i = 0; i < digits; ++i, ++pos_) {
      const int digit = at_end() ? -1 : HexDigit(peek());
      if (digit < 0) return -1;
      code = code << 4 | digit;
    }
    return code;
  }

  static char* AppendCharacter(char* to, int32_t code) {
    if (code < 0) {
      *to++ = '?';  // not U+FFFD, whose three bytes the broken escape need not have had
      return to;
    }
    std::string encoded;
    AppendUtf8(encoded, static_cast<char32_t>(code));
    std::memcpy(to, encoded.data(), encoded.size());
    return to + encoded.size();
  }

  const std::string_view text_;
  const Variables* const variables_;
  JsonDocument& document_;
  std::vector<Value>& values_;
  std::vector<uint32_t> open_;
  size_t pos_ = 0;
  char* free_ = nullptr;
};

std::unique_ptr<const JsonDocument> JsonDocument::Parse(std::string_view text,
                                                        const Variables* variables) {
  std::unique_ptr<JsonDocument> document(new JsonDocument());
  if (!Parser(text, variables, *document).Run()) return nullptr;
  return document;
}

JsonValue JsonValue::Find(std::string_view key) const {
  if (document_ == nullptr || !is_object()) return {};
  for (JsonValue member = first_child(); member; member = member.next(*this)) {
    if (member.key() == key) return member;
  }
  return {};
}

JsonValue JsonValue::At(size_t i) const {
  if (document_ == nullptr || !is_array()) return {};
  JsonValue item = first_child();
  for (; item && i > 0; --i) item = item.next(*this);
  return item;
}

}  // namespace cluehound::extractors
