#include "store/office_book.h"

#include <algorithm>
#include <array>

#include "store/record_fields.h"

namespace cluehound::store {

template <>
struct Described<Account> {
  using T = Account;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::name), Tagged(2, &T::display), Tagged(3, &T::role), Tagged(4, &T::county),
      Tagged(5, &T::email), Tagged(6, &T::password), Tagged(7, &T::must_change),
      Tagged(8, &T::disabled), Tagged(9, &T::created), Tagged(10, &T::password_set),
      Tagged(11, &T::last_login), Tagged(12, &T::totp), Tagged(13, &T::totp_proposed),
      Tagged(14, &T::totp_step), Tagged(15, &T::recovery), Tagged(16, &T::preferences));
};

template <>
struct Described<Session> {
  using T = Session;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::token), Tagged(2, &T::account), Tagged(3, &T::created), Tagged(4, &T::seen),
      Tagged(5, &T::expires), Tagged(6, &T::address), Tagged(7, &T::agent));
};

template <>
struct Described<Channel> {
  using T = Channel;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::number), Tagged(2, &T::kind), Tagged(3, &T::name), Tagged(4, &T::target),
      Tagged(5, &T::secret), Tagged(6, &T::county), Tagged(7, &T::digest_at), Tagged(8, &T::alerts),
      Tagged(9, &T::disabled), Tagged(10, &T::failures), Tagged(11, &T::last_error),
      Tagged(12, &T::last_sent), Tagged(13, &T::last_digest), Tagged(14, &T::by),
      Tagged(15, &T::at));
};

template <>
struct Described<RuleProposal> {
  using T = RuleProposal;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::number), Tagged(2, &T::set), Tagged(3, &T::base), Tagged(4, &T::state),
      Tagged(5, &T::note), Tagged(6, &T::author), Tagged(7, &T::at), Tagged(8, &T::reviewer),
      Tagged(9, &T::reviewed), Tagged(10, &T::review));
};

namespace {

template <class E>
struct Named {
  E value;
  std::string_view name;
};

constexpr std::array<Named<Role>, 4> kRoles = {{{Role::kViewer, "viewer"},
                                                {Role::kOfficer, "officer"},
                                                {Role::kAnalyst, "analyst"},
                                                {Role::kAdmin, "admin"}}};
constexpr std::array<Named<Channel::Kind>, 5> kChannels = {{{Channel::Kind::kMail, "mail"},
                                                            {Channel::Kind::kDingTalk, "dingtalk"},
                                                            {Channel::Kind::kWeCom, "wecom"},
                                                            {Channel::Kind::kFeishu, "feishu"},
                                                            {Channel::Kind::kWebhook, "webhook"}}};
constexpr std::array<Named<RuleProposal::State>, 4> kStates = {
    {{RuleProposal::State::kOpen, "open"},
     {RuleProposal::State::kApproved, "approved"},
     {RuleProposal::State::kRejected, "rejected"},
     {RuleProposal::State::kWithdrawn, "withdrawn"}}};

template <class Table, class E>
std::string_view NameIn(const Table& table, E value) {
  for (const auto& each : table) {
    if (each.value == value) return each.name;
  }
  return "";
}

template <class E, size_t N>
std::optional<E> FromName(const std::array<Named<E>, N>& table, std::string_view name) {
  for (const auto& each : table) {
    if (each.name == name) return each.value;
  }
  return std::nullopt;
}

// In the order of their numbers.
std::string NumberText(uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(20 - digits.size(), '0') + digits;
}

template <class T>
constexpr char kKind = 0;
template <>
constexpr char kKind<Account> = 'a';
template <>
constexpr char kKind<Session> = 's';
template <>
constexpr char kKind<Channel> = 'n';
template <>
constexpr char kKind<RuleProposal> = 'r';

std::string KeyOf(const Account& account) { return account.name; }
std::string KeyOf(const Session& session) { return std::string(Bytes(session.token)); }
std::string KeyOf(const Channel& channel) { return NumberText(channel.number); }
std::string KeyOf(const RuleProposal& proposal) { return NumberText(proposal.number); }

}  // namespace

std::string_view Name(Role role) { return NameIn(kRoles, role); }
std::string_view ChineseName(Role role) {
  static constexpr std::array<std::string_view, 5> kNames = {"", "查看", "办案", "规则分析",
                                                             "管理"};
  return kNames[static_cast<size_t>(role)];
}
std::optional<Role> RoleFromName(std::string_view name) { return FromName(kRoles, name); }
std::string_view Name(Channel::Kind kind) { return NameIn(kChannels, kind); }
std::optional<Channel::Kind> ChannelKindFromName(std::string_view name) {
  return FromName(kChannels, name);
}
std::string_view Name(RuleProposal::State state) { return NameIn(kStates, state); }

template <class T>
BookChange Added(const T& record) {
  return {kKind<T>, KeyOf(record), std::nullopt, EncodeRecord(record)};
}
template <class T>
BookChange Changed(const T& before, const T& after) {
  return {kKind<T>, KeyOf(after), EncodeRecord(before), EncodeRecord(after)};
}
template <class T>
BookChange Removed(const T& record) {
  return {kKind<T>, KeyOf(record), EncodeRecord(record), std::nullopt};
}

#define CLUEHOUND_BOOK_RECORD(T)                   \
  template BookChange Added(const T&);             \
  template BookChange Changed(const T&, const T&); \
  template BookChange Removed(const T&)
CLUEHOUND_BOOK_RECORD(Account);
CLUEHOUND_BOOK_RECORD(Session);
CLUEHOUND_BOOK_RECORD(Channel);
CLUEHOUND_BOOK_RECORD(RuleProposal);
#undef CLUEHOUND_BOOK_RECORD

template <class T>
Result<std::optional<T>> StoredOfficeBook::Find(std::string_view key) {
  ASSIGN_OR_RETURN(const auto bytes, Read(kKind<T>, key));
  if (!bytes) return std::optional<T>();
  ASSIGN_OR_RETURN(T record, DecodeRecord<T>(*bytes, "record of the office's book"));
  return std::optional<T>(std::move(record));
}

template <class T>
Result<std::vector<T>> StoredOfficeBook::All() {
  ASSIGN_OR_RETURN(const auto all, ReadAll(kKind<T>));
  std::vector<T> records;
  for (const std::string& bytes : all) {
    ASSIGN_OR_RETURN(T record, DecodeRecord<T>(bytes, "record of the office's book"));
    records.push_back(std::move(record));
  }
  return records;
}

Result<std::optional<Account>> StoredOfficeBook::FindAccount(std::string_view name) {
  return Find<Account>(name);
}
Result<std::vector<Account>> StoredOfficeBook::Accounts() { return All<Account>(); }
Result<std::optional<Session>> StoredOfficeBook::FindSession(const Digest& token) {
  return Find<Session>(Bytes(token));
}
Result<std::vector<Session>> StoredOfficeBook::Sessions() { return All<Session>(); }
Result<std::vector<Channel>> StoredOfficeBook::Channels() { return All<Channel>(); }
Result<std::vector<RuleProposal>> StoredOfficeBook::Proposals() { return All<RuleProposal>(); }

}  // namespace cluehound::store
