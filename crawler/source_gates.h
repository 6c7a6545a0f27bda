#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "crawler/source.h"
#include "store/source_ledger.h"

namespace cluehound::crawler {

// Why nothing is fetched from a source now.
enum class Closed {
  kNo,       // it may be fetched from
  kUnknown,  // it is not among those that run
  kPaused,   // by a person
  kHours,    // outside its hours
  kTurn,     // after a start the sources begin one after the other
};
std::string_view Name(Closed closed);         // "outside_hours"
std::string_view ChineseName(Closed closed);  // "不在采集时段"

// Which sources may be fetched from at a time, and in which order. Instants are those of the wall's clock. Not
// thread-safe.
class SourceGates {
 public:
  explicit SourceGates(const std::vector<SourceSettings>& sources) { Update(sources); }

  // What is known of sources that stay is kept.
  void Update(const std::vector<SourceSettings>& sources);
  // Draining: what was due at `since` may be fetched.
  void SetMode(const std::string& source, store::SourceMode mode, Instant since);
  // The sources begin one after the other, by priority, `apart` from each other, but all within `longest`: after a
  // standstill everything is due at once.
  void OpenInTurn(Instant from, Duration apart, Duration longest);
  // Without waiting for its turn.
  void OpenNow(const std::string& source);

  Closed Why(const std::string& source, Instant now) const;
  bool IsOpen(const std::string& source, Instant now) const {
    return Why(source, now) == Closed::kNo;
  }

  // What to ask the store for, first things first: the sources of one priority, and how far back they were due.
  struct Group {
    std::vector<std::string> sources;
    std::optional<Instant> due_until;  // draining; else what the crawl asks for
  };
  // Of the open sources among these.
  std::vector<Group> Open(const std::vector<std::string>& sources, Instant now) const;

 private:
  struct Gate {
    Schedule schedule;
    Priority priority = Priority::kNormal;
    store::SourceMode mode = store::SourceMode::kRunning;
    Instant since{};
    Instant opens{};  // its turn
  };
  const Gate* Find(const std::string& source) const;

  std::map<std::string, Gate> gates_;
  // Modes may be told before their source is known.
  std::map<std::string, std::pair<store::SourceMode, Instant>> modes_;
};

}  // namespace cluehound::crawler
