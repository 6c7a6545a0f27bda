// Any text as a JavaScript literal: what is read prints as JSON that reads the same, and paths stay
// inside it.

#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "extractors/json_path.h"
#include "extractors/json_value.h"

namespace {

using namespace cluehound;              // NOLINT: a program of its own
using namespace cluehound::extractors;  // NOLINT

void Require(bool condition) {
  if (!condition) std::abort();
}

void PrintString(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += kHex[(c >> 4) & 15];
      out += kHex[c & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

// Recursion is bounded by JsonDocument::kMaxDepth.
void Print(const JsonValue& value, std::string& out) {
  if (value.is_string()) return PrintString(value.text(), out);
  if (!value.is_container()) {
    out += value.is_null() ? std::string_view("null") : value.text();
    return;
  }
  out += value.is_object() ? '{' : '[';
  for (JsonValue child = value.first_child(); child; child = child.next(value)) {
    if (value.is_object()) {
      PrintString(child.key(), out);
      out += ':';
    }
    Print(child, out);
    out += ',';
  }
  out += value.is_object() ? '}' : ']';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = JsonDocument::Parse(text);
  if (document == nullptr) return 0;
  Require(document->consumed() <= size && document->size() >= 1);
  std::string once;
  Print(document->root(), once);
  if (IsValidUtf8(text)) Require(IsValidUtf8(once));
  const auto again = JsonDocument::Parse(once);
  Require(again != nullptr && again->size() == document->size());
  std::string twice;
  Print(again->root(), twice);
  Require(once == twice);

  // The end of the text is tried as a path.
  JsonPath::Error error;
  NestedJson nested;
  const auto path = JsonPath::Compile(text.substr(size - std::min<size_t>(size, 40)), error);
  if (path) Require(path->All(document->root(), 10, nested).size() <= 10);
  JsonPath::Compile("**.a[*].json().b", error)->All(document->root(), 100, nested);
  return 0;
}
