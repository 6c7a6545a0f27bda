#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/status.h"
#include "evidence/append_file.h"
#include "evidence/archive_name.h"
#include "evidence/capture_sink.h"
#include "evidence/fd.h"
#include "evidence/warc_writer.h"

namespace cluehound::evidence {

// The end of the last capture that the store has committed; an empty file: none yet. The store
// keeps it in the same write as the captures' references.
struct ArchiveEnd {
  std::string file;
  uint64_t end = 0;  // offset + length of that capture

  friend bool operator==(const ArchiveEnd&, const ArchiveEnd&) = default;
};

struct ArchiveOptions {
  uint64_t max_file_bytes = uint64_t{1}
                            << 30;  // a file that reached this is closed and the next one begun
  WarcInfo info;                    // "software", "operator", ... for the front of each file
  AppendFileCreator create = CreateAppendFile;
};

// The archive of captures: a folder of WARC files, of which each opening begins a new one when the
// first page comes.
//
// Order of durability: Append() each page of a batch, Sync(), commit the references with their
// ArchiveEnd to the store. After a crash Open() cuts off what no commit refers to, so that the
// archive and the store agree. Cut bytes and later files are not destroyed but moved to the folder
// `unreferenced`, since a store that was restored from a backup looks the same as a crash; people
// may delete that folder. Failures: an Append() that fails leaves no bytes behind, and other pages
// may follow. After a failed Sync() nothing appended since the last good one may be committed; the
// next Append() begins a new file. One process at a time (a lock in the folder), one thread at a
// time. Reading is ArchiveReader's.
class Archive final : public CaptureSink {
 public:
  // Creates the folder. kConflict: another process has it open; kCorruption: the store has
  // committed more than the files hold, so that evidence is missing.
  static Result<std::unique_ptr<Archive>> Open(const std::filesystem::path& folder,
                                               const ArchiveEnd& committed, const Clock& clock,
                                               ArchiveOptions options);

  Result<CaptureRef> Append(const Page& page) override;
  Status Sync() override;

 private:
  Archive(std::filesystem::path folder, const Clock& clock, ArchiveOptions options, Fd lock);

  Status DropUncommitted(const ArchiveEnd& committed);
  Status BeginFile();
  Status SyncFile();
  // Forgets the current file, cut to `size`; the next Append() begins another.
  void AbandonFile(uint64_t size);

  std::filesystem::path folder_;
  const Clock& clock_;
  ArchiveOptions options_;
  Fd lock_;
  std::optional<ArchiveName> last_name_;

  std::unique_ptr<AppendFile> file_;  // null: none begun yet
  std::string file_name_;
  std::string warcinfo_id_;
  uint64_t end_ = 0;         // of file_
  uint64_t synced_end_ = 0;  // up to here it is on the disk
  Status lost_;              // a sync that failed outside Sync(): reported there
};

}  // namespace cluehound::evidence
