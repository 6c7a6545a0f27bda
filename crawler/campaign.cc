#include "crawler/campaign.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "base/embedded.h"
#include "base/file.h"
#include "base/lunar_calendar.h"
#include "base/text.h"
#include "base/work_calendar.h"
#include "base/yaml.h"

namespace cluehound {
std::span<const EmbeddedFile> BuiltInCampaignFiles();  // written by cmake/embed.cmake
}

namespace cluehound::crawler {
namespace {

constexpr Duration kDay = std::chrono::hours(24);
constexpr int kMaxSpanDays = 366;
constexpr size_t kMaxIdLength = 64;

std::optional<Instant> DayOf(int year, MonthDay day) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, day.month, day.day);
  return ParseDay(text);
}

// "05-01"; nothing when there is no such day in every year, or never in a lunar month.
std::optional<MonthDay> ParseMonthDay(std::string_view text, bool lunar) {
  if (text.size() != 5 || text[2] != '-') return std::nullopt;
  const auto month = ParseInt(text.substr(0, 2));
  const auto day = ParseInt(text.substr(3));
  if (!month || !day || *month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  const MonthDay found{static_cast<int>(*month), static_cast<int>(*day)};
  if (lunar ? found.day > 30 : !DayOf(2023, found)) return std::nullopt;
  return found;
}

struct Halves {
  std::string_view first, last;
};

// "A..B", or "A" for both.
Halves SplitSpan(std::string_view text) {
  const size_t dots = text.find("..");
  if (dots == std::string_view::npos) return {text, text};
  return {text.substr(0, dots), text.substr(dots + 2)};
}

// Reads what campaigns and reminders have in common. What is wrong goes to the diagnostics; the
// caller compares their number.
class OccasionReader {
 public:
  OccasionReader(YamlMap& map, Diagnostics& diagnostics) : map_(map), diagnostics_(diagnostics) {}

  Occasion Read() {
    Occasion occasion;
    std::string named;
    for (const char* key : {"fixed", "yearly", "lunar", "open", "template"}) {
      if (!map_.Has(key)) continue;
      if (!named.empty()) {
        map_.Error(key, "two-dates",
                   "stands beside \"" + named + "\"; one of them says when it is");
      }
      named = key;
    }
    if (named.empty()) {
      map_.Error("id", "missing-date", "does not say when it is",
                 "add one of: fixed: 2026-09-01..2026-09-04, yearly: 05-01, lunar: 08-15, open: "
                 "[{on: 2026-09-01}], template: true");
    }
    if (map_.Has("fixed")) ReadFixed(occasion);
    if (map_.Has("yearly")) ReadMonthDays("yearly", Occasion::Kind::kYearly, occasion);
    if (map_.Has("lunar")) ReadMonthDays("lunar", Occasion::Kind::kLunar, occasion);
    if (map_.Has("open")) ReadOpen(occasion);
    if (map_.Has("template") && !map_.Flag("template", true)) {
      map_.Error("template", "bad-template", "can only be true", "leave it out");
    }
    return occasion;
  }

 private:
  void ReadFixed(Occasion& occasion) {
    occasion.kind = Occasion::Kind::kFixed;
    const std::string text = map_.Text("fixed");
    if (const auto span = ParseDaySpan(text)) {
      occasion.dates.push_back({*span, false, "", map_.where("fixed")});
    } else if (!text.empty()) {
      BadSpan(map_.where("fixed"), text);
    }
  }

  void ReadMonthDays(const char* key, Occasion::Kind kind, Occasion& occasion) {
    occasion.kind = kind;
    const std::string text = map_.Text(key);
    const bool lunar = kind == Occasion::Kind::kLunar;
    if (const auto days = ParseMonthDays(text, lunar)) {
      occasion.first = days->first;
      occasion.last = days->second;
    } else if (!text.empty()) {
      map_.Error(key, "bad-days", "\"" + text + "\" is no month and day of every year",
                 lunar ? "write 08-15 or 01-01..01-15, month and day of the lunar calendar"
                       : "write 05-01 or 05-01..05-05");
    }
  }

  void ReadOpen(Occasion& occasion) {
    occasion.kind = Occasion::Kind::kOpen;
    map_.Each("open", [&](const YamlNode& node) {
      YamlMap entry(node, diagnostics_, "date");
      Occasion::Date date;
      date.where = node.where;
      const std::string text = entry.RequiredText("on");
      const auto span = ParseDaySpan(text);
      if (!span && !text.empty()) BadSpan(entry.where("on"), text);
      date.basis = entry.Text("basis");
      date.verified =
          entry.Choice("certainty", "unverified", {"verified", "unverified"}) == "verified";
      entry.Finish();
      if (!span) return;
      date.span = *span;
      for (const Occasion::Date& other : occasion.dates) {
        if (OfficeYear(other.span.first) != OfficeYear(span->first)) continue;
        diagnostics_.Error("duplicate-year", node.where,
                           std::to_string(OfficeYear(span->first)) + " stands already in line " +
                               std::to_string(other.where.line),
                           "keep one of them");
        return;
      }
      occasion.dates.push_back(std::move(date));
    });
    std::sort(occasion.dates.begin(), occasion.dates.end(),
              [](const auto& a, const auto& b) { return a.span.first < b.span.first; });
  }

  void BadSpan(const Location& where, const std::string& text) {
    diagnostics_.Error("bad-days", where, "\"" + text + "\" is no day and no span of days",
                       "write 2026-09-01 or 2026-09-01..2026-09-04");
  }

  YamlMap& map_;
  Diagnostics& diagnostics_;
};

int ReadDays(YamlMap& map, std::string_view key, int fallback) {
  return static_cast<int>(map.Integer(key, fallback, 0, kMaxMarginDays));
}

bool ReadCertainty(YamlMap& map) {
  return map.Choice("certainty", "unverified", {"verified", "unverified"}) == "verified";
}

std::string ReadId(YamlMap& map) {
  std::string id = map.RequiredText("id");
  if (map.Has("id") && !IsCampaignId(id)) {
    map.Error("id", "bad-id", "must be 1 to 64 letters, digits, \"-\", \"_\" or \".\"",
              "write for example mid-autumn");
  }
  return id;
}

void ReadFactor(const YamlNode& node, Diagnostics& diagnostics, Campaign& campaign) {
  YamlMap map(node, diagnostics, "sources");
  const auto ids = map.Scalars("ids");
  if (ids.empty()) {
    map.Error("ids", "missing-key", "no source is named", "write ids: [shop-1], or ids: [all]");
  }
  const double factor = map.Number("factor", 1, kMaxFactor).value_or(1);
  map.Finish();
  for (const YamlNode* id : ids) {
    if (!campaign.factors.emplace(id->scalar, factor).second) {
      diagnostics.Error("duplicate-source", id->where,
                        "source \"" + id->scalar + "\" is named a second time");
    }
  }
}

CampaignWeight ReadWeight(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "weight");
  CampaignWeight weight;
  weight.where = node.where;
  weight.packs = map.Texts("packs");
  weight.families = map.Texts("families");
  weight.categories = map.Texts("categories");
  weight.marks = map.Texts("marks");
  weight.points = static_cast<int>(map.Integer("points", 0, 1, kMaxPoints));
  if (!map.Has("points")) map.Error("points", "missing-key", "is missing", "write points: 10");
  if (weight.packs.empty() && weight.families.empty() && weight.categories.empty() &&
      weight.marks.empty()) {
    map.Error("points", "empty-weight", "of what? Nothing is named",
              "add packs, families, categories or marks");
  }
  map.Finish();
  return weight;
}

