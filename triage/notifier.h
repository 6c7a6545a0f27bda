#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/store.h"
#include "triage/notice_transfer.h"

namespace cluehound::triage {

// Sends the daily digest and alerts to the channels of the office's book: counts and a link. One digest a
// day and channel; alerts of one kind at most every ten minutes, and each only when there is something new.
// What fails is tried again after 1, 2, 4 .. 30 minutes; after five failures in a row the channel is
// disabled, which the log and the other channels of the city are told. Tick() is called by one thread;
// Test() by any.
class Notifier {
 public:
  struct Settings {
    MailServer mail;           // without url: no mail
    std::string page_address;  // of the page, for links; empty: none
  };
  // What is wrong with the machine now ("source shop: blocked since ..."), for alerts of the kind
  // "trouble"; may be null.
  using Troubles = std::function<std::vector<std::string>()>;

  // All must outlive it.
  Notifier(store::Store& store, const Clock& clock, const NoticeTransfer& transfer,
           Settings settings, Troubles troubles = nullptr);

  // Sends what is due.
  void Tick();
  // A notice that says that it is a test, now, also to a disabled channel.
  Status Test(uint64_t number);

 private:
  struct Memory {
    Instant retry_at{};
    Instant last_alert{};
    uint64_t alerts = 0;       // new ones that were not told yet
    std::string last_overdue;  // day
    std::string troubles;      // that were told
  };

  Status Send(const store::Channel& channel, const Notice& notice) const;
  Notice DigestFor(const store::Channel& channel, Instant now) const;
  // What is to be said to the channel now, besides the digest; no counts and no text: nothing.
  Notice AlertFor(const store::Channel& channel, Memory& memory, Instant now) const;
  void ReadNewLeads(const std::vector<store::Channel>& channels);
  bool DigestIsDue(const store::Channel& channel, Instant now) const;
  // Keeps what became of it. Gives whether it was delivered.
  bool Deliver(const store::Channel& channel, const Notice& notice, bool digest, Instant now);
  uint64_t Count(const store::LeadFilter& filter, const std::string& county) const;

  store::Store& store_;
  const Clock& clock_;
  const NoticeTransfer& transfer_;
  const Settings settings_;
  const Troubles troubles_;
  std::map<uint64_t, Memory> memory_;
  std::vector<std::string> disabled_;  // names of channels that were, to be told
  std::optional<uint64_t> read_to_;    // of the audit log
};

}  // namespace cluehound::triage
