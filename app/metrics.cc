#include "app/metrics.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "base/log.h"
#include "base/outcome.h"

namespace cluehound::app {
namespace {

std::string Decimal(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.15g", value);
  return buffer;
}

std::string Seconds(Duration time) { return Decimal(static_cast<double>(time.count()) / 1000); }

// A label's value: backslash, quote and line end are escaped.
std::string Escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

class Page {
 public:
  // Begins a family of samples.
  void Family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = "cluehound_" + std::string(name);
    out_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " +
            std::string(type) + "\n";
  }
  void Sample(const std::string& value, const std::string& labels = "",
              std::string_view suffix = "") {
    out_ += name_ + std::string(suffix) + (labels.empty() ? "" : "{" + labels + "}") + " " + value +
            "\n";
  }
  void Sample(uint64_t value, const std::string& labels = "", std::string_view suffix = "") {
    Sample(std::to_string(value), labels, suffix);
  }
  void One(std::string_view name, std::string_view type, std::string_view help, uint64_t value) {
    Family(name, type, help);
    Sample(value);
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string name_;
  std::string out_;
};

std::string Label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + Escaped(value) + "\"";
}

void RenderCrawl(const Metrics& metrics, Page& page) {
  const CrawlFigures& crawl = metrics.crawl;
  page.Family("fetches_total", "counter", "Leased addresses by how their fetch and reading ended.");
  for (const OutcomeInfo& info : AllOutcomes()) {
    page.Sample(crawl.outcomes[static_cast<size_t>(info.outcome)], Label("outcome", info.name));
  }
  page.One("requests_total", "counter", "Requests sent, robots.txt and redirects included.",
           crawl.fetch.requests);
  page.One("received_bytes_total", "counter", "Header blocks and coded bodies.", crawl.fetch.bytes);
  page.Family("fetch_seconds", "histogram",
              "From the request for a page to the end of its answer.");
  uint64_t below = 0;
  for (size_t i = 0; i < Histogram::kBounds.size(); ++i) {
    below += metrics.latencies.buckets[i];
    page.Sample(below, Label("le", Seconds(Duration(Histogram::kBounds[i]))), "_bucket");
  }
  below += metrics.latencies.buckets.back();
  page.Sample(below, Label("le", "+Inf"), "_bucket");
  page.Sample(Decimal(static_cast<double>(metrics.latencies.sum_ms) / 1000), "", "_sum");
  page.Sample(below, "", "_count");
  page.One("leased", "gauge", "Addresses claimed and not committed.", crawl.fetch.leased);
  page.One("in_flight", "gauge", "Pages begun and not committed.", crawl.fetch.in_flight);
  page.One("requests_running", "gauge", "Requests under way.", crawl.fetch.running);
  page.One("hosts_at_work", "gauge", "Hosts with something waiting or running.", crawl.fetch.hosts);
  page.One("host_suspensions_total", "counter", "Times that a host was left alone for a while.",
           crawl.fetch.suspended);
  page.Family("oldest_page_seconds", "gauge", "Age of the oldest page between fetch and commit.");
  page.Sample(Seconds(metrics.oldest_page.value_or(Duration::zero())));
  page.One("pages_read_total", "counter", "Pages extracted anew.", crawl.pages_read);
  page.One("listings_total", "counter", "Listings on them.", crawl.listings);
  page.Family("leads_total", "counter", "Leads made and changed, and sightings of leads.");
  page.Sample(crawl.new_leads, Label("what", "new"));
  page.Sample(crawl.changed_leads, Label("what", "changed"));
  page.Sample(crawl.sightings, Label("what", "sighting"));
  page.One("pages_rematched_total", "counter", "Pages matched again with other rules.",
           crawl.rematched_pages);
}

void RenderSources(const Metrics& metrics, Page& page) {
  const auto each = [&](std::string_view name, std::string_view type, std::string_view help,
                        const auto& value) {
    page.Family(name, type, help);
    for (const auto& [id, source] : metrics.sources) {
      const std::optional<std::string> sample = value(source);
      if (sample) page.Sample(*sample, Label("source", id));
    }
  };
  using Source = Metrics::Source;
  using Value = std::optional<std::string>;
  each("source_backlog_age_seconds", "gauge",
       "How long the oldest page waits that could be fetched; 0: none waits.",
       [](const Source& s) -> Value { return Seconds(s.backlog.value_or(Duration::zero())); });
  each("source_read_age_seconds", "gauge",
       "Time since a page of the source was last read or found unchanged; absent: never.",
       [](const Source& s) -> Value { return s.age ? Value(Seconds(*s.age)) : std::nullopt; });
  each("source_pages_total", "counter", "Pages read or found unchanged, since ever.",
       [](const Source& s) -> Value { return std::to_string(s.standing.pages); });
  each("source_listings_total", "counter", "Listings read, since ever.",
       [](const Source& s) -> Value { return std::to_string(s.standing.listings); });
  each("source_leads_total", "counter", "New leads, since ever.",
       [](const Source& s) -> Value { return std::to_string(s.standing.leads); });
  each("source_leased", "gauge", "Addresses claimed and not committed.",
       [](const Source& s) -> Value { return std::to_string(s.progress.leased); });
  page.Family("source_open", "gauge", "1: it may be fetched from; 0: why not.");
  for (const auto& [id, source] : metrics.sources) {
    page.Sample(source.progress.closed == crawler::Closed::kNo ? 1u : 0u,
                Label("source", id) + "," + Label("state", Name(source.progress.closed)));
  }
}

void RenderStore(const Metrics& metrics, Page& page) {
  page.Family("store_records", "gauge", "What the ledger holds.");
  page.Sample(metrics.stats.addresses, Label("what", "addresses"));
  page.Sample(metrics.stats.pages, Label("what", "pages"));
  page.Sample(metrics.stats.listings, Label("what", "listings"));
  page.Sample(metrics.stats.leads, Label("what", "leads"));
  page.Sample(metrics.stats.sightings, Label("what", "sightings"));
  page.One("store_write_stopped", "gauge", "1: writing waits until the disk has caught up.",
           metrics.load.stopped ? 1 : 0);
  page.One("store_write_delay_bytes_per_second", "gauge",
           "The rate to which writing is held back; 0: it is not.",
           metrics.load.delayed_bytes_second);
  page.One("store_stalls_total", "counter", "Times that writing was stopped or held back.",
           metrics.load.stalls);
  page.One("store_compaction_bytes", "gauge", "Bytes that wait to be merged.",
           metrics.load.compaction_bytes);
  page.One("store_memory_bytes", "gauge", "Block cache, write buffers and table readers.",
           metrics.load.memory_bytes);
  page.One("store_disk_bytes", "gauge", "Tables, without captures.", metrics.load.disk_bytes);
  page.One("store_writes_waiting", "gauge", "Writes handed over and not begun.",
           metrics.load.waiting);
}

void RenderListings(const Metrics& metrics, Page& page) {
  page.One("archived_listings_total", "counter", "Versions of listings written to the archive.",
           metrics.listings.listings);
  page.One("archived_listings_lost_total", "counter", "Versions that could not be written.",
           metrics.listings.lost);
  page.One("archive_waiting_bytes", "gauge", "Lines that wait to be written.",
           metrics.listings.waiting_bytes);
  page.One("archive_failing", "gauge", "1: the archive of listings cannot be written.",
           metrics.listings.failing ? 1 : 0);
  page.One("archive_days", "gauge", "Days in the archive of listings, measured hourly.",
           metrics.archive.days);
  page.One("archive_bytes", "gauge", "Size of the archive of listings, measured hourly.",
           metrics.archive.bytes);
}

}  // namespace

