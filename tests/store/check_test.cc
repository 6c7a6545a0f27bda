#include "store/check.h"

#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "evidence/archive.h"
#include "store/record_fields.h"
#include "store/rocksdb/database.h"
#include "store/rocksdb/log_tree.h"
#include "store/rocksdb/staging.h"
#include "store/rocksdb/tables.h"
#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

namespace fs = std::filesystem;

// A store with a few decided leads and real captures, closed.
class Checked {
 public:
  Checked() {
    evidence::ArchiveOptions options;
    archive_ = evidence::Archive::Open(captures(), {}, clock_, options).value();
    auto store = OnDisk::Open(path(), archive_.get(), clock_);
    for (int i = 0; i < 12; ++i) {
      const std::string n = std::to_string(i);
      REQUIRE_OK(store->AddSeeds({Found("a", n)}));
      const auto leases = store->Claim(Everything(clock_.Now()));
      REQUIRE(leases->size() == 1);
      PageCommit commit = ReadPage(leases->front(), clock_.Now());
      AddSuspect(commit, Goods("鸿雁 高仿 " + n, n), Suspect("brand"));
      commit.page = RawPage(leases->front().address.url);
      REQUIRE_OK(CommitOne(*store, std::move(commit)).status);
      clock_.Advance(std::chrono::seconds(10));
    }
    leads_ = AllLeads(*store);
    for (size_t i = 0; i < 4; ++i) {
      Decision decision{leads_[i].id, leads_[i].revision, LeadStatus::kChecking, "suspected",
                        "",           {"uid-0", ""},      clock_.Now()};
      decision.number_prefix = "WF";
      REQUIRE_OK(store->Decide(decision, {}));
    }
    store.reset();
    archive_.reset();
  }

  std::string path() const { return (folder_.path() / "store").string(); }
  fs::path captures() const { return folder_.path() / "captures"; }
  const std::vector<Lead>& leads() const { return leads_; }

  CheckReport Check(bool captures_too = false) const {
    CheckOptions options{path(), path() + "/checkpoint", ""};
    if (captures_too) options.captures = captures().string();
    auto report = CheckStore(options);
    REQUIRE_OK(report);
    return *std::move(report);
  }
  std::vector<std::string> Named() const {
    std::vector<std::string> objects;
    for (const CheckFinding& finding : Check().findings) objects.push_back(finding.object);
    return objects;
  }

  // Changes one byte of a record, as a hand in the database would.
  void Flip(Table table, const std::string& key, size_t at) const {
    const auto database = Database::Open({path() + "/db", false, false, nullptr}).value();
    std::string value = database->Get(table, key).value().value();
    value[at % value.size()] ^= 1;
    Batch batch;
    batch.Put(table, key, value);
    REQUIRE_OK(database->Write(batch, true));
  }
  void Put(Table table, const std::string& key, const std::string& value) const {
    const auto database = Database::Open({path() + "/db", false, false, nullptr}).value();
    Batch batch;
    batch.Put(table, key, value);
    REQUIRE_OK(database->Write(batch, true));
  }
  void Remove(Table table, const std::string& key) const {
    const auto database = Database::Open({path() + "/db", false, false, nullptr}).value();
    Batch batch;
    batch.Delete(table, key);
    REQUIRE_OK(database->Write(batch, true));
  }
  Counters Counted() const {
    const auto database = Database::Open({path() + "/db", false, true, nullptr}).value();
    return FindRecord<Counters>(*database, Table::kMeta, CountersKey(), "counters").value().value();
  }
  void Reopen() { OnDisk::Open(path(), nullptr, clock_); }
  std::vector<std::string> Keys(Table table) const {
    const auto database = Database::Open({path() + "/db", false, true, nullptr}).value();
    std::vector<std::string> keys;
    const auto cursor = database->Walk(table, PlainKey(""), PrefixEnd(PlainKey("")));
    for (; cursor->Valid(); cursor->Next()) keys.emplace_back(cursor->key());
    return keys;
  }

