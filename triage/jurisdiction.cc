#include "triage/jurisdiction.h"

#include <algorithm>

#include "base/text.h"
#include "base/yaml.h"

namespace cluehound::triage {
namespace {

using store::Jurisdiction;

constexpr size_t kNowhere = std::string_view::npos;
constexpr size_t kMaxText = 8192;    // bytes of a listing's text that are looked at
constexpr size_t kMaxAddress = 240;  // bytes of one address

// Words that announce an address. The longest of those that begin at a place counts.
constexpr std::string_view kBusiness[] = {"实际经营地址", "实际经营地", "经营地址", "经营场所",
                                          "店铺地址",     "门店地址",   "到店地址", "厂址"};
constexpr std::string_view kLicence[] = {"住所", "注册地址", "执照地址", "公司地址", "企业地址"};

constexpr std::string_view kStreets[] = {"路", "街", "大道", "巷"};

// The text behind the first of the labels that announces an address: behind a colon or blank, up to
// the end of the line or sentence.
std::string_view Announced(std::string_view text, const std::string_view* begin,
                           const std::string_view* end) {
  for (const std::string_view* label = begin; label != end; ++label) {
    const size_t at = text.find(*label);
    if (at == kNowhere) continue;
    std::string_view rest = text.substr(at + label->size());
    for (const std::string_view skip : {"：", ":", " ", "　"}) {
      if (rest.starts_with(skip)) rest.remove_prefix(skip.size());
    }
    size_t stop = rest.size();
    for (const std::string_view mark : {"。", "；", ";", "\n", "，", ",", "|"})
      stop = std::min(stop, rest.find(mark));
    return TruncateUtf8(rest.substr(0, stop), kMaxAddress);
  }
  return {};
}

}  // namespace

Jurisdictions Jurisdictions::Parse(std::string_view text, const std::string& file,
                                   Diagnostics& diagnostics) {
  Jurisdictions parsed;
  const auto root = ParseYaml(text, file, diagnostics);
  if (!root) return parsed;
  YamlMap top(*root, diagnostics, "the file of jurisdictions");
  parsed.province_ = top.Texts("province");
  if (const YamlNode* city = top.Child("city")) {
    YamlMap map(*city, diagnostics, "city");
    parsed.city_ = map.Texts("names");
    parsed.city_.push_back(map.RequiredText("name"));
    map.Finish();
  } else {
    top.Error("city", "missing-key", "the file needs its city");
  }
  top.Each("divisions", [&](const YamlNode& node) {
    YamlMap map(node, diagnostics, "division");
    Division division;
    division.name = map.RequiredText("name");
    division.code = map.Text("code");
    division.names = map.Texts("names");
    division.zone = map.Flag("zone", false);
    division.needs_city = map.Flag("needs_city", false);
    division.ambiguous = map.Flag("ambiguous", false);
    division.certainty = map.Choice("certainty", "unverified", {"verified", "unverified"});
    division.names.push_back(division.name);
    std::stable_sort(division.names.begin(), division.names.end(),
                     [](const auto& a, const auto& b) { return a.size() > b.size(); });
    map.Finish();
    if (parsed.Find(division.name) != nullptr) {
      map.Error("name", "duplicate-division", division.name + " stands here a second time");
    }
    parsed.divisions_.push_back(std::move(division));
  });
  parsed.not_ = top.Texts("not");
  parsed.elsewhere_ = top.Texts("elsewhere");
  top.Finish();
  return parsed;
}

const Jurisdictions::Division* Jurisdictions::Find(std::string_view name) const {
  const auto found = std::find_if(divisions_.begin(), divisions_.end(), [&](const Division& d) {
    return std::find(d.names.begin(), d.names.end(), name) != d.names.end();
  });
  return found == divisions_.end() ? nullptr : &*found;
}

size_t Jurisdictions::Position(std::string_view address, std::string_view name) const {
  for (size_t at = address.find(name); at != kNowhere; at = address.find(name, at + 1)) {
    const std::string_view rest = address.substr(at + name.size());
    const bool street = std::any_of(
        std::begin(kStreets), std::end(kStreets),
        [&](std::string_view word) { return rest.starts_with(word) && !rest.starts_with("街道"); });
    const bool other = std::any_of(not_.begin(), not_.end(), [&](const std::string& phrase) {
      const size_t inside = phrase.find(name);
      return inside != kNowhere && inside <= at && address.substr(at - inside).starts_with(phrase);
    });
    if (!street && !other) return at;
  }
  return kNowhere;
}

Jurisdiction Jurisdictions::ReadAddress(std::string_view address) const {
  const auto first_of = [&](const std::vector<std::string>& names) {
    size_t first = kNowhere;
    for (const std::string& name : names) first = std::min(first, Position(address, name));
    return first;
  };
  const size_t city = first_of(city_);
  const size_t elsewhere = first_of(elsewhere_);
  const Division* division = nullptr;
  size_t at = kNowhere;
  for (const Division& candidate : divisions_) {
    if (candidate.needs_city && city == kNowhere) continue;
    const size_t position = first_of(candidate.names);
    // 寿光市经济开发区 is 寿光: the division before the zone, wherever both stand.
    const bool better = division == nullptr || (division->zone && !candidate.zone) ||
                        (division->zone == candidate.zone && position < at);
    if (position == kNowhere || !better) continue;
    division = &candidate;
    at = position;
  }
  Jurisdiction result;
  result.text = TruncateUtf8(address, kMaxAddress);
  const size_t ours = std::min(city, at);
  if (elsewhere < ours && (city == kNowhere || elsewhere < city)) {
    result.place = Jurisdiction::Place::kElsewhere;
    result.sure = true;
  } else if (ours != kNowhere) {
    result.place = Jurisdiction::Place::kHere;
    if (division != nullptr) result.county = division->name;
    result.sure = city != kNowhere || first_of(province_) != kNowhere ||
                  (division != nullptr && !division->ambiguous);
  } else {
    result.text.clear();
  }
  return result;
}

Jurisdiction Jurisdictions::Resolve(const extractors::Listing& listing) const {
  const std::string_view text = TruncateUtf8(listing.text, kMaxText);
  const std::pair<std::string_view, Jurisdiction::Basis> kSources[] = {
      {Announced(text, std::begin(kBusiness), std::end(kBusiness)), Jurisdiction::Basis::kBusiness},
      {Announced(text, std::begin(kLicence), std::end(kLicence)), Jurisdiction::Basis::kLicence},
      {TruncateUtf8(listing.seller, kMaxAddress), Jurisdiction::Basis::kName},
      {TruncateUtf8(listing.location, kMaxAddress), Jurisdiction::Basis::kShipping}};
  for (const auto& [address, basis] : kSources) {
    if (address.empty()) continue;
    Jurisdiction result = ReadAddress(address);
    if (result.place == Jurisdiction::Place::kUnknown) continue;
    result.basis = basis;
    if (basis == Jurisdiction::Basis::kName || basis == Jurisdiction::Basis::kShipping)
      result.sure = false;
    return result;
  }
  return {};
}

}  // namespace cluehound::triage
