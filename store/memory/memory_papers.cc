#include "store/memory/memory_papers.h"

#include "base/text.h"

namespace cluehound::store {

Result<std::vector<PaperReceipt>> MemoryPapers::PutAll(const std::vector<PaperChange>& changes,
                                                       const Scope& scope, const Actor& actor,
                                                       Instant at) {
  RETURN_IF_ERROR(CheckPapers(changes));
  const std::lock_guard lock(mutex_);
  const auto papers_before = papers_;
  const size_t audit_before = audit_.size();
  leads_.Keep();
  std::vector<PaperReceipt> receipts;
  for (const PaperChange& change : changes) {
    auto receipt = store::PutPaper(change, scope, actor, at, *this);
    if (!receipt.ok()) {
      papers_ = papers_before;
      leads_.PutBack();
      audit_.CutTo(audit_before);
      return receipt.status();
    }
    receipts.push_back(*std::move(receipt));
  }
  return receipts;
}

Result<Paper> MemoryPapers::Find(uint64_t number, const Scope& scope) {
  const std::lock_guard lock(mutex_);
  const auto found = papers_.find(number);
  if (found == papers_.end()) return Status::NotFound("no paper " + std::to_string(number));
  RETURN_IF_ERROR(CheckScope(found->second, scope));
  return found->second;
}

Result<PaperPage> MemoryPapers::Query(const PaperFilter& filter, const Scope& scope,
                                      std::string_view after, size_t max) {
  const std::lock_guard lock(mutex_);
  const auto behind = ParseInt(after);
  PaperPage page;
  for (auto at = papers_.rbegin(); at != papers_.rend(); ++at) {
    const auto& [number, paper] = *at;
    if (behind && *behind > 0 && number >= static_cast<uint64_t>(*behind)) continue;
    if (!Matches(paper, filter, scope)) continue;
    if (page.papers.size() == max) {
      if (max > 0) page.next = std::to_string(page.papers.back().number);
      break;
    }
    page.papers.push_back(paper);
  }
  return page;
}

Result<std::string> MemoryPapers::AttachmentBytes(const Digest& sha256) {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(sha256);
  if (found == files_.end()) return Status::NotFound("no file with the digest " + Hex(sha256));
  return found->second;
}

Result<std::optional<Paper>> MemoryPapers::FindPaper(uint64_t number) {
  const auto found = papers_.find(number);
  return found == papers_.end() ? std::optional<Paper>() : found->second;
}

Result<uint64_t> MemoryPapers::PaperByKey(PaperKind kind, const std::string& key) {
  for (const auto& [number, paper] : papers_) {
    if (paper.kind == kind && paper.key == key) return number;
  }
  return uint64_t{0};
}

Status MemoryPapers::PutPaper(const Paper*, const Paper& after) {
  papers_[after.number] = after;
  return Status::Ok();
}

Status MemoryPapers::PutAttachment(const Digest& sha256, const std::string& bytes) {
  files_[sha256] = bytes;
  return Status::Ok();
}

}  // namespace cluehound::store
