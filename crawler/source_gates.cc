#include "crawler/source_gates.h"

#include <algorithm>

namespace cluehound::crawler {

std::string_view Name(Closed closed) {
  switch (closed) {
    case Closed::kNo:
      return "open";
    case Closed::kUnknown:
      return "not_configured";
    case Closed::kPaused:
      return "paused";
    case Closed::kHours:
      return "outside_hours";
    case Closed::kTurn:
      return "waits_its_turn";
  }
  return "";
}

std::string_view ChineseName(Closed closed) {
  switch (closed) {
    case Closed::kNo:
      return "可采集";
    case Closed::kUnknown:
      return "未配置";
    case Closed::kPaused:
      return "已暂停";
    case Closed::kHours:
      return "不在采集时段";
    case Closed::kTurn:
      return "启动后依次开始";
  }
  return "";
}

void SourceGates::Update(const std::vector<SourceSettings>& sources) {
  std::map<std::string, Gate> before = std::exchange(gates_, {});
  for (const SourceSettings& source : sources) {
    Gate& gate = gates_[source.id];
    if (const auto known = before.find(source.id); known != before.end()) gate = known->second;
    gate.schedule = source.schedule;
    gate.priority = source.priority;
    if (const auto mode = modes_.find(source.id); mode != modes_.end()) {
      std::tie(gate.mode, gate.since) = mode->second;
    }
  }
}

void SourceGates::SetMode(const std::string& source, store::SourceMode mode, Instant since) {
  modes_[source] = {mode, since};
  if (const auto gate = gates_.find(source); gate != gates_.end()) {
    gate->second.mode = mode;
    gate->second.since = since;
  }
}

void SourceGates::OpenInTurn(Instant from, Duration apart, Duration longest) {
  std::vector<Gate*> order;
  for (auto& [id, gate] : gates_) order.push_back(&gate);
  std::stable_sort(order.begin(), order.end(),
                   [](const Gate* a, const Gate* b) { return a->priority < b->priority; });
  const auto count = static_cast<Duration::rep>(order.size());
  for (Duration::rep i = 0; i < count; ++i) {
    order[static_cast<size_t>(i)]->opens =
        from + std::min(apart * i, Duration(longest.count() * i / count));
  }
}

void SourceGates::OpenNow(const std::string& source) {
  if (const auto gate = gates_.find(source); gate != gates_.end()) gate->second.opens = Instant();
}

const SourceGates::Gate* SourceGates::Find(const std::string& source) const {
  const auto gate = gates_.find(source);
  return gate == gates_.end() ? nullptr : &gate->second;
}

Closed SourceGates::Why(const std::string& source, Instant now) const {
  const Gate* gate = Find(source);
  if (gate == nullptr) return Closed::kUnknown;
  if (gate->mode == store::SourceMode::kPaused) return Closed::kPaused;
  if (!gate->schedule.Open(now)) return Closed::kHours;
  return gate->opens > now ? Closed::kTurn : Closed::kNo;
}

std::vector<SourceGates::Group> SourceGates::Open(const std::vector<std::string>& sources,
                                                  Instant now) const {
  std::map<std::pair<Priority, std::optional<Instant>>, std::vector<std::string>> groups;
  for (const std::string& source : sources) {
    if (!IsOpen(source, now)) continue;
    const Gate& gate = *Find(source);
    std::optional<Instant> until;
    if (gate.mode == store::SourceMode::kDraining) until = gate.since;
    groups[{gate.priority, until}].push_back(source);
  }
  std::vector<Group> open;
  for (auto& [key, ids] : groups) open.push_back({std::move(ids), key.second});
  return open;
}

}  // namespace cluehound::crawler
