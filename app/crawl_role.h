#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "app/crawl_run.h"
#include "app/held_store.h"

namespace cluehound::app {

// Keeps a crawl running until it is told to stop: one that ends because the store cannot be written begins again a
// little later. Thread-safe.
class CrawlRole {
 public:
  // `held` must outlive it. `published`: rules follow what is published.
  CrawlRole(HeldStore& held, std::shared_ptr<const CrawlSetup> setup,
            std::shared_ptr<const rules::RuleSet> rules, bool published);
  // Stops.
  ~CrawlRole();
  CrawlRole(const CrawlRole&) = delete;
  CrawlRole& operator=(const CrawlRole&) = delete;

  void Start();
  // From now on by these, in the crawl under way and in later ones.
  void Reload(std::shared_ptr<const CrawlSetup> setup, std::shared_ptr<const rules::RuleSet> rules);
  // What is under way may end within the fetcher's grace; returns when it has.
  void Stop();

  struct Health {
    bool alive = true;  // its threads go round; if not, only a new process helps
    bool well = true;   // it crawls
    std::string text;   // how it is, in a sentence
  };
  Health health() const;
  // Calls `look` with the crawl under way, if there is one.
  void With(const std::function<void(const CrawlRun&)>& look) const;

 private:
  void Work();
  bool Rest(Duration time);

  HeldStore& held_;
  const bool published_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::shared_ptr<const CrawlSetup> setup_;
  std::shared_ptr<const rules::RuleSet> rules_;
  std::unique_ptr<CrawlRun> run_;
  Instant began_{};  // of the run, steady
  std::string failure_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace cluehound::app
