#include "rules/variant_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>

#include "base/text.h"
#include "base/vectorised.h"
#include "rules/variant_sign.h"
#include "rules/variant_table.h"

namespace cluehound::rules {
namespace {

constexpr size_t kWordKey = 4;  // letters of a word that are looked up
constexpr int kMaxSkipped = 3;  // as in variant.cc

// A sign as pairs are made of it: letters by class.
uint32_t PairSign(char32_t c) {
  if (IsHan(c)) return static_cast<uint32_t>(c);
  const char letter = LatinClass(c);
  return letter != 0 ? static_cast<uint32_t>(static_cast<unsigned char>(letter))
                     : static_cast<uint32_t>(c);
}

// Of the classes of the first letters of a word, as SignText::WordStart() has them.
uint32_t WordHash(uint32_t letters) { return MixSigns(letters, 0); }

// Bit of two of few: classes of letters below 128, syllables below 512.
constexpr size_t kLetters = 128;
size_t BitOf(size_t a, size_t b, size_t of) { return a * of + b; }
void SetBit(std::vector<uint64_t>& bits, size_t at, size_t of) {
  if (bits.empty()) bits.assign(of * of / 64, 0);
  bits[at / 64] |= uint64_t{1} << (at % 64);
}
uint64_t HasBit(const std::vector<uint64_t>& bits, size_t at) {
  return (bits[at / 64] >> (at % 64)) & 1;
}

size_t LettersBit(uint32_t letters) {
  return BitOf(letters & (kLetters - 1), letters >> 8 & (kLetters - 1), kLetters);
}

int Rarity(char32_t c) { return 255 - (IsHan(c) ? variant_table::Frequency(c) : 160); }

}  // namespace

void VariantIndex::KeyMap::Build(std::vector<Key> keys) {
  const auto order = [](const Key& k) {
    return std::make_tuple(k.hash, k.term, uint8_t{k.at}, k.kind);
  };
  std::sort(keys.begin(), keys.end(),
            [&](const Key& a, const Key& b) { return order(a) < order(b); });
  keys.erase(std::unique(keys.begin(), keys.end(),
                         [&](const Key& a, const Key& b) { return order(a) == order(b); }),
             keys.end());
  sieve_ = Sieve(keys.size());
  for (const Key& key : keys) sieve_.Add(key.hash);
  keys_ = HashTable<Key>(std::move(keys));
}

CLUEHOUND_VECTORISED uint64_t VariantIndex::KeyMap::MayHavePairs(const uint32_t* signs,
                                                                 size_t count) const {
  const uint32_t* words = sieve_.words();
  const int shift = sieve_.shift();
  uint64_t places = 0;
  for (size_t half = 0; half < count; half += 32) {
    uint32_t may = 0;
    for (size_t k = 0; k < 32; ++k) {
      const uint32_t a = signs[half + k], b = signs[half + k + 1];
      // Letters alone are words, and looked up as such.
      const uint32_t other = (a | b) >= 0x80 ? 1 : 0;
      may |= (Sieve::MayHave(words, shift, MixSigns(a, b)) & other) << k;
    }
    places |= uint64_t{may} << half;
  }
  return places & (~uint64_t{0} >> (64 - count));
}

// --- building ---

void VariantIndex::Builder::Add(std::string_view folded, FoldSet folds, uint32_t name) {
  auto term = MakeVariantTerm(folded, folds);
  if (!term) return;
  for (VariantTerm& pinyin : MakePinyinTerms(*term)) {
    terms_.push_back(std::move(pinyin));
    names_.push_back(name);
    AddWords(static_cast<uint32_t>(terms_.size() - 1), VariantKind::kPinyin);
  }
  const auto index = static_cast<uint32_t>(terms_.size());
  terms_.push_back(std::move(*term));
  names_.push_back(name);
  if (terms_[index].latin) {
    if (Allows(terms_[index], VariantKind::kPlain)) AddWords(index, VariantKind::kPlain);
    if (Allows(terms_[index], VariantKind::kSwap)) AddWords(index, VariantKind::kSwap);
  }
  AddPairs(index);
}

// By the classes of the first letters, runs of one class made one; when two change places, of every
// such spelling.
void VariantIndex::Builder::AddWords(uint32_t term, VariantKind kind) {
  const std::u32string& signs = terms_[term].signs;
  const auto add = [&](const std::u32string& spelled) {
    uint32_t letters = 0, last = 0;
    size_t count = 0;
    for (const char32_t c : spelled) {
      const auto letter = static_cast<unsigned char>(LatinClass(c));
      if (letter == last) continue;
      if (count == kWordKey) break;
      letters |= uint32_t{letter} << 8 * count++;
      last = letter;
    }
    if (count < 2) return;
    words_.push_back({WordHash(letters), term, kind});
    if (count == 2) SetBit(two_letters_, LettersBit(letters), kLetters);
    if (count == 3) three_letters_.push_back(WordHash(letters));
  };
  if (kind != VariantKind::kSwap) return add(signs);
  for (size_t i = 0; i + 1 < signs.size(); ++i) {
    std::u32string swapped = signs;
    std::swap(swapped[i], swapped[i + 1]);
    if (swapped != signs) add(swapped);
  }
}

VariantIndex::Builder::Key VariantIndex::Builder::MakeKey(uint32_t hash, uint32_t term, size_t at,
                                                          VariantKind kind) const {
  Key key{hash, term, kind};
  key.at = at & 0x7F;
  // The parts of one sign, and two that changed places, may be what stands beside.
  if (kind == VariantKind::kSplit || kind == VariantKind::kSwap) return key;
  const std::u32string& signs = terms_[term].signs;
  key.behind = at + 2 < signs.size();
  const char32_t beside = key.behind ? signs[at + 2] : at > 0 ? signs[at - 1] : 0;
  if (IsHan(beside)) key.beside = static_cast<char16_t>(beside);
  return key;
}

void VariantIndex::Builder::AddPair(char32_t a, char32_t b, uint32_t term, size_t at,
                                    VariantKind kind) {
  pairs_.push_back(MakeKey(MixSigns(PairSign(a), PairSign(b)), term, at, kind));
}

void VariantIndex::Builder::AddPairs(uint32_t index) {
  const VariantTerm& term = terms_[index];
  if (Allows(term, VariantKind::kPlain)) AddPlain(index);
  if (term.latin) return;
  if (Allows(term, VariantKind::kSound)) AddSound(index);
  if (Allows(term, VariantKind::kShape)) AddShape(index);
  if (Allows(term, VariantKind::kSplit)) AddSplit(index);
  if (Allows(term, VariantKind::kSwap)) AddSwap(index);
}

namespace {

// The forms of a digit, or the sign itself.
std::u32string Forms(char32_t c, bool digits) {
  static constexpr std::u32string_view kForms[] = {U"0〇零", U"1一壹", U"2二贰", U"3三叁",
                                                   U"4四肆", U"5五伍", U"6六陆", U"7七柒",
                                                   U"8八捌", U"9九玖"};
  for (const std::u32string_view forms : kForms) {
    if (digits && forms.find(c) != std::u32string_view::npos) return std::u32string(forms);
  }
  return std::u32string(1, c);
}

bool IsDigit(char32_t c) { return Forms(c, true).size() > 1; }

}  // namespace

// The pair of signs that is rarest. One with digits is looked up in all their forms; letters alone
// are words.
void VariantIndex::Builder::AddPlain(uint32_t index) {
  const VariantTerm& term = terms_[index];
  const bool digits = (term.folds & kDigits) != 0;
  size_t best = 0;
  int rarest = -10000;
  for (size_t i = 0; i + 1 < term.signs.size(); ++i) {
    const char32_t a = term.signs[i], b = term.signs[i + 1];
    const auto loose = [](char32_t c) { return PairSign(c) < 0x80 || IsDigit(c); };
    const bool letters = loose(a) && loose(b);
    // What a capital looked like may have another class: ν of Ν is a v.
    const auto letter = [](char32_t c) { return PairSign(c) < 0x80 && !IsDigit(c); };
    const int rarity = Rarity(a) + Rarity(b) - (digits && (IsDigit(a) || IsDigit(b)) ? 1000 : 0) -
                       (letter(a) || letter(b) ? 2000 : 0) - (letters ? 5000 : 0);
    if (rarity > rarest) rarest = rarity, best = i;
    if (term.latin && digits) AddDigits(a, b, index, i);
  }
  if (!term.latin) AddDigits(term.signs[best], term.signs[best + 1], index, best);
}

// The pair in all forms of its digits; letters alone are words, and looked up as such.
void VariantIndex::Builder::AddDigits(char32_t a, char32_t b, uint32_t index, size_t at) {
  const bool digits = (terms_[index].folds & kDigits) != 0;
  for (const char32_t x : Forms(a, digits)) {
    for (const char32_t y : Forms(b, digits)) {
      if (x >= 0x80 || y >= 0x80) AddPair(x, y, index, at, VariantKind::kPlain);
    }
  }
}

void VariantIndex::Builder::AddSound(uint32_t index) {
  const VariantTerm& term = terms_[index];
  size_t best = term.signs.size();
  int rarest = -1;
  for (size_t i = 0; i + 1 < term.signs.size(); ++i) {
    if (!IsHan(term.signs[i]) || !IsHan(term.signs[i + 1])) continue;
    const int rarity = Rarity(term.signs[i]) + Rarity(term.signs[i + 1]);
    if (rarity > rarest) rarest = rarity, best = i;
  }
  if (best == term.signs.size()) return AddLoneSound(index);
  for (const uint16_t a : variant_table::Syllables(term.signs[best])) {
    for (const uint16_t b : variant_table::Syllables(term.signs[best + 1])) {
      sounds_.push_back(MakeKey(MixSigns(a, b), index, best, VariantKind::kSound));
      SetBit(sound_bits_, BitOf(a, b, variant_table::kMaxSyllables), variant_table::kMaxSyllables);
    }
  }
}

// No two Han characters stand together: the first one, and whatever sounds like it, is looked up with
// its neighbour.
void VariantIndex::Builder::AddLoneSound(uint32_t index) {
  const std::u32string& signs = terms_[index].signs;
  size_t i = 0;
  while (i < signs.size() && !IsHan(signs[i])) ++i;
  if (i == signs.size()) return;
  for (char32_t c = 0x4E00; c < 0xA000; ++c) {
    if (c != signs[i] && !SoundsLike(signs[i], c)) continue;
    if (i > 0) {
      AddPair(signs[i - 1], c, index, i - 1, VariantKind::kSound);
    } else {
      AddPair(c, signs[1], index, 0, VariantKind::kSound);
    }
  }
}

// One sign is replaced: the first or the last pair stays, or the pair is looked up that a look-alike
// makes with its neighbour. Letters alone are no pair.
void VariantIndex::Builder::AddShape(uint32_t index) {
  const std::u32string& signs = terms_[index].signs;
  const auto is_pair = [&](size_t i) {
    return PairSign(signs[i]) >= 0x80 || PairSign(signs[i + 1]) >= 0x80;
  };
  size_t first = 0, last = signs.size() - 2;
  while (!is_pair(first)) ++first;
  while (!is_pair(last)) --last;
  if (signs.size() > 2) {
    AddPair(signs[first], signs[first + 1], index, first, VariantKind::kShape);
    AddPair(signs[last], signs[last + 1], index, last, VariantKind::kShape);
  }
  for (size_t i = 0; i < signs.size(); ++i) {
    const auto spares = [&](size_t pair) { return i < pair || i > pair + 1; };
    if (signs.size() > 2 && (spares(first) || spares(last))) continue;
    for (const char16_t alike : variant_table::LookAlikes(signs[i])) {
      if (i > 0) {
        AddPair(signs[i - 1], alike, index, i - 1, VariantKind::kShape);
      } else {
        AddPair(alike, signs[1], index, 0, VariantKind::kShape);
      }
    }
  }
}

void VariantIndex::Builder::AddSplit(uint32_t index) {
  const std::u32string& signs = terms_[index].signs;
  for (size_t i = 0; i < signs.size(); ++i) {
    for (const variant_table::Parts& parts : variant_table::PartsOf(signs[i]))
      AddPair(parts.first, parts.second, index, i, VariantKind::kSplit);
  }
}

// Letters alone are no pair: then the nearest one that is.
void VariantIndex::Builder::AddSwap(uint32_t index) {
  const std::u32string& signs = terms_[index].signs;
  for (size_t i = 0; i + 1 < signs.size(); ++i) {
    if (signs[i] == signs[i + 1]) continue;
    std::u32string swapped = signs;
    std::swap(swapped[i], swapped[i + 1]);
    const auto is_pair = [&](size_t k) {
      return PairSign(swapped[k]) >= 0x80 || PairSign(swapped[k + 1]) >= 0x80;
    };
    size_t at = i;
    for (size_t far = 1; !is_pair(at) && far < signs.size(); ++far) {
      if (i >= far && is_pair(i - far)) {
        at = i - far;
      } else if (i + far + 1 < signs.size() && is_pair(i + far)) {
        at = i + far;
      }
    }
    AddPair(swapped[at], swapped[at + 1], index, at, VariantKind::kSwap);
  }
}

VariantIndex VariantIndex::Builder::Build() {
  VariantIndex index;
  index.terms_ = std::move(terms_);
  index.terms_.shrink_to_fit();
  index.names_ = std::move(names_);
  index.names_.shrink_to_fit();
  index.words_.Build(std::move(words_));
  index.pairs_.Build(std::move(pairs_));
  index.sounds_.Build(std::move(sounds_));
  if (two_letters_.empty()) two_letters_.assign(kLetters * kLetters / 64, 0);
  index.two_letters_ = std::move(two_letters_);
  index.three_letters_ = Sieve(three_letters_.size());
  for (const uint32_t hash : three_letters_) index.three_letters_.Add(hash);
  index.sound_bits_ = std::move(sound_bits_);
  return index;
}

// --- finding ---

// One pass over one text.
class VariantIndex::Scan {
 public:
  Scan(const VariantIndex& index, const VariantText& text, const SignText& signs,
       VariantReader& reader, std::vector<Found>& found)
      : index_(index), text_(text), signs_(signs), reader_(reader), found_(found) {}

