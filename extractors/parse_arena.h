#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace cluehound::extractors {

// Memory for one parse: handed out in rising order and given back all at once, so that freeing
// neither costs time nor recurses. Not thread-safe.
class ParseArena {
 public:
  // What Allocate() throws when the budget is spent. It exists because a C library that asks for
  // memory can be stopped in no other way; whoever gives this arena to one catches it.
  struct Spent {};

  // Aligned for any fundamental type. Throws Spent beyond the budget, std::bad_alloc when the
  // machine has none.
  void* Allocate(size_t bytes) {
    bytes = (bytes + (kAlign - 1)) & ~(kAlign - 1);
    if (bytes > static_cast<size_t>(limit_ - next_)) return AllocateSlowly(bytes);
    void* const result = next_;
    next_ += bytes;
    return result;
  }

  // Forgets everything that was handed out. Keeps at most kRetained bytes of the machine's memory,
  // so that the next parse of an ordinary page touches no fresh one.
  void Reset(size_t budget);

  // Bytes taken from the budget so far: chunks, not single allocations.
  size_t used() const { return used_; }

  static constexpr size_t kRetained = 8u << 20;

 private:
  static constexpr size_t kAlign = alignof(std::max_align_t);
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    size_t size = 0;
  };

  void* AllocateSlowly(size_t bytes);

  std::vector<Chunk> chunks_;
  size_t current_ = 0;  // chunks_[0, current_) are in use
  char* next_ = nullptr;
  char* limit_ = nullptr;
  size_t used_ = 0;
  size_t budget_ = 0;
};

}  // namespace cluehound::extractors
