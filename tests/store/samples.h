#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "evidence/capture_sink.h"
#include "store/store.h"
#include "tests/testing/testing.h"

// Invented shops, listings and suspicions for the tests of the store.
namespace cluehound::store::testing {

inline const Instant kStart = *ParseTime("2026-11-22T08:00:00+08:00");

inline Instant At(int seconds) { return kStart + std::chrono::seconds(seconds); }

// An address of a shop: Shop("a", "list-1") is http://a.example/list-1.
inline std::string Shop(const std::string& host, const std::string& path) {
  std::string url = "http://";
  return url.append(host).append(".example/").append(path);
}

inline Discovery Found(const std::string& host, const std::string& path,
                       const std::string& source = "shops", uint8_t priority = 1) {
  return {Shop(host, path), host + ".example", source, 1, priority};
}

inline extractors::Listing Goods(const std::string& title, const std::string& id = "",
                                 const std::string& seller = "东风小店") {
  extractors::Listing listing;
  listing.title = title;
  listing.id = id;
  listing.seller = seller;
  listing.price = "59.00";
  listing.currency = "CNY";
  return listing;
}

inline rules::Suspicion Suspect(const std::string& family, int score = 60,
                                const std::string& mark = "hongyan",
                                const std::string& category = "trademark") {
  rules::Suspicion suspicion;
  suspicion.rule = family + "-rule";
  suspicion.rev = 1;
  suspicion.family = family;
  suspicion.mark = mark;
  suspicion.mark_name = "鸿雁";
  suspicion.category = category;
  suspicion.level = "high";
  suspicion.score = score;
  suspicion.score_parts = {{"仿冒措辞“高仿”", score}};
  suspicion.hits = {{family + "-rule",
                     mark,
                     category,
                     "鸿雁",
                     "title",
                     0,
                     6,
                     {"width"},
                     rules::Mode::kLead,
                     score}};
  suspicion.signs = {{"wording", "仿冒措辞", "高仿", "title", 7, 13, score}};
  suspicion.legal_basis = {
      {"商标法", "2019", "第五十七条第（二）项", "2019-11-01", "", "verified"}};
  return suspicion;
}

inline std::shared_ptr<const evidence::Page> RawPage(const std::string& url) {
  auto page = std::make_shared<evidence::Page>();
  evidence::Exchange exchange;
  exchange.url = url;
  exchange.status = 200;
  exchange.header_block = "HTTP/1.1 200 OK\r\n";
  exchange.coded_body = "<html>" + url + "</html>";
  page->exchanges.push_back(exchange);
  return page;
}

// A page that was read under a lease: no listings yet, due again in an hour.
inline PageCommit ReadPage(const Lease& lease, Instant seen,
                           const std::string& rule_set = "rules-1") {
  PageCommit commit;
  commit.lease = lease;
  commit.change = PageChange::kRead;
  commit.http_status = 200;
  commit.seen = seen;
  commit.next_due = seen + std::chrono::hours(1);
  commit.state.body_digest = Sha256(lease.address.url + FormatTime(seen));
  commit.state.extractor_revision = "reader-1";
  commit.state.rule_set = rule_set;
  return commit;
}

inline void AddSuspect(PageCommit& commit, extractors::Listing listing,
                       rules::Suspicion suspicion) {
  commit.listings.push_back(std::move(listing));
  commit.leads.push_back({static_cast<uint32_t>(commit.listings.size() - 1), std::move(suspicion)});
}

inline PageCommit Unchanged(const Lease& lease, Instant seen) {
  PageCommit commit;
  commit.lease = lease;
  commit.change = PageChange::kUnchanged;
  commit.outcome = Outcome::kNotModified;
  commit.http_status = 304;
  commit.seen = seen;
  commit.next_due = seen + std::chrono::hours(1);
  return commit;
}

// Commits and waits for the receipts.
inline std::vector<CommitReceipt> CommitAll(Store& store, std::vector<PageCommit> pages) {
  std::promise<std::vector<CommitReceipt>> receipts;
  store.CommitPages(std::move(pages), [&receipts](const auto& r) { receipts.set_value(r); });
  return receipts.get_future().get();
}
inline CommitReceipt CommitOne(Store& store, PageCommit page) {
  return CommitAll(store, {std::move(page)}).front();
}

inline std::vector<Lead> AllLeads(Store& store, const LeadFilter& filter = {}) {
  auto page = store.QueryLeads(filter, {}, "", 1000000);
  REQUIRE_OK(page);
  return page->leads;
}

// Claims everything that is due.
inline ClaimRequest Everything(Instant now, size_t max = 1000) {
  ClaimRequest request;
  request.owner = "test";
  request.max = max;
  request.max_per_authority = 1000;
  request.due_until = now;
  request.now = now;
  return request;
}

// A sink in memory that counts, and fails when told.
class FakeSink final : public evidence::CaptureSink {
 public:
  Result<evidence::CaptureRef> Append(const evidence::Page& page) override {
    if (fail_append) return Status::Unavailable("the archive is full");
    evidence::CaptureRef ref;
    ref.file = "pages.warc.gz";
    ref.offset = written;
    ref.length = page.answer().coded_body.size();
    ref.sha256 = Sha256(page.answer().coded_body);
    written += ref.length;
    ++appended;
    return ref;
  }
  Status Sync() override {
    if (fail_sync) return Status::Unavailable("the archive does not sync");
    synced = written;
    return Status::Ok();
  }

  bool fail_append = false;
  bool fail_sync = false;
  uint64_t appended = 0;
  uint64_t written = 0;
  uint64_t synced = 0;
};

}  // namespace cluehound::store::testing
