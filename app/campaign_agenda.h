#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "crawler/campaign.h"
#include "store/campaign_ledger.h"

namespace cluehound::app {

// What the coming year brings: a window of a campaign, or a reminder. Points into the campaigns.
struct AgendaEntry {
  const crawler::Campaign* campaign = nullptr;  // null: a reminder
  const crawler::Reminder* reminder = nullptr;
  crawler::CampaignWindow window;  // of a reminder: its day, without margins
  Instant prepare{};               // the day by which it is to be prepared
  bool started = false;            // by a person

  const std::string& id() const { return campaign ? campaign->id : reminder->id; }
  const std::string& name() const { return campaign ? campaign->name : reminder->name; }
  bool RunsOn(Instant now) const { return window.begin() <= now && now < window.end(); }
};

inline constexpr int kAgendaDays = 366;

// What is under way on the day of `now` or begins within kAgendaDays, in order of begin. `starts`: by people; one of a
// campaign that is not among `campaigns` is left out.
std::vector<AgendaEntry> Agenda(const crawler::Campaigns& campaigns, Instant now,
                                const std::vector<store::CampaignStart>& starts = {});

// An occasion that is set anew each year and has no date in one: of the year of `now` and the next.
struct MissingDate {
  const crawler::Campaign* campaign = nullptr;
  std::vector<int> years;
};
std::vector<MissingDate> MissingDates(const crawler::Campaigns& campaigns, Instant now);

// JSON, one object a line.
std::vector<std::string> AgendaLines(const std::vector<AgendaEntry>& agenda,
                                     const std::vector<MissingDate>& missing, Instant now);
std::vector<std::string> CampaignLines(const crawler::Campaigns& campaigns, Instant now);

// Tables for officers, of `columns` columns (100 or more).
std::string RenderAgenda(const std::vector<AgendaEntry>& agenda,
                         const std::vector<MissingDate>& missing, Instant now, int columns);
std::string RenderCampaigns(const crawler::Campaigns& campaigns, Instant now, int columns);

}  // namespace cluehound::app