 private:
  cluehound::testing::TempDir folder_;
  cluehound::testing::FakeClock clock_{kStart};
  std::unique_ptr<evidence::Archive> archive_;
  std::vector<Lead> leads_;
};

bool Has(const std::vector<std::string>& objects, const std::string& object) {
  return std::find(objects.begin(), objects.end(), object) != objects.end();
}

TEST_CASE("check: a sound store has no findings, and everything was looked at") {
  Checked checked;
  const CheckReport report = checked.Check(true);
  for (const CheckFinding& finding : report.findings)
    FAIL_CHECK(finding.object << ": " << finding.problem);
  CHECK(report.leads == 12);
  CHECK(report.unproven == 0);
  CHECK(report.head.size == 16);
  CHECK(report.captures == 12);
  CHECK(report.checkpoints == 2);  // in the database and beside it
  CHECK(report.index_entries > 60);
  CHECK(report.addresses == 12);
}

TEST_CASE("check: any byte flipped in a stored lead names the lead") {
  Checked checked;
  const std::string& id = checked.leads()[5].id;
  std::mt19937 random(3);
  for (int i = 0; i < 12; ++i) {
    const size_t at = random();
    checked.Flip(Table::kLeads, LeadKey(id), at);
    INFO("byte " << at);
    CHECK(Has(checked.Named(), "lead " + id));
    checked.Flip(Table::kLeads, LeadKey(id), at);  // and back
  }
  CHECK(checked.Check().findings.empty());
}

TEST_CASE("check: a text that is gone, or says another thing of its lead, is noticed") {
  Checked checked;
  const std::string key = checked.Keys(Table::kTexts).at(3);
  checked.Flip(Table::kTexts, key, 60);
  CHECK(checked.Named() == std::vector<std::string>{"texts"});
  checked.Flip(Table::kTexts, key, 60);
  CHECK(checked.Named().empty());
  checked.Remove(Table::kTexts, key);
  CHECK(checked.Named() == std::vector<std::string>{"texts"});
}

TEST_CASE("indexes of an older program: made again whole, and sellers are told nothing anew") {
  Checked checked;
  const uint64_t told = checked.Counted().last_outbox;
  REQUIRE(told > 0);
  checked.Put(Table::kMeta, IndexVersionKey(), EncodeRecord(CountRecord{1}));
  for (const std::string& key : checked.Keys(Table::kTexts)) checked.Remove(Table::kTexts, key);
  checked.Remove(Table::kIndexes, checked.Keys(Table::kIndexes).at(7));
  checked.Reopen();
  CHECK(checked.Check().findings.empty());
  CHECK(checked.Counted().last_outbox == told);
}

TEST_CASE("check: a lead that was changed with its seal is not as the log left it") {
  Checked checked;
  const std::string& id = checked.leads()[1].id;
  {
    const auto database = Database::Open({checked.path() + "/db", false, false, nullptr}).value();
    auto lead = FindRecord<Lead>(*database, Table::kLeads, LeadKey(id), "lead").value().value();
    auto seal = FindRecord<Seal>(*database, Table::kSeals, LeadKey(id), "seal").value().value();
    lead.reason = "fair_use";
    seal.digest = Sha256(EncodeRecord(lead));
    Batch batch;
    batch.Put(Table::kLeads, LeadKey(id), EncodeRecord(lead));
    batch.Put(Table::kSeals, LeadKey(id), EncodeRecord(seal));
    REQUIRE_OK(database->Write(batch, true));
  }
  const CheckReport report = checked.Check();
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].object == "lead " + id);
  CHECK(report.findings[0].problem.find("log entry") != std::string::npos);
}

TEST_CASE("check: a changed, removed or added entry of the log is named") {
  Checked checked;
  checked.Flip(Table::kAudit, NumberKey(7), 9);
  CHECK(Has(checked.Named(), "log entry 7"));
  checked.Flip(Table::kAudit, NumberKey(7), 9);
  checked.Flip(Table::kLog, LeafKey(kLogId, 8), 30);
  CHECK(Has(checked.Named(), "log entry 9"));
  checked.Flip(Table::kLog, LeafKey(kLogId, 8), 30);
  CHECK(checked.Named().empty());
  checked.Remove(Table::kAudit, NumberKey(3));
  CHECK(Has(checked.Named(), "log entry 3"));
}

