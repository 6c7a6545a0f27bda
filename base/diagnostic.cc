#include "base/diagnostic.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace cluehound {
namespace {

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "";
}

std::string_view LineOf(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return "";
    text.remove_prefix(end + 1);
  }
  std::string_view found = text.substr(0, text.find('\n'));
  if (found.ends_with('\r')) found.remove_suffix(1);
  return found;
}

// The credentials of addresses ("://user:password@") as stars, as many as there were characters: a
// line with a mistake may hold a secret that is none.
std::string WithoutCredentials(std::string_view line) {
  std::string shown(line);
  // In a proxy's address a slash may be a mistake in the password.
  const char* ends = shown.find("proxy") == std::string::npos ? "/ \t,]}\"'" : " \t,]}\"'";
  for (size_t at = shown.find("://"); at != std::string::npos; at = shown.find("://", at)) {
    at += 3;
    const size_t end = std::min(shown.find_first_of(ends, at), shown.size());
    const size_t mark = shown.rfind('@', end - 1);
    if (mark == std::string::npos || mark < at) continue;
    shown.replace(at, mark - at, static_cast<size_t>(DisplayWidth(shown.substr(at, mark - at))),
                  '*');
  }
  return shown;
}

// The line and a caret under the column; long lines are cut around it.
void RenderLine(std::string_view raw, int column, std::string& out) {
  const std::string line = WithoutCredentials(raw);
  if (TrimAscii(line).empty()) return;  // the end of the file: nothing to show
  constexpr int kContext = 60;          // characters kept on each side of the column
  std::string shown, under;
  int at = 0;
  for (size_t pos = 0; pos < line.size();) {
    const char32_t c = DecodeUtf8(line, pos);
    ++at;
    if (at < column - kContext) continue;
    if (at > column + kContext) break;
    AppendUtf8(shown, c == '\t' ? U' ' : c);
    if (at < column) under.append(static_cast<size_t>(c == '\t' ? 1 : DisplayWidth(c)), ' ');
  }
  out += "    " + shown + "\n";
  if (column > 0) out += "    " + under + "^\n";
}

// Optimal string alignment distance, given up beyond `limit`.
size_t EditDistance(std::string_view a, std::string_view b, size_t limit) {
  if (a.size() > b.size() + limit || b.size() > a.size() + limit) return limit + 1;
  std::vector<size_t> before(b.size() + 1), row(b.size() + 1), older(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    older = std::exchange(before, row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({before[j] + 1, row[j - 1] + 1, before[j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], older[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

size_t Diagnostics::errors() const {
  return static_cast<size_t>(std::count_if(all_.begin(), all_.end(), [](const Diagnostic& d) {
    return d.severity == Severity::kError;
  }));
}

std::string Diagnostics::Render() const {
  std::vector<const Diagnostic*> sorted;
  for (const Diagnostic& d : all_) sorted.push_back(&d);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic* a, const Diagnostic* b) {
    return std::tie(a->where.file, a->where.line, a->where.column) <
           std::tie(b->where.file, b->where.line, b->where.column);
  });
  std::string out;
  for (const Diagnostic* d : sorted) {
    if (!d->where.file.empty()) {
      out += d->where.file + ":";
      if (d->where.line > 0)
        out += std::to_string(d->where.line) + ":" + std::to_string(d->where.column) + ":";
      out += " ";
    }
    out += std::string(SeverityName(d->severity)) + ": " + d->message + " [" + d->code + "]\n";
    if (const auto source = sources_.find(d->where.file);
        source != sources_.end() && d->where.line > 0) {
      RenderLine(LineOf(source->second, d->where.line), d->where.column, out);
    }
    if (!d->remedy.empty()) out += "    " + d->remedy + "\n";
  }
  return out;
}

Status Diagnostics::ToStatus() const {
  if (ok()) return Status::Ok();
  std::string text = Render();
  if (text.ends_with('\n')) text.pop_back();
  return Status::InvalidArgument(std::move(text));
}

std::string_view ClosestWord(std::string_view word,
                             const std::vector<std::string_view>& candidates) {
  const size_t limit = word.size() <= 4 ? 1 : word.size() <= 8 ? 2 : 3;
  std::string_view best;
  size_t best_distance = limit + 1;
  for (const std::string_view candidate : candidates) {
    const size_t distance = EditDistance(word, candidate, limit);
    if (distance < best_distance) best = candidate, best_distance = distance;
  }
  return best;
}

}  // namespace cluehound
