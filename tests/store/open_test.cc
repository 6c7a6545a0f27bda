#include "store/open.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

namespace fs = std::filesystem;

Result<std::unique_ptr<Store>> Open(const fs::path& path, bool read_only = false) {
  StoreOptions options;
  options.path = path.string();
  options.read_only = read_only;
  return OpenRocksDbStore(options);
}

void WriteText(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

TEST_CASE("open: a folder that is absent or empty becomes a store") {
  cluehound::testing::TempDir folder;
  REQUIRE_OK(Open(folder.path() / "new"));
  CHECK(cluehound::testing::Slurp(folder.path() / "new" / "FORMAT") ==
        "cluehound store, format 2\n");
  fs::create_directory(folder.path() / "empty");
  REQUIRE_OK(Open(folder.path() / "empty"));
  REQUIRE_OK(Open(folder.path() / "empty"));
}

TEST_CASE("open: a disk that takes no line of the database's log costs that log only") {
  cluehound::testing::TempDir folder;
  const fs::path path = folder.path() / "store";
  REQUIRE_OK(Open(path));
  fs::remove(path / "db" / "LOG");
  fs::create_symlink("/dev/full", path / "db" / "LOG");  // every write says: no space left
  auto store = Open(path);
  REQUIRE_OK(store);
  REQUIRE_OK((*store)->MakeDue("shop"));
}

TEST_CASE("open: what is not a store is left alone") {
  cluehound::testing::TempDir folder;
  WriteText(folder.path() / "thesis.txt", "three years of work");
  auto refused = Open(folder.path()).status();
  CHECK(refused.code() == Code::kInvalidArgument);
  CHECK(refused.message().find("is not a store") != std::string::npos);
  CHECK(refused.message().find(folder.path().string()) != std::string::npos);
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
  refused = Open(folder.path() / "thesis.txt").status();
  CHECK(refused.code() == Code::kInvalidArgument);
  CHECK(refused.message().find("not a folder") != std::string::npos);
  fs::create_directory(folder.path() / "odd");
  WriteText(folder.path() / "odd" / "FORMAT", "something else\n");
  CHECK(Open(folder.path() / "odd").status().code() == Code::kInvalidArgument);
}

TEST_CASE("open: a newer format is refused by name") {
  cluehound::testing::TempDir folder;
  REQUIRE_OK(Open(folder.path() / "store"));
  WriteText(folder.path() / "store" / "FORMAT", "cluehound store, format 3\n");
  const auto refused = Open(folder.path() / "store").status();
  CHECK(refused.code() == Code::kInvalidArgument);
  CHECK(refused.message().find("format 3") != std::string::npos);
  CHECK(refused.message().find("up to 2") != std::string::npos);
}

TEST_CASE("open: one writer at a time, readers beside readers") {
  cluehound::testing::TempDir folder;
  const fs::path path = folder.path() / "store";
  auto first = Open(path);
  REQUIRE_OK(first);
  for (const bool read_only : {false, true}) {
    const auto second = Open(path, read_only).status();
    CHECK(second.code() == Code::kUnavailable);
    CHECK(second.message().find("in use by another process") != std::string::npos);
  }
  first = Status::NotFound("closed");
  const auto reader = Open(path, true);
  REQUIRE_OK(reader);
  REQUIRE_OK(Open(path, true));
  CHECK(Open(path).status().code() == Code::kUnavailable);
}

TEST_CASE("open: a place that cannot be written is named") {
  cluehound::testing::TempDir folder;
  const auto orphan = Open(folder.path() / "no" / "such" / "parent").status();
  CHECK(orphan.code() == Code::kUnavailable);
  CHECK(orphan.message().find("not writable") != std::string::npos);
  if (::geteuid() == 0) return;  // nothing is unwritable to root
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  CHECK(Open(folder.path() / "store").status().code() == Code::kUnavailable);
  fs::permissions(folder.path(), fs::perms::owner_all);
}

TEST_CASE("open: for reading only, nothing is made and nothing is changed") {
  cluehound::testing::TempDir folder;
  CHECK(Open(folder.path() / "none", true).status().code() == Code::kNotFound);
  CHECK_FALSE(fs::exists(folder.path() / "none"));
  const fs::path path = folder.path() / "store";
  {
    auto store = *Open(path);
    REQUIRE_OK(store->AddSeeds({Found("a", "1")}));
    REQUIRE_OK(store->PutRuleSet("hash", "bytes", {"root", ""}, kStart));
  }
  auto reader = Open(path, true);
  REQUIRE_OK(reader);
  Store& store = **reader;
  CHECK(store.Stats()->addresses == 1);
  CHECK(store.FindRuleSet("hash").value() == "bytes");
  CHECK(store.Audit(0, 10)->size() == 1);
  CHECK(store.NextDue({}).value().has_value());
  CHECK(store.AddSeeds({Found("a", "2")}).code() == Code::kDenied);
  CHECK(store.Claim(Everything(kStart)).status().code() == Code::kDenied);
  CHECK(store.BlockAuthority("a.example", kStart).code() == Code::kDenied);
  CHECK(store.PutRobots("a.example", {}).code() == Code::kDenied);
  CHECK(store.MakeDue("shops").code() == Code::kDenied);
  CHECK(store.PutRuleSet("x", "y", {"root", ""}, kStart).code() == Code::kDenied);
  CHECK(store.EnqueueRequest({}).status().code() == Code::kDenied);
  CHECK(store.FinishRequest(1).code() == Code::kDenied);
  CHECK(store.Decide({}, {}).status().code() == Code::kDenied);
  CHECK(CommitOne(store, ReadPage(Lease{}, kStart)).status.code() == Code::kDenied);
  store.Flush();
}

TEST_CASE("open: a store that lost its files is corrupt, not empty") {
  cluehound::testing::TempDir folder;
  const fs::path path = folder.path() / "store";
  {
    auto store = *Open(path);
    REQUIRE_OK(store->AddSeeds({Found("a", "1")}));
  }
  for (const auto& entry : fs::directory_iterator(path / "db")) {
    if (entry.path().filename().string().starts_with("MANIFEST")) fs::remove(entry.path());
  }
  const auto opened = Open(path).status();
  CHECK_FALSE(opened.ok());
  CHECK(opened.message().find("open the store at") != std::string::npos);
}

TEST_CASE("open: a database that is gone altogether is no empty store") {
  cluehound::testing::TempDir folder;
  const fs::path path = folder.path() / "store";
  REQUIRE_OK(Open(path));
  fs::remove_all(path / "db");
  CHECK_FALSE(Open(path, true).ok());
  CHECK_FALSE(Open(path).ok());
}

TEST_CASE("open: a making that was interrupted is made good") {
  cluehound::testing::TempDir folder;
  const fs::path path = folder.path() / "store";
  REQUIRE_OK(Open(path));
  fs::remove(path / "FORMAT");  // the last thing to be written
  REQUIRE_OK(Open(path));
  CHECK(fs::exists(path / "FORMAT"));
}

TEST_CASE("open: no token is ever given out twice") {
  cluehound::testing::TempDir folder;
  std::set<uint64_t> tokens;
  for (int i = 0; i < 5; ++i) {
    auto store = *Open(folder.path() / "store");
    REQUIRE_OK(store->AddSeeds({Found("a", "1"), Found("a", "2")}));
    const auto leases = store->Claim(Everything(Instant::max()));
    for (const Lease& lease : *leases) {
      CHECK(tokens.insert(lease.token).second);
    }
  }
  CHECK(tokens.size() == 10);
}

TEST_CASE("open: leases are gone with the process, and old ones are refused") {
  Bench<OnDisk> store;
  const Lease lease = store.LeaseOf(Found("a", "1"));
  store.Reopen();
  CHECK(CommitOne(store.store(), ReadPage(lease, store.now())).status.code() == Code::kConflict);
  const auto again = store.ClaimAll();
  REQUIRE(again.size() == 1);
  CHECK(CommitOne(store.store(), ReadPage(lease, store.now())).status.code() == Code::kConflict);
  CHECK(CommitOne(store.store(), ReadPage(again[0], store.now())).status.ok());
}

}  // namespace
}  // namespace cluehound::store::testing
