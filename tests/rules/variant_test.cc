#include "rules/variant.h"

#include <fstream>
#include <iostream>

#include "rules/vocabulary.h"
#include "tests/rules/random_text.h"
#include "tests/rules/reference_matcher.h"
#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

using testing::ReferenceHit;

// Names in the engine and in the reference matcher, all at one set of folds.
class Both {
 public:
  explicit Both(const std::vector<std::string>& names, FoldSet folds = kHighFolds) {
    Vocabulary::Builder builder;
    for (const std::string& name : names) {
      Use use;
      use.meaning = Meaning::kMark;
      use.target = marks_++;
      use.variants = folds & ~kTableFolds;
      use.wakes = true;
      builder.Add(name, std::move(use));
      reference_.Add(name, folds);
    }
    vocabulary_ = builder.Build();
  }

  std::vector<ReferenceHit> Find(const std::string& text) {
    folded_.Assign(text, &skimmed_.signs);
    found_.Clear();
    if (vocabulary_.Skim(folded_, text, reader_, skimmed_))
      vocabulary_.Find(folded_, Field::kTitle, skimmed_, found_);
    std::vector<ReferenceHit> hits;
    for (const Occurrence& o : found_.marks) {
      const Slice slice = folded_.Original(o.begin, o.end);
      hits.push_back(
          {o.target, slice.begin, slice.end, vocabulary_.FoldsOf(folded_, text, o), o.weak});
    }
    std::sort(hits.begin(), hits.end());
    return hits;
  }

  // The number of hits, or fails.
  size_t Agree(const std::string& text) {
    const auto engine = Find(text), slow = reference_.Find(text);
    if (engine == slow) return engine.size();
    INFO(text);
    const auto show = [](const std::vector<ReferenceHit>& hits) {
      std::string out;
      for (const ReferenceHit& hit : hits) {
        out += std::to_string(hit.mark) + "@" + std::to_string(hit.begin) + "-" +
               std::to_string(hit.end) + (hit.weak ? "?" : "");
        for (const std::string& fold : FoldNames(hit.folds)) out += " " + fold;
        out += "; ";
      }
      return out;
    };
    CHECK(show(engine) == show(slow));
    return engine.size();
  }

 private:
  uint32_t marks_ = 0;
  Vocabulary vocabulary_;
  testing::ReferenceMatcher reference_;
  FoldedText folded_;
  Vocabulary::Found found_;
  Vocabulary::Skimmed skimmed_;
  VariantReader reader_;
};

// "潍*县萝卜: skip"; empty when nothing is found. A weak reading has a question mark.
std::string Found(const std::string& name, const std::string& text, FoldSet folds = kHighFolds) {
  Both both({name}, folds);
  both.Agree(text);
  std::string out;
  for (const ReferenceHit& hit : both.Find(text)) {
    out += (out.empty() ? "" : "; ") + text.substr(hit.begin, hit.end - hit.begin) + ":";
    for (const std::string& fold : FoldNames(hit.folds)) out += " " + fold;
    if (hit.weak) out += "?";
  }
  return out;
}

// The names of the built-in marks, each once; every `step`th.
std::vector<std::string> BuiltInNames(size_t step) {
  std::vector<std::string> names;
  std::set<std::string> known;
  for (const MarkSummary& mark : BuiltIn().marks()) {
    std::vector<std::string> all = mark.aliases;
    all.push_back(mark.name);
    for (const std::string& name : all) {
      const std::string folded(TrimAscii(FoldString(name)));
      if (!folded.empty() && known.insert(folded).second && known.size() % step == 0)
        names.push_back(name);
    }
  }
  return names;
}

// Spellings made from a name with the tables: some signs replaced, taken apart, repeated, moved.
class Disguises {
 public:
  explicit Disguises(uint32_t seed) : random_(seed) {}

  std::string Make(const std::string& name) {
    std::u32string signs;
    for (size_t pos = 0; pos < name.size();) signs += DecodeUtf8(name, pos);
    const uint32_t only = random_.Below(12);  // 10 and 11: anything
    std::u32string out;
    const size_t change = random_.Below(static_cast<uint32_t>(signs.size()));
    for (size_t i = 0; i < signs.size(); ++i) {
      if (i != change && only < 10 && random_.Below(6) != 0) {
        out += signs[i];
      } else {
        Change(signs, i, only < 10 ? only : random_.Below(10), out);
      }
    }
    std::string text;
    for (const char32_t c : out) AppendUtf8(text, c);
    return text;
  }

