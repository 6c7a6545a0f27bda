#include "store/listing_archive.h"

#include <pthread.h>

#include <algorithm>
#include <unordered_set>

#include "base/content_coding.h"
#include "base/log.h"
#include "extractors/content_signature.h"
#include "store/listing_files.h"

namespace cluehound::store {
namespace {

using std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr size_t kNames = 1 << 20;  // of the table of what was archived last
constexpr int kLevel = 3;           // 5 times smaller at 330 MB/s, far above what a crawl brings

uint64_t Mix(uint64_t a, uint64_t b) {
  return (a ^ (b + 0x9E3779B97F4A7C15u)) * 0xFF51AFD7ED558CCDu;
}

Status MakeFolder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return Status::Ok();
  fs::create_directories(folder, error);
  if (error) return Status::Unavailable(folder.string() + ": " + error.message());
  return folder.has_parent_path() ? evidence::SyncFolder(folder.parent_path()) : Status::Ok();
}

}  // namespace

ListingArchive::ListingArchive(fs::path folder, Options options)
    : folder_(std::move(folder)),
      options_(std::move(options)),
      last_(kNames),
      thread_([this] { Work(); }) {
  pthread_setname_np(thread_.native_handle(), "listings");
}

ListingArchive::~ListingArchive() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

ListingArchive::Batch ListingArchive::Fresh(const ListingFacts& facts,
                                            const std::vector<extractors::Listing>& listings,
                                            const std::vector<extractors::Listing>& before) {
  Batch batch{facts.source, FormatDay(facts.at), {}, 0};
  std::unordered_set<uint64_t> held;
  for (const extractors::Listing& listing : before) held.insert(ListingVersion(listing));
  const uint64_t source = std::hash<std::string>()(facts.source);
  for (const extractors::Listing& listing : listings) {
    const uint64_t version = ListingVersion(listing);
    if (!held.insert(version).second) continue;
    const uint64_t name = Mix(ListingName(listing), source);
    // 0 is what the table holds at first.
    if (last_[name % kNames].exchange(Mix(name, version) | 1) == (Mix(name, version) | 1)) continue;
    AppendListingLine(batch.lines, listing, facts);
    ++batch.listings;
  }
  return batch;
}

void ListingArchive::Add(Batch batch) {
  if (batch.listings == 0) return;
  bool due = false;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_bytes_ + batch.lines.size() > options_.max_waiting) {
      figures_.lost += batch.listings;
      return;
    }
    const auto [place, first] =
        waiting_.try_emplace({std::move(batch.day), std::move(batch.source)});
    Waiting& waiting = place->second;
    if (first) waiting.since = steady_clock::now();
    waiting_bytes_ += batch.lines.size();
    waiting.lines += batch.lines;
    waiting.listings += batch.listings;
    // The thread knows when the oldest is due; only a first one, or a full one, is news.
    due = waiting_.size() == 1 || waiting.lines.size() >= options_.block_bytes;
  }
  if (due) changed_.notify_all();
}

Status ListingArchive::Flush() {
  std::unique_lock lock(mutex_);
  flush_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !flush_ && !writing_; });
  return last_write_;
}

ListingArchive::Figures ListingArchive::figures() const {
  const std::lock_guard lock(mutex_);
  Figures figures = figures_;
  figures.waiting_bytes = waiting_bytes_;
  return figures;
}

steady_clock::time_point ListingArchive::NextDue() const {
  auto due = steady_clock::time_point::max();
  for (const auto& [place, waiting] : waiting_) {
    const bool full = waiting.lines.size() >= options_.block_bytes;
    due = std::min(due, full ? waiting.since : waiting.since + options_.flush_after);
  }
  return waiting_.empty() ? due : std::max(due, not_before_);
}

std::map<ListingArchive::Place, ListingArchive::Waiting> ListingArchive::TakeDue(bool all) {
  std::map<Place, Waiting> due;
  const auto now = steady_clock::now();
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    const bool is_due = all || it->second.lines.size() >= options_.block_bytes ||
                        it->second.since + options_.flush_after <= now;
    const auto next = std::next(it);
    if (is_due) due.insert(waiting_.extract(it));
    it = next;
  }
  return due;
}

