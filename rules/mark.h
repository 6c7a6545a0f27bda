#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/yaml.h"
#include "rules/folding.h"
#include "rules/word_list.h"

namespace cluehound::rules {

// What protects a mark, and so which rules speak of it.
enum class MarkKind : uint8_t { kTrademark, kGi, kSpecialMark, kOlympic, kOfficialSign };
inline constexpr size_t kMarkKindCount = 5;

// "trademark", "gi", "special_mark", "olympic", "official_sign": also the category of its hits.
std::string_view Name(MarkKind kind);
std::optional<MarkKind> MarkKindFromName(std::string_view name);

// What is usual for the genuine article, for some of the owner's goods.
struct ReferencePrice {
  std::optional<double> price;     // CNY: it is not sold new below this
  std::optional<double> sold;      // units that one offer of it may sell
  std::vector<std::string> goods;  // words of which one must stand in the listing
  std::vector<std::string> goods_lists;
  bool verified = false;
  std::vector<uint32_t> bound_goods;  // filled when compiled: the goods words as lists
};

// A seller whom the owner lets sell, or who holds the licence.
struct AuthorisedSeller {
  std::string seller;            // shop name, compared folded; may be empty when there is an id
  std::string seller_id;         // the platform's number
  std::string platform;          // empty: any
  std::string proof;             // document number, address of the list
  std::optional<Instant> until;  // exclusive
  std::string folded;            // filled when compiled: the shop name
};

// How an entry relates to one with the same id in an earlier file.
enum class Change : uint8_t { kNew, kReplace, kExtend, kRetire };

// A protected sign.
struct Mark {
  std::string id;
  Change change = Change::kNew;
  MarkKind kind = MarkKind::kTrademark;
  std::string name;
  std::vector<Term> aliases;             // names that are the mark wherever they stand
  std::vector<Term> aliases_in_context;  // names that are it only beside its context
  std::vector<Term> cloaks;              // spellings that only hide it: 驴牌
  bool needs_context = false;            // then `name` itself is one of those
  std::vector<std::string> context;      // words that make it the mark
  std::vector<std::string> context_lists;
  std::vector<std::string> except;  // longer phrases in which a name is not the mark

  std::string owner;
  std::string number;        // registration or announcement
  std::vector<int> classes;  // Nice
  std::vector<std::string> goods;
  std::vector<std::string> goods_lists;
  std::vector<std::string> tags;  // "luxury": rules may speak of marks with a tag
  std::string product;            // of a GI: 萝卜
  std::string place;              // of a GI: 潍县, as it stands in the name

  std::optional<Instant> valid_from;
  std::optional<Instant> valid_to;  // exclusive, extensions included
  std::vector<ReferencePrice> reference_prices;
  std::vector<AuthorisedSeller> authorised;
  std::vector<std::string> area;         // GI: names of places the product may come from
  std::vector<std::string> area_places;  // further names of places inside it, old ones too

  FoldSet folds = kHighFolds;  // those through which it may be found
  bool verified = false;       // every fact above read in a source
  std::string source;
  std::string note;  // for officers
  Location where;

  // Filled when compiled.
  std::vector<uint32_t> bound_context;  // lists
  std::vector<uint32_t> bound_goods;    // lists
  std::vector<uint32_t> bound_area;     // places

  const std::string& display_name() const { return name.empty() ? id : name; }
};

// Mistakes go to `diagnostics`; what is returned then is not to be used.
Mark ReadMark(const YamlNode& node, Diagnostics& diagnostics);

// The folds of "off", "low", "medium", "high".
std::optional<FoldSet> EvasionLevel(std::string_view name);

// `change:` of a mark.
Change ReadChange(YamlMap& map);
// And of what is never extended; `what`: "a rule".
Change ReadWholeChange(YamlMap& map, const std::string& what);
// `id:` of anything that a rule file defines.
std::string ReadId(YamlMap& map, Diagnostics& diagnostics);

}  // namespace cluehound::rules
