#pragma once

#include <memory>

#include "store/memory/memory_store.h"
#include "store/open.h"
#include "tests/store/samples.h"

// What every store must do, told once and run for each: TEMPLATE_TEST_CASE("...", "", STORES).
#define STORES cluehound::store::testing::OnDisk, cluehound::store::testing::InMemory

namespace cluehound::store::testing {

struct OnDisk {
  static constexpr bool kOutlives = true;  // what was stored is there after reopening
  static std::unique_ptr<Store> Open(const std::string& path, evidence::CaptureSink* sink,
                                     const Clock& clock) {
    StoreOptions options;
    options.path = path;
    options.captures = sink;
    options.clock = &clock;
    auto store = OpenRocksDbStore(options);
    REQUIRE_OK(store);
    return *std::move(store);
  }
};

struct InMemory {
  static constexpr bool kOutlives = false;
  static std::unique_ptr<Store> Open(const std::string&, evidence::CaptureSink* sink,
                                     const Clock& clock) {
    return NewMemoryStore(sink, clock);
  }
};

// A store of one kind with its clock and archive, and the few steps that most cases take.
template <class Kind>
class Bench {
 public:
  Store& store() { return *store_; }
  Store* operator->() { return store_.get(); }
  FakeSink& sink() { return sink_; }
  cluehound::testing::FakeClock& clock() { return clock_; }
  Instant now() const { return clock_.Now(); }
  void Advance(std::chrono::seconds by) { clock_.Advance(by); }

  void Reopen() {
    if (!Kind::kOutlives) return;
    store_.reset();
    store_ = Kind::Open(Path(), &sink_, clock_);
  }

  void Seed(const std::vector<Discovery>& seeds) { REQUIRE_OK(store_->AddSeeds(seeds)); }

  std::vector<Lease> Claim(ClaimRequest request) {
    auto leases = store_->Claim(request);
    REQUIRE_OK(leases);
    return *std::move(leases);
  }
  std::vector<Lease> ClaimAll() { return Claim(Everything(now())); }

  // The lease of an address that is made known and claimed alone.
  Lease LeaseOf(const Discovery& address) {
    Seed({address});
    for (Lease& lease : ClaimAll()) {
      if (lease.address.url == address.url) return lease;
      store_->Release({lease});
    }
    FAIL("not claimed: " << address.url);
    return {};
  }

  CommitReceipt Commit(PageCommit page) {
    CommitReceipt receipt = CommitOne(*store_, std::move(page));
    REQUIRE_OK(receipt.status);
    return receipt;
  }

  // Reads a page with these suspects on it.
  CommitReceipt Read(
      const Discovery& address,
      const std::vector<std::pair<extractors::Listing, rules::Suspicion>>& suspects) {
    PageCommit commit = ReadPage(LeaseOf(address), now());
    for (const auto& [listing, suspicion] : suspects) AddSuspect(commit, listing, suspicion);
    commit.page = RawPage(address.url);
    return Commit(std::move(commit));
  }

  std::vector<Lead> Leads(const LeadFilter& filter = {}) {
    auto page = store_->QueryLeads(filter, {}, "", 1000);
    REQUIRE_OK(page);
    return page->leads;
  }
  Lead OnlyLead() {
    const auto leads = Leads();
    REQUIRE(leads.size() == 1);
    return leads[0];
  }
  std::vector<AuditEntry> Audit() {
    auto entries = store_->Audit(0, 1000);
    REQUIRE_OK(entries);
    return *entries;
  }
  StoreStats Stats() {
    auto stats = store_->Stats();
    REQUIRE_OK(stats);
    return *stats;
  }

 private:
  std::string Path() const { return (folder_.path() / "store").string(); }

  cluehound::testing::TempDir folder_;
  cluehound::testing::FakeClock clock_{kStart};
  FakeSink sink_;
  std::unique_ptr<Store> store_ = Kind::Open(Path(), &sink_, clock_);
};

}  // namespace cluehound::store::testing
