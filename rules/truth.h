#pragma once

#include <cstdint>

namespace cluehound::rules {

// The three values of a condition: what a listing does not tell is unknown.
enum class Truth : uint8_t { kFalse, kTrue, kUnknown };
inline Truth FromBool(bool holds) { return holds ? Truth::kTrue : Truth::kFalse; }

}  // namespace cluehound::rules
