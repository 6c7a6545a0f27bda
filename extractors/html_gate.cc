#include "extractors/html_gate.h"

#include <array>
#include <cstring>
#include <vector>

#include "base/text.h"

namespace cluehound::extractors {
namespace {

// Steps of a parser that a page may cost: 8 MB of plain markup at depth 40 stays below a third of
// it, and a machine of 2020 does them in about 0.2 s.
constexpr uint64_t kMaxWork = 100'000'000;

// Shorter contents of scripts are not worth leaving out.
constexpr size_t kShortRawText = 64;

// The first eight letters of a tag name. Enough to tell all names apart that matter here.
// REQUIRES: lower case
constexpr uint64_t Packed(std::string_view name) {
  uint64_t packed = 0;
  for (size_t i = 0; i < name.size() && i < 8; ++i)
    packed = packed << 8 | static_cast<uint8_t>(name[i]);
  return packed;
}

enum class TagKind : uint8_t {
  kNormal,
  kUncounted,  // void elements, and those whose end is implied so often that counting them misleads
  kRawText,
  kItem,   // li: ends an open li of the same list
  kEntry,  // dt, dd
  kRow,
  kCell,
  kSection,        // tbody, thead, tfoot
  kNoSelfNesting,  // a second one ends the first
};

TagKind KindOf(uint64_t name) {
  switch (name) {
    case Packed("area"):
    case Packed("base"):
    case Packed("br"):
    case Packed("col"):
    case Packed("embed"):
    case Packed("hr"):
    case Packed("img"):
    case Packed("image"):
    case Packed("input"):
    case Packed("link"):
    case Packed("meta"):
    case Packed("param"):
    case Packed("source"):
    case Packed("track"):
    case Packed("wbr"):
    case Packed("frame"):
    case Packed("keygen"):
    case Packed("command"):
    case Packed("basefont"):
    case Packed("bgsound"):
    case Packed("html"):
    case Packed("head"):
    case Packed("body"):
    case Packed("p"):
    case Packed("option"):
    case Packed("optgroup"):
    case Packed("colgroup"):
    case Packed("caption"):
    case Packed("rb"):
    case Packed("rp"):
    case Packed("rt"):
    case Packed("rtc"):
      return TagKind::kUncounted;
    case Packed("script"):
    case Packed("style"):
    case Packed("textarea"):
    case Packed("title"):
    case Packed("xmp"):
    case Packed("iframe"):
    case Packed("noembed"):
    case Packed("noframes"):
      return TagKind::kRawText;
    case Packed("li"):
      return TagKind::kItem;
    case Packed("dt"):
    case Packed("dd"):
      return TagKind::kEntry;
    case Packed("tr"):
      return TagKind::kRow;
    case Packed("td"):
    case Packed("th"):
      return TagKind::kCell;
    case Packed("tbody"):
    case Packed("thead"):
    case Packed("tfoot"):
      return TagKind::kSection;
    case Packed("a"):
    case Packed("nobr"):
    case Packed("button"):
    case Packed("h1"):
    case Packed("h2"):
    case Packed("h3"):
    case Packed("h4"):
    case Packed("h5"):
    case Packed("h6"):
      return TagKind::kNoSelfNesting;
    default:
      return TagKind::kNormal;
  }
}

// The elements that a new item, row ... never reaches through.
bool StopsImpliedEnd(TagKind kind, uint64_t name) {
  if (name == Packed("table")) return true;
  if (kind == TagKind::kItem) {
    return name == Packed("ul") || name == Packed("ol") || name == Packed("menu") ||
           KindOf(name) == TagKind::kCell;
  }
  if (kind == TagKind::kEntry) return name == Packed("dl") || KindOf(name) == TagKind::kCell;
  return kind == TagKind::kCell && KindOf(name) == TagKind::kRow;
}

// The open elements, as far as tags alone tell.
class OpenElements {
 public:
  explicit OpenElements(int max_depth) : max_depth_(static_cast<size_t>(max_depth)) {
    open_.reserve(64);
  }

  size_t depth() const { return open_.size(); }
  bool too_deep() const { return open_.size() > max_depth_; }

  void Start(uint64_t name, TagKind kind) {
    if (kind == TagKind::kNoSelfNesting) {
      if (!open_.empty() && open_.back() == name) Pop();
    } else if (kind != TagKind::kNormal) {
      EndImplied(kind);
    }
    open_.push_back(name);
    ++CountOf(name);
  }