Campaign ReadCampaign(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "campaign");
  Campaign campaign;
  campaign.where = node.where;
  campaign.id = ReadId(map);
  campaign.name = map.RequiredText("name");
  campaign.occasion = OccasionReader(map, diagnostics).Read();
  campaign.lead_in = ReadDays(map, "lead_in", campaign.lead_in);
  campaign.tail = ReadDays(map, "tail", campaign.tail);
  campaign.prepare = ReadDays(map, "prepare", campaign.prepare);
  map.Each("sources", [&](const YamlNode& child) { ReadFactor(child, diagnostics, campaign); });
  if (campaign.factors.empty()) campaign.factors.emplace(kAllSources, 1);
  map.Each("weights", [&](const YamlNode& child) {
    campaign.weights.push_back(ReadWeight(child, diagnostics));
  });
  campaign.basis = map.Text("basis");
  campaign.verified = ReadCertainty(map);
  map.Finish();
  if (campaign.occasion.kind == Occasion::Kind::kFixed && !campaign.occasion.dates.empty())
    campaign.occasion.dates.front().verified = campaign.verified;
  return campaign;
}

Reminder ReadReminder(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "reminder");
  Reminder reminder;
  reminder.where = node.where;
  reminder.id = ReadId(map);
  reminder.name = map.RequiredText("name");
  reminder.occasion = OccasionReader(map, diagnostics).Read();
  if (reminder.occasion.kind == Occasion::Kind::kTemplate && map.Has("template")) {
    map.Error("template", "bad-reminder", "a reminder needs its day", "write yearly: 04-10");
  }
  reminder.prepare = ReadDays(map, "prepare", reminder.prepare);
  reminder.basis = map.Text("basis");
  reminder.verified = ReadCertainty(map);
  map.Finish();
  return reminder;
}