  void Run() {
    if (!index_.pairs_.empty()) Pairs();
    if (!index_.sounds_.empty()) Sounds();
    if (!index_.words_.empty()) Words();
  }

 private:
  static constexpr size_t kBlock = 64;

  // Where one bit of a block says that a pair may be known, it is looked up; most texts end before.
  void Pairs() {
    for (size_t block = 1; block < signs_.pair_signs(); block += kBlock) {
      const size_t count = std::min(kBlock, signs_.pair_signs() - block);
      uint64_t may = index_.pairs_.MayHavePairs(signs_.pairs() + block - 1, count);
      for (; may != 0; may &= may - 1) Pair(block + static_cast<size_t>(std::countr_zero(may)));
    }
  }

  void Pair(size_t second) {
    const uint32_t hash = MixSigns(signs_.pairs()[second - 1], signs_.pairs()[second]);
    index_.pairs_.ForEach(hash, [&](const Key& key) { ReadAround(key, second); });
  }

  void Sounds() {
    variant_table::MainReadings before{};
    for (size_t i = 0; i < signs_.pair_signs(); ++i) {
      const variant_table::MainReadings now = variant_table::MainSyllables(signs_.pairs()[i]);
      if (before.first != 0 && now.first != 0) {
        Sound(before.first, now.first, i);
        if (now.second != 0) Sound(before.first, now.second, i);
        if (before.second != 0) Sound(before.second, now.first, i);
        if (before.second != 0 && now.second != 0) Sound(before.second, now.second, i);
      }
      before = now;
    }
  }

