#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crawler/discoveries.h"
#include "crawler/fetcher.h"
#include "tests/testing/fake_frontier.h"
#include "tests/testing/test_server.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {

inline IpAddress Ip(const char* text) { return *IpAddress::Parse(text); }

// A crawl over a fake frontier. The pipeline of the test reads no page: links are told beforehand.
struct Crawl {
  Crawl() {
    options.transfer.user_agent = "Cluehound/0.1 (+test office)";
    options.transfer.limits.connect = std::chrono::milliseconds(1000);
    options.transfer.limits.total = std::chrono::milliseconds(300);
    options.transfer.limits.max_body = 1u << 20;
    options.polite.first_backoff = std::chrono::milliseconds(10);
    options.polite.first_slow_interval = std::chrono::milliseconds(2);
    options.polite.slow_margin = std::chrono::hours(1);  // a busy machine is no slow host
    options.once = true;
    options.lookup = [this](const std::string& host) -> Result<std::vector<IpAddress>> {
      const auto it = names.find(host);
      if (it == names.end()) return Status::NotFound("no such name");
      return it->second;
    };
    options.log = [this](std::string_view line) { log.emplace_back(line); };
  }

  SourceSettings& AddSource(const std::string& id, const std::vector<std::string>& seeds) {
    Diagnostics diagnostics;
    std::string list;
    for (const std::string& seed : seeds) list += (list.empty() ? "\"" : ", \"") + seed + "\"";
    const auto parsed = ParseSources("sources: [{id: " + id + ", seeds: [" + list + "], pace: 0s}]",
                                     "t.yaml", diagnostics);
    INFO(diagnostics.Render());
    REQUIRE(parsed.size() == 1);
    sources.push_back(parsed[0]);
    REQUIRE_OK(frontier.AddSeeds(SeedsOf(parsed[0])));
    return sources.back();
  }

  // Runs to the end. Results are committed at once, by another thread if `late`.
  Status Run() {
    fetcher = std::make_unique<Fetcher>(options, sources, frontier,
                                        [this](FetchResult result) { Take(std::move(result)); });
    if (on_start) on_start();
    return fetcher->Run();
  }
  void Take(FetchResult result) {
    order.push_back(result.lease.address.url);
    if (keep_uncommitted) {
      results[result.lease.address.url] = std::move(result);
      most_uncommitted = std::max(most_uncommitted, results.size());
      if (on_result) on_result();
      return;
    }
    std::vector<store::Discovery> discoveries;
    for (const std::string& link : links[result.lease.address.url]) {
      const Url url = *Url::Parse(link);
      discoveries.push_back({url.href(), url.authority(), result.lease.address.source, 1, 1});
    }
    frontier.Commit(result.lease, discoveries, SystemClock().Now() + std::chrono::hours(1));
    fetcher->Done(result.lease);
    results[result.lease.address.url] = std::move(result);
    if (on_result) on_result();
  }

  const FetchResult& ResultOf(const std::string& url) {
    INFO(url);
    REQUIRE(results.count(url) == 1);
    return results[url];
  }
  FetchResult One(const std::string& url) {
    AddSource("one", {url});
    REQUIRE_OK(Run());
    return ResultOf(url);
  }

  testing::FakeFrontier frontier;
  FetcherOptions options;
  std::map<std::string, std::vector<IpAddress>> names;
  std::vector<SourceSettings> sources;
  std::map<std::string, std::vector<std::string>> links;
  std::map<std::string, FetchResult> results;
  std::vector<std::string> order;
  std::vector<std::string> log;
  bool keep_uncommitted = false;
  size_t most_uncommitted = 0;
  std::function<void()> on_start;
  std::function<void()> on_result;
  std::unique_ptr<Fetcher> fetcher;
};

inline uint64_t Count(const Progress& progress, Outcome outcome) {
  return progress.outcomes[static_cast<size_t>(outcome)];
}

}  // namespace cluehound::crawler
