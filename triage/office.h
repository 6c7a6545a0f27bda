#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/work_calendar.h"
#include "triage/behaviour.h"
#include "triage/handover.h"
#include "triage/jurisdiction.h"
#include "triage/statutory_line.h"
#include "triage/term.h"

namespace cluehound::triage {

// A letter of the office, as DOCX with placeholders (triage/letter.h).
struct LetterTemplate {
  std::string name;  // "transfer", of templates/transfer.docx
  std::string bytes;
};

// What an office sets for the work with leads: data, not code. A value; copies are independent.
struct Office {
  WorkCalendar calendar;
  std::vector<Term> terms;
  Jurisdictions jurisdictions;
  std::vector<Behaviour> behaviours;
  std::vector<HandoverColumn> handover;
  std::vector<StatutoryLine> lines;
  std::vector<LetterTemplate> letters;
  std::string name;                  // of the office, as letters have it
  std::string number_prefix = "WF";  // of the numbers of leads: WF-2026-00123

  // The built-in files (config/ of the project), each replaced by the file of its name in `folder`;
  // an empty folder: the built-in ones alone. Each templates/NAME.docx replaces the built-in one of its
  // name, or stands beside them. All mistakes come at once.
  static Result<Office> Load(const std::filesystem::path& folder);
  static Office BuiltIn();

  // Fails with kInvalidArgument naming the terms that there are.
  Result<Term> FindTerm(std::string_view id) const;
  // By code, number or name; null when there is none.
  const Behaviour* FindBehaviour(std::string_view text) const;
};

}  // namespace cluehound::triage