  void Sound(uint16_t a, uint16_t b, size_t second) {
    if (HasBit(index_.sound_bits_, BitOf(a, b, variant_table::kMaxSyllables)) == 0) return;
    index_.sounds_.ForEach(MixSigns(a, b), [&](const Key& key) { ReadAround(key, second); });
  }

  // What stands right before or behind the pair can be read as the name's next sign. Most pairs
  // that are there by chance end here. `second`: the pair's second one among SignText::pairs()
  bool MayGoOn(const Key& key, size_t second) const {
    if (key.beside == 0) return true;
    const uint32_t* pairs = signs_.pairs();
    if (key.behind && second + 1 >= signs_.pair_signs()) return false;
    if (!key.behind && second < 2) return false;
    const uint32_t c = pairs[key.behind ? second + 1 : second - 2];
    const uint32_t next_to_it = pairs[key.behind ? second : second - 1];
    if (c == key.beside || c == next_to_it || !IsHan(c)) return true;
    return (key.kind == VariantKind::kSound && SoundsLike(key.beside, c)) ||
           (key.kind == VariantKind::kShape && LooksLike(key.beside, c)) || ChineseDigit(c) != 0;
  }

  // The name begins `key.at` signs before the pair, or as many as its repetitions and parts make of
  // them.
  void ReadAround(const Key& key, size_t second) {
    if (!MayGoOn(key, second)) return;
    const std::string_view text = text_.folded;
    const VariantTerm& term = index_.terms_[key.term];
    // Of two signs that sound alike one is kept.
    if (key.kind == VariantKind::kSound && term.signs.size() == 2 &&
        signs_.pairs()[second - 1] != PairSign(term.signs[0]) &&
        signs_.pairs()[second] != PairSign(term.signs[1]))
      return;
    size_t signs = 0, skipped = 0;
    size_t pos = signs_.pair_begin(second - 1);
    char32_t following = 0;
    const size_t most = size_t{key.at} + size_t{key.kind == VariantKind::kSplit};
    while (true) {
      size_t next = pos;
      const char32_t c = DecodeUtf8(text, next);
      if (IsSeparator(c)) {
        if (++skipped > kMaxSkipped) return;
      } else {
        skipped = 0;
        if (c != following && following != 0 && ++signs > most) return;
        following = c;
        TryFrom(key, term, pos);
      }
      if (pos == 0) return;
      do {
        --pos;
      } while (pos > 0 && (static_cast<unsigned char>(text[pos]) & 0xC0) == 0x80);
    }
  }

