#include "store/clue.h"
#include "store/identity.h"
#include "tests/store/contract.h"

namespace cluehound::store {
namespace {

using namespace cluehound::store::testing;
using std::chrono::hours;

const Actor kClerk{"uid-7", "韩梅梅"};

Paper Clue(const std::string& key) {
  Paper paper;
  paper.kind = PaperKind::kClue;
  paper.key = key;
  paper.document = "市监函〔2026〕7号";
  paper.state = "open";
  paper.fields = {{"origin", "assigned"}, {"description", "有人在卖高仿鸿雁"}};
  return paper;
}

PaperChange Bring(const std::string& key, const std::string& url,
                  const std::vector<rules::Suspicion>& suspicions = {}) {
  PaperChange change;
  change.paper = Clue(key);
  ClueFinding finding;
  finding.listing = Goods("鸿雁旅行箱", "", "");
  finding.listing.url = url;
  finding.page_url = url;
  finding.own_page = !url.empty();
  finding.suspicions = suspicions;
  change.clue.findings = {finding};
  change.clue.families = {"brand", "gi"};
  change.clue.rule_set = "rules-1";
  return change;
}

template <class Kind>
PaperReceipt Put(Bench<Kind>& store, const PaperChange& change, const Scope& scope = {}) {
  auto receipts = store->papers().PutAll({change}, scope, kClerk, store.now());
  REQUIRE_OK(receipts);
  return receipts->at(0);
}

TEMPLATE_TEST_CASE("papers: a clue without rule hits is a lead of its own family", "", STORES) {
  Bench<TestType> store;
  const PaperReceipt receipt = Put(store, Bring("7#1", "http://a.example/item/1"));
  CHECK(receipt.outcome == PaperOutcome::kNew);
  CHECK(receipt.new_leads == 1);
  store.Reopen();
  const Lead lead = store.OnlyLead();
  CHECK(lead.suspicion.family == kClueFamily);
  CHECK(lead.status == LeadStatus::kNew);
  CHECK(lead.last_seen == store.now());
  CHECK(lead.sightings == 1);
  const Paper paper = store->papers().Find(1, {}).value();
  CHECK(paper.leads == std::vector<LeadId>{lead.id});
  CHECK(paper.by == kClerk);
  CHECK(store->Entries(lead.id, 9)->at(0).kind == EntryKind::kReported);
  std::vector<std::string> actions;
  for (const AuditEntry& entry : store.Audit()) actions.push_back(entry.action);
  CHECK(actions == std::vector<std::string>{"lead.add", "lead.report", "clue.add"});
}

TEMPLATE_TEST_CASE("papers: importing twice is importing once", "", STORES) {
  Bench<TestType> store;
  Put(store, Bring("7#1", "http://a.example/item/1"));
  const size_t audit = store.Audit().size();
  store.Reopen();
  const PaperReceipt again = Put(store, Bring("7#1", "http://a.example/item/1"));
  CHECK(again.outcome == PaperOutcome::kSame);
  CHECK(again.paper.number == 1);
  CHECK(store.Leads().size() == 1);
  CHECK(store.Audit().size() == audit);
  PaperChange other = Bring("7#1", "http://a.example/item/1");
  other.paper.fields[1].value = "另一件事";
  CHECK(store->papers().PutAll({other}, {}, kClerk, store.now()).status().code() ==
        Code::kConflict);
  other.paper.number = 1;
  other.expected_revision = 1;
  CHECK(Put(store, other).outcome == PaperOutcome::kChanged);
  CHECK(store->papers().Find(1, {})->revision == 2);
  CHECK(store->papers().Find(1, {})->Get("description") == "另一件事");
  CHECK(store->papers().PutAll({other}, {}, kClerk, store.now()).status().code() ==
        Code::kConflict);  // it stands at another revision now
}

TEMPLATE_TEST_CASE("papers: what the machine finds later at the same address joins the clue", "",
                   STORES) {
  Bench<TestType> store;
  Put(store, Bring("7#1", "http://item.a.example/item/1?spm=77"));
  const Lead clue = store.OnlyLead();
  Decision check{clue.id, clue.revision, LeadStatus::kChecking, "suspected", "",
                 kClerk,  store.now()};
  check.number_prefix = "WF";
  REQUIRE_OK(store->Decide(check, {}));
  store.Advance(hours(1));
  // On a list of the platform, under the platform's own number.
  extractors::Listing found = Goods("鸿雁旅行箱 高仿", "4711");
  found.platform = "bazaar";
  found.url = "https://item.a.example/item/1";
  store.Read(Found("a", "list"), {{found, Suspect("brand")}});
  const Lead lead = store.OnlyLead();
  CHECK(lead.id == clue.id);
  CHECK(lead.suspicion.family == "brand");
  CHECK(lead.listing.seller == "东风小店");
  CHECK(lead.status == LeadStatus::kChecking);
  CHECK(lead.number == "WF-2026-00001");
  // Again, and with another family, which is a suspicion of its own.
  store.Advance(hours(1));
  store.Read(Found("b", "list"), {{found, Suspect("brand")}, {found, Suspect("gi")}});
  CHECK(store.Leads().size() == 2);
  CHECK(store->FindLead(clue.id, {})->sightings == 3);
}

TEMPLATE_TEST_CASE("papers: a clue about what the machine knows joins its lead", "", STORES) {
  Bench<TestType> store;
  extractors::Listing found = Goods("鸿雁旅行箱 高仿", "4711");
  found.platform = "bazaar";
  found.url = "https://item.a.example/item/1";
  store.Read(Found("a", "list"), {{found, Suspect("brand")}});
  const Lead before = store.OnlyLead();
  const PaperReceipt receipt = Put(store, Bring("7#1", "https://item.a.example/item/1"));
  CHECK(receipt.new_leads == 0);
  CHECK(receipt.joined_leads == 1);
  const Lead lead = store.OnlyLead();
  CHECK(lead.id == before.id);
  CHECK(lead.listing == before.listing);
  CHECK(lead.suspicion == before.suspicion);
  CHECK(lead.revision == before.revision + 1);
  PaperFilter of;
  of.lead = lead.id;
  CHECK(store->papers().Query(of, {}, "", 9)->papers.size() == 1);
}

TEMPLATE_TEST_CASE("papers: clues without any address are leads apart", "", STORES) {
  Bench<TestType> store;
  Put(store, Bring("", ""));
  Put(store, Bring("", ""));
  CHECK(store.Leads().size() == 2);
  CHECK(store->QueryRows({}, {}, "", 9)->rows.size() == 2);
}

TEMPLATE_TEST_CASE("papers: rules' findings come with the clue, also on one known by words", "",
                   STORES) {
  Bench<TestType> store;
  Put(store, Bring("7#1", "http://a.example/item/1"));
  Put(store, Bring("7#2", "http://a.example/item/1", {Suspect("brand")}));
  CHECK(store.OnlyLead().suspicion.family == "brand");
  Put(store, Bring("7#3", "http://b.example/item/2", {Suspect("brand"), Suspect("gi")}));
  CHECK(store.Leads().size() == 3);
}

TEMPLATE_TEST_CASE("papers: all of a write, or nothing", "", STORES) {
  Bench<TestType> store;
  PaperChange bad = Bring("7#2", "http://a.example/item/2");
  bad.paper.leads = {std::string(32, 'a')};  // there is none
  const auto put = store->papers().PutAll({Bring("7#1", "http://a.example/item/1"), bad}, {},
                                          kClerk, store.now());
  CHECK(put.status().code() == Code::kNotFound);
  store.Reopen();
  CHECK(store.Leads().empty());
  CHECK(store.Audit().empty());
  CHECK(store->papers().Query({}, {}, "", 9)->papers.empty());
  CHECK(Put(store, Bring("7#1", "http://a.example/item/1")).paper.number == 1);
}

TEMPLATE_TEST_CASE("papers: a case files its leads in the same write", "", STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "list"), {{Goods("鸿雁 高仿", "1"), Suspect("brand")}});
  Lead lead = store.OnlyLead();
  REQUIRE_OK(store->Decide(
      {lead.id, lead.revision, LeadStatus::kChecking, "suspected", "", kClerk, store.now()}, {}));
  lead = store.OnlyLead();
  PaperChange change;
  change.paper.kind = PaperKind::kCase;
  change.paper.document = change.paper.key = "潍市监立〔2026〕3号";
  change.paper.leads = {lead.id};
  Decision file{lead.id, lead.revision, LeadStatus::kFiled, "suspected", "", kClerk, store.now()};
  file.case_number = change.paper.document;
  change.decisions = {file};
  Put(store, change);
  lead = store.OnlyLead();
  CHECK(lead.status == LeadStatus::kFiled);
  CHECK(lead.case_number == "潍市监立〔2026〕3号");
  // A decision that is not possible takes the case with it.
  change.paper.document = change.paper.key = "潍市监立〔2026〕4号";
  file.expected_revision = lead.revision;
  file.status = LeadStatus::kRuledOut;
  change.decisions = {file};
  CHECK_FALSE(store->papers().PutAll({change}, {}, kClerk, store.now()).ok());
  CHECK(store->papers().Query({}, {}, "", 9)->papers.size() == 1);
  CHECK(store.OnlyLead().revision == lead.revision);
}

