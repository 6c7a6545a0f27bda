#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "crawler/claims.h"
#include "crawler/fetcher.h"
#include "crawler/host_queue.h"
#include "crawler/visit.h"

namespace cluehound::crawler {

// The fetch thread: joins claims, queue, politeness, robots, names and transfers, which know
// nothing of each other. A visit waits at its host; Turn() checks, in order, what must be known
// before its request may go out; the answer ends the visit, sends it on to the next hop, or back to
// wait. fetch_loop.cc has the way to the request, fetch_answers.cc the way from the answer.
//
// Hosts are dropped when idle and visits when concluded: a reference to one does not outlive a call
// that may do so.
class FetchLoop final : public TransferListener {
 public:
  FetchLoop(FetcherOptions options, std::vector<SourceSettings> sources, store::WorkQueue& store,
            Fetcher::Sink sink);

  Status Run();
  // From any thread.
  void Done(uint64_t token) { claims_.Done(token); }
  void Poke() { claims_.Poke(); }
  void Stop();
  Progress progress() const { return counters_.Read(); }
  Instant last_turn() const { return FromMillis(last_turn_.load()); }
  std::map<std::string, SourceProgress> sources() const;
  void Reload(std::vector<SourceSettings> sources, std::string extractor_revision);
  void SetMode(std::string source, store::SourceMode mode, Instant since);
  void SetFactor(std::string source, double factor);
  void RunNow(std::string source);
  void GoFirst(std::vector<std::string> urls);
  void OpenInTurn(Duration apart, Duration longest);

  void Sent(uint64_t tag) override;
  void Ended(uint64_t tag, TransferResult result) override;

 private:
  // The loop.
  void Post(std::function<void()> what);
  void DoPosted();
  void TakeSources(std::vector<SourceSettings> sources);
  void PublishSources();
  bool Finished() const;
  Duration UntilNextEvent() const;
  void ClaimMore();
  void StartDue();
  void NamesFound();
  void BeginStop();

  // The way to the request.
  void Admit(store::Lease lease);
  bool TermAllows(Visit& visit);
  bool GateAllows(Host& host, const Visit& visit);
  void Enqueue(Visit& visit, bool front);
  Visit& TakeFirst(Host& host);
  void Hold(Host& host);
  void Reschedule(Host& host);
  void Settle(const std::string& authority, bool release = false);
  void Turn(Host& host);
  bool FindAddress(Host& host, Visit& visit, std::optional<IpAddress>& address);
  bool WaitsForAddress(Host& host, const IpAddress& address);
  std::optional<IpAddress> Choose(const Host& host, const Visit& visit,
                                  const std::vector<IpAddress>& addresses) const;
  bool RobotsAllow(Host& host, Visit& visit);
  bool Overridden(const Visit& visit);
  void AskRobots(Host& host, const Visit& visit);
  void Begin(Host& host, Visit& visit, const std::optional<IpAddress>& address);

  // The way from the answer.
  void Answered(const Visit& visit, const TransferResult& result);
  void Succeeded(const std::string& authority);
  void OnPage(Visit& visit, TransferResult result);
  void OnRobots(Visit& visit, TransferResult result);
  bool FollowRobots(Visit& visit, const evidence::Exchange& answer);
  void LearnRobots(Visit& visit, const RobotsAnswer& answer);
  void GiveUpRobots(Visit& visit);
  void ConcludeUnreachable(Host& host, const std::string& origin, const RobotsVerdict& verdict);
  void FailName(Visit& visit, const std::string& reason);
  bool Retry(Visit& visit, std::optional<Duration> retry_after, Instant& until);
  void Fail(Visit& visit, Outcome outcome, std::string reason, std::optional<Duration> retry_after);
  Instant RetryAt(const Visit& visit, Instant until) const;
  void Conclude(Visit& visit, Outcome outcome, std::string reason,
                std::optional<Instant> retry_at = std::nullopt);
  std::vector<std::string> NewSitemaps(const Visit& visit);
  void Suspend(const std::string& authority, Instant until, const std::string& why);
  void GiveBackWaiting(const std::string& authority);

  bool Check(const Status& status);  // a store that fails ends the run
  Instant WallOf(Instant steady) const { return wall_.Now() + (steady - steady_.Now()); }

  FetcherOptions options_;
  // Two clocks: what outlives the program is dated by the wall clock, and pace is kept by one that
  // nobody sets.
  const Clock& wall_;
  const Clock& steady_;
  store::WorkQueue& store_;
  const Fetcher::Sink sink_;

  Transfers transfers_;
  Resolver resolver_;  // wakes transfers_
  Politeness polite_;
  RobotsPolicy robots_;
  HostQueue queue_;
  Claims claims_;
  std::unordered_map<std::string, WatchedSource> sources_;
  std::unordered_map<uint64_t, Visit> visits_;
  std::set<std::string> urgent_;  // addresses that go first at their host when they are claimed
  std::unordered_map<std::string, std::vector<std::string>> waiting_for_name_;  // hosts by name
  std::map<IpAddress, std::vector<std::string>>
      waiting_for_address_;  // hosts, for a free connection
  // "source\nhost" of what happens once in a run: robots.txt overridden, sitemaps handed over, an
  // address refused.
  std::set<std::string> overridden_;
  std::set<std::string> sitemaps_given_;
  std::set<std::string> refusals_logged_;
  uint64_t last_tag_ = 0;
  ProgressCounters counters_;

  std::atomic<bool> stop_asked_{false};
  std::atomic<int64_t> last_turn_{0};  // steady
  mutable std::mutex posted_mutex_;    // guards the two below
  std::vector<std::function<void()>> posted_;
  std::map<std::string, SourceProgress> published_;
  Instant published_at_{};
  std::optional<Instant> stop_deadline_;  // set: stopping
  Status failure_;
};

}  // namespace cluehound::crawler
