#pragma once

#include <map>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/status.h"
#include "crawler/fetcher.h"
#include "store/store.h"

namespace cluehound::app {

// Which sources run, pause, or end what was due before they pause: kept in the ledger, obeyed by the fetcher. For one
// thread; both must outlive it.
class SourceModes {
 public:
  SourceModes(store::Store& store, crawler::Fetcher& fetcher) : store_(store), fetcher_(fetcher) {}

  // As the ledger has them.
  void Take(std::span<const store::SourceStanding> standings);
  Status Set(const std::string& source, store::SourceMode mode, const store::Actor& actor);
  // A source that drains and has nothing left of what was due pauses. Looked at several times: a page may be on its way
  // between the frontier and the fetcher.
  Status EndDrains();

 private:
  store::Store& store_;
  crawler::Fetcher& fetcher_;
  struct Drain {
    Instant since;
    int idle_looks = 0;  // one after the other
  };
  std::map<std::string, Drain> draining_;
};

}  // namespace cluehound::app