TEMPLATE_TEST_CASE("papers: numbers without gaps, lists page by page, newest first", "", STORES) {
  Bench<TestType> store;
  for (int i = 0; i < 7; ++i) {
    PaperChange change;
    change.paper.kind = i % 2 == 0 ? PaperKind::kLetter : PaperKind::kNotice;
    change.paper.clock = LeadClock{"letter", store.now(), store.now() + hours(24 * i), 0, "", ""};
    if (i == 4) change.paper.answered = store.now();
    change.number_prefix = "XC";
    Put(store, change);
  }
  store.Reopen();
  PaperFilter letters;
  letters.kind = PaperKind::kLetter;
  std::vector<std::string> documents;
  std::string after;
  do {
    const auto page = store->papers().Query(letters, {}, after, 3);
    REQUIRE_OK(page);
    for (const Paper& paper : page->papers) documents.push_back(paper.document);
    after = page->next;
  } while (!after.empty());
  CHECK(documents == std::vector<std::string>{"XC-2026-00007", "XC-2026-00005", "XC-2026-00003",
                                              "XC-2026-00001"});
  PaperFilter due;
  due.due_before = store.now() + hours(24 * 5);
  CHECK(store->papers().Query(due, {}, "", 9)->papers.size() == 4);  // 0, 1, 2, 3
}

