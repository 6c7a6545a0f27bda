#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "app/offline_ledger.h"
#include "app/scan_inputs.h"
#include "base/log.h"
#include "triage/record_json.h"

namespace cluehound::app {
namespace {

struct ScanOptions {
  CommonOptions common;
  std::vector<std::string> paths;
  std::string emit = "leads";
  std::string url;
  bool no_profiles = false;
};

std::string PageJson(const InputPage& input, const extractors::PageReading& reading) {
  nlohmann::ordered_json object;
  object["page"] = input.name;
  object["outcome"] = Name(reading.outcome);
  std::string reason = reading.reason;
  if (!input.note.empty()) reason += (reason.empty() ? "" : "; ") + input.note;
  if (!reason.empty()) object["reason"] = reason;
  object["listings"] = reading.listings.size();
  if (!reading.profile.empty()) object["profile"] = reading.profile;
  if (!reading.encoding.empty()) object["encoding"] = reading.encoding;
  if (!reading.title.empty()) object["title"] = reading.title;
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void Emit(const std::string& emit, const InputPage& input, const Reading& reading) {
  if (emit == "pages") {
    std::cout << PageJson(input, reading.page) << '\n';
    return;
  }
  for (size_t i = 0; i < reading.page.listings.size(); ++i) {
    const extractors::Listing& listing = reading.page.listings[i];
    if (emit == "listings") std::cout << triage::ListingJson(listing, input.name) << '\n';
    if (emit != "hits") continue;
    for (const rules::Hit& hit : reading.evaluations[i].hits) {
      std::cout << triage::HitJson(hit, listing, input.name) << '\n';
    }
  }
}

int RunScan(const ScanOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto rules = LoadRules(*config, options.common);
  if (!rules.ok()) return Report(rules.status());
  const auto reader = LoadPageReader(*config);
  if (!reader.ok()) return Report(reader.status());
  const auto office = LoadOffice(*config);
  if (!office.ok()) return Report(office.status());
  // Leads are deduplicated by the ledger: the one in --store, else one in memory that is gone afterwards.
  auto ledger = OfflineLedger::Open(options.common.store, **rules, !options.common.rules.empty());
  if (!ledger.ok()) return Report(ledger.status());
  const auto watched = (*ledger)->Watched(SystemClock().Now());
  if (!watched.ok()) return Report(watched.status());
  const Pipeline pipeline(**reader, *rules, &office->jurisdictions, *watched);

  int exit_code = kExitDone;
  const auto failed = [&exit_code](const Status& status) {
    Report(status);
    exit_code = std::max<int>(exit_code, kExitFindings);
  };
  ReadInputs(
      options.paths, options.url,
      [&](const InputPage& input) {
        RawPage page = input.page;
        page.use_profiles = !options.no_profiles;
        const Instant now = SystemClock().Now();
        Reading reading = pipeline.Read(page, now);
        Emit(options.emit, input, reading);
        if (reading.page.outcome != Outcome::kOk && options.emit != "pages") {
          std::cerr << "cluehound: " << input.name << ": " << Name(reading.page.outcome)
                    << (reading.page.reason.empty() ? "" : ": " + reading.page.reason) << '\n';
        }
        if (Status s = (*ledger)->Add(input, pipeline, std::move(reading), now); !s.ok()) failed(s);
      },
      failed);
  if (options.emit == "leads") {
    const Status s =
        (*ledger)->EachLead([](const std::string& lead) { std::cout << lead << '\n'; });
    if (!s.ok()) failed(s);
  }
  std::cout.flush();
  return exit_code;
}

}  // namespace

void AddScanCommand(CLI::App& program, Run& run) {
  CLI::App* command =
      program.add_subcommand("scan", "Read saved pages, folders, WARC, ARC and MHTML files");
  auto options = std::make_shared<ScanOptions>();
  command->add_option("path", options->paths, "Files and folders")->required();
  command->add_option("--emit", options->emit, "What to print, one JSON object a line")
      ->check(CLI::IsMember({"listings", "hits", "leads", "pages"}))
      ->capture_default_str();
  command->add_option("--url", options->url, "The address that a saved page had");
  command->add_flag("--no-profiles", options->no_profiles, "Generic readers only");
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  AddRulesOption(*command, options->common);
  AddJsonOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunScan(*options); }; });
}

}  // namespace cluehound::app
