#pragma once

#include <string>
#include <vector>

#include "app/config.h"
#include "rules/marks_file.h"
#include "rules/rule_set.h"

namespace CLI {
class App;
}

namespace cluehound::app {

// The overlay in which an office keeps its own marks, with all that holds beside it.
struct OfficeMarks {
  Config config;
  std::string file;                    // FOLDER/local.yaml
  std::vector<rules::RuleFile> files;  // all rule files, the overlay among them if it is there

  // The folder is --rules, else the configured one; it is made when it is not there.
  static Result<OfficeMarks> Open(const CommonOptions& options);
  // The mark of this id or name.
  Result<rules::MarkSummary> Find(const std::string& id_or_name) const;
};

// How a change is looked at before it is written.
struct PreviewOptions {
  std::vector<std::string> corpus;  // empty: no look
  bool yes = false;                 // written without a further word
  size_t show = 5;
};
void AddPreviewOptions(CLI::App& command, PreviewOptions& options);

// Shows what the change gains and loses on the corpus, if one is named; then writes it, unless a
// corpus was named without --yes. `done` is said when it is written. Gives the exit code.
int PreviewAndApply(const OfficeMarks& marks, const rules::OverlayChange& change,
                    const PreviewOptions& options, const std::string& done);

}  // namespace cluehound::app
