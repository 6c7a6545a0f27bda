#pragma once

#include <string>

#include "store/figures.h"
#include "store/rocksdb/database.h"

namespace cluehound::store {

// kFigures: day, event, dimension, value -> how many. Kept by Staging with the leads.
std::string FigureKey(const Figure& figure);

class RocksDbFigures final : public Figures {
 public:
  explicit RocksDbFigures(const Database& database) : database_(database) {}
  Result<std::vector<Figure>> Between(std::string_view first, std::string_view last) override;

 private:
  const Database& database_;
};

}  // namespace cluehound::store
