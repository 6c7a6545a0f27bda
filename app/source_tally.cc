#include "app/source_tally.h"

namespace cluehound::app {

void SourceTally::Start(const std::vector<store::SourceStanding>& standings) {
  const std::lock_guard lock(mutex_);
  for (const store::SourceStanding& standing : standings) now_[standing.source] = standing;
}

void SourceTally::Add(const store::SourceStanding& gain) {
  const std::lock_guard lock(mutex_);
  for (auto* standings : {&now_, &gains_}) {
    store::SourceStanding& standing = (*standings)[gain.source];
    standing = Gained(std::move(standing), gain);
  }
}

std::vector<store::SourceStanding> SourceTally::TakeGains() {
  const std::lock_guard lock(mutex_);
  std::vector<store::SourceStanding> gains;
  for (auto& [id, gain] : gains_) gains.push_back(std::move(gain));
  gains_.clear();
  return gains;
}

void SourceTally::PutBack(const std::vector<store::SourceStanding>& gains) {
  const std::lock_guard lock(mutex_);
  for (const store::SourceStanding& gain : gains) {
    store::SourceStanding& standing = gains_[gain.source];
    standing = Gained(std::move(standing), gain);
  }
}

std::map<std::string, store::SourceStanding> SourceTally::Now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

}  // namespace cluehound::app
