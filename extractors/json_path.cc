#include "extractors/json_path.h"

#include "base/text.h"

namespace cluehound::extractors {
namespace {

constexpr size_t kMaxSteps = 16;
constexpr size_t kMaxNested = 64;       // strings read as JSON for one page
constexpr size_t kMaxBetween = 20'000;  // values that a step hands to the next

}  // namespace

std::optional<JsonPath> JsonPath::Compile(std::string_view text, Error& error) {
  JsonPath path;
  size_t pos = 0;
  const auto fail = [&](std::string message) {
    error = {pos, std::move(message)};
    return std::nullopt;
  };
  while (pos < text.size()) {
    if (path.steps_.size() == kMaxSteps) return fail("too many steps");
    Step step;
    if (text[pos] == '[') {
      const size_t end = text.find(']', pos);
      if (end == std::string_view::npos) return fail("expected \"]\"");
      const std::string_view inside = text.substr(pos + 1, end - pos - 1);
      const auto item = ParseInt(inside);
      if (inside != "*" && (!item || *item < 0)) return fail("expected a number or \"*\"");
      step.kind = inside == "*" ? Kind::kEach : Kind::kItem;
      if (item) step.item = static_cast<size_t>(*item);
      pos = end + 1;
    } else {
      if (pos > 0 && text[pos] != '.') return fail("expected \".\" or \"[\"");
      if (pos > 0) ++pos;
      const size_t end = std::min(text.find_first_of(".[", pos), text.size());
      step.name = text.substr(pos, end - pos);
      if (step.name.empty() || step.name.find_first_of(" \t]") != std::string::npos)
        return fail("expected a name");
      if (step.name == "*") step.kind = Kind::kEach;
      if (step.name == "**") step.kind = Kind::kDeep;
      if (step.name == "json()") step.kind = Kind::kParse;
      pos = end;
    }
    path.steps_.push_back(std::move(step));
  }
  if (!path.steps_.empty() && path.steps_.back().kind == Kind::kDeep)
    return fail("\"**\" cannot be the last step");
  return path;
}

void JsonPath::Follow(const Step& step, bool deep, const JsonValue& from, size_t limit,
                      NestedJson& nested, std::vector<JsonValue>& found) {
  switch (step.kind) {
    case Kind::kMember:
      if (deep) {
        for (uint32_t i = from.index() + 1; i < from.end() && found.size() < limit; ++i) {
          if (const JsonValue inside = from.Inside(i); inside.key() == step.name)
            found.push_back(inside);
        }
      } else if (const JsonValue member = from.Find(step.name)) {
        found.push_back(member);
      }
      return;
    case Kind::kItem:
      if (const JsonValue item = from.At(step.item)) found.push_back(item);
      return;
    case Kind::kEach:
      if (!from.is_container()) return;
      for (JsonValue item = from.first_child(); item && found.size() < limit;
           item = item.next(from)) {
        found.push_back(item);
      }
      return;
    case Kind::kParse:
      if (!from.is_string() || nested.size() >= kMaxNested) return;
      if (auto document = JsonDocument::Parse(from.text())) {
        nested.push_back(std::move(document));
        found.push_back(nested.back()->root());
      }
      return;
    case Kind::kDeep:
      return;
  }
}

std::vector<JsonValue> JsonPath::All(const JsonValue& from, size_t limit,
                                     NestedJson& nested) const {
  std::vector<JsonValue> values;
  if (from) values.push_back(from);
  bool deep = false;
  for (size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].kind == Kind::kDeep) {
      deep = true;
      continue;
    }
    const size_t step_limit = i + 1 == steps_.size() ? limit : kMaxBetween;
    std::vector<JsonValue> found;
    for (const JsonValue& value : values) {
      if (found.size() >= step_limit) break;
      Follow(steps_[i], deep, value, step_limit, nested, found);
    }
    values = std::move(found);
    deep = false;
  }
  if (values.size() > limit) values.resize(limit);
  return values;
}

JsonValue JsonPath::First(const JsonValue& from, NestedJson& nested) const {
  // Most paths are plain members: no list is needed to follow them.
  JsonValue value = from;
  for (const Step& step : steps_) {
    if (step.kind != Kind::kMember && step.kind != Kind::kItem) {
      const auto all = All(from, 1, nested);
      return all.empty() ? JsonValue() : all.front();
    }
    value = step.kind == Kind::kMember ? value.Find(step.name) : value.At(step.item);
    if (!value) return {};
  }
  return value;
}

}  // namespace cluehound::extractors
