#include "evidence/checkpoint.h"

#include <algorithm>

#include "base/text.h"
#include "evidence/mime_coding.h"
#include "evidence/warc_digest.h"

namespace cluehound::evidence {
namespace {

constexpr char kEd25519 = 1;  // signature type of C2SP signed-note
constexpr std::string_view kDash = "\xE2\x80\x94 ";
constexpr size_t kMaxDecoded = 256;
constexpr size_t kMaxNote = 1 << 20;

// The first four bytes that name a key.
std::string KeyHash(const std::string& name, const std::string& public_key) {
  const Digest digest = Sha256(name + "\n" + kEd25519 + public_key);
  return std::string(Bytes(digest).substr(0, 4));
}

std::string Body(const Checkpoint& checkpoint) {
  std::string body = checkpoint.origin + "\n" + FormatTime(checkpoint.at) + "\n";
  for (const LogHead& head : checkpoint.logs)
    body += head.log + " " + std::to_string(head.size) + " " + Base64(Bytes(head.root)) + "\n";
  return body;
}

// The base64 of exactly these bytes: the decoder passes over what is no base64.
bool IsBase64Of(std::string_view text, const std::string& bytes) { return Base64(bytes) == text; }

Result<Checkpoint> ParseBody(std::string_view body) {
  const Status bad = Status::Corruption("checkpoint: the text is damaged");
  const auto lines = SplitAscii(body, "\n");
  if (lines.size() < 2) return bad;
  Checkpoint checkpoint;
  checkpoint.origin = lines[0];
  const auto at = ParseTime(lines[1]);
  if (!at) return bad;
  checkpoint.at = *at;
  for (size_t i = 2; i < lines.size(); ++i) {
    const auto parts = SplitAscii(lines[i], " ");
    const auto size = parts.size() == 3 ? ParseInt(parts[1]) : std::nullopt;
    const std::string root = parts.size() == 3 ? DecodeBase64(parts[2], kMaxDecoded) : "";
    if (!size || *size < 0 || root.size() != Digest().size()) return bad;
    LogHead head{std::string(parts[0]), static_cast<uint64_t>(*size), {}};
    std::copy(root.begin(), root.end(), head.root.begin());
    checkpoint.logs.push_back(std::move(head));
  }
  if (Body(checkpoint) != body) return bad;
  return checkpoint;
}

}  // namespace

Result<NamedKey> NamedKey::Parse(std::string_view text) {
  const size_t first = text.find('+');
  const size_t second = first == text.npos ? first : text.find('+', first + 1);
  const Status bad = Status::InvalidArgument("not a public key: " + std::string(text));
  if (second == text.npos) return bad;
  const std::string key = DecodeBase64(text.substr(second + 1), kMaxDecoded);
  if (key.size() != 33 || key[0] != kEd25519) return bad;
  NamedKey named{std::string(text.substr(0, first)), key.substr(1)};
  if (named.Text() != text) return bad;
  return named;
}

std::string NamedKey::Text() const {
  return name + "+" + Hex(KeyHash(name, public_key)) + "+" + Base64(kEd25519 + public_key);
}

std::string SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& key) {
  const std::string body = Body(checkpoint);
  const std::string signature = KeyHash(checkpoint.origin, key.public_key()) + key.Sign(body);
  return body + "\n" + std::string(kDash) + checkpoint.origin + " " + Base64(signature) + "\n";
}

Result<Checkpoint> OpenCheckpoint(std::string_view note, const std::vector<NamedKey>& keys) {
  const size_t split = note.size() <= kMaxNote ? note.rfind("\n\n") : note.npos;
  if (split == note.npos || !note.ends_with('\n'))
    return Status::Corruption("checkpoint: no signed text");
  const std::string_view body = note.substr(0, split + 1);
  bool signed_by_others = false;
  for (const std::string_view line : SplitAscii(note.substr(split + 2), "\n")) {
    const auto parts = SplitAscii(line.substr(std::min(line.size(), kDash.size())), " ");
    if (!line.starts_with(kDash) || parts.size() != 2)
      return Status::Corruption("checkpoint: a signature line is damaged");
    const std::string bytes = DecodeBase64(parts[1], kMaxDecoded);
    if (bytes.size() != 68 || !IsBase64Of(parts[1], bytes))
      return Status::Corruption("checkpoint: a signature line is damaged");
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const NamedKey& k) {
      return k.name == parts[0] && bytes.starts_with(KeyHash(k.name, k.public_key));
    });
    if (key == keys.end()) {
      signed_by_others = true;
      continue;
    }
    if (VerifySignature(key->public_key, body, std::string_view(bytes).substr(4)))
      return ParseBody(body);
    return Status::Corruption("checkpoint: the signature does not fit the text");
  }
  if (signed_by_others) return Status::NotFound("checkpoint: signed by a key that is not known");
  return Status::Corruption("checkpoint: no signature");
}

}  // namespace cluehound::evidence
