#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "store/audit_log.h"
#include "store/campaign_ledger.h"
#include "store/figures.h"
#include "store/office_book.h"
#include "store/papers.h"
#include "store/records.h"
#include "store/retention.h"
#include "store/sellers.h"
#include "store/source_ledger.h"
#include "store/store_load.h"
#include "store/work_queue.h"

namespace cluehound::store {

// The ledger. It speaks intentions, never keys and values; no iterator or snapshot leaks out.
//
// Two implementations under one contract suite (tests/store/contract.h): RocksDB (store/open.h),
// and memory/ for tests. Thread-safety: every method from any thread. Durability: what was
// acknowledged (a returned Ok, a called CommitDone) survives kill -9 and power loss; the two
// exceptions say so. When nothing can be written any more, writing methods fail with kUnavailable
// and change nothing.
class Store : public WorkQueue {
 public:
  // ---- frontier, beside what WorkQueue says

  // The earliest time at which Claim could give something of these sources (empty: all), or the
  // store's clock when it could already; absent when it never could. Leased addresses do not count,
  // blocked authorities count from the end of the block.
  virtual Result<std::optional<Instant>> NextDue(const std::vector<std::string>& sources) = 0;
  // Since when the first address of the source waits that could be given out by now; blocked hosts
  // and leased addresses do not count. Absent: nothing waits.
  virtual Result<std::optional<Instant>> OldestDue(const std::string& source) = 0;
  // Makes these addresses known, if they are not, and due now with their priority, whenever else they
  // would have been; leased ones are being visited.
  virtual Status VisitNow(const std::vector<Discovery>& pages) = 0;
  // Makes every address of a source due now ("run now"), but for those that are leased or "not
  // again". Takes time in proportion to the source; pages are committed meanwhile.
  virtual Status MakeDue(std::string_view source) = 0;
  // Brings forward what a source has due between `within` and `until` from now, now that it is to be
  // visited `factor` times as often (store/hasten.h). What is due sooner or later, leased or "not
  // again" is left alone, so that done again it finds nothing. Takes time in proportion to what it
  // moves, which is at most what was fetched within the last `until`; pages are committed meanwhile.
  virtual Status Hasten(std::string_view source, double factor, Duration within,
                        Duration until) = 0;

  // ---- pages

  // Called on the store's own thread once the batch is durable (or failed); one receipt per commit,
  // in order. It may claim, release, block and commit, and must not call what waits for a write.
  using CommitDone = std::function<void(const std::vector<CommitReceipt>&)>;

  // Applies pages, each whole, in order. Returns at once; batches of several callers are written
  // with one sync. For each page that brings or changes a lead and carries its raw page, the
  // capture is appended and synced before the store is.
  virtual void CommitPages(std::vector<PageCommit> pages, CommitDone done) = 0;
  // Waits until everything handed over before is durable and its callback has returned.
  virtual void Flush() = 0;

  // The last capture that a durable commit points to; not present() when there is none. What lies
  // behind it in its file is of commits that never came to be, and is cut at start.
  virtual Result<evidence::CaptureRef> LastCapture() = 0;

  virtual Result<std::optional<PageState>> FindPage(std::string_view url) = 0;
  // The listings that the page held when last read.
  virtual Result<std::vector<extractors::Listing>> PageListings(std::string_view url) = 0;

  // Pages with stored listings that were matched with another rule set than `rule_set`, in order of
  // address.
  struct StalePage {
    Discovery address;
    PageState state;
    std::vector<extractors::Listing> listings;
  };
  virtual Result<std::vector<StalePage>> PagesMatchedOtherwise(std::string_view rule_set,
                                                               std::string_view after_url,
                                                               size_t max) = 0;

  // ---- leads

  // Fails with kNotFound, or kDenied outside the scope. `id` may be the number of a registered lead
  // ("WF-2026-00123"), or a prefix of at least 6 digits; an ambiguous or malformed one is kInvalidArgument. A scope with a county sees the leads of that
  // county alone.
  virtual Result<Lead> FindLead(std::string_view id, const Scope& scope) = 0;
  virtual Result<std::vector<Sighting>> Sightings(std::string_view lead_id,
                                                  size_t max) = 0;  // newest first
  // All three: kInvalidArgument for an `after` that is none and for a text that cannot be searched.
  virtual Result<LeadPage> QueryLeads(const LeadFilter& filter, const Scope& scope,
                                      std::string_view after, size_t max) = 0;
  // Rows in order of their first lead.
  virtual Result<RowPage> QueryRows(const LeadFilter& filter, const Scope& scope,
                                    std::string_view after, size_t max) = 0;
  virtual Result<LeadCount> CountLeads(const LeadFilter& filter, const Scope& scope) = 0;