TEMPLATE_TEST_CASE("papers: a county has its own alone", "", STORES) {
  Bench<TestType> store;
  const Scope shouguang{"寿光市"};
  PaperChange change = Bring("7#1", "http://a.example/item/1");
  CHECK(Put(store, change, shouguang).paper.county == "寿光市");
  CHECK(store.OnlyLead().county == "寿光市");
  CHECK(store->papers().Find(1, {"安丘市"}).status().code() == Code::kDenied);
  CHECK(store->papers().Query({}, {"安丘市"}, "", 9)->papers.empty());
  CHECK(store->papers().Query({}, shouguang, "", 9)->papers.size() == 1);
  change.paper.key = "7#2";
  change.paper.county = "安丘市";
  CHECK(store->papers().PutAll({change}, shouguang, kClerk, store.now()).status().code() ==
        Code::kDenied);
}

TEMPLATE_TEST_CASE("papers: files are kept by digest and bounded", "", STORES) {
  Bench<TestType> store;
  PaperChange change = Bring("7#1", "");
  change.files = {{{"屏幕.png", "image/png", 0, {}}, "\x89PNG bytes"}};
  const Paper paper = Put(store, change).paper;
  REQUIRE(paper.attachments.size() == 1);
  CHECK(paper.attachments[0].size == 10);
  store.Reopen();
  CHECK(store->papers().AttachmentBytes(paper.attachments[0].sha256).value() == "\x89PNG bytes");
  CHECK(store->papers().AttachmentBytes(Sha256("other")).status().code() == Code::kNotFound);
  change.paper.key = "7#2";
  change.files[0].bytes.assign(PaperLedger::kMaxAttachment + 1, 'x');
  CHECK(store->papers().PutAll({change}, {}, kClerk, store.now()).status().code() ==
        Code::kInvalidArgument);
}

}  // namespace
}  // namespace cluehound::store
