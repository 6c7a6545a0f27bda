#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/records.h"

// What happened on a day of the office, counted. Leads are counted by how they stand now: on the day
// they were first seen, and on the day of their last decision, so that an undone decision counts
// nowhere and a lead that is decided again moves to that day. Firings of rules and listings are
// counted as they happen, by rule and by source.
namespace cluehound::store {

struct Figure {
  enum class Event : char {
    kNew = 'n',      // leads first seen
    kDecided = 'd',  // leads decided last
    kFired = 'f',    // times that a rule fired on a page that was read
    kListed = 'l',   // listings on pages that were read
  };
  enum class Dimension : char {
    kAll = '*',
    kCategory = 'c',
    kMark = 'm',
    kCounty = 'j',
    kRule = 'r',
    kSource = 's',
    kCampaign = 'a',
    kStatus = 't',          // of a decision
    kReason = 'x',          // of a decision: status, blank, reason
    kVerdict = 'v',         // of a decision: rule, blank, status, blank, reason
    kCountyCategory = '1',  // county, blank, category
  };

  std::string day;  // "2026-11-22"
  Event event = Event::kNew;
  Dimension dimension = Dimension::kAll;
  std::string value;  // never empty but of kAll: what is unknown is not counted
  uint64_t count = 0;

  friend bool operator==(const Figure&, const Figure&) = default;
};

// Whether it counts what happened, not how leads stand now.
inline bool Happens(Figure::Event event) {
  return event == Figure::Event::kFired || event == Figure::Event::kListed;
}

// What a lead counts for, each with 1.
std::vector<Figure> FiguresOf(const Lead& lead);
// What a page that was read counts for: its listings and its suspicions, those in mode observe too.
std::vector<Figure> FiringsOf(const PageCommit& commit);

}  // namespace cluehound::store
