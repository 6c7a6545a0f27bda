#include "extractors/profile.h"

#include <algorithm>

#include "base/text.h"

namespace cluehound {
std::span<const EmbeddedFile> EmbeddedProfiles();  // generated from extractors/profiles
}

namespace cluehound::extractors {
namespace {

constexpr size_t kMaxNestedReaders = 3;

// The place of a mistake inside a scalar: `position` counts bytes of its text.
Location Inside(const YamlNode& node, size_t position) {
  Location where = node.where;
  if (where.line == 0) return where;
  const std::string_view before = std::string_view(node.scalar).substr(0, position);
  where.column += static_cast<int>(std::count_if(before.begin(), before.end(),
                                                 [](char c) { return (c & 0xC0) != 0x80; })) +
                  (node.quoted ? 1 : 0);
  return where;
}

class ProfileParser {
 public:
  ProfileParser(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  std::unique_ptr<const Profile> Run(const YamlNode& root) {
    auto profile = std::make_unique<Profile>();
    YamlMap map(root, diagnostics_, "profile");
    profile->id = map.RequiredText("id");
    profile->platform = map.Text("platform");
    profile->hosts = map.Texts("hosts");
    profile->homes = map.Texts("homes");
    profile->currency = map.Text("currency");
    profile->markup_in_comments = map.Flag("markup_in_comments", false);
    profile->fallback = map.Flag("fallback", false);
    profile->next_page = ReadSelector(map, "next_page");
    map.Each("detect", [&](const YamlNode& node) { profile->detect.push_back(ReadTest(node)); });
    map.Each("blocked",
             [&](const YamlNode& node) { profile->blocked.push_back(ReadBlocked(node)); });
    map.Each("read",
             [&](const YamlNode& node) { profile->readers.push_back(ReadReader(node, 0)); });
    if (profile->readers.empty() && map.Has("id"))
      map.Error("id", "no-reader", "the profile reads nothing", "add read:");
    map.Finish();
    return profile;
  }

 private:
  void Error(const YamlNode& node, size_t position, std::string code, std::string message) {
    diagnostics_.Error(std::move(code), Inside(node, position), std::move(message));
  }

  const YamlNode* Scalar(YamlMap& map, std::string_view key) {
    const YamlNode* node = map.Child(key);
    if (node == nullptr || node->is_scalar()) return node;
    map.Error(key, "wrong-type", "\"" + std::string(key) + "\" must be a text");
    return nullptr;
  }

  std::optional<Selector> ReadSelector(YamlMap& map, std::string_view key) {
    const YamlNode* node = Scalar(map, key);
    if (node == nullptr) return std::nullopt;
    Selector::Error mistake;
    auto selector = Selector::Compile(node->scalar, mistake);
    if (!selector) Error(*node, mistake.position, "bad-selector", std::move(mistake.message));
    return selector;
  }

  std::optional<JsonPath> ReadPath(YamlMap& map, std::string_view key) {
    const YamlNode* node = Scalar(map, key);
    if (node == nullptr) return std::nullopt;
    JsonPath::Error mistake;
    auto path = JsonPath::Compile(node->scalar, mistake);
    if (!path) Error(*node, mistake.position, "bad-path", std::move(mistake.message));
    return path;
  }

  PageTest ReadTest(const YamlNode& node) {
    PageTest test;
    YamlMap map(node, diagnostics_, "test");
    test.css = ReadSelector(map, "css");
    test.text = map.Text("text");
    test.title = map.Text("title");
    test.url = map.Text("url");
    test.state = map.Text("state");
    test.path = ReadPath(map, map.Has("body") ? "body" : "path");
    const int kinds = map.Has("css") + map.Has("text") + map.Has("title") + map.Has("url") +
                      map.Has("state") + map.Has("body");
    if (kinds != 1 && node.is_map()) {
      diagnostics_.Error("bad-test", node.where,
                         "a test is exactly one of css, text, title, url, state and body");
    }
    map.Finish();
    return test;
  }

  BlockedTest ReadBlocked(const YamlNode& node) {
    BlockedTest blocked;
    YamlMap map(node, diagnostics_, "blocked page");
    blocked.reason = map.RequiredText("reason");
    blocked.home = map.Flag("home", false);
    map.Each("any", [&](const YamlNode& test) { blocked.any.push_back(ReadTest(test)); });
    map.Each("none", [&](const YamlNode& test) { blocked.none.push_back(ReadTest(test)); });
    if (blocked.any.empty()) map.Error("any", "no-test", "a blocked page needs a test", "add any:");
    map.Finish();
    return blocked;
  }

  ItemReader ReadReader(const YamlNode& node, size_t level,
                        ItemReader::From from = ItemReader::From::kHtml) {
    ItemReader reader;
    YamlMap map(node, diagnostics_, "reader");
    const std::string kind = map.Choice("kind", "", {"goods", "live", "shop", "agency"});
    reader.kind = ListingKindFromName(kind).value_or(ListingKind::kGoods);
    reader.from = from;
    if (level == 0) {
      reader.state = map.Text("state");
      const bool body = map.Flag("body", false);
      reader.from = body                   ? ItemReader::From::kBody
                    : reader.state.empty() ? ItemReader::From::kHtml
                                           : ItemReader::From::kState;
      if (body && !reader.state.empty())
        map.Error("body", "two-places", "a reader has either state or body");
    }
    if (reader.from == ItemReader::From::kHtml) {
      reader.item_selector = ReadSelector(map, "items");
      reader.once = ReadSelector(map, "once");
      reader.unless = ReadSelector(map, "unless");
      reader.plain_price = map.Flag("plain_price", false);
    } else {
      reader.item_path = ReadPath(map, "items").value_or(JsonPath());
    }
    reader.page_is_item = level == 0 && !map.Has("items");
    if (level > 0 && !map.Has("items"))
      map.Error("items", "missing-key", "a reader inside another needs items");
    ReadFields(map, reader);
    if (reader.from != ItemReader::From::kHtml && level < kMaxNestedReaders) {
      map.Each("inside", [&](const YamlNode& inner) {
        reader.inside.push_back(ReadReader(inner, level + 1, reader.from));
      });
    }
    map.Finish();
    return reader;
  }

  void ReadFields(YamlMap& map, ItemReader& reader) {
    const YamlNode* node = map.Child("fields");
    if (node == nullptr) return map.Error("fields", "missing-key", "a reader needs fields");
    YamlMap fields(*node, diagnostics_, "fields");
    const auto& names = Profile::FieldNames();
    for (size_t i = 0; i < names.size(); ++i) {
      const YamlNode* rule = fields.Child(names[i]);
      if (rule != nullptr) reader.fields[i] = ReadRule(*rule, reader.from);
    }
    if (reader.field(Field::kTitle).alternatives.empty() && node->is_map()) {
      fields.Error("title", "missing-key", "a listing without a title is none: add title:");
    }
    fields.Finish();
  }

  // `place`, or a list of alternatives, each a place or {join: [place, place]}.
  FieldRule ReadRule(const YamlNode& node, ItemReader::From from) {
    FieldRule rule;
    if (!node.is_sequence()) {
      rule.alternatives.push_back({});
      ReadSource(node, from, rule.alternatives.back());
      return rule;
    }
    for (const YamlNode& item : node.items) {
      auto& parts = rule.alternatives.emplace_back();
      if (!item.is_map()) {
        ReadSource(item, from, parts);
        continue;
      }
      YamlMap join(item, diagnostics_, "alternative");
      for (const YamlNode* part : join.Scalars("join")) ReadSource(*part, from, parts);
      join.Finish();
    }
    return rule;
  }

  void ReadSource(const YamlNode& node, ItemReader::From from, std::vector<FieldSource>& sources) {
    if (!node.is_scalar())
      return diagnostics_.Error("wrong-type", node.where, "expected a text that names a place");
    FieldSource::Error mistake;
    const auto form =
        from == ItemReader::From::kHtml ? FieldSource::Form::kHtml : FieldSource::Form::kJson;
    auto source = FieldSource::Compile(node.scalar, form, mistake);
    if (source) {
      sources.push_back(*std::move(source));
    } else {
      Error(node, mistake.position, "bad-field", std::move(mistake.message));
    }
  }

  Diagnostics& diagnostics_;
};

}  // namespace

const std::array<std::string_view, kFieldCount>& Profile::FieldNames() {
  static constexpr std::array<std::string_view, kFieldCount> kNames = {
      "id",        "url",     "title",         "price",
      "price_max", "sold",    "seller",        "seller_id",
      "location",  "origin",  "images",        "text",
      "state",     "viewers", "room_operator", "marketing_person",
      "merchants"};
  return kNames;
}

bool Profile::ServesHost(std::string_view host) const {
  return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& own) {
    return host == own || (host.size() > own.size() && host.ends_with(own) &&
                           host[host.size() - own.size() - 1] == '.');
  });
}

std::unique_ptr<const Profile> ReadProfile(std::string_view yaml, const std::string& file,
                                           Diagnostics& diagnostics) {
  const size_t errors_before = diagnostics.errors();
  const auto root = ParseYaml(yaml, file, diagnostics);
  if (!root) return nullptr;
  auto profile = ProfileParser(diagnostics).Run(*root);
  return diagnostics.errors() == errors_before ? std::move(profile) : nullptr;
}

std::span<const EmbeddedFile> BuiltInProfiles() { return EmbeddedProfiles(); }

}  // namespace cluehound::extractors
