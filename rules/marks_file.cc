#include "rules/marks_file.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/file.h"
#include "base/join.h"
#include "base/text.h"
#include "base/yaml.h"
#include "rules/folding.h"
#include "rules/mark.h"

namespace cluehound::rules {
namespace {

constexpr size_t kMaxFileBytes = 16u << 20;

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

template <class T, class F>
std::string FlowList(const std::vector<T>& items, const F& write) {
  return "[" + Join(items, ", ", write) + "]";
}

// The mark as an item of `marks:`, every line behind `indent`.
std::string Item(const NewMark& mark, const std::string& indent) {
  std::string out = indent + "- id: " + Quoted(mark.id) + "\n";
  const auto line = [&](std::string_view key, const std::string& value) {
    out += indent + "  " + std::string(key) + ": " + value + "\n";
  };
  line("kind", MarkKindFromName(mark.kind) ? mark.kind : Quoted(mark.kind));
  line("name", Quoted(mark.name));
  if (!mark.aliases.empty()) line("aliases", FlowList(mark.aliases, Quoted));
  if (!mark.goods.empty()) line("goods", FlowList(mark.goods, Quoted));
  if (!mark.classes.empty())
    line("classes", FlowList(mark.classes, [](int nice) { return std::to_string(nice); }));
  if (!mark.area.empty()) line("origin", "{area: " + FlowList(mark.area, Quoted) + "}");
  if (!mark.owner.empty()) line("owner", Quoted(mark.owner));
  if (!mark.number.empty()) line("number", Quoted(mark.number));
  if (!mark.valid_from.empty()) line("valid_from", mark.valid_from);
  if (!mark.valid_to.empty()) line("valid_to", mark.valid_to);
  if (!mark.note.empty()) line("note", Quoted(mark.note));
  line("certainty", "unverified");
  return out;
}

std::string SellerText(const NewSeller& seller) {
  std::string out;
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) out += (out.empty() ? "" : ", ") + std::string(key) + ": " + value;
  };
  add("seller", seller.seller.empty() ? "" : Quoted(seller.seller));
  add("seller_id", seller.seller_id.empty() ? "" : Quoted(seller.seller_id));
  add("platform", seller.platform.empty() ? "" : Quoted(seller.platform));
  add("proof", seller.proof.empty() ? "" : Quoted(seller.proof));
  add("until", seller.until);
  return "{" + out + "}";
}

// Where line `line` (from 1) begins in `text`; its size when there are fewer lines.
size_t LineBegin(std::string_view text, int line) {
  size_t pos = 0;
  for (int i = 1; i < line; ++i) {
    pos = text.find('\n', pos);
    if (pos == std::string_view::npos) return text.size();
    ++pos;
  }
  return pos;
}

int LineAt(std::string_view text, size_t pos) {
  return 1 + static_cast<int>(
                 std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(pos), '\n'));
}

// Where items of `marks:` go in an overlay file, and behind which indentation.
struct MarksPlace {
  std::string text;  // of the file, with `marks:` in it
  size_t begin = 0;  // of the first item
  size_t end = 0;    // behind the last item
  std::string indent = "  ";
};

