#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/status.h"

namespace cluehound::store {

// The folder of a store: FORMAT says that it is one (written when its making is complete) and of
// which version, LOCK that somebody has it (locked) or had it and did not close it (not empty), db/
// is RocksDB's. Held until the object is gone.
class Folder {
 public:
  static constexpr int kFormat = 1;

  // Makes a new store's folder when `path` is absent or empty (not for `read_only`); Finish() is to
  // follow then.
  static Result<std::unique_ptr<Folder>> Open(const std::string& path, bool read_only);
  ~Folder();
  std::string database_path() const { return (path_ / "db").string(); }
  bool is_new() const { return is_new_; }
  // The database of a new store is made.
  Status Finish();
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
  bool was_left_open_ = false;
};

}  // namespace cluehound::store