 private:
  void Change(const std::u32string& signs, size_t& i, uint32_t how, std::u32string& out) {
    static const std::u32string kBetween = U" .*·-_/|+!@、🔥";
    const char32_t c = signs[i];
    const auto alike = variant_table::LookAlikes(c);
    const auto parts = variant_table::PartsOf(c);
    if (how == 0) out += c, out += kBetween[random_.Below(static_cast<uint32_t>(kBetween.size()))];
    if (how == 1) out += std::u32string(1 + random_.Below(3), c);
    if (how == 2 && !alike.empty()) {
      out += alike[random_.Below(static_cast<uint32_t>(alike.size()))];
    } else if (how == 3 && !parts.empty()) {
      const auto& p = parts[random_.Below(static_cast<uint32_t>(parts.size()))];
      out += p.first, out += p.second;
    } else if (how == 4 && i + 1 < signs.size()) {
      out += signs[i + 1], out += c;
      ++i;
    } else if (how == 5) {
      out += Homophone(c);
    } else if (how == 6) {
      static const std::u32string kFrom = U"oilestab13", kTo = U"0113$7@8三1";
      const size_t at = kFrom.find(c);
      out += at == std::u32string::npos ? c : kTo[at];
    } else if (how == 7) {
      static const std::u32string kFrom = U"acepoxyCENIK", kTo = U"асерохуСΕΝІΚ";
      const size_t at = kFrom.find(c);
      out += at == std::u32string::npos ? c : kTo[at];
    } else if (how == 8) {
      out += c, out += U'\u200B';
    } else if (how == 9) {
      const auto syllables = variant_table::Syllables(c);
      for (const char letter : syllables.empty() ? "" : variant_table::SyllableName(syllables[0]))
        out += static_cast<char32_t>(letter);
    }
    if (how > 1 && out.empty()) out += c;
  }

  char32_t Homophone(char32_t c) {
    for (int tries = 0; tries < 4000 && !variant_table::Syllables(c).empty(); ++tries) {
      const char32_t other = 0x4E00 + random_.Below(0x5000);
      const auto [first, second] = variant_table::MainSyllables(other);
      if (first != 0 && first == variant_table::Syllables(c)[0]) return other;
    }
    return c;
  }

  RandomText random_;
};

std::vector<std::string> TitlesOf(const std::string& file) {
  std::vector<std::string> titles;
  const auto path = cluehound::testing::SharedData("titles/" + file);
  if (!path) return titles;
  std::ifstream in(*path);
  // The labelled files have one character a line, and a blank line after each title.
  std::string title;
  for (std::string line; std::getline(in, line);) {
    if (!file.ends_with("_10000.txt") && line.size() > 2) {
      title += line.substr(0, line.find(' '));
    } else if (file.ends_with("_10000.txt")) {
      titles.push_back(line);
    } else {
      titles.push_back(title);
      title.clear();
    }
  }
  return titles;
}

void AgreeOnTitles(size_t name_step, size_t title_step, size_t first = 0) {
  Both both(BuiltInNames(name_step));
  size_t titles = 0, hits = 0;
  for (const char* file : {"jd_titles_A_10000.txt", "jd_titles_ner_dev.txt", "taobao_ner_dev.txt",
                           "taobao_ner_train.txt"}) {
    const std::vector<std::string> all = TitlesOf(file);
    for (size_t i = first; i < all.size(); i += title_step, ++titles) hits += both.Agree(all[i]);
  }
  std::cout << "reference matcher: " << titles << " titles, " << hits << " hits, all agree\n";
}