Result<MarksPlace> FindMarks(const std::string& name, std::string text, Diagnostics& diagnostics) {
  const auto root = ParseYaml(text, name, diagnostics);
  if (!root) return diagnostics.ToStatus();
  MarksPlace place;
  place.text = std::move(text);
  if (!place.text.empty() && place.text.back() != '\n') place.text += '\n';
  const auto key = std::find_if(root->members.begin(), root->members.end(),
                                [](const auto& member) { return member.first.scalar == "marks"; });
  if (key == root->members.end()) {
    place.text += "marks:\n";
    place.begin = place.end = place.text.size();
    return place;
  }
  const YamlNode& marks = key->second;
  if (marks.is_sequence() && !marks.items.empty()) {
    const std::string_view line =
        std::string_view(place.text).substr(LineBegin(place.text, marks.items[0].where.line));
    const size_t dash = line.find_first_not_of(' ');
    if (dash == std::string_view::npos || line[dash] != '-' ||
        marks.items[0].where.line == key->first.where.line)
      return Status::InvalidArgument(name +
                                     ": marks: is not written one mark a line (\"- id: ...\")");
    place.indent.assign(dash, ' ');
  } else if (!marks.is_null()) {
    return Status::InvalidArgument(name + ": marks: must be a list with one mark a line");
  }
  place.begin = LineBegin(place.text, key->first.where.line + 1);
  // The next key, without the comments and blank lines that stand above it.
  place.end = std::next(key) == root->members.end()
                  ? place.text.size()
                  : LineBegin(place.text, std::next(key)->first.where.line);
  while (place.end > place.begin) {
    const size_t before = place.text.rfind('\n', place.end - 2);
    const size_t begin = before == std::string::npos ? 0 : before + 1;
    const std::string_view line =
        TrimAscii(std::string_view(place.text).substr(begin, place.end - begin));
    if (begin < place.begin || (!line.empty() && !line.starts_with('#'))) break;
    place.end = begin;
  }
  return place;
}

bool IsOneLine(std::string_view text) {
  return IsValidUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

Status CheckTexts(const NewMark& mark) {
  std::vector<std::string_view> texts = {mark.id,     mark.kind,       mark.name,     mark.owner,
                                         mark.number, mark.valid_from, mark.valid_to, mark.note};
  for (const auto* list : {&mark.aliases, &mark.goods, &mark.area})
    texts.insert(texts.end(), list->begin(), list->end());
  for (const std::string_view text : texts) {
    if (!IsOneLine(text))
      return Status::InvalidArgument("a mark's texts are one line of UTF-8 each");
  }
  for (const std::string* day : {&mark.valid_from, &mark.valid_to}) {
    if (!day->empty() && !ParseDay(*day))
      return Status::InvalidArgument("\"" + *day + "\" is no day such as 2026-08-29");
  }
  return Status::Ok();
}

// The overlay file as it is.
struct Overlay {
  std::string name;
  MarksPlace place;

  // A file that is not there is empty.
  static Result<Overlay> Read(const std::string& file) {
    Overlay overlay;
    overlay.name = std::filesystem::path(file).filename().string();
    Result<std::string> text = ReadFile(file, kMaxFileBytes);
    if (!text.ok() && text.status().code() != Code::kNotFound) return text.status();
    Diagnostics diagnostics;
    ASSIGN_OR_RETURN(overlay.place,
                     FindMarks(overlay.name, text.ok() ? *std::move(text) : "", diagnostics));
    return overlay;
  }

  Result<std::shared_ptr<const RuleSet>> Compile(const std::string& text,
                                                 const std::vector<RuleFile>& others,
                                                 Diagnostics& diagnostics) const {
    std::vector<RuleFile> files = others;
    const auto own = std::find_if(files.begin(), files.end(),
                                  [&](const RuleFile& other) { return other.name == name; });
    if (own == files.end()) {
      files.push_back({name, text});
    } else {
      *own = {name, text};  // in its place: files behind it may change its marks
    }
    return RuleSet::Compile(files, diagnostics);
  }
};

}  // namespace

