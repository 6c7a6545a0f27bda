#include "triage/channel_operations.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/url.h"

namespace cluehound::triage {
namespace {

using store::Channel;
using Json = nlohmann::ordered_json;

constexpr size_t kMaxChannels = 100;
constexpr size_t kMaxText = 500;
constexpr std::string_view kAlerts[] = {"alert", "overdue", "trouble"};

bool IsTimeOfDay(const std::string& text) {
  if (text.size() != 5 || text[2] != ':') return false;
  const auto hour = ParseInt(text.substr(0, 2)), minute = ParseInt(text.substr(3));
  return hour && minute && *hour >= 0 && *hour < 24 && *minute >= 0 && *minute < 60;
}

bool IsMailAddress(std::string_view text) {
  return text.size() <= 254 && text.find('@') != std::string_view::npos && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsAsciiAlnum(c) || std::string_view("@._-+").find(c) != std::string_view::npos;
         });
}

std::string ChannelJson(const Channel& channel) {
  Json object{{"channel", channel.number},
              {"kind", Name(channel.kind)},
              {"name", channel.name},
              {"county", channel.county},
              {"digest_at", channel.digest_at},
              {"alerts", channel.alerts},
              {"disabled", channel.disabled},
              {"failures", channel.failures},
              {"has_secret", !channel.secret.empty()}};
  // Of an address only the host: what stands behind it lets anybody write there.
  if (channel.kind == Channel::Kind::kMail) {
    object["target"] = channel.target;
  } else if (const auto url = Url::Parse(channel.target); url.ok()) {
    object["target"] = url->origin();
  }
  if (!channel.last_error.empty()) object["last_error"] = channel.last_error;
  if (channel.last_sent != Instant{}) object["last_sent"] = FormatTime(channel.last_sent);
  if (!channel.last_digest.empty()) object["last_digest"] = channel.last_digest;
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Status CheckTargetOf(const Channel& channel) {
  if (channel.kind == Channel::Kind::kMail) {
    const auto receivers = SplitAscii(channel.target, ", ;");
    if (receivers.empty() || !std::all_of(receivers.begin(), receivers.end(), IsMailAddress))
      return Status::InvalidArgument("target must be e-mail addresses");
    return Status::Ok();
  }
  const auto url = Url::Parse(channel.target);
  if (!url.ok() || !url->userinfo().empty() || channel.target.size() > 2000)
    return Status::InvalidArgument("target must be an http or https address");
  if (channel.kind != Channel::Kind::kWebhook && !url->is_https() && url->host() != "127.0.0.1")
    return Status::InvalidArgument("a robot's address begins with https://");
  return Status::Ok();
}

}  // namespace

Response ChannelOperations::Call(const Request& request) {
  if (request.operation == "channels.list") return List();
  if (request.operation == "channels.add") return Add(request);
  return Change(request);
}

Response ChannelOperations::List() {
  const auto channels = store_.office_book().Channels();
  if (!channels.ok()) return Failed(channels.status());
  Response response;
  for (const Channel& channel : *channels) response.lines.push_back(ChannelJson(channel));
  return response;
}

Status ChannelOperations::Fill(const Request& request, Channel& channel) const {
  const auto given = [&](const char* name) { return request.arguments.count(name) > 0; };
  if (given("name")) channel.name = CollapseSpace(TruncateUtf8(request.Get("name"), kMaxText));
  if (given("target")) channel.target = request.Get("target");
  if (given("secret")) channel.secret = TruncateUtf8(request.Get("secret"), kMaxText);
  if (given("digest_at")) channel.digest_at = request.Get("digest_at");
  if (given("county")) {
    channel.county.clear();
    if (const std::string county = request.Get("county"); !county.empty()) {
      const auto* division = office_.jurisdictions.Find(county);
      if (division == nullptr)
        return Status::InvalidArgument("county \"" + county + "\" is not known");
      channel.county = division->name;
    }
  }
  if (given("alerts")) {
    channel.alerts.clear();
    const std::string alerts = request.Get("alerts");
    for (const std::string_view alert : SplitAscii(alerts, " ")) {
      if (std::find(std::begin(kAlerts), std::end(kAlerts), alert) == std::end(kAlerts))
        return Status::InvalidArgument("alert \"" + std::string(alert) +
                                       "\" must be alert, overdue or trouble");
      channel.alerts.emplace_back(alert);
    }
  }
  if (channel.name.empty()) return Status::InvalidArgument("a channel needs a name");
  if (!channel.digest_at.empty() && !IsTimeOfDay(channel.digest_at))
    return Status::InvalidArgument("digest_at must be a time such as 08:10");
  return CheckTargetOf(channel);
}

store::AuditEntry ChannelOperations::Entry(const Request& request, const Channel& channel) const {
  return {0,
          clock_.Now(),
          request.actor,
          "channel." + request.operation.substr(9),
          std::to_string(channel.number),
          "",
          channel.name,
          ""};
}

Response ChannelOperations::Add(const Request& request) {
  const auto channels = store_.office_book().Channels();
  if (!channels.ok()) return Failed(channels.status());
  if (channels->size() >= kMaxChannels) return Failed(Status::InvalidArgument("too many channels"));
  const auto kind = store::ChannelKindFromName(request.Get("kind"));
  if (!kind) {
    return Failed(Status::InvalidArgument("kind \"" + request.Get("kind") +
                                          "\" must be mail, dingtalk, wecom, feishu or webhook"));
  }
  Channel channel;
  channel.number = channels->empty() ? 1 : channels->back().number + 1;
  channel.kind = *kind;
  channel.by = request.actor;
  channel.at = clock_.Now();
  if (Status s = Fill(request, channel); !s.ok()) return Failed(std::move(s));
  Status added = store_.office_book().Write({store::Added(channel)}, {Entry(request, channel)});
  if (!added.ok()) return Failed(std::move(added));
  return {Status::Ok(), {ChannelJson(channel)}, ""};
}

Response ChannelOperations::Change(const Request& request) {
  const auto channels = store_.office_book().Channels();
  if (!channels.ok()) return Failed(channels.status());
  const auto number = ParseInt(request.Get("channel")).value_or(0);
  const auto found = std::find_if(channels->begin(), channels->end(), [&](const Channel& each) {
    return each.number == static_cast<uint64_t>(number);
  });
  if (found == channels->end())
    return Failed(Status::NotFound("no channel \"" + request.Get("channel") + "\""));
  Channel after = *found;
  store::BookChange change;
  if (request.operation == "channels.remove") {
    change = store::Removed(*found);
  } else {
    if (request.operation == "channels.change") {
      if (Status s = Fill(request, after); !s.ok()) return Failed(std::move(s));
    } else {
      after.disabled = request.operation == "channels.disable";
      after.failures = 0;
      after.last_error.clear();
    }
    change = store::Changed(*found, after);
  }
  Status changed = store_.office_book().Write({change}, {Entry(request, after)});
  if (!changed.ok()) return Failed(std::move(changed));
  return {Status::Ok(), {ChannelJson(after)}, ""};
}

}  // namespace cluehound::triage
