#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/campaign_add.h"
#include "app/campaign_agenda.h"
#include "app/campaign_check.h"
#include "app/campaign_desk.h"
#include "app/campaign_rerun.h"
#include "app/campaign_starts.h"
#include "app/campaign_text.h"
#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/rule_source.h"
#include "app/terminal.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "base/work_calendar.h"
#include "crawler/campaign_file.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  CommonOptions common;
  std::string by;
  std::string on;        // a day; empty: today
  std::string campaign;  // its id
  int days = 14;
  int year = 0;
  std::string dates;
  std::string a, b, sources;
  std::string rerun;  // a rule set, as `rules diff` names it
  crawler::NewCampaign added;
  std::vector<std::string> factors, weights;  // "ID=3"
  bool verified = false;
  bool preview = false;
};

Result<Instant> DayOf(const Options& options) {
  if (options.on.empty()) return SystemClock().Now();
  const auto day = ParseDay(options.on);
  if (!day)
    return Status::InvalidArgument("--on \"" + options.on + "\" is no day such as 2026-11-22");
  return *day;
}

// Campaigns, with what people started as far as there is a ledger.
struct Known {
  Config config;
  crawler::Campaigns campaigns;
  std::vector<store::CampaignStart> starts;
  std::unique_ptr<Ledger> ledger;  // null: no store is configured, or none was made yet
};

// `required`: the configuration must name sources.
Result<Known> Load(const CommonOptions& options, bool required = false) {
  SetLogQuiet(true);
  Known known;
  ASSIGN_OR_RETURN(known.config, LoadConfig(options, required));
  ASSIGN_OR_RETURN(known.campaigns, crawler::Campaigns::Load(known.config.dir));
  std::error_code error;
  if (known.config.store.empty() || !std::filesystem::exists(known.config.store, error))
    return known;
  ASSIGN_OR_RETURN(known.ledger, Ledger::Open(known.config.store));
  ASSIGN_OR_RETURN(known.starts, ReadCampaignStarts(*known.ledger));
  return known;
}

int RunList(const Options& options) {
  const auto now = DayOf(options);
  if (!now.ok()) return Report(now.status());
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto campaigns = crawler::Campaigns::Load(config->dir);
  if (!campaigns.ok()) return Report(campaigns.status());
  if (options.common.json) {
    PrintLines(CampaignLines(*campaigns, *now));
  } else {
    std::cout << RenderCampaigns(*campaigns, *now, TerminalColumns());
  }
  return kExitDone;
}

int RunNext(const Options& options) {
  const auto now = DayOf(options);
  if (!now.ok()) return Report(now.status());
  const auto known = Load(options.common);
  if (!known.ok()) return Report(known.status());
  const auto agenda = Agenda(known->campaigns, *now, known->starts);
  const auto missing = MissingDates(known->campaigns, *now);
  if (options.common.json) {
    PrintLines(AgendaLines(agenda, missing, *now));
  } else {
    std::cout << RenderAgenda(agenda, missing, *now, TerminalColumns());
  }
  return kExitDone;
}

// When each source was last read, by its seeds: they are visited in every round.
Result<std::map<std::string, Instant>> LastReads(const Config& config, Ledger& ledger) {
  std::map<std::string, Instant> reads;
  for (const crawler::SourceSettings& source : config.sources) {
    triage::Request request;
    request.operation = "campaigns.reads";
    for (const std::string& seed : source.seeds) request.arguments["seeds"] += seed + "\n";
    const triage::Response response = ledger.Call(request);
    RETURN_IF_ERROR(response.status);
    for (const std::string& line : response.lines) {
      const auto read = ParseTime(Json::parse(line, nullptr, false).value("read", ""));
      if (read) reads[source.id] = std::max(reads[source.id], *read);
    }
  }
  return reads;
}

