#include "base/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <charconv>
#include <sstream>
#include <unordered_map>

#include "base/join.h"
#include "base/text.h"

namespace cluehound {
namespace {

constexpr size_t kMaxBytes = 16u << 20;
constexpr size_t kMaxDepth = 64;

// yaml-cpp counts columns in bytes from 0; people count characters from 1.
class PlaceFinder {
 public:
  PlaceFinder(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {
    for (size_t i = 0; i < text.size(); ++i) {
      if (i == 0 || text[i - 1] == '\n') line_begins_.push_back(i);
    }
  }
  Location At(const YAML::Mark& mark) const {
    Location where{file_, mark.line + 1, 1};
    if (mark.line < 0 || static_cast<size_t>(mark.line) >= line_begins_.size()) return where;
    size_t pos = line_begins_[static_cast<size_t>(mark.line)];
    const size_t end = std::min(pos + static_cast<size_t>(std::max(mark.column, 0)), text_.size());
    while (pos < end) {
      DecodeUtf8(text_, pos);
      ++where.column;
    }
    return where;
  }

 private:
  std::string_view text_;
  std::string file_;
  std::vector<size_t> line_begins_;
};

// Thrown through yaml-cpp, which throws itself, and caught in ParseYaml.
struct Refused {
  Location where;
  std::string message;
  std::string remedy;
};

// Builds our tree from the parser's events: no recursion of ours, no shared nodes, places kept.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const PlaceFinder& places) : places_(places) {}

