#include "crawler/host_queue.h"

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

void HostQueue::Schedule(Host& host, Instant when) {
  const bool wants = !host.waiting.empty() && !host.held && host.running < connections_per_host_;
  if (host.turn) {
    if (wants && host.turn->first == when) return;  // keeps its place among equals
    turns_.erase(*host.turn);
    host.turn.reset();
  }
  if (!wants) return;
  host.turn = {when, ++sequence_};
  turns_.emplace(*host.turn, &host);
}

Host* HostQueue::Due(Instant now) const {
  if (turns_.empty() || turns_.begin()->first.first > now) return nullptr;
  return turns_.begin()->second;
}

std::optional<Instant> HostQueue::NextTurn() const {
  if (turns_.empty()) return std::nullopt;
  return turns_.begin()->first.first;
}

void HostQueue::DropIfIdle(Host& host) {
  if (!host.waiting.empty() || host.running > 0) return;
  if (host.turn) turns_.erase(*host.turn);
  const std::string authority = host.authority;  // erase destroys the host
  hosts_.erase(authority);
}

}  // namespace cluehound::crawler
