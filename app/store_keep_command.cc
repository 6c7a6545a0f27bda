#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "base/file.h"
#include "base/yaml.h"
#include "evidence/archive_name.h"
#include "store/open.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr size_t kMaxFile = 1 << 20;
constexpr int kMaxMonths = 1200;

struct Options {
  CommonOptions common;
  bool dry_run = false;
  std::string lead;
  std::string reason;
  std::string by;
};

struct Period {
  std::string what;
  int months = 0;
  Instant from{};
  std::string basis;
};

Result<std::vector<Period>> ReadPeriods(const fs::path& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kMaxFile));
  Diagnostics diagnostics;
  std::vector<Period> periods;
  const auto root = ParseYaml(text, file.string(), diagnostics);
  if (!root) return diagnostics.ToStatus();
  YamlMap top(*root, diagnostics, "the file of retention");
  top.Each("periods", [&](const YamlNode& node) {
    YamlMap map(node, diagnostics, "period");
    Period period;
    period.what = map.Choice("what", "", {"log_texts", "persons", "captures"});
    period.months = static_cast<int>(map.Integer("months", 0, 1, kMaxMonths));
    if (!map.Has("months")) map.Error("months", "missing-key", "a period needs its months");
    if (!map.Has("from")) map.Error("from", "missing-key", "a period needs the day it began");
    period.from = map.Day("from").value_or(Instant());
    period.basis = map.Text("basis");
    map.Choice("certainty", "unverified", {"verified", "unverified"});
    map.Finish();
    periods.push_back(std::move(period));
  });
  top.Finish();
  RETURN_IF_ERROR(diagnostics.ToStatus());
  return periods;
}

// The same day so many months ago, or the last of that month; months as the office counts them.
Instant MonthsAgo(Instant now, int months) {
  const std::string day = FormatDay(now);
  int year = std::stoi(day.substr(0, 4));
  int month = std::stoi(day.substr(5, 2)) - months;
  while (month < 1) {
    month += 12;
    --year;
  }
  for (int date = std::stoi(day.substr(8, 2));; --date) {
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, date);
    if (const auto found = ParseDay(text)) return *found;
  }
}

struct Count {
  uint64_t erased = 0;
  uint64_t held = 0;
};

Result<Count> EraseRecords(Ledger& ledger, const Options& options, const Period& period,
                           Instant before) {
  Count count;
  triage::Request request;
  request.operation = period.what == "persons" ? "retention.leads" : "retention.log";
  request.actor.claimed_name = options.by;
  request.arguments = {{"before", FormatTime(before)},
                       {"dry_run", options.dry_run ? "yes" : "no"},
                       {"reason", period.basis}};
  do {
    const triage::Response response = ledger.Call(request);
    RETURN_IF_ERROR(response.status);
    const Json answer = Json::parse(response.lines.at(0));
    count.erased += answer.at("erased").get<uint64_t>();
    count.held += answer.at("held").get<uint64_t>();
    request.arguments["after"] = response.next;
  } while (!request.arguments["after"].empty());
  return count;
}

// The files that a lead which is kept or held refers to.
Result<std::set<std::string>> KeptFiles(const std::string& copy) {
  store::StoreOptions options;
  options.path = copy;
  options.read_only = true;
  ASSIGN_OR_RETURN(const auto store, store::OpenRocksDbStore(options));
  ASSIGN_OR_RETURN(const auto holds, store->retention().Holds());
  std::set<std::string> held;
  for (const store::Hold& hold : holds) held.insert(hold.lead);
  ASSIGN_OR_RETURN(const evidence::CaptureRef last, store->LastCapture());
  std::set<std::string> files = {last.file};
  store::LeadFilter all;
  all.silenced = store::LeadFilter::Silenced::kShown;
  std::string after;
  do {
    ASSIGN_OR_RETURN(const auto page, store->QueryLeads(all, {}, after, 1000));
    for (const store::Lead& lead : page.leads) {
      if (!IsKept(lead) && !held.contains(lead.id)) continue;
      files.insert(lead.capture.file);
      ASSIGN_OR_RETURN(const auto sightings, store->Sightings(lead.id, SIZE_MAX));
      for (const store::Sighting& sighting : sightings) files.insert(sighting.capture.file);
    }
    after = page.next;
  } while (!after.empty());
  return files;
}

