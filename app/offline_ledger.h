#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "app/pipeline.h"
#include "app/scan_inputs.h"
#include "base/status.h"
#include "rules/rule_set.h"
#include "store/store.h"

namespace cluehound::app {

// Where the pages of `scan` become leads: a store on disk when one is named, or the process that holds it, else one in
// memory. Not thread-safe.
class OfflineLedger {
 public:
  // `own_rules`: the rules are not those of the deployment. A process that holds the store matches with its own, so that
  // they are kInvalidArgument beside it.
  static Result<std::unique_ptr<OfflineLedger>> Open(const std::string& store,
                                                     const rules::RuleSet& rules, bool own_rules);

  // Who is watched; null when there is no store on disk that could tell.
  Result<std::shared_ptr<const rules::SellerList>> Watched(Instant now);
  // Takes over what the pipeline read; a page that was not read is passed over.
  Status Add(const InputPage& input, const Pipeline& pipeline, Reading reading, Instant now);
  // The leads that the pages added since Open() made or met again, strongest first, as JSON.
  Status EachLead(const std::function<void(const std::string&)>& each);

 private:
  OfflineLedger() = default;

  std::string served_;  // the store, when another process holds it
  std::unique_ptr<store::Store> store_;
  bool on_disk_ = false;
  std::set<std::string> urls_;                // of the pages added
  std::map<std::string, std::string> leads_;  // that the other process told, by id
};

}  // namespace cluehound::app
