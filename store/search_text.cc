#include "store/search_text.h"

#include <algorithm>

#include "base/text.h"
#include "rules/folding.h"

namespace cluehound::store {
namespace {

constexpr size_t kMaxField = 1024;  // bytes; a title is seldom longer than 200
constexpr size_t kMaxQuery = 200;
constexpr size_t kMaxWords = 8;

std::string Fold(std::string_view text) {
  const std::string folded = rules::FoldString(text);
  std::string out;
  for (size_t pos = 0; pos < folded.size();) {
    const size_t begin = pos;
    if (!IsUnicodeSpace(DecodeUtf8(folded, pos))) out.append(folded, begin, pos - begin);
  }
  return out;
}

std::vector<char32_t> CharactersOf(std::string_view text) {
  std::vector<char32_t> characters;
  for (size_t pos = 0; pos < text.size();) characters.push_back(DecodeUtf8(text, pos));
  return characters;
}

// Of the characters from `i` on.
bool IsPair(const std::vector<char32_t>& characters, size_t i) {
  return i + 1 < characters.size() && characters[i] != U'\n' && characters[i + 1] != U'\n';
}

bool IsTriple(const std::vector<char32_t>& characters, size_t i) {
  if (!IsPair(characters, i) || !IsPair(characters, i + 1)) return false;
  return std::count_if(characters.begin() + static_cast<ptrdiff_t>(i),
                       characters.begin() + static_cast<ptrdiff_t>(i) + 3,
                       [](char32_t c) { return c < 0x80; }) >= 2;
}

Gram PairAt(const std::vector<char32_t>& characters, size_t i) {
  return Gram{characters[i]} << 32 | characters[i + 1];
}

// A character has 21 bits.
Gram TripleAt(const std::vector<char32_t>& characters, size_t i) {
  return Gram{1} << 63 | Gram{characters[i]} << 42 | Gram{characters[i + 1]} << 21 |
         characters[i + 2];
}

std::vector<Gram> Grams(std::string_view text, bool with_pairs_of_triples) {
  std::vector<Gram> grams;
  const auto characters = CharactersOf(text);
  for (size_t i = 0; i + 1 < characters.size(); ++i) {
    const bool inside = IsTriple(characters, i) || (i > 0 && IsTriple(characters, i - 1));
    if (IsPair(characters, i) && (with_pairs_of_triples || !inside))
      grams.push_back(PairAt(characters, i));
    if (IsTriple(characters, i)) grams.push_back(TripleAt(characters, i));
  }
  return grams;
}

std::vector<std::string> Words(std::string_view query) {
  std::vector<std::string> words;
  size_t begin = 0;
  for (size_t pos = 0; pos <= query.size();) {
    const size_t at = pos;
    const bool ends = at == query.size() || IsUnicodeSpace(DecodeUtf8(query, pos));
    if (ends && at > begin) words.emplace_back(query.substr(begin, at - begin));
    if (at == query.size()) break;
    if (ends) begin = pos;
  }
  return words;
}

}  // namespace

std::string SearchText(const Lead& lead) {
  std::string text;
  for (const std::string* field :
       {&lead.listing.title, &lead.listing.seller, &lead.suspicion.mark_name})
    text += Fold(TruncateUtf8(*field, kMaxField)) + '\n';
  return text;
}

Result<std::vector<std::string>> SearchWords(std::string_view query) {
  if (query.size() > kMaxQuery)
    return Status::InvalidArgument("text: more than " + std::to_string(kMaxQuery) + " bytes");
  std::vector<std::string> words;
  for (const std::string& word : Words(query)) {
    words.push_back(Fold(word));
    if (GramsOf(words.back()).empty()) {
      return Status::InvalidArgument("text \"" + word +
                                     "\": a word to search for has two characters or more");
    }
  }
  if (words.size() > kMaxWords)
    return Status::InvalidArgument("text: more than " + std::to_string(kMaxWords) + " words");
  return words;
}

bool Holds(std::string_view search_text, const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return search_text.find(word) != std::string_view::npos;
  });
}

std::vector<Gram> GramsOf(std::string_view folded) { return Grams(folded, true); }

std::vector<Gram> NarrowestGramsOf(std::string_view word) { return Grams(word, false); }

}  // namespace cluehound::store