TEST_CASE(
    "check: whoever rewrites the log and its tree still has the signed checkpoint against him") {
  Checked checked;
  const auto rewrite = [&](size_t keep) {
    const auto database = Database::Open({checked.path() + "/db", false, false, nullptr}).value();
    auto counters =
        FindRecord<Counters>(*database, Table::kMeta, CountersKey(), "c").value().value();
    Batch batch;
    evidence::MerkleLog log;
    for (uint64_t i = 0; i < keep; ++i) {
      auto bytes = database->Get(Table::kAudit, NumberKey(i + 1)).value().value();
      auto entry = DecodeRecord<AuditRecord>(bytes, "e").value();
      if (i == 2) entry.actor.user = "somebody else";
      bytes = EncodeRecord(entry);
      batch.Put(Table::kAudit, NumberKey(i + 1), bytes);
      AppendLeaf(log, bytes, batch);
    }
    for (uint64_t i = keep; i < counters.last_audit; ++i) {
      batch.Delete(Table::kAudit, NumberKey(i + 1));
      batch.Delete(Table::kLog, LeafKey(kLogId, i));
    }
    NoteLog(log, counters);
    counters.last_audit = keep;
    batch.Put(Table::kMeta, CountersKey(), EncodeRecord(counters));
    REQUIRE_OK(database->Write(batch, true));
  };
  rewrite(16);
  CHECK(checked.Check().finding_count == 2);  // the stored checkpoint, and the one beside it
  for (const std::string& key : checked.Keys(Table::kLog)) {
    if (key[1] == CheckpointPrefix()[1]) checked.Remove(Table::kLog, key);
  }
  const auto named = checked.Named();
  REQUIRE(named.size() == 1);
  CHECK(named[0].find("/checkpoint") != std::string::npos);
  rewrite(12);
  const auto report = checked.Check();
  const bool gone = std::any_of(report.findings.begin(), report.findings.end(), [](const auto& f) {
    return f.problem.find("entries are gone") != std::string::npos;
  });
  CHECK(gone);
}

// One of its leads gets a tag.
void TagOne(const Checked& checked) {
  const cluehound::testing::FakeClock clock(kStart);
  const auto store = OnDisk::Open(checked.path(), nullptr, clock);
  const Lead& lead = checked.leads()[7];
  Decision decision{lead.id, lead.revision, LeadStatus::kNew, "", "", {"uid-0", ""}, kStart};
  decision.kind = DecisionKind::kTag;
  decision.add_tags = {"展会"};
  REQUIRE_OK(store->Decide(decision, {}));
}

TEST_CASE("check: the index of tags is held against the leads, and untagged ones are not in it") {
  Checked checked;
  const size_t entries = checked.Keys(Table::kIndexes).size();
  TagOne(checked);
  CHECK(checked.Keys(Table::kIndexes).size() == entries + 1);
  CHECK(checked.Named().empty());
  const LeadPosition position = LeadPosition::Of(checked.leads()[7]);
  const std::string key = IndexPrefix(Facet::kTag, "展会") + position.Bytes();
  checked.Put(Table::kIndexes, IndexPrefix(Facet::kTag, "展会馆") + position.Bytes(), "");
  CHECK(Has(checked.Named(), "indexes"));
  Checked second;
  TagOne(second);
  second.Remove(Table::kIndexes, key);
  CHECK(Has(second.Named(), "indexes"));
  CHECK(Has(second.Named(), "lead " + second.leads()[7].id));
  Checked third;
  TagOne(third);
  third.Remove(Table::kMeta, CountKey(Facet::kTag, "展会"));
  CHECK(third.Named() == std::vector<std::string>{"counts"});
}