  void TryFrom(const Key& key, const VariantTerm& term, size_t begin) {
    if (const auto reading = reader_.Read(term, key.kind, text_, begin))
      found_.push_back({index_.names_[key.term], *reading});
  }

  void Words() {
    for (size_t block = 0; block < signs_.words(); block += kBlock) {
      const size_t count = std::min(kBlock, signs_.words() - block);
      uint64_t may = 0;
      for (size_t k = 0; k < count; ++k) may |= MayBegin(signs_.WordStart(block + k)) << k;
      for (; may != 0; may &= may - 1) {
        const size_t word = signs_.word(block + static_cast<size_t>(std::countr_zero(may)));
        Spell(word, word, 0, 0, 0, 4);
      }
    }
  }

  // 1: a name may begin with these letters, or only Spell() can say. Most words end here. Without a
  // branch.
  uint64_t MayBegin(uint32_t letters) const {
    constexpr uint32_t kOnes = 0x01010101;
    const uint32_t any = ((~letters - kOnes) & letters & kOnes << 7) != 0;  // SignText::kAnyLetter
    return any | HasBit(index_.two_letters_, LettersBit(letters)) |
           index_.three_letters_.MayHave(WordHash(letters & 0xFFFFFF)) |
           index_.words_.MayHave(WordHash(letters));
  }

