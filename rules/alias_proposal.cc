#include "rules/alias_proposal.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "base/text.h"
#include "rules/spelling.h"

namespace cluehound::rules {
namespace {

constexpr size_t kMinLatin = 4;  // letters

// Words for products that end the names of geographical indications, as export papers have them.
constexpr std::pair<std::string_view, std::string_view> kProducts[] = {
    {"萝卜", "radish"},
    {"大姜", "ginger"},
    {"生姜", "ginger"},
    {"西瓜", "watermelon"},
    {"大葱", "scallion"},
    {"蜜桃", "peach"},
    {"桃", "peach"},
    {"苹果", "apple"},
    {"梨", "pear"},
    {"葡萄", "grape"},
    {"葡萄酒", "wine"},
    {"大蒜", "garlic"},
    {"红枣", "jujube"},
    {"枣", "jujube"},
    {"大枣", "jujube"},
    {"山楂", "hawthorn"},
    {"板栗", "chestnut"},
    {"核桃", "walnut"},
    {"樱桃", "cherry"},
    {"大樱桃", "cherry"},
    {"草莓", "strawberry"},
    {"蓝莓", "blueberry"},
    {"甜瓜", "melon"},
    {"羊角蜜", "melon"},
    {"韭菜", "chive"},
    {"西红柿", "tomato"},
    {"番茄", "tomato"},
    {"辣椒", "pepper"},
    {"黄瓜", "cucumber"},
    {"茄子", "eggplant"},
    {"芹菜", "celery"},
    {"白菜", "cabbage"},
    {"马铃薯", "potato"},
    {"土豆", "potato"},
    {"山药", "yam"},
    {"芋头", "taro"},
    {"莲藕", "lotus root"},
    {"花生", "peanut"},
    {"小米", "millet"},
    {"大米", "rice"},
    {"小麦", "wheat"},
    {"玉米", "corn"},
    {"绿茶", "green tea"},
    {"红茶", "black tea"},
    {"茶", "tea"},
    {"龙井茶", "longjing tea"},
    {"普洱茶", "pu'er tea"},
    {"白酒", "liquor"},
    {"黄酒", "rice wine"},
    {"醋", "vinegar"},
    {"酱油", "soy sauce"},
    {"蜂蜜", "honey"},
    {"火腿", "ham"},
    {"牛肉", "beef"},
    {"羊肉", "mutton"},
    {"大闸蟹", "hairy crab"},
    {"海参", "sea cucumber"},
    {"对虾", "prawn"},
    {"人参", "ginseng"},
    {"枸杞", "wolfberry"},
    {"木耳", "black fungus"},
    {"香菇", "shiitake"},
    {"风筝", "kite"},
    {"年画", "new year picture"},
    {"瓷器", "porcelain"},
    {"丝绸", "silk"},
    {"刺绣", "embroidery"},
    {"宣纸", "xuan paper"},
    {"银瓜", "melon"},
};

const icu::Transliterator* ToLatin() {
  static const std::unique_ptr<const icu::Transliterator> latin = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<const icu::Transliterator> made(icu::Transliterator::createInstance(
        "Han-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, error));
    return U_SUCCESS(error) ? std::move(made) : nullptr;
  }();
  return latin.get();
}

bool IsHan(char32_t c) {
  return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c < 0x40000);
}

bool HasHan(std::string_view text) {
  for (size_t pos = 0; pos < text.size();) {
    if (IsHan(DecodeUtf8(text, pos))) return true;
  }
  return false;
}

std::string Joined(std::string_view spaced) {
  std::string out;
  for (const char c : spaced) {
    if (c != ' ') out += c;
  }
  return out;
}

std::string Capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

// The longest word for a product that ends the name, with its English.
std::pair<std::string_view, std::string_view> ProductOf(std::string_view name) {
  std::pair<std::string_view, std::string_view> best;
  for (const auto& [word, english] : kProducts) {
    if (name.size() > word.size() && name.ends_with(word) && word.size() > best.first.size())
      best = {word, english};
  }
  return best;
}

}  // namespace

std::string Pinyin(std::string_view text) {
  // A transliterator's own state is not for several threads at once.
  static std::mutex mutex;
  const icu::Transliterator* latin = ToLatin();
  if (latin == nullptr) return "";
  std::string out;
  for (size_t pos = 0; pos < text.size();) {
    const size_t begin = pos;
    const char32_t c = DecodeUtf8(text, pos);
    if (!IsHan(c)) {
      out.append(text, begin, pos - begin);
      continue;
    }
    icu::UnicodeString one(static_cast<UChar32>(c));
    {
      const std::lock_guard lock(mutex);
      latin->transliterate(one);
    }
    std::string syllable;
    one.toUTF8String(syllable);
    if (!out.empty() && out.back() != ' ') out += ' ';
    out += syllable;
    if (pos < text.size()) out += ' ';
  }
  return CollapseSpace(out);
}

std::vector<AliasProposal> ProposeNames(std::string_view name, std::string_view place) {
  std::vector<AliasProposal> proposals;
  const auto add = [&](std::string text, const char* why) {
    const bool latin = !HasHan(text);
    const bool known = std::any_of(proposals.begin(), proposals.end(),
                                   [&](const auto& p) { return p.text == text; });
    if (text.empty() || text == name || known || (latin && text.size() < kMinLatin)) return;
    proposals.push_back({std::move(text), why});
  };
  for (std::string& spelling : ProposeAliases(name))
    add(std::move(spelling), HasHan(spelling) ? "繁体字" : "其他写法");
  if (!IsValidUtf8(name) || !HasHan(name)) return proposals;
  auto [product, english] = ProductOf(name);
  std::string_view front = name.substr(0, name.size() - product.size());
  if (!place.empty() && name.starts_with(place) && name.size() > place.size()) {
    front = place;
    if (front.size() + product.size() != name.size()) english = {};
    product = name.substr(place.size());
  }
  if (!product.empty()) {
    const std::string first = Joined(Pinyin(front));
    add(Capital(first) + " " + Joined(Pinyin(product)), "汉语拼音");
    if (!english.empty()) add(Capital(first) + " " + std::string(english), "英文");
  }
  add(Capital(Joined(Pinyin(name))), "汉语拼音连写");
  return proposals;
}

}  // namespace cluehound::rules
