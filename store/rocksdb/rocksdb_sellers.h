#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/correlations_in_force.h"
#include "store/rocksdb/database.h"
#include "store/rocksdb/ledger.h"
#include "store/rocksdb/staging.h"
#include "store/sellers.h"

namespace cluehound::store {

// Thread-safe: reads the database, writes through the writer.
class RocksDbSellers final : public SellerLedger {
 public:
  // Stages and waits until it is durable, as Writer::Run.
  using Write = std::function<Status(std::function<Status(Ledger&, Staging&)>)>;
  // All must outlive it.
  RocksDbSellers(Database& database, CorrelationsInForce& correlations, Write write)
      : database_(database), correlations_(correlations), write_(std::move(write)) {}

  // The correlations that the store remembers. Before anything is written.
  Status Start();
  // Sends the facts of all leads, once in the life of a store that is older than them.
  Status SendAllFacts(const Counters& counters);

  Result<Seller> FindSeller(std::string_view text, Instant now) override;
  Result<SellerPage> QuerySellers(const SellerFilter& filter, Instant now, std::string_view after,
                                  size_t max) override;
  Result<RowSales> SalesOfRow(std::string_view row) override;
  Result<Watch> AddWatch(const Watch& watch) override;
  Result<Watch> EndWatch(uint64_t number, const Actor& actor, Instant at) override;
  Result<std::vector<Watch>> Watches() override;
  Status ImportOfficial(const std::vector<OfficialEntry>& entries, const Actor& actor,
                        Instant at) override;
  Result<std::vector<Proposal>> Proposals(size_t max) override;
  Result<Proposal> DecideProposal(std::string_view id, const ProposalDecision& decision) override;
  Status AddDocument(const SellerId& seller, const RepeatDocument& document) override;
  Result<Cluster> FindCluster(std::string_view id) override;
  Result<ClusterPage> QueryClusters(std::optional<ClusterKind> kind, std::string_view after,
                                    size_t max) override;
  Result<std::vector<std::string>> ClustersOf(const LeadId& lead) override;
  Status UndoCluster(std::string_view id, const std::vector<LeadId>& leads,
                     const ClusterUndo& undo) override;
  Status UseCorrelations(std::span<const rules::Correlation> correlations,
                         const std::stop_token& stop) override;

 private:
  Result<std::optional<SellerState>> ReadShop(const SellerId& id) const;
  // The shop and those that its licence joins with it, highest risk first behind it.
  Result<std::vector<SellerState>> ReadJoined(SellerState shop) const;
  Result<std::vector<Watch>> ReadWatches() const;
  Result<Seller> Complete(Seller seller, Instant now) const;
  Result<std::vector<SellerId>> SellersUnder(const std::string& prefix, size_t max) const;
  Result<SellerId> ShopNamed(std::string_view text) const;
  Result<std::vector<RepeatDocument>> Documents(const std::string& bunch) const;
  Result<std::optional<Cluster>> ReadCluster(const std::string& id, size_t leads) const;
  Status DropBunches(const std::vector<std::string>& correlations, const std::stop_token& stop);
  Status MeetAll(const std::vector<rules::Correlation>& correlations, const std::stop_token& stop);

  Database& database_;
  CorrelationsInForce& correlations_;
  const Write write_;
};

}  // namespace cluehound::store