// `mixed`: only the names of letters and characters.
void AgreeOnDisguises(size_t name_step, int rounds, bool mixed = false) {
  std::vector<std::string> names = BuiltInNames(name_step);
  if (mixed) {
    std::erase_if(names, [](const std::string& name) {
      const auto ascii = static_cast<size_t>(
          std::count_if(name.begin(), name.end(), [](char c) { return IsAsciiAlnum(c); }));
      return ascii == 0 || ascii == name.size();
    });
  }
  Both both(names);
  Disguises disguises(7);
  RandomText random(8);
  size_t texts = 0, hits = 0;
  for (int round = 0; round < rounds; ++round) {
    for (const std::string& name : names) {
      const std::string before = random.Below(2) != 0 ? "新款" : random.Below(2) != 0 ? "x " : "";
      const std::string after = random.Below(2) != 0 ? "运动鞋" : random.Below(2) != 0 ? " 2" : "";
      hits += both.Agree(before + disguises.Make(name) + after);
      ++texts;
    }
  }
  std::cout << "reference matcher: " << texts << " disguised names, " << hits << " hits\n";
}

}  // namespace

TEST_CASE("variant: every fold finds what it is for") {
  CHECK(Found("361度", "三六一度 童鞋") == "三六一度: digits");
  CHECK(Found("NIKE", "NNIKE 鞋") == "NNIKE: repeat");
  CHECK(Found("耐克", "耐耐克 鞋") == "耐耐克: repeat; 耐克:");
  CHECK(Found("NIKE", "Ｎ Ｉ Ｋ Ｅ") == "Ｎ Ｉ Ｋ Ｅ: width skip");
  CHECK(Found("亚运会", "亚 运 会 徽章") == "亚 运 会: skip");
  CHECK(Found("波司登", "波丨司丶登") == "波丨司丶登: skip");
  CHECK(Found("海康威视", "海康威……视") == "海康威……视: skip");
  CHECK(Found("三只松鼠", "㈢只松鼠 坚果") == "㈢只松鼠: width");
  CHECK(Found("NIKE", "N丨KE") == "N丨KE: confusable");
  CHECK(Found("NIKE", "ΝΙΚΕ") == "ΝΙΚΕ: confusable");
  CHECK(Found("NIKE", "ɴɪᴋᴇ") == "ɴɪᴋᴇ: confusable");
  CHECK(Found("NIKE", "n1ke") == "n1ke: nocase leet");
  CHECK(Found("潍县萝卜", "Weixian Luobo") == "Weixian Luobo: nocase pinyin");
  CHECK(Found("潍县萝卜", "濰縣罗卜") == "濰縣罗卜: traditional homophone shape");
  CHECK(Found("波司登", "波司凳 羽绒服") == "波司凳: homophone shape");
  CHECK(Found("张小泉", "弓长小泉") == "弓长小泉: split");
  CHECK(Found("波司登", "司波登") == "司波登: shuffle");
  CHECK(Found("adidas", "adiads") == "adiads: shuffle");
}

TEST_CASE("variant: folds combine, and each is named") {
  CHECK(Found("New Balance", "N.e.w Ba1ance") == "N.e.w Ba1ance: skip leet");
  CHECK(Found("潍县萝卜", "濰*縣·蘿卜") == "濰*縣·蘿卜: traditional skip");
  CHECK(Found("NIKE", "Ｎ１\u200bＫＥ") == "Ｎ１\u200bＫＥ: width zero_width leet");
}

TEST_CASE("variant: only the folds that are allowed") {
  CHECK(Found("NIKE", "N1KE", kLowFolds).empty());
  CHECK(Found("NIKE", "N1KE", kMediumFolds) == "N1KE: leet");
  CHECK(Found("波司登", "波司凳", kMediumFolds).empty());
  CHECK(Found("NIKE", "N1KE", kTableFolds | kSkip).empty());
  CHECK(Found("361度", "三六一度", kLowFolds) == "三六一度: digits");
}

TEST_CASE("variant: a name of two characters allows one substitution, and that is weak") {
  CHECK(Found("耐克", "奈克 鞋") == "奈克: homophone?");
  CHECK(Found("耐克", "奈客 鞋").empty());
}

TEST_CASE("variant: a common word is weak, and a word across the edge is no name") {
  CHECK(Found("烟台平果", "烟台苹果") == "烟台苹果: homophone shape?");
  CHECK(Found("亚运会", "亚运 会员").empty());
  CHECK(Found("李宁", "桃李 宁夏").empty());
}

