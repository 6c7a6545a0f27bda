#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/sellers.h"

namespace cluehound::store {

// The twin of the sellers on disk: keeps what people record, and computes everything else anew from
// all leads with every question. Thread-safe.
class MemorySellers final : public SellerLedger {
 public:
  using Leads = std::function<std::vector<Lead>()>;
  using AppendAudit = std::function<void(AuditEntry)>;
  MemorySellers(Leads leads, AppendAudit audit)
      : leads_(std::move(leads)), audit_(std::move(audit)) {}

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

  // The leads of a cluster among these, for a query under the lock of the leads.
  std::set<LeadId> MembersOf(const std::string& cluster, const std::vector<Lead>& leads) const;

 private:
  struct Group {
    BunchState state;
    std::vector<LeadFact> members;  // strongest first
  };
  struct Book {
    std::map<SellerId, SellerState> shops;
    std::map<std::string, Group> groups;
    std::map<std::string, RowSales> rows;
  };
  Book Compute(const std::vector<Lead>& leads) const;
  Group* FindGroup(Book& book, const std::string& id) const;
  std::vector<SellerState> Joined(const Book& book, const SellerState& shop) const;
  Seller Complete(Seller seller, Instant now) const;
  std::vector<RepeatDocument> DocumentsOf(const std::string& bunch) const;
  Cluster ClusterOf(const std::string& id, const Group& group) const;

  const Leads leads_;
  const AppendAudit audit_;
  mutable std::mutex mutex_;  // guards what follows; never held while leads_ or audit_ is called
  std::vector<rules::Correlation> correlations_;
  std::vector<Watch> watches_;
  std::map<std::pair<OfficialEntry::List, std::string>, OfficialEntry> official_;
  std::map<std::pair<SellerId, std::string>, ProposalDecision> decisions_;
  std::map<std::string, std::map<std::string, RepeatDocument>> documents_;  // by bunch
  std::map<std::string, ClusterUndo> undone_;
  std::set<std::pair<std::string, LeadId>> splits_;
};

}  // namespace cluehound::store
