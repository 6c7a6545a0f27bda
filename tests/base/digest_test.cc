#include "base/digest.h"

#include "tests/testing/testing.h"

namespace cluehound {
namespace {

TEST_CASE("fips 180-4: the digest of 'abc' fed in pieces", "[digest]") {
  Hasher sha1(Hasher::Kind::kSha1);
  sha1.Update("a");
  sha1.Update("bc");
  REQUIRE(Hex(sha1.Finish()) == "a9993e364706816aba3e25717850c26c9cd0d89d");

  Hasher sha256(Hasher::Kind::kSha256);
  sha256.Update("ab");
  sha256.Update("");
  sha256.Update("c");
  REQUIRE(Hex(sha256.Finish()) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("ours: a passing digest equals the one over the whole", "[digest]") {
  Hasher hasher(Hasher::Kind::kSha256);
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    const std::string piece(static_cast<size_t>(i), static_cast<char>(i));
    all += piece;
    hasher.Update(piece);
  }
  REQUIRE(hasher.Finish() == Bytes(Sha256(all)));
}

}  // namespace
}  // namespace cluehound
