#include "rules/folding.h"

#include "base/text.h"
#include "rules/fold_table.h"
#include "tests/rules/random_text.h"
#include "tests/testing/testing.h"

namespace cluehound::rules {
namespace {

// The piece of `original` behind `piece`, which must stand once in its folding.
std::string OriginalOf(const std::string& original, const std::string& piece) {
  FoldedText folded;
  folded.Assign(original);
  const size_t begin = folded.text().find(piece);
  REQUIRE(begin != std::string_view::npos);
  const Slice slice = folded.Original(begin, begin + piece.size());
  return original.substr(slice.begin, slice.end - slice.begin);
}

bool IsBoundary(std::string_view text, size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

}  // namespace

TEST_CASE("folding: case, width, accents, invisible and traditional characters") {
  CHECK(FoldString("NIKE Air") == "nike air");
  CHECK(FoldString("ＮＩＫＥ　１：１") == "nike 1:1");
  CHECK(FoldString("Hermès Citroe\xCC\x88n") == "hermes citroen");
  CHECK(FoldString("耐\u200b克\ufeff") == "耐克");
  CHECK(FoldString("濰縣蘿蔔") == "潍县萝卜");
  CHECK(FoldString("Straße") == "strasse");
  CHECK(FoldString("Ⅻ㎏①") == "xiikg1");
  CHECK(FoldString("🅽🅸🅺🅴 Ⓛ") == "nike l");
  CHECK(FoldString("ｶﾞ") == FoldString("ガ"));
}

TEST_CASE("folding: variants that OpenCC lacks come from Unihan") {
  CHECK(FoldString("尅") == "克");
  CHECK(FoldString("耐尅") == "耐克");
}

TEST_CASE("folding: characters of GB 2312 stay the words they are") {
  CHECK(FoldString("芸豆 弁言 予 叶") == "芸豆 弁言 予 叶");
}

TEST_CASE("folding: a sign of right does not become letters of the word before it") {
  CHECK(FoldString("NIKE™") == "nike™");
}

TEST_CASE("folding: white space of any kind is a blank") {
  CHECK(FoldString("a\tb\u00a0c\u3000d\u2028e") == "a b c d e");
}

TEST_CASE("folding: malformed bytes become U+FFFD and stay findable") {
  CHECK(FoldString("a\xff\xe4\xb8z") == "a\ufffd\ufffd\ufffdz");
  FoldedText folded;
  folded.Assign("a\xffz");
  CHECK(folded.Original(1, 4) == Slice{1, 2});
  CHECK(folded.Original(4, 5) == Slice{2, 3});
}

TEST_CASE("folding: a piece maps back to the bytes it came from") {
  CHECK(OriginalOf("买ＮＩＫＥ鞋", "nike") == "ＮＩＫＥ");
  CHECK(OriginalOf("看濰縣蘿蔔", "潍县萝卜") == "濰縣蘿蔔");
  CHECK(OriginalOf("x耐\u200b\u200b克y", "耐克") == "耐\u200b\u200b克");
  CHECK(OriginalOf("\u200b耐克\u200b", "耐克") == "耐克");
  CHECK(OriginalOf("a㎏b", "kg") == "㎏");
  // Half of an expansion is the whole character.
  CHECK(OriginalOf("a㎏b", "g") == "㎏");
  CHECK(OriginalOf("Hermès包", "hermes") == "Hermès");
}

TEST_CASE("folding: buffers are reused without traces of the last text") {
  FoldedText folded;
  std::string longer(5000, 'A');
  longer += "ＮＩＫＥ";
  folded.Assign(longer);
  folded.Assign("é");
  CHECK(folded.text() == "e");
  CHECK(folded.Original(0, 1) == Slice{0, 2});
  folded.Assign("");
  CHECK(folded.text().empty());
}

TEST_CASE("folding: replacements longer than the character make room for themselves") {
  std::string original, expected;
  for (int i = 0; i < 3000; ++i) {
    original += "㈱ﷺ";
    expected += FoldString("㈱") + FoldString("ﷺ");
  }
  FoldedText folded;
  folded.Assign(original);
  CHECK(folded.text() == expected);
}

TEST_CASE("folding: the table is the composition of the single folds, for every character") {
  std::string wrong;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(text, c);
    // Phrases of dozens of letters in one character are left alone by the table.
    const std::string slow = FoldWith(kTableFolds, text);
    if (slow.size() <= 31 && FoldString(text) != slow) wrong += text + " ";
  }
  CHECK(wrong == "");
}

TEST_CASE("folding: folding twice changes nothing more") {
  std::string wrong;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(text, c);
    const std::string once = FoldString(text);
    if (FoldString(once) != once) wrong += text + " ";
  }
  CHECK(wrong == "");
}

TEST_CASE("folding: pieces of random texts map back to character boundaries, in order") {
  RandomText random(20261122);
  FoldedText folded;
  size_t checked = 0;
  for (int round = 0; round < 3000; ++round) {
    const bool malformed = round % 3 == 0;
    const std::string original = random.Make(random.Below(round % 50 == 0 ? 3000 : 60), malformed);
    folded.Assign(original);
    const std::string text(folded.text());
    REQUIRE(IsValidUtf8(text));
    if (!malformed) REQUIRE(text == FoldString(original));
    if (text.empty()) continue;
    uint32_t last_begin = 0, last_end = 0;
    for (size_t begin = 0; begin < text.size();) {
      size_t end = begin;
      DecodeUtf8(text, end);
      const Slice slice = folded.Original(begin, end);
      REQUIRE(slice.begin < slice.end);
      REQUIRE(slice.end <= original.size());
      REQUIRE(slice.begin >= last_begin);
      REQUIRE(slice.end >= last_end);
      if (!malformed) {
        REQUIRE(IsBoundary(original, slice.begin));
        REQUIRE(IsBoundary(original, slice.end));
        // The slice folds to something that holds the piece.
        const std::string again = FoldString(original.substr(slice.begin, slice.end - slice.begin));
        REQUIRE(again.find(text.substr(begin, end - begin)) != std::string::npos);
      }
      last_begin = slice.begin;
      last_end = slice.end;
      begin = end;
      ++checked;
    }
  }
  CHECK(checked > 50000);
}

TEST_CASE("folding: the folds of a hit are those without which it would not be one") {
  CHECK(FoldsBetween("耐克", "耐克") == 0);
  CHECK(FoldsBetween("nike", "NIKE") == kNocase);
  CHECK(FoldsBetween("ＮＩＫＥ", "NIKE") == kWidth);
  CHECK(FoldsBetween("ｎｉｋｅ", "NIKE") == (kWidth | kNocase));
  CHECK(FoldsBetween("濰縣蘿蔔", "潍县萝卜") == kTraditional);
  CHECK(FoldsBetween("濰\u200b縣萝卜", "潍县萝卜") == (kTraditional | kZeroWidth));
  CHECK(FoldsBetween("HERMES", "Hermès") == (kNocase | kAccent));
  CHECK(FoldsBetween("N\u0336I\u0336K\u0336E", "NIKE") == kAccent);
  CHECK(FoldsBetween("\u212Aors", "Kors") != 0);  // Kelvin sign: by width or by case
}

TEST_CASE("folding: names of folds") {
  CHECK(FoldNames(kWidth | kNocase | kZeroWidth) ==
        std::vector<std::string>{"nocase", "width", "zero_width"});
  CHECK(FoldFromName("traditional") == kTraditional);
  CHECK(FoldFromName("pinyin") == kPinyin);
  CHECK(FoldFromName("pin-yin") == 0);
  CHECK(FoldRevision().size() == 16);
}

}  // namespace cluehound::rules
