#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

// Keys whose bytes sort as their parts do. Every key begins with kKeyVersion.
namespace cluehound::store {

inline constexpr char kKeyVersion = 1;

// Builds a key part by part.
class KeyWriter {
 public:
  KeyWriter() { key_ += kKeyVersion; }
  explicit KeyWriter(std::string prefix) : key_(std::move(prefix)) {}

  KeyWriter& Byte(uint8_t value);
  // Any bytes, sorted as bytes, closed so that a part is never the prefix of a longer one: NUL
  // becomes 00 FF, the end is 00 01.
  KeyWriter& Text(std::string_view value);
  // The last part of a key: as it is.
  KeyWriter& Rest(std::string_view value);
  KeyWriter& Number(uint64_t value);  // ascending
  KeyWriter& Ascending(Instant t);    // earlier first, also before 1970
  KeyWriter& Descending(Instant t);   // later first
  std::string Take() { return std::move(key_); }

 private:
  std::string key_;
};

// Takes a key apart; the key must outlive it. After a part that is not there, ok() is false and values are empty.
class KeyReader {
 public:
  explicit KeyReader(std::string_view key);
  uint8_t Byte();
  std::string Text();
  std::string_view Rest();
  uint64_t Number();
  Instant Ascending();
  Instant Descending();
  bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// The first key behind all keys that begin with `prefix`. REQUIRES: not all bytes are FF (a key
// begins with a version).
std::string PrefixEnd(std::string prefix);

}  // namespace cluehound::store
