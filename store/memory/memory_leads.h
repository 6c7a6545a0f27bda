#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "store/decision.h"
#include "store/identity.h"
#include "store/lead_step.h"
#include "store/memory/memory_audit.h"
#include "store/memory/memory_lead_query.h"
#include "store/page_findings.h"
#include "store/records.h"

namespace cluehound::store {

// The aliases of the MemoryStore.
class MemoryAliases final : public AliasTable {
 public:
  Result<std::optional<AliasRecord>> FindAlias(const std::string& name_space,
                                               const std::string& alias) override;
  Result<std::optional<ListingRecord>> FindListing(const ListingIdentity& identity) override;
  void PutAlias(const std::string& name_space, const std::string& alias,
                const AliasRecord& record) override;
  void PutListing(const ListingIdentity& identity, const ListingRecord& record) override;

 private:
  std::map<std::pair<std::string, std::string>, AliasRecord> aliases_;
  std::map<ListingIdentity, ListingRecord> listings_;
};

// The leads of the MemoryStore: what Store says of leads and silences, and what pages do to them.
// Not thread-safe.
class MemoryLeads final : private DecisionTable {
 public:
  // `audit` must outlive it.
  explicit MemoryLeads(MemoryAudit& audit) : audit_(audit) {}

  Result<Lead> Find(std::string_view id, const Scope& scope) const;
  std::vector<LeadEntry> Entries(std::string_view lead_id, size_t max) const;
  std::vector<Sighting> Sightings(std::string_view lead_id, size_t max) const;
  // `members`: of the cluster that the filter asks for.
  MemoryLeadQuery Query(std::set<LeadId> members = {}) const {
    return {leads_, rows_, std::move(members)};
  }
  Result<std::vector<Lead>> DecideAll(const std::vector<Decision>& decisions, const Scope& scope,
                                      std::string_view row);
  Result<Silence> AddSilence(const Silence& silence);
  Result<Silence> EndSilence(uint64_t number, const Actor& actor, Instant at);
  const std::vector<Silence>& silences() const { return silences_; }
  uint32_t ReturnDue(Instant now);

  // A page that answers that it is gone, one that is as it was, and one that was read or matched
  // again. `capture` keeps the page and is called once, if a lead comes or changes.
  void TakeGone(const PageCommit& commit, const PageState& state);
  void TakeUnchanged(const PageCommit& commit, const PageState& state, CommitReceipt& receipt);
  void TakeFindings(const PageCommit& commit, const PageState& page_before, PageState& state,
                    CommitReceipt& receipt,
                    const std::function<evidence::CaptureRef(const PageCommit&)>& capture);

  const std::map<LeadId, Lead>& all() const { return leads_; }
  // The pages that became due earlier since the last time, and by when (store/recheck.h).
  std::vector<std::pair<std::string, Instant>> TakeRechecks() {
    return std::exchange(rechecks_, {});
  }

  // ---- what papers do with leads

  Result<std::optional<Lead>> FindLead(const LeadId& id) override;
  Result<uint64_t> NextNumber(const std::string& prefix, int year) override;
  AliasTable& aliases() { return aliases_; }
  void Add(Lead lead, const Sighting& sighting, const AuditEntry& entry);
  void Take(const Lead& before, const LeadStep& step);
  Result<LeadStep> StepOf(const Decision& decision, const Scope& scope) {
    return store::Decide(decision, scope, *this);
  }
  // What was there at the last Keep() comes back with PutBack().
  void Keep() { kept_ = {aliases_, leads_, sightings_, entries_, silences_, numbers_}; }
  void PutBack() { std::tie(aliases_, leads_, sightings_, entries_, silences_, numbers_) = kept_; }
  // REQUIRES: it is known.
  void Replace(const Lead& lead) { leads_.at(lead.id) = lead; }

 private:
  // DecisionTable
  Result<std::optional<Silence>> FindSilence(uint64_t number) override;

  void Enter(const Lead& before, const LeadStep& step);
  void HushLead(const LeadId& id, Instant now);
  void TakeAll(const Result<std::vector<LeadStep>>& steps);
  uint32_t See(Lead& lead, const Sighting& sighting);

  MemoryAudit& audit_;
  MemoryAliases aliases_;
  std::map<LeadId, Lead> leads_;
  std::map<LeadId, std::vector<Sighting>> sightings_;
  std::map<LeadId, std::vector<LeadEntry>> entries_;
  std::map<std::string, RowStanding> rows_;
  std::vector<std::pair<std::string, Instant>> rechecks_;
  std::vector<Silence> silences_;                            // number n at n - 1
  std::map<std::pair<std::string, int>, uint64_t> numbers_;  // last given out
  std::tuple<MemoryAliases, decltype(leads_), decltype(sightings_), decltype(entries_),
             decltype(silences_), decltype(numbers_)>
      kept_;
};

}  // namespace cluehound::store
