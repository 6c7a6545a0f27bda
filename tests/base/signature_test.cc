#include "base/signature.h"

#include <sys/stat.h>

#include "base/digest.h"
#include "base/file.h"
#include "tests/testing/testing.h"

namespace cluehound {
namespace {

std::string FromHexText(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

TEST_CASE("rfc8032 7.1: tests 1 and 2 verify, and nothing else does") {
  const std::string key =
      FromHexText("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const std::string signature = FromHexText(
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  CHECK(VerifySignature(key, "", signature));
  CHECK_FALSE(VerifySignature(key, "x", signature));
  CHECK_FALSE(VerifySignature(key, "", signature.substr(1)));
  CHECK_FALSE(VerifySignature(key.substr(1), "", signature));
  const std::string key2 =
      FromHexText("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const std::string signature2 = FromHexText(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  CHECK(VerifySignature(key2, FromHexText("72"), signature2));
  CHECK_FALSE(VerifySignature(key, FromHexText("72"), signature2));
}

TEST_CASE("ours: a key file is made once, for its owner alone, and signs after a restart") {
  testing::TempDir folder;
  const auto file = folder.path() / "log.key";
  auto made = SigningKey::Load(file);
  REQUIRE_OK(made);
  struct stat info {};
  REQUIRE(::stat(file.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  const std::string signature = made->Sign("线索");
  const auto again = SigningKey::Load(file);
  REQUIRE_OK(again);
  CHECK(again->public_key() == made->public_key());
  CHECK(VerifySignature(again->public_key(), "线索", signature));
  CHECK_FALSE(VerifySignature(again->public_key(), "线素", signature));
}

TEST_CASE("ours: a file that holds no key is named and left alone") {
  testing::TempDir folder;
  const auto file = folder.path() / "log.key";
  REQUIRE_OK(WriteFileAtomically(file, "not a key\n"));
  const auto refused = SigningKey::Load(file).status();
  CHECK(refused.code() == Code::kCorruption);
  CHECK(refused.message().find(file.string()) != std::string::npos);
  CHECK(testing::Slurp(file) == "not a key\n");
}

TEST_CASE("gbt32905 A.1: SM3 of abc") {
  CHECK(Hex(Sm3("abc")) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  CHECK(RandomBytes(16) != RandomBytes(16));
}

}  // namespace
}  // namespace cluehound
