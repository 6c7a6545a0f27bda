#include "rules/marks_file.h"

#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"
#include "rules/folding.h"

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
  std::string out;
  for (const T& item : items) out += (out.empty() ? "" : ", ") + write(item);
  return "[" + out + "]";
}

// The mark as an item of `marks:`, every line behind `indent`.
std::string Item(const NewMark& mark, const std::string& indent) {
  std::string out = indent + "- id: " + Quoted(mark.id) + "\n";
  const auto line = [&](std::string_view key, const std::string& value) {
    out += indent + "  " + std::string(key) + ": " + value + "\n";
  };
  line("kind", mark.kind);
  line("name", Quoted(mark.name));
  if (!mark.aliases.empty()) line("aliases", FlowList(mark.aliases, Quoted));
  if (!mark.goods.empty()) line("goods", FlowList(mark.goods, Quoted));
  if (!mark.classes.empty())
    line("classes", FlowList(mark.classes, [](int nice) { return std::to_string(nice); }));
  if (!mark.area.empty()) line("origin", "{area: " + FlowList(mark.area, Quoted) + "}");
  if (!mark.owner.empty()) line("owner", Quoted(mark.owner));
  if (!mark.number.empty()) line("number", Quoted(mark.number));
  line("certainty", "unverified");
  return out;
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

// `text` with the mark added as the first item of `marks:`, or with `marks:` added at its end.
Result<std::string> WithMark(const std::string& name, std::string text, const NewMark& mark,
                             Diagnostics& diagnostics) {
  const auto root = ParseYaml(text, name, diagnostics);
  if (!root) return diagnostics.ToStatus();
  if (!text.empty() && text.back() != '\n') text += '\n';
  const YamlNode* marks = root->Find("marks");
  if (marks == nullptr) return text + "marks:\n" + Item(mark, "  ");
  const auto key = std::find_if(root->members.begin(), root->members.end(),
                                [](const auto& member) { return member.first.scalar == "marks"; });
  std::string indent = "  ";
  if (marks->is_sequence() && !marks->items.empty()) {
    const std::string_view line =
        std::string_view(text).substr(LineBegin(text, marks->items[0].where.line));
    const size_t dash = line.find_first_not_of(' ');
    if (dash == std::string_view::npos || line[dash] != '-' ||
        marks->items[0].where.line == key->first.where.line)
      return Status::InvalidArgument(name +
                                     ": marks: is not written one mark a line (\"- id: ...\")");
    indent.assign(dash, ' ');
  } else if (!marks->is_null()) {
    return Status::InvalidArgument(name + ": marks: must be a list with one mark a line");
  }
  text.insert(LineBegin(text, key->first.where.line + 1), Item(mark, indent));
  return text;
}

bool IsOneLine(std::string_view text) {
  return IsValidUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

Status CheckTexts(const NewMark& mark) {
  std::vector<std::string_view> texts = {mark.id, mark.kind, mark.name, mark.owner, mark.number};
  for (const auto* list : {&mark.aliases, &mark.goods, &mark.area})
    texts.insert(texts.end(), list->begin(), list->end());
  for (const std::string_view text : texts) {
    if (!IsOneLine(text))
      return Status::InvalidArgument("a mark's texts are one line of UTF-8 each");
  }
  return Status::Ok();
}

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

Result<std::string> AddMark(const std::string& file, const NewMark& wanted,
                            const std::vector<RuleFile>& others, Diagnostics& diagnostics) {
  NewMark mark = wanted;
  if (mark.id.empty()) mark.id = MarkIdFor(mark.name);
  RETURN_IF_ERROR(CheckTexts(mark));
  const std::string name = std::filesystem::path(file).filename().string();
  std::string text;
  Result<std::string> existing = ReadFile(file, kMaxFileBytes);
  if (existing.ok()) {
    text = *std::move(existing);
  } else if (existing.status().code() != Code::kNotFound) {
    return existing.status();
  }
  ASSIGN_OR_RETURN(text, WithMark(name, std::move(text), mark, diagnostics));
  std::vector<RuleFile> files = others;
  std::erase_if(files, [&](const RuleFile& other) { return other.name == name; });
  files.push_back({name, text});
  const auto set = RuleSet::Compile(files, diagnostics);
  if (!set.ok()) return set.status();
  RETURN_IF_ERROR(WriteFileAtomically(file, text));
  return mark.id;
}

}  // namespace cluehound::rules