TEST_CASE("check: indexes, counts, history and sightings are held against the leads") {
  Checked checked;
  const Lead& lead = checked.leads()[2];
  const auto index = checked.Keys(Table::kIndexes);
  checked.Remove(Table::kIndexes, index[index.size() / 2]);
  CHECK(Has(checked.Named(), "indexes"));
  Checked second;
  second.Remove(Table::kMeta, CountKey(Facet::kMark, "hongyan"));
  CHECK(second.Named() == std::vector<std::string>{"counts"});
  Checked third;
  third.Remove(Table::kEntries, EntryKey(lead.id, 1));
  CHECK(third.Named() == std::vector<std::string>{"lead " + lead.id});
  Checked fourth;
  const auto sightings = fourth.Keys(Table::kSightings);
  fourth.Remove(Table::kSightings, sightings[0]);
  CHECK(Has(fourth.Named(), "lead " + Hex(sightings[0].substr(1, 16))));
}

TEST_CASE("check: an address that nobody would come to is named, and so is its queue") {
  const auto queue = [](const Checked& checked) { return checked.Keys(Table::kQueues).at(3); };
  Checked lost;
  const std::string url = ParseQueueKey(queue(lost), QueuePrefix("a.example", "shops").size())->url;
  lost.Remove(Table::kQueues, queue(lost));
  CHECK(lost.Named() == std::vector<std::string>{"address " + url});
  Checked unscheduled;
  const std::string name = "queue of " + Found("a", "1").authority + " for shops";
  const auto frontier = unscheduled.Keys(Table::kFrontier);
  unscheduled.Remove(Table::kFrontier, frontier.back());  // the place in the schedule
  CHECK(unscheduled.Named() == std::vector<std::string>{name});
  Checked unknown;
  unknown.Remove(Table::kFrontier, frontier.front());  // the record
  CHECK(Has(unknown.Named(), name));
  Checked late;
  late.Put(Table::kFrontier, frontier.front(),
           EncodeRecord(QueueRecord{kStart + std::chrono::hours(9000), {1}}));
  CHECK(Has(late.Named(), name));
  Checked laneless;
  laneless.Put(Table::kFrontier, frontier.front(), EncodeRecord(QueueRecord{Instant::min(), {7}}));
  CHECK(Has(laneless.Named(), name));
  Checked stray;
  stray.Put(Table::kQueues, queue(stray) + "x", EncodeRecord(QueueEntry{1}));
  CHECK(stray.Named() == std::vector<std::string>{"queues"});
  Checked forgotten;
  forgotten.Remove(Table::kAddresses, AddressKey(url));
  CHECK(Has(forgotten.Named(), "counters"));
}

TEST_CASE("check: a byte flipped in a file of the database is found, and its leads are named") {
  Checked checked;
  size_t damaged = 0;
  size_t with_leads = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(checked.path()) / "db")) {
    if (entry.path().extension() != ".sst") continue;
    const std::string before = cluehound::testing::Slurp(entry.path());
    std::string bytes = before;
    bytes[20] ^= 1;  // in the first block of data
    std::ofstream(entry.path(), std::ios::binary) << bytes;
    ++damaged;
    const CheckReport report = checked.Check();
    INFO(entry.path().string());
    CHECK_FALSE(report.findings.empty());
    std::set<std::string> leads;
    for (const CheckFinding& finding : report.findings) {
      if (finding.object.starts_with("lead ")) leads.insert(finding.object);
    }
    with_leads = std::max(with_leads, leads.size());
    std::ofstream(entry.path(), std::ios::binary) << before;
  }
  CHECK(damaged > 8);
  CHECK(with_leads == 12);
  CHECK(checked.Check().findings.empty());
}

TEST_CASE("check: a byte flipped in a capture is found, and its lead is named") {
  Checked checked;
  for (const auto& entry : fs::directory_iterator(checked.captures())) {
    if (entry.path().extension() != ".gz") continue;
    const Lead& lead = checked.leads()[3];
    std::string bytes = cluehound::testing::Slurp(entry.path());
    bytes[lead.capture.offset + lead.capture.length / 2] ^= 1;
    std::ofstream(entry.path(), std::ios::binary) << bytes;
    CHECK(checked.Check().findings.empty());
    const auto report = checked.Check(true);
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].object == "lead " + lead.id);
  }
}

}  // namespace
}  // namespace cluehound::store::testing
