#include "store/memory/memory_sources.h"

namespace cluehound::store {

Result<std::vector<SourceStanding>> MemorySources::Standings() {
  const std::lock_guard lock(mutex_);
  std::vector<SourceStanding> standings;
  for (const auto& [id, standing] : standings_) standings.push_back(standing);
  return standings;
}

Status MemorySources::SetMode(std::string_view source, SourceMode mode, const Actor& actor,
                              Instant at) {
  const std::lock_guard lock(mutex_);
  const auto known = standings_.find(std::string(source));
  const SourceMode before = known == standings_.end() ? SourceMode::kRunning : known->second.mode;
  if (before == mode) return Status::Ok();
  audit_.Append({0, at, actor, "sources.mode", std::string(source), std::string(Name(before)),
                 std::string(Name(mode)), ""});
  SourceStanding& standing = standings_[std::string(source)];
  standing.source = source;
  standing.mode = mode;
  standing.since = at;
  standing.by = actor;
  return Status::Ok();
}

Status MemorySources::Note(const std::vector<SourceStanding>& gains) {
  const std::lock_guard lock(mutex_);
  for (const SourceStanding& gain : gains) {
    SourceStanding& standing = standings_[gain.source];
    standing = Gained(std::move(standing), gain);
  }
  return Status::Ok();
}

}  // namespace cluehound::store
