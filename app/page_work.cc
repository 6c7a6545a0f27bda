#include "app/page_work.h"

#include <algorithm>

#include "app/live_rooms.h"
#include "base/log.h"
#include "base/url.h"
#include "crawler/sitemaps.h"

namespace cluehound::app {

void PageWork::Start(size_t threads) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

void PageWork::Finish() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  ready_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  parts_.store.Flush();
}

void PageWork::Take(crawler::FetchResult result) {
  const uint64_t bytes = result.page ? result.page->answer().coded_body.size() : 0;
  under_way_.Begin(result.lease.token, SteadyClock().Now(), bytes);
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(result));
  }
  ready_.notify_one();
}

// Nothing once it is closed and all was given out.
std::optional<crawler::FetchResult> PageWork::Pop() {
  std::unique_lock lock(mutex_);
  ready_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
  if (waiting_.empty()) return std::nullopt;
  crawler::FetchResult result = std::move(waiting_.front());
  waiting_.pop_front();
  return result;
}

void PageWork::Work() {
  while (auto result = Pop()) Commit(*std::move(result));
}

void PageWork::Commit(crawler::FetchResult result) {
  const store::Lease lease = result.lease;
  if (result.page != nullptr) {
    const evidence::Exchange& answer = result.page->answer();
    latencies_.Add(answer.ended - answer.started);
  }
  const std::shared_ptr<const InForce::Sources> sources = parts_.in_force.sources();
  const crawler::SourceSettings& source = sources->at(lease.address.source);
  const std::vector<std::string> sitemaps = std::move(result.sitemaps);
  store::PageCommit commit = MakeCommit(std::move(result), source);
  for (auto& seed : crawler::SitemapSeeds(sitemaps, source))
    commit.links.push_back(std::move(seed));
  commit.links_due = parts_.links_due.value_or(SystemClock().Now());
  traps_.Pass(commit);
  outcomes_[static_cast<size_t>(commit.outcome)] += 1;
  store::SourceStanding gain = Gain(commit);
  const auto rooms = LiveRooms(commit, source);
  store::ListingArchive::Batch versions = NewVersions(commit);
  std::vector<store::PageCommit> batch;
  batch.push_back(std::move(commit));
  parts_.store.CommitPages(std::move(batch),
                           [this, lease, gain, rooms, versions = std::move(versions)](
                               const std::vector<store::CommitReceipt>& done) mutable {
                             Count(done);
                             const store::CommitReceipt& receipt = done[0];
                             if (receipt.status.ok()) {
                               gain.leads = receipt.new_leads;
                               parts_.tally.Add(gain);
                               if (parts_.listings != nullptr)
                                 parts_.listings->Add(std::move(versions));
                             }
                             if (!rooms.empty() && receipt.new_leads + receipt.changed_leads > 0)
                               parts_.rooms(rooms);
                             under_way_.End(lease.token);
                             // A disk that was full has room again: the next crawl of this process reads it.
                             if (!receipt.status.ok()) parts_.store.Release({lease});
                             parts_.done(lease);
                           });
}

store::SourceStanding PageWork::Gain(const store::PageCommit& commit) {
  store::SourceStanding gain;
  gain.source = commit.lease.address.source;
  if (commit.change == store::PageChange::kRead) {
    pages_read_ += 1;
    listings_ += commit.listings.size();
    gain.listings = commit.listings.size();
  }
  if (commit.change != store::PageChange::kFailed) {
    gain.pages = 1;
    gain.read = commit.seen;
  }
  return gain;
}

// What the archive of listings does not have yet of a page that was read.
store::ListingArchive::Batch PageWork::NewVersions(const store::PageCommit& commit) {
  const bool read = commit.change == store::PageChange::kRead && commit.outcome == Outcome::kOk;
  if (parts_.listings == nullptr || !read) return {};
  const store::Discovery& address = commit.lease.address;
  std::vector<extractors::Listing> before;
  if (commit.lease.page.listing_count > 0) {
    auto held = parts_.store.PageListings(address.url);
    if (held.ok()) before = *std::move(held);  // else they are archived once more
  }
  return parts_.listings->Fresh(
      {commit.seen, address.source, address.url, commit.state.extractor_revision}, commit.listings,
      before);
}

store::PageCommit PageWork::MakeCommit(crawler::FetchResult result,
                                       const crawler::SourceSettings& source) {
  if (result.outcome == Outcome::kOk || result.outcome == Outcome::kNotModified) {
    try {
      const auto stored = [&] { return parts_.store.PageListings(result.lease.address.url); };
      return parts_.in_force.pipeline()->Commit(result.lease, result.page, source, stored,
                                                [&] { return MayOverride(source, *result.page); });
    } catch (const std::exception& e) {  // bad_alloc on a hostile page costs that page only
      LogError("reading " + result.lease.address.url + ": " + e.what());
      result.outcome = Outcome::kTooCostly;
    }
  }
  return MakeFailure(result, source);
}

store::PageCommit PageWork::MakeFailure(const crawler::FetchResult& result,
                                        const crawler::SourceSettings& source) const {
  const Instant now = SystemClock().Now();
  store::PageCommit commit;
  commit.lease = result.lease;
  commit.change = store::PageChange::kFailed;
  commit.outcome = result.outcome;
  commit.http_status = result.page != nullptr ? result.page->answer().status : 0;
  commit.seen = now;
  commit.state = result.lease.page;
  const double factor = parts_.in_force.pipeline()->campaigns().Factor(source.id, now);
  commit.next_due = crawler::NextVisit(
      LastVisitOf(result.outcome, result.lease, result.lease.page, source, factor, now), now);
  if (result.retry_at && commit.next_due)
    commit.next_due = std::max(*commit.next_due, *result.retry_at);
  return commit;
}

bool PageWork::MayOverride(const crawler::SourceSettings& source, const evidence::Page& page) {
  const auto& override = source.access.robots_override;
  const auto url = Url::Parse(page.final_url());
  if (!override || !override->InForce(SystemClock().Now()) || !url.ok()) return false;
  const Status noted = parts_.overrides.Note(source, url->authority());
  if (!noted.ok()) LogError("robots override of " + source.id + ": " + noted.message());
  return noted.ok();
}

void PageWork::Count(const std::vector<store::CommitReceipt>& receipts) {
  for (const store::CommitReceipt& receipt : receipts) {
    if (receipt.status.ok()) {
      new_leads_ += receipt.new_leads;
      changed_leads_ += receipt.changed_leads;
      sightings_ += receipt.sightings;
    } else if (receipt.status.code() != Code::kConflict) {  // then another reading came first
      LogError("commit: " + receipt.status.message());
      const std::lock_guard lock(failure_mutex_);
      if (failure_.ok()) failure_ = receipt.status;
      parts_.failed();
    }
  }
}

Status PageWork::failure() const {
  const std::lock_guard lock(failure_mutex_);
  return failure_;
}

void PageWork::AddTo(CrawlFigures& figures) const {
  figures.pages_read = pages_read_;
  figures.listings = listings_;
  figures.new_leads = new_leads_;
  figures.changed_leads = changed_leads_;
  figures.sightings = sightings_;
  figures.page_bytes = under_way_.bytes();
  for (size_t i = 0; i < figures.outcomes.size(); ++i) figures.outcomes[i] = outcomes_[i];
  figures.traps = traps_.refused();
}

}  // namespace cluehound::app