// A file is over when the one after it began before that time. In its place stays a note of its end,
// so that a check tells erased from lost.
Result<Count> EraseCaptures(Ledger& ledger, const fs::path& folder, const Options& options,
                            const Period& period, Instant before) {
  triage::Request request;
  request.operation = "store.copy";
  const triage::Response made = ledger.Call(request);
  RETURN_IF_ERROR(made.status);
  const std::string copy = Json::parse(made.lines.at(0)).at("copy").get<std::string>();
  const auto kept = KeptFiles(copy);
  request.operation = "store.drop_copy";
  request.arguments["copy"] = copy;
  ledger.Call(request).status.IgnoreError("the next opening removes it");
  RETURN_IF_ERROR(kept.status());
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (evidence::ArchiveName::Parse(entry.path().filename().string()))
      names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  const std::string limit = evidence::ArchiveName::After(std::nullopt, before).stamp;
  Count count;
  for (size_t i = 0; i + 1 < names.size(); ++i) {
    if (evidence::ArchiveName::Parse(names[i + 1])->stamp >= limit) break;
    if (kept->contains(names[i])) {
      ++count.held;
      continue;
    }
    ++count.erased;
    if (options.dry_run) continue;
    triage::Request note;
    note.operation = "log.note";
    note.actor.claimed_name = options.by;
    note.arguments = {
        {"action", "retention.capture"}, {"object", names[i]}, {"note", period.basis}};
    RETURN_IF_ERROR(ledger.Call(note).status);
    RETURN_IF_ERROR(
        WriteFileAtomically(folder / (names[i] + ".erased"),
                            FormatTime(SystemClock().Now()) + " " + period.basis + "\n"));
    fs::remove(folder / names[i], error);
    if (error) return Status::Unavailable((folder / names[i]).string() + ": " + error.message());
  }
  return count;
}

int RunRetention(const Options& options) {
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto periods = ReadPeriods(config->dir / "retention.yaml");
  if (!periods.ok()) {
    if (periods.status().code() != Code::kNotFound) return Report(periods.status());
    return Report(
        Status::InvalidArgument("no retention.yaml in the configuration: nothing is ever erased"));
  }
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  const Instant now = SystemClock().Now();
  for (const Period& period : *periods) {
    const Instant before = MonthsAgo(now, period.months);
    if (period.from > now) continue;
    const auto count =
        period.what == "captures"
            ? EraseCaptures(**ledger, config->store / "captures", options, period, before)
            : EraseRecords(**ledger, options, period, before);
    if (!count.ok()) return Report(count.status());
    if (options.common.json) {
      std::cout << Json{{"what", period.what},
                        {"before", FormatDay(before)},
                        {"dry_run", options.dry_run},
                        {"erased", count->erased},
                        {"held", count->held}}
                       .dump()
                << '\n';
    } else {
      std::cout << period.what << "：早于 " << FormatDay(before)
                << (options.dry_run ? "，将清除 " : "，已清除 ") << count->erased << "，保留 "
                << count->held << "（在办、涉案或已冻结）\n";
    }
  }
  return kExitDone;
}

int ChangeHold(const Options& options, const char* operation) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = operation;
  request.arguments = {{"lead", options.lead}, {"reason", options.reason}};
  request.actor.claimed_name = options.by;
  const triage::Response response = (*ledger)->Call(request);
  PrintLines(response.lines);
  return Report(response.status);
}
int RunHold(const Options& options) { return ChangeHold(options, "holds.add"); }
int RunUnhold(const Options& options) { return ChangeHold(options, "holds.end"); }

}  // namespace

void AddStoreKeepCommands(CLI::App& store, Run& run) {
  auto retention = std::make_shared<Options>();
  AddLedgerCommand(store, run, "retention", "Erases what retention.yaml says is over", retention,
                   RunRetention)
      ->add_flag("--dry-run", retention->dry_run, "Only say what would be erased");
  for (const auto& [name, help, command] :
       {std::tuple{"hold", "Nothing of this lead is erased from now on", &RunHold},
        {"unhold", "Ends a hold", &RunUnhold}}) {
    auto hold = std::make_shared<Options>();
    CLI::App* added = AddLedgerCommand(store, run, name, help, hold, command);
    added->add_option("lead", hold->lead, "The lead")->required();
    added->add_option("--reason", hold->reason, "Why: 案件, 复议, 诉讼")->required();
  }
}

}  // namespace cluehound::app
