#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "base/status.h"

namespace cluehound {

// A node of a YAML document, with its place. A plain tree of our own: yaml.cc is the only file that
// sees yaml-cpp. Scalars are kept as text; the reader below converts. Anchors and aliases are
// refused (a bomb needs them, we do not).
struct YamlNode {
  // Out of line: `members` holds pairs of this very type, which clang cannot look into before it is
  // complete.
  YamlNode();
  YamlNode(const YamlNode&);
  YamlNode(YamlNode&&) noexcept;
  YamlNode& operator=(const YamlNode&);
  YamlNode& operator=(YamlNode&&) noexcept;
  ~YamlNode();

  enum class Kind { kNull, kScalar, kSequence, kMap };
  Kind kind = Kind::kNull;
  Location where;
  bool quoted = false;  // a quoted scalar is text, whatever it looks like
  std::string scalar;
  std::vector<YamlNode> items;                         // of a sequence
  std::vector<std::pair<YamlNode, YamlNode>> members;  // of a map, in the order of the file

  bool is_null() const { return kind == Kind::kNull; }
  bool is_map() const { return kind == Kind::kMap; }
  bool is_sequence() const { return kind == Kind::kSequence; }
  bool is_scalar() const { return kind == Kind::kScalar; }
  // The value of a key, or null.
  const YamlNode* Find(std::string_view key) const;
};

// Parses one document. A syntax error is one diagnostic ("yaml-syntax") and gives nothing.
// Duplicate keys are one diagnostic each ("duplicate-key", naming the line of the first). `text` is
// kept in `diagnostics` for rendering. Bounds: 16 MiB, 64 levels.
std::optional<YamlNode> ParseYaml(std::string_view text, std::string file,
                                  Diagnostics& diagnostics);

// Reads a map strictly: every key is asked for by name and type; Finish() reports the keys that
// nobody asked for, with the closest known one. Wrong types and ranges become diagnostics at the
// value's place and yield the fallback.
//   YamlMap map(node, diagnostics, "source");
//   source.id = map.RequiredText("id");
//   source.pace = map.Time("pace", std::chrono::seconds(1));
//   map.Finish();
class YamlMap {
 public:
  // `what` names the thing in messages: "source", "rule". A node that is no map is one diagnostic.
  YamlMap(const YamlNode& node, Diagnostics& diagnostics, std::string what);

  const YamlNode& node() const { return node_; }
  Diagnostics& diagnostics() const { return diagnostics_; }
  Location where(std::string_view key) const;  // of the value, or of the map when the key is absent
  bool Has(std::string_view key) const;

  std::string RequiredText(std::string_view key);
  std::string Text(std::string_view key, std::string fallback = "");
  bool Flag(std::string_view key, bool fallback);
  int64_t Integer(std::string_view key, int64_t fallback, int64_t min, int64_t max);
  std::optional<double> Number(std::string_view key, double min, double max);
  Duration Time(std::string_view key, Duration fallback);
  std::optional<Instant> Day(std::string_view key);  // "2026-08-29"
  // One of `choices`; the fallback may be empty only if the key is optional.
  std::string Choice(std::string_view key, std::string fallback,
                     std::initializer_list<std::string_view> choices);
  // A sequence of scalars, or a single scalar as a sequence of one.
  std::vector<std::string> Texts(std::string_view key);
  // The same, with places.
  std::vector<const YamlNode*> Scalars(std::string_view key);
  // Null when absent or null. Not type-checked: for what the caller reads itself.
  const YamlNode* Child(std::string_view key);
  // Calls `each` for every item; something else than a sequence is a diagnostic.
  void Each(std::string_view key, const std::function<void(const YamlNode&)>& each);

  void Error(std::string_view key, std::string code, std::string message, std::string remedy = "");
  void Finish();

  // Told of every key that any map of this thread is asked for, with what the map is: so that a test
  // can hold a schema against the readers. Null: nobody.
  using Observer = std::function<void(const std::string& what, std::string_view key)>;
  static void Observe(Observer observer);

 private:
  const YamlNode* Take(std::string_view key);
  const YamlNode* TakeScalar(std::string_view key);

  const YamlNode& node_;
  Diagnostics& diagnostics_;
  std::string what_;
  std::vector<std::string_view> asked_;
};

// A text of one line as a double-quoted scalar, whatever stands in it.
std::string QuotedYaml(std::string_view text);

}  // namespace cluehound
