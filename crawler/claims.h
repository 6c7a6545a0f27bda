#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "crawler/page_budget.h"
#include "crawler/source_gates.h"
#include "store/work_queue.h"

namespace cluehound::crawler {

struct ClaimOptions {
  std::string owner = "crawler";
  // Only what was due at the first Refill(), or was found since: a new link must be due as long as
  // the page that held it, so that nothing committed in the run comes back in it.
  bool once = false;
  size_t max_leased = 1024;  // addresses leased and not yet committed, waiting ones included
  size_t max_per_authority = 16;
  // Between two looks at the store when nothing was due; not with `once`.
  Duration look_again = std::chrono::seconds(1);
};

// Keeps the leases: asks the store for more when there is room, knows which are begun and which are
// committed.
//
// Two numbers, because they protect different things. What was begun (a request went out, or an
// outcome was handed over) and is not committed is what a kill -9 makes us fetch again; the caller
// bounds it. What is merely leased costs memory only, and there must be enough of it that slow
// hosts do not starve the others.
//
// Thread-safety: Done() and Poke() from any thread; the rest from one.
class Claims {
 public:
  // `wake` is called by Done() and Poke(), so that the one thread looks.
  Claims(ClaimOptions options, store::WorkQueue& store, const std::vector<SourceSettings>& sources,
         const Clock& wall, const Clock& steady, std::function<void()> wake);

  // Which sources run, from now on.
  void Update(const std::vector<SourceSettings>& sources);
  SourceGates& gates() { return gates_; }
  const SourceGates& gates() const { return gates_; }
  PageBudget& budget() { return budget_; }

  // New leases, or none: no room, or nothing is known to be due. Of sources with open gates only, those of a higher
  // priority first.
  Result<std::vector<store::Lease>> Refill();
  // What is leased beyond the budget of its source, or not to be fetched now, goes back to the
  // store.
  void GiveBack(const std::vector<store::Lease>& leases);
  // REQUIRES: leased, not yet begun.
  void Begin(uint64_t token);
  // The lease is committed (or refused by the store): it no longer counts.
  void Done(uint64_t token);
  // Something may have become due: seeds were added, a source is to run now.
  void Poke();
  // Takes note of what Done() and Poke() said.
  void Collect();

  size_t leased() const { return held_.size(); }
  // By source.
  const std::map<std::string, size_t>& leased_of() const { return leased_of_; }
  size_t in_flight() const { return in_flight_; }
  // Nothing is leased, and the store had nothing more when last asked.
  bool drained() const { return held_.empty() && !worth_asking_; }
  // When Refill() is worth a call though nothing has happened.
  std::optional<Instant> NextLook() const;

 private:
  ClaimOptions options_;
  store::WorkQueue& store_;
  PageBudget budget_;
  SourceGates gates_;
  const Clock& wall_;
  const Clock& steady_;
  std::function<void()> wake_;
  std::optional<Instant> run_began_;  // the first Refill()

  struct Held {
    std::string source;
    bool begun = false;
  };
  using HeldLeases = std::unordered_map<uint64_t, Held>;
  void Drop(HeldLeases::iterator held);
  HeldLeases held_;  // by token
  std::map<std::string, size_t> leased_of_;
  size_t in_flight_ = 0;
  bool worth_asking_ = true;  // something changed since the store had nothing more
  Instant last_asked_{};

  std::mutex mutex_;
  std::vector<uint64_t> done_;
  bool poked_ = false;
};

}  // namespace cluehound::crawler
