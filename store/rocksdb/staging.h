#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/decision.h"
#include "store/figure.h"
#include "store/identity.h"
#include "store/record_fields.h"
#include "store/rocksdb/database.h"
#include "store/rocksdb/frontier.h"
#include "store/rocksdb/lead_index.h"
#include "store/rocksdb/overlay.h"
#include "store/rocksdb/sheet.h"

namespace cluehound::store {

// Everything that one batch will change. The pages and decisions of a group are staged here one
// after the other, each seeing what those before it did; then Fill() makes the batch of it, with
// the indexes and counters that follow from it. What one page staged can be taken back. Not
// thread-safe; must not outlive the database.
class Staging final : public AliasTable, public DecisionTable {
 public:
  Staging(const Database& database, const Counters& counters);

  // What was staged before this stays, whatever comes.
  void Begin();
  // Takes back what was staged since Begin().
  void Rollback();

  // ---- pages and addresses

  Status Preload(const std::vector<std::string>& page_urls,
                 const std::vector<std::string>& address_urls);
  Result<std::optional<PageState>> FindPage(std::string_view url) {
    return pages_.Find(AddressKey(url));
  }
  // Keeps the figures and the index by rule set.
  Status PutPage(std::string_view url, const std::optional<PageState>& before,
                 const PageState& after);
  // Nothing: the page holds none.
  void PutListings(std::string_view url, std::optional<std::string> bytes);
  Result<std::optional<AddressRecord>> FindAddress(std::string_view url) {
    return addresses_.Find(AddressKey(url));
  }
  // Nothing when only the database knows.
  const std::optional<AddressRecord>* PeekAddress(std::string_view url) const {
    return addresses_.Peek(AddressKey(url));
  }
  void Change(Reschedule change);

  // ---- leads

  Result<std::optional<AliasRecord>> FindAlias(const std::string& name_space,
                                               const std::string& alias) override;
  Result<std::optional<ListingRecord>> FindListing(const ListingIdentity& identity) override;
  void PutAlias(const std::string& name_space, const std::string& alias,
                const AliasRecord& record) override;
  void PutListing(const ListingIdentity& identity, const ListingRecord& record) override;
  // With the sightings counted.
  Result<std::optional<Lead>> FindLead(const LeadId& id) override;
  Result<uint64_t> NextNumber(const std::string& prefix, int year) override;
  Result<std::optional<Silence>> FindSilence(uint64_t number) override {
    return silences_.Find(NumberKey(number));
  }
  // All of them, by number.
  Result<std::vector<Silence>> Silences();
  void PutSilence(const Silence& silence) { silences_.Put(NumberKey(silence.number), silence); }
  // Sightings and last_seen are left alone: See() is for them.
  Status PutLead(const Lead& lead);
  // Makes the indexes of a lead that has none. `lead`: as Table::kLeads has it, so that sellers and
  // clusters learn nothing. REQUIRES: no other change of leads in this batch.
  Status Index(const std::string& key, const Lead& lead);
  // How many sightings it is: one, or none when this very one is known.
  Result<uint32_t> See(const Sighting& sighting);
  // Whether the next sighting of the lead gives a note.
  Result<bool> Watched(const LeadId& id);
  // Whether the pages of the lead are visited daily.
  Result<bool> Rechecked(const LeadId& id);
  void PutEntry(const LeadId& lead, const LeadEntry& entry);
  // Every change that is staged is to have one. A lead whose statement (store/seal.h) changes without
  // one gets an entry "lead.touch", so that no change escapes the log.
  void Audit(AuditEntry entry);
  // Adds to the figures of their days.
  Status Tally(const std::vector<Figure>& figures, int64_t by);

  // ---- the rest

  void Send(OutboxEntry entry);
  // What sellers and clusters know of a lead is sent with every batch that changes it; this sends it of
  // a lead as it is.
  void SendFact(const LeadId& lead) { facts_due_.insert(lead); }
  Sheet& sheet() { return sheet_; }
  Overlay<RoleRequest>& requests() { return requests_; }
  Overlay<SourceStanding>& sources() { return sources_; }
  Overlay<CampaignStart>& campaign_starts() { return campaign_starts_; }
  Overlay<Paper>& papers() { return papers_; }
  Overlay<CountRecord>& paper_keys() { return paper_keys_; }  // numbers of papers
  void Put(Table table, std::string key, std::string value) {
    plain_.push_back({table, std::move(key), std::move(value)});
  }
  void Delete(Table table, std::string key) {
    plain_.push_back({table, std::move(key), std::nullopt});
  }
  Counters& counters() { return counters_; }

  // ---- the batch

  // All but what the frontier makes of changes().
  Status Fill(Batch& batch);
  const std::vector<Reschedule>& changes() const { return changes_; }
  const std::vector<std::pair<uint64_t, OutboxEntry>>& outbox() const { return outbox_; }

 private:
  struct Plain {
    Table table;
    std::string key;
    std::optional<std::string> value;
  };
  struct Mark {
    size_t changes = 0;
    size_t plain = 0;
    size_t outbox = 0;
    size_t audit = 0;
    Counters counters;
  };

  // What follows from the leads and activities that changed: texts, indexes, counts.
  Status FillIndexes(Batch& batch);
  // The leads with their seals.
  Status FillLeads(Batch& batch);
  // The audit entries with their leaves.
  Status FillLog(Batch& batch);
  Status SendFacts();
  Status FillIndexOf(const Lead& lead, const std::optional<Lead>& before, Batch& batch);
  Status CountPlaces(const std::vector<FacetPlace>& places, int64_t by);
  Status CountRow(const Lead& lead, const std::optional<Lead>& before);
  // The text that the lead is searched by, under a new number when it is another, and where the
  // indexes have the lead.
  void PutText(const Lead& lead, const std::optional<Lead>& before, LeadActivity& activity);
  Status SealSegments();
  void PutActivity(const std::string& key, LeadActivity activity);
  static Status AddTo(Overlay<CountRecord>& counts, const std::string& key, int64_t by);

  const Database& database_;
  Counters counters_;
  const Counters counters_before_;
  Overlay<PageState> pages_;
  Overlay<AddressRecord> addresses_;
  Overlay<AliasRecord> aliases_;
  Overlay<ListingRecord> listings_;
  Overlay<Lead> leads_;
  Overlay<LeadActivity> activity_;
  Overlay<Sighting> sightings_;
  Overlay<RoleRequest> requests_;
  Overlay<SourceStanding> sources_;
  Overlay<CampaignStart> campaign_starts_;
  Overlay<CountRecord> counts_;
  Overlay<RowTally> tallies_;
  Overlay<CountRecord> figures_;
  Overlay<Silence> silences_;
  Overlay<Paper> papers_;
  Overlay<CountRecord> paper_keys_;
  Sheet sheet_;
  bool indexes_only_ = false;
  std::set<LeadId> facts_due_;  // beside those of leads that the batch changes
  // As the database has them.
  std::unordered_map<std::string, std::optional<Lead>> leads_before_;
  std::unordered_map<std::string, std::optional<LeadActivity>> activity_before_;
  std::map<uint64_t, TextRecord> texts_;  // new ones
  std::vector<Reschedule> changes_;
  std::vector<Plain> plain_;
  std::vector<AuditRecord> audit_;
  std::vector<std::pair<uint64_t, OutboxEntry>> outbox_;
  Mark mark_;
};

}  // namespace cluehound::store
