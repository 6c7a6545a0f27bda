#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/record_codec.h"
#include "store/records.h"

// What an office keeps of itself: who may sign in, where notices go, rules that wait for a second
// person.
namespace cluehound::store {

enum class Role : uint8_t {
  kViewer = 1,   // 查看
  kOfficer = 2,  // 办案
  kAnalyst = 3,  // 规则分析
  kAdmin = 4,    // 管理
};
std::string_view Name(Role role);  // "viewer", ...
std::string_view ChineseName(Role role);
std::optional<Role> RoleFromName(std::string_view name);

struct Account {
  std::string name;  // as typed at the login
  std::string display;
  Role role = Role::kViewer;
  std::string county;  // empty: the city
  std::string email;
  std::string password;      // base/password.h
  bool must_change = false;  // the password was given by somebody else
  bool disabled = false;
  Instant created{};
  Instant password_set{};
  Instant last_login{};
  std::string totp;                   // secret of RFC 6238, raw; empty: not asked for
  std::string totp_proposed;          // shown and not confirmed yet
  uint64_t totp_step = 0;             // the last that was used: none is taken twice
  std::vector<std::string> recovery;  // SHA-256 of codes that were not used yet
  std::string preferences;            // of the page, JSON

  friend bool operator==(const Account&, const Account&) = default;
};

struct Session {
  Digest token{};  // SHA-256 of what the cookie holds
  std::string account;
  Instant created{};
  Instant seen{};  // to some minutes
  Instant expires{};
  std::string address;
  std::string agent;

  friend bool operator==(const Session&, const Session&) = default;
};

// Where notices go.
struct Channel {
  enum class Kind : uint8_t {
    kMail = 1,
    kDingTalk = 2,  // 钉钉
    kWeCom = 3,     // 企业微信
    kFeishu = 4,    // 飞书
    kWebhook = 5,
  };
  uint64_t number = 0;  // from 1
  Kind kind = Kind::kWebhook;
  std::string name;
  std::string target;     // secret: address of the robot or receiver; of mail the receivers
  std::string secret;     // signs; may be empty
  std::string county;     // whose figures it tells; empty: the city's
  std::string digest_at;  // "08:10" of the office's time; empty: no digest
  std::vector<std::string> alerts;  // kinds: overdue, alert, source, store
  bool disabled = false;
  uint32_t failures = 0;  // in a row
  std::string last_error;
  Instant last_sent{};
  std::string last_digest;  // day
  Actor by;
  Instant at{};

  friend bool operator==(const Channel&, const Channel&) = default;
};
std::string_view Name(Channel::Kind kind);  // "mail", "dingtalk", "wecom", "feishu", "webhook"
std::optional<Channel::Kind> ChannelKindFromName(std::string_view name);

// A rule set that its author wants in force.
struct RuleProposal {
  enum class State : uint8_t { kOpen = 1, kApproved = 2, kRejected = 3, kWithdrawn = 4 };
  uint64_t number = 0;  // from 1
  std::string set;      // hash; its texts are stored
  std::string base;     // hash of the set that was in force
  State state = State::kOpen;
  std::string note;
  Actor author;
  Instant at{};
  Actor reviewer;
  Instant reviewed{};
  std::string review;

  friend bool operator==(const RuleProposal&, const RuleProposal&) = default;
};
std::string_view Name(RuleProposal::State state);  // "open", ...

template <>
struct EnumBounds<Role> {
  static constexpr uint64_t kFirst = 1, kLast = static_cast<uint64_t>(Role::kAdmin);
};
template <>
struct EnumBounds<Channel::Kind> {
  static constexpr uint64_t kFirst = 1, kLast = static_cast<uint64_t>(Channel::Kind::kWebhook);
};
template <>
struct EnumBounds<RuleProposal::State> {
  static constexpr uint64_t kFirst = 1,
                            kLast = static_cast<uint64_t>(RuleProposal::State::kWithdrawn);
};

}  // namespace cluehound::store
