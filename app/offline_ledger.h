#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "app/pipeline.h"
#include "app/scan_inputs.h"
#include "base/status.h"
#include "rules/rule_set.h"
#include "store/store.h"

namespace cluehound::app {

// Where the pages of `scan` become leads: a store on disk when one is named, else one in memory. Not thread-safe.
class OfflineLedger {
 public:
  static Result<std::unique_ptr<OfflineLedger>> Open(const std::string& store,
                                                     const rules::RuleSet& rules);

  // Who is watched; null when there is no store on disk that could tell.
  Result<std::shared_ptr<const rules::SellerList>> Watched(Instant now);
  // Takes over what the pipeline read; a page that was not read is passed over.
  Status Add(const InputPage& input, const Pipeline& pipeline, Reading reading, Instant now);
  // The leads that the pages added since Open() made or met again, strongest first.
  Status EachLead(const std::function<void(const store::Lead&)>& each);

 private:
  OfflineLedger(std::unique_ptr<store::Store> store, std::string rule_set, bool on_disk)
      : store_(std::move(store)), rule_set_(std::move(rule_set)), on_disk_(on_disk) {}

  std::unique_ptr<store::Store> store_;
  std::string rule_set_;
  bool on_disk_;
  std::set<std::string> urls_;  // of the pages added
};

}  // namespace cluehound::app
