#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/status.h"

// The arithmetic of a Merkle tree over an append-only log: RFC 6962 section 2.1, unchanged in RFC
// 9162 section 2.1. The hash is SHA-256, a leaf is hashed behind a byte 0, a node behind a byte 1.
// Pure functions; thread-safe.
namespace cluehound::evidence {

Digest LeafHash(std::string_view leaf);
Digest NodeHash(const Digest& left, const Digest& right);

// A whole subtree: the 2^level leaves that begin at position * 2^level.
struct TreeNode {
  uint8_t level = 0;
  uint64_t position = 0;

  // The index of the leaf that completed it.
  uint64_t last_leaf() const { return ((position + 1) << level) - 1; }
  friend bool operator==(const TreeNode&, const TreeNode&) = default;
};

// A log that grows at its end. It keeps the whole subtrees from left to right, at most 64 of them,
// so that appending costs O(log n) at worst and two hashes in the mean.
class MerkleLog {
 public:
  MerkleLog() = default;
  // As it was: `peaks` are the whole subtrees of `size` leaves, largest first. kCorruption when
  // their number is another than that size has.
  static Result<MerkleLog> Resume(uint64_t size, std::vector<Digest> peaks);

  // Gives the nodes that the leaf completes, from its own hash upwards: of leaf i those of levels 0
  // to the number of ones at the end of i.
  std::vector<Digest> Append(const Digest& leaf_hash);
  uint64_t size() const { return size_; }
  const std::vector<Digest>& peaks() const { return peaks_; }
  // Of no leaves: the hash of nothing.
  Digest Root() const;

 private:
  uint64_t size_ = 0;
  std::vector<Digest> peaks_;
};

// The whole subtrees that a tree of `size` leaves is made of, largest first.
std::vector<TreeNode> Peaks(uint64_t size);

// How proofs come at the nodes of a log, from wherever they are kept.
using NodeReader = std::function<Result<Digest>(const TreeNode&)>;

// The root of the first `size` leaves.
Result<Digest> RootAt(uint64_t size, const NodeReader& node);
// That leaf `index` is in the tree of `size` leaves. REQUIRES: index < size
Result<std::vector<Digest>> InclusionProof(uint64_t index, uint64_t size, const NodeReader& node);
// That the tree of `old_size` leaves is the front of the one of `size`. REQUIRES: old_size <= size
Result<std::vector<Digest>> ConsistencyProof(uint64_t old_size, uint64_t size,
                                             const NodeReader& node);

// RFC 9162 2.1.3.2 and 2.1.4.2: whether the proof shows it. Take anything.
bool VerifyInclusion(const Digest& leaf_hash, uint64_t index, uint64_t size,
                     const std::vector<Digest>& proof, const Digest& root);
bool VerifyConsistency(uint64_t old_size, const Digest& old_root, uint64_t size, const Digest& root,
                       const std::vector<Digest>& proof);

}  // namespace cluehound::evidence
