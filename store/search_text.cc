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
    if (BigramsOf(words.back()).empty()) {
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

std::vector<Bigram> BigramsOf(std::string_view folded) {
  std::vector<Bigram> bigrams;
  char32_t before = U'\n';
  for (size_t pos = 0; pos < folded.size();) {
    const char32_t c = DecodeUtf8(folded, pos);
    if (before != U'\n' && c != U'\n') bigrams.push_back(static_cast<Bigram>(before) << 32 | c);
    before = c;
  }
  return bigrams;
}

}  // namespace cluehound::store