std::string MarkIdFor(std::string_view name) {
  std::string id;
  const std::string folded = FoldString(name);
  for (size_t pos = 0; pos < folded.size();) {
    const char32_t c = DecodeUtf8(folded, pos);
    const bool letter =
        c >= 0x80 ? DisplayWidth(c) > 0 && !IsUnicodeSpace(c) : IsAsciiAlnum(static_cast<char>(c));
    if (letter) {
      AppendUtf8(id, c);
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  while (id.ends_with('-')) id.pop_back();
  return std::string(TruncateUtf8(id, 60));
}

Result<std::string> AddMark(const std::string& file, const NewMark& mark,
                            const std::vector<RuleFile>& others, Diagnostics& diagnostics) {
  std::vector<RefusedMark> refused;
  std::vector<std::string> ids;
  const auto change = PrepareMarks(file, {mark}, others, refused, ids);
  if (!change.ok()) {
    diagnostics.Error("refused-mark", {file, 0, 0}, change.status().message());
    return change.status();
  }
  RETURN_IF_ERROR(Apply(*change));
  return ids.at(0);
}

Status Apply(const OverlayChange& change) { return WriteFileAtomically(change.file, change.text); }

namespace {

// Takes out those whose name another mark of the kind has: two marks of one name make every hit
// twice, and what is meant is to extend the one that there is.
void RefuseNamesakes(const RuleSet& set, std::vector<std::pair<size_t, NewMark>>& marks,
                     std::vector<RefusedMark>& refused) {
  std::multimap<std::string, const MarkSummary*> by_name;
  for (const MarkSummary& mark : set.marks()) by_name.emplace(FoldString(mark.name), &mark);
  std::erase_if(marks, [&](const auto& entry) {
    const NewMark& mark = entry.second;
    const auto [first, last] = by_name.equal_range(FoldString(mark.name));
    for (auto it = first; it != last; ++it) {
      if (it->second->id == mark.id || it->second->kind != mark.kind) continue;
      refused.push_back({entry.first, "mark " + it->second->id + " has this name already (file " +
                                          it->second->file + ")"});
      return true;
    }
    return false;
  });
}

}  // namespace

Result<OverlayChange> PrepareMarks(const std::string& file, const std::vector<NewMark>& wanted,
                                   const std::vector<RuleFile>& others,
                                   std::vector<RefusedMark>& refused,
                                   std::vector<std::string>& ids) {
  ASSIGN_OR_RETURN(const Overlay overlay, Overlay::Read(file));
  std::vector<std::pair<size_t, NewMark>> marks;
  for (size_t i = 0; i < wanted.size(); ++i) {
    NewMark mark = wanted[i];
    if (mark.id.empty()) mark.id = MarkIdFor(mark.name);
    if (const Status s = CheckTexts(mark); !s.ok()) {
      refused.push_back({i, s.message()});
    } else {
      marks.emplace_back(i, std::move(mark));
    }
  }
  // Mistakes stand at the lines of the marks that make them; without those marks it is tried again.
  constexpr int kMaxRounds = 8;
  for (int round = 0; !marks.empty() && round < kMaxRounds; ++round) {
    std::string text = overlay.place.text;
    std::string items;
    std::vector<int> first_line;
    const int line = LineAt(text, overlay.place.begin);
    for (const auto& [index, mark] : marks) {
      first_line.push_back(line + LineAt(items, items.size()) - 1);
      items += Item(mark, overlay.place.indent);
    }
    const int last = line + LineAt(items, items.size()) - 1;
    text.insert(overlay.place.begin, items);
    Diagnostics diagnostics;
    auto set = overlay.Compile(text, others, diagnostics);
    const size_t refused_before = refused.size();
    if (set.ok()) RefuseNamesakes(**set, marks, refused);
    if (set.ok() && refused.size() == refused_before) {
      for (const auto& [index, mark] : marks) ids.push_back(mark.id);
      return OverlayChange{file, std::move(text), *std::move(set)};
    }
    if (set.ok()) continue;
    std::vector<size_t> bad;
    for (const Diagnostic& d : diagnostics.all()) {
      if (d.severity != Severity::kError || d.where.file != overlay.name ||
          d.where.line < first_line[0] || d.where.line >= last)
        continue;
      const auto next = std::upper_bound(first_line.begin(), first_line.end(), d.where.line);
      const auto at = static_cast<size_t>(next - first_line.begin()) - 1;
      if (!bad.empty() && bad.back() == at) continue;
      if (std::find(bad.begin(), bad.end(), at) != bad.end()) continue;
      bad.push_back(at);
      refused.push_back(
          {marks[at].first, d.message + (d.remedy.empty() ? "" : " (" + d.remedy + ")")});
    }
    if (bad.empty()) return set.status();  // the mistake is elsewhere
    std::sort(bad.rbegin(), bad.rend());
    for (const size_t at : bad) marks.erase(marks.begin() + static_cast<std::ptrdiff_t>(at));
  }
  std::sort(refused.begin(), refused.end(),
            [](const RefusedMark& a, const RefusedMark& b) { return a.index < b.index; });
  return Status::InvalidArgument(refused.empty() ? "there is no mark to add" : refused[0].reason);
}

namespace {

// Adds an entry behind the marks of the overlay, so that it may speak of those.
Result<OverlayChange> PrepareEntry(const std::string& file, const std::string& lines,
                                   const std::vector<RuleFile>& others) {
  ASSIGN_OR_RETURN(const Overlay overlay, Overlay::Read(file));
  std::string text = overlay.place.text;
  std::string items;
  for (const std::string_view line : SplitAscii(lines, "\n"))
    items += overlay.place.indent + std::string(line) + "\n";
  text.insert(overlay.place.end, items);
  Diagnostics diagnostics;
  ASSIGN_OR_RETURN(auto set, overlay.Compile(text, others, diagnostics));
  return OverlayChange{file, std::move(text), std::move(set)};
}

}  // namespace

Result<OverlayChange> PrepareSellers(const std::string& file, const std::string& mark,
                                     const std::vector<NewSeller>& sellers,
                                     const std::vector<RuleFile>& others) {
  if (sellers.empty()) return Status::InvalidArgument("there is no seller to authorise");
  std::string lines = "- id: " + Quoted(mark) + "\n  change: extend\n  authorised:\n";
  for (const NewSeller& seller : sellers) {
    for (const std::string* text :
         {&seller.seller, &seller.seller_id, &seller.platform, &seller.proof, &seller.until}) {
      if (!IsOneLine(*text))
        return Status::InvalidArgument("a seller's texts are one line of UTF-8 each");
    }
    if (!seller.until.empty() && !ParseDay(seller.until))
      return Status::InvalidArgument("\"" + seller.until + "\" is no day such as 2027-06-30");
    lines += "    - " + SellerText(seller) + "\n";
  }
  return PrepareEntry(file, lines, others);
}

Result<OverlayChange> PrepareRetirement(const std::string& file, const std::string& mark,
                                        const std::string& reason,
                                        const std::vector<RuleFile>& others) {
  if (!IsOneLine(reason)) return Status::InvalidArgument("the reason is one line of UTF-8");
  return PrepareEntry(file,
                      "- {id: " + Quoted(mark) + ", change: retire}" +
                          (reason.empty() ? "" : "  # " + reason) + "\n",
                      others);
}

Result<MarkSummary> FindMark(const RuleSet& set, const std::string& id_or_name) {
  std::vector<std::string_view> known;
  const MarkSummary* by_name = nullptr;
  for (const MarkSummary& mark : set.marks()) {
    if (mark.id == id_or_name) return mark;
    if (FoldString(mark.name) == FoldString(id_or_name)) {
      if (by_name != nullptr)
        return Status::InvalidArgument("several marks are named " + id_or_name + ": " +
                                       by_name->id + ", " + mark.id);
      by_name = &mark;
    }
    known.push_back(mark.id);
    known.push_back(mark.name);
  }
  if (by_name != nullptr) return *by_name;
  const std::string_view closest = ClosestWord(id_or_name, known);
  return Status::NotFound(
      "there is no mark \"" + id_or_name + "\"" +
      (closest.empty() ? "" : "; did you mean \"" + std::string(closest) + "\"?"));
}

}  // namespace cluehound::rules
