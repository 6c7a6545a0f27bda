#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/exit_code.h"
#include "app/rule_source.h"
#include "app/rules_commands.h"
#include "app/terminal.h"
#include "app/trial.h"
#include "base/file.h"
#include "base/log.h"
#include "rules/backtest.h"
#include "rules/diff.h"
#include "rules/profile.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;
using rules::SetDiff;

constexpr size_t kMaxExpectations = 1u << 20;  // bytes of the file

std::string OneLine(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Reports a file that cannot be read, and remembers it in the exit code.
TrialFailed Note(int& exit_code) {
  return [&exit_code](const Status& status) {
    Report(status);
    exit_code = kExitFindings;
  };
}

const std::string& Shown(const CorpusItem& item) {
  return item.listing.title.empty() ? item.listing.text : item.listing.title;
}

std::string Right(const std::string& text, size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}
std::string Right(size_t number, size_t width) { return Right(std::to_string(number), width); }

// --- diff ---

struct DiffOptions {
  CommonOptions common;
  std::string before, after;
  TrialCorpus corpus;
  bool alone = false;
  size_t show = 10;
};

const char* Word(SetDiff::Change change) {
  return change == SetDiff::Change::kGained ? "gained"
         : change == SetDiff::Change::kLost ? "lost"
                                            : "changed";
}

Json CountsObject(const std::array<size_t, SetDiff::kChanges>& counts) {
  return {{"gained", counts[0]}, {"lost", counts[1]}, {"changed", counts[2]}};
}

void PrintDiffJson(const SetDiff& diff) {
  for (const SetDiff::Entry& entry : diff.entries()) {
    Json object{{"change", Word(entry.change)},
                {"what", entry.lead ? "lead" : "hit"},
                {"name", entry.name},
                {"title", entry.title}};
    if (!entry.before.empty()) object["before"] = entry.before;
    if (!entry.after.empty()) object["after"] = entry.after;
    std::cout << OneLine(object) << '\n';
  }
  std::cout << OneLine({{"listings", diff.listings()},
                        {"leads_before", diff.leads_before()},
                        {"leads_after", diff.leads_after()},
                        {"leads", CountsObject(diff.counts().leads)},
                        {"hits", CountsObject(diff.counts().hits)}})
            << '\n';
}

void PrintEntries(const SetDiff& diff, bool leads, SetDiff::Change change, size_t show) {
  const size_t total =
      (leads ? diff.counts().leads : diff.counts().hits)[static_cast<size_t>(change)];
  if (total == 0) return;
  const int columns = TerminalColumns();
  std::cout << '\n' << (leads ? "leads " : "hits ") << Word(change) << ": " << total << '\n';
  size_t shown = 0;
  for (const SetDiff::Entry& entry : diff.entries()) {
    if (entry.lead != leads || entry.change != change) continue;
    if (shown++ == show) break;
    std::cout << "  " << Cut(Printable(entry.title), columns - 2) << '\n';
    if (!entry.before.empty())
      std::cout << "    - " << Cut(Printable(entry.before), columns - 6) << '\n';
    if (!entry.after.empty())
      std::cout << "    + " << Cut(Printable(entry.after), columns - 6) << '\n';
  }
  if (total > show) std::cout << "  … and " << total - show << " more (--show N)\n";
}

void PrintDiff(const SetDiff& diff, const rules::RuleSet& before, const rules::RuleSet& after,
               size_t show) {
  std::cout << "old " << before.hash().substr(0, 12) << ": " << before.marks().size() << " marks, "
            << before.rules().size() << " rules\nnew " << after.hash().substr(0, 12) << ": "
            << after.marks().size() << " marks, " << after.rules().size() << " rules\n";
  using Change = SetDiff::Change;
  for (const bool leads : {true, false}) {
    for (const Change change : {Change::kGained, Change::kLost, Change::kChanged})
      PrintEntries(diff, leads, change, show);
  }
  if (!diff.by_rule().empty()) {
    std::cout << "\nleads by rule" << std::string(27, ' ') << "gained    lost changed\n";
    for (const auto& [rule, counts] : diff.by_rule())
      std::cout << "  " << Cell(rule, 36) << Right(counts[0], 8) << Right(counts[1], 8)
                << Right(counts[2], 8) << '\n';
  }
  const auto& hits = diff.counts().hits;
  const auto& leads = diff.counts().leads;
  std::cout << '\n'
            << diff.listings() << " listings: leads " << diff.leads_before() << " -> "
            << diff.leads_after() << " (gained " << leads[0] << ", lost " << leads[1]
            << ", changed " << leads[2] << "); hits gained " << hits[0] << ", lost " << hits[1]
            << ", changed " << hits[2] << '\n';
}

int RunDiff(const DiffOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto before = FindRuleSet(options.before, *config, options.common, options.alone);
  if (!before.ok()) return Report(before.status());
  const auto after = FindRuleSet(options.after, *config, options.common, options.alone);
  if (!after.ok()) return Report(after.status());
  SetDiff diff;
  const Instant now = SystemClock().Now();
  int exit_code = kExitDone;
  const Status done = Try<SetDiff>(
      options.corpus, *config, diff,
      [&](SetDiff& to, const CorpusItem& item) {
        const rules::EvaluateOptions evaluate{item.seen.value_or(now), item.bare};
        to.Add(item.name, Shown(item), (*before)->Evaluate(item.listing, evaluate),
               (*after)->Evaluate(item.listing, evaluate));
      },
      Note(exit_code));
  if (!done.ok()) return Report(done);
  if (options.common.json) {
    PrintDiffJson(diff);
  } else {
    PrintDiff(diff, **before, **after, options.show);
  }
  return exit_code;
}

// --- backtest ---

struct BacktestOptions {
  CommonOptions common;
  TrialCorpus corpus;
  std::string expect;
  std::string junit;
  size_t show = 3;
};

const char* Word(rules::Backtest::Verdict::Outcome outcome) {
  using Outcome = rules::Backtest::Verdict::Outcome;
  return outcome == Outcome::kPassed ? "PASS" : outcome == Outcome::kFailed ? "FAIL" : "WARN";
}

void PrintBacktest(const rules::Backtest& backtest, const rules::RuleSet& set, size_t show) {
  const int columns = TerminalColumns();
  for (const rules::RuleSummary& rule : set.rules()) {
    const auto it = backtest.rules().find(rule.id);
    if (it == backtest.rules().end()) continue;
    std::cout << Right(it->second.listings, 7) << "  " << Cell(rule.id, 32)
              << Cell(std::string(Name(rule.mode)), 9) << Cut(rule.title, columns - 50) << '\n';
    for (size_t i = 0; i < it->second.examples.size() && i < show; ++i)
      std::cout << "           " << Cut(Printable(it->second.examples[i].title), columns - 11)
                << '\n';
  }
  std::cout << backtest.listings() << " listings, " << backtest.hits() << " hits, "
            << backtest.leads() << " listings with leads\n";
}

void PrintBacktestJson(const rules::Backtest& backtest) {
  for (const auto& [rule, count] : backtest.rules()) {
    Json examples = Json::array();
    for (const auto& example : count.examples)
      examples.push_back({{"name", example.name}, {"title", example.title}});
    std::cout << OneLine({{"rule", rule}, {"listings", count.listings}, {"examples", examples}})
              << '\n';
  }
  std::cout << OneLine({{"listings", backtest.listings()},
                        {"hits", backtest.hits()},
                        {"with_leads", backtest.leads()}})
            << '\n';
}

// The exit code that the verdicts ask for.
Result<int> JudgeBacktest(const BacktestOptions& options, const rules::Backtest& backtest,
                          const rules::Expectations& expectations) {
  const auto verdicts = backtest.Judge(expectations);
  int exit_code = kExitDone;
  for (const auto& verdict : verdicts) {
    if (verdict.outcome == rules::Backtest::Verdict::Outcome::kFailed) exit_code = kExitFindings;
    if (options.common.json) {
      std::cout << OneLine({{"verdict", Word(verdict.outcome)},
                            {"rule", verdict.rule},
                            {"message", verdict.message}})
                << '\n';
    } else {
      std::cout << Word(verdict.outcome) << "  " << verdict.rule << ": " << verdict.message << '\n';
    }
  }
  if (!options.junit.empty())
    RETURN_IF_ERROR(WriteFileAtomically(options.junit, rules::JUnit(verdicts)));
  return exit_code;
}

int RunBacktest(const BacktestOptions& options) {
  SetLogQuiet(true);
  if (!options.junit.empty() && options.expect.empty())
    return Report(Status::InvalidArgument("--junit needs --expect FILE: what is to be judged?"));
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto set = LoadRules(*config, options.common);
  if (!set.ok()) return Report(set.status());
  rules::Expectations expectations;
  if (!options.expect.empty()) {
    const auto text = ReadFile(options.expect, kMaxExpectations);
    if (!text.ok()) return Report(Status::InvalidArgument(text.status().message()));
    Diagnostics diagnostics;
    expectations = rules::ReadExpectations(*text, options.expect, **set, diagnostics);
    if (!diagnostics.ok()) return Report(diagnostics.ToStatus());
  }
  rules::Backtest backtest;
  const Instant now = SystemClock().Now();
  int exit_code = kExitDone;
  const Status done = Try<rules::Backtest>(
      options.corpus, *config, backtest,
      [&](rules::Backtest& to, const CorpusItem& item) {
        to.Add(item.name, Shown(item),
               (*set)->Evaluate(item.listing, {item.seen.value_or(now), item.bare}));
      },
      Note(exit_code));
  if (!done.ok()) return Report(done);
  if (options.common.json) {
    PrintBacktestJson(backtest);
  } else {
    PrintBacktest(backtest, **set, options.show);
  }
  if (options.expect.empty()) return exit_code;
  const auto judged = JudgeBacktest(options, backtest, expectations);
  return judged.ok() ? std::max(exit_code, *judged) : Report(judged.status());
}

// --- profile ---

struct ProfileOptions {
  CommonOptions common;
  TrialCorpus corpus;
};

struct Costs {
  std::vector<rules::RuleCost> rules;
  std::chrono::nanoseconds evaluating{};
  size_t listings = 0;

  void Merge(Costs&& other) {
    evaluating += other.evaluating;
    listings += other.listings;
    for (size_t i = 0; i < rules.size(); ++i) {
      rules[i].checks += other.rules[i].checks;
      rules[i].matches += other.rules[i].matches;
      rules[i].match_time += other.rules[i].match_time;
      rules[i].no_match_time += other.rules[i].no_match_time;
    }
  }
};

double Average(std::chrono::nanoseconds time, uint64_t count) {
  return count == 0 ? 0 : static_cast<double>(time.count()) / 1000 / static_cast<double>(count);
}

std::string Fixed(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

void PrintCosts(const rules::RuleSet& set, const std::vector<rules::RuleCost>& costs,
                double all_seconds, size_t listings, bool json) {
  std::chrono::nanoseconds sum{};
  std::vector<size_t> order;
  for (size_t i = 0; i < costs.size(); ++i) {
    sum += costs[i].match_time + costs[i].no_match_time;
    order.push_back(i);
  }
  const auto total = [&](size_t i) { return costs[i].match_time + costs[i].no_match_time; };
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return total(a) > total(b); });
  if (!json)
    std::cout << Cell("rule", 32) << "  checks matches  total ms  share %  match us  no match us\n";
  for (const size_t i : order) {
    const rules::RuleCost& cost = costs[i];
    const double share = sum.count() == 0 ? 0
                                          : 100 * static_cast<double>(total(i).count()) /
                                                static_cast<double>(sum.count());
    const double match = Average(cost.match_time, cost.matches);
    const double no_match = Average(cost.no_match_time, cost.checks - cost.matches);
    if (json) {
      std::cout << OneLine({{"rule", set.rules()[i].id},
                            {"checks", cost.checks},
                            {"matches", cost.matches},
                            {"total_us", Average(total(i), 1)},
                            {"average_match_us", match},
                            {"average_no_match_us", no_match}})
                << '\n';
      continue;
    }
    std::cout << Cell(set.rules()[i].id, 32) << Right(cost.checks, 8) << Right(cost.matches, 8)
              << Right(Fixed(Average(total(i), 1000)), 10) << Right(Fixed(share), 9)
              << Right(Fixed(match), 10) << Right(Fixed(no_match), 13) << '\n';
  }
  if (json) return;
  std::cout << listings << " listings in " << Fixed(all_seconds * 1000) << " ms, of which "
            << Fixed(Average(sum, 1000))
            << " ms in the rules above; the rest is folding and the automaton, shared by all\n";
}