void ListingArchive::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    while (!stop_ && !flush_) {
      const auto due = NextDue();
      if (due <= steady_clock::now()) break;
      if (due == steady_clock::time_point::max()) {
        changed_.wait(lock);
      } else {
        changed_.wait_until(lock, due);
      }
    }
    const bool all = stop_ || flush_;
    const bool last = stop_;
    writing_ = true;
    auto due = TakeDue(all);
    lock.unlock();
    WriteDue(std::move(due));
    lock.lock();
    writing_ = false;
    if (all) flush_ = false;
    changed_.notify_all();
    if (last) {
      for (const auto& [place, waiting] : waiting_) figures_.lost += waiting.listings;
      if (!waiting_.empty())
        LogError("archive of listings: " + std::to_string(figures_.lost) +
                 " listings could not be written: " + last_write_.message());
      return;
    }
  }
}

void ListingArchive::WriteDue(std::map<Place, Waiting> due) {
  Status failed;
  for (auto& [place, waiting] : due) {
    const std::string frame = ZstdFrame(waiting.lines, kLevel);
    const Status written =
        frame.empty() ? Status::Unavailable("out of memory") : WriteFrame(place, frame);
    const std::lock_guard lock(mutex_);
    if (written.ok()) {
      waiting_bytes_ -= waiting.lines.size();
      figures_.listings += waiting.listings;
      figures_.bytes += frame.size();
    } else {
      failed = written;
      PutBack(place, std::move(waiting));
    }
  }
  if (!due.empty()) Report(failed);
  if (due.empty()) return;
  // Days that nobody adds to any more.
  const auto newest = ParseDay(due.rbegin()->first.first);
  if (newest) {
    const std::string oldest = FormatDay(*newest - std::chrono::hours(24));
    files_.erase(files_.begin(), files_.lower_bound({oldest, ""}));
  }
}

// Tells the log when writing begins to fail and when it works again.
void ListingArchive::Report(const Status& written) {
  const std::lock_guard lock(mutex_);
  last_write_ = written;
  if (!written.ok()) not_before_ = steady_clock::now() + options_.retry_after;
  if (written.ok() != figures_.failing) return;
  figures_.failing = !written.ok();
  if (figures_.failing) {
    LogError("archive of listings: " + written.message() + "; it is tried again");
  } else {
    LogInfo("archive of listings: writing works again, " + std::to_string(figures_.lost) +
            " listings were lost");
  }
}

// What came meanwhile goes behind it.
void ListingArchive::PutBack(const Place& place, Waiting failed) {
  Waiting& waiting = waiting_[place];
  failed.lines += waiting.lines;
  failed.listings += waiting.listings;
  waiting = std::move(failed);
}

Result<std::unique_ptr<evidence::AppendFile>> ListingArchive::OpenFile(const Place& place,
                                                                       File& file) {
  const auto& [day, source] = place;
  if (file.end > 0) return options_.open(folder_ / ListingPath(day, source, file.number));
  RETURN_IF_ERROR(MakeFolder(folder_));
  RETURN_IF_ERROR(MakeFolder(folder_ / day));
  if (file.number == 0) {
    ASSIGN_OR_RETURN(const auto there, ListingFiles(folder_, {{day, day}, {source}}));
    if (!there.empty()) file.number = there.back().number;
  }
  ++file.number;
  return options_.create(folder_ / ListingPath(day, source, file.number));
}

Status ListingArchive::WriteFrame(const Place& place, const std::string& frame) {
  File& file = files_[place];
  ASSIGN_OR_RETURN(const auto out, OpenFile(place, file));
  Status status = out->Append(frame);
  const bool appended = status.ok();
  if (appended) status = out->Sync();
  if (status.ok()) {
    file.end += frame.size();
    return status;
  }
  // After a failed sync the system may have dropped what it could not write; after a failed cut a
  // piece of a frame stays. Either way nothing may follow in this file.
  const bool cut = out->Truncate(file.end).ok();
  if (appended || !cut) file.end = 0;
  return status;
}

}  // namespace cluehound::store
