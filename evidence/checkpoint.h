#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/signature.h"
#include "base/status.h"

namespace cluehound::evidence {

// How far a log had come.
struct LogHead {
  std::string log;  // id
  uint64_t size = 0;
  Digest root{};

  friend bool operator==(const LogHead&, const LogHead&) = default;
};

// What a store says of all its logs at one moment. Signed and taken out of the machine (printed on a
// report, sent to another office) it shows later whether anything before it was changed.
struct Checkpoint {
  std::string origin;  // of the store, "cluehound-3f2a..."; without spaces and "+"
  Instant at{};
  std::vector<LogHead> logs;

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// A public key with its owner's name, as one word: "NAME+HASH+KEY", the form of the C2SP signed-note
// specification.
struct NamedKey {
  std::string name;
  std::string public_key;  // 32 bytes, Ed25519

  static Result<NamedKey> Parse(std::string_view text);
  std::string Text() const;
};

// The checkpoint as a signed note (C2SP signed-note): lines of text, an empty line, a line with the
// signature. The first line is the origin, the second the time; then a line a log: id, size and root
// in base64.
std::string SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& key);

// kCorruption when the text is none, or no signature is that of one of the keys; kNotFound when it
// is signed, by other keys only.
Result<Checkpoint> OpenCheckpoint(std::string_view note, const std::vector<NamedKey>& keys);

}  // namespace cluehound::evidence
