#include "crawler/page_budget.h"

namespace cluehound::crawler {

PageBudget::PageBudget(const std::vector<SourceSettings>& sources, bool once, Instant now)
    : once_(once) {
  for (const SourceSettings& source : sources) {
    rounds_[source.id] = {source.max_pages, 0, source.every, now};
  }
}

void PageBudget::Renew(Round& round, Instant now) const {
  if (once_ || now < round.began + round.length) return;
  round.began = now;
  round.taken = 0;
}

bool PageBudget::Take(const std::string& source, Instant now) {
  const auto it = rounds_.find(source);
  if (it == rounds_.end()) return false;
  Renew(it->second, now);
  if (it->second.taken >= it->second.max) return false;
  ++it->second.taken;
  return true;
}

void PageBudget::Refund(const std::string& source) {
  const auto it = rounds_.find(source);
  if (it != rounds_.end() && it->second.taken > 0) --it->second.taken;
}

std::vector<std::string> PageBudget::Open(Instant now) {
  std::vector<std::string> open;
  for (auto& [id, round] : rounds_) {
    Renew(round, now);
    if (round.taken < round.max) open.push_back(id);
  }
  return open;
}

}  // namespace cluehound::crawler
