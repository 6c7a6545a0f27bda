#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "evidence/fd.h"
#include "extractors/listing.h"
#include "store/listing_files.h"
#include "store/listing_line.h"

// Reading the archive of listings back: frame by frame, on all cores, a few megabytes at a time.
namespace cluehound::store {

// The frames of one file, in order. Reading beside a writer is fine: what it has not written whole is
// no frame yet. Not thread-safe.
class ListingFrames {
 public:
  static Result<ListingFrames> Open(const std::filesystem::path& path);

  // The next frame as it lies there; false at the end. What follows the last whole frame, torn by a
  // crash or damaged, is the end: see torn().
  Result<bool> Next(std::string& frame);
  // Bytes behind the last whole frame, known at the end.
  uint64_t torn() const { return torn_; }

 private:
  ListingFrames(evidence::Fd fd, std::filesystem::path path, uint64_t size)
      : fd_(std::move(fd)), path_(std::move(path)), unread_(size) {}
  Result<bool> Fill();

  evidence::Fd fd_;
  std::filesystem::path path_;
  uint64_t unread_;  // of what was there when it was opened
  std::string buffer_;
  size_t taken_ = 0;  // of buffer_
  uint64_t torn_ = 0;
};

// What was found of an archive.
struct ListingReadFigures {
  uint64_t files = 0;
  uint64_t frames = 0;
  uint64_t listings = 0;
  uint64_t lines_bytes = 0;  // unpacked
  uint64_t bytes = 0;        // on the disk
  uint64_t torn_files = 0;   // that end within a frame
  uint64_t torn_bytes = 0;
};

// One frame, unpacked in a thread's own memory. Lifetime: of the call that it is handed to.
class ListingBlock {
 public:
  const ListingFile& file() const { return *file_; }
  // Each listing of the block in order; both are used again for the next. Fails with kCorruption at
  // the first line that is none.
  Status Each(const std::function<void(extractors::Listing&, const ListingFacts&)>& each);

 private:
  friend class ListingWorker;
  const ListingFile* file_ = nullptr;
  std::string_view lines_;  // with ListingLineReader::kPadding readable bytes behind them
  ListingLineReader* reader_ = nullptr;
  extractors::Listing* listing_ = nullptr;
  ListingFacts* facts_ = nullptr;
  uint64_t listings_ = 0;
};

// Hands every block of the files to `work`, on `threads` threads at once (0: one a core), and runs
// what it gives back on the calling thread, in the order of the blocks: there the parts come together
// and the outcome does not depend on who was faster. Memory: some four blocks a thread. Stops at the
// first failure; a file that retention took away meanwhile is passed over.
using ListingWork = std::function<Result<std::function<void()>>(ListingBlock& block)>;
Result<ListingReadFigures> ReadListings(const std::vector<ListingFile>& files, size_t threads,
                                        const ListingWork& work);

}  // namespace cluehound::store
