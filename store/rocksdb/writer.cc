#include "store/rocksdb/writer.h"

#include <pthread.h>

#include "base/log.h"
#include "store/rocksdb/seller_book.h"

namespace cluehound::store {
namespace {

constexpr size_t kMaxPagesPerGroup =
    256;  // some 20 ms of work: a bound on how long the first waits for the last
constexpr size_t kOutboxSlice = 1000;  // addresses and facts applied in one write, about

}  // namespace

Writer::Writer(Database& database, Frontier& frontier, Options options)
    : database_(database),
      frontier_(frontier),
      captures_(options.captures),
      correlations_(options.correlations),
      counters_(std::move(options.counters)),
      thread_([this] { Work(); }) {
  pthread_setname_np(thread_.native_handle(), "store-writer");
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Writer::Commit(std::vector<PreparedPage> pages, Store::CommitDone done) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.emplace_back(Pages{std::move(pages), std::move(done), {}});
  }
  changed_.notify_all();
}

Status Writer::Run(std::function<Status(Ledger&, Staging&)> stage) {
  Task task{std::move(stage), {}, false};
  std::unique_lock lock(mutex_);
  jobs_.emplace_back(&task);
  changed_.notify_all();
  changed_.wait(lock, [&task] { return task.done; });
  return task.status;
}

void Writer::PutSoon(Table table, std::string key, std::string value) {
  {
    const std::lock_guard lock(mutex_);
    soon_[{table, std::move(key)}] = std::move(value);
  }
  Nudge(true);
}

std::optional<std::string> Writer::FindSoon(Table table, const std::string& key) const {
  const std::lock_guard lock(mutex_);
  for (const Soon* soon : {&soon_, &soon_in_batch_}) {
    if (const auto found = soon->find({table, key}); found != soon->end()) return found->second;
  }
  return std::nullopt;
}

void Writer::Nudge(bool durable) {
  {
    const std::lock_guard lock(mutex_);
    nudged_ = true;
    nudged_durably_ = nudged_durably_ || durable;
  }
  changed_.notify_all();
}

Counters Writer::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

std::vector<Writer::Job> Writer::TakeJobs() {
  std::vector<Job> jobs;
  size_t pages = 0;
  while (!jobs_.empty() && pages < kMaxPagesPerGroup) {
    if (const auto* batch = std::get_if<Pages>(&jobs_.front())) pages += batch->pages.size();
    jobs.push_back(std::move(jobs_.front()));
    jobs_.pop_front();
  }
  return jobs;
}

void Writer::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_ || nudged_ || !jobs_.empty(); });
    if (stop_ && jobs_.empty() && !nudged_) return;
    nudged_ = false;
    const bool durable = std::exchange(nudged_durably_, false) || !jobs_.empty();
    std::vector<Job> jobs = TakeJobs();
    soon_in_batch_ = std::exchange(soon_, {});
    lock.unlock();
    RunGroup(jobs, durable);
    lock.lock();
  }
}

size_t Writer::waiting() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

void Writer::RunGroup(std::vector<Job>& jobs, bool durable) {
  Staging staging(database_, counters());
  Ledger ledger(staging, frontier_, known_, captures_);

  Status status = Preload(jobs, staging);
  if (status.ok()) {
    StageJobs(jobs, ledger, staging);
    status = WriteGroup(staging, ledger, durable);
  }
  if (status.ok()) {
    Learn(jobs, staging);
    const Status applied = ApplyOutbox(staging.outbox());
    if (!applied.ok()) {
      outbox_behind_ = true;
      LogWarning("store: links, sellers and clusters wait in the outbox: " + applied.message());
    } else if (outbox_behind_) {
      outbox_behind_ = !DrainOutbox().ok();
    }
  }
  Report(status);
  Finish(jobs, status);
}

// Tells the log when writing begins to fail and when it works again, not of every batch between.
void Writer::Report(const Status& written) {
  if (written.ok() == !failing_) return;
  failing_ = !written.ok();
  if (failing_) {
    LogError("store: a batch could not be written: " + written.message());
  } else {
    LogInfo("store: writing works again");
  }
}

// Everything that the pages will ask for one by one, in two reads.
Status Writer::Preload(const std::vector<Job>& jobs, Staging& staging) {
  std::vector<std::string> pages;
  std::vector<std::string> addresses;
  for (const Job& job : jobs) {
    const auto* batch = std::get_if<Pages>(&job);
    if (batch == nullptr) continue;
    for (const PreparedPage& page : batch->pages) {
      pages.push_back(page.commit.lease.address.url);
      for (const Discovery& link : page.commit.links) {
        if (!known_.Contains(link.url)) addresses.push_back(link.url);
      }
    }
  }
  return staging.Preload(pages, addresses);
}

