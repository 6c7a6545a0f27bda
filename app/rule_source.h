#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config.h"
#include "rules/rule_set.h"
#include "store/store.h"

namespace cluehound::app {

// The rule files that a person names:
//
//   files       those that lint, test and publish look at: built in, configured folder, --rules
//   builtin     those compiled into the program
//   published   the set in force in the store
//   a folder    its *.yaml over the built-in ones, as --rules reads them
//   a file      one *.yaml over the built-in ones
//   a hash      a set kept in the store, by its first digits (6 or more)
//
// `alone`: folders and files stand for themselves, without the built-in ones.
Result<std::vector<rules::RuleFile>> FindRuleFiles(const std::string& name, const Config& config,
                                                   const CommonOptions& options, bool alone);

// Compiled; what is wrong with them is kInvalidArgument, under their name.
Result<std::shared_ptr<const rules::RuleSet>> FindRuleSet(const std::string& name,
                                                          const Config& config,
                                                          const CommonOptions& options, bool alone);

// The set that a crawl works with, and where it comes from, in a sentence for its log.
struct RunningRules {
  std::shared_ptr<const rules::RuleSet> rules;
  std::string origin;
};

// --rules when it is given, else the set published in the store, else the files.
Result<RunningRules> LoadRunningRules(const Config& config, const CommonOptions& options,
                                      store::Store& store);

// The set in force in the store, or null when none was ever published.
Result<std::shared_ptr<const rules::RuleSet>> PublishedRules(store::Store& store);

}  // namespace cluehound::app
