#include "app/triage_role.h"

#include <chrono>

#include "app/clue_reader.h"
#include "app/listing_table.h"
#include "base/file.h"
#include "base/log.h"
#include "crawler/address_guard.h"

namespace cluehound::app {
namespace {

constexpr std::chrono::seconds kNoticePause{20};
constexpr size_t kMaxPem = 1u << 20;
constexpr unsigned kWorkers =
    8;  // decisions wait for the store to write, and others must not wait for them

// Where notices may go: what a source could be fetched from, and the ranges that the office names.
triage::NoticeTransfer::Allows GuardOf(const TriageSettings& settings) {
  std::vector<crawler::Cidr> ranges;
  for (const std::string& text : settings.notice_addresses) {
    if (const auto range = crawler::Cidr::Parse(text)) ranges.push_back(*range);
  }
  return [guard = crawler::AddressGuard(ranges)](const std::string& text) {
    const auto address = crawler::IpAddress::Parse(text);
    return address && guard.Allows(*address);
  };
}

}  // namespace

TriageRole::TriageRole(Parts parts, const TriageSettings& settings)
    : parts_(std::move(parts)),
      bench_(parts_.store, SystemClock(), parts_.rule_files),
      captures_(parts_.captures, SystemClock()),
      transfer_(GuardOf(settings)),
      notifier_(parts_.store, SystemClock(), transfer_, {settings.mail, settings.page_address},
                parts_.troubles),
      api_({parts_.call, parts_.store, SystemClock(), parts_.office, bench_, &captures_,
            parts_.read_clue, [this](uint64_t channel) { return notifier_.Test(channel); },
            parts_.office_name, parts_.read_listings, ListingTemplate}),
      front_([this](const triage::HttpRequest& request) { return api_.Handle(request); },
             triage::WebFront::BuiltInPage(),
             [this](const triage::HttpRequest& request) { return captures_.OriginFor(request); }) {}

TriageRole::~TriageRole() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (notices_.joinable()) notices_.join();
}

Result<triage::HttpServer::Options> TriageRole::ServerOptions(const TriageSettings& settings) {
  triage::HttpServer::Options options;
  options.limits.connections = 512;
  options.limits.workers = kWorkers;
  options.limits.requests_a_second = 50;
  options.limits.behind_proxy = settings.behind_proxy;
  if (settings.certificate.empty()) return options;
  ASSIGN_OR_RETURN(options.identity.certificate, ReadFile(settings.certificate, kMaxPem));
  ASSIGN_OR_RETURN(options.identity.key, ReadFile(settings.key, kMaxPem));
  return options;
}

Status TriageRole::ServeCaptures(const TriageSettings& settings) {
  ASSIGN_OR_RETURN(auto options, ServerOptions(settings));
  options.limits.workers = 1;
  ASSIGN_OR_RETURN(
      captures_server_,
      triage::HttpServer::Start(
          settings.captures_listen, settings.captures_port,
          [this](const triage::HttpRequest& r) { return captures_.Serve(r); }, std::move(options)));
  captures_.port = captures_server_->port();
  captures_.origin = settings.captures_origin;
  return Status::Ok();
}

Result<std::unique_ptr<TriageRole>> TriageRole::Start(Parts parts, const TriageSettings& settings) {
  std::unique_ptr<TriageRole> role(new TriageRole(std::move(parts), settings));
  RETURN_IF_ERROR(role->ServeCaptures(settings));
  role->notices_ = std::thread([&role = *role] { role.SendNotices(); });
  return role;
}

void TriageRole::SendNotices() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kNoticePause, [this] { return stop_; })) {
    lock.unlock();
    try {
      notifier_.Tick();
    } catch (const std::exception& e) {
      LogError(std::string("notices: ") + e.what());
    }
    lock.lock();
  }
}

triage::HttpResponse TriageRole::Handle(const triage::HttpRequest& request) {
  return front_.Handle(request);
}

size_t TriageRole::BodyCap(const triage::HttpRequest& head) { return api_.BodyCap(head); }

TriageRole::Parts PartsOf(const Config& config, const CommonOptions& options, store::Store& store,
                          std::function<triage::Response(const triage::Request&)> call,
                          std::function<std::shared_ptr<const triage::Office>()> office,
                          std::function<std::shared_ptr<const Pipeline>()> pipeline) {
  const auto reader = [office, pipeline] { return ClueReader(pipeline(), office()); };
  return {std::move(call),
          store,
          config.store / "captures",
          office,
          [config, options] { return EffectiveRuleFiles(config, options); },
          [reader](const std::string& page, const triage::FormValues& fields,
                   triage::FormValues& said) -> Result<std::string> {
            const Instant now = SystemClock().Now();
            if (page.empty()) return ClueArgument(reader().ReadWords(fields, now));
            ASSIGN_OR_RETURN(const auto findings, reader().ReadPage(page, fields, now, said));
            return ClueArgument(findings);
          },
          [reader](const std::string& table, const triage::FormValues& fields) {
            return reader().ReadTable(table, fields, SystemClock().Now());
          },
          nullptr,
          config.office};
}

}  // namespace cluehound::app
