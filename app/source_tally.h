#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "store/source_ledger.h"

namespace cluehound::app {

// What each source brings while a crawl runs. Thread-safe.
class SourceTally {
 public:
  // The standings of the ledger when the crawl began; what is added comes on top.
  void Start(const std::vector<store::SourceStanding>& standings);
  void Add(const store::SourceStanding& gain);
  // What was added since the last call, for SourceLedger::Note().
  std::vector<store::SourceStanding> TakeGains();
  // A gain that was not noted after all.
  void PutBack(const std::vector<store::SourceStanding>& gains);
  // The last known standings, gains included; their modes are those of the start.
  std::map<std::string, store::SourceStanding> Now() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, store::SourceStanding> now_;
  std::map<std::string, store::SourceStanding> gains_;
};

}  // namespace cluehound::app
