#include "app/service.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/campaign_agenda.h"
#include "app/campaign_desk.h"
#include "app/campaign_starts.h"
#include "app/crawl_plan.h"
#include "app/kept_page.h"
#include "app/metrics.h"
#include "app/retention.h"
#include "app/rule_source.h"
#include "app/search_terms.h"
#include "app/source_desk.h"
#include "base/log.h"
#include "base/text.h"
#include "triage/sign_in.h"

namespace cluehound::app {
namespace {

constexpr std::chrono::minutes kReturnEvery{1};
constexpr size_t kStartsKept = 1000;  // campaigns that people started: those of 25 months and more

// Settings that are read once say so.
void WarnOfLasting(const Config& before, const Config& after) {
  const auto warn = [](bool differs, const char* setting) {
    if (differs) LogWarning("setting takes effect at the next start", {{"setting", setting}});
  };
  warn(before.store != after.store, "store");
  warn(before.listen != after.listen || before.port != after.port, "listen");
  warn(!(before.triage == after.triage), "tls, behind_proxy, captures or notices");
  warn(before.workers != after.workers, "workers");
  warn(before.max_in_flight != after.max_in_flight, "max_in_flight");
  warn(before.contact != after.contact, "contact");
  warn(before.log.file != after.log.file || before.log.format != after.log.format, "log");
}

}  // namespace

Result<Roles> Roles::Parse(const std::string& text) {
  Roles roles{false, false, false};
  size_t begin = 0;
  while (begin <= text.size()) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const std::string role = text.substr(begin, end - begin);
    begin = end + 1;
    if (role == "crawl") {
      roles.crawl = true;
    } else if (role == "triage") {
      roles.triage = true;
    } else if (role == "schedule") {
      roles.schedule = true;
    } else {
      return Status::InvalidArgument("no role \"" + role + "\"; there are crawl, triage, schedule");
    }
  }
  return roles;
}

Service::Service(const CommonOptions& options, const Roles& roles,
                 std::shared_ptr<const CrawlSetup> setup)
    : options_(options), roles_(roles), setup_(std::move(setup)) {
  http_.Add([this](const triage::HttpRequest& request) { return Answer(request); });
}

Result<std::unique_ptr<Service>> Service::Open(const CommonOptions& options, const Roles& roles,
                                               std::shared_ptr<const CrawlSetup> setup) {
  std::unique_ptr<Service> service(new Service(options, roles, std::move(setup)));
  const Config& config = service->setup_->config;
  ASSIGN_OR_RETURN(service->held_, HeldStore::Open(config.store, service->setup_->office));
  ASSIGN_OR_RETURN(const RunningRules running,
                   LoadRunningRules(config, options, service->held_->store()));
  service->rules_ = running.rules;
  LogInfo("rule set " + running.rules->hash().substr(0, 12) + ", " + running.origin);
  if (roles.crawl) {
    service->crawl_ = std::make_unique<CrawlRole>(*service->held_, service->setup_, service->rules_,
                                                  options.rules.empty());
  }
  service->upkeep_ = std::make_unique<ListingUpkeep>(service->UpkeepOfListings());
  AnswerPlans(*service->held_, [service = service.get()] { return service->Planned(); });
  AnswerScans(*service->held_, [service = service.get()] { return service->Reading(); });
  service->AnswerCampaigns();
  service->AnswerDesks();
  if (roles.triage) RETURN_IF_ERROR(service->StartTriage());
  return service;
}

Service::~Service() {
  if (held_) held_->DropAnswers();
  listener_.reset();
  triage_.reset();
  crawl_.reset();
  upkeep_.reset();
}

