#include "store/rocksdb/database.h"

#include <sys/resource.h>

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

TEST_CASE("database: a range that is cleared is gone, in files and buffers; its neighbours stay") {
  const testing::TempDir folder;
  DatabaseOptions options;
  options.path = (folder.path() / "db").string();
  options.create = true;
  auto database = Database::Open(options).value();
  const auto fill = [&](const std::string& value) {
    Batch batch;
    for (const char* key : {"a", "b", "b1", "bz", "c"}) batch.Put(Table::kIndexes, key, value);
    REQUIRE_OK(database->Write(batch, false));
  };
  fill("old");
  REQUIRE_OK(database->Compact(Table::kIndexes));
  fill("new");
  REQUIRE_OK(database->Clear(Table::kIndexes, "b", "c"));
  Batch later;
  later.Put(Table::kIndexes, "b2", "later");
  REQUIRE_OK(database->Write(later, false));
  const auto all = [&] {
    std::vector<std::string> found;
    for (auto cursor = database->Walk(Table::kIndexes, "a", "d"); cursor->Valid(); cursor->Next())
      found.push_back(std::string(cursor->key()) + " " + std::string(cursor->value()));
    return found;
  };
  const std::vector<std::string> expected = {"a new", "b2 later", "c new"};
  CHECK(all() == expected);
  database.reset();
  database = Database::Open(options).value();
  CHECK(all() == expected);
}

TEST_CASE("database: may open as many files as the machine lets it, so that tables stay open") {
  const testing::TempDir folder;
  DatabaseOptions options;
  options.path = (folder.path() / "db").string();
  options.create = true;
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit few = before;
  few.rlim_cur = std::min<rlim_t>(before.rlim_max, 1024);
  REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
  const auto database = Database::Open(options);
  rlimit now{};
  getrlimit(RLIMIT_NOFILE, &now);
  setrlimit(RLIMIT_NOFILE, &before);
  REQUIRE_OK(database);
  CHECK(now.rlim_cur == std::min<rlim_t>(before.rlim_max, 4096));
}

}  // namespace
}  // namespace cluehound::store
