#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cluehound::rules {

// Another way in which a name may be written, for a person to accept or not.
struct AliasProposal {
  std::string text;
  std::string why;  // for officers, Chinese: "汉语拼音"
};

// Proposals for a mark's name, best first: traditional characters, pinyin, and for names that end in
// a word for a product the English that such names are exported under ("Weixian radish"). `place`
// of a GI parts the name where its end does not show; may be empty. Readings are ICU's most frequent
// ones, so a person has to look at them. Names that could mean anything (fewer than four letters)
// are never proposed. Thread-safe.
std::vector<AliasProposal> ProposeNames(std::string_view name, std::string_view place = "");

// The pinyin of Chinese characters, without tones, syllables parted by blanks; other characters stay.
std::string Pinyin(std::string_view text);

}  // namespace cluehound::rules
