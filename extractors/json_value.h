#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cluehound::extractors {

class JsonValue;

// A JSON text or JavaScript literal, parsed into a flat list of values.
//
// Pages are sloppy, so more is read than JSON allows: comments, trailing and doubled commas, single
// quotes and backticks, unquoted keys, undefined, NaN, !0 and !1, raw line breaks in strings. What
// is no literal (a call, a variable, a function) counts as null. One pass, which finds the end of
// the literal itself; nesting costs no stack.
//
// Thread-safety: const methods may be called from any thread. Lifetime: the text must outlive the
// document; values and their views die with the document.
class JsonDocument {
 public:
  static constexpr size_t kMaxDepth = 128;
  static constexpr size_t kMaxValues =
      500'000;  // 20 MB; the state of a search page of 900 kB has 35,000

  // Values of variables, by name. They must outlive the parse, and their document the new one.
  using Variables = std::unordered_map<std::string_view, JsonValue>;

  // Parses the literal at the start of `text`; what follows it is left alone (see consumed()). Null
  // when there is none, when it does not end, or when it exceeds a bound. The arguments of a call,
  // from their "(" on, are read like an array. A variable that is among `variables` has the value
  // given there when that is no container.
  static std::unique_ptr<const JsonDocument> Parse(std::string_view text,
                                                   const Variables* variables = nullptr);

  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  JsonValue root() const;
  // Bytes of the text up to the end of the literal.
  size_t consumed() const { return consumed_; }
  size_t size() const { return values_.size(); }

 private:
  friend class JsonValue;
  class Parser;
  enum class Kind : uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };
  struct Value {
    std::string_view key;   // of a member
    std::string_view text;  // of a scalar: the unescaped string, or the number as written
    uint32_t end = 0;       // behind the last value inside
    Kind kind = Kind::kNull;
  };

  JsonDocument() = default;

  std::vector<Value> values_;
  std::unique_ptr<char[]> unescaped_;  // the strings that had escapes
  size_t consumed_ = 0;
};

// A value in a document; cheap to copy. Empty ones are false and have no parts.
class JsonValue {
 public:
  JsonValue() = default;

  explicit operator bool() const { return document_ != nullptr; }
  // An empty value is null.
  bool is_null() const { return kind() == JsonDocument::Kind::kNull; }
  bool is_string() const { return kind() == JsonDocument::Kind::kString; }
  bool is_number() const { return kind() == JsonDocument::Kind::kNumber; }
  bool is_bool() const { return kind() == JsonDocument::Kind::kBool; }
  bool is_array() const { return kind() == JsonDocument::Kind::kArray; }
  bool is_object() const { return kind() == JsonDocument::Kind::kObject; }
  bool is_container() const { return is_array() || is_object(); }

  // The string, or the number or "true" or "false" as written; empty for the others and for an
  // empty value.
  std::string_view text() const { return document_ == nullptr ? std::string_view() : self().text; }
  // Of a member of an object.
  std::string_view key() const { return self().key; }

  // The value of a key (the first one), or empty. Also for values that are no object.
  JsonValue Find(std::string_view key) const;
  // The i-th item of an array, or empty.
  JsonValue At(size_t i) const;

  JsonValue first_child() const {
    return document_ != nullptr && index_ + 1 < self().end ? JsonValue(document_, index_ + 1)
                                                           : JsonValue();
  }
  // The next item or member of `parent`, which holds this value.
  JsonValue next(const JsonValue& parent) const {
    return self().end < parent.self().end ? JsonValue(document_, self().end) : JsonValue();
  }

  // The values inside, at any depth, follow this one: the one after `index()`, up to `end()`.
  uint32_t index() const { return index_; }
  uint32_t end() const { return self().end; }
  JsonValue Inside(uint32_t index) const { return {document_, index}; }

  friend bool operator==(const JsonValue&, const JsonValue&) = default;

 private:
  friend class JsonDocument;
  JsonValue(const JsonDocument* document, uint32_t index) : document_(document), index_(index) {}
  const JsonDocument::Value& self() const { return document_->values_[index_]; }
  JsonDocument::Kind kind() const {
    return document_ == nullptr ? JsonDocument::Kind::kNull : self().kind;
  }

  const JsonDocument* document_ = nullptr;
  uint32_t index_ = 0;
};

inline JsonValue JsonDocument::root() const { return {this, 0}; }

}  // namespace cluehound::extractors