  void End(uint64_t name) {
    if (CountOf(name) == 0) return;
    for (size_t i = open_.size(); i-- > 0;) {
      if (open_[i] == name) return PopTo(i);
    }
  }

 private:
  void EndImplied(TagKind kind) {
    for (size_t i = open_.size(); i-- > 0;) {
      if (StopsImpliedEnd(kind, open_[i])) return;
      const TagKind open_kind = KindOf(open_[i]);
      if (open_kind == kind) return PopTo(i);
      // Inline and block wrappers that were left open end with the item; nothing else is looked
      // through for long.
      if (open_.size() - i > kImpliedReach) return;
    }
  }

  void PopTo(size_t size) {
    while (open_.size() > size) Pop();
  }
  void Pop() {
    --CountOf(open_.back());
    open_.pop_back();
  }
  // Names share counters; a shared one only costs a search in vain.
  uint32_t& CountOf(uint64_t name) { return counts_[(name * 0x9E3779B97F4A7C15u) >> 56]; }

  static constexpr size_t kImpliedReach = 64;
  const size_t max_depth_;
  std::vector<uint64_t> open_;
  std::array<uint32_t, 256> counts_{};
};

// Reads tags as the tokenizer of the HTML standard does.
class TagScanner {
 public:
  TagScanner(std::string_view html, const GateLimits& limits)
      : text_(html), open_(limits.max_depth) {}

  GateVerdict Run(const GateLimits& limits) {
    GateVerdict verdict;
    while (pos_ < text_.size()) {
      const size_t tag = text_.find('<', pos_);
      if (tag == std::string_view::npos || tag + 1 >= text_.size()) break;
      pos_ = tag + 1;
      ReadMarkup();
      verdict.depth = std::max(verdict.depth, static_cast<int>(open_.depth()));
      if (open_.too_deep()) {
        verdict.outcome = Outcome::kTooDeep;
        verdict.reason = "标签嵌套超过 " + std::to_string(limits.max_depth) + " 层";
        break;
      }
      if (work_ > kMaxWork) {
        verdict.outcome = Outcome::kTooCostly;
        verdict.reason = "属性过多，或深层标签过多";
        break;
      }
    }
    verdict.work = work_;
    verdict.raw_texts = std::move(raw_texts_);
    return verdict;
  }

 private:
  // Just behind "<".
  void ReadMarkup() {
    const char c = text_[pos_];
    if (IsAsciiAlpha(c)) return ReadStartTag();
    if (c == '/' && pos_ + 1 < text_.size() && IsAsciiAlpha(text_[pos_ + 1])) {
      ++pos_;
      const uint64_t name = ReadName();
      SkipAttributes();
      work_ += open_.depth();
      if (ReadsRawTextAsMarkup(name) && markup_contexts_ > 0) --markup_contexts_;
      return open_.End(name);
    }
    if (text_.compare(pos_, 3, "!--") == 0) return SkipComment();
    if (c == '!' || c == '?' || c == '/') SkipPast('>');
  }

  void ReadStartTag() {
    const uint64_t name = ReadName();
    const uint64_t attributes = SkipAttributes();
    // The parser looks for each attribute among those before it; those of repeated html and body
    // tags pile up.
    uint64_t among = attributes;
    if (name == Packed("html") || name == Packed("body")) among = root_attributes_ += attributes;
    work_ += open_.depth() + 1 + attributes * among / 2;
    const TagKind kind = KindOf(name);
    if (kind == TagKind::kUncounted) return;
    // Only in svg and math may a script or style end with its own "/>".
    if (kind == TagKind::kRawText && (!self_closing_ || markup_contexts_ == 0))
      return SkipRawText(name);
    if (self_closing_) return;
    if (ReadsRawTextAsMarkup(name)) ++markup_contexts_;
    open_.Start(name, kind);
  }

  static bool ReadsRawTextAsMarkup(uint64_t name) {
    return name == Packed("svg") || name == Packed("math") || name == Packed("select");
  }

  bool AtTagNameEnd(size_t pos) const {
    return pos < text_.size() &&
           (IsAsciiSpace(text_[pos]) || text_[pos] == '/' || text_[pos] == '>');
  }

  uint64_t ReadName() {
    uint64_t name = 0;
    int letters = 0;
    for (; pos_ < text_.size(); ++pos_) {
      const char c = text_[pos_];
      if (IsAsciiSpace(c) || c == '/' || c == '>') break;
      if (letters++ < 8) name = name << 8 | static_cast<uint8_t>(AsciiLower(c));
    }
    return name;
  }

