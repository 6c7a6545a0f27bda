#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "base/status.h"

namespace cluehound::crawler {

// Days of the office, both included; 00:00 of the first and of the last one.
struct DaySpan {
  Instant first{};
  Instant last{};

  int days() const;
  friend bool operator==(const DaySpan&, const DaySpan&) = default;
};

// "2026-11-05" or "2026-11-05..2026-11-10", as ParseDaySpan reads it.
std::string FormatDaySpan(const DaySpan& span);
// Nothing when it is none, ends before it begins, or is longer than a year.
std::optional<DaySpan> ParseDaySpan(std::string_view text);

struct MonthDay {
  int month = 0;
  int day = 0;

  friend auto operator<=>(const MonthDay&, const MonthDay&) = default;
};

// "05-01" or "05-01..05-05": first and last. Nothing when there are no such days in every year, or
// never in a lunar month.
std::optional<std::pair<MonthDay, MonthDay>> ParseMonthDays(std::string_view text, bool lunar);

// When something takes place.
struct Occasion {
  enum class Kind {
    kFixed,     // once
    kYearly,    // the same days every year
    kLunar,     // days of the lunar calendar; never of a leap month
    kOpen,      // set anew each year, by who holds it
    kTemplate,  // never by itself
  };
  struct Date {
    DaySpan span;
    bool verified = false;
    std::string basis;
    Location where;
  };

  Kind kind = Kind::kTemplate;
  MonthDay first, last;     // kYearly, kLunar; a `last` before `first` is of the next year
  std::vector<Date> dates;  // kFixed: one; kOpen: at most one a year, by day

  // When it takes place in a year: begins in it, or of kLunar in its lunar year.
  std::optional<DaySpan> In(int year) const;
};

std::string_view Name(Occasion::Kind kind);         // "fixed", "yearly", ...
std::string_view ChineseName(Occasion::Kind kind);  // "固定日期"

// What weighs more in the score of a lead: a suspicion that one of the lists names.
struct CampaignWeight {
  std::vector<std::string> packs;  // files of the mark or of the rule, without .yaml
  std::vector<std::string> families;
  std::vector<std::string> categories;
  std::vector<std::string> marks;
  int points = 0;
  Location where;
};

// 专项行动, as config/campaigns.yaml has it.
struct Campaign {
  std::string id;
  std::string name;  // for officers
  Occasion occasion;
  int lead_in = 0;  // days before the first day of the occasion, and after its last, that belong to
  int tail = 0;     // the campaign
  int prepare = 14;  // days before the campaign begins by which it is to be prepared
  // How many times more often its sources run, by id, or "all". A campaign speaks of no other
  // sources.
  std::map<std::string, double, std::less<>> factors;
  std::vector<CampaignWeight> weights;
  bool verified = false;  // that it takes place on these days
  std::string basis;
  Location where;

  // 0: it does not speak of the source.
  double FactorOf(std::string_view source) const;
};

// A day on which something is due to another office.
struct Reminder {
  std::string id;
  std::string name;
  Occasion occasion;
  int prepare = 14;
  bool verified = false;
  std::string basis;
  Location where;
};

// One run of a campaign.
struct CampaignWindow {
  const Campaign* campaign = nullptr;
  int year = 0;  // of the occasion
  DaySpan occasion;
  DaySpan span;  // with lead-in and tail
  bool verified = false;

  Instant begin() const { return span.first; }
  Instant end() const { return span.last + std::chrono::hours(24); }
};

// All campaigns and reminders. Immutable; any thread. Windows point into it.
class Campaigns {
 public:
  // A file as config/campaigns.yaml. Mistakes go to `diagnostics`; what they touch is left out.
  static Campaigns Parse(std::string_view text, const std::string& file, Diagnostics& diagnostics);
  // The built-in file, replaced by campaigns.yaml of `folder` if it is there; empty: built in.
  static Result<Campaigns> Load(const std::filesystem::path& folder);

  const std::vector<Campaign>& all() const { return all_; }
  const std::vector<Reminder>& reminders() const { return reminders_; }
  // Fails with kNotFound and the closest one that there is.
  Result<const Campaign*> Find(std::string_view id) const;

  // Those of which a part lies within [from, to), by begin.
  std::vector<CampaignWindow> Windows(Instant from, Instant to) const;
  // The one of a year.
  std::optional<CampaignWindow> WindowIn(const Campaign& campaign, int year) const;
  // A window around days that are given, as if the occasion were then.
  static CampaignWindow WindowAround(const Campaign& campaign, const DaySpan& occasion);

 private:
  std::vector<Campaign> all_;
  std::vector<Reminder> reminders_;
};

// The text of the built-in file.
std::string_view BuiltInCampaignsFile();

inline constexpr char kCampaignsFile[] = "campaigns.yaml";
inline constexpr size_t kMaxCampaignsFile = 4u << 20;  // bytes
inline constexpr char kAllSources[] = "all";

// What the file may say of a campaign.
inline constexpr int kMaxMarginDays = 180;  // lead-in, tail, preparation
inline constexpr double kMaxFactor = 100;
inline constexpr int kMaxPoints = 50;
bool IsCampaignId(std::string_view text);

}  // namespace cluehound::crawler
