// Figures, not checks: test_rules "[speed]" prints them. docs/rules.md quotes none, machines
// differ.
#include <chrono>
#include <fstream>
#include <iostream>
#include <random>

#include "base/text.h"
#include "rules/automaton.h"
#include "rules/folding.h"
#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::vector<std::string> Titles() {
  const auto data = testing::SharedData("titles/jd_titles_A_10000.txt");
  std::vector<std::string> titles;
  if (!data) return titles;
  std::ifstream file(*data);
  for (std::string line; std::getline(file, line);) titles.push_back(line);
  return titles;
}

// `count` marks of three to five Han characters, with one Latin alias each.
std::string MadeUpMarks(int count) {
  std::mt19937 random(1);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  std::string text = "marks:\n";
  for (int i = 0; i < count; ++i) {
    std::string name, alias;
    for (uint32_t k = 0; k < 3 + below(3); ++k)
      AppendUtf8(name, static_cast<char32_t>(0x4E00 + below(3000)));
    for (uint32_t k = 0; k < 5 + below(5); ++k) alias += static_cast<char>('a' + below(26));
    text += "  - {id: m" + std::to_string(i) + ", kind: trademark, name: '" + name +
            "', aliases: ['" + alias + "zz'], evasion: medium, certainty: unverified}\n";
  }
  return text;
}

}  // namespace

TEST_CASE("speed: folding, automaton, whole evaluation", "[.speed]") {
  const std::vector<std::string> titles = Titles();
  if (titles.empty()) return;
  size_t bytes = 0;
  for (const std::string& title : titles) bytes += title.size();
  constexpr int kRounds = 10;
  const double megabytes = static_cast<double>(bytes) * kRounds / 1e6;

  FoldedText folded;
  auto begin = Clock::now();
  for (int round = 0; round < kRounds; ++round) {
    for (const std::string& title : titles) folded.Assign(title);
  }
  std::cout << "fold " << megabytes / SecondsSince(begin) << " MB/s\n";

  for (const int count : {0, 100, 1000, 10000}) {
    std::vector<RuleFile> files = BuiltInRuleFiles();
    if (count > 0) files.push_back({"made-up.yaml", MadeUpMarks(count)});
    begin = Clock::now();
    Diagnostics diagnostics;
    const auto set = RuleSet::Compile(files, diagnostics);
    REQUIRE(set.ok());
    const double compile = SecondsSince(begin);
    size_t hits = 0;
    extractors::Listing listing;
    begin = Clock::now();
    for (int round = 0; round < kRounds; ++round) {
      for (const std::string& title : titles) {
        listing.title = title;
        hits += (*set)->Evaluate(listing, On("2026-11-22")).hits.size();
      }
    }
    const double seconds = SecondsSince(begin);
    std::cout << "packs + " << count << " marks: compile " << compile << " s, automaton "
              << static_cast<double>((*set)->automaton_bytes()) / 1e6 << " MB, "
              << megabytes / seconds << " MB/s, "
              << static_cast<double>(titles.size()) * kRounds / seconds << " titles/s, "
              << static_cast<double>(hits) / kRounds / static_cast<double>(titles.size())
              << " hits a title\n";
  }
}

TEST_CASE("speed: a listing made to be slow", "[.speed]") {
  std::string text;
  while (text.size() < extractors::Listing::kMaxText) text += "耐克高仿非高仿产地河南潍县萝卜1:1";
  extractors::Listing listing = Titled(text.substr(0, 1998));
  listing.text = TruncateUtf8(text, extractors::Listing::kMaxText);
  const auto begin = Clock::now();
  constexpr int kRounds = 50;
  for (int i = 0; i < kRounds; ++i) BuiltIn().Evaluate(listing, On("2026-01-01"));
  std::cout << "hostile listing " << SecondsSince(begin) / kRounds * 1000 << " ms\n";
}

}  // namespace cluehound::rules
