#include "extractors/state_json.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "base/text.h"
#include "base/url.h"

namespace cluehound::extractors {
namespace {

// Places where a name may be tried before a script is given up: scripts that name it a thousand
// times are hostile.
constexpr int kMaxTries = 16;
constexpr size_t kMaxScripts = 2000;
constexpr size_t kMaxWellKnown = 16;
// Literals that do not end have been read to the end of their script. So much of that in one page:
// many times what pages whose own scripts are cut off need.
constexpr size_t kMaxReadInVain = 4u << 20;

bool IsIdentifierChar(char c) { return IsAsciiAlnum(c) || c == '_' || c == '$' || (c & 0x80) != 0; }

// Like find(); memmem is what makes looking for a few names in 300 kB of scripts cheap.
size_t FindName(std::string_view text, std::string_view name, size_t from) {
  const void* found = ::memmem(text.data() + from, text.size() - from, name.data(), name.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

size_t SkipBlanks(std::string_view text, size_t pos) {
  while (pos < text.size() && IsAsciiSpace(text[pos])) ++pos;
  return pos;
}

// Whether a name may begin here: not inside a longer name, and no member of something but the
// global object.
bool StartsName(std::string_view text, size_t pos) {
  if (pos == 0) return true;
  const char before = text[pos - 1];
  if (before == '.') {
    const std::string_view owner = text.substr(0, pos - 1);
    for (const std::string_view global : {"window", "self", "globalThis", "top"}) {
      if (!owner.ends_with(global)) continue;
      return owner.size() == global.size() ||
             !IsIdentifierChar(owner[owner.size() - global.size() - 1]);
    }
    return false;
  }
  return !IsIdentifierChar(before);
}

}  // namespace

StateJson::StateJson(const HtmlDocument& document) {
  static const TagId kScript = TagFromName("script");
  if (!document.HasTag(kScript)) return;
  document.AddWork(document.size() / 4);
  for (uint32_t i = 0; i < document.size() && scripts_.size() < kMaxScripts; ++i) {
    const HtmlNode node = document.node(i);
    if (!node.Is(kScript)) continue;
    const std::string_view content = node.RawContent();
    if (!content.empty())
      scripts_.push_back({node.attribute("id"), node.attribute("type"), content});
  }
}

JsonValue StateJson::Find(std::string_view name) {
  for (const Known& known : known_) {
    if (known.name == name) return known.document == nullptr ? JsonValue() : known.document->root();
  }
  known_.push_back({std::string(name), Read(name)});
  const auto& document = known_.back().document;
  return document == nullptr ? JsonValue() : document->root();
}

std::vector<JsonValue> StateJson::WellKnown() {
  static constexpr std::string_view kNames[] = {
      "__INITIAL_STATE__", "__INITIAL_DATA__", "__INIT_DATA__", "__PRELOADED_STATE__",
      "__APOLLO_STATE__",  "__NEXT_DATA__",    "__NUXT__",      "__STATE__",
      "__next_f"};
  std::vector<JsonValue> values;
  const auto add = [&](const JsonValue& value) {
    if (value && values.size() < kMaxWellKnown) values.push_back(value);
  };
  for (const std::string_view type : {"application/json", "text/json"}) {
    for (const std::string_view content : ScriptsOfType(type)) {
      if (nested_.size() >= kMaxWellKnown) break;
      auto document = Parse(TrimAscii(content));
      if (document == nullptr) continue;
      nested_.push_back(std::move(document));
      add(nested_.back()->root());
    }
  }
  if (JsonValue config = Find("g_page_config")) add(config);
  // All other names begin alike, so one look through the scripts tells which are worth a search.
  std::vector<std::string_view> present;
  for (const Script& script : scripts_) {
    for (size_t pos = 0; (pos = script.content.find("__", pos)) != std::string_view::npos;) {
      size_t end = pos;
      while (end < script.content.size() && IsIdentifierChar(script.content[end])) ++end;
      const std::string_view word = script.content.substr(pos, end - pos);
      if (std::find(std::begin(kNames), std::end(kNames), word) != std::end(kNames) &&
          std::find(present.begin(), present.end(), word) == present.end()) {
        present.push_back(word);
      }
      pos = end;
    }
  }
  for (const std::string_view name : present) add(Find(name));
  return values;
}

std::unique_ptr<const JsonDocument> StateJson::Parse(std::string_view text,
                                                     const JsonDocument::Variables* variables) {
  if (in_vain_ > kMaxReadInVain) return nullptr;
  auto document = JsonDocument::Parse(text, variables);
  if (document == nullptr) in_vain_ += text.size();
  return document;
}

std::vector<std::string_view> StateJson::ScriptsOfType(std::string_view type) const {
  std::vector<std::string_view> contents;
  for (const Script& script : scripts_) {
    // "application/ld+json; charset=utf-8" occurs
    const std::string_view bare = TrimAscii(script.type.substr(0, script.type.find(';')));
    if (EqualsIgnoreAsciiCase(bare, type)) contents.push_back(script.content);
  }
  return contents;
}

std::unique_ptr<const JsonDocument> StateJson::Read(std::string_view name) {
  if (name == "__next_f") return ReadNextStream();
  if (!name.starts_with('#')) return ReadAssigned(name);
  for (const Script& script : scripts_) {
    if (script.id != name.substr(1)) continue;
    const std::string_view content = TrimAscii(script.content);
    if (content.starts_with('{') || content.starts_with('[')) return Parse(content);
  }
  return nullptr;
}

std::unique_ptr<const JsonDocument> StateJson::ReadAssigned(std::string_view name) {
  for (const Script& script : scripts_) {
    int tries = 0;
    for (size_t pos = 0; (pos = FindName(script.content, name, pos)) != std::string_view::npos;) {
      const size_t begin = pos;
      pos += name.size();
      if (!StartsName(script.content, begin)) continue;
      if (pos < script.content.size() && IsIdentifierChar(script.content[pos])) continue;
      if (++tries > kMaxTries) break;
      if (auto document = ParseAssigned(script.content.substr(pos))) return document;
    }
  }
  return nullptr;
}

std::vector<JsonValue> StateJson::Assigned() {
  constexpr size_t kFewestValues = 8;
  std::vector<JsonValue> values;
  for (const Script& script : scripts_) {
    for (size_t pos = 0; (pos = script.content.find('=', pos)) != std::string_view::npos;) {
      const size_t value = SkipBlanks(script.content, pos + 1);
      if (value >= script.content.size() || values.size() == kMaxWellKnown) break;
      const std::string_view text = script.content.substr(value);
      if (text.front() != '{' && text.front() != '[' && !text.starts_with("JSON.parse(")) {
        pos = value;
        continue;
      }
      auto document = ParseAssigned(script.content.substr(pos));
      pos = value + 1;
      if (document == nullptr) continue;
      if (text.front() != 'J') pos = value + document->consumed();
      if (document->size() < kFewestValues) continue;
      values.push_back(document->root());
      kept_documents_.push_back(std::move(document));
    }
  }
  return values;
}

// Behind a name: ` = {...`, `"] = {...`, ` = JSON.parse("...")`, ` = other || {...`, ` = wrap({...`,
// ` = "{...}"` or ` = (function(a, b) {...`.
std::unique_ptr<const JsonDocument> StateJson::ParseAssigned(std::string_view text) {
  if (text.starts_with("\"]") || text.starts_with("']")) text.remove_prefix(2);
  size_t pos = SkipBlanks(text, 0);
  if (pos >= text.size() || text[pos] != '=') return nullptr;
  pos = SkipBlanks(text, pos + 1);
  if (text.substr(pos).starts_with("(function")) return ParseReturned(text.substr(pos));
  // Calls around calls end soon.
  for (int calls = 0; calls < 4; ++calls) {
    const size_t word = pos;
    while (pos < text.size() && (IsIdentifierChar(text[pos]) || text[pos] == '.')) ++pos;
    if (pos == word) break;
    pos = SkipBlanks(text, pos);
    if (text.substr(pos).starts_with("||")) {
      pos = SkipBlanks(text, pos + 2);
    } else if (pos < text.size() && text[pos] == '(') {
      pos = SkipBlanks(text, pos + 1);
    } else {
      return nullptr;
    }
    // Object.assign({}, {...
    if (text.substr(pos).starts_with("{},")) pos = SkipBlanks(text, pos + 3);
  }
  if (pos >= text.size()) return nullptr;
  if (text[pos] == '{' || text[pos] == '[') return Parse(text.substr(pos));
  return ParseQuoted(text.substr(pos));
}

// JSON in a string, possibly encoded as for an address.
std::unique_ptr<const JsonDocument> StateJson::ParseQuoted(std::string_view text) {
  if (text.empty() || (text[0] != '"' && text[0] != '\'' && text[0] != '`')) return nullptr;
  const auto quoted = Parse(text);
  if (quoted == nullptr) return nullptr;
  std::string_view inner = TrimAscii(quoted->root().text());
  const bool encoded = inner.starts_with("%7B") || inner.starts_with("%7b") ||
                       inner.starts_with("%5B") || inner.starts_with("%5b");
  if (!encoded && !inner.starts_with('{') && !inner.starts_with('[')) return nullptr;
  kept_.push_back(encoded ? PercentDecode(inner) : std::string(inner));
  return Parse(kept_.back());
}

// `(function(a, b) {...return {x: a}}("...", 1))`: Nuxt shortens its state so.
std::unique_ptr<const JsonDocument> StateJson::ParseReturned(std::string_view text) {
  const size_t open = text.find('(', 1);
  const size_t close = text.find(')', 1);
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return nullptr;
  const auto names = SplitAscii(text.substr(open + 1, close - open - 1), ", \t\r\n");
  size_t result = close;
  do {
    result = text.find("return", result);
    if (result == std::string_view::npos) return nullptr;
    result = SkipBlanks(text, result + 6);
    if (result >= text.size()) return nullptr;
  } while (text[result] != '{' && text[result] != '[');
  // Once for its end, behind which the arguments stand, and once with them.
  auto document = Parse(text.substr(result));
  if (document == nullptr) return nullptr;
  const size_t call = text.find_first_not_of("}); \t\r\n", result + document->consumed());
  if (names.empty() || call == std::string_view::npos || text[call] != '(') return document;
  auto arguments = Parse(text.substr(call));
  if (arguments == nullptr) return document;
  JsonDocument::Variables variables;
  JsonValue argument = arguments->root().first_child();
  for (const std::string_view name : names) {
    if (!argument) break;
    variables.emplace(name, argument);
    argument = argument.next(arguments->root());
  }
  document = Parse(text.substr(result), &variables);
  kept_documents_.push_back(std::move(arguments));
  return document;
}

// The stream is rows `id:payload`, cut anywhere into the strings of
// `self.__next_f.push([1,"..."])`. A payload is JSON up to the end of the line, possibly after a
// tag, except that `T` and a hexadecimal length announce so many bytes of plain text.
std::unique_ptr<const JsonDocument> StateJson::ReadNextStream() {
  static constexpr std::string_view kStream = "__next_f";
  static constexpr std::string_view kPush = ".push(";
  std::string stream;
  for (const Script& script : scripts_) {
    size_t pos = script.content.find(kStream);
    while (pos != std::string_view::npos &&
           (pos = script.content.find(kPush, pos)) != std::string_view::npos) {
      pos += kPush.size();
      const auto pushed = Parse(script.content.substr(pos));
      if (pushed == nullptr) break;
      pos += pushed->consumed();
      if (pushed->root().At(0).text() == "1") stream += pushed->root().At(1).text();
    }
  }
  std::string rows = "[";
  for (size_t pos = 0; pos < stream.size();) {
    const size_t colon = stream.find(':', pos);
    if (colon == std::string::npos) break;
    size_t payload = colon + 1;
    if (payload < stream.size() && stream[payload] == 'T') {
      size_t length = 0;
      const size_t comma = stream.find(',', payload);
      if (comma == std::string::npos || comma - payload > 8) break;
      for (size_t i = payload + 1; i < comma; ++i) {
        const char c = AsciiLower(stream[i]);
        if (!IsAsciiDigit(c) && (c < 'a' || c > 'f')) break;
        length = length * 16 + static_cast<size_t>(IsAsciiDigit(c) ? c - '0' : c - 'a' + 10);
      }
      pos = comma + 1 + std::min(length, stream.size() - comma - 1);
      continue;
    }
    const size_t end = std::min(stream.find('\n', payload), stream.size());
    pos = end + 1;
    if (payload < end && (stream[payload] == '[' || stream[payload] == '{')) {
      if (rows.size() > 1) rows += ',';
      rows.append(stream, payload, end - payload);
    }
  }
  if (rows.size() == 1) return nullptr;
  kept_.push_back(std::move(rows) + "]");
  return Parse(kept_.back());
}

}  // namespace cluehound::extractors
