#include "triage/share_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace cluehound::triage {
namespace {

constexpr size_t kMaxText = 20000;  // bytes
constexpr size_t kMaxTitle = 600;

constexpr std::array<std::string_view, 18> kApps = {
    "淘宝", "天猫", "京东",   "拼多多", "抖音", "快手", "小红书", "闲鱼",   "微信",
    "微店", "苏宁", "唯品会", "得物",   "转转", "1688", "淘特",   "视频号", "抖音极速版"};

// Words of what an app tells the reader to do, never of goods.
constexpr std::array<std::string_view, 22> kInstructions = {
    "点击链接", "点击蓝字",   "复制",     "復",     "直接打开", "浏览器", "淘口令", "打开抖音",
    "打开快手", "打开【",     "直接观看", "快来看", "查看精彩", "App",    "APP",    "该作品在",
    "播放过",   "发布了一篇", "搜索直接", "后到",   "长按",     "看看【"};

bool IsAddressByte(char c) {
  static constexpr std::string_view kOthers = "-._~:/?#[]@!$&'()*+,;=%";
  return IsAsciiAlnum(c) || kOthers.find(c) != std::string_view::npos;
}

// Takes the address out of the text.
std::string TakeAddress(std::string& text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    const size_t begin = FindIgnoreAsciiCase(text, scheme);
    if (begin == std::string::npos) continue;
    size_t end = begin;
    while (end < text.size() && IsAddressByte(text[end])) ++end;
    while (end > begin && (text[end - 1] == '.' || text[end - 1] == ',' || text[end - 1] == ')' ||
                           text[end - 1] == ';' || text[end - 1] == '!' || text[end - 1] == '\''))
      --end;
    std::string url = text.substr(begin, end - begin);
    if (url.size() == scheme.size()) continue;
    text = text.substr(0, begin) + "\n" + text.substr(end);
    return url;
  }
  return "";
}

bool IsApp(std::string_view text) {
  return std::any_of(kApps.begin(), kApps.end(), [&](std::string_view app) {
    return text == app || (text.starts_with(app) && text.size() <= app.size() + 6);
  });
}

bool IsInstruction(std::string_view text) {
  return std::any_of(kInstructions.begin(), kInstructions.end(), [&](std::string_view words) {
    return text.find(words) != std::string_view::npos;
  });
}

// The first piece between a pair of brackets that may be a title; the pieces that hold none are
// passed over.
std::string Between(std::string_view text, std::string_view open, std::string_view close) {
  for (size_t at = text.find(open); at != std::string_view::npos; at = text.find(open, at + 1)) {
    const size_t begin = at + open.size();
    const size_t end = text.find(close, begin);
    if (end == std::string_view::npos) return "";
    if (end - begin > 2 * kMaxTitle) continue;
    const std::string piece = CollapseSpace(text.substr(begin, end - begin));
    if (!piece.empty() && piece.size() <= kMaxTitle && !IsApp(piece) && !IsInstruction(piece) &&
        !piece.ends_with("的作品") && !piece.ends_with("的店"))
      return piece;
    at = begin - 1;
  }
  return "";
}

// "CZ0001", "g@B.tr", "7.43", "02/15", "￥x8sd￥": what an app reads back.
bool IsCode(std::string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; }) &&
         std::any_of(word.begin(), word.end(), [](char c) { return IsAsciiDigit(c) || c == '@'; });
}

std::string WithoutCodes(std::string_view clause) {
  std::string kept;
  for (const std::string_view word : SplitAscii(clause, " ")) {
    if (IsCode(word)) continue;
    if (!kept.empty()) kept += ' ';
    kept += word;
  }
  return kept;
}

// The text cut at sentence marks and line ends.
std::vector<std::string> Clauses(std::string_view text) {
  std::vector<std::string> clauses(1);
  for (size_t pos = 0; pos < text.size();) {
    const char32_t c = DecodeUtf8(text, pos);
    static constexpr std::u32string_view kEnds = U"\n\r，。！？；;!?￥¥€👉👈《》";
    if (kEnds.find(c) != kEnds.npos) {
      clauses.emplace_back();
    } else {
      AppendUtf8(clauses.back(), c);
    }
  }
  return clauses;
}

std::string LongestClause(std::string_view text) {
  std::string longest;
  for (const std::string& clause : Clauses(text)) {
    if (IsInstruction(clause)) continue;
    std::string title = WithoutCodes(CollapseSpace(clause));
    for (const std::string_view bracket : {"【", "】"}) {
      if (title.starts_with(bracket)) title.erase(0, bracket.size());
      if (title.ends_with(bracket)) title.erase(title.size() - bracket.size());
    }
    if (IsApp(title)) continue;
    if (title.size() > longest.size() && title.size() <= kMaxTitle) longest = std::move(title);
  }
  return longest;
}

}  // namespace

SharedItem ReadShareText(std::string_view text) {
  SharedItem item;
  std::string rest = ToValidUtf8(TruncateUtf8(text, kMaxText));
  item.url = TakeAddress(rest);
  for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"「", "」"},
                                    {"『", "』"},
                                    {"“", "”"},
                                    {"\"", "\""},
                                    {"【", "】"}}) {
    item.title = Between(rest, open, close);
    if (!item.title.empty()) return item;
  }
  item.title = LongestClause(rest);
  return item;
}

}  // namespace cluehound::triage
