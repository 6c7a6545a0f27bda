#pragma once

#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/store/contract.h"

// A small site that is crawled again and again by stores that are killed on the way. Everything
// about a page follows from its number, so that what is found afterwards can be checked to the last
// record.
namespace cluehound::store::testing {

class CrashWorld {
 public:
  static constexpr int kPages = 3000;
  static constexpr int kImports = 400;

  static Discovery Address(int page);
  static int PageNumber(const std::string& url);
  static Instant Seen(int page) { return At(page); }
  static PageCommit Commit(const Lease& lease);
  static void Seed(Store& store);
  // Makes everything on the way crawled: claims, commits, and tells `acknowledged` of each page
  // once the store has. Ends when nothing is due, after `max` pages, or at the first failure.
  static void Crawl(Store& store, int max, const std::function<void(int page)>& acknowledged);
  // Decides some lead of a page, as the n-th decision ("d17"); whether the store took it.
  static bool Decide(Store& store, int page, int n);

  // Brings the n-th import, some clues of people in one write; whether the store took it. Twice is
  // once.
  static bool Import(Store& store, int n);

  // What was acknowledged; it must be there, and everything that is there must be whole.
  struct Acknowledged {
    std::set<int> pages;
    std::map<LeadId, int> decisions;  // the last of each lead
    std::set<int> imports;
  };
  static void Verify(Store& store, const Acknowledged& acknowledged);
  // That the log proves itself and every lead is as the log left it, by a check of a copy. The store
  // must lie on the machine's own files.
  static void CheckCopy(Store& store);
  // How often tests that crash do so: `usual`, or what CLUEHOUND_CRASHES says.
  static int Crashes(int usual);
};

}  // namespace cluehound::store::testing
