#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "app/crawl_role.h"
#include "app/held_store.h"
#include "app/http_chain.h"
#include "app/listing_upkeep.h"
#include "app/triage_role.h"

namespace cluehound::app {

// What a process of `serve` does.
struct Roles {
  bool crawl = true;     // fetches what is due
  bool triage = true;    // the page and the API for officers
  bool schedule = true;  // what comes with time: deferred leads that return, silences that end
  // "crawl,triage"; kInvalidArgument names what there is.
  static Result<Roles> Parse(const std::string& text);
};

// A running deployment: the store with its control socket, the roles, and the handlers of the HTTP listener. Not
// thread-safe, but for what the handlers do.
class Service {
 public:
  static Result<std::unique_ptr<Service>> Open(const CommonOptions& options, const Roles& roles,
                                               std::shared_ptr<const CrawlSetup> setup);
  // Everything has ended when it returns, the crawl first.
  ~Service();

  // Those that answer /healthz and /metrics. Others are added before Listen().
  HttpChain& http() { return http_; }
  HeldStore& held() { return *held_; }
  // Begins to answer, where the configuration says. Gives the port.
  Result<uint16_t> Listen();
  // Begins to crawl.
  void Begin();

  // Reads configuration, sources and rules again. A failure changes nothing.
  Status Reload();
  // To be called about once a second. False: the threads hang, and only a new process helps.
  bool Tick();
  CrawlRole::Health health() const;

 private:
  Service(const CommonOptions& options, const Roles& roles,
          std::shared_ptr<const CrawlSetup> setup);
  std::optional<triage::HttpResponse> Answer(const triage::HttpRequest& request) const;
  std::vector<crawler::SourceSettings> Planned() const;
  std::shared_ptr<const Pipeline> Reading() const;  // with which pages are read now
  ListingUpkeep::Duties UpkeepOfListings();
  // What people ask of sources and campaigns that needs the configuration.
  void AnswerCampaigns();
  void AnswerDesks();
  // Begins the role, and makes the first administrator if there is no account.
  Status StartTriage();
  std::vector<std::string> Troubles() const;
  std::string HealthJson(const CrawlRole::Health& health) const;

  const CommonOptions options_;
  const Roles roles_;
  const Instant started_ = SteadyClock().Now();
  mutable std::mutex mutex_;  // guards the two below against who plans
  std::shared_ptr<const CrawlSetup> setup_;
  std::shared_ptr<const rules::RuleSet> rules_;
  std::unique_ptr<HeldStore> held_;
  HttpChain http_;
  std::unique_ptr<CrawlRole> crawl_;
  std::unique_ptr<ListingUpkeep> upkeep_;
  std::unique_ptr<TriageRole> triage_;
  std::unique_ptr<triage::HttpServer> listener_;
  std::atomic<bool> reload_wanted_ = false;  // by who changed a file of the configuration
  Instant next_return_{};
};

}  // namespace cluehound::app