void Writer::StageJobs(std::vector<Job>& jobs, Ledger& ledger, Staging& staging) {
  for (Job& job : jobs) {
    if (auto* batch = std::get_if<Pages>(&job)) {
      for (const PreparedPage& page : batch->pages) batch->receipts.push_back(ledger.Apply(page));
      continue;
    }
    Task& task = *std::get<Task*>(job);
    staging.Begin();
    task.status = task.stage(ledger, staging);
    if (!task.status.ok()) staging.Rollback();
  }
}

Status Writer::WriteGroup(Staging& staging, const Ledger& ledger, bool durable) {
  Batch batch;
  Status status;
  if (ledger.captured()) status = captures_->Sync().Within("sync the captures");
  if (status.ok()) status = staging.Fill(batch);
  if (status.ok()) status = frontier_.Stage(staging.changes(), batch);
  for (const auto& [place, value] : soon_in_batch_) batch.Put(place.first, place.second, value);
  if (status.ok() && !batch.empty()) status = database_.Write(batch, durable);
  if (!status.ok()) {
    frontier_.Abandoned(staging.changes());
    const std::lock_guard lock(mutex_);
    soon_.merge(soon_in_batch_);  // keeps what was said since
    soon_in_batch_.clear();
    return status;
  }
  frontier_.Applied(staging.changes());
  const std::lock_guard lock(mutex_);
  counters_ = staging.counters();
  soon_in_batch_.clear();
  return status;
}

// What was found to be known, or is known now.
void Writer::Learn(const std::vector<Job>& jobs, const Staging& staging) {
  for (const Job& job : jobs) {
    const auto* batch = std::get_if<Pages>(&job);
    if (batch == nullptr) continue;
    for (const PreparedPage& page : batch->pages) {
      for (const Discovery& link : page.commit.links) NoteKnown(link.url, staging);
    }
  }
}

void Writer::NoteKnown(const std::string& url, const Staging& staging) {
  const auto* address = staging.PeekAddress(url);
  if (address != nullptr && *address) known_.Add(url);
}

Status Writer::ApplyOutbox(const std::vector<std::pair<uint64_t, OutboxEntry>>& entries) {
  if (entries.empty()) return Status::Ok();
  Staging staging(database_, counters());
  Ledger ledger(staging, frontier_, known_, nullptr);
  std::vector<std::string> addresses;
  for (const auto& [number, entry] : entries) {
    for (const Discovery& address : entry.addresses) addresses.push_back(address.url);
  }
  RETURN_IF_ERROR(staging.Preload({}, addresses));
  const auto correlations = correlations_->Get();
  SellerBook book(staging.sheet(), *correlations);
  for (const auto& [number, entry] : entries) {
    RETURN_IF_ERROR(ledger.Discover(entry.addresses, entry.due).status());
    RETURN_IF_ERROR(ledger.Recheck(entry.rechecks, entry.due));
    for (LeadFact fact : entry.facts) {
      fact.number = number;
      RETURN_IF_ERROR(book.Apply(fact));
    }
    staging.Delete(Table::kOutbox, NumberKey(number));
  }
  RETURN_IF_ERROR(book.Settle());
  RETURN_IF_ERROR(WriteGroup(staging, ledger, false));
  for (const std::string& url : addresses) NoteKnown(url, staging);
  return Status::Ok();
}

Status Writer::DrainOutbox() {
  while (true) {
    std::vector<std::pair<uint64_t, OutboxEntry>> entries;
    size_t parts = 0;
    const auto cursor = database_.Walk(Table::kOutbox, NumberKey(0), PrefixEnd(PlainKey("")));
    for (; cursor->Valid() && parts < kOutboxSlice; cursor->Next()) {
      ASSIGN_OR_RETURN(OutboxEntry entry,
                       DecodeRecord<OutboxEntry>(cursor->value(), "outbox entry"));
      parts += 1 + entry.addresses.size() + entry.rechecks.size() + entry.facts.size();
      entries.emplace_back(KeyReader(cursor->key()).Number(), std::move(entry));
    }
    RETURN_IF_ERROR(cursor->status());
    if (entries.empty()) return Status::Ok();
    RETURN_IF_ERROR(ApplyOutbox(entries));
  }
}

void Writer::Finish(std::vector<Job>& jobs, const Status& written) {
  for (Job& job : jobs) {
    if (auto* batch = std::get_if<Pages>(&job)) {
      if (!written.ok()) {
        CommitReceipt failed;
        failed.status = written;
        batch->receipts.assign(batch->pages.size(), failed);
      }
      try {
        if (batch->done) batch->done(batch->receipts);
      } catch (const std::exception& error) {
        LogError(std::string("store: who waited for a commit failed: ") + error.what());
      }
      continue;
    }
    Task& task = *std::get<Task*>(job);
    const std::lock_guard lock(mutex_);
    if (task.status.ok()) task.status = written;
    task.done = true;
    changed_.notify_all();
  }
}

}  // namespace cluehound::store