int RunCheck(const Options& options) {
  const auto now = DayOf(options);
  if (!now.ok()) return Report(now.status());
  const auto known = Load(options.common, true);
  if (!known.ok()) return Report(known.status());
  const auto rules = LoadRules(known->config, options.common);
  if (!rules.ok()) return Report(rules.status());
  CampaignCheckInput input;
  input.config = &known->config;
  input.campaigns = &known->campaigns;
  input.rules = rules->get();
  input.now = *now;
  if (known->ledger != nullptr) {
    auto reads = LastReads(known->config, *known->ledger);
    if (!reads.ok()) return Report(reads.status());
    input.last_read = *std::move(reads);
  }
  const CampaignCheck check = CheckCampaigns(input);
  if (options.common.json) {
    PrintLines(CheckLines(check));
  } else {
    std::cout << RenderCheck(check, TerminalColumns());
  }
  return check.ok() ? kExitDone : kExitFindings;
}

// Asks the ledger, and prints the line that it gives or what `say` makes of it.
int RunCall(const Options& options, triage::Request request,
            std::string (*say)(const Json& object)) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  request.actor.claimed_name = options.by;
  const triage::Response response = (*ledger)->Call(std::move(request));
  if (!response.status.ok()) return Report(response.status);
  if (options.common.json) {
    PrintLines(response.lines);
  } else {
    for (const std::string& line : response.lines)
      std::cout << say(Json::parse(line, nullptr, false));
  }
  return kExitDone;
}

// "12-04 00:00"
std::string When(const Json& object, const char* key) {
  const auto time = ParseTime(object.value(key, ""));
  return time ? FormatShort(*time) : "";
}

// Without the ledger: RunCall opens it.
int RunStart(const Options& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto campaigns = crawler::Campaigns::Load(config->dir);
  if (!campaigns.ok()) return Report(campaigns.status());
  const auto campaign = campaigns->Find(options.campaign);
  if (!campaign.ok()) return Report(Status::InvalidArgument(campaign.status().message()));
  triage::Request request;
  request.operation = "campaigns.start";
  request.arguments = {{"campaign", options.campaign},
                       {"name", (*campaign)->name},
                       {"days", std::to_string(options.days)}};
  return RunCall(options, std::move(request), [](const Json& object) {
    return "已启动：" + object.value("name", "") + "，到 " + When(object, "end") +
           " 止（正在运行的或下一次启动的采集随即执行）\n";
  });
}

int RunEnd(const Options& options) {
  triage::Request request;
  request.operation = "campaigns.end";
  request.arguments = {{"campaign", options.campaign}};
  return RunCall(options, std::move(request), [](const Json& object) {
    return "已结束：" + object.value("name", "") + "，之后的新线索不再加分，已有线索不变\n";
  });
}

int RunCopy(const Options& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  if (config->dir.empty())
    return Report(Status::InvalidArgument("which configuration? Name it with --config DIR"));
  std::optional<crawler::DaySpan> dates;
  if (!options.dates.empty()) {
    dates = crawler::ParseDaySpan(options.dates);
    if (!dates) {
      return Report(Status::InvalidArgument("--dates \"" + options.dates +
                                            "\" is no span such as 2027-09-01..2027-09-04"));
    }
  }
  const auto edit = WriteCampaignCopy(*config, options.campaign, options.year, dates);
  if (!edit.ok()) return Report(edit.status());
  const std::filesystem::path file = config->dir / crawler::kCampaignsFile;
  if (options.common.json) {
    std::cout << Json{{"campaign", edit->id},
                      {"dates", crawler::FormatDaySpan(edit->dates)},
                      {"file", file.string()}}
                     .dump()
              << '\n';
  } else {
    std::cout << "已写入 " << file.string() << "：" << edit->id << "，"
              << crawler::FormatDaySpan(edit->dates) << "（标为未核实，请核对）\n";
  }
  return kExitDone;
}

// Of "ID=3" each.
Result<std::vector<std::pair<std::string, std::string>>> Pairs(
    const std::vector<std::string>& texts, const char* option) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos)
      return Status::InvalidArgument(std::string(option) + " \"" + text +
                                     "\" is no pair such as ID=3");
    pairs.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return pairs;
}

Result<crawler::NewCampaign> Described(const Options& options) {
  crawler::NewCampaign campaign = options.added;
  if (options.verified) campaign.certainty = "verified";
  ASSIGN_OR_RETURN(campaign.factors, Pairs(options.factors, "--factor"));
  ASSIGN_OR_RETURN(campaign.weights, Pairs(options.weights, "--weight"));
  return campaign;
}

