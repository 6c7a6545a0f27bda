#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "evidence/append_file.h"
#include "extractors/listing.h"
#include "store/listing_line.h"

namespace cluehound::store {

// The archive of listings: every version of every listing that a crawl read, so that rules can be
// tried on what really was offered. A file a day and source (store/listing_files.h) of zstd frames
// with lines of JSON (store/listing_line.h); `zstdcat FILE` gives them.
//
// A version is what rules read of a listing (extractors::ListingVersion): a new price is one, a new
// number sold is none. Those that the page held before are known from the stored listings of the
// page, and what was archived last under each listing's name from a table in memory, so that an offer
// that moves from page to page is archived once a run and not on each of them.
//
// It is no evidence: leads and captures have their own order of durability. Add() is called when the
// commit of the page is durable; a thread of the archive writes a frame when a source has gathered
// `block_bytes` or its oldest line is `flush_after` old, and syncs it. A crash loses what had not
// been written: such a listing is archived again when it changes. A frame that was torn by a crash
// is the end of its file, for the next opening begins another; readers pass over it. When a disk is
// full the lines wait up to `max_waiting` and are tried again, beyond that they are lost and counted;
// the crawl goes on, and stops by itself if the store cannot be written either.
//
// Thread-safe. One process at a time: the store's lock sees to it. At most one file is open.
class ListingArchive {
 public:
  struct Options {
    size_t block_bytes = 1 << 20;   // of lines in a frame: what a reader's thread takes at once
    size_t max_waiting = 64 << 20;  // bytes of lines in memory
    Duration flush_after = std::chrono::seconds(60);
    Duration retry_after = std::chrono::seconds(10);  // when a disk is full
    evidence::AppendFileCreator create = evidence::CreateAppendFile;
    evidence::AppendFileCreator open = evidence::OpenAppendFile;
  };
  struct Figures {
    uint64_t listings = 0;  // written and synced
    uint64_t bytes = 0;     // on the disk for them
    uint64_t lost = 0;      // listings that could not be written
    uint64_t waiting_bytes = 0;
    bool failing = false;
  };
  // Lines on their way into the archive.
  struct Batch {
    std::string source;
    std::string day;
    std::string lines;
    uint32_t listings = 0;
  };

  explicit ListingArchive(std::filesystem::path folder) : ListingArchive(folder, Options()) {}
  ListingArchive(std::filesystem::path folder, Options options);
  // Writes what waits.
  ~ListingArchive();

  // Those of a page's listings that are new versions. `before`: what the page held.
  Batch Fresh(const ListingFacts& facts, const std::vector<extractors::Listing>& listings,
              const std::vector<extractors::Listing>& before);
  // Takes them over; never waits for a disk.
  void Add(Batch batch);
  // What was added before is on the disk when this returns, or could not be written.
  Status Flush();

  Figures figures() const;

 private:
  using Place = std::pair<std::string, std::string>;  // day, source
  struct Waiting {
    std::string lines;
    uint32_t listings = 0;
    std::chrono::steady_clock::time_point since;
  };
  struct File {
    int number = 0;    // 0: none begun yet in this opening
    uint64_t end = 0;  // whole frames up to here
  };

  void Work();
  // Takes out of `waiting_` what is to be written now.
  std::map<Place, Waiting> TakeDue(bool all);
  void WriteDue(std::map<Place, Waiting> due);
  void Report(const Status& written);
  void PutBack(const Place& place, Waiting failed);
  Status WriteFrame(const Place& place, const std::string& frame);
  Result<std::unique_ptr<evidence::AppendFile>> OpenFile(const Place& place, File& file);
  // When something becomes due, seen from the lock.
  std::chrono::steady_clock::time_point NextDue() const;

  const std::filesystem::path folder_;
  const Options options_;
  // By name of a listing: name and version of what was archived last, folded into one number; a
  // direct-mapped table of 8 MiB in which a later name takes the place of an earlier one.
  std::vector<std::atomic<uint64_t>> last_;
  std::map<Place, File> files_;  // the thread's

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::map<Place, Waiting> waiting_;
  size_t waiting_bytes_ = 0;
  bool writing_ = false;
  bool flush_ = false;
  bool stop_ = false;
  Status last_write_;
  std::chrono::steady_clock::time_point not_before_{};
  Figures figures_;
  std::thread thread_;
};

}  // namespace cluehound::store
