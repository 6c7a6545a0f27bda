#include "crawler/fetch_loop.h"

#include <algorithm>

#include "crawler/sitemaps.h"

namespace cluehound::crawler {
namespace {

// The longest that the loop waits for something that it is not told of.
constexpr std::chrono::seconds kMaxIdle{60};

// Hosts with a refused address of which the log speaks; a site may have names without end.
constexpr size_t kMaxRefusalsLogged = 1000;

// Leases outstanding for one host. With a pace a few are enough to have the next one at hand;
// without, the commits of several pages are under way at once.
size_t LeasesPerHost(const std::vector<SourceSettings>& sources) {
  const bool paced = std::any_of(sources.begin(), sources.end(),
                                 [](const SourceSettings& s) { return s.pace > Duration::zero(); });
  int connections = 1;
  for (const SourceSettings& s : sources) connections = std::max(connections, s.access.connections);
  return std::max<size_t>(paced ? 4 : 16, static_cast<size_t>(connections));
}

ClaimOptions OptionsOfClaims(const FetcherOptions& options,
                             const std::vector<SourceSettings>& sources) {
  ClaimOptions claim;
  claim.once = options.once;
  claim.max_leased = std::max(options.max_leased, options.max_in_flight);
  claim.max_per_authority = LeasesPerHost(sources);
  return claim;
}

}  // namespace

FetchLoop::FetchLoop(FetcherOptions options, std::vector<SourceSettings> sources,
                     store::WorkQueue& store, Fetcher::Sink sink)
    : options_(std::move(options)),
      wall_(*options_.wall),
      steady_(*options_.steady),
      store_(store),
      sink_(std::move(sink)),
      transfers_(options_.transfer, wall_, *this),
      resolver_(
          options_.resolver, steady_, [this] { transfers_.Wake(); }, options_.lookup),
      polite_(options_.polite),
      robots_(options_.robots, store),
      claims_(OptionsOfClaims(options_, sources), store, sources, wall_, steady_,
              [this] { transfers_.Wake(); }) {
  TakeSources(std::move(sources));
}

// Sources that run no more stay in memory: visits under way refer to them. Their gates are gone, so that nothing new
// begins.
void FetchLoop::TakeSources(std::vector<SourceSettings> sources) {
  for (SourceSettings& settings : sources) {
    WatchedSource& source = sources_[settings.id];
    source.guard = AddressGuard(settings.allow_addresses);
    source.terms.clear();
    for (const std::string& address : settings.searches) {
      if (auto term = settings.search.TermIn(address)) source.terms.insert(*std::move(term));
    }
    source.settings = std::move(settings);
  }
}

void FetchLoop::Post(std::function<void()> what) {
  {
    const std::lock_guard lock(posted_mutex_);
    posted_.push_back(std::move(what));
  }
  transfers_.Wake();
}

void FetchLoop::DoPosted() {
  std::vector<std::function<void()>> posted;
  {
    const std::lock_guard lock(posted_mutex_);
    posted.swap(posted_);
  }
  for (const std::function<void()>& what : posted) what();
}

void FetchLoop::Reload(std::vector<SourceSettings> sources, std::string extractor_revision) {
  Post([this, sources = std::move(sources), revision = std::move(extractor_revision)] {
    options_.extractor_revision = revision;
    claims_.Update(sources);
    polite_.ForgetPaces();
    TakeSources(sources);
    for (const auto& [tag, visit] : visits_) {
      polite_.SetPace(visit.authority, visit.source->settings.pace);
    }
    for (const std::string& authority : queue_.Authorities()) Settle(authority);
  });
}

void FetchLoop::SetMode(std::string source, store::SourceMode mode, Instant since) {
  Post([this, source = std::move(source), mode, since] {
    claims_.gates().SetMode(source, mode, since);
    claims_.Poke();
  });
}

void FetchLoop::SetFactor(std::string source, double factor) {
  Post([this, source = std::move(source), factor] {
    claims_.budget().SetFactor(source, factor);
    claims_.Poke();
  });
}

void FetchLoop::RunNow(std::string source) {
  Post([this, source = std::move(source)] {
    claims_.gates().OpenNow(source);
    claims_.Poke();
  });
}

void FetchLoop::GoFirst(std::vector<std::string> urls) {
  Post([this, urls = std::move(urls)] {
    constexpr size_t kMaxUrgent = 10'000;  // of sources that are closed, for long
    if (urgent_.size() > kMaxUrgent) urgent_.clear();
    urgent_.insert(urls.begin(), urls.end());
    claims_.Poke();
  });
}

void FetchLoop::OpenInTurn(Duration apart, Duration longest) {
  Post([this, apart, longest] { claims_.gates().OpenInTurn(wall_.Now(), apart, longest); });
}

std::map<std::string, SourceProgress> FetchLoop::sources() const {
  const std::lock_guard lock(posted_mutex_);
  return published_;
}

// Once a second, for whoever watches.
void FetchLoop::PublishSources() {
  const Instant now = steady_.Now();
  if (now < published_at_ + std::chrono::seconds(1)) return;
  published_at_ = now;
  std::map<std::string, SourceProgress> sources;
  for (const auto& [id, source] : sources_) {
    const auto leased = claims_.leased_of().find(id);
    SourceProgress& progress = sources[id];
    progress.leased = leased == claims_.leased_of().end() ? 0 : leased->second;
    progress.closed = claims_.gates().Why(id, wall_.Now());
  }
  const std::lock_guard lock(posted_mutex_);
  published_.swap(sources);
}

void FetchLoop::Stop() {
  stop_asked_.store(true);
  transfers_.Wake();
}

Status FetchLoop::Run() {
  while (true) {
    last_turn_.store(ToMillis(steady_.Now()));
    DoPosted();
    claims_.Collect();
    NamesFound();
    if ((stop_asked_.load() || !failure_.ok()) && !stop_deadline_) BeginStop();
    if (!stop_deadline_) {
      ClaimMore();
      StartDue();
    }
    polite_.Sweep(steady_.Now());
    counters_.SetNow(claims_.leased(), claims_.in_flight(), transfers_.running(), queue_.hosts());
    PublishSources();
    if (Finished()) break;
    transfers_.Poll(UntilNextEvent());
    if (stop_deadline_ && steady_.Now() >= *stop_deadline_) transfers_.CancelAll();
  }
  return failure_;
}

bool FetchLoop::Finished() const {
  if (transfers_.running() > 0) return false;
  if (stop_deadline_) return true;
  return options_.once && visits_.empty() && claims_.drained();
}

Duration FetchLoop::UntilNextEvent() const {
  const Instant now = steady_.Now();
  Instant next = now + kMaxIdle;
  if (stop_deadline_) {
    next = *stop_deadline_;
  } else {
    const bool any = claims_.in_flight() < options_.max_in_flight;
    next = std::min(next, queue_.NextTurn(any).value_or(next));
    next = std::min(next, resolver_.NextTimeout().value_or(next));
    next = std::min(next, claims_.NextLook().value_or(next));
  }
  return failure_.ok() ? std::max(next - now, Duration::zero()) : Duration::zero();
}

void FetchLoop::ClaimMore() {
  Result<std::vector<store::Lease>> leases = claims_.Refill();
  if (!Check(leases.status())) return;
  for (store::Lease& lease : *leases) Admit(std::move(lease));
}

void FetchLoop::StartDue() {
  while (failure_.ok()) {
    const bool any = claims_.in_flight() < options_.max_in_flight;
    Host* host = queue_.Due(steady_.Now(), any);
    if (host == nullptr) return;
    Turn(*host);
  }
}

void FetchLoop::NamesFound() {
  for (const std::string& name : resolver_.TakeFinished()) {
    const auto it = waiting_for_name_.find(name);
    if (it == waiting_for_name_.end()) continue;
    const std::vector<std::string> authorities = std::move(it->second);
    waiting_for_name_.erase(it);
    for (const std::string& authority : authorities) Settle(authority, /*release=*/true);
  }
}

// What waits goes back; what is under way may end.
void FetchLoop::BeginStop() {
  stop_deadline_ = steady_.Now() + (failure_.ok() ? options_.stop_grace : Duration::zero());
  for (const std::string& authority : queue_.Authorities()) GiveBackWaiting(authority);
}

bool FetchLoop::Check(const Status& status) {
  if (!status.ok() && failure_.ok()) failure_ = status;
  return status.ok();
}

// ---------------------------------------------------------------- the way to the request

void FetchLoop::Admit(store::Lease lease) {
  Visit& visit = visits_[++last_tag_];
  visit.tag = last_tag_;
  visit.lease = std::move(lease);
  const auto source = sources_.find(visit.lease.address.source);
  if (source == sources_.end()) {
    return Conclude(visit, Outcome::kOutOfScope, "its source is not among those that run");
  }
  visit.source = &source->second;
  Result<Url> url = Url::Parse(visit.lease.address.url);
  if (!url.ok()) return Conclude(visit, Outcome::kBadRedirect, url.status().message());
  visit.url = std::move(*url);
  if (!TermAllows(visit)) return;
  // What somebody waits for goes before what is there already.
  Enqueue(visit, /*front=*/urgent_.erase(visit.lease.address.url) > 0);
}

// Pages of results are fetched for terms that are searched for, so many of each in a round.
bool FetchLoop::TermAllows(Visit& visit) {
  const SearchTemplate& search = visit.source->settings.search;
  if (!search.searches() || visit.lease.address.depth > 0) return true;
  const auto term = search.TermIn(visit.lease.address.url);
  if (!term) return true;
  if (!visit.source->terms.contains(*term)) {
    Conclude(visit, Outcome::kOutOfScope, "its term is no longer searched for");
    return false;
  }
  if (claims_.budget().TakeOf(visit.source->settings.id, *term, search.pages, steady_.Now())) {
    return true;
  }
  Conclude(visit, Outcome::kOutOfScope,
           "more than " + std::to_string(search.pages) + " pages of results for its term");
  return false;
}

// To the host of its address; in front when it continues something. When stopping there is no
// later.
void FetchLoop::Enqueue(Visit& visit, bool front) {
  if (stop_deadline_) {
    if (visit.is_robots()) return GiveUpRobots(visit);
    counters_.Finished(Outcome::kCancelled);
    claims_.GiveBack({visit.lease});
    visits_.erase(visit.tag);
    return;
  }
  visit.authority = visit.url.authority();
  Host& host = queue_.At(visit.authority);
  const int connections = visit.source->settings.access.connections;
  const bool idle = host.waiting.empty() && host.running == 0;
  host.connections = idle ? connections : std::min(host.connections, connections);
  polite_.SetPace(visit.authority, visit.source->settings.pace);
  if (front) {
    host.waiting.push_front(visit.tag);
    host.held = false;  // what holds the one behind need not hold this one
  } else {
    host.waiting.push_back(visit.tag);
  }
  Reschedule(host);
}

Visit& FetchLoop::TakeFirst(Host& host) {
  Visit& visit = visits_.at(host.waiting.front());
  host.waiting.pop_front();
  return visit;
}

void FetchLoop::Hold(Host& host) {
  host.held = true;
  Reschedule(host);
}

void FetchLoop::Reschedule(Host& host) {
  const bool urgent = !host.waiting.empty() && visits_.at(host.waiting.front()).continues();
  // One request tries whether a host that was left alone answers again.
  host.probing = polite_.Failures(host.authority) >= options_.max_failures;
  queue_.Schedule(host, polite_.Earliest(host.authority, steady_.Now()), urgent);
  queue_.DropIfIdle(host);
}

// Reschedules the host, if it is still there, after something happened to what waits at it.
void FetchLoop::Settle(const std::string& authority, bool release) {
  Host* host = queue_.Find(authority);
  if (host == nullptr) return;
  if (release) host->held = false;
  Reschedule(*host);
}

// One step of the first visit at a host: what must be known before its request may go out, in
// order.
void FetchLoop::Turn(Host& host) {
  Visit& visit = visits_.at(host.waiting.front());
  const std::string authority = host.authority;
  if (!GateAllows(host, visit)) return;
  std::optional<IpAddress> address;
  if (!FindAddress(host, visit, address)) return;
  if (!visit.is_robots() && !RobotsAllow(host, visit)) return;
  const Instant now = steady_.Now();
  Instant allowed = polite_.Earliest(authority, now);
  if (address) {
    allowed = std::max(allowed, polite_.Earliest(*address, visit.source->settings.pace, now));
  }
  if (allowed > now) return queue_.Schedule(host, allowed, visit.continues());
  if (address && WaitsForAddress(host, *address)) return;
  TakeFirst(host);
  Begin(host, visit, address);
}

// Where the visit's request goes. False when it was concluded, or waits for its name. No address
// when a proxy resolves the name; a literal address is looked at even then.
bool FetchLoop::FindAddress(Host& host, Visit& visit, std::optional<IpAddress>& address) {
  const std::string authority = host.authority;
  const std::string name(visit.url.host());
  if (visit.source->proxy_resolves() && !IpAddress::Parse(name)) return true;
  const Resolution* found = resolver_.Find(name);
  if (found == nullptr) {
    waiting_for_name_[name].push_back(authority);
    Hold(host);
    return false;
  }
  if (found->addresses.empty()) {
    TakeFirst(host);
    FailName(visit, name + ": " + found->error);
    Settle(authority);
    return false;
  }
  address = Choose(host, visit, found->addresses);
  if (address) return true;
  TakeFirst(host);
  std::string reason = name + ": " + visit.source->guard.Refusal(found->addresses.front());
  if (visit.is_robots()) {
    LearnRobots(visit, {0, "", std::move(reason), std::nullopt});
  } else {
    if (refusals_logged_.size() < kMaxRefusalsLogged &&
        refusals_logged_.insert(visit.source->settings.id + "\n" + authority).second) {
      options_.log("source " + visit.source->settings.id + ": not fetched: " + reason);
    }
    Conclude(visit, Outcome::kAddressRefused, std::move(reason));
  }
  Settle(authority);
  return false;
}

// True when the address has no connection left; the host is held until one ends.
bool FetchLoop::WaitsForAddress(Host& host, const IpAddress& address) {
  if (polite_.Open(address) < options_.connections_per_address) return false;
  waiting_for_address_[address].push_back(host.authority);
  Hold(host);
  return true;
}

// What was begun goes on; the rest of a source that was closed meanwhile goes back.
bool FetchLoop::GateAllows(Host& host, const Visit& visit) {
  if (visit.continues() || claims_.gates().IsOpen(visit.source->settings.id, wall_.Now())) {
    return true;
  }
  const uint64_t tag = visit.tag;
  host.waiting.pop_front();
  claims_.GiveBack({visit.lease});
  visits_.erase(tag);
  Reschedule(host);
  return false;
}

// One address for each request, so that its pace is exact; a retry takes the next. The one in use
// is kept while the name still has it.
std::optional<IpAddress> FetchLoop::Choose(const Host& host, const Visit& visit,
                                           const std::vector<IpAddress>& addresses) const {
  std::vector<IpAddress> allowed;
  for (const IpAddress& address : addresses) {
    if (visit.source->guard.Allows(address)) allowed.push_back(address);
  }
  if (allowed.empty()) return std::nullopt;
  if (visit.retries == 0 && host.address &&
      std::find(allowed.begin(), allowed.end(), *host.address) != allowed.end()) {
    return host.address;
  }
  return allowed[static_cast<size_t>(visit.retries) % allowed.size()];
}

// True when the visit may go on; otherwise it was concluded, or waits.
bool FetchLoop::RobotsAllow(Host& host, Visit& visit) {
  const Result<RobotsVerdict> verdict = robots_.Judge(visit.url, wall_.Now());
  if (!Check(verdict.status())) return false;
  switch (verdict->kind) {
    case RobotsVerdict::Kind::kAllowed:
      polite_.SetCrawlDelay(host.authority, verdict->crawl_delay);
      return true;
    case RobotsVerdict::Kind::kRefused:
      if (Overridden(visit)) {
        polite_.SetCrawlDelay(host.authority, verdict->crawl_delay);
        return true;
      }
      if (!failure_.ok()) return false;
      TakeFirst(host);
      Conclude(visit, Outcome::kRobotsRefused, verdict->reason);
      Reschedule(host);
      return false;
    case RobotsVerdict::Kind::kUnreachable:
      TakeFirst(host);
      Conclude(visit, Outcome::kRobotsUnreachable, verdict->reason, verdict->until);
      Reschedule(host);
      return false;
    case RobotsVerdict::Kind::kUnknown:
      AskRobots(host, visit);
      return false;
    case RobotsVerdict::Kind::kBeingFetched:
      Hold(host);
      return false;
  }
  return false;
}

// Whether the visit's source may be read against robots.txt. The first use at a host is noted before
// it happens.
bool FetchLoop::Overridden(const Visit& visit) {
  const SourceSettings& source = visit.source->settings;
  const auto& override = source.access.robots_override;
  if (!override || !override->InForce(wall_.Now()) || !options_.on_override) return false;
  if (!overridden_.insert(source.id + "\n" + visit.authority).second) return true;
  return Check(options_.on_override(source, visit.authority).Within("note the robots override"));
}

void FetchLoop::AskRobots(Host& host, const Visit& visit) {
  const std::string origin = visit.url.origin();
  robots_.BeginFetch(origin);
  Visit& robots = visits_[++last_tag_];
  robots.tag = last_tag_;
  robots.source = visit.source;
  robots.robots_origin = origin;
  robots.robots_authority = host.authority;
  robots.url = *Url::Parse("/robots.txt", &visit.url);
  Enqueue(robots, /*front=*/true);
}

void FetchLoop::Begin(Host& host, Visit& visit, const std::optional<IpAddress>& address) {
  if (!visit.begun && !visit.is_robots()) claims_.Begin(visit.lease.token);
  visit.begun = true;
  visit.sent.reset();
  visit.address = address;
  TransferRequest request;
  request.tag = visit.tag;
  request.url = visit.url.href();
  request.host = visit.url.host();
  request.port = visit.url.port();
  if (address) request.address = *address;
  request.guard = &visit.source->guard;
  request.robots = visit.is_robots();
  request.fresh_connection = host.address && address && *host.address != *address;
  const SourceSettings& source = visit.source->settings;
  request.proxy = source.access.proxy;
  request.proxy_resolves = !address;
  if (source.access.cookies && !visit.is_robots()) request.jar = source.id;
  request.any_type = MayBeSitemap(visit.url, source);
  // What is remembered is of the leased address, not of where it leads; and an unchanged page helps
  // only those who would read it as it was read.
  const store::PageState& page = visit.lease.page;
  if (visit.hops == 0 && page.read_before() &&
      (options_.extractor_revision.empty() ||
       page.extractor_revision == options_.extractor_revision)) {
    request.etag = page.etag;
    request.last_modified = page.last_modified;
  }
  visit.conditional = !request.etag.empty() || !request.last_modified.empty();
  host.address = address;
  ++host.running;
  polite_.Begin(host.authority, address, steady_.Now());
  transfers_.Start(std::move(request));
  Reschedule(host);
}

}  // namespace cluehound::crawler
