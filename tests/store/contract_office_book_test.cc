#include "store/office_book.h"
#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

Account Someone(const std::string& name) {
  Account account;
  account.name = name;
  account.display = "李雷";
  account.role = Role::kOfficer;
  account.county = "寿光市";
  account.email = "li@office.example";
  account.password = "$argon2id$x";
  account.must_change = true;
  account.created = kStart;
  account.password_set = kStart;
  account.last_login = At(5);
  account.totp = std::string("\0\xff", 2);
  account.totp_step = 9;
  account.recovery = {"a", "b"};
  account.preferences = "{}";
  return account;
}

}  // namespace

TEMPLATE_TEST_CASE("office book: what was written is there, whole, by name, and after reopening",
                   "", STORES) {
  Bench<TestType> store;
  OfficeBook& book = store->office_book();
  const Account li = Someone("li"), han = Someone("韩梅梅");
  Session session{Sha256("token"), "li", kStart, At(1), At(2), "10.0.0.1", "browser"};
  Channel channel;
  channel.number = 12;
  channel.kind = Channel::Kind::kFeishu;
  channel.name = "值班群";
  channel.target = "https://robot.example/x";
  channel.secret = "s";
  channel.alerts = {"overdue"};
  channel.failures = 2;
  RuleProposal first, second;
  first.number = 2;
  first.set = "aa";
  first.state = RuleProposal::State::kRejected;
  first.author = {"li", "李雷"};
  second = first;
  second.number = 10;
  REQUIRE_OK(book.Write(
      {Added(han), Added(li), Added(session), Added(channel), Added(second), Added(first)},
      {{0, kStart, {"root", ""}, "user.add", "li", "", "", ""}}));
  store.Reopen();
  OfficeBook& again = store->office_book();
  CHECK(again.FindAccount("li").value() == li);
  CHECK_FALSE(again.FindAccount("l").value());
  CHECK(again.Accounts().value() == std::vector<Account>{li, han});
  CHECK(again.FindSession(Sha256("token")).value() == session);
  CHECK(again.Sessions()->size() == 1);
  CHECK(again.Channels().value() == std::vector<Channel>{channel});
  CHECK(again.Proposals().value() == std::vector<RuleProposal>{first, second});
  CHECK(store->Audit(0, 10)->back().action == "user.add");
  REQUIRE_OK(again.Write({Removed(session)}, {}));
  CHECK(again.Sessions()->empty());
}

TEMPLATE_TEST_CASE("office book: a change on what somebody else has changed changes nothing", "",
                   STORES) {
  Bench<TestType> store;
  OfficeBook& book = store->office_book();
  const Account li = Someone("li");
  REQUIRE_OK(book.Write({Added(li)}, {}));
  CHECK(book.Write({Added(li)}, {}).code() == Code::kConflict);
  Account disabled = li, renamed = li;
  disabled.disabled = true;
  renamed.display = "李四";
  REQUIRE_OK(book.Write({Changed(li, disabled)}, {}));
  const size_t entries = store->Audit(0, 100)->size();
  CHECK(book.Write({Added(Someone("new")), Changed(li, renamed)},
                   {{0, kStart, {"root", ""}, "user.change", "li", "", "", ""}})
            .code() == Code::kConflict);
  CHECK(book.FindAccount("li").value() == disabled);
  CHECK_FALSE(book.FindAccount("new").value());
  CHECK(store->Audit(0, 100)->size() == entries);
  CHECK(book.Write({Removed(li)}, {}).code() == Code::kConflict);
  REQUIRE_OK(book.Write({Removed(disabled)}, {}));
  CHECK(book.Accounts()->empty());
}

}  // namespace cluehound::store::testing
