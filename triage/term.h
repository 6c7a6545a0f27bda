#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "base/work_calendar.h"

namespace cluehound::triage {

// A term of the law or of the office, as config/terms.yaml has it.
struct Term {
  std::string id;
  std::string name;  // for officers
  int days = 0;
  bool working = true;  // working days, else calendar days
  bool roll = false;    // calendar days: a free last day moves to the next working day
  enum class From { kRegistered, kFound, kEvent };
  From from = From::kEvent;
  int extension_days = 0;
  int extension_times = 0;  // at most so often
  std::string basis;
  std::string certainty;
};

std::string_view Name(Term::From from);  // "registered", "found", "event"

// All terms. Mistakes go to `diagnostics`. `text` is a file as config/terms.yaml.
std::vector<Term> ParseTerms(std::string_view text, const std::string& file,
                             Diagnostics& diagnostics);

// When a term ends.
struct Deadline {
  Instant due{};        // 00:00 of its last day
  std::string warning;  // for officers, when the calendar does not know a year; else empty
};

// REQUIRES: 1 <= days <= WorkCalendar::kMaxDays
Deadline DeadlineOf(const Term& term, Instant start, int days, const WorkCalendar& calendar);

// Whether a term whose last day is `due` is over.
inline bool IsOver(Instant due, Instant now) { return now >= due + std::chrono::hours(24); }

}  // namespace cluehound::triage