  // Up to and with the ">" of the tag; how many attributes there were.
  uint64_t SkipAttributes() {
    uint64_t count = 0;
    self_closing_ = false;
    while (pos_ < text_.size()) {
      const char c = text_[pos_];
      if (c == '>') {
        ++pos_;
        return count;
      }
      if (c == '/' || IsAsciiSpace(c)) {
        self_closing_ = c == '/' || (self_closing_ && c != '/');
        ++pos_;
        continue;
      }
      self_closing_ = false;
      ++count;
      SkipAttribute();
    }
    return count;
  }

  void SkipAttribute() {
    // A "=" in front belongs to the name.
    for (++pos_; pos_ < text_.size(); ++pos_) {
      const char c = text_[pos_];
      if (c == '=' || c == '>' || c == '/' || IsAsciiSpace(c)) break;
    }
    size_t ahead = pos_;
    while (ahead < text_.size() && IsAsciiSpace(text_[ahead])) ++ahead;
    if (ahead >= text_.size() || text_[ahead] != '=') return;
    pos_ = ahead + 1;
    while (pos_ < text_.size() && IsAsciiSpace(text_[pos_])) ++pos_;
    if (pos_ >= text_.size()) return;
    const char quote = text_[pos_];
    if (quote == '"' || quote == '\'') {
      ++pos_;
      return SkipPast(quote);
    }
    while (pos_ < text_.size() && text_[pos_] != '>' && !IsAsciiSpace(text_[pos_])) ++pos_;
  }

  void SkipPast(char c) {
    const size_t found = text_.find(c, pos_);
    pos_ = found == std::string_view::npos ? text_.size() : found + 1;
  }

  // At "!--". "<!-->" and "<!--->" are whole comments.
  void SkipComment() {
    pos_ += 3;
    if (text_.compare(pos_, 1, ">") == 0 || text_.compare(pos_, 2, "->") == 0) return SkipPast('>');
    while (pos_ < text_.size()) {
      const size_t dashes = text_.find("--", pos_);
      if (dashes == std::string_view::npos) break;
      pos_ = dashes + 2;
      if (text_.compare(pos_, 1, ">") == 0 || text_.compare(pos_, 2, "!>") == 0)
        return SkipPast('>');
      --pos_;  // "--->" ends one too
    }
    pos_ = text_.size();
  }

  // Behind the start tag, up to its end tag, which is left to be read. A script that speaks of
  // "<!-- <script" goes on behind the next "</script".
  void SkipRawText(uint64_t name) {
    const size_t begin = pos_;
    bool comment = false;
    bool nested = false;
    while (true) {
      const size_t tag = text_.find('<', pos_);
      if (tag == std::string_view::npos) {
        pos_ = text_.size();
        return;
      }
      if (comment && text_.substr(pos_, tag - pos_).find("-->") != std::string_view::npos) {
        comment = nested = false;
      }
      pos_ = tag + 1;
      if (pos_ < text_.size() && text_[pos_] == '/') {
        ++pos_;
        const size_t start = pos_;
        if (ReadName() != name) {
          pos_ = start;
        } else if (nested) {
          nested = false;
        } else {
          NoteRawText(name, {begin, tag});
          SkipAttributes();
          return;
        }
      } else if (name == Packed("script")) {
        if (text_.compare(pos_, 3, "!--") == 0) {
          comment = true;
        } else if (comment && AtTagNameEnd(pos_ + 6) &&
                   StartsWithIgnoreAsciiCase(text_.substr(pos_), "script")) {
          nested = true;
        }
      }
    }
  }

  void NoteRawText(uint64_t name, RawText raw) {
    if (name != Packed("script") && name != Packed("style")) return;
    if (markup_contexts_ == 0 && raw.end - raw.begin >= kShortRawText) raw_texts_.push_back(raw);
  }

  const std::string_view text_;
  size_t pos_ = 0;
  OpenElements open_;
  bool self_closing_ = false;
  int markup_contexts_ = 0;  // open svg, math and select elements
  std::vector<RawText> raw_texts_;
  uint64_t root_attributes_ = 0;
  uint64_t work_ = 0;
};

}  // namespace

GateVerdict JudgeHtml(std::string_view html, const GateLimits& limits) {
  if (html.size() > limits.max_bytes) {
    GateVerdict verdict;
    verdict.outcome = Outcome::kBodyTooLarge;
    verdict.reason = "页面 " + std::to_string(html.size()) + " 字节，超过上限 " +
                     std::to_string(limits.max_bytes);
    return verdict;
  }
  return TagScanner(html, limits).Run(limits);
}

}  // namespace cluehound::extractors
