#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

// A tag (标签): a word of their own that officers put on leads, to find them again.
namespace cluehound::store {

inline constexpr size_t kMaxTags = 10;           // of a lead
inline constexpr size_t kMaxTagCharacters = 20;  // so that a list shows them whole

// Trimmed. kInvalidArgument: empty, too long, no text, or with characters that nobody sees, by which
// two tags that look alike would differ.
Result<std::string> CleanTag(std::string_view text);

// The tags of a lead with `add` and without `remove`: sorted, each once. kInvalidArgument: one that
// is no tag or is in both, too many, or nothing that changes.
Result<std::vector<std::string>> ChangedTags(const std::vector<std::string>& tags,
                                             const std::vector<std::string>& add,
                                             const std::vector<std::string>& remove);

}  // namespace cluehound::store
