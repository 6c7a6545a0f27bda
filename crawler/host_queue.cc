#include "crawler/host_queue.h"

#include <algorithm>

namespace cluehound::crawler {

Host& HostQueue::At(const std::string& authority) {
  std::unique_ptr<Host>& host = hosts_[authority];
  if (!host) {
    host = std::make_unique<Host>();
    host->authority = authority;
  }
  return *host;
}

Host* HostQueue::Find(const std::string& authority) {
  const auto it = hosts_.find(authority);
  return it == hosts_.end() ? nullptr : it->second.get();
}

void HostQueue::Schedule(Host& host, Instant when, bool urgent) {
  const int connections = host.probing ? 1 : host.connections;
  const bool wants = !host.waiting.empty() && !host.held && host.running < connections;
  if (host.turn) {
    // Keeps its place among equals.
    if (wants && host.turn->first == when && host.urgent == urgent) return;
    (host.urgent ? urgent_turns_ : turns_).erase(*host.turn);
    host.turn.reset();
  }
  if (!wants) return;
  host.turn = {when, ++sequence_};
  host.urgent = urgent;
  (urgent ? urgent_turns_ : turns_).emplace(*host.turn, &host);
}

Host* HostQueue::Due(Instant now, bool any) const {
  for (const Turns* turns : {&urgent_turns_, &turns_}) {
    if (turns == &turns_ && !any) break;
    if (!turns->empty() && turns->begin()->first.first <= now) return turns->begin()->second;
  }
  return nullptr;
}

std::optional<Instant> HostQueue::NextTurn(bool any) const {
  std::optional<Instant> next;
  if (!urgent_turns_.empty()) next = urgent_turns_.begin()->first.first;
  if (any && !turns_.empty()) {
    const Instant first = turns_.begin()->first.first;
    next = next ? std::min(*next, first) : first;
  }
  return next;
}

std::vector<std::string> HostQueue::Authorities() const {
  std::vector<std::string> authorities;
  for (const auto& [authority, host] : hosts_) authorities.push_back(authority);
  return authorities;
}

void HostQueue::DropIfIdle(Host& host) {
  if (!host.waiting.empty() || host.running > 0) return;
  Schedule(host, Instant());                     // takes its turn away
  const std::string authority = host.authority;  // erase destroys the host
  hosts_.erase(authority);
}

}  // namespace cluehound::crawler
