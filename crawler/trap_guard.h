#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "crawler/trap_signs.h"
#include "store/records.h"

namespace cluehound::crawler {

// Keeps links out of the frontier that lead nowhere: those that say it themselves (TrapSign), and
// those whose like brings nothing new any more.
//
// Of each shape of address (ShapeOf) that brings lists of goods it keeps how the pages fared that
// were read for the first time. When at least 200 were judged and not one in 50 lately brought an
// item that the shape had not shown, the shape is closed: endless facets and orders of the same
// goods, sessions in the address, pages that are not there. Of a closed shape one link in 32
// (always the same) still goes through, and when one in 20 of these brings something it opens again;
// so nothing is hidden for ever. Next pages of a page that brought something new always pass: a list
// is never cut in its middle. A page without goods says nothing.
//
// Bounded: kMaxShapes shapes, the least recently met are forgotten (a shape that comes back is
// judged anew), 64 KiB each that shows goods. Nothing of it is stored: what a restart forgets costs
// 200 pages to learn, and BoundAddresses() holds beyond that. Thread-safe.
class TrapGuard {
 public:
  static constexpr size_t kMaxShapes = 256;

  // `clock` must outlive it.
  explicit TrapGuard(const Clock& clock) : clock_(clock) {}

  // Learns from a page, and takes the links out that are not to be followed.
  void Pass(store::PageCommit& commit);

  // Links that were taken out, by Trap.
  std::array<uint64_t, kTrapCount> refused() const;
  // Shapes that are closed now.
  std::vector<std::string> closed() const;

 private:
  // Which items were met: two generations of a Bloom filter, so that it never fills up. It may
  // forget, and take a new item for a known one in 6 of 100 cases.
  class Items {
   public:
    // Whether it was new.
    bool Add(std::string_view item);

   private:
    static constexpr size_t kBits = 1 << 18;
    static constexpr size_t kMax = kBits / 6;  // entries; about half of the bits
    struct Generation {
      std::vector<uint64_t> words = std::vector<uint64_t>(kBits / 64);
      bool Add(const std::array<size_t, 4>& bits);
      bool Contains(const std::array<size_t, 4>& bits) const;
    };
    Generation now_, before_;
    size_t count_ = 0;
  };
  struct Shape {
    std::unique_ptr<Items> items;
    uint32_t judged = 0;  // pages, halved now and then with `fresh`
    uint32_t fresh = 0;   // that brought something new
    bool closed = false;
    std::list<std::string>::iterator turn;
  };

  Shape& ShapeFor(const std::string& name);
  // Whether the page brought something new; true when it does not say.
  bool Learn(const store::PageCommit& commit);
  void Judge(const std::string& name, Shape& shape, bool fresh);

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Shape> shapes_;
  std::list<std::string> turns_;  // the most recently met first
  size_t closed_ = 0;             // shapes
  std::array<uint64_t, kTrapCount> refused_{};
};

}  // namespace cluehound::crawler
