#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "rules/correlation.h"
#include "store/cluster.h"
#include "store/seller.h"

namespace cluehound::store {

// Sellers, what people record of them, and clusters: what follows from the leads through the outbox,
// a moment behind them, and is the same whatever came first or came twice. What people do is audited
// in the same write. Part of a Store; thread-safety and durability as there.
class SellerLedger {
 public:
  virtual ~SellerLedger() = default;

  // ---- sellers

  // By id (or its first digits, 6 at least), 统一社会信用代码, or name; with all shops of its licence.
  // kNotFound; kInvalidArgument when a name or prefix is of several.
  virtual Result<Seller> FindSeller(std::string_view text, Instant now) = 0;
  // A seller stands where its shop of the highest risk does.
  virtual Result<SellerPage> QuerySellers(const SellerFilter& filter, Instant now,
                                          std::string_view after, size_t max) = 0;
  virtual Result<RowSales> SalesOfRow(std::string_view row) = 0;

  // ---- what people record of them

  // Gives it with its number. kInvalidArgument without reason or names.
  virtual Result<Watch> AddWatch(const Watch& watch) = 0;
  virtual Result<Watch> EndWatch(uint64_t number, const Actor& actor, Instant at) = 0;
  virtual Result<std::vector<Watch>> Watches() = 0;  // by number, also those that are over
  // Each replaces what stood under its OfficialKey() on its list.
  virtual Status ImportOfficial(const std::vector<OfficialEntry>& entries, const Actor& actor,
                                Instant at) = 0;
  // Not decided, by seller and mark.
  virtual Result<std::vector<Proposal>> Proposals(size_t max) = 0;
  // kNotFound when nothing is proposed.
  virtual Result<Proposal> DecideProposal(std::string_view id,
                                          const ProposalDecision& decision) = 0;
  // kNotFound when the seller has no leads. Makes a cluster that was undone stand again.
  virtual Status AddDocument(const SellerId& seller, const RepeatDocument& document) = 0;

  // ---- clusters

  // With its leads; also one that was undone. kNotFound when none stands.
  virtual Result<Cluster> FindCluster(std::string_view id) = 0;
  virtual Result<ClusterPage> QueryClusters(std::optional<ClusterKind> kind, std::string_view after,
                                            size_t max) = 0;
  // Ids of the clusters that the lead stands in.
  virtual Result<std::vector<std::string>> ClustersOf(const LeadId& lead) = 0;
  // Takes the cluster apart for good, or only these leads out of it.
  virtual Status UndoCluster(std::string_view id, const std::vector<LeadId>& leads,
                             const ClusterUndo& undo) = 0;
  // What the leads are correlated with from now on; those that are there meet what is new or changed
  // before this returns, which takes minutes where there are millions. Cheap when nothing changed.
  // kCancelled soon after `stop`: the next call, in this process or another, begins that again.
  virtual Status UseCorrelations(std::span<const rules::Correlation> correlations,
                                 const std::stop_token& stop = {}) = 0;
};

}  // namespace cluehound::store
