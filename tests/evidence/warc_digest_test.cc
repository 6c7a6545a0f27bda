#include "evidence/warc_digest.h"

#include "tests/testing/testing.h"

namespace cluehound::evidence {
namespace {

std::string Sha1Of(std::string_view bytes) {
  Hasher hasher(Hasher::Kind::kSha1);
  hasher.Update(bytes);
  return hasher.Finish();
}

TEST_CASE("rfc4648 10: test vectors of base32 and base64", "[warc]") {
  REQUIRE(Base32("") == "");
  REQUIRE(Base32("f") == "MY======");
  REQUIRE(Base32("fo") == "MZXQ====");
  REQUIRE(Base32("foo") == "MZXW6===");
  REQUIRE(Base32("foob") == "MZXW6YQ=");
  REQUIRE(Base32("fooba") == "MZXW6YTB");
  REQUIRE(Base32("foobar") == "MZXW6YTBOI======");
  REQUIRE(Base64("f") == "Zg==");
  REQUIRE(Base64("fo") == "Zm8=");
  REQUIRE(Base64("foobar") == "Zm9vYmFy");
}

TEST_CASE("ours: a label matches in base32, hexadecimal and base64", "[warc]") {
  const std::string digest = Sha1Of("abc");
  for (const char* field :
       {"sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5", "SHA-1:vgmt4nsha2awvor6evyxqugcnsonbwe5",
        "sha1:A9993E364706816ABA3E25717850C26C9CD0D89D", "sha1: qZk+NkcGgWq6PiVxeFDCbJzQ2J0="}) {
    INFO(field);
    const auto label = DigestLabel::Parse(field);
    REQUIRE(label);
    REQUIRE(label->kind == Hasher::Kind::kSha1);
    REQUIRE(label->Matches(digest));
    REQUIRE_FALSE(label->Matches(Sha1Of("abd")));
  }
}

TEST_CASE("ours: unknown algorithms are no label", "[warc]") {
  REQUIRE_FALSE(DigestLabel::Parse("md5:900150983cd24fb0d6963f7d28e17f72"));
  REQUIRE_FALSE(DigestLabel::Parse("no colon"));
  REQUIRE_FALSE(DigestLabel::Parse(""));
}

TEST_CASE("ours: our own label is lower-case hexadecimal and matches itself", "[warc]") {
  const std::string label = Sha256Label(Sha256("abc"));
  REQUIRE(label == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  REQUIRE(DigestLabel::Parse(label)->Matches(Bytes(Sha256("abc"))));
}

}  // namespace
}  // namespace cluehound::evidence
