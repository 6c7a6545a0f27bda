#include "app/listing_upkeep.h"

#include "base/file.h"
#include "tests/testing/testing.h"

namespace cluehound::app {
namespace {

namespace fs = std::filesystem;

const Instant kNow = *ParseTime("2026-11-28T10:00:00+08:00");

struct Kept {
  testing::TempDir dir;
  std::optional<store::ListingRetention> bounds;
  Status readable, noted;
  std::vector<std::string> notes;

  Kept() {
    for (const char* day : {"2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28"}) {
      const fs::path file = dir.path() / store::ListingPath(day, "shop", 1);
      fs::create_directories(file.parent_path());
      REQUIRE_OK(WriteFileAtomically(file, "0123456789"));
    }
    bounds.emplace();
    bounds->days = 2;
  }
  ListingUpkeep::Duties Duties() {
    ListingUpkeep::Duties duties;
    duties.folder = dir.path();
    duties.bounds = [this]() -> Result<std::optional<store::ListingRetention>> {
      RETURN_IF_ERROR(readable);
      return bounds;
    };
    duties.note = [this](const store::ListingPruning& gone) {
      notes.push_back(gone.days.front() + ".." + gone.days.back());
      return noted;
    };
    return duties;
  }
};

TEST_CASE("ours: upkeep erases the days that are over, notes it before, and measures") {
  Kept kept;
  ListingUpkeep upkeep(kept.Duties());
  CHECK(upkeep.size().days == 0);
  REQUIRE_OK(upkeep.Round(kNow));
  CHECK(kept.notes == std::vector<std::string>{"2026-11-25..2026-11-26"});
  CHECK(upkeep.size().days == 2);
  CHECK(upkeep.size().bytes == 20);
  REQUIRE_OK(upkeep.Round(kNow));
  CHECK(kept.notes.size() == 1);
}

TEST_CASE("ours: nothing goes without bounds, without a readable file, or without a note") {
  Kept kept;
  ListingUpkeep upkeep(kept.Duties());
  kept.readable = Status::InvalidArgument("retention.yaml:1:1: nonsense");
  CHECK(upkeep.Round(kNow).code() == Code::kInvalidArgument);
  CHECK(upkeep.size().days == 4);  // measured all the same
  kept.readable = Status::Ok();
  kept.noted = Status::Unavailable("the log cannot be written");
  CHECK(upkeep.Round(kNow).code() == Code::kUnavailable);
  CHECK(upkeep.size().days == 4);
  kept.bounds.reset();
  REQUIRE_OK(upkeep.Round(kNow));
  CHECK(upkeep.size().days == 4);
}

TEST_CASE("ours: upkeep runs at once and then every hour") {
  Kept kept;
  const Instant start = kNow;
  {
    ListingUpkeep upkeep(kept.Duties());
    upkeep.Tick(start, kNow);
  }  // waits for the round
  CHECK(kept.notes.size() == 1);
  kept.bounds->days = 1;
  {
    ListingUpkeep upkeep(kept.Duties());
    upkeep.Tick(start, kNow);
    kept.bounds->days = 1;
    upkeep.Tick(start + std::chrono::minutes(59), kNow);
  }
  CHECK(kept.notes.size() == 2);
}

}  // namespace
}  // namespace cluehound::app
