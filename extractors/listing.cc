#include "extractors/listing.h"

#include <utility>

namespace cluehound::extractors {
namespace {

constexpr std::pair<ListingKind, std::string_view> kKinds[] = {{ListingKind::kGoods, "goods"},
                                                               {ListingKind::kLive, "live"},
                                                               {ListingKind::kShop, "shop"},
                                                               {ListingKind::kAgency, "agency"}};
constexpr std::pair<FoundBy, std::string_view> kFoundBy[] = {
    {FoundBy::kProfile, "profile"},      {FoundBy::kJsonLd, "json_ld"},
    {FoundBy::kMicrodata, "microdata"},  {FoundBy::kOpenGraph, "opengraph"},
    {FoundBy::kStateJson, "state_json"}, {FoundBy::kMined, "mined"},
    {FoundBy::kPerson, "person"}};

template <class T, size_t N>
std::string_view NameIn(const std::pair<T, std::string_view> (&table)[N], T value) {
  for (const auto& [v, name] : table) {
    if (v == value) return name;
  }
  return "";
}

template <class T, size_t N>
std::optional<T> ValueIn(const std::pair<T, std::string_view> (&table)[N],
                         std::string_view wanted) {
  for (const auto& [v, name] : table) {
    if (name == wanted) return v;
  }
  return std::nullopt;
}

}  // namespace

std::string_view Name(ListingKind kind) { return NameIn(kKinds, kind); }
std::string_view Name(FoundBy found_by) { return NameIn(kFoundBy, found_by); }
std::optional<ListingKind> ListingKindFromName(std::string_view name) {
  return ValueIn(kKinds, name);
}
std::optional<FoundBy> FoundByFromName(std::string_view name) { return ValueIn(kFoundBy, name); }

}  // namespace cluehound::extractors