  // The first letters of the word that begins at the sign `word`, and what stands for it. `forks`:
  // how many ambiguous signs may still be taken both ways.
  void Spell(size_t word, size_t i, uint32_t letters, size_t count, int skipped, int forks) {
    for (; i < signs_.size(); ++i) {
      const uint32_t c = signs_.sign(i);
      if (IsHan(c)) return;
      char letter = LatinClass(c);
      if (letter != 0 && c >= 0x80) letter = Written(i, letter);
      if (IsAmbiguous(c) && count > 0 && skipped < kMaxSkipped && forks > 0)
        Spell(word, i + 1, letters, count, skipped + 1, --forks);
      if (letter == 0) {
        if (!IsSeparator(c) || ++skipped > kMaxSkipped) return;
        continue;
      }
      skipped = 0;
      const auto sign = static_cast<unsigned char>(letter);
      if (count > 0 && letters >> 8 * (count - 1) == sign) continue;
      letters |= uint32_t{sign} << 8 * count++;
      if (count > 1) Look(word, letters, count);
      if (count == kWordKey) return;
    }
  }

  // A capital may have looked like another letter than the small one that it was folded to.
  char Written(size_t i, char letter) const {
    size_t at = text_.map->Original(signs_.begin(i), signs_.begin(i + 1)).begin;
    const char written = LatinClass(DecodeUtf8(text_.original, at));
    return written != 0 ? written : letter;
  }

