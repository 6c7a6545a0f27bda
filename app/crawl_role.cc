#include "app/crawl_role.h"

#include <algorithm>

#include "base/log.h"

namespace cluehound::app {
namespace {

constexpr std::chrono::seconds kFirstRest{5};
constexpr std::chrono::minutes kLongestRest{5};
// A crawl that went on for so long had got over what stopped the one before.
constexpr std::chrono::minutes kWell{10};
// The fetch thread goes round once a minute when it has nothing to do.
constexpr std::chrono::minutes kThreadStuck{3};
// Reading a page takes seconds at the worst; a disk may be slow.
constexpr std::chrono::minutes kPageStuck{10};

}  // namespace

CrawlRole::CrawlRole(HeldStore& held, std::shared_ptr<const CrawlSetup> setup,
                     std::shared_ptr<const rules::RuleSet> rules, bool published)
    : held_(held), published_(published), setup_(std::move(setup)), rules_(std::move(rules)) {}

void CrawlRole::Start() {
  thread_ = std::thread([this] { Work(); });
}

CrawlRole::~CrawlRole() { Stop(); }

void CrawlRole::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (run_) run_->Stop();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// False when it is time to stop.
bool CrawlRole::Rest(Duration time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [this] { return stopping_; });
}

void CrawlRole::Work() {
  Duration rest = kFirstRest;
  do {
    std::shared_ptr<const CrawlSetup> setup;
    CrawlRun* run = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      setup = setup_;
      const Pipeline pipeline(*setup->reader, rules_, &setup->office.jurisdictions);
      CrawlRun::Options options;
      options.follow_published = published_;
      options.in_turn = true;
      options.listings = &held_.listings();
      run_ = std::make_unique<CrawlRun>(setup->config, pipeline, *setup->reader, held_.store(),
                                        options);
      run = run_.get();
      began_ = SteadyClock().Now();
    }
    const Status status = run->Run();
    const std::lock_guard lock(mutex_);
    rules_ = run_->rules();
    run_.reset();
    if (status.ok()) return;  // told to
    if (SteadyClock().Now() > began_ + kWell) rest = kFirstRest;
    failure_ = status.message();
    LogError("the crawl ended, and begins again in " + FormatDuration(rest),
             {{"why", status.message()}});
  } while (Rest(std::exchange(rest, std::min<Duration>(rest * 2, kLongestRest))));
}

void CrawlRole::Reload(std::shared_ptr<const CrawlSetup> setup,
                       std::shared_ptr<const rules::RuleSet> rules) {
  const std::lock_guard lock(mutex_);
  setup_ = setup;
  rules_ = rules;
  if (run_) run_->Reload(std::move(setup), std::move(rules));
}

CrawlRole::Health CrawlRole::health() const {
  const std::lock_guard lock(mutex_);
  Health health;
  if (run_ == nullptr) {
    health.well = failure_.empty();
    health.text = stopping_          ? "stopping"
                  : failure_.empty() ? "starting"
                                     : "waits to begin again: " + failure_;
    return health;
  }
  const Instant now = SteadyClock().Now();
  const Instant turn = run_->last_turn();
  const auto oldest = run_->oldest_page();
  if (turn != Instant() && now > turn + kThreadStuck) {
    health = {false, false,
              "the fetch thread has not gone round for " +
                  FormatDuration(std::chrono::floor<std::chrono::minutes>(now - turn))};
  } else if (oldest && now > *oldest + kPageStuck) {
    health = {false, false,
              "a page waits to be committed for " +
                  FormatDuration(std::chrono::floor<std::chrono::minutes>(now - *oldest))};
  } else {
    health.text = turn == Instant() ? "starting" : "crawling";
  }
  return health;
}

void CrawlRole::With(const std::function<void(const CrawlRun&)>& look) const {
  const std::lock_guard lock(mutex_);
  if (run_) look(*run_);
}

}  // namespace cluehound::app
