#include "rules/sign_text.h"

#include "rules/folding.h"
#include "tests/rules/random_text.h"
#include "tests/testing/testing.h"

namespace cluehound::rules {
namespace {

struct Signs {
  std::u32string signs;
  std::vector<uint32_t> begins, pairs, pair_begins, words;

  friend bool operator==(const Signs&, const Signs&) = default;
};

Signs Copy(const SignText& text) {
  Signs copy;
  for (size_t i = 0; i < text.size(); ++i) {
    copy.signs += text.sign(i);
    copy.begins.push_back(text.begin(i));
  }
  for (size_t i = 0; i < text.pair_signs(); ++i) {
    copy.pairs.push_back(text.pairs()[i]);
    copy.pair_begins.push_back(text.pair_begin(i));
  }
  for (size_t i = 0; i < text.words(); ++i) copy.words.push_back(text.word(i));
  return copy;
}

}  // namespace

TEST_CASE("sign text: characters, what is between separators, and where words begin") {
  SignText text;
  text.Assign("耐-克n1 @鞋");
  const Signs signs = Copy(text);
  CHECK(signs.signs == U"耐-克n1 @鞋");
  CHECK(signs.begins == std::vector<uint32_t>{0, 3, 4, 7, 8, 9, 10, 11});
  CHECK(text.begin(text.size()) == 14);
  CHECK(text.sign(text.size()) == 0);
  CHECK(signs.pairs == std::vector<uint32_t>{U'耐', U'克', 'n', 'l', U'鞋'});
  CHECK(signs.pair_begins == std::vector<uint32_t>{0, 4, 7, 8, 11});
  CHECK(signs.words == std::vector<uint32_t>{3, 4, 6});  // n, 1, @
}

TEST_CASE("sign text: taken while folding it is what it is taken from the folded text") {
  RandomText random(3);
  SignText while_folding, afterwards;
  FoldedText folded;
  for (int round = 0; round < 2000; ++round) {
    const std::string text = random.Make(random.Below(120), true);
    folded.Assign(text, &while_folding);
    afterwards.Assign(folded.text());
    CHECK(while_folding.text() == folded.text());
    REQUIRE(Copy(while_folding) == Copy(afterwards));
    FoldedText alone;
    alone.Assign(text);
    REQUIRE(alone.text() == folded.text());
  }
}

TEST_CASE("sign text: a replacement that is longer than its character finds room") {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "㍿";  // 株式会社
  FoldedText folded;
  SignText signs;
  folded.Assign(text, &signs);
  CHECK(signs.size() == 500 * 4);
}

}  // namespace cluehound::rules
