#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace cluehound {

enum class Severity { kInfo, kWarning, kError };

// A place in a file that a person wrote. Line and column count from 1, the column in characters; 0
// is unknown.
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
};

// One mistake: what, where, and how to mend it.
struct Diagnostic {
  Severity severity = Severity::kError;
  std::string code;  // stable, "unknown-key"
  Location where;
  std::string message;  // what and why
  std::string remedy;   // how to mend it; may be empty
};

// Collects the mistakes of one run, so that a person sees all of them at once. Not thread-safe.
class Diagnostics {
 public:
  void Add(Diagnostic d) { all_.push_back(std::move(d)); }
  void Error(std::string code, Location where, std::string message, std::string remedy = "") {
    Add({Severity::kError, std::move(code), std::move(where), std::move(message),
         std::move(remedy)});
  }
  void Warning(std::string code, Location where, std::string message, std::string remedy = "") {
    Add({Severity::kWarning, std::move(code), std::move(where), std::move(message),
         std::move(remedy)});
  }

  // Keeps the text of a file, so that Render() can show the line.
  void AddSource(std::string file, std::string text) {
    sources_[std::move(file)] = std::move(text);
  }

  const std::vector<Diagnostic>& all() const { return all_; }
  size_t errors() const;
  bool ok() const { return errors() == 0; }

  // "file:line:col: error: message [code]", the line, a caret, and the remedy; sorted by place.
  std::string Render() const;
  // Ok, or kInvalidArgument with Render().
  Status ToStatus() const;

 private:
  std::vector<Diagnostic> all_;
  std::map<std::string, std::string> sources_;
};

// The candidate closest to `word` (for "did you mean"), or empty when none is close.
std::string_view ClosestWord(std::string_view word,
                             const std::vector<std::string_view>& candidates);

}  // namespace cluehound
