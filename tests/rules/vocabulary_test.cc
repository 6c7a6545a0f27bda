#include "rules/vocabulary.h"

#include "tests/testing/testing.h"

namespace cluehound::rules {
namespace {

Vocabulary WordsOf(const std::vector<std::string>& words) {
  Vocabulary::Builder builder;
  for (size_t i = 0; i < words.size(); ++i) {
    Use use;
    use.meaning = Meaning::kWord;
    use.target = static_cast<uint32_t>(i);
    builder.Add(words[i], std::move(use));
  }
  return builder.Build();
}

void Find(const Vocabulary& vocabulary, const std::string& text, Vocabulary::Found& found) {
  FoldedText folded;
  Vocabulary::Skimmed skimmed;
  VariantReader reader;
  folded.Assign(text, &skimmed.signs);
  vocabulary.Skim(folded, text, reader, skimmed);
  vocabulary.Find(folded, Field::kTitle, skimmed, found);
}

size_t Count(const std::vector<std::string>& words, const std::string& folded) {
  Vocabulary::Found found;
  Find(WordsOf(words), folded, found);
  return found.words.size();
}

}  // namespace

TEST_CASE("vocabulary: ASCII words end where words end") {
  CHECK(Count({"fila"}, "fila鞋") == 1);
  CHECK(Count({"fila"}, "3d filament") == 0);
  CHECK(Count({"fila"}, "defila") == 0);
  CHECK(Count({"nike"}, "nike2024") == 1);
  CHECK(Count({"1:1"}, "一1:1复刻") == 1);
  CHECK(Count({"1:1"}, "1:18车模") == 0);
  CHECK(Count({"1:1"}, "11:1") == 0);
}

TEST_CASE("vocabulary: words of three letters or fewer touch no digit either") {
  CHECK(Count({"lv"}, "lv包") == 1);
  CHECK(Count({"lv"}, "lv2") == 0);
  CHECK(Count({"aj1"}, "aj11") == 0);
}

TEST_CASE("vocabulary: Han words stand anywhere") { CHECK(Count({"耐克"}, "买耐克鞋nike") == 1); }

TEST_CASE("vocabulary: one literal with several meanings gives each of them") {
  Vocabulary::Builder builder;
  Use mark;
  mark.meaning = Meaning::kMark;
  builder.Add("昌乐", mark);
  Use place;
  place.meaning = Meaning::kPlace;
  builder.Add("昌乐", place);
  builder.AddAtom("昌乐", 4, false, false);
  builder.AddExceptGroup({"昌乐县"});
  const Vocabulary vocabulary = builder.Build();
  Vocabulary::Found found;
  Find(vocabulary, "昌乐县", found);
  CHECK(found.marks.size() == 1);
  CHECK(found.places.size() == 1);
  CHECK(found.atoms == std::vector<int>{4});
  CHECK(found.excepts.size() == 1);
}

TEST_CASE("vocabulary: spellings that fold alike are one literal that remembers them") {
  Vocabulary::Builder builder;
  for (const char* spelling : {"NIKE", "Nike", "nike"}) {
    Use use;
    use.meaning = Meaning::kMark;
    builder.Add(spelling, std::move(use));
  }
  const Vocabulary vocabulary = builder.Build();
  Vocabulary::Found found;
  Find(vocabulary, "nike", found);
  REQUIRE(found.marks.size() == 1);
  CHECK(vocabulary.use(found.marks[0].use).written.size() == 3);
}

TEST_CASE("vocabulary: what folds to nothing is no word") {
  CHECK(Count({"\u200b", " "}, "a b") == 0);
}

}  // namespace cluehound::rules
