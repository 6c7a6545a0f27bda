#include "rules/word_list.h"

#include "base/text.h"
#include "rules/folding.h"

namespace cluehound::rules {
namespace {

// A term must leave something to search for, and short enough to be one.
constexpr size_t kMaxTermBytes = 200;

bool CheckTerm(const YamlNode& node, Diagnostics& diagnostics) {
  if (TrimAscii(FoldString(node.scalar)).empty()) {
    diagnostics.Error("empty-term", node.where, "the term has no visible character",
                      "write a word, or remove it");
    return false;
  }
  if (node.scalar.size() > kMaxTermBytes) {
    diagnostics.Error("long-term", node.where,
                      "a term is at most " + std::to_string(kMaxTermBytes) + " bytes long",
                      "search for its most telling part");
    return false;
  }
  return true;
}

}  // namespace

std::vector<std::string> ReadPhrases(YamlMap& map, std::string_view key) {
  std::vector<std::string> phrases;
  for (const YamlNode* node : map.Scalars(key)) {
    if (CheckTerm(*node, map.diagnostics())) phrases.push_back(node->scalar);
  }
  return phrases;
}

std::vector<Term> ReadTerms(YamlMap& map, std::string_view key, Diagnostics& diagnostics) {
  std::vector<Term> terms;
  map.Each(key, [&](const YamlNode& node) {
    Term term;
    term.where = node.where;
    if (node.is_map()) {
      YamlMap item(node, diagnostics, "term");
      term.text = item.RequiredText("term");
      term.except = ReadPhrases(item, "except");
      item.Finish();
      const YamlNode* text = node.Find("term");
      if (text == nullptr || !text->is_scalar() || !CheckTerm(*text, diagnostics)) return;
    } else if (node.is_scalar()) {
      term.text = node.scalar;
      if (!CheckTerm(node, diagnostics)) return;
    } else {
      diagnostics.Error("wrong-type", node.where, "a term is a text or a map {term, except}");
      return;
    }
    terms.push_back(std::move(term));
  });
  return terms;
}

std::vector<int> ReadClasses(YamlMap& map) {
  std::vector<int> classes;
  for (const YamlNode* node : map.Scalars("classes")) {
    const auto number = ParseInt(node->scalar);
    if (!number || *number < 1 || *number > 45) {
      map.diagnostics().Error(
          "out-of-range", node->where,
          "a Nice class is a number from 1 to 45, not \"" + node->scalar + "\"");
      continue;
    }
    classes.push_back(static_cast<int>(*number));
  }
  return classes;
}

void CheckId(const std::string& id, const Location& where, Diagnostics& diagnostics) {
  bool good = !id.empty() && id.size() <= 64;
  for (size_t pos = 0; pos < id.size();) {
    const char32_t c = DecodeUtf8(id, pos);
    const bool ascii =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    if (!ascii && (c < 0x80 || IsUnicodeSpace(c) || DisplayWidth(c) == 0)) good = false;
  }
  if (!good) {
    diagnostics.Error("bad-id", where, "\"" + id + "\" is no id",
                      "use at most 64 bytes of small letters, digits, \"-\", \"_\", \".\" or "
                      "Chinese characters");
  }
}

WordList ReadWordList(const std::string& id, const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "word list " + id);
  WordList list;
  list.id = id;
  list.where = node.where;
  CheckId(id, node.where, diagnostics);
  list.label = map.Text("label");
  map.Choice("change", "", {"replace", "extend"});
  list.terms = ReadTerms(map, "terms", diagnostics);
  list.include = map.Texts("include");
  list.except = ReadPhrases(map, "except");
  list.classes = ReadClasses(map);
  if (node.is_map() && list.terms.empty() && list.include.empty() && !map.Has("terms") &&
      !map.Has("change")) {
    map.Error("terms", "missing-key", "the list has no terms", "add \"terms: [...]\"");
  }
  map.Finish();
  return list;
}

}  // namespace cluehound::rules
