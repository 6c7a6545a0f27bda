#pragma once

#include <filesystem>
#include <string>

#include "app/config.h"

namespace cluehound::app {

// A source as a person names it, as text; empty: its default.
struct NewSource {
  std::string address;
  std::string id;
  std::string every, pace, hours, depth, max_pages;
};

struct AddedSource {
  std::string id;
  std::filesystem::path file;
};

// Writes DIR/sources/ID.yaml, if it and all sources together are without mistakes. What is there is never overwritten.
Result<AddedSource> AddSource(const Config& config, const NewSource& source);

}  // namespace cluehound::app
