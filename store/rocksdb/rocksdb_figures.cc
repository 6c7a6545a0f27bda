#include "store/rocksdb/rocksdb_figures.h"

#include "store/order_key.h"
#include "store/record_fields.h"

namespace cluehound::store {

std::string FigureKey(const Figure& figure) {
  return KeyWriter()
      .Text(figure.day)
      .Byte(static_cast<uint8_t>(figure.event))
      .Byte(static_cast<uint8_t>(figure.dimension))
      .Rest(figure.value)
      .Take();
}

Result<std::vector<Figure>> RocksDbFigures::Between(std::string_view first, std::string_view last) {
  std::vector<Figure> figures;
  if (last < first) return figures;
  const auto cursor = database_.Walk(Table::kFigures, KeyWriter().Text(first).Take(),
                                     PrefixEnd(KeyWriter().Text(last).Take()));
  for (; cursor->Valid(); cursor->Next()) {
    KeyReader reader(cursor->key());
    Figure figure;
    figure.day = reader.Text();
    figure.event = static_cast<Figure::Event>(reader.Byte());
    figure.dimension = static_cast<Figure::Dimension>(reader.Byte());
    figure.value = reader.Rest();
    ASSIGN_OR_RETURN(const auto record, DecodeRecord<CountRecord>(cursor->value(), "figure"));
    figure.count = record.count;
    figures.push_back(std::move(figure));
  }
  RETURN_IF_ERROR(cursor->status());
  return figures;
}

}  // namespace cluehound::store
