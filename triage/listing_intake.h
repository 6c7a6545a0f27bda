#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "triage/operations.h"
#include "triage/paper_form.h"

// A table of listings that people bring, on its way into the ledger.
namespace cluehound::triage {

// What a reader made of the table: its good rows met the rules, its bad ones are named.
struct ListingIntake {
  // For officers, who mend the table by it.
  struct Problem {
    size_t row = 0;      // as people count them, from 1
    std::string column;  // "C 列（价格）"; empty: there is none
    std::string message;
    std::string remedy;
  };
  std::string sha256;               // of the table
  size_t rows = 0;                  // without the heads and what is empty
  size_t listings = 0;              // good rows
  size_t suspected = 0;             // of them, by a rule that makes leads
  size_t bad = 0;                   // rows
  std::vector<Problem> problems;    // the first kMaxProblems of them
  std::vector<std::string> unused;  // heads of columns that nothing takes
  std::string rule_set;             // hash
  std::vector<std::string> clues;   // the suspected ones, as arguments `clue` of papers.put

  static constexpr size_t kMaxProblems = 200;
};

// Puts the suspected listings into the ledger, as clues with these fields, and gives what became of
// the table, as JSON: {"rows","listings","new_leads","known_leads","clear","bad","problems":[{"row",
// "column","message","remedy"}],"unused","papers":[number],"leads":[id]}. `name` is the table's for
// people. `call` asks one operation. The same table under the same rules is taken once.
using CallOperation =
    std::function<Response(const std::string& operation, std::map<std::string, std::string>)>;
Result<std::string> TakeListings(const ListingIntake& intake, const std::string& name,
                                 FormValues fields, const CallOperation& call);

}  // namespace cluehound::triage
