#pragma once

#include <string_view>

// The program's log: lines on stderr with time and level. Thread-safe. Never a secret, never raw bytes of a page: what
// comes from the network is printed as valid UTF-8 without control characters.
namespace cluehound {

void LogInfo(std::string_view message);
void LogWarning(std::string_view message);
void LogError(std::string_view message);

// Only warnings and errors, for commands whose stdout is what people wait for.
void SetLogQuiet(bool quiet);

}  // namespace cluehound