// By the configuration in force at each round.
ListingUpkeep::Duties Service::UpkeepOfListings() {
  ListingUpkeep::Duties duties;
  duties.folder = setup_->config.store / "listings";
  duties.bounds = [this]() -> Result<std::optional<store::ListingRetention>> {
    std::shared_ptr<const CrawlSetup> setup;
    {
      const std::lock_guard lock(mutex_);
      setup = setup_;
    }
    const auto plan = ReadRetention(setup->config.dir / "retention.yaml");
    if (plan.status().code() == Code::kNotFound) return std::optional<store::ListingRetention>();
    RETURN_IF_ERROR(plan.status());
    std::optional<store::ListingRetention> bounds = plan->listings;
    if (!bounds || setup->config.campaigns == nullptr) return bounds;
    ASSIGN_OR_RETURN(const auto starts, held_->store().campaigns().Starts(kStartsKept));
    bounds->kept =
        CampaignDays(*setup->config.campaigns, starts, SystemClock().Now(), bounds->kept_months);
    return bounds;
  };
  duties.note = [this](const store::ListingPruning& gone) {
    triage::Request note = NoteOfListings(gone);
    note.actor.user = triage::CurrentUser();
    return held_->operations()->Call(note).status;
  };
  return duties;
}

Result<uint16_t> Service::Listen() {
  const Config& config = setup_->config;
  ASSIGN_OR_RETURN(auto options, TriageRole::ServerOptions(config.triage));
  if (triage_) {
    options.body_cap = [this](const triage::HttpRequest& head) { return triage_->BodyCap(head); };
  }
  ASSIGN_OR_RETURN(
      listener_, triage::HttpServer::Start(config.listen, config.port, http_, std::move(options)));
  return listener_->port();
}

void Service::AnswerCampaigns() {
  held_->AddAnswer([this](const triage::Request& request) -> std::optional<triage::Response> {
    const bool agenda = request.operation == "campaigns.next";
    if (!agenda && request.operation != "campaigns.list") return std::nullopt;
    std::shared_ptr<const CrawlSetup> setup;
    {
      const std::lock_guard lock(mutex_);
      setup = setup_;
    }
    triage::Response response;
    const crawler::Campaigns* campaigns = setup->config.campaigns.get();
    if (campaigns == nullptr) return response;
    const Instant now = SystemClock().Now();
    if (!agenda) {
      response.lines = CampaignLines(*campaigns, now);
      return response;
    }
    const auto starts = held_->store().campaigns().Starts(kStartsKept);
    if (!starts.ok()) return triage::Failed(starts.status());
    response.lines =
        AgendaLines(Agenda(*campaigns, now, *starts), MissingDates(*campaigns, now), now);
    return response;
  });
}

void Service::AnswerDesks() {
  const auto setup = [this] {
    const std::lock_guard lock(mutex_);
    return setup_;
  };
  const auto reload = [this] { reload_wanted_ = true; };
  AnswerSources(*held_, {setup, [this] { return Reading(); }, reload});
  AnswerCampaignDesk(*held_, {setup, [this] { return Reading()->shared_rules(); }, reload});
}

Status Service::StartTriage() {
  const Config& config = setup_->config;
  auto parts = PartsOf(
      config, options_, held_->store(),
      [this](const triage::Request& request) { return held_->Call(request); },
      [this] {
        const std::lock_guard lock(mutex_);
        return std::shared_ptr<const triage::Office>(setup_, &setup_->office);
      },
      [this] { return Reading(); });
  parts.troubles = [this] { return Troubles(); };
  TriageSettings settings = config.triage;
  if (settings.captures_listen.empty()) {
    settings.captures_listen = config.listen;
    settings.captures_port = config.port == 0 ? 0 : static_cast<uint16_t>(config.port + 1);
  }
  ASSIGN_OR_RETURN(triage_, TriageRole::Start(std::move(parts), settings));
  http_.Add([this](const triage::HttpRequest& request) {
    return std::optional<triage::HttpResponse>(triage_->Handle(request));
  });
  ASSIGN_OR_RETURN(const auto password,
                   triage::MakeFirstAdmin(held_->store(), {triage::CurrentUser(), "serve"},
                                          SystemClock().Now()));
  // It must be changed at the first login, and opens nothing before.
  if (password) {
    std::cout << "No account yet. User admin, one-time password (shown this once): " << *password
              << std::endl;
  }
  return Status::Ok();
}

