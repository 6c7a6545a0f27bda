#pragma once

#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "rules/correlation.h"
#include "store/cluster.h"
#include "store/rocksdb/sheet.h"
#include "store/seller.h"

namespace cluehound::store {

// Keeps sellers and clusters true to the leads, one fact after the other: what the fact before it of
// the same lead gave is taken away, what this one gives is added. Costs a bounded number of keys a
// fact, however many leads a seller has. For one group; the writer's thread.
class SellerBook {
 public:
  // Both must outlive it.
  SellerBook(Sheet& sheet, std::span<const rules::Correlation> correlations)
      : sheet_(sheet), correlations_(correlations) {}

  // Idempotent; a fact that is not newer than what is known of its lead changes nothing. What follows
  // from the sums waits for Settle().
  Status Apply(const LeadFact& fact);
  // As if the lead had never met correlations outside `keep`; then those of `add` meet it. Waits, too.
  Status Recorrelate(const LeadFact& fact, std::span<const rules::Correlation> add);
  // Once, behind all facts of a group: sellers and clusters that many of them touch are looked at once.
  Status Settle();

  // These settle by themselves.
  Status Undo(const std::string& id, const ClusterUndo& undo);
  // The lead is a member no longer and never again.
  Status Split(const std::string& id, const LeadFact& fact, const ClusterUndo& undo);
  Status AddDocument(const SellerId& seller, const RepeatDocument& document);

 private:
  // A lead seen for the first time stands nowhere yet: nobody needs to look.
  enum class Way { kFirst, kIn, kOut };
  Status Shift(const LeadFact& fact, Way way);
  Status ShiftParty(const LeadFact& fact, const Party& party, bool add);
  // Whether the lead's standing in the bunch changes.
  Result<bool> Moves(const LeadFact& fact, const std::string& bunch, Way way);
  Status ShiftBunch(const LeadFact& fact, const Bunch& bunch, Way way);
  Status ShiftRow(const LeadFact& fact, bool add);
  // Counts one up or down; gives whether it went from none to one or back.
  Result<bool> Count(Table table, const std::string& key, bool add);
  Result<bool> Documented(const BunchState& state, const std::string& id);
  Status SettleBunch(const std::string& id);
  Status SettleSeller(const SellerId& id);

  Sheet& sheet_;
  const std::span<const rules::Correlation> correlations_;
  std::set<std::string> bunches_;  // touched
  std::set<SellerId> sellers_;     // touched
};

}  // namespace cluehound::store
