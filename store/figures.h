#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "store/figure.h"

namespace cluehound::store {

// The figures of every day, kept for ever. Thread-safe, as the store that gives it.
class Figures {
 public:
  virtual ~Figures() = default;

  // Of the office's days from `first` to `last` ("2026-11-22"), both included, in order of day, event,
  // dimension and value.
  virtual Result<std::vector<Figure>> Between(std::string_view first, std::string_view last) = 0;
};

}  // namespace cluehound::store
