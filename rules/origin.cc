#include "rules/origin.h"

#include <algorithm>

namespace cluehound::rules {
namespace {

// Characters between the parts of one address: 省, 市, 县, a blank.
constexpr int kAddressGap = 3;
// Characters between an announcing word and the address: "产地：", "产地 中国".
constexpr int kBeforeGap = 4;
// Characters between the address and a word that follows it: "河南农家种植".
constexpr int kAfterGap = 4;

int Gap(const Reading& reading, Field field, uint32_t from, uint32_t to) {
  return CountCharacters(reading.Folded(field).substr(from, to - from));
}

// A character has at most four bytes.
constexpr size_t kGapBytes = 16;

bool InsideName(const Occurrence& place, std::span<const Occurrence> names) {
  const auto near = Window(names, place.field, Before(place.begin, kMaxLiteralBytes), place.end);
  return std::any_of(near.begin(), near.end(),
                     [&](const Occurrence& name) { return place.begin < name.end; });
}

std::vector<Address> ReadAddresses(const Reading& reading, std::span<const Occurrence> names) {
  std::vector<Address> addresses;
  for (const Occurrence& place : reading.Places()) {
    if (InsideName(place, names)) continue;
    if (!addresses.empty()) {
      Address& last = addresses.back();
      if (last.field == place.field && place.begin < last.slice.end) {
        // A name inside a longer one; or two readings of the same characters.
        if (place.end == last.slice.end) last.places.push_back(place.target);
        continue;
      }
      if (last.field == place.field && place.begin - last.slice.end <= kGapBytes &&
          Gap(reading, place.field, last.slice.end, place.begin) <= kAddressGap) {
        last.slice.end = place.end;
        last.places.push_back(place.target);
        continue;
      }
    }
    addresses.push_back({place.field, {place.begin, place.end}, {place.target}});
  }
  return addresses;
}

// A denial directly before the address: 非河南产.
bool Denied(const Reading& reading, const Address& address) {
  const std::string_view before = reading.Folded(address.field).substr(0, address.slice.begin);
  return before.ends_with("非") || before.ends_with("不是") || before.ends_with("不发");
}

bool Announced(const Reading& reading, const Address& address, std::span<const Occurrence> words) {
  const uint32_t begin = address.slice.begin;
  const auto near =
      Window(words, address.field, Before(begin, kGapBytes + kMaxLiteralBytes), begin);
  return std::any_of(near.begin(), near.end(), [&](const Occurrence& word) {
    return word.end <= begin && begin - word.end <= kGapBytes &&
           Gap(reading, address.field, word.end, begin) <= kBeforeGap;
  });
}

bool Followed(const Reading& reading, const Address& address, std::span<const Occurrence> words) {
  const uint32_t end = address.slice.end;
  const auto near = Window(words, address.field, end, end + kGapBytes + 1);
  return std::any_of(near.begin(), near.end(), [&](const Occurrence& word) {
    return Gap(reading, address.field, end, word.begin) <= kAfterGap;
  });
}

}  // namespace

Declaration ReadDeclaration(const Reading& reading, uint32_t before_list, uint32_t after_list,
                            std::span<const Occurrence> names) {
  Declaration declaration;
  for (Address& address : ReadAddresses(reading, names)) {
    if (address.field == Field::kOrigin) {
      declaration.announced.push_back(std::move(address));
      continue;
    }
    if (!kWording.Has(address.field) || Denied(reading, address)) continue;
    if (Announced(reading, address, reading.Words(before_list))) {
      declaration.announced.push_back(std::move(address));
    } else if (Followed(reading, address, reading.Words(after_list))) {
      declaration.praised.push_back(std::move(address));
    }
  }
  return declaration;
}

std::vector<Address> ReadLocation(const Reading& reading) {
  std::vector<Address> addresses;
  for (Address& address : ReadAddresses(reading, {})) {
    if (address.field == Field::kLocation) addresses.push_back(std::move(address));
  }
  return addresses;
}

AreaVerdict JudgeArea(const Gazetteer& gazetteer, const std::vector<uint32_t>& area,
                      const std::vector<Address>& addresses) {
  AreaVerdict outside;
  for (const Address& address : addresses) {
    bool elsewhere = false;
    for (const uint32_t place : address.places) {
      const bool inside = std::any_of(area.begin(), area.end(),
                                      [&](uint32_t part) { return gazetteer.Inside(place, part); });
      if (inside) return {true, &address};
      const bool contains = std::any_of(
          area.begin(), area.end(), [&](uint32_t part) { return gazetteer.Inside(part, place); });
      elsewhere = elsewhere || (!contains && !gazetteer.places()[place].local);
    }
    if (elsewhere && outside.reason == nullptr) outside = {false, &address};
  }
  return outside;
}

}  // namespace cluehound::rules
