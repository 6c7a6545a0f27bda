#include "evidence/merkle_log.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string>

namespace cluehound::evidence {
namespace {

// The largest power of two below n. REQUIRES: n > 1
uint64_t Split(uint64_t n) { return std::bit_floor(n - 1); }

Digest Join(const std::vector<Digest>& subtrees) {
  if (subtrees.empty()) return Sha256("");
  Digest root = subtrees.back();
  for (size_t i = subtrees.size() - 1; i > 0; --i) root = NodeHash(subtrees[i - 1], root);
  return root;
}

// The hash of the leaves [begin, begin + count), which begin at a multiple of a power of two that
// is no smaller than what they would fill.
Result<Digest> Range(uint64_t begin, uint64_t count, const NodeReader& node) {
  std::vector<Digest> subtrees;
  for (TreeNode peak : Peaks(count)) {
    peak.position += begin >> peak.level;
    ASSIGN_OR_RETURN(const Digest hash, node(peak));
    subtrees.push_back(hash);
  }
  return Join(subtrees);
}

}  // namespace

Digest LeafHash(std::string_view leaf) {
  std::string bytes(1, '\0');
  bytes += leaf;
  return Sha256(bytes);
}

Digest NodeHash(const Digest& left, const Digest& right) {
  std::array<char, 65> bytes;
  bytes[0] = '\1';
  std::copy(left.begin(), left.end(), bytes.begin() + 1);
  std::copy(right.begin(), right.end(), bytes.begin() + 33);
  return Sha256({bytes.data(), bytes.size()});
}

std::vector<TreeNode> Peaks(uint64_t size) {
  std::vector<TreeNode> peaks;
  uint64_t begin = 0;
  for (int level = 63; level >= 0; --level) {
    const uint64_t leaves = uint64_t{1} << level;
    if ((size & leaves) == 0) continue;
    peaks.push_back({static_cast<uint8_t>(level), begin >> level});
    begin += leaves;
  }
  return peaks;
}

Result<MerkleLog> MerkleLog::Resume(uint64_t size, std::vector<Digest> peaks) {
  if (peaks.size() != static_cast<size_t>(std::popcount(size)))
    return Status::Corruption("a log of " + std::to_string(size) + " entries has not " +
                              std::to_string(peaks.size()) + " whole subtrees");
  MerkleLog log;
  log.size_ = size;
  log.peaks_ = std::move(peaks);
  return log;
}

std::vector<Digest> MerkleLog::Append(const Digest& leaf_hash) {
  std::vector<Digest> completed = {leaf_hash};
  for (uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    completed.push_back(NodeHash(peaks_.back(), completed.back()));
    peaks_.pop_back();
  }
  peaks_.push_back(completed.back());
  ++size_;
  return completed;
}

Digest MerkleLog::Root() const { return Join(peaks_); }

Result<Digest> RootAt(uint64_t size, const NodeReader& node) { return Range(0, size, node); }

// RFC 6962 2.1.1, walked from the root down instead of called upon itself.
Result<std::vector<Digest>> InclusionProof(uint64_t index, uint64_t size, const NodeReader& node) {
  std::vector<Digest> proof;
  uint64_t begin = 0;
  while (size > 1) {
    const uint64_t k = Split(size);
    const bool left = index < k;
    ASSIGN_OR_RETURN(const Digest other,
                     left ? Range(begin + k, size - k, node) : Range(begin, k, node));
    proof.insert(proof.begin(), other);
    if (!left) {
      begin += k;
      index -= k;
    }
    size = left ? k : size - k;
  }
  return proof;
}

// RFC 6962 2.1.2, likewise.
Result<std::vector<Digest>> ConsistencyProof(uint64_t old_size, uint64_t size,
                                             const NodeReader& node) {
  std::vector<Digest> proof;
  if (old_size == 0 || old_size == size) return proof;
  uint64_t begin = 0;
  bool whole = true;  // the old tree is the front of this one, and its root is known
  while (old_size != size) {
    const uint64_t k = Split(size);
    const bool left = old_size <= k;
    ASSIGN_OR_RETURN(const Digest other,
                     left ? Range(begin + k, size - k, node) : Range(begin, k, node));
    proof.insert(proof.begin(), other);
    if (!left) {
      begin += k;
      old_size -= k;
      whole = false;
    }
    size = left ? k : size - k;
  }
  if (!whole) {
    ASSIGN_OR_RETURN(const Digest own, Range(begin, size, node));
    proof.insert(proof.begin(), own);
  }
  return proof;
}

bool VerifyInclusion(const Digest& leaf_hash, uint64_t index, uint64_t size,
                     const std::vector<Digest>& proof, const Digest& root) {
  if (index >= size) return false;
  uint64_t fn = index;
  uint64_t sn = size - 1;
  Digest hash = leaf_hash;
  for (const Digest& other : proof) {
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      hash = NodeHash(other, hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      hash = NodeHash(hash, other);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && hash == root;
}

bool VerifyConsistency(uint64_t old_size, const Digest& old_root, uint64_t size, const Digest& root,
                       const std::vector<Digest>& proof) {
  if (old_size > size) return false;
  if (old_size == size) return proof.empty() && old_root == root;
  if (old_size == 0) return proof.empty() && old_root == Sha256("");
  std::vector<Digest> path = proof;
  if (std::has_single_bit(old_size)) path.insert(path.begin(), old_root);
  if (path.empty()) return false;
  uint64_t fn = old_size - 1;
  uint64_t sn = size - 1;
  while ((fn & 1) != 0) {
    fn >>= 1;
    sn >>= 1;
  }
  Digest old_hash = path.front();
  Digest hash = path.front();
  for (size_t i = 1; i < path.size(); ++i) {
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      old_hash = NodeHash(path[i], old_hash);
      hash = NodeHash(path[i], hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      hash = NodeHash(hash, path[i]);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && old_hash == old_root && hash == root;
}

}  // namespace cluehound::evidence
