#include "extractors/field_rule.h"

#include <algorithm>

#include "base/text.h"
#include "extractors/markup_text.h"
#include "extractors/words.h"

namespace cluehound::extractors {
namespace {

// Matches of a selector that are looked at for a value that is not empty.
constexpr size_t kMaxMatches = 200;

// Position of the first `c` outside of quotes, or the size.
size_t FindOutsideQuotes(std::string_view text, char c) {
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (quote != 0) {
      if (text[i] == quote) quote = 0;
    } else if (text[i] == '"' || text[i] == '\'') {
      quote = text[i];
    } else if (text[i] == c) {
      return i;
    }
  }
  return text.size();
}

template <class Value>
std::string FirstOf(const std::vector<std::vector<FieldSource>>& alternatives, const Value& value) {
  for (const auto& parts : alternatives) {
    std::string joined;
    for (const FieldSource& part : parts) {
      std::string found = value(part);
      if (joined.empty()) {
        joined = std::move(found);
      } else if (!found.empty()) {
        joined += ' ' + found;
      }
    }
    if (!joined.empty()) return joined;
  }
  return {};
}

template <class Values>
std::vector<std::string> AllOf(const std::vector<std::vector<FieldSource>>& alternatives,
                               size_t limit, const Values& values) {
  std::vector<std::string> all;
  for (const auto& parts : alternatives) {
    for (const FieldSource& part : parts) {
      for (std::string& value : values(part)) {
        if (all.size() < limit && std::find(all.begin(), all.end(), value) == all.end()) {
          all.push_back(std::move(value));
        }
      }
    }
  }
  return all;
}

}  // namespace

std::optional<FieldSource> FieldSource::Compile(std::string_view text, Form form, Error& error) {
  FieldSource source;
  const size_t bar = FindOutsideQuotes(text, '|');
  const std::string_view place = TrimAscii(text.substr(0, bar));
  const size_t place_begin = place.empty() ? 0 : static_cast<size_t>(place.data() - text.data());
  if (bar < text.size()) {
    TextTransform::Error mistake;
    auto transform = TextTransform::Compile(text.substr(bar + 1), mistake);
    if (transform && transform->empty()) {
      transform.reset();
      mistake = {0, "expected a step behind \"|\""};
    }
    if (!transform) {
      error = {bar + 1 + mistake.position, std::move(mistake.message)};
      return std::nullopt;
    }
    source.transform_ = *std::move(transform);
  }
  if (form == Form::kJson) {
    JsonPath::Error mistake;
    auto path = JsonPath::Compile(place, mistake);
    if (!path) {
      error = {place_begin + mistake.position, std::move(mistake.message)};
      return std::nullopt;
    }
    source.path_ = *std::move(path);
    return source;
  }
  const size_t at = FindOutsideQuotes(place, '@');
  const std::string_view attribute = at < place.size() ? place.substr(at + 1) : std::string_view();
  if (at < place.size() &&
      (attribute.empty() || attribute.find_first_of(" \t@") != std::string_view::npos)) {
    error = {place_begin + at, "expected the name of an attribute behind \"@\""};
    return std::nullopt;
  }
  source.own_text_ = attribute == "own";
  if (!source.own_text_) source.attribute_ = ToAsciiLower(attribute);
  const std::string_view selector = TrimAscii(place.substr(0, at));
  if (!selector.empty()) {
    Selector::Error mistake;
    source.selector_ = Selector::Compile(selector, mistake);
    if (!source.selector_) {
      error = {place_begin + mistake.position, std::move(mistake.message)};
      return std::nullopt;
    }
  }
  return source;
}

std::string FieldSource::ValueOf(const HtmlNode& node) const {
  std::string value = own_text_ ? node.OwnText()
                      : attribute_.empty()
                          ? node.Text()
                          : TidyWords(TruncateUtf8(node.attribute(attribute_), HtmlNode::kMaxText));
  return transform_.empty() ? value : TidyWords(transform_.Apply(std::move(value)));
}

std::string FieldSource::ValueOf(const JsonValue& found, bool raw) const {
  const std::string_view text = TruncateUtf8(found.text(), 2 * HtmlNode::kMaxText);
  std::string value = raw ? TidyWords(text) : WordsOfMarkup(text);
  // Addresses in JSON are sometimes escaped as in HTML.
  if (raw && value.find("&amp;") != std::string::npos) value = WordsOfMarkup(value);
  return transform_.empty() ? value : TidyWords(transform_.Apply(std::move(value)));
}

std::string FieldSource::First(const HtmlNode& item) const {
  if (!selector_) return ValueOf(item);
  const HtmlNode first = selector_->First(item);
  if (!first) return {};
  // The usual case: the first match has the value.
  if (std::string value = ValueOf(first); !value.empty()) return value;
  std::vector<std::string> values = All(item, 1);
  return values.empty() ? std::string() : std::move(values.front());
}

std::string FieldSource::First(const JsonValue& item, bool raw, NestedJson& nested) const {
  const JsonValue first = path_.First(item, nested);
  if (!first) return {};
  if (std::string value = ValueOf(first, raw); !value.empty()) return value;
  std::vector<std::string> values = All(item, raw, 1, nested);
  return values.empty() ? std::string() : std::move(values.front());
}

std::vector<std::string> FieldSource::All(const HtmlNode& item, size_t limit) const {
  std::vector<std::string> values;
  const auto nodes = selector_ ? selector_->All(item, kMaxMatches) : std::vector<HtmlNode>{item};
  for (const HtmlNode& node : nodes) {
    if (values.size() == limit) break;
    if (std::string value = ValueOf(node); !value.empty()) values.push_back(std::move(value));
  }
  return values;
}

std::vector<std::string> FieldSource::All(const JsonValue& item, bool raw, size_t limit,
                                          NestedJson& nested) const {
  std::vector<std::string> values;
  for (const JsonValue& found : path_.All(item, kMaxMatches, nested)) {
    if (values.size() == limit) break;
    if (std::string value = ValueOf(found, raw); !value.empty()) values.push_back(std::move(value));
  }
  return values;
}

std::string FieldRule::First(const HtmlNode& item) const {
  return FirstOf(alternatives, [&](const FieldSource& source) { return source.First(item); });
}

std::string FieldRule::First(const JsonValue& item, bool raw, NestedJson& nested) const {
  return FirstOf(alternatives,
                 [&](const FieldSource& source) { return source.First(item, raw, nested); });
}

std::vector<std::string> FieldRule::All(const HtmlNode& item, size_t limit) const {
  return AllOf(alternatives, limit,
               [&](const FieldSource& source) { return source.All(item, limit); });
}

std::vector<std::string> FieldRule::All(const JsonValue& item, bool raw, size_t limit,
                                        NestedJson& nested) const {
  return AllOf(alternatives, limit,
               [&](const FieldSource& source) { return source.All(item, raw, limit, nested); });
}

}  // namespace cluehound::extractors
