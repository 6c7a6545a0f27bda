#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cluehound::store {

// Addresses that are known for certain, because somebody asked lately: pages of a site link to the
// same fifty addresses over and over. An address never becomes unknown, so nothing here goes stale.
// Exact, since it holds the addresses themselves: a digest that two addresses share would hide one
// of them for ever. Not thread-safe.
class KnownAddresses {
 public:
  bool Contains(std::string_view url) const { return slots_[SlotOf(url)] == url; }
  // Takes the place of another. Long addresses are not worth it.
  void Add(std::string_view url) {
    if (url.size() <= kMaxLength) slots_[SlotOf(url)] = url;
  }

 private:
  static constexpr size_t kSlots =
      1 << 16;  // 2 MiB, and some 5 MiB of usual addresses; 18 MiB at most
  static constexpr size_t kMaxLength = 256;

  static size_t SlotOf(std::string_view url) { return std::hash<std::string_view>()(url) % kSlots; }

  std::vector<std::string> slots_ = std::vector<std::string>(kSlots);
};

}  // namespace cluehound::store