// Keeps those whose reading added no mistake and whose id is new.
template <class Entry>
void Keep(std::vector<Entry>& entries, Entry entry, size_t errors_before,
          Diagnostics& diagnostics) {
  for (const Entry& other : entries) {
    if (other.id.empty() || other.id != entry.id) continue;
    diagnostics.Error(
        "duplicate-id", entry.where,
        "\"" + entry.id + "\" stands already in line " + std::to_string(other.where.line),
        "give one of them another id");
  }
  if (diagnostics.errors() == errors_before) entries.push_back(std::move(entry));
}

CampaignWindow Window(const Campaign& campaign, int year, const DaySpan& occasion) {
  CampaignWindow window{&campaign, year, occasion, occasion, campaign.verified};
  window.span.first -= kDay * campaign.lead_in;
  window.span.last += kDay * campaign.tail;
  for (const Occasion::Date& date : campaign.occasion.dates) {
    if (date.span == occasion) window.verified = date.verified;
  }
  return window;
}

}  // namespace

int DaySpan::days() const { return static_cast<int>((last - first) / kDay) + 1; }

std::string FormatDaySpan(const DaySpan& span) {
  const std::string first = FormatDay(span.first);
  return span.last == span.first ? first : first + ".." + FormatDay(span.last);
}

std::optional<DaySpan> ParseDaySpan(std::string_view text) {
  const Halves halves = SplitSpan(text);
  const auto first = ParseDay(halves.first);
  const auto last = ParseDay(halves.last);
  if (!first || !last || *last < *first) return std::nullopt;
  const DaySpan span{*first, *last};
  if (span.days() > kMaxSpanDays) return std::nullopt;
  return span;
}

std::optional<std::pair<MonthDay, MonthDay>> ParseMonthDays(std::string_view text, bool lunar) {
  const Halves halves = SplitSpan(text);
  const auto first = ParseMonthDay(halves.first, lunar);
  const auto last = ParseMonthDay(halves.last, lunar);
  if (!first || !last) return std::nullopt;
  return std::make_pair(*first, *last);
}

bool IsCampaignId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdLength &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsAsciiAlnum(c) || c == '-' || c == '_' || c == '.'; });
}

