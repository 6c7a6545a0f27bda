#include "app/listing_upkeep.h"

#include <chrono>

#include "app/retention.h"
#include "base/log.h"

namespace cluehound::app {
namespace {

constexpr std::chrono::hours kEvery{1};

}  // namespace

ListingUpkeep::ListingUpkeep(Duties duties) : duties_(std::move(duties)) {}

ListingUpkeep::~ListingUpkeep() {
  if (thread_.joinable()) thread_.join();
}

void ListingUpkeep::Tick(Instant steady, Instant now) {
  if (steady < next_) return;
  {
    const std::lock_guard lock(mutex_);
    if (running_) return;
    running_ = true;
  }
  next_ = steady + kEvery;
  if (thread_.joinable()) thread_.join();  // it has ended
  thread_ = std::thread([this, now] {
    Round(now).IgnoreError("told in the log");
    const std::lock_guard lock(mutex_);
    running_ = false;
  });
}

Status ListingUpkeep::Round(Instant now) {
  const auto erase = [&]() -> Status {
    ASSIGN_OR_RETURN(const auto bounds, duties_.bounds());
    if (!bounds) return Status::Ok();
    ASSIGN_OR_RETURN(const auto gone,
                     EraseListings(duties_.folder, *bounds, now, false, duties_.note));
    if (!gone.days.empty())
      LogInfo("archive of listings: " + std::to_string(gone.days.size()) + " days erased, " +
              std::to_string(gone.bytes) + " bytes");
    return Status::Ok();
  };
  Status status = erase();
  const auto size = store::MeasureListings(duties_.folder);
  if (status.ok()) status = size.status();
  if (!status.ok()) LogWarning("archive of listings: upkeep: " + status.message());
  if (size.ok()) {
    const std::lock_guard lock(mutex_);
    size_ = *size;
  }
  return status;
}

store::ListingArchiveSize ListingUpkeep::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

}  // namespace cluehound::app
