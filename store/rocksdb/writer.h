#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "evidence/capture_sink.h"
#include "store/correlations_in_force.h"
#include "store/rocksdb/ledger.h"
#include "store/rocksdb/staging.h"
#include "store/store.h"

namespace cluehound::store {

// The one thread that writes. It takes everything that waits, stages it in order, has the captures
// synced, writes one batch with one sync, and only then tells those who wait. What leaves through
// the outbox is applied right behind the batch that brought it, in a write of its own that needs no
// sync: were it lost, the outbox would still hold it.
//
// Thread-safe.
class Writer {
 public:
  struct Options {
    evidence::CaptureSink* captures = nullptr;          // may be null
    Counters counters;                                  // as the database has them
    const CorrelationsInForce* correlations = nullptr;  // not owned
  };
  Writer(Database& database, Frontier& frontier, Options options);
  // Writes what was handed over, calls back, and ends the thread.
  ~Writer();

  // Applies what a crash left in the outbox. Before anything else is handed over.
  Status DrainOutbox();

  void Commit(std::vector<PreparedPage> pages, Store::CommitDone done);
  // Stages with the others and waits until it is durable. Not ok: nothing of it was written.
  Status Run(std::function<Status(Ledger&, Staging&)> stage);
  // Visible through FindSoon() at once, written with the next sync. The table must be used in this
  // way alone.
  void PutSoon(Table table, std::string key, std::string value);
  std::optional<std::string> FindSoon(Table table, const std::string& key) const;
  // The frontier has something to be written; `durable`: with a sync.
  void Nudge(bool durable);

  // As of the last durable batch.
  Counters counters() const;
  // Jobs handed over and not begun.
  size_t waiting() const;

 private:
  struct Pages {
    std::vector<PreparedPage> pages;
    Store::CommitDone done;
    std::vector<CommitReceipt> receipts;
  };
  // On the stack of the thread that waits for it.
  struct Task {
    std::function<Status(Ledger&, Staging&)> stage;
    Status status;
    bool done = false;
  };
  using Job = std::variant<Pages, Task*>;
  using Soon = std::map<std::pair<Table, std::string>, std::string>;

  void Work();
  std::vector<Job> TakeJobs();
  void RunGroup(std::vector<Job>& jobs, bool durable);
  Status Preload(const std::vector<Job>& jobs, Staging& staging);
  void StageJobs(std::vector<Job>& jobs, Ledger& ledger, Staging& staging);
  Status WriteGroup(Staging& staging, const Ledger& ledger, bool durable);
  void Learn(const std::vector<Job>& jobs, const Staging& staging);
  void NoteKnown(const std::string& url, const Staging& staging);
  Status ApplyOutbox(const std::vector<std::pair<uint64_t, OutboxEntry>>& entries);
  void Report(const Status& written);
  void Finish(std::vector<Job>& jobs, const Status& written);

  Database& database_;
  Frontier& frontier_;
  evidence::CaptureSink* captures_;
  const CorrelationsInForce* correlations_;
  KnownAddresses known_;        // the thread's
  bool failing_ = false;        // the thread's: the last group was not written
  bool outbox_behind_ = false;  // the thread's: an entry could not be applied

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  Soon soon_;
  Soon soon_in_batch_;
  bool nudged_ = false;
  bool nudged_durably_ = false;
  bool stop_ = false;
  Counters counters_;
  std::thread thread_;
};

}  // namespace cluehound::store
