#include "crawler/page_budget.h"

namespace cluehound::crawler {

PageBudget::PageBudget(const std::vector<SourceSettings>& sources, bool once, Instant now)
    : once_(once) {
  Update(sources, now);
}

void PageBudget::Update(const std::vector<SourceSettings>& sources, Instant now) {
  std::unordered_map<std::string, Round> before = std::exchange(rounds_, {});
  for (const SourceSettings& source : sources) {
    const auto known = before.find(source.id);
    Round& round = rounds_[source.id];
    if (known != before.end()) {
      round = std::move(known->second);
    } else {
      round.began = now;
    }
    round.max = source.max_pages;
    round.length = source.schedule.Round();
  }
}

void PageBudget::Renew(const std::string& source, Round& round, Instant now) const {
  const auto factor = factors_.find(source);
  const Duration length = factor == factors_.end()
                              ? round.length
                              : std::chrono::duration_cast<Duration>(round.length / factor->second);
  if (once_ || now < round.began + length) return;
  round.began = now;
  round.taken = 0;
  round.terms.clear();
}

bool PageBudget::Take(const std::string& source, Instant now) {
  const auto it = rounds_.find(source);
  if (it == rounds_.end()) return false;
  Renew(source, it->second, now);
  if (it->second.taken >= it->second.max) return false;
  ++it->second.taken;
  return true;
}

bool PageBudget::TakeOf(const std::string& source, const std::string& term, uint32_t max,
                        Instant now) {
  const auto it = rounds_.find(source);
  if (it == rounds_.end()) return false;
  Renew(source, it->second, now);
  uint32_t& taken = it->second.terms[term];
  if (taken >= max) return false;
  ++taken;
  return true;
}

void PageBudget::Refund(const std::string& source) {
  const auto it = rounds_.find(source);
  if (it != rounds_.end() && it->second.taken > 0) --it->second.taken;
}

std::vector<std::string> PageBudget::Open(Instant now) {
  std::vector<std::string> open;
  for (auto& [id, round] : rounds_) {
    Renew(id, round, now);
    if (round.taken < round.max) open.push_back(id);
  }
  return open;
}

}  // namespace cluehound::crawler
