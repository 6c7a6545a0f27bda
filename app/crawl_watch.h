#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/clock.h"

namespace cluehound::app {

// How long something took, counted in buckets. Thread-safe.
class Histogram {
 public:
  // Upper bounds in milliseconds; what is longer falls into the last bucket.
  static constexpr std::array<int64_t, 12> kBounds = {10,   25,   50,   100,   250,   500,
                                                      1000, 2500, 5000, 10000, 30000, 60000};

  void Add(Duration time);
  struct Counts {
    std::array<uint64_t, kBounds.size() + 1> buckets{};  // each for itself
    uint64_t sum_ms = 0;
  };
  Counts Read() const;

 private:
  std::array<std::atomic<uint64_t>, kBounds.size() + 1> buckets_{};
  std::atomic<uint64_t> sum_ms_{0};
};

// The pages between fetch and commit, so that it shows when one gets stuck. Thread-safe.
class PagesUnderWay {
 public:
  void Begin(uint64_t token, Instant now, uint64_t bytes);
  void End(uint64_t token);
  // Since when the oldest is under way.
  std::optional<Instant> Oldest() const;
  uint64_t bytes() const;

 private:
  mutable std::mutex mutex_;
  struct Page {
    Instant since;
    uint64_t bytes;
  };
  std::unordered_map<uint64_t, Page> pages_;  // bounded by the fetcher's in-flight limit
};

}  // namespace cluehound::app
