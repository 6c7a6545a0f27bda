#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cluehound::rules {

// Two numbers to one hash of which every bit is worth something.
constexpr uint32_t MixSigns(uint32_t a, uint32_t b) {
  uint32_t h = (a * 0x9E3779B1u) ^ (b * 0x85EBCA77u);
  h ^= h >> 15;
  h *= 0x2C1B3C6Du;
  return h ^ h >> 13;
}

// A set of such hashes that says fast what is surely not in it: two bits of one word for each (a
// blocked Bloom filter, Putze, Sanders and Singler 2007). With as many keys as it was made for one
// of some 200 others gets through. A question is a load and a few steps without a branch, so that
// loops that ask many become vector code.
//
// Thread-safety: immutable once filled. Memory: 4 to 8 bytes a key, 1 MiB at most.
class Sieve {
 public:
  Sieve() : Sieve(0) {}
  // Room for so many keys.
  explicit Sieve(size_t keys) {
    int bits = 4;  // of words
    while (bits < 18 && (size_t{1} << bits) < keys) ++bits;
    words_.assign(size_t{1} << bits, 0);
    shift_ = 32 - bits;
  }

  void Add(uint32_t hash) { words_[hash >> shift_] |= Bit(hash) | Bit(hash >> 5); }
  // 1 or 0.
  uint32_t MayHave(uint32_t hash) const { return MayHave(words_.data(), shift_, hash); }
  static uint32_t MayHave(const uint32_t* words, int shift, uint32_t hash) {
    const uint32_t word = words[hash >> shift];
    return word >> (hash & 31) & word >> (hash >> 5 & 31) & 1;
  }

  // For loops that are to become vector code.
  const uint32_t* words() const { return words_.data(); }
  int shift() const { return shift_; }

  size_t MemoryBytes() const { return words_.capacity() * sizeof(uint32_t); }

 private:
  static uint32_t Bit(uint32_t hash) { return 1u << (hash & 31); }

  std::vector<uint32_t> words_;
  int shift_ = 28;
};

}  // namespace cluehound::rules