int RunProfile(const ProfileOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto set = LoadRules(*config, options.common);
  if (!set.ok()) return Report(set.status());
  Costs costs;
  costs.rules.resize((*set)->rules().size());
  const Instant now = SystemClock().Now();
  int exit_code = kExitDone;
  const Status done = Try<Costs>(
      options.corpus, *config, costs,
      [&](Costs& to, const CorpusItem& item) {
        const auto begin = std::chrono::steady_clock::now();
        (*set)->Profile(item.listing, {item.seen.value_or(now), item.bare}, to.rules);
        to.evaluating += std::chrono::steady_clock::now() - begin;
        ++to.listings;
      },
      Note(exit_code));
  if (!done.ok()) return Report(done);
  PrintCosts(**set, costs.rules, std::chrono::duration<double>(costs.evaluating).count(),
             costs.listings, options.common.json);
  return exit_code;
}

// --- options ---

void AddCorpusOptions(CLI::App& command, TrialCorpus& corpus) {
  command
      .add_option("--on", corpus.paths,
                  "Corpus: titles one a line, listings as JSON Lines, saved pages, WARC, folders, "
                  "- for stdin, archive[:FROM..TO] for the listings that crawls met (repeat for "
                  "several)")
      ->required()
      ->expected(1)
      ->take_all();
  command.add_option("--source", corpus.sources, "Of the archive only this source (repeat)")
      ->expected(1)
      ->take_all();
}

