#include "extractors/parse_arena.h"

namespace cluehound::extractors {
namespace {

constexpr size_t kFirstChunk = 1u << 20;
constexpr size_t kLargestChunk = 8u << 20;

}  // namespace

void* ParseArena::AllocateSlowly(size_t bytes) {
  // The rest of the current chunk is lost; chunks double, so that at most half of the memory is.
  size_t wanted = std::min(kFirstChunk << std::min<size_t>(current_, 3), kLargestChunk);
  if (bytes > wanted) wanted = bytes;
  if (current_ < chunks_.size() && chunks_[current_].size >= bytes) wanted = chunks_[current_].size;
  if (wanted > budget_ - used_) {
    wanted = budget_ - used_;
    if (bytes > wanted) throw Spent();
  }
  if (current_ == chunks_.size() || chunks_[current_].size < wanted) {
    chunks_.resize(current_);
    // Not make_unique: it would write zeros.
    chunks_.push_back({std::unique_ptr<char[]>(new char[wanted]), wanted});
  }
  used_ += wanted;
  next_ = chunks_[current_].bytes.get();
  limit_ = next_ + wanted;
  ++current_;
  void* const result = next_;
  next_ += bytes;
  return result;
}

void ParseArena::Reset(size_t budget) {
  size_t kept = 0;
  size_t bytes = 0;
  while (kept < chunks_.size() && bytes + chunks_[kept].size <= kRetained)
    bytes += chunks_[kept++].size;
  chunks_.resize(kept);
  current_ = 0;
  next_ = limit_ = nullptr;
  used_ = 0;
  budget_ = budget;
}

}  // namespace cluehound::extractors
