#pragma once

#include <string>
#include <string_view>

namespace cluehound {

// Argon2id of a password as text with its own salt and costs ("$argon2id$v=19$m=65536,t=2,p=1$..").
// Takes 64 MiB and some 100 ms; whoever lets strangers cause it must bound how many at once. The one
// file that sees libsodium. Thread-safe.
std::string HashPassword(std::string_view password);
// False for a text that is no such hash.
bool VerifyPassword(const std::string& hash, std::string_view password);

// Takes equally long wherever the texts differ.
bool EqualInConstantTime(std::string_view a, std::string_view b);

}  // namespace cluehound
