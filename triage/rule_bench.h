#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "rules/rule_set.h"
#include "store/store.h"

namespace cluehound::triage {

// The analysts' bench: rule sets compiled and kept at hand, drafts checked, and jobs that run a draft
// over what the store holds, one after the other in a thread of its own. Jobs live in memory: a restart
// forgets them. Thread-safe; the store and the clock must outlive it.
class RuleBench {
 public:
  // `files`: those that a deployment starts from when none was ever published.
  using Files = std::function<Result<std::vector<rules::RuleFile>>()>;
  RuleBench(store::Store& store, const Clock& clock, Files files);
  ~RuleBench();

  // The set with this hash (its first digits; empty: the set in force), with `changed` files in the
  // place of those of their names, or beside them; an empty text removes one.
  Result<std::vector<rules::RuleFile>> Compose(const std::string& set,
                                               const std::vector<rules::RuleFile>& changed);
  // Compiled; a few are kept, as each may take a hundred megabytes.
  Result<std::shared_ptr<const rules::RuleSet>> Compile(const std::vector<rules::RuleFile>& files);

  struct Job {
    enum class Kind { kDiff, kBacktest };
    enum class State { kWaiting, kRunning, kDone, kFailed, kCancelled };
    uint64_t number = 0;  // from 1
    Kind kind = Kind::kDiff;
    State state = State::kWaiting;
    std::string user;
    Instant at{};
    Instant ended{};
    size_t limit = 0;  // listings or leads at most
    size_t done = 0;
    std::string error;
    std::string result;  // JSON, when done
  };
  // kUnavailable when too many wait.
  Result<Job> Start(Job::Kind kind, std::vector<rules::RuleFile> draft, size_t limit,
                    const std::string& user);
  std::vector<Job> Jobs() const;  // newest first
  Result<Job> Find(uint64_t number) const;
  Result<Job> Cancel(uint64_t number);

  static constexpr size_t kMaxLimit = 1'000'000;

 private:
  struct Task;
  void Work();
  Result<std::string> RunDiff(Task& task);
  Result<std::string> RunBacktest(Task& task);
  // False: the job is to end.
  bool Step(Task& task);
  Result<std::vector<rules::RuleFile>> InForce();

  store::Store& store_;
  const Clock& clock_;
  const Files files_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<std::shared_ptr<const rules::RuleSet>> compiled_;
  std::map<uint64_t, std::shared_ptr<Task>> tasks_;
  uint64_t last_ = 0;
  bool stop_ = false;
  std::thread thread_;
};

std::string_view Name(RuleBench::Job::Kind kind);    // "diff"
std::string_view Name(RuleBench::Job::State state);  // "running"

}  // namespace cluehound::triage
