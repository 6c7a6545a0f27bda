#include "store/memory/memory_figures.h"

namespace cluehound::store {
namespace {

auto KeyOf(const Figure& figure) {
  return std::make_tuple(figure.day, figure.event, figure.dimension, figure.value);
}

}  // namespace

Result<std::vector<Figure>> MemoryFigures::Between(std::string_view first, std::string_view last) {
  const std::lock_guard lock(mutex_);
  std::map<Key, uint64_t> counts = fired_;
  for (const auto& [id, lead] : leads_.all()) {
    for (const Figure& figure : FiguresOf(lead)) ++counts[KeyOf(figure)];
  }
  std::vector<Figure> figures;
  for (const auto& [key, count] : counts) {
    const auto& [day, event, dimension, value] = key;
    if (day >= first && day <= last) figures.push_back({day, event, dimension, value, count});
  }
  return figures;
}

void MemoryFigures::Fire(const PageCommit& commit) {
  for (const Figure& figure : FiringsOf(commit)) fired_[KeyOf(figure)] += figure.count;
}

}  // namespace cluehound::store
