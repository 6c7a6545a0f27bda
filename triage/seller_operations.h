#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "store/store.h"
#include "triage/operations.h"

namespace cluehound::triage {

// What a person may do with sellers and clusters. A county may look; what is recorded, the city records.
//
//   sellers.list      text platform mark watched official after limit   highest 线索风险分 first
//   sellers.show      seller                        id, 统一社会信用代码 or name
//   sellers.watch     seller platform shop reason until       关注; a seller that was not met is taken by name
//   sellers.unwatch   number|seller
//   sellers.watches                                 also those that are over
//   sellers.import    list file rows                entries of an official list: JSON objects, 1,000 at most
//   sellers.proposals limit                         正品/授权 decisions that propose an authorised seller
//   sellers.accept    proposal note; sellers.reject
//   sellers.repeat    seller document date note     makes 再次发现 a 重复侵权
//   clusters.list     kind after limit              most leads first
//   clusters.show     cluster
//   clusters.undo     cluster leads reason          takes it apart, or these leads (blanks between) out of it
class SellerOperations {
 public:
  // Both must outlive it.
  SellerOperations(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  static bool Has(std::string_view operation);
  Response Call(const Request& request);

 private:
  Response List(const Request& request);
  Response Show(const Request& request);
  // As the scope may see it; empty: not at all.
  static std::string Line(const store::Seller& seller, const store::Scope& scope);
  Result<std::string> ClusterLine(const store::Cluster& cluster, const store::Scope& scope);
  Response AddWatch(const Request& request);
  Response EndWatch(const Request& request);
  // Stored listings meet the new list when a crawl runs.
  Status RequestRematch(const Request& request);
  Response ListWatches();
  Response Import(const Request& request);
  Response ListProposals(const Request& request);
  Response DecideProposal(const Request& request, store::Proposal::State state);
  Response Repeat(const Request& request);
  Response ListClusters(const Request& request);
  Response ShowCluster(const Request& request);
  Response UndoCluster(const Request& request);

  store::Store& store_;
  const Clock& clock_;
};

}  // namespace cluehound::triage
