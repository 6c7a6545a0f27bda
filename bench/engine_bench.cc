// The matching engine: raw titles in, hits out, on one core, beside its parts.
//
// usage: engine_bench TITLES [MARKS...]        MARKS: numbers of made-up marks, 100 1000 10000
//
// Times are processor time of the thread, so that other work on the machine weighs less. Each made-
// up mark has a name of three to five Han characters and a Latin alias of seven to eleven letters.
#include <malloc.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "rules/automaton.h"
#include "rules/folding.h"
#include "rules/rule_set.h"
#include "rules/variant_table.h"

namespace {

using namespace cluehound;  // NOLINT: a program

constexpr int kRounds = 20;

double Now() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double HeapMiB() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd) / (1 << 20);
}

double PeakMiB() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// Characters as they come in Chinese text, so that the marks have the pairs that names have.
struct MadeUp {
  std::vector<std::string> names, aliases;
};

MadeUp MakeUp(int count) {
  std::vector<char32_t> common;
  for (char32_t c = 0x4E00; c < 0xA000; ++c) {
    if (rules::variant_table::Frequency(c) > 120) common.push_back(c);
  }
  std::mt19937 random(1);
  const auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  MadeUp made;
  for (int i = 0; i < count; ++i) {
    std::string name, alias;
    for (size_t k = 3 + below(3); k > 0; --k) AppendUtf8(name, common[below(common.size())]);
    for (size_t k = 5 + below(5); k > 0; --k) alias += static_cast<char>('a' + below(26));
    made.names.push_back(name);
    made.aliases.push_back(alias + "zz");
  }
  return made;
}

std::string Yaml(const MadeUp& made, const std::string& evasion) {
  std::string text = "marks:\n";
  for (size_t i = 0; i < made.names.size(); ++i) {
    text += "  - {id: m" + std::to_string(i) + ", kind: trademark, name: " + made.names[i] +
            ", aliases: [" + made.aliases[i] + "], evasion: " + evasion +
            ", certainty: unverified}\n";
  }
  return text;
}

std::vector<rules::Automaton::Literal> Literals(const MadeUp& made) {
  std::set<std::string> folded;
  for (const auto* list : {&made.names, &made.aliases}) {
    for (const std::string& text : *list) folded.insert(rules::FoldString(text));
  }
  std::vector<rules::Automaton::Literal> literals;
  for (const std::string& text : folded) literals.push_back({text, true, true});
  return literals;
}

class Bench {
 public:
  explicit Bench(std::vector<std::string> titles) : titles_(std::move(titles)) {
    for (const std::string& title : titles_) bytes_ += title.size();
  }

  template <class F>
  double MegabytesPerSecond(const F& each) const {
    for (const std::string& title : titles_) each(title);
    const double begin = Now();
    for (int round = 0; round < kRounds; ++round) {
      for (const std::string& title : titles_) each(title);
    }
    return static_cast<double>(bytes_) * kRounds / 1e6 / (Now() - begin);
  }

  double Fold() const {
    rules::FoldedText folded;
    return MegabytesPerSecond([&](const std::string& title) { folded.Assign(title); });
  }

  double AutomatonOnly(const MadeUp& made) const {
    const rules::Automaton automaton = rules::Automaton::Build(Literals(made));
    std::vector<std::string> folded;
    for (const std::string& title : titles_) folded.push_back(rules::FoldString(title));
    std::vector<rules::Automaton::Match> matches;
    rules::SignText signs;
    return Bench(std::move(folded)).MegabytesPerSecond([&](const std::string& title) {
      signs.Assign(title);
      matches.clear();
      automaton.FindFirst(signs, matches);
    });
  }

  int Whole(int marks, const std::string& evasion) const {
    const MadeUp made = MakeUp(marks);
    std::vector<rules::RuleFile> files = rules::BuiltInRuleFiles();
    files.push_back({"made-up.yaml", marks > 0 ? Yaml(made, evasion) : "marks: []\n"});
    const double heap = HeapMiB();
    const double begin = Now();
    Diagnostics diagnostics;
    rules::CompileOptions compile_options;
    compile_options.evasion = evasion;  // of all marks, those of the packs too
    const auto set = rules::RuleSet::Compile(files, diagnostics, compile_options);
    if (!set.ok()) {
      std::fprintf(stderr, "%s\n", set.status().message().c_str());
      return 3;
    }
    const double compile = Now() - begin;
    const double rest = HeapMiB() - heap;
    size_t hits = 0;
    rules::EvaluateOptions options;
    options.now = SystemClock().Now();
    extractors::Listing listing;
    const double speed = MegabytesPerSecond([&](const std::string& title) {
      listing.title = title;
      hits += (*set)->Evaluate(listing, options).hits.size();
    });
    std::printf("%7d  %-7s %7.2f s  %7.1f MiB  %7.1f MiB  %9.1f MB/s  %9.1f MB/s  %6.3f\n", marks,
                evasion.c_str(), compile, rest, PeakMiB(), marks > 0 ? AutomatonOnly(made) : 0.0,
                speed,
                static_cast<double>(hits) / (kRounds + 1) / static_cast<double>(titles_.size()));
    return 0;
  }

 private:
  std::vector<std::string> titles_;
  size_t bytes_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: engine_bench TITLES [MARKS...]\n");
    return 2;
  }
  std::ifstream file(argv[1]);
  std::vector<std::string> titles;
  for (std::string line; std::getline(file, line);) titles.push_back(line);
  if (titles.empty()) {
    std::fprintf(stderr, "%s: no titles\n", argv[1]);
    return 2;
  }
  const Bench bench(std::move(titles));
  std::printf("folding alone %.1f MB/s\n", bench.Fold());
  std::printf(
      "  marks  evasion  compile     at rest         peak  automaton alone   titles to hits  hits "
      "a title\n");
  std::vector<int> counts;
  for (int i = 2; i < argc; ++i) counts.push_back(std::atoi(argv[i]));
  if (counts.empty()) counts = {0, 100, 1000, 10000};
  for (const int count : counts) {
    for (const char* evasion : {"medium", "high"}) {
      if (const int failed = bench.Whole(count, evasion)) return failed;
      if (count == 0) break;
    }
  }
  return 0;
}
