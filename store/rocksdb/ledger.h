#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evidence/capture_sink.h"
#include "store/lead_update.h"
#include "store/rocksdb/frontier.h"
#include "store/rocksdb/known_addresses.h"
#include "store/rocksdb/staging.h"
#include "store/store.h"

namespace cluehound::store {

// A page on its way to the writer, with what its own thread could do ahead.
struct PreparedPage {
  PageCommit commit;
  Status status;         // why it cannot be taken
  std::string listings;  // kRead: packed; empty when there are none
};
PreparedPage Prepare(PageCommit commit);

// Turns pages, seeds and decisions into staged changes. For one group; the writer's thread.
class Ledger {
 public:
  // `captures` may be null.
  Ledger(Staging& staging, Frontier& frontier, KnownAddresses& known,
         evidence::CaptureSink* captures)
      : staging_(staging), frontier_(frontier), known_(known), captures_(captures) {}

  // Stages the page whole, or nothing of it; the receipt says which.
  CommitReceipt Apply(const PreparedPage& page);
  Status AddSeeds(const std::vector<Discovery>& seeds, Instant now);
  Status VisitNow(const std::vector<Discovery>& pages, Instant now);
  // Makes known addresses due by then, unless they are being fetched; idempotent.
  Status Recheck(const std::vector<std::string>& urls, Instant due);
  // Makes addresses known that are not; idempotent. Gives how many were new.
  Result<uint32_t> Discover(const std::vector<Discovery>& discoveries, Instant due);
  Result<std::vector<Lead>> Decide(const std::vector<Decision>& decisions, const Scope& scope,
                                   std::string_view row);
  // Those of them that are deferred and whose day has come.
  Result<uint32_t> ReturnDeferred(const std::vector<LeadId>& leads, Instant now);
  Result<Silence> AddSilence(Silence silence);
  Result<Silence> EndSilence(uint64_t number, const Actor& actor, Instant at);
  // Those of them that this silence holds.
  Result<uint32_t> LetGo(uint64_t silence, const std::vector<LeadId>& leads, Instant now);

  // A lead that was not there, with the sighting that made it.
  Status AddLead(Lead lead, const Sighting& sighting, const AuditEntry& entry);
  Status TakeStep(const Lead& before, const LeadStep& step) { return Take(before, step); }

  // Whether a capture was appended, so that the sink is to be synced.
  bool captured() const { return captured_; }

 private:
  Status Stage(const PreparedPage& page, CommitReceipt& receipt);
  Result<std::optional<Instant>> NextDue(const PageCommit& commit);
  Status StageState(const PreparedPage& page, CommitReceipt& receipt);
  Status SeeAgain(const PageCommit& commit, PageState state, CommitReceipt& receipt);
  Status Read(const PreparedPage& page, CommitReceipt& receipt);
  Status Rematch(const PageCommit& commit, CommitReceipt& receipt);
  Status TakeFindings(const PageCommit& commit, const PageState& before, PageState& state,
                      CommitReceipt& receipt);
  Status TakeLinks(const PageCommit& commit, CommitReceipt& receipt);
  Result<evidence::CaptureRef> Capture(const PageCommit& commit);
  Status Take(const Lead& before, const LeadStep& step);
  // Silences the lead, or lets it go.
  Status Hush(Lead& lead, Instant now);
  // Keeps the figures of silences.
  Status CountSilence(uint64_t before, uint64_t after, Instant at);
  Status TakeAll(const std::vector<LeadStep>& steps);
  Result<bool> IsKnown(const std::string& url);
  // Whether the source may learn the address, which is new; counts it if so.
  Result<bool> Admits(const Discovery& link);

  Staging& staging_;
  Frontier& frontier_;
  KnownAddresses& known_;
  evidence::CaptureSink* captures_;
  bool captured_ = false;
  // By authority and source: how many more addresses this group may make known there.
  std::map<std::pair<std::string, std::string>, uint64_t> room_;
};

}  // namespace cluehound::store