void Metrics::TakeStore(store::Store& store, Instant now) {
  if (const auto taken = store.Stats(); taken.ok()) stats = *taken;
  if (const auto taken = store.Load(); taken.ok()) load = *taken;
  if (const auto standings = store.sources().Standings(); standings.ok()) {
    for (const store::SourceStanding& standing : *standings) {
      Source& source = sources[standing.source];
      source.standing = standing;
      source.progress.closed = crawler::Closed::kUnknown;
      if (standing.read != Instant()) source.age = now - standing.read;
    }
  }
}

void Metrics::TakeCrawl(const CrawlRun& run, store::Store& store, Instant now, Instant steady) {
  crawl = run.figures();
  latencies = run.latencies();
  if (const auto oldest = run.oldest_page()) oldest_page = steady - *oldest;
  rule_set_bytes = run.rules()->automaton_bytes();
  for (const auto& [id, progress] : run.progress_of_sources()) {
    sources[id].progress = progress;
    const auto oldest = store.OldestDue(id);
    if (oldest.ok() && *oldest) sources[id].backlog = now - **oldest;
  }
  for (const auto& [id, standing] : run.standings()) {
    sources[id].standing = standing;
    if (standing.read != Instant()) sources[id].age = now - standing.read;
  }
}

void Metrics::TakeProcess() {
  std::ifstream statm("/proc/self/statm");
  uint64_t size = 0;
  uint64_t resident = 0;
  if (statm >> size >> resident) {
    resident_bytes = resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  }
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Threads:")) threads = std::strtoull(line.c_str() + 8, nullptr, 10);
  }
}

std::string RenderMetrics(const Metrics& metrics) {
  Page page;
  page.Family("build_info", "gauge", "The program.");
  page.Sample(1, Label("version", CLUEHOUND_VERSION));
  page.Family("uptime_seconds", "gauge", "Since the service began.");
  page.Sample(Seconds(metrics.uptime));
  RenderCrawl(metrics, page);
  RenderSources(metrics, page);
  RenderStore(metrics, page);
  RenderListings(metrics, page);
  page.Family(
      "memory_bytes", "gauge",
      "rule_set: its automaton and the meanings of literals; crawl: pages between fetch and "
      "commit; resident: the process.");
  page.Sample(metrics.rule_set_bytes, Label("of", "rule_set"));
  page.Sample(metrics.crawl.page_bytes, Label("of", "crawl"));
  page.Sample(metrics.resident_bytes, Label("of", "resident"));
  page.One("threads", "gauge", "Of the process.", metrics.threads);
  return page.Take();
}

}  // namespace cluehound::app
