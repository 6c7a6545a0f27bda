#include "evidence/merkle_log.h"

#include <random>

#include "tests/testing/testing.h"

namespace cluehound::evidence {
namespace {

std::string Bytes16(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

// The eight leaves that certificate-transparency's own test of its tree uses.
const std::vector<std::string>& KnownLeaves() {
  static const std::vector<std::string> leaves = {"",
                                                  Bytes16("00"),
                                                  Bytes16("10"),
                                                  Bytes16("2021"),
                                                  Bytes16("3031"),
                                                  Bytes16("40414243"),
                                                  Bytes16("5051525354555657"),
                                                  Bytes16("606162636465666768696a6b6c6d6e6f")};
  return leaves;
}

// RFC 6962 2.1 as it is written, calling itself.
Digest NaiveRoot(const std::vector<Digest>& leaves, size_t begin, size_t end) {
  if (begin == end) return Sha256("");
  if (end - begin == 1) return leaves[begin];
  size_t k = 1;
  while (k * 2 < end - begin) k *= 2;
  return NodeHash(NaiveRoot(leaves, begin, begin + k), NaiveRoot(leaves, begin + k, end));
}

std::vector<Digest> NaivePath(const std::vector<Digest>& leaves, size_t m, size_t begin,
                              size_t end) {
  if (end - begin <= 1) return {};
  size_t k = 1;
  while (k * 2 < end - begin) k *= 2;
  std::vector<Digest> path;
  if (m < k) {
    path = NaivePath(leaves, m, begin, begin + k);
    path.push_back(NaiveRoot(leaves, begin + k, end));
  } else {
    path = NaivePath(leaves, m - k, begin + k, end);
    path.push_back(NaiveRoot(leaves, begin, begin + k));
  }
  return path;
}

std::vector<Digest> NaiveSubproof(const std::vector<Digest>& leaves, size_t m, size_t begin,
                                  size_t end, bool whole) {
  if (m == end - begin)
    return whole ? std::vector<Digest>() : std::vector<Digest>{NaiveRoot(leaves, begin, end)};
  size_t k = 1;
  while (k * 2 < end - begin) k *= 2;
  std::vector<Digest> proof;
  if (m <= k) {
    proof = NaiveSubproof(leaves, m, begin, begin + k, whole);
    proof.push_back(NaiveRoot(leaves, begin + k, end));
  } else {
    proof = NaiveSubproof(leaves, m - k, begin + k, end, false);
    proof.push_back(NaiveRoot(leaves, begin, begin + k));
  }
  return proof;
}

// A log with all that was ever completed.
struct Kept {
  MerkleLog log;
  std::vector<std::vector<Digest>> nodes;  // by leaf

  void Append(const Digest& leaf) { nodes.push_back(log.Append(leaf)); }
  NodeReader reader() const {
    return [this](const TreeNode& node) -> Result<Digest> {
      const uint64_t leaf = node.last_leaf();
      if (leaf >= nodes.size() || node.level >= nodes[leaf].size())
        return Status::NotFound("no such node");
      return nodes[leaf][node.level];
    };
  }
};

TEST_CASE("rfc6962 2.1: the roots of the known leaves") {
  const char* const kRoots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  Kept kept;
  CHECK(Hex(kept.log.Root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (size_t i = 0; i < 8; ++i) {
    kept.Append(LeafHash(KnownLeaves()[i]));
    CHECK(Hex(kept.log.Root()) == kRoots[i]);
    CHECK(Hex(RootAt(i + 1, kept.reader()).value()) == kRoots[i]);
  }
}

TEST_CASE("rfc6962 2.1.1: the known inclusion proofs") {
  Kept kept;
  for (const std::string& leaf : KnownLeaves()) kept.Append(LeafHash(leaf));
  const auto hex = [](const std::vector<Digest>& proof) {
    std::vector<std::string> text;
    for (const Digest& digest : proof) text.push_back(Hex(digest));
    return text;
  };
  CHECK(
      hex(InclusionProof(0, 8, kept.reader()).value()) ==
      std::vector<std::string>{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                               "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                               "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"});
  CHECK(
      hex(InclusionProof(5, 8, kept.reader()).value()) ==
      std::vector<std::string>{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                               "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                               "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"});
  CHECK(
      hex(ConsistencyProof(6, 8, kept.reader()).value()) ==
      std::vector<std::string>{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                               "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                               "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"});
  CHECK(
      hex(ConsistencyProof(2, 5, kept.reader()).value()) ==
      std::vector<std::string>{"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                               "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"});
}

TEST_CASE("ours: up to 70 leaves every root and proof is the recursive one, and verifies") {
  Kept kept;
  std::vector<Digest> leaves;
  std::vector<Digest> roots = {Sha256("")};
  for (size_t n = 1; n <= 70; ++n) {
    leaves.push_back(LeafHash("leaf " + std::to_string(n)));
    kept.Append(leaves.back());
    const Digest root = NaiveRoot(leaves, 0, n);
    roots.push_back(root);
    REQUIRE(kept.log.Root() == root);
    REQUIRE(kept.nodes.back().size() == static_cast<size_t>(__builtin_ctzll(n)) + 1);
    for (size_t i = 0; i < n; ++i) {
      const auto proof = InclusionProof(i, n, kept.reader()).value();
      REQUIRE(proof == NaivePath(leaves, i, 0, n));
      REQUIRE(VerifyInclusion(leaves[i], i, n, proof, root));
      REQUIRE_FALSE(VerifyInclusion(leaves[(i + 1) % n], i, n, proof, root) != (n == 1));
    }
    for (size_t old = 1; old <= n; ++old) {
      const auto proof = ConsistencyProof(old, n, kept.reader()).value();
      REQUIRE(proof == NaiveSubproof(leaves, old, 0, n, true));
      REQUIRE(VerifyConsistency(old, roots[old], n, root, proof));
      if (old < n) REQUIRE_FALSE(VerifyConsistency(old, root, n, root, proof));
    }
    REQUIRE(VerifyConsistency(0, roots[0], n, root, {}));
  }
}

TEST_CASE("ours: a proof with anything changed shows nothing") {
  Kept kept;
  for (int i = 0; i < 37; ++i) kept.Append(LeafHash(std::to_string(i)));
  const Digest root = kept.log.Root();
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    const uint64_t index = random() % 37;
    auto proof = InclusionProof(index, 37, kept.reader()).value();
    const uint64_t old = 1 + random() % 36;
    auto older = ConsistencyProof(old, 37, kept.reader()).value();
    const Digest old_root = RootAt(old, kept.reader()).value();
    proof[random() % proof.size()][random() % 32] ^= static_cast<uint8_t>(1 + random() % 255);
    older[random() % older.size()][random() % 32] ^= static_cast<uint8_t>(1 + random() % 255);
    CHECK_FALSE(VerifyInclusion(LeafHash(std::to_string(index)), index, 37, proof, root));
    CHECK_FALSE(VerifyConsistency(old, old_root, 37, root, older));
    proof.pop_back();
    older.pop_back();
    CHECK_FALSE(VerifyInclusion(LeafHash(std::to_string(index)), index, 37, proof, root));
    CHECK_FALSE(VerifyConsistency(old, old_root, 37, root, older));
  }
  CHECK_FALSE(VerifyInclusion(root, 5, 5, {}, root));
  CHECK_FALSE(VerifyConsistency(6, root, 5, root, {}));
  CHECK_FALSE(VerifyConsistency(5, root, 6, root, {}));
}

TEST_CASE("ours: a log goes on from its peaks") {
  MerkleLog whole;
  for (int i = 0; i < 100; ++i) {
    auto resumed = MerkleLog::Resume(whole.size(), whole.peaks());
    REQUIRE_OK(resumed);
    const Digest leaf = LeafHash(std::to_string(i));
    whole.Append(leaf);
    resumed->Append(leaf);
    CHECK(resumed->Root() == whole.Root());
  }
  CHECK(MerkleLog::Resume(5, whole.peaks()).status().code() == Code::kCorruption);
}

}  // namespace
}  // namespace cluehound::evidence