std::optional<DaySpan> Occasion::In(int year) const {
  const int last_year = last < first ? year + 1 : year;
  const auto of = [](std::optional<Instant> from, std::optional<Instant> to) {
    return from && to ? std::optional<DaySpan>(DaySpan{*from, *to}) : std::nullopt;
  };
  switch (kind) {
    case Kind::kYearly:
      return of(DayOf(year, first), DayOf(last_year, last));
    case Kind::kLunar:
      return of(DayOfLunar(year, first.month, first.day),
                DayOfLunar(last_year, last.month, last.day));
    case Kind::kFixed:
    case Kind::kOpen:
      for (const Date& date : dates) {
        if (OfficeYear(date.span.first) == year) return date.span;
      }
      return std::nullopt;
    case Kind::kTemplate:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string_view Name(Occasion::Kind kind) {
  switch (kind) {
    case Occasion::Kind::kFixed:
      return "fixed";
    case Occasion::Kind::kYearly:
      return "yearly";
    case Occasion::Kind::kLunar:
      return "lunar";
    case Occasion::Kind::kOpen:
      return "open";
    case Occasion::Kind::kTemplate:
      return "template";
  }
  return "";
}

std::string_view ChineseName(Occasion::Kind kind) {
  switch (kind) {
    case Occasion::Kind::kFixed:
      return "一次";
    case Occasion::Kind::kYearly:
      return "每年公历";
    case Occasion::Kind::kLunar:
      return "每年农历";
    case Occasion::Kind::kOpen:
      return "每年另定";
    case Occasion::Kind::kTemplate:
      return "模板";
  }
  return "";
}

double Campaign::FactorOf(std::string_view source) const {
  auto found = factors.find(source);
  if (found == factors.end()) found = factors.find(kAllSources);
  return found == factors.end() ? 0 : found->second;
}

Campaigns Campaigns::Parse(std::string_view text, const std::string& file,
                           Diagnostics& diagnostics) {
  Campaigns campaigns;
  const auto root = ParseYaml(text, file, diagnostics);
  if (!root || root->is_null()) return campaigns;
  YamlMap top(*root, diagnostics, "the file of campaigns");
  top.Each("campaigns", [&](const YamlNode& node) {
    const size_t before = diagnostics.errors();
    Keep(campaigns.all_, ReadCampaign(node, diagnostics), before, diagnostics);
  });
  top.Each("reminders", [&](const YamlNode& node) {
    const size_t before = diagnostics.errors();
    Keep(campaigns.reminders_, ReadReminder(node, diagnostics), before, diagnostics);
  });
  top.Finish();
  return campaigns;
}

Result<Campaigns> Campaigns::Load(const std::filesystem::path& folder) {
  std::string text(BuiltInCampaignsFile());
  std::string file = std::string("built-in ") + kCampaignsFile;
  std::error_code error;
  if (!folder.empty() && std::filesystem::exists(folder / kCampaignsFile, error)) {
    file = (folder / kCampaignsFile).string();
    ASSIGN_OR_RETURN(text, ReadFile(file, kMaxCampaignsFile));
  }
  Diagnostics diagnostics;
  Campaigns campaigns = Parse(text, file, diagnostics);
  RETURN_IF_ERROR(diagnostics.ToStatus());
  return campaigns;
}

Result<const Campaign*> Campaigns::Find(std::string_view id) const {
  std::vector<std::string_view> ids;
  for (const Campaign& campaign : all_) {
    if (campaign.id == id) return &campaign;
    ids.push_back(campaign.id);
  }
  const std::string_view closest = ClosestWord(id, ids);
  return Status::NotFound("no campaign \"" + std::string(id) + "\" in " + kCampaignsFile +
                          (closest.empty() ? "" : "; did you mean " + std::string(closest) + "?"));
}

std::optional<CampaignWindow> Campaigns::WindowIn(const Campaign& campaign, int year) const {
  const auto occasion = campaign.occasion.In(year);
  if (!occasion) return std::nullopt;
  return Window(campaign, year, *occasion);
}

CampaignWindow Campaigns::WindowAround(const Campaign& campaign, const DaySpan& occasion) {
  return Window(campaign, OfficeYear(occasion.first), occasion);
}

std::vector<CampaignWindow> Campaigns::Windows(Instant from, Instant to) const {
  std::vector<CampaignWindow> windows;
  for (const Campaign& campaign : all_) {
    // A lead-in may begin in the year before, a span end in the year after.
    for (int year = OfficeYear(from) - 2; year <= OfficeYear(to) + 1; ++year) {
      const auto window = WindowIn(campaign, year);
      if (window && window->begin() < to && window->end() > from) windows.push_back(*window);
    }
  }
  std::stable_sort(windows.begin(), windows.end(),
                   [](const auto& a, const auto& b) { return a.begin() < b.begin(); });
  return windows;
}

std::string_view BuiltInCampaignsFile() {
  for (const EmbeddedFile& file : BuiltInCampaignFiles()) {
    if (file.name == kCampaignsFile) return file.bytes;
  }
  return "";
}

}  // namespace cluehound::crawler
