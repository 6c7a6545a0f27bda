#include "store/rocksdb/database.h"

#include "tests/testing/testing.h"

namespace cluehound::store {
namespace {

TEST_CASE("database: of several changes of one key in a batch the last one counts") {
  const testing::TempDir folder;
  DatabaseOptions options;
  options.path = (folder.path() / "db").string();
  options.create = true;
  const auto database = Database::Open(options).value();
  Batch batch;
  // More than a sort by insertion would keep in their order by itself.
  for (int round = 0; round < 3; ++round) {
    for (int n = 99; n >= 0; --n) {
      const std::string key = "key " + std::to_string(n);
      if ((n + round) % 2 == 0)
        batch.Put(Table::kMeta, key, "round " + std::to_string(round));
      else
        batch.Delete(Table::kMeta, key);
      batch.Put(Table::kTexts, key, "another table");
    }
  }
  REQUIRE_OK(database->Write(batch, false));
  for (int n = 0; n < 100; ++n) {
    const std::string key = "key " + std::to_string(n);
    const auto value = database->Get(Table::kMeta, key).value();
    CHECK(value.has_value() == (n % 2 == 0));
    if (value) CHECK(*value == "round 2");
    CHECK(database->Get(Table::kTexts, key).value() == "another table");
  }
}

}  // namespace
}  // namespace cluehound::store
