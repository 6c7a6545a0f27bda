#include "triage/notifier.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "base/work_calendar.h"

namespace cluehound::triage {
namespace {

using std::chrono::minutes;
using store::Channel;

constexpr uint32_t kMaxFailures = 5;
constexpr Duration kBetweenAlerts = minutes(10);
constexpr Duration kLongestRetry = minutes(30);
constexpr size_t kMaxEntries = 2000;  // of the log, in one tick
constexpr char kActor[] = "notifier";

// "08:10" of the office's day.
std::string TimeOfDay(Instant now) { return FormatTime(now).substr(11, 5); }

bool Wants(const Channel& channel, std::string_view kind) {
  return std::find(channel.alerts.begin(), channel.alerts.end(), kind) != channel.alerts.end();
}

std::string Where(const Channel& channel) {
  return channel.county.empty() ? "" : "（" + channel.county + "）";
}

std::vector<std::string> Receivers(const std::string& target) {
  std::vector<std::string> receivers;
  for (const std::string_view one : SplitAscii(target, ", ;")) receivers.emplace_back(one);
  return receivers;
}

bool IsEmpty(const Notice& notice) { return notice.counts.empty() && notice.text.empty(); }

}  // namespace

Notifier::Notifier(store::Store& store, const Clock& clock, const NoticeTransfer& transfer,
                   Settings settings, Troubles troubles)
    : store_(store),
      clock_(clock),
      transfer_(transfer),
      settings_(std::move(settings)),
      troubles_(std::move(troubles)) {}

uint64_t Notifier::Count(const store::LeadFilter& filter, const std::string& county) const {
  const auto count = store_.CountLeads(filter, {county});
  return count.ok() ? count->count : 0;
}

Notice Notifier::DigestFor(const Channel& channel, Instant now) const {
  Notice notice;
  notice.at = now;
  notice.subject = "Cluehound 今日线索 " + FormatDay(now) + Where(channel);
  notice.link = settings_.page_address;
  const auto add = [&](const char* name, const store::LeadFilter& filter) {
    const auto count = store_.CountLeads(filter, {channel.county});
    if (!count.ok()) return;
    notice.counts.emplace_back(std::string(name) + (count->more ? "（至少）" : ""), count->count);
  };
  store::LeadFilter fresh;
  fresh.day = FormatDay(now);
  add("今日新发现", fresh);
  store::LeadFilter undecided;
  undecided.status = store::LeadStatus::kNew;
  add("待研判", undecided);
  store::LeadFilter over;
  over.due_before = OfficeDay(now);
  add("核查逾期", over);
  store::LeadFilter changed;
  changed.notice = store::EntryKind::kChangedAfter;
  add("处置后变化", changed);
  if (!channel.county.empty()) {
    store::LeadFilter assigned;
    assigned.dispatch = store::Dispatch::State::kAssigned;
    add("待签收", assigned);
  }
  return notice;
}

void Notifier::ReadNewLeads(const std::vector<Channel>& channels) {
  if (!read_to_) {
    const auto head = store_.log().Head();
    if (head.ok()) read_to_ = head->size;
    return;
  }
  const auto entries = store_.Audit(*read_to_, kMaxEntries);
  if (!entries.ok()) return;
  for (const store::AuditEntry& entry : *entries) {
    read_to_ = entry.number;
    if (entry.action != "lead.new") continue;
    const auto lead = store_.FindLead(entry.object, {});
    if (!lead.ok() || lead->suspicion.mode != rules::Mode::kAlert || lead->silenced != 0) continue;
    for (const Channel& channel : channels) {
      if (channel.county.empty() || channel.county == lead->county)
        ++memory_[channel.number].alerts;
    }
  }
}

Notice Notifier::AlertFor(const Channel& channel, Memory& memory, Instant now) const {
  Notice notice;
  notice.at = now;
  notice.subject = "Cluehound 提醒" + Where(channel);
  notice.link = settings_.page_address;
  if (memory.alerts > 0 && Wants(channel, "alert"))
    notice.counts.emplace_back("新的重点线索", memory.alerts);
  if (Wants(channel, "overdue") && memory.last_overdue != FormatDay(now) &&
      TimeOfDay(now) >= "09:00") {
    store::LeadFilter over;
    over.due_before = OfficeDay(now);
    if (const uint64_t count = Count(over, channel.county); count > 0)
      notice.counts.emplace_back("核查逾期", count);
  }
  if (Wants(channel, "trouble") && channel.county.empty()) {
    std::string text;
    if (troubles_) {
      for (const std::string& trouble : troubles_()) text += trouble + "\n";
    }
    for (const std::string& name : disabled_) text += "通知通道“" + name + "”连续失败，已停用\n";
    if (text != memory.troubles) notice.text = text.empty() ? "此前的异常已恢复。" : text;
  }
  return notice;
}

bool Notifier::DigestIsDue(const Channel& channel, Instant now) const {
  return !channel.digest_at.empty() && channel.last_digest != FormatDay(now) &&
         TimeOfDay(now) >= channel.digest_at;
}

Status Notifier::Send(const Channel& channel, const Notice& notice) const {
  if (channel.kind == Channel::Kind::kMail) {
    if (settings_.mail.url.empty())
      return Status::InvalidArgument("no mail server is configured (notices: smtp)");
    const auto receivers = Receivers(channel.target);
    if (receivers.empty()) return Status::InvalidArgument("no receiver");
    return transfer_.Mail(settings_.mail, receivers,
                          MailFor(settings_.mail.from, receivers, notice));
  }
  const auto answer = transfer_.Post(RequestFor(channel, notice));
  if (!answer.ok()) return answer.status();
  return CheckAnswer(channel.kind, answer->status, answer->body);
}

bool Notifier::Deliver(const Channel& channel, const Notice& notice, bool digest, Instant now) {
  const Status sent = Send(channel, notice);
  Channel after = channel;
  std::vector<store::AuditEntry> entries;
  if (sent.ok()) {
    after.failures = 0;
    after.last_error.clear();
    after.last_sent = now;
    if (digest) after.last_digest = FormatDay(now);
  } else {
    ++after.failures;
    after.last_error = sent.message();
    memory_[channel.number].retry_at =
        now +
        std::min<Duration>(kLongestRetry, minutes(1) * (1 << std::min(after.failures - 1, 5u)));
    LogWarning("notices: channel " + std::to_string(channel.number) + ": " + sent.message());
    if (after.failures >= kMaxFailures) {
      after.disabled = true;
      disabled_.push_back(channel.name);
      entries.push_back({0,
                         now,
                         {kActor, ""},
                         "channel.disable",
                         std::to_string(channel.number),
                         "",
                         "",
                         sent.message()});
    }
  }
  store_.office_book()
      .Write({store::Changed(channel, after)}, entries)
      .IgnoreError("somebody changed the channel meanwhile: the next tick sees it as it is");
  return sent.ok();
}

void Notifier::Tick() {
  const auto channels = store_.office_book().Channels();
  if (!channels.ok()) return;
  ReadNewLeads(*channels);
  const Instant now = clock_.Now();
  for (const Channel& channel : *channels) {
    Memory& memory = memory_[channel.number];
    if (channel.disabled || now < memory.retry_at) continue;
    // Feishu turns robots away at whole and half hours, when all the world sends.
    const auto minute = ParseInt(TimeOfDay(now).substr(3)).value_or(0);
    if (channel.kind == Channel::Kind::kFeishu && minute % 30 == 0) continue;
    if (DigestIsDue(channel, now)) {
      Deliver(channel, DigestFor(channel, now), true, now);
      continue;  // the record is another one now
    }
    if (now - memory.last_alert < kBetweenAlerts) continue;
    const Notice notice = AlertFor(channel, memory, now);
    if (IsEmpty(notice) || !Deliver(channel, notice, false, now)) continue;
    memory.last_alert = now;
    for (const auto& [name, count] : notice.counts) {
      if (name == "新的重点线索") memory.alerts = 0;
      if (name == "核查逾期") memory.last_overdue = FormatDay(now);
    }
    if (!notice.text.empty())
      memory.troubles = notice.text == "此前的异常已恢复。" ? "" : notice.text;
  }
}

Status Notifier::Test(uint64_t number) {
  ASSIGN_OR_RETURN(const auto channels, store_.office_book().Channels());
  for (const Channel& channel : channels) {
    if (channel.number != number) continue;
    Notice notice;
    notice.at = clock_.Now();
    notice.subject = "Cluehound 测试通知" + Where(channel);
    notice.text = "这是一条测试通知，收到即表示通道可用。";
    notice.link = settings_.page_address;
    return Send(channel, notice);
  }
  return Status::NotFound("no channel " + std::to_string(number));
}

}  // namespace cluehound::triage
