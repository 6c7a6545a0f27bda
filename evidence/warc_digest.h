#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"

namespace cluehound::evidence {

// RFC 4648 with padding, upper case.
std::string Base32(std::string_view bytes);
std::string Base64(std::string_view bytes);

// A digest as WARC fields carry it: "sha1:2ASS7ZUZY6ND6CCHXETFVJDENAWF7KQ2". The standard fixes
// neither the algorithm's name nor the coding, and archives in the wild hold base32, hexadecimal
// and base64, so all three are understood, with any case of the name and with or without a dash in
// it.
struct DigestLabel {
  Hasher::Kind kind;
  std::string value;

  // Nothing for algorithms that we do not compute.
  static std::optional<DigestLabel> Parse(std::string_view field);
  // `digest` is Hasher::Finish().
  bool Matches(std::string_view digest) const;
};

// "sha256:" and lower-case hexadecimal. Readers of SHA-256 labels expect this coding (base32 is the
// custom of SHA-1 only), and it is what sha256sum prints, so that a person can compare it by eye.
std::string Sha256Label(const Digest& digest);

}  // namespace cluehound::evidence
