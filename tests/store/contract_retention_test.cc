#include "evidence/merkle_log.h"
#include "store/check.h"
#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

Erasure Older(Instant before) {
  Erasure erasure;
  erasure.before = before;
  erasure.actor = {"uid-0", "李"};
  erasure.at = before;
  erasure.reason = "三年";
  return erasure;
}

Lead Decided(Store& store, const Lead& lead, LeadStatus status, Instant at) {
  Decision decision{
      lead.id, lead.revision, status, status == LeadStatus::kRuledOut ? "fair_use" : "suspected",
      "",      {"uid-0", ""}, at};
  decision.number_prefix = "WF";
  auto decided = store.Decide(decision, {});
  REQUIRE_OK(decided);
  return *decided;
}

}  // namespace

TEMPLATE_TEST_CASE(
    "retention: what is over is erased, what is held or under check is not, and the log verifies",
    "", STORES) {
  Bench<TestType> store;
  for (int i = 0; i < 4; ++i) {
    const std::string n = std::to_string(i);
    store.Read(Found("a", n), {{Goods("鸿雁 高仿 " + n, n, "店铺" + n), Suspect("brand")}});
  }
  std::vector<Lead> leads = store.Leads();
  REQUIRE(leads.size() == 4);
  leads[0] = Decided(store.store(), leads[0], LeadStatus::kRuledOut, store.now());
  leads[1] = Decided(store.store(), leads[1], LeadStatus::kRuledOut, store.now());
  leads[2] = Decided(store.store(), leads[2], LeadStatus::kChecking, store.now());
  Retention& retention = store->retention();
  REQUIRE_OK(retention.AddHold({leads[1].id, {"uid-0", ""}, store.now(), "复议"}));
  REQUIRE_OK(retention.AddHold({leads[1].id, {"uid-0", ""}, store.now(), "复议"}));
  CHECK(retention.Holds()->size() == 1);
  const auto head = store->log().Head().value();
  store.Advance(std::chrono::hours(24 * 400));
  Erasure erasure = Older(store.now());
  erasure.dry_run = true;
  CHECK(retention.EraseLeads(erasure)->erased == 1);
  CHECK(store->FindLead(leads[0].id, {}).value() == leads[0]);
  erasure.dry_run = false;
  const auto erased = retention.EraseLeads(erasure).value();
  CHECK(erased.erased == 1);
  CHECK(erased.held == 3);
  CHECK(store->FindLead(leads[0].id, {})->listing.seller.empty());
  CHECK(store->FindLead(leads[0].id, {})->status == LeadStatus::kRuledOut);
  for (size_t i = 1; i < 4; ++i) CHECK(store->FindLead(leads[i].id, {}).value() == leads[i]);
  CHECK(retention.EraseLeads(erasure)->erased == 0);

  const size_t before = store.Audit().size();
  const auto texts = retention.EraseEntries(erasure).value();
  CHECK(texts.erased == 2);  // made, ruled out
  CHECK(store.Audit().size() == before - 2 + 1);
  for (const AuditEntry& entry : store.Audit())
    CHECK((entry.object != leads[0].id || entry.action == "retention.lead"));
  evidence::MerkleLog tree;
  size_t gone = 0;
  const auto records = store->log().Records(0, 1000).value();
  for (const LogRecord& record : records) {
    if (record.bytes.empty()) {
      ++gone;
      CHECK(record.salt.empty());
    } else {
      CHECK(record.digest == Sha256(record.salt + record.bytes));
    }
    tree.Append(evidence::LeafHash(Bytes(record.digest)));
  }
  CHECK(gone == 2);
  const auto now = store->log().Head().value();
  CHECK(now.root == tree.Root());
  CHECK(evidence::VerifyConsistency(head.size, head.root, now.size, now.root,
                                    store->log().Consistency(head.size, now.size).value()));
  const Hold hold{leads[1].id, {"uid-0", ""}, store.now(), "结束"};
  REQUIRE_OK(retention.EndHold(hold));
  CHECK(retention.EndHold(hold).code() == Code::kNotFound);
  CHECK(retention.EraseLeads(Older(store.now()))->erased == 1);
  if (const auto copy = store->MakeCopy(); copy.ok()) {
    const auto report = CheckStore({*copy, "", ""}).value();
    for (const CheckFinding& finding : report.findings)
      FAIL_CHECK(finding.object << ": " << finding.problem);
    CHECK(report.erased == 2);
  }
}

}  // namespace cluehound::store::testing
