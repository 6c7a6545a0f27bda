#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/status.h"
#include "crawler/politeness.h"
#include "crawler/progress.h"
#include "crawler/resolver.h"
#include "crawler/robots_policy.h"
#include "crawler/source.h"
#include "crawler/source_gates.h"
#include "crawler/transfer.h"
#include "evidence/page.h"
#include "store/work_queue.h"

namespace cluehound::crawler {

class FetchLoop;

// How one source does, now.
struct SourceProgress {
  size_t leased = 0;  // claimed and not committed
  Closed closed = Closed::kNo;
};

// How the fetch of one leased address ended. Exactly one for every lease that is not given back to
// the store.
struct FetchResult {
  store::Lease lease;
  // kOk: a 2xx answer came whole; whether it is a page is for the reader to say.
  Outcome outcome = Outcome::kOk;
  std::string reason;  // for people, when the outcome is not kOk
  // All exchanges from the asked address over each redirect to the last answer, failed ones
  // included; of an exchange that was tried again, the last try. Null when nothing was asked
  // (robots.txt, address refused, no such name).
  std::shared_ptr<evidence::Page> page;
  // Sitemaps that the robots.txt of its host names, in scope, for sources that read them; given once
  // in a run for each source and host.
  std::vector<std::string> sitemaps;
  // When another try makes sense, for outcomes that pass; not before.
  std::optional<Instant> retry_at;
};

struct FetcherOptions {
  TransferOptions transfer;
  ResolverLimits resolver;
  PoliteLimits polite;
  RobotsLimits robots;
  bool once = false;  // until nothing that was due at the start, or was found since, is left
  // Addresses whose fetch was begun and is not committed: what a kill -9 makes the next run fetch
  // again.
  size_t max_in_flight = 64;
  size_t max_leased = 1024;  // those that wait for their host's turn included
  // Requests to one IP address at once, however many hosts are behind it: half of max_in_flight, so
  // that one at which everything stalls leaves room for the others.
  int connections_per_address = 32;
  int max_redirects = 10;
  int max_retries = 2;  // in place, of failures that pass
  // A host that must be left alone for longer, or failed so often in a row, is suspended: what
  // waits for it goes back to the store, which gives out nothing of it until then.
  Duration max_wait = std::chrono::seconds(30);
  int max_failures = 5;
  Duration stop_grace = std::chrono::seconds(10);  // for what is under way when told to stop
  // Pages are asked for conditionally only if they were last read with this
  // (PageReader::revision()); empty: with any.
  std::string extractor_revision;
  // Two clocks: what outlives the program is dated by the wall clock, and pace is kept by one that nobody sets. Both
  // must outlive the fetcher.
  const Clock* wall = &SystemClock();
  const Clock* steady = &SteadyClock();
  Resolver::Lookup lookup = Resolver::SystemLookup;
  // Called before a source is first read at a host against its robots.txt, once in a run for each
  // source and host; when it returns, that is noted for good. Blocks the fetch thread, as nothing may
  // be fetched before it is noted; a failure ends the run.
  std::function<Status(const SourceSettings& source, const std::string& authority)> on_override;
  std::function<void(std::string_view)> log = [](std::string_view line) { LogWarning(line); };
};

// Fetches what the store says is due: robots.txt, pace and the address guard obeyed, redirects
// followed hop by hop, each hop under the same rules. Knows nothing of what pages hold.
//
// Thread-safety: Run() on one thread; Done(), Stop(), Poke() and progress() from any, Stop() from
// signal handlers too.
class Fetcher {
 public:
  // Called on Run()'s thread; must not block. Whoever takes a result calls Done() once it is
  // committed (or was refused).
  using Sink = std::function<void(FetchResult)>;

  // Only addresses of `sources` are fetched. `store` must outlive the fetcher.
  Fetcher(FetcherOptions options, std::vector<SourceSettings> sources, store::WorkQueue& store,
          Sink sink);
  ~Fetcher();

  // Until Stop(), or with `once` until nothing is left and every result is Done(). Fails when the
  // store does.
  Status Run();

  void Done(const store::Lease& lease);
  // What is under way may end within stop_grace; then Run() returns, without waiting for Done().
  void Stop();
  // Something may have become due.
  void Poke();
  Progress progress() const;
  // When the fetch thread last went round (steady clock); it does so at least once a minute.
  Instant last_turn() const;
  // By id; as of the last second.
  std::map<std::string, SourceProgress> sources() const;

  // ---- while it runs, from any thread; in force a moment later

  // From now on these are the sources. What is under way ends as it began; what waits of others goes back.
  void Reload(std::vector<SourceSettings> sources, std::string extractor_revision);
  void SetMode(const std::string& source, store::SourceMode mode, Instant since);
  // How many times more often it runs: its page budget is for a round that is as much shorter.
  void SetFactor(const std::string& source, double factor);
  // Something of this source is wanted now: it does not wait for its turn after a start.
  void RunNow(const std::string& source);
  // These addresses go first at their host when they are claimed.
  void GoFirst(std::vector<std::string> urls);
  // After a standstill: SourceGates::OpenInTurn.
  void OpenInTurn(Duration apart, Duration longest);

 private:
  std::unique_ptr<FetchLoop> loop_;
};

}  // namespace cluehound::crawler
