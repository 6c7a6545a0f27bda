#include "rules/reading.h"

#include <algorithm>
#include <tuple>

namespace cluehound::rules {

bool Reading::SkimField(Field field, std::string_view text) {
  originals_[Index(field)] = text;
  if (text.empty()) return false;
  FoldedText& folded = folded_[Index(field)];
  folded.Assign(text, &skimmed_[Index(field)].signs);
  // What folds to nothing says nothing.
  if (folded.text().empty()) originals_[Index(field)] = {};
  return vocabulary_->Skim(folded, text, variants_, skimmed_[Index(field)]);
}

bool Reading::Skim(const Vocabulary& vocabulary, const extractors::Listing& listing, bool bare) {
  vocabulary_ = &vocabulary;
  bare_ = bare && listing.title.empty();
  bool any = SkimField(Field::kTitle, bare_ ? listing.text : listing.title);
  any |= SkimField(Field::kText, bare_ ? std::string_view() : listing.text);
  any |= SkimField(Field::kSeller, listing.seller);
  any |= SkimField(Field::kLocation, listing.location);
  any |= SkimField(Field::kOrigin, listing.origin);
  any |= SkimField(Field::kRoomOperator, listing.room_operator);
  any |= SkimField(Field::kMarketingPerson, listing.marketing_person);
  merchants_.clear();
  for (const std::string& merchant : listing.merchants) {
    if (!merchants_.empty()) merchants_ += '\n';
    merchants_ += merchant;
  }
  return SkimField(Field::kMerchants, merchants_) || any;
}

bool Reading::ReadEarly() {
  found_.Clear();
  bool all = true;
  for (size_t i = 0; i < kFieldCount; ++i) {
    if (originals_[i].empty()) continue;
    all &= vocabulary_->FindEarly(folded_[i], static_cast<Field>(i), skimmed_[i], found_);
  }
  Note();
  return all;
}

void Reading::Read() {
  found_.Clear();
  for (size_t i = 0; i < kFieldCount; ++i) {
    if (!originals_[i].empty())
      vocabulary_->Find(folded_[i], static_cast<Field>(i), skimmed_[i], found_);
  }
  Note();
}

void Reading::Note() {
  words_cancelled_ = words_sorted_ = false;
  may_be_disguised_ =
      std::any_of(found_.marks.begin(), found_.marks.end(),
                  [&](const Occurrence& o) { return o.sure || vocabulary_->use(o.use).cloak; });
  for (size_t i = 0; i < kFieldCount; ++i) {
    if (!originals_[i].empty() && folded_[i].dropped()) may_be_disguised_ = true;
  }
  if (++round_ == 0) {  // once in four billion listings
    seen_.assign(seen_.size(), 0);
    round_ = 1;
  }
  lists_.clear();
  for (const Occurrence& word : found_.words) {
    if (word.target >= seen_.size()) seen_.resize(word.target + 1, 0);
    if (seen_[word.target] == round_) continue;
    seen_[word.target] = round_;
    lists_.push_back(word.target);
  }
}

namespace {

bool ByTarget(const Occurrence& a, const Occurrence& b) {
  return std::tie(a.target, a.field, a.begin, b.end) < std::tie(b.target, b.field, b.begin, a.end);
}

}  // namespace

// One of the phrases of `group` overlaps the occurrence.
bool Reading::IsCancelled(const Occurrence& o, uint32_t group) const {
  if (group == 0) return false;
  const auto [first, last] = std::equal_range(
      found_.excepts.begin(), found_.excepts.end(), Occurrence{.target = group},
      [](const Occurrence& a, const Occurrence& b) { return a.target < b.target; });
  const auto near = Window({first, last}, o.field, Before(o.begin, kMaxLiteralBytes), o.end);
  return std::any_of(near.begin(), near.end(),
                     [&](const Occurrence& phrase) { return o.begin < phrase.end; });
}

void Reading::Cancel(std::vector<Occurrence>& occurrences) const {
  std::erase_if(occurrences, [&](const Occurrence& o) {
    const Use& use = vocabulary_->use(o.use);
    return IsCancelled(o, use.group) || IsCancelled(o, use.own_group);
  });
}

void Reading::Sort() {
  if (!found_.excepts.empty()) {
    std::sort(found_.excepts.begin(), found_.excepts.end(), ByTarget);
    Cancel(found_.marks);
  }
  std::sort(found_.marks.begin(), found_.marks.end(), ByTarget);
  std::sort(found_.places.begin(), found_.places.end(),
            [](const Occurrence& a, const Occurrence& b) {
              return std::tie(a.field, a.begin, b.end) < std::tie(b.field, b.begin, a.end);
            });
}

void Reading::CancelWords() const {
  if (!words_cancelled_ && !found_.excepts.empty()) Cancel(found_.words);
  words_cancelled_ = true;
}

bool Reading::HasWord(uint32_t list, FieldSet fields) const {
  if (!MayHave(list)) return false;
  CancelWords();
  return std::any_of(found_.words.begin(), found_.words.end(), [&](const Occurrence& word) {
    return word.target == list && fields.Has(word.field);
  });
}

std::span<const Occurrence> Reading::FindWords(uint32_t list) const {
  if (!words_sorted_) {
    CancelWords();
    std::sort(found_.words.begin(), found_.words.end(), ByTarget);
    words_sorted_ = true;
  }
  const auto [first, last] = std::equal_range(
      found_.words.begin(), found_.words.end(), Occurrence{.target = list},
      [](const Occurrence& a, const Occurrence& b) { return a.target < b.target; });
  return {first, last};
}

std::span<const Occurrence> Window(std::span<const Occurrence> sorted, Field field, size_t begin,
                                   size_t end) {
  const auto at = [&](size_t place) {
    return std::lower_bound(sorted.begin(), sorted.end(), place,
                            [&](const Occurrence& o, size_t p) {
                              return std::tie(o.field, o.begin) < std::make_tuple(field, p);
                            });
  };
  const auto first = at(begin), last = at(end);
  return {first, last};
}

int CountCharacters(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
}

}  // namespace cluehound::rules
