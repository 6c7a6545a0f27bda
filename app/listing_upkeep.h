#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "base/status.h"
#include "store/listing_files.h"

namespace cluehound::app {

// Keeps the archive of listings within its bounds while a process holds the store: every hour, since
// the bound in bytes is one of hours where much comes in. Thread-safe.
class ListingUpkeep {
 public:
  struct Duties {
    std::filesystem::path folder;  // STORE/listings
    // What retention.yaml says now, with the days of campaigns; absent: nothing goes.
    std::function<Result<std::optional<store::ListingRetention>>()> bounds;
    // Enters in the log what is about to go; its failure keeps it.
    std::function<Status(const store::ListingPruning&)> note;
  };
  explicit ListingUpkeep(Duties duties);
  // Waits for a round under way.
  ~ListingUpkeep();

  // To be called about once a second with the steady clock: begins a round when one is due, on a
  // thread of its own.
  void Tick(Instant steady, Instant now);
  // A round on the calling thread. Failures are told in the log, too.
  Status Round(Instant now);
  // As the last round left it.
  store::ListingArchiveSize size() const;

 private:
  const Duties duties_;
  Instant next_{};
  std::thread thread_;
  mutable std::mutex mutex_;  // guards what follows
  bool running_ = false;
  store::ListingArchiveSize size_;
};

}  // namespace cluehound::app
