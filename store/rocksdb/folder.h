#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/status.h"

namespace cluehound::store {

// The folder of a store: FORMAT says that it is one (written when its making is complete) and of
// which version, LOCK that somebody has it (locked) or had it and did not close it (not empty), db/
// is RocksDB's. Held until the object is gone.
class Folder {
 public:
  static constexpr int kFormat = 2;

  // Makes a new store's folder when `path` is absent or empty (not for `read_only`); Finish() is to
  // follow then.
  static Result<std::unique_ptr<Folder>> Open(const std::string& path, bool read_only);
  ~Folder();
  std::string database_path() const { return (path_ / "db").string(); }
  bool is_new() const { return is_new_; }
  // The database of a new store is made, or one of an older format is about to be brought up.
  Status Finish();
  bool is_older() const { return is_older_; }
  // Makes a folder inside this one that opens as a store for reading, and gives its path;
  // `copy_database` fills the path that it is given. What was left over is removed at opening.
  Result<std::string> MakeCopy(const std::function<Status(const std::string&)>& copy_database);
  // kInvalidArgument when the path is none that MakeCopy() gave.
  Status DropCopy(const std::string& path);
  // The last process that wrote ended without closing the store.
  bool was_left_open() const { return was_left_open_; }

 private:
  Folder(std::filesystem::path path, int lock, bool read_only)
      : path_(std::move(path)), lock_(lock), read_only_(read_only) {}
  void MarkOpen();

  std::filesystem::path path_;
  int lock_;
  bool read_only_;
  bool is_new_ = false;
  bool is_older_ = false;
  std::atomic<int> copies_{0};
  bool was_left_open_ = false;
};

}  // namespace cluehound::store