  std::optional<YamlNode> Take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    CheckAnchor(mark, anchor);
    Put(Node(YamlNode::Kind::kNull, mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refused{places_.At(mark), "an alias (*name) is not supported here",
                  "write the value out"};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    CheckAnchor(mark, anchor);
    YamlNode node = Node(YamlNode::Kind::kScalar, mark);
    node.quoted = tag == "!";
    if (!node.quoted && (value == "~" || value == "null" || value.empty()))
      node.kind = YamlNode::Kind::kNull;
    node.scalar = value;
    Put(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    CheckAnchor(mark, anchor);
    Push(Node(YamlNode::Kind::kSequence, mark));
  }
  void OnSequenceEnd() override { Pop(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    CheckAnchor(mark, anchor);
    Push(Node(YamlNode::Kind::kMap, mark));
  }
  void OnMapEnd() override { Pop(); }

 private:
  struct Open {
    YamlNode node;
    std::optional<YamlNode> key;  // of a map, waiting for its value
  };

  YamlNode Node(YamlNode::Kind kind, const YAML::Mark& mark) {
    YamlNode node;
    node.kind = kind;
    node.where = places_.At(mark);
    return node;
  }
  void CheckAnchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0)
      throw Refused{places_.At(mark), "an anchor (&name) is not supported here",
                    "write the value out"};
  }
  void Push(YamlNode node) {
    if (stack_.size() >= kMaxDepth)
      throw Refused{node.where, "nested more than 64 levels deep", ""};
    stack_.push_back({std::move(node), std::nullopt});
  }
  void Pop() {
    YamlNode done = std::move(stack_.back().node);
    stack_.pop_back();
    Put(std::move(done));
  }
  void Put(YamlNode node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& top = stack_.back();
    if (top.node.kind == YamlNode::Kind::kSequence) {
      top.node.items.push_back(std::move(node));
    } else if (!top.key) {
      top.key = std::move(node);
    } else {
      top.node.members.emplace_back(std::move(*top.key), std::move(node));
      top.key.reset();
    }
  }

  const PlaceFinder& places_;
  std::vector<Open> stack_;
  std::optional<YamlNode> root_;
};

void ReportDuplicates(const YamlNode& root, Diagnostics& diagnostics) {
  std::vector<const YamlNode*> open = {&root};
  while (!open.empty()) {
    const YamlNode& node = *open.back();
    open.pop_back();
    for (const YamlNode& item : node.items) open.push_back(&item);
    std::unordered_map<std::string_view, const YamlNode*> first;
    for (const auto& [key, value] : node.members) {
      open.push_back(&value);
      if (!key.is_scalar()) {
        diagnostics.Error("bad-key", key.where, "a key must be plain text");
        continue;
      }
      const auto [it, fresh] = first.emplace(key.scalar, &key);
      if (!fresh) {
        diagnostics.Error("duplicate-key", key.where,
                          "key \"" + key.scalar + "\" stands here a second time (first in line " +
                              std::to_string(it->second->where.line) + ")",
                          "remove one of them");
      }
    }
  }
}

thread_local YamlMap::Observer observer;

std::string_view KindName(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "a single value";
    case YamlNode::Kind::kSequence:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
  }
  return "";
}

}  // namespace

YamlNode::YamlNode() = default;
YamlNode::YamlNode(const YamlNode&) = default;
YamlNode::YamlNode(YamlNode&&) noexcept = default;
YamlNode& YamlNode::operator=(const YamlNode&) = default;
YamlNode& YamlNode::operator=(YamlNode&&) noexcept = default;
YamlNode::~YamlNode() = default;

const YamlNode* YamlNode::Find(std::string_view key) const {
  for (const auto& [k, value] : members) {
    if (k.scalar == key) return &value;
  }
  return nullptr;
}

std::optional<YamlNode> ParseYaml(std::string_view text, std::string file,
                                  Diagnostics& diagnostics) {
  diagnostics.AddSource(file, std::string(text));
  if (text.size() > kMaxBytes) {
    diagnostics.Error("too-large", {file, 0, 0}, "larger than 16 MiB");
    return std::nullopt;
  }
  if (!IsValidUtf8(text)) {
    diagnostics.Error("not-utf8", {file, 0, 0}, "not valid UTF-8", "save the file as UTF-8");
    return std::nullopt;
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const PlaceFinder places(text, file);
  TreeBuilder builder(places);
  const size_t errors_before = diagnostics.errors();
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
  } catch (const YAML::Exception& e) {
    diagnostics.Error("yaml-syntax", places.At(e.mark), "not valid YAML: " + e.msg,
                      "check indentation, quotes and brackets up to this place");
    return std::nullopt;
  } catch (const Refused& r) {
    diagnostics.Error("yaml-refused", r.where, r.message, r.remedy);
    return std::nullopt;
  }
  std::optional<YamlNode> root = builder.Take();
  if (!root) {
    root.emplace();
    root->where = {file, 1, 1};
  }
  ReportDuplicates(*root, diagnostics);
  if (diagnostics.errors() != errors_before) return std::nullopt;
  return root;
}

YamlMap::YamlMap(const YamlNode& node, Diagnostics& diagnostics, std::string what)
    : node_(node), diagnostics_(diagnostics), what_(std::move(what)) {
  if (!node.is_map()) {
    diagnostics_.Error(
        "wrong-type", node.where,
        what_ + " must be a map (key: value), but here stands " + std::string(KindName(node.kind)));
  }
}

Location YamlMap::where(std::string_view key) const {
  const YamlNode* value = node_.Find(key);
  return value != nullptr ? value->where : node_.where;
}

bool YamlMap::Has(std::string_view key) const {
  const YamlNode* value = node_.Find(key);
  return value != nullptr && !value->is_null();
}

const YamlNode* YamlMap::Take(std::string_view key) {
  asked_.push_back(key);
  if (observer) observer(what_, key);
  const YamlNode* value = node_.Find(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const YamlNode* YamlMap::TakeScalar(std::string_view key) {
  const YamlNode* value = Take(key);
  if (value != nullptr && !value->is_scalar()) {
    diagnostics_.Error("wrong-type", value->where,
                       what_ + ": " + std::string(key) +
                           " must be a single value, but here stands " +
                           std::string(KindName(value->kind)));
    return nullptr;
  }
  return value;
}

std::string YamlMap::RequiredText(std::string_view key) {
  const YamlNode* value = TakeScalar(key);
  if (value != nullptr) return value->scalar;
  if (node_.is_map() && !Has(key)) {
    diagnostics_.Error("missing-key", node_.where, what_ + ": " + std::string(key) + " is missing",
                       "add \"" + std::string(key) + ": ...\"");
  }
  return "";
}

std::string YamlMap::Text(std::string_view key, std::string fallback) {
  const YamlNode* value = TakeScalar(key);
  return value != nullptr ? value->scalar : std::move(fallback);
}

bool YamlMap::Flag(std::string_view key, bool fallback) {
  const YamlNode* value = TakeScalar(key);
  if (value == nullptr) return fallback;
  if (value->scalar == "true" || value->scalar == "yes") return true;
  if (value->scalar == "false" || value->scalar == "no") return false;
  Error(key, "wrong-type", "must be true or false, not \"" + value->scalar + "\"");
  return fallback;
}

int64_t YamlMap::Integer(std::string_view key, int64_t fallback, int64_t min, int64_t max) {
  const YamlNode* value = TakeScalar(key);
  if (value == nullptr) return fallback;
  const auto number = ParseInt(value->scalar);
  if (!number || *number < min || *number > max) {
    Error(key, "out-of-range",
          "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max) +
              ", not \"" + value->scalar + "\"");
    return fallback;
  }
  return *number;
}

std::optional<double> YamlMap::Number(std::string_view key, double min, double max) {
  const YamlNode* value = TakeScalar(key);
  if (value == nullptr) return std::nullopt;
  double number = 0;
  const std::string& text = value->scalar;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() ||
      !(number >= min && number <= max)) {
    std::ostringstream range;
    range << "must be a number from " << min << " to " << max << ", not \"" << text << "\"";
    Error(key, "out-of-range", range.str());
    return std::nullopt;
  }
  return number;
}

Duration YamlMap::Time(std::string_view key, Duration fallback) {
  const YamlNode* value = TakeScalar(key);
  if (value == nullptr) return fallback;
  const auto time = ParseDuration(value->scalar);
  if (!time) {
    Error(key, "bad-duration", "must be a time span with its unit, not \"" + value->scalar + "\"",
          "write for example 250ms, 10s, 5m, 6h or 2d");
    return fallback;
  }
  return *time;
}

std::optional<Instant> YamlMap::Day(std::string_view key) {
  const YamlNode* value = TakeScalar(key);
  if (value == nullptr) return std::nullopt;
  const auto day = ParseDay(value->scalar);
  if (!day)
    Error(key, "bad-date", "must be a day that exists, not \"" + value->scalar + "\"",
          "write it as 2026-08-29");
  return day;
}

std::string YamlMap::Choice(std::string_view key, std::string fallback,
                            std::initializer_list<std::string_view> choices) {
  const YamlNode* value = TakeScalar(key);
  if (value == nullptr) return fallback;
  for (const std::string_view choice : choices) {
    if (choice == value->scalar) return value->scalar;
  }
  const std::string_view closest = ClosestWord(value->scalar, choices);
  Error(key, "unknown-value", "\"" + value->scalar + "\" is none of: " + Join(choices, ", "),
        closest.empty() ? "" : "did you mean \"" + std::string(closest) + "\"?");
  return fallback;
}

std::vector<const YamlNode*> YamlMap::Scalars(std::string_view key) {
  std::vector<const YamlNode*> found;
  const YamlNode* value = Take(key);
  if (value == nullptr) return found;
  if (value->is_scalar()) return {value};
  if (!value->is_sequence()) {
    Error(key, "wrong-type", "must be a list of values");
    return found;
  }
  for (const YamlNode& item : value->items) {
    if (item.is_scalar()) {
      found.push_back(&item);
    } else {
      diagnostics_.Error("wrong-type", item.where,
                         what_ + ": " + std::string(key) +
                             " is a list of single values, but here stands " +
                             std::string(KindName(item.kind)));
    }
  }
  return found;
}

std::vector<std::string> YamlMap::Texts(std::string_view key) {
  std::vector<std::string> texts;
  for (const YamlNode* node : Scalars(key)) texts.push_back(node->scalar);
  return texts;
}

const YamlNode* YamlMap::Child(std::string_view key) { return Take(key); }

void YamlMap::Each(std::string_view key, const std::function<void(const YamlNode&)>& each) {
  const YamlNode* value = Take(key);
  if (value == nullptr) return;
  if (!value->is_sequence()) {
    Error(key, "wrong-type", "must be a list");
    return;
  }
  for (const YamlNode& item : value->items) each(item);
}

void YamlMap::Error(std::string_view key, std::string code, std::string message,
                    std::string remedy) {
  diagnostics_.Error(std::move(code), where(key),
                     what_ + ": " + std::string(key) + ": " + std::move(message),
                     std::move(remedy));
}

void YamlMap::Observe(Observer wanted) { observer = std::move(wanted); }

void YamlMap::Finish() {
  for (const auto& [key, value] : node_.members) {
    if (std::find(asked_.begin(), asked_.end(), key.scalar) != asked_.end()) continue;
    const std::string_view closest = ClosestWord(key.scalar, asked_);
    diagnostics_.Error("unknown-key", key.where, what_ + " has no key \"" + key.scalar + "\"",
                       closest.empty() ? "" : "did you mean \"" + std::string(closest) + "\"?");
  }
}

std::string QuotedYaml(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace cluehound
