#include "rules/rule_format.h"

#include <vector>

#include "base/diagnostic.h"
#include "base/text.h"
#include "base/yaml.h"

namespace cluehound::rules {
namespace {

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  return lines;
}

size_t IndentOf(std::string_view line) {
  const size_t indent = line.find_first_not_of(' ');
  return indent == std::string_view::npos ? line.size() : indent;
}

bool IsItem(std::string_view content) { return content == "-" || content.starts_with("- "); }

std::string_view TrimEnd(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Spaces inside one line, and what is still open at its end.
class LineSpacing {
 public:
  int brackets() const { return brackets_; }
  char quote() const { return quote_; }
  // The key of the last line had the value "|" or ">".
  bool block() const { return block_; }
  // The last line, outside brackets, began with a key.
  bool keyed() const { return keyed_; }

  std::string Format(std::string_view line) {
    std::string out;
    keyed_ = block_ = false;
    size_t value = std::string_view::npos;  // where the value of the line's key begins in `out`
    for (size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      if (quote_ != 0) {
        out += c;
        if (c == '\\' && quote_ == '"' && i + 1 < line.size()) {
          out += line[++i];
        } else if (c == quote_) {
          if (quote_ == '\'' && i + 1 < line.size() && line[i + 1] == '\'') {
            out += line[++i];
          } else {
            quote_ = 0;
          }
        }
        continue;
      }
      if (c == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
        out += line.substr(i);
        break;
      }
      const bool starts = AtStart(out);
      if ((c == '"' || c == '\'') && starts) {
        quote_ = c;
        out += c;
      } else if ((c == '[' || c == '{') && (starts || brackets_ > 0)) {
        ++brackets_;
        out += c;
        Skip(line, i);
      } else if ((c == ']' || c == '}') && brackets_ > 0) {
        --brackets_;
        while (out.ends_with(' ')) out.pop_back();
        out += c;
      } else if (c == ',' && brackets_ > 0) {
        while (out.ends_with(' ')) out.pop_back();
        out += c;
        Skip(line, i);
        if (i + 1 < line.size()) out += ' ';
      } else if (c == ':' && (i + 1 == line.size() || line[i + 1] == ' ') &&
                 (brackets_ > 0 || !keyed_)) {
        out += c;
        Skip(line, i);
        if (i + 1 < line.size()) out += ' ';
        if (brackets_ == 0) keyed_ = true, value = out.size();
      } else {
        out += c;
      }
    }
    out = TrimEnd(out);
    if (value != std::string_view::npos && value < out.size() && quote_ == 0)
      block_ = out[value] == '|' || out[value] == '>';
    return out;
  }

 private:
  // A value begins here: nothing stands before it but blanks, dashes, brackets, "," or ": ".
  static bool AtStart(const std::string& out) {
    const size_t last = out.find_last_not_of(' ');
    if (last == std::string::npos) return true;
    const char c = out[last];
    if (c == '[' || c == '{' || c == ',') return true;
    return (c == ':' || c == '-') && last + 1 < out.size();
  }
  static void Skip(std::string_view line, size_t& i) {
    while (i + 1 < line.size() && line[i + 1] == ' ') ++i;
    // A comment needs its blank.
    if (i + 1 < line.size() && line[i + 1] == '#' && line[i] == ' ') --i;
  }

  int brackets_ = 0;
  char quote_ = 0;
  bool keyed_ = false, block_ = false;
};

class Formatter {
 public:
  std::string Run(std::string_view text) {
    levels_.push_back({0, 0, false});
    for (const std::string_view raw : Lines(text)) {
      const std::string_view line = spacing_.quote() != 0 ? raw : TrimEnd(raw);
      if (InBlock(line)) continue;
      if (spacing_.quote() != 0) {
        PutRaw(spacing_.Format(line));  // the text itself goes on
      } else if (line.empty()) {
        blank_ = true;
      } else if (line[IndentOf(line)] == '#' && spacing_.brackets() == 0) {
        comments_.push_back({blank_, line.substr(IndentOf(line))});
        blank_ = false;
      } else {
        PutLine(line);
      }
    }
    for (const Comment& comment : comments_) PutComment(comment, 0);
    return std::move(out_);
  }

 private:
  struct Level {
    size_t before = 0;  // column in the file
    size_t after = 0;   // column as laid down
    bool list = false;  // of "-"
  };
  struct Comment {
    bool blank = false;  // an empty line precedes it
    std::string_view text;
  };

  // The lines of a "|" or ">" move with their key and are else left alone.
  bool InBlock(std::string_view line) {
    if (!block_) return false;
    if (!line.empty() && IndentOf(line) <= block_before_) {
      block_ = false;
      return false;
    }
    if (line.empty()) {
      PutRaw("");
      return true;
    }
    const size_t indent = IndentOf(line) - block_before_ + block_after_;
    PutRaw(std::string(indent, ' ') + std::string(line.substr(IndentOf(line))));
    return true;
  }

  void PutRaw(const std::string& line) { out_ += line + "\n"; }

  void PutComment(const Comment& comment, size_t indent) {
    if (comment.blank && !out_.empty()) out_ += '\n';
    PutRaw(std::string(indent, ' ') + std::string(comment.text));
  }

  void Put(size_t indent, const std::string& content) {
    for (const Comment& comment : comments_) PutComment(comment, indent);
    comments_.clear();
    if (blank_ && !out_.empty()) out_ += '\n';
    blank_ = false;
    PutRaw(std::string(indent, ' ') + content);
  }

  void PutLine(std::string_view line) {
    const size_t before = IndentOf(line);
    const std::string_view content = line.substr(before);
    if (spacing_.brackets() > 0) {
      Put(begun_ + 4, spacing_.Format(content));
      return;
    }
    LineSpacing probe;
    const std::string formatted = probe.Format(content);
    if (!IsItem(content) && !probe.keyed() && !out_.empty() && before > levels_.back().before) {
      // A value that goes on, or the value of a key on a line of its own.
      spacing_ = probe;
      Put(begun_ + 4, formatted);
      return;
    }
    const size_t after = Enter(before, IsItem(content));
    begun_ = after;
    std::string shown;
    size_t column = before, laid = after;
    std::string_view rest = content;
    while (IsItem(rest)) {  // "- - key: value"
      size_t skip = 1;
      while (skip < rest.size() && rest[skip] == ' ') ++skip;
      shown += rest == "-" ? "-" : "- ";
      column += skip;
      laid += 2;
      rest.remove_prefix(skip);
      if (rest.empty()) break;
      levels_.push_back({column, laid, IsItem(rest)});
    }
    shown += spacing_.Format(rest);
    Put(after, std::string(TrimEnd(shown)));
    block_ = spacing_.block();
    block_before_ = before;
    block_after_ = after;
  }

  // The column for a line that stood at `before`.
  size_t Enter(size_t before, bool item) {
    while (levels_.size() > 1 &&
           (levels_.back().before > before ||
            (levels_.back().before == before && levels_.back().list && !item)))
      levels_.pop_back();
    const Level top = levels_.back();
    const bool deeper = before > top.before || (item && !top.list && !out_.empty());
    if (!deeper) {
      levels_.back().list = item;
      return top.after;
    }
    levels_.push_back({before, top.after + 2, item});
    return top.after + 2;
  }

  std::string out_;
  std::vector<Level> levels_;
  std::vector<Comment> comments_;  // for the next line
  bool blank_ = false;             // an empty line precedes the next one
  LineSpacing spacing_;
  size_t begun_ = 0;  // column of the last line that began something
  bool block_ = false;
  size_t block_before_ = 0, block_after_ = 0;
};

// As deep as the reader lets nodes be nested.
bool Same(const YamlNode& a, const YamlNode& b) {
  if (a.kind != b.kind || a.quoted != b.quoted || a.scalar != b.scalar ||
      a.items.size() != b.items.size() || a.members.size() != b.members.size())
    return false;
  for (size_t i = 0; i < a.items.size(); ++i) {
    if (!Same(a.items[i], b.items[i])) return false;
  }
  for (size_t i = 0; i < a.members.size(); ++i) {
    if (!Same(a.members[i].first, b.members[i].first) ||
        !Same(a.members[i].second, b.members[i].second))
      return false;
  }
  return true;
}

}  // namespace

Result<std::string> FormatRuleFile(std::string_view text, const std::string& name) {
  Diagnostics diagnostics;
  const auto before = ParseYaml(text, name, diagnostics);
  if (!before) return diagnostics.ToStatus();
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::string formatted = Formatter().Run(text);
  const auto after = ParseYaml(formatted, name, diagnostics);
  if (!after || !Same(*before, *after) || Formatter().Run(formatted) != formatted)
    return Status::InvalidArgument(
        name + ": written in a way that cannot be formatted without risk; left as it is");
  return formatted;
}

}  // namespace cluehound::rules
