#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/triage_settings.h"
#include "base/diagnostic.h"
#include "base/log.h"
#include "base/status.h"
#include "crawler/campaign.h"
#include "crawler/source.h"
#include "extractors/page_reader.h"
#include "rules/rule_set.h"
#include "triage/office.h"

namespace cluehound::app {

// What the commands take from their options. Paths as the user wrote them; empty: not given.
struct CommonOptions {
  std::string config;  // --config
  std::string store;   // --store
  std::string rules;   // --rules
  bool json = false;   // --json
};

// A deployment: config/cluehound.yaml documents every setting with its reason.
struct Config {
  std::filesystem::path dir;  // empty: none, everything at its default
  std::filesystem::path store;
  std::string office;                // shown to officers
  std::string number_prefix = "WF";  // of the numbers of registered leads: WF-2026-00123
  std::string contact;               // in the User-Agent, so that a site can reach the office
  TimeZone zone;                     // of the times of day in sources
  std::string listen = "127.0.0.1";  // of `serve`: an address ...
  uint16_t port = 8080;              // ... and port; 0: the system picks one
  LogSettings log;                   // of `serve`
  TriageSettings triage;             // likewise
  size_t workers = 0;                // threads that read pages; 0: one a core
  size_t max_in_flight =
      64;  // pages between claim and commit: what a kill -9 fetches again at most
  int connections_per_address = 32;  // requests to one IP address at once
  crawler::Access access;            // the proxy of all sources that say nothing of one
  std::filesystem::path rules;       // overlay folder
  std::filesystem::path profiles;    // overlay folder
  std::vector<crawler::SourceSettings> sources;
  std::shared_ptr<const crawler::Campaigns> campaigns;  // null: none ever runs

  // "Cluehound/0.1 (+contact)"; ASCII.
  std::string UserAgent() const;
};

// Reads DIR/cluehound.yaml (may be absent); with `required`, DIR/sources/*.yaml and DIR/campaigns.yaml (or the built-in
// one). DIR is --config, else $CLUEHOUND_CONFIG, else ./config. With `required`, a folder that is not there or, if
// `sources_needed`, holds no source is an error; without, everything is at its default unless the folder was named. All
// mistakes of all files come at once, in the Status.
Result<Config> LoadConfig(const CommonOptions& options, bool required, bool sources_needed = true);

// The built-in rule files, those of the configured overlay folder, those of --rules: a later file replaces an earlier
// one of the same name.
Result<std::vector<rules::RuleFile>> EffectiveRuleFiles(const Config& config,
                                                        const CommonOptions& options);

// What the office sets for the work with leads: workdays.yaml, terms.yaml of the configuration, or the built-in ones.
Result<triage::Office> LoadOffice(const Config& config);

// Compiles them. Warnings go to the log.
Result<std::shared_ptr<const rules::RuleSet>> LoadRules(const Config& config,
                                                        const CommonOptions& options,
                                                        const rules::CompileOptions& compile = {});

Result<std::unique_ptr<const extractors::PageReader>> LoadPageReader(const Config& config);

}  // namespace cluehound::app
