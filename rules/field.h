#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace cluehound::rules {

// The parts of a listing that rules can look at. The names are those of listings everywhere.
enum class Field : uint8_t {
  kTitle,
  kText,
  kSeller,
  kLocation,
  kOrigin,
  kRoomOperator,
  kMarketingPerson,
  kMerchants,
};
inline constexpr size_t kFieldCount = 8;
inline constexpr std::string_view kFieldNames[kFieldCount] = {
    "title",  "text",          "seller",           "location",
    "origin", "room_operator", "marketing_person", "merchants"};

inline std::string_view Name(Field field) { return kFieldNames[static_cast<size_t>(field)]; }
inline std::optional<Field> FieldFromName(std::string_view name) {
  for (size_t i = 0; i < kFieldCount; ++i) {
    if (kFieldNames[i] == name) return static_cast<Field>(i);
  }
  return std::nullopt;
}

// A set of fields.
class FieldSet {
 public:
  constexpr FieldSet() = default;
  constexpr FieldSet(std::initializer_list<Field> fields) {
    for (const Field field : fields) Add(field);
  }
  constexpr void Add(Field field) {
    bits_ = static_cast<uint16_t>(bits_ | 1u << static_cast<int>(field));
  }
  constexpr bool Has(Field field) const { return (bits_ >> static_cast<int>(field)) & 1; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool IsWithin(FieldSet other) const { return (bits_ & ~other.bits_) == 0; }

  friend constexpr bool operator==(FieldSet, FieldSet) = default;

 private:
  uint16_t bits_ = 0;
};

// What a seller writes about the goods, and where rules look unless they say otherwise.
inline constexpr FieldSet kWording = {Field::kTitle, Field::kText};

}  // namespace cluehound::rules
