#include "app/offline_ledger.h"

#include <algorithm>

#include "app/watched_sellers.h"
#include "base/digest.h"
#include "base/url.h"
#include "store/memory/memory_store.h"
#include "store/open.h"
#include "triage/control_socket.h"

namespace cluehound::app {
namespace {

constexpr char kSource[] = "scan";

// The address under which a saved page stands in the ledger: its own if known, else that of the file.
std::string AddressOf(const InputPage& input, const extractors::PageReading& page) {
  for (const std::string& candidate : {input.page.url, page.canonical_url}) {
    if (candidate.empty()) continue;
    if (const auto url = Url::Parse(candidate); url.ok()) return url->Canonical().href();
  }
  return "file:" + input.name;
}

}  // namespace

Result<std::unique_ptr<OfflineLedger>> OfflineLedger::Open(const std::string& store,
                                                           const rules::RuleSet& rules) {
  std::unique_ptr<store::Store> opened;
  if (store.empty()) {
    opened = store::NewMemoryStore(nullptr, SystemClock());
  } else {
    store::StoreOptions options;
    options.path = store;
    ASSIGN_OR_RETURN(opened, store::OpenRocksDbStore(options));
    RETURN_IF_ERROR(opened->PutRuleSet(rules.hash(), rules::SerialiseRuleFiles(rules.files()),
                                       {triage::CurrentUser(), ""}, SystemClock().Now()));
  }
  RETURN_IF_ERROR(opened->sellers().UseCorrelations(rules.correlations()));
  return std::unique_ptr<OfflineLedger>(
      new OfflineLedger(std::move(opened), rules.hash(), !store.empty()));
}

Result<std::shared_ptr<const rules::SellerList>> OfflineLedger::Watched(Instant now) {
  if (!on_disk_) return std::shared_ptr<const rules::SellerList>();
  return WatchedSellers(*store_, now);
}

Status OfflineLedger::Add(const InputPage& input, const Pipeline& pipeline, Reading reading,
                          Instant now) {
  if (reading.page.outcome != Outcome::kOk) return Status::Ok();
  store::PageCommit commit;
  commit.lease.address.url = AddressOf(input, reading.page);
  commit.lease.address.source = kSource;
  if (const auto url = Url::Parse(commit.lease.address.url); url.ok())
    commit.lease.address.authority = url->authority();
  commit.change = store::PageChange::kRead;
  commit.seen = now;
  commit.state.body_digest = Sha256(input.page.coded_body);
  commit.state.extractor_revision = kSource;  // a fetch of the same address reads it anew
  commit.state.rule_set = rule_set_;
  for (size_t i = 0; i < reading.evaluations.size(); ++i) {
    for (rules::Suspicion& suspicion : reading.evaluations[i].suspicions) {
      commit.leads.push_back(pipeline.Draft(reading.page.listings, i, std::move(suspicion)));
    }
  }
  commit.listings = std::move(reading.page.listings);
  urls_.insert(commit.lease.address.url);
  Status status;
  std::vector<store::PageCommit> batch;
  batch.push_back(std::move(commit));
  store_->CommitPages(std::move(batch),
                      [&status](const std::vector<store::CommitReceipt>& receipts) {
                        status = receipts.at(0).status;
                      });
  store_->Flush();
  return status.Within(input.name);
}

Status OfflineLedger::EachLead(const std::function<void(const store::Lead&)>& each) {
  std::set<store::LeadId> wanted;
  for (const std::string& url : urls_) {
    ASSIGN_OR_RETURN(const auto state, store_->FindPage(url));
    if (state) wanted.insert(state->leads.begin(), state->leads.end());
  }
  std::string after;
  do {
    ASSIGN_OR_RETURN(const store::LeadPage page, store_->QueryLeads({}, {}, after, 500));
    for (const store::Lead& lead : page.leads) {
      if (wanted.count(lead.id) > 0) each(lead);
    }
    after = page.next;
  } while (!after.empty());
  return Status::Ok();
}

}  // namespace cluehound::app