std::vector<std::string> Service::Troubles() const {
  const CrawlRole::Health health = this->health();
  if (health.alive && health.well) return {};
  return {health.text};
}

void Service::Begin() {
  if (crawl_) crawl_->Start();
}

std::shared_ptr<const Pipeline> Service::Reading() const {
  std::shared_ptr<const Pipeline> pipeline;
  if (crawl_) crawl_->With([&](const CrawlRun& run) { pipeline = run.pipeline(); });
  if (pipeline) return pipeline;
  const std::lock_guard lock(mutex_);
  return Pin(setup_, Pipeline(*setup_->reader, rules_, &setup_->office.jurisdictions));
}

std::vector<crawler::SourceSettings> Service::Planned() const {
  std::vector<crawler::SourceSettings> sources;
  std::shared_ptr<const rules::RuleSet> rules;
  {
    const std::lock_guard lock(mutex_);
    sources = setup_->config.sources;
    rules = rules_;
  }
  if (crawl_) crawl_->With([&](const CrawlRun& run) { rules = run.rules(); });
  std::vector<std::string> warnings;  // the crawl has told them
  ExpandSearches(sources, *rules, SystemClock().Now(), warnings);
  return sources;
}

Status Service::Reload() {
  ASSIGN_OR_RETURN(auto setup, CrawlSetup::Load(options_));
  ASSIGN_OR_RETURN(const RunningRules running,
                   LoadRunningRules(setup->config, options_, held_->store()));
  WarnOfLasting(setup_->config, setup->config);
  {
    const std::lock_guard lock(mutex_);
    setup_ = std::move(setup);
    rules_ = running.rules;
  }
  held_->UseOffice(setup_->office);
  if (crawl_) crawl_->Reload(setup_, rules_);
  return Status::Ok();
}

CrawlRole::Health Service::health() const {
  return crawl_ ? crawl_->health() : CrawlRole::Health{true, true, "does not crawl"};
}

bool Service::Tick() {
  if (reload_wanted_.exchange(false)) {
    if (const Status status = Reload(); !status.ok())
      LogError("the configuration is not taken over; what ran goes on",
               {{"why", status.message()}});
  }
  const Instant now = SteadyClock().Now();
  if (roles_.schedule && now >= next_return_) {
    next_return_ = now + kReturnEvery;
    const auto returned = held_->store().ReturnDue(SystemClock().Now());
    if (!returned.ok()) LogWarning("leads cannot return: " + returned.status().message());
  }
  if (roles_.schedule) upkeep_->Tick(now, SystemClock().Now());
  return health().alive;
}

std::string Service::HealthJson(const CrawlRole::Health& health) const {
  nlohmann::ordered_json object;
  object["status"] = health.alive && health.well ? "ok" : "failing";
  object["crawl"] = health.text;
  object["version"] = CLUEHOUND_VERSION;
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::optional<triage::HttpResponse> Service::Answer(const triage::HttpRequest& request) const {
  if (request.path != "/healthz" && request.path != "/metrics") return std::nullopt;
  if (request.method != "GET" && request.method != "HEAD") {
    return triage::HttpResponse{405, "text/plain", "only GET\n", {{"Allow", "GET"}}};
  }
  if (request.path == "/healthz") {
    const CrawlRole::Health health = this->health();
    return triage::HttpResponse{health.alive && health.well ? 200 : 503,
                                "application/json; charset=utf-8",
                                HealthJson(health),
                                {}};
  }
  Metrics metrics;
  const Instant now = SystemClock().Now();
  const Instant steady = SteadyClock().Now();
  metrics.TakeStore(held_->store(), now);
  metrics.listings = held_->listings().figures();
  metrics.archive = upkeep_->size();
  if (crawl_) {
    crawl_->With([&](const CrawlRun& run) { metrics.TakeCrawl(run, held_->store(), now, steady); });
  }
  metrics.TakeProcess();
  metrics.uptime = steady - started_;
  return triage::HttpResponse{
      200, "text/plain; version=0.0.4; charset=utf-8", RenderMetrics(metrics), {}};
}

}  // namespace cluehound::app