  using Decision = store::Decision;
  // Applies what people do with leads (store/decision.h says what is possible), each with its entry
  // and its line in the audit log, in one write: all, or none and the failure of the first that
  // cannot be. Numbers are given without gaps within a prefix and year. With a `row`
  // (LeadRow::key), the row remembers the decision, which must be the same for all; undone, it
  // forgets it. Gives the leads as they are now, in order.
  virtual Result<std::vector<Lead>> DecideAll(const std::vector<Decision>& decisions,
                                              const Scope& scope, std::string_view row) = 0;
  Result<Lead> Decide(const Decision& decision, const Scope& scope) {
    ASSIGN_OR_RETURN(auto leads, DecideAll({decision}, scope, ""));
    return std::move(leads.front());
  }
  // What comes with time: deferred leads whose day has come stand again as before they were
  // deferred, and silences that are over let their leads go. Cheap when there is none. Gives how
  // many leads.
  virtual Result<uint32_t> ReturnDue(Instant now) = 0;

  // Makes a silence and gives it with its number; kInvalidArgument when store/silence.h says that it
  // is none. From now on it covers leads that come or change; those that are there already are put
  // under it by DecisionKind::kSilence.
  virtual Result<Silence> AddSilence(const Silence& silence) = 0;
  // Ends one that is in force and lets its leads go with the next ReturnDue().
  virtual Result<Silence> EndSilence(uint64_t number, const Actor& actor, Instant at) = 0;
  virtual Result<std::vector<Silence>> Silences() = 0;  // by number, also those that are over

  // What happened to a lead, newest first.
  virtual Result<std::vector<LeadEntry>> Entries(std::string_view lead_id, size_t max) = 0;

  // ---- rule sets, by content hash, for ever

  virtual Status PutRuleSet(std::string_view hash, std::string_view bytes, const Actor& actor,
                            Instant at) = 0;
  virtual Result<std::string> FindRuleSet(std::string_view hash) = 0;
  // The whole hash of the only stored set that begins with `prefix`, which has at least 6 digits.
  // kNotFound; kInvalidArgument when it is too short or there are several.
  virtual Result<std::string> RuleSetHash(std::string_view prefix) = 0;
  // Makes a stored set the one in force, and appends to the audit log, in one write. kNotFound when
  // it is not stored.
  virtual Status PublishRuleSet(std::string_view hash, const Actor& actor, Instant at,
                                std::string_view note) = 0;
  // Newest first: the first is of the set in force.
  virtual Result<std::vector<RuleSetPublication>> RuleSetPublications(size_t max) = 0;

  // ---- requests to roles

  // With its line in the audit log.
  virtual Result<uint64_t> EnqueueRequest(const RoleRequest& request) = 0;
  virtual Result<std::vector<RoleRequest>> PendingRequests(std::string_view role, size_t max) = 0;
  virtual Status FinishRequest(uint64_t number) = 0;

  // ---- papers: clues, letters, notices, cases, registers. Lives as long as the store.

  virtual PaperLedger& papers() = 0;
  // Sellers and clusters: what follows from the leads.
  virtual SellerLedger& sellers() = 0;
  virtual SourceLedger& sources() = 0;
  virtual CampaignLedger& campaigns() = 0;
  // Accounts, sessions, channels of notification, proposals of rules.
  virtual OfficeBook& office_book() = 0;

  // ---- audit and figures

  virtual Result<std::vector<AuditEntry>> Audit(uint64_t after_number, size_t max) = 0;
  virtual Result<StoreStats> Stats() = 0;
  virtual Result<StoreLoad> Load() = 0;
  virtual Figures& figures() = 0;  // of every day

  // ---- groups of their own

  virtual AuditLog& log() = 0;
  virtual Retention& retention() = 0;
  // Makes a copy of the store as it is now, without captures, in a folder of its own inside the
  // store's, and gives its path; it opens for reading. Cheap where the file system has hard links,
  // and pages and decisions go on meanwhile. It is gone with DropCopy(), or when the store is opened
  // again. kUnavailable: the store lives in memory.
  virtual Result<std::string> MakeCopy() = 0;
  virtual Status DropCopy(const std::string& path) = 0;
};

}  // namespace cluehound::store
