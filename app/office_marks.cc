#include "app/office_marks.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "app/exit_code.h"
#include "app/ledger.h"
#include "app/terminal.h"
#include "app/trial.h"
#include "rules/diff.h"

namespace cluehound::app {
namespace {

constexpr char kOverlayFile[] = "local.yaml";  // marks that people of the office add

using rules::SetDiff;

Result<SetDiff> Compare(const OfficeMarks& marks, const rules::OverlayChange& change,
                        const std::vector<std::string>& corpus) {
  Diagnostics diagnostics;
  ASSIGN_OR_RETURN(const auto before, rules::RuleSet::Compile(marks.files, diagnostics));
  SetDiff diff;
  // Also of the archive as of today: what the mark will find, not what it would have found.
  const Instant now = SystemClock().Now();
  Status failure;
  const Status done = Try<SetDiff>(
      {corpus, {}}, marks.config, diff,
      [&](SetDiff& to, const CorpusItem& item) {
        const rules::EvaluateOptions options{now, item.bare};
        const std::string& title =
            item.listing.title.empty() ? item.listing.text : item.listing.title;
        to.Add(item.name, title, before->Evaluate(item.listing, options),
               change.set->Evaluate(item.listing, options));
      },
      [&](const Status& status) {
        if (failure.ok()) failure = status;
      });
  RETURN_IF_ERROR(failure);
  if (diff.listings() == 0 && done.code() == Code::kInvalidArgument)
    return Status::InvalidArgument("预览用的语料中没有条目（" + done.message() + "）");
  RETURN_IF_ERROR(done);
  return diff;
}

void PrintSome(const SetDiff& diff, bool leads, SetDiff::Change change, size_t show) {
  const int columns = TerminalColumns();
  size_t shown = 0;
  for (const SetDiff::Entry& entry : diff.entries()) {
    if (entry.lead != leads || entry.change != change) continue;
    if (shown++ == show) break;
    std::cout << "    " << Cut(Printable(entry.title), columns - 4) << '\n';
    const std::string& what = entry.after.empty() ? entry.before : entry.after;
    std::cout << "      " << Cut(Printable(what), columns - 6) << '\n';
  }
}

void PrintPreview(const SetDiff& diff, size_t show) {
  using Change = SetDiff::Change;
  const auto& hits = diff.counts().hits;
  const auto& leads = diff.counts().leads;
  std::cout << "预览：共 " << diff.listings() << " 条；命中增加 " << hits[0] << "、减少 " << hits[1]
            << "、变化 " << hits[2] << "；线索增加 " << leads[0] << "、减少 " << leads[1]
            << "、变化 " << leads[2] << "（" << diff.leads_before() << " → " << diff.leads_after()
            << "）\n";
  const std::pair<Change, const char*> kinds[] = {
      {Change::kGained, "增加"}, {Change::kLost, "减少"}, {Change::kChanged, "变化"}};
  for (const bool lead : {true, false}) {
    for (const auto& [change, name] : kinds) {
      if ((lead ? leads : hits)[static_cast<size_t>(change)] == 0) continue;
      std::cout << "  " << name << "的" << (lead ? "线索" : "命中") << "（前 " << show
                << " 条）：\n";
      PrintSome(diff, lead, change, show);
    }
  }
}

// A published set is what crawls use: a change of the files does nothing until it is published.
void HintAtPublishing(const OfficeMarks& marks) {
  std::error_code error;
  if (marks.config.store.empty() || !std::filesystem::exists(marks.config.store / "FORMAT", error))
    return;
  auto ledger = Ledger::Open(marks.config.store);
  if (!ledger.ok()) return;
  triage::Request request;
  request.operation = "rules.history";
  request.arguments["limit"] = "1";
  const triage::Response response = (*ledger)->Call(request);
  if (response.status.ok() && !response.lines.empty())
    std::cout << "采集使用的是已发布的规则集；运行 cluehound rules publish 后生效。\n";
}

}  // namespace

Result<OfficeMarks> OfficeMarks::Open(const CommonOptions& options) {
  OfficeMarks marks;
  ASSIGN_OR_RETURN(marks.config, LoadConfig(options, false));
  const std::filesystem::path folder =
      options.rules.empty() ? marks.config.rules : std::filesystem::path(options.rules);
  if (folder.empty()) {
    return Status::InvalidArgument(
        "where to keep the mark? Name a folder with --rules DIR or --config DIR");
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Status::Denied(folder.string() + ": " + error.message());
  marks.file = (folder / kOverlayFile).string();
  ASSIGN_OR_RETURN(marks.files, EffectiveRuleFiles(marks.config, options));
  return marks;
}

Result<rules::MarkSummary> OfficeMarks::Find(const std::string& id_or_name) const {
  Diagnostics diagnostics;
  ASSIGN_OR_RETURN(const auto set, rules::RuleSet::Compile(files, diagnostics));
  auto mark = rules::FindMark(*set, id_or_name);
  if (!mark.ok()) return Status::InvalidArgument(mark.status().message());
  return mark;
}

void AddPreviewOptions(CLI::App& command, PreviewOptions& options) {
  command
      .add_option(
          "--preview", options.corpus,
          "Titles, listings, pages, or archive[:FROM..TO]: show what it gains there, and write "
          "only with --yes")
      ->expected(1)
      ->take_all();
  command.add_flag("--yes", options.yes, "Write it after the preview");
  command.add_option("--show", options.show, "Examples of each kind in the preview")
      ->capture_default_str();
}

int PreviewAndApply(const OfficeMarks& marks, const rules::OverlayChange& change,
                    const PreviewOptions& options, const std::string& done) {
  if (!options.corpus.empty()) {
    const auto diff = Compare(marks, change, options.corpus);
    if (!diff.ok()) return Report(diff.status());
    PrintPreview(*diff, options.show);
    if (!options.yes) {
      std::cout << "尚未写入；加 --yes 再执行一次即写入。\n";
      return kExitDone;
    }
  }
  if (Status s = rules::Apply(change); !s.ok()) return Report(s);
  std::cout << done << '\n';
  HintAtPublishing(marks);
  return kExitDone;
}

}  // namespace cluehound::app