int RunAdd(const Options& options) {
  SetLogQuiet(true);
  const auto campaign = Described(options);
  if (!campaign.ok()) return Report(campaign.status());
  const auto config = LoadConfig(options.common, true, false);
  if (!config.ok()) return Report(config.status());
  const auto rules = LoadRules(*config, options.common);
  if (!rules.ok()) return Report(rules.status());
  const Instant now = SystemClock().Now();
  const auto made = options.preview ? PreviewCampaign(*config, **rules, *campaign, now)
                                    : AddCampaign(*config, **rules, *campaign, now);
  if (!made.ok()) return Report(made.status());
  if (options.common.json) {
    std::cout << PreviewLine(*made) << '\n';
  } else if (made->problems.empty()) {
    if (!options.preview) std::cout << "已写入 " << CampaignsFile(*config).string() << "\n";
    std::cout << WindowsText(*made);
  }
  if (made->problems.empty()) return kExitDone;
  return Report(Status::InvalidArgument(ProblemsText(*made)));
}

// A run that a person names: ID@YEAR of the calendar, ID@DAY of one that was started on that day, or days.
Result<ComparedName> RunNamed(const Known& known, const std::string& text) {
  if (const auto span = crawler::ParseDaySpan(text))
    return ComparedName{crawler::FormatDaySpan(*span), *span, span->first};
  const size_t at = text.find('@');
  if (at == std::string::npos) {
    return Status::InvalidArgument("\"" + text +
                                   "\" is no run: write mid-autumn@2025, ID@DAY of one that was "
                                   "started, or days 2025-09-15..2025-10-09");
  }
  const std::string id = text.substr(0, at), when = text.substr(at + 1);
  if (const auto day = ParseDay(when)) {
    for (const store::CampaignStart& start : known.starts) {
      if (start.campaign != id || OfficeDay(start.begin) != *day) continue;
      return ComparedName{start.name, {*day, OfficeDay(start.end - Duration(1))}, *day};
    }
    return Status::InvalidArgument("campaign " + id + " was not started on " + when);
  }
  const auto campaign = known.campaigns.Find(id);
  if (!campaign.ok()) return Status::InvalidArgument(campaign.status().message());
  const auto year = ParseInt(when);
  const auto window = year && *year > 1900 && *year < 2200
                          ? known.campaigns.WindowIn(**campaign, static_cast<int>(*year))
                          : std::nullopt;
  if (!window) return Status::InvalidArgument("campaign " + id + " has no date in " + when);
  return ComparedName{(*campaign)->name + " " + when, window->span, window->occasion.first};
}

// What the named rule set makes of both archives, behind the lines of the comparison.
Status AddRerun(const Options& options, const Known& known, const ComparedName& a,
                const ComparedName& b, std::vector<std::string>& lines) {
  std::vector<std::string> sources;
  for (const Json& source : Json::parse(lines.at(0), nullptr, false)["sources"])
    sources.push_back(source.get<std::string>());
  if (sources.empty()) return Status::InvalidArgument("--rerun: no source was read in both runs");
  ASSIGN_OR_RETURN(const auto rules,
                   FindRuleSet(options.rerun, known.config, options.common, false));
  ASSIGN_OR_RETURN(auto rerun, RerunLines(known.config.store, a, b, sources, *rules));
  std::move(rerun.begin(), rerun.end(), std::back_inserter(lines));
  return Status::Ok();
}

int RunCompare(const Options& options) {
  const auto known = Load(options.common);
  if (!known.ok()) return Report(known.status());
  if (known->ledger == nullptr) {
    return Report(Status::InvalidArgument(
        "which store? Name it with --store DIR, or a configuration with --config DIR"));
  }
  const auto a = RunNamed(*known, options.a);
  if (!a.ok()) return Report(a.status());
  const auto b = RunNamed(*known, options.b);
  if (!b.ok()) return Report(b.status());
  triage::Request request;
  request.operation = "campaigns.compare";
  request.arguments = {{"a", crawler::FormatDaySpan(a->span)},
                       {"a_day", FormatDay(a->day)},
                       {"b", crawler::FormatDaySpan(b->span)},
                       {"b_day", FormatDay(b->day)},
                       {"sources", options.sources}};
  triage::Response response = known->ledger->Call(std::move(request));
  if (!response.status.ok()) return Report(response.status);
  if (!options.rerun.empty()) {
    const Status s = AddRerun(options, *known, *a, *b, response.lines);
    if (!s.ok()) return Report(s);
  }
  if (options.common.json) {
    PrintLines(response.lines);
  } else {
    std::cout << RenderComparison(response.lines, a->name, b->name, TerminalColumns());
  }
  return kExitDone;
}

