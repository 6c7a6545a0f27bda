#include "evidence/merkle_log.h"
#include "store/record_fields.h"
#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

AuditEntry Login(int n) {
  return {0, At(n), {"uid-7", "王"}, "login", "desk-" + std::to_string(n), "", "", ""};
}

Digest Leaf(const LogRecord& record) { return evidence::LeafHash(Bytes(record.digest)); }

}  // namespace

TEMPLATE_TEST_CASE("log: every audit entry is a leaf, salted, and proves to be in the tree", "",
                   STORES) {
  Bench<TestType> store;
  AuditLog& log = store->log();
  CHECK(log.Head()->root == Sha256(""));
  store.Read(Found("a", "1"), {{Goods("鸿雁 高仿", "1"), Suspect("brand")}});
  const Lead lead = store.OnlyLead();
  Decision decision{lead.id,       lead.revision, LeadStatus::kRuledOut, "fair_use", "",
                    {"uid-0", ""}, store.now()};
  REQUIRE_OK(store->Decide(decision, {}));
  for (int i = 0; i < 9; ++i) REQUIRE_OK(log.Append(Login(i)));
  const auto audit = store.Audit();
  const auto head = log.Head().value();
  CHECK(head.log == "1");
  REQUIRE(head.size == audit.size());
  const auto records = log.Records(0, 1000).value();
  REQUIRE(records.size() == audit.size());
  evidence::MerkleLog tree;
  for (size_t i = 0; i < records.size(); ++i) {
    const LogRecord& record = records[i];
    CHECK(record.index == i);
    CHECK(record.salt.size() == 16);
    CHECK(record.digest == Sha256(record.salt + record.bytes));
    CHECK(DecodeRecord<AuditEntry>(record.bytes, "entry").value() == audit[i]);
    tree.Append(Leaf(record));
    const auto proof = log.Inclusion(i, head.size).value();
    CHECK(evidence::VerifyInclusion(Leaf(record), i, head.size, proof, head.root));
    const auto older = log.Consistency(i + 1, head.size).value();
    CHECK(evidence::VerifyConsistency(i + 1, tree.Root(), head.size, head.root, older));
  }
  CHECK(tree.Root() == head.root);
  CHECK(records[3].salt != records[4].salt);
  CHECK(log.Records(5, 2)->front().index == 5);
  CHECK(log.Inclusion(head.size, head.size).status().code() == Code::kInvalidArgument);
  CHECK(log.Inclusion(0, head.size + 1).status().code() == Code::kInvalidArgument);
  CHECK(log.Consistency(3, head.size + 1).status().code() == Code::kInvalidArgument);
}

TEST_CASE("log: it goes on after a restart, and what was signed before is its front") {
  Bench<OnDisk> store;
  std::vector<evidence::LogHead> heads;
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i <= round; ++i) REQUIRE_OK(store->log().Append(Login(i)));
    const std::string note = store->log().Sign().value();
    CHECK(store->log().Sign().value() == note);
    const auto keys = store->log().Keys().value();
    REQUIRE(keys.size() == 1);
    const auto checkpoint = evidence::OpenCheckpoint(note, keys).value();
    CHECK(checkpoint.origin == keys[0].name);
    REQUIRE(checkpoint.logs.size() == 1);
    CHECK(checkpoint.logs[0] == store->log().Head().value());
    heads.push_back(checkpoint.logs[0]);
    store.Reopen();
  }
  const auto now = store->log().Head().value();
  for (const evidence::LogHead& head : heads) {
    CHECK(evidence::VerifyConsistency(head.size, head.root, now.size, now.root,
                                      store->log().Consistency(head.size, now.size).value()));
  }
  CHECK(store->log().Checkpoints()->size() == heads.size());
}

}  // namespace cluehound::store::testing
