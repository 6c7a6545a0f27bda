#pragma once

#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "store/figures.h"
#include "store/memory/memory_leads.h"

namespace cluehound::store {

// The figures of the MemoryStore: those of leads are counted when they are asked for.
class MemoryFigures final : public Figures {
 public:
  // `mutex` guards the leads; both must outlive it.
  MemoryFigures(const MemoryLeads& leads, std::mutex& mutex) : leads_(leads), mutex_(mutex) {}

  Result<std::vector<Figure>> Between(std::string_view first, std::string_view last) override;
  // REQUIRES: the mutex is held.
  void Fire(const PageCommit& commit);

 private:
  using Key = std::tuple<std::string, Figure::Event, Figure::Dimension, std::string>;

  const MemoryLeads& leads_;
  std::mutex& mutex_;
  std::map<Key, uint64_t> fired_;
};

}  // namespace cluehound::store
