#include "evidence/checkpoint.h"

#include "evidence/merkle_log.h"
#include "tests/testing/testing.h"

namespace cluehound::evidence {
namespace {

Checkpoint Sample() {
  return {"cluehound-0011",
          *ParseTime("2026-11-22T08:00:00+08:00"),
          {{"1", 17, LeafHash("a")}, {"2", 0, Sha256("")}}};
}

struct Signed {
  Signed() : key(SigningKey::Load(folder.path() / "key").value()) {}
  testing::TempDir folder;
  SigningKey key;
  NamedKey named() const { return {"cluehound-0011", key.public_key()}; }
};

TEST_CASE("ours: a signed checkpoint says of every log how far it had come") {
  Signed s;
  const std::string note = SignCheckpoint(Sample(), s.key);
  CHECK(note.starts_with("cluehound-0011\n2026-11-22T08:00:00+08:00\n1 17 "));
  const auto opened = OpenCheckpoint(note, {s.named()});
  REQUIRE_OK(opened);
  CHECK(*opened == Sample());
}

TEST_CASE("ours: no byte of a checkpoint can be changed") {
  Signed s;
  const std::string note = SignCheckpoint(Sample(), s.key);
  for (size_t i = 0; i < note.size(); ++i) {
    for (const int flip : {1, 32}) {
      std::string other = note;
      other[i] = static_cast<char>(other[i] ^ flip);
      INFO("byte " << i);
      CHECK_FALSE(OpenCheckpoint(other, {s.named()}).ok());
    }
    CHECK_FALSE(OpenCheckpoint(note.substr(0, i), {s.named()}).ok());
  }
}

TEST_CASE("ours: who has another key learns that, and not that it is forged") {
  Signed s, other;
  const std::string note = SignCheckpoint(Sample(), s.key);
  CHECK(OpenCheckpoint(note, {other.named()}).status().code() == Code::kNotFound);
  CHECK(OpenCheckpoint(note, {other.named(), s.named()}).ok());
}

TEST_CASE("c2sp signed-note: a public key is one word with its own hash") {
  // The example key of golang.org/x/mod/sumdb/note.
  const std::string text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  const auto key = NamedKey::Parse(text);
  REQUIRE_OK(key);
  CHECK(key->name == "PeterNeumann");
  CHECK(key->Text() == text);
  CHECK_FALSE(
      NamedKey::Parse("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").ok());
  CHECK_FALSE(NamedKey::Parse("PeterNeumann").ok());
  CHECK_FALSE(NamedKey::Parse("").ok());
}

}  // namespace
}  // namespace cluehound::evidence
