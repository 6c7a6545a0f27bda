#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cluehound::store {

// Which office an offer belongs to, and by what.
struct Jurisdiction {
  enum class Place : uint8_t { kUnknown = 0, kHere = 1, kElsewhere = 2 };
  // In the order of their rank: who sells on a platform belongs where he does business, else where
  // his licence says; where goods are shipped from is only a hint.
  enum class Basis : uint8_t {
    kNone = 0,
    kOfficer = 1,   // said by a person
    kBusiness = 2,  // 实际经营地
    kLicence = 3,   // 证照住所
    kName = 4,      // the place in the seller's name: a hint
    kShipping = 5,  // 发货地: a hint
  };

  Place place = Place::kUnknown;
  std::string county;  // name of the division when it is here and known; else empty
  Basis basis = Basis::kNone;
  std::string text;   // the words it was read from
  bool sure = false;  // false: a hint

  friend bool operator==(const Jurisdiction&, const Jurisdiction&) = default;
};

std::string_view Name(Jurisdiction::Place place);         // "here"
std::string_view ChineseName(Jurisdiction::Place place);  // "本辖区"
std::string_view Name(Jurisdiction::Basis basis);         // "shipping"
std::string_view ChineseName(Jurisdiction::Basis basis);  // "发货地（线索）"

}  // namespace cluehound::store