TEST_CASE("variant: short ASCII names have words' edges and few variants") {
  CHECK(Found("DHC", "D H C").empty());
  CHECK(Found("LV", "IV").empty());
  CHECK(Found("DHC", "ⅮНС") != "");
  CHECK(Found("NIKE", "an1ke").empty());
  CHECK(Found("FILA", "F11/A9").empty());
}

TEST_CASE("variant: a name as it should be hides the guesses around it") {
  CHECK(Found("小米", "小米米家") == "小米:");
  Both both({"尼康", "索尼", "索康尼"});
  for (const ReferenceHit& hit : both.Find("佳能尼康索尼微单")) CHECK(hit.mark != 2);
}

TEST_CASE("variant: the engine and the reference matcher agree on titles") { AgreeOnTitles(9, 97); }
TEST_CASE("variant: the engine and the reference matcher agree on disguised names") {
  AgreeOnDisguises(9, 3);
}

TEST_CASE("variant: the engine and the reference matcher agree on random text") {
  Both both({"ab", "aab", "abcd", "1a2b", "二一马", "一二三好", "妈吗妈", "妈妈好", "a货b", "耐克",
             "o0l1", "林木森"});
  static const std::u32string kSigns = U"aabbcd12!|@ -一二三妈吗马好女货耐奈克尅林木森βоοа\u200b，";
  RandomText random(3);
  size_t hits = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (uint32_t n = 1 + random.Below(14); n > 0; --n)
      AppendUtf8(text, kSigns[random.Below(static_cast<uint32_t>(kSigns.size()))]);
    hits += both.Agree(text);
  }
  CHECK(hits > 100);
  for (int i = 0; i < 500; ++i) both.Agree(random.Make(60, false));
}

// What once was missed: letters or digits that change places beside characters, one character among
// letters, strokes as parts.
TEST_CASE("variant: names of several scripts in every disguise") {
  const std::vector<std::string> texts = {"新款杭州第91届亚运会",
                                          "新款纳斯ANRS",
                                          "x ULX@力士",
                                          "新款YLS口红运动鞋",
                                          "x GUG雪地靴",
                                          "新款CMM_包|运动鞋",
                                          "x Oemga手表",
                                          "PEKA匹克 2",
                                          "乔丹QAIODAN运动鞋",
                                          "新款神舟71号",
                                          "新款iDplomat箱包 2",
                                          "Whoo翵运动鞋",
                                          "x Whoo吼运动鞋",
                                          "x 361瀆",
                                          "MCM飹",
                                          "新款君品㇆亠酒运动鞋",
                                          "新款亠㇆酒 2",
                                          "DSH红双喜 2",
                                          "新款北京022 2",
                                          "国窖1537运动鞋",
                                          "新款双双鱼丘*乓乓乓运动鞋",
                                          "香奈*隐",
                                          "新款MANΝ滤清器运动鞋"};
  Both both({"杭州第19届亚运会",
             "纳斯NARS",
             "LUX力士",
             "YSL口红",
             "UGG雪地靴",
             "MCM包",
             "omega手表",
             "PEAK匹克",
             "乔丹QIAODAN",
             "神舟17号",
             "Diplomat箱包",
             "Whoo后",
             "361度",
             "MCM包",
             "君品习酒",
             "习酒",
             "DHS红双喜",
             "北京2022",
             "国窖1573",
             "双鱼乒乓",
             "香奈儿",
             "MANN滤清器"});
  size_t hits = 0;
  for (const std::string& text : texts) hits += both.Agree(text);
  CHECK(hits >= 15);
}

TEST_CASE("all variants: mixed names", "[.full]") { AgreeOnDisguises(1, 10, true); }

// Minutes of processor time in all; in pieces that can be run beside each other.
TEST_CASE("all variants: the first quarter of all titles", "[.full]") { AgreeOnTitles(1, 4, 0); }
TEST_CASE("all variants: the second quarter of all titles", "[.full]") { AgreeOnTitles(1, 4, 1); }
TEST_CASE("all variants: the third quarter of all titles", "[.full]") { AgreeOnTitles(1, 4, 2); }
TEST_CASE("all variants: the last quarter of all titles", "[.full]") { AgreeOnTitles(1, 4, 3); }
TEST_CASE("all variants: disguised names", "[.full]") { AgreeOnDisguises(1, 20); }

}  // namespace cluehound::rules
