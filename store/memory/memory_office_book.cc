#include "store/memory/memory_office_book.h"

namespace cluehound::store {

Status MemoryOfficeBook::Write(const std::vector<BookChange>& changes,
                               const std::vector<AuditEntry>& entries) {
  const std::lock_guard lock(mutex_);
  for (const BookChange& change : changes) {
    const auto found = records_.find({change.kind, change.key});
    const bool there = found != records_.end();
    if (there != change.before.has_value() || (there && found->second != *change.before))
      return Status::Conflict("it was changed by somebody else meanwhile");
  }
  for (const BookChange& change : changes) {
    if (change.after) {
      records_[{change.kind, change.key}] = *change.after;
    } else {
      records_.erase({change.kind, change.key});
    }
  }
  for (const AuditEntry& entry : entries) audit_.Append(entry);
  return Status::Ok();
}

Result<std::optional<std::string>> MemoryOfficeBook::Read(char kind, std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find({kind, std::string(key)});
  return found == records_.end() ? std::optional<std::string>() : found->second;
}

Result<std::vector<std::string>> MemoryOfficeBook::ReadAll(char kind) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> all;
  for (auto at = records_.lower_bound({kind, ""}); at != records_.end() && at->first.first == kind;
       ++at)
    all.push_back(at->second);
  return all;
}

}  // namespace cluehound::store