using Command = int (*)(const Options&);

CLI::App* Add(CLI::App& parent, Run& run, const char* name, const char* help,
              const std::shared_ptr<Options>& options, Command command) {
  return AddLedgerCommand(parent, run, name, help, options, command);
}

void AddDay(CLI::App& command, Options& options) {
  command.add_option("--on", options.on, "As of this day, 2026-11-22 (default: today)");
}

}  // namespace

void AddCampaignsCommand(CLI::App& program, Run& run) {
  CLI::App* campaigns = program.add_subcommand("campaigns", "专项行动: what runs more, and when");
  campaigns->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, Command command) {
    auto options = std::make_shared<Options>();
    CLI::App* added = Add(*campaigns, run, name, help, options, command);
    return std::make_pair(added, options);
  };
  for (const auto& [name, help, command] :
       {std::make_tuple("list", "All campaigns of campaigns.yaml", Command(RunList)),
        std::make_tuple("next", "The coming year in order, with reminders", Command(RunNext)),
        std::make_tuple("check", "What a campaign would stumble over", Command(RunCheck))}) {
    const auto [added, options] = add(name, help, command);
    AddDay(*added, *options);
    if (command == Command(RunCheck)) AddRulesOption(*added, options->common);
  }
  {
    const auto [added, options] = add("start", "Start one now", RunStart);
    added->add_option("campaign", options->campaign, "Its id")->required();
    added->add_option("--days", options->days, "Days, this one included (default: 14)");
  }
  {
    const auto [added, options] = add("end", "End one that was started", RunEnd);
    added->add_option("campaign", options->campaign, "Its id")->required();
  }
  {
    const auto [added, options] = add("copy", "Give one its dates of another year", RunCopy);
    added->add_option("campaign", options->campaign, "Its id")->required();
    added->add_option("--year", options->year, "The year")->required();
    added->add_option("--dates", options->dates,
                      "2027-09-01..2027-09-04 (default: those of the last time)");
  }
  {
    const auto [added, options] = add("add", "Write a new one into campaigns.yaml", RunAdd);
    crawler::NewCampaign& made = options->added;
    added->add_option("campaign", made.id, "Its id, such as kite-fair")->required();
    added->add_option("--name", made.name, "Its name, for officers")->required();
    added->add_option("--kind", made.kind, "fixed, yearly, lunar or open")->required();
    added->add_option("--dates", made.dates,
                      "fixed 2027-04-20..2027-04-25, yearly 05-01..05-05, lunar 08-15; of an open "
                      "one several");
    added->add_option("--lead-in", made.lead_in, "Days before that belong to it (default: 0)");
    added->add_option("--tail", made.tail, "Days after that belong to it (default: 0)");
    added->add_option("--prepare", made.prepare, "Days before to prepare it (default: 14)");
    added->add_option("--factor", options->factors,
                      "SOURCE=N or all=N: N times as often; may be given several times");
    added->add_option("--weight", options->weights,
                      "PACK=POINTS: what its leads get more; may be given several times");
    added->add_option("--basis", made.basis, "Where the days come from");
    added->add_flag("--verified", options->verified, "Somebody has read that source");
    added->add_flag("--preview", options->preview, "Only say what it would be, and when");
    AddRulesOption(*added, options->common);
  }
  {
    const auto [added, options] = add("compare", "Two runs, day by day", RunCompare);
    added->add_option("a", options->a, "mid-autumn@2025, ID@DAY, or 2025-09-15..2025-10-09")
        ->required();
    added->add_option("b", options->b, "The other")->required();
    added->add_option("--sources", options->sources, "Only these, parted by commas");
    added->add_option("--rerun", options->rerun,
                      "Also what this rule set makes of both archives of listings: files, "
                      "published, or the hash of one that the ledger keeps");
    AddRulesOption(*added, options->common);
  }
}

}  // namespace cluehound::app