  void Look(size_t word, uint32_t letters, size_t count) {
    if (count == 2 && HasBit(index_.two_letters_, LettersBit(letters)) == 0) return;
    const uint32_t hash = WordHash(letters);
    if (index_.words_.MayHave(hash) == 0) return;
    index_.words_.ForEach(hash, [&](const Key& key) {
      const VariantTerm& term = index_.terms_[key.term];
      if (!StandsAsItShould(term, word)) TryFrom(key, term, signs_.begin(word));
    });
  }

  // Most words that are known are no disguise.
  bool StandsAsItShould(const VariantTerm& term, size_t word) const {
    const size_t n = term.signs.size();
    if (term.breaks != 0 || word + n > signs_.size()) return false;
    for (size_t i = 0; i < n; ++i) {
      if (signs_.sign(word + i) != term.signs[i]) return false;
    }
    return signs_.sign(word + n) != term.signs[n - 1];  // NIKEE is one
  }

  const VariantIndex& index_;
  const VariantText& text_;
  const SignText& signs_;
  VariantReader& reader_;
  std::vector<Found>& found_;
};

void VariantIndex::Find(const VariantText& text, const SignText& signs, VariantReader& reader,
                        std::vector<Found>& found) const {
  if (terms_.empty()) return;
  const size_t first = found.size();
  Scan(*this, text, signs, reader, found).Run();
  if (found.size() < first + 2) return;
  const auto order = [](const Found& f) {
    return std::tie(f.name, f.reading.begin, f.reading.end, f.reading.folds);
  };
  const auto begin = found.begin() + static_cast<ptrdiff_t>(first);
  std::sort(begin, found.end(),
            [&](const Found& a, const Found& b) { return order(a) < order(b); });
  found.erase(std::unique(begin, found.end(),
                          [&](const Found& a, const Found& b) { return order(a) == order(b); }),
              found.end());
}

const std::vector<VariantPiece>& VariantIndex::Reread(const VariantText& text, uint32_t name,
                                                      uint32_t begin, uint32_t end, FoldSet folds,
                                                      VariantReader& reader) const {
  const auto [first, last] = std::equal_range(names_.begin(), names_.end(), name);
  for (auto it = first; it != last; ++it) {
    const VariantTerm& term = terms_[static_cast<size_t>(it - names_.begin())];
    for (const VariantKind kind : kVariantKinds) {
      const auto reading = Allows(term, kind) ? reader.Read(term, kind, text, begin) : std::nullopt;
      if (reading && reading->end == end && reading->folds == folds) return reader.pieces();
    }
  }
  return reader.pieces();
}

size_t VariantIndex::MemoryBytes() const {
  size_t bytes = terms_.capacity() * sizeof(VariantTerm) + names_.capacity() * sizeof(uint32_t) +
                 words_.MemoryBytes() + pairs_.MemoryBytes() + sounds_.MemoryBytes();
  for (const VariantTerm& term : terms_) {
    if (term.signs.capacity() > 3) bytes += (term.signs.capacity() + 1) * sizeof(char32_t);
  }
  return bytes;
}

}  // namespace cluehound::rules