template <class T>
void Finish(CLI::App& command, const std::shared_ptr<T>& options, int (*action)(const T&),
            Run& run) {
  AddConfigOption(command, options->common);
  AddStoreOption(command, options->common);
  AddRulesOption(command, options->common);
  AddJsonOption(command, options->common);
  command.callback(
      [options, action, &run] { run = [options, action] { return action(*options); }; });
}

}  // namespace

void AddRulesTrials(CLI::App& rules, Run& run) {
  CLI::App* diff = rules.add_subcommand(
      "diff", "What a change gains, loses and changes on a corpus, before it goes live");
  auto diffing = std::make_shared<DiffOptions>();
  const char* sets =
      "files, builtin, published, a folder or file over the built-in packs, or a stored hash";
  diff->add_option("old", diffing->before, sets)->required();
  diff->add_option("new", diffing->after, "The same")->required();
  AddCorpusOptions(*diff, diffing->corpus);
  diff->add_flag("--alone", diffing->alone, "Folders and files stand without the built-in packs");
  diff->add_option("--show", diffing->show, "Examples of each kind")->capture_default_str();
  Finish(*diff, diffing, RunDiff, run);

  CLI::App* backtest = rules.add_subcommand(
      "backtest", "How often each rule fires on a corpus, and whether it should");
  auto testing = std::make_shared<BacktestOptions>();
  AddCorpusOptions(*backtest, testing->corpus);
  backtest->add_option("--expect", testing->expect,
                       "YAML: expect: {RULE: {exactly|at_least|at_most: N}}, unexpected: "
                       "fail|warn|ignore");
  backtest->add_option("--junit", testing->junit, "Write the verdicts as JUnit XML");
  backtest->add_option("--show", testing->show, "Examples of each rule")->capture_default_str();
  Finish(*backtest, testing, RunBacktest, run);

  CLI::App* profile = rules.add_subcommand("profile", "What each rule costs on a corpus");
  auto profiling = std::make_shared<ProfileOptions>();
  AddCorpusOptions(*profile, profiling->corpus);
  Finish(*profile, profiling, RunProfile, run);
}

}  // namespace cluehound::app
