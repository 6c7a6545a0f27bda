#include "store/tag.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace cluehound::store {
namespace {

// Control characters, those that steer the direction of writing, and those without width. Joiners of
// emoji are among the latter: a tag does without them.
bool IsUnseen(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         c == kReplacementChar;
}

std::string_view Trim(std::string_view text) {
  size_t begin = text.size();
  size_t end = 0;
  for (size_t pos = 0; pos < text.size();) {
    const size_t at = pos;
    if (IsUnicodeSpace(DecodeUtf8(text, pos))) continue;
    begin = std::min(begin, at);
    end = pos;
  }
  return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

Result<std::set<std::string>> Cleaned(const std::vector<std::string>& texts) {
  std::set<std::string> tags;
  for (const std::string& text : texts) {
    ASSIGN_OR_RETURN(std::string tag, CleanTag(text));
    tags.insert(std::move(tag));
  }
  return tags;
}

}  // namespace

Result<std::string> CleanTag(std::string_view text) {
  if (!IsValidUtf8(text)) return Status::InvalidArgument("a tag must be UTF-8");
  const std::string_view tag = Trim(text);
  if (tag.empty()) return Status::InvalidArgument("a tag must not be empty");
  size_t characters = 0;
  for (size_t pos = 0; pos < tag.size(); ++characters) {
    if (IsUnseen(DecodeUtf8(tag, pos)))
      return Status::InvalidArgument("a tag has no control characters");
  }
  if (characters > kMaxTagCharacters) {
    return Status::InvalidArgument("tag \"" + std::string(tag) + "\" is longer than " +
                                   std::to_string(kMaxTagCharacters) + " characters");
  }
  return std::string(tag);
}

Result<std::vector<std::string>> ChangedTags(const std::vector<std::string>& tags,
                                             const std::vector<std::string>& add,
                                             const std::vector<std::string>& remove) {
  ASSIGN_OR_RETURN(const auto added, Cleaned(add));
  ASSIGN_OR_RETURN(const auto removed, Cleaned(remove));
  std::set<std::string> changed(tags.begin(), tags.end());
  for (const std::string& tag : removed) {
    if (added.contains(tag))
      return Status::InvalidArgument("tag \"" + tag + "\" is to be added and removed");
    changed.erase(tag);
  }
  changed.insert(added.begin(), added.end());
  if (changed.size() > kMaxTags)
    return Status::InvalidArgument("a lead has at most " + std::to_string(kMaxTags) + " tags");
  std::vector<std::string> sorted(changed.begin(), changed.end());
  if (sorted == tags) return Status::InvalidArgument("its tags are these already");
  return sorted;
}

}  // namespace cluehound::store
