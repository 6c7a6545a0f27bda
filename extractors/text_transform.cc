#include "extractors/text_transform.h"

#include "base/text.h"
#include "base/url.h"

namespace cluehound::extractors {

std::optional<TextTransform> TextTransform::Compile(std::string_view text, Error& error) {
  static constexpr std::pair<std::string_view, Kind> kNames[] = {
      {"after", Kind::kAfter},   {"before", Kind::kBefore}, {"prefix", Kind::kPrefix},
      {"suffix", Kind::kSuffix}, {"query", Kind::kQuery},   {"without", Kind::kWithout},
      {"decode", Kind::kDecode}, {"map", Kind::kMap}};
  TextTransform transform;
  size_t pos = 0;
  const auto fail = [&](std::string message) {
    error = {pos, std::move(message)};
    return std::nullopt;
  };
  const auto skip_space = [&] {
    while (pos < text.size() && IsAsciiSpace(text[pos])) ++pos;
  };
  skip_space();
  while (pos < text.size()) {
    const size_t name_begin = pos;
    while (pos < text.size() && IsAsciiAlpha(text[pos])) ++pos;
    const std::string_view name = text.substr(name_begin, pos - name_begin);
    Step step;
    bool known = false;
    for (const auto& [word, kind] : kNames) {
      if (name != word) continue;
      step.kind = kind;
      known = true;
    }
    if (!known) {
      pos = name_begin;
      return fail("expected after, before, prefix, suffix, query, without, decode or map");
    }
    for (skip_space(); pos < text.size() && text[pos] != '|'; skip_space()) {
      if (text[pos] == '"' || text[pos] == '\'') {
        const size_t end = text.find(text[pos], pos + 1);
        if (end == std::string_view::npos) return fail("unterminated string");
        step.words.emplace_back(text.substr(pos + 1, end - pos - 1));
        pos = end + 1;
      } else {
        const size_t end = std::min(text.find_first_of(" \t|", pos), text.size());
        step.words.emplace_back(text.substr(pos, end - pos));
        pos = end;
      }
      if (step.kind == Kind::kMap && step.words.back().find('=') == std::string::npos) {
        return fail("expected words of the form a=b");
      }
    }
    const bool counted = step.kind == Kind::kDecode ? step.words.empty()
                         : step.kind == Kind::kMap
                             ? !step.words.empty()
                             : step.words.size() == 1 && !step.words[0].empty();
    if (!counted) return fail("\"" + std::string(name) + "\" has the wrong number of words");
    transform.steps_.push_back(std::move(step));
    if (pos < text.size()) {
      ++pos;
      skip_space();
      if (pos == text.size()) return fail("expected a step behind \"|\"");
    }
  }
  return transform;
}

std::string TextTransform::ApplyStep(const Step& step, std::string text) {
  switch (step.kind) {
    case Kind::kAfter: {
      const size_t found = text.find(step.words[0]);
      return found == std::string::npos ? std::string() : text.substr(found + step.words[0].size());
    }
    case Kind::kBefore:
      return text.substr(0, text.find(step.words[0]));
    case Kind::kPrefix:
      return step.words[0] + text;
    case Kind::kSuffix:
      return text + step.words[0];
    case Kind::kQuery: {
      const size_t query = text.find('?');
      if (query == std::string::npos) return {};
      const std::string_view address = text;
      return QueryValue(address.substr(query, address.find('#', query) - query), step.words[0]);
    }
    case Kind::kWithout:
      return text.find(step.words[0]) == std::string::npos ? std::move(text) : std::string();
    case Kind::kDecode:
      return ToValidUtf8(PercentDecode(text));
    case Kind::kMap:
      for (const std::string& word : step.words) {
        const size_t equals = word.find('=');
        if (std::string_view(word).substr(0, equals) == text) return word.substr(equals + 1);
      }
      return {};
  }
  return text;
}

std::string TextTransform::Apply(std::string text) const {
  for (const Step& step : steps_) {
    if (text.empty()) return text;
    text = ApplyStep(step, std::move(text));
  }
  return text;
}

}  // namespace cluehound::extractors
