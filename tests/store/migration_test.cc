// A store of the first format, made by the program of that time: 35 leads of the sample marketplace,
// four of them decided. It must open in every later version.
#include <filesystem>

#include "store/check.h"
#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

namespace fs = std::filesystem;

fs::path CopyOfFormat1(const cluehound::testing::TempDir& folder) {
  const fs::path path = folder.path() / "store";
  fs::copy(cluehound::testing::SourceDir() / "tests/corpus/store_format_1", path,
           fs::copy_options::recursive);
  return path;
}

TEST_CASE(
    "migration: a store of format 1 opens, reads, decides, and its log begins with all of it") {
  cluehound::testing::TempDir folder;
  const fs::path path = CopyOfFormat1(folder);
  cluehound::testing::FakeClock clock{kStart};
  StoreOptions options;
  options.path = path.string();
  options.read_only = true;
  const auto refused = OpenRocksDbStore(options).status();
  CHECK(refused.code() == Code::kInvalidArgument);
  CHECK(refused.message().find("format 1") != std::string::npos);
  CHECK(cluehound::testing::Slurp(path / "FORMAT") == "cluehound store, format 1\n");
  size_t entries = 0;
  {
    auto store = OnDisk::Open(path.string(), nullptr, clock);
    CHECK(cluehound::testing::Slurp(path / "FORMAT") == "cluehound store, format 2\n");
    const auto leads = AllLeads(*store);
    REQUIRE(leads.size() == 35);
    CHECK(store->Stats()->leads == 35);
    entries = store->Audit(0, 10000)->size();
    CHECK(entries > 35);
    CHECK(store->log().Head()->size == entries);
    CHECK(store->log().Inclusion(0, entries).ok());
    LeadFilter checking;
    checking.status = LeadStatus::kChecking;
    const auto numbered = AllLeads(*store, checking);
    REQUIRE(numbered.size() == 3);
    CHECK(store->FindLead(numbered[0].number, {}).value() == numbered[0]);
    LeadFilter undecided;
    undecided.status = LeadStatus::kNew;
    const Lead lead = AllLeads(*store, undecided)[0];
    Decision decision{lead.id,       lead.revision, LeadStatus::kRuledOut, "fair_use", "",
                      {"uid-0", ""}, clock.Now()};
    REQUIRE_OK(store->Decide(decision, {}));
  }
  const auto report =
      CheckStore({path.string(), (path / "checkpoint").string(), (path / "captures").string()});
  REQUIRE_OK(report);
  for (const CheckFinding& finding : report->findings)
    FAIL_CHECK(finding.object << ": " << finding.problem);
  CHECK(report->leads == 35);
  CHECK(report->unproven == 34);
  CHECK(report->head.size == entries + 1);
  CHECK(report->captures > 0);
}

TEST_CASE("migration: brought up once, a store stays as it is") {
  cluehound::testing::TempDir folder;
  const fs::path path = CopyOfFormat1(folder);
  cluehound::testing::FakeClock clock{kStart};
  const auto head = OnDisk::Open(path.string(), nullptr, clock)->log().Head().value();
  CHECK(OnDisk::Open(path.string(), nullptr, clock)->log().Head().value() == head);
}

}  // namespace
}  // namespace cluehound::store::testing
