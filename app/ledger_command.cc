#include "app/ledger_command.h"

#include <iostream>

#include "base/log.h"

namespace cluehound::app {

Result<std::unique_ptr<Ledger>> OpenConfigured(const CommonOptions& options) {
  SetLogQuiet(true);
  ASSIGN_OR_RETURN(const Config config, LoadConfig(options, false));
  if (config.store.empty()) {
    return Status::InvalidArgument(
        "which store? Name it with --store DIR, or a configuration with --config DIR");
  }
  ASSIGN_OR_RETURN(triage::Office office, LoadOffice(config));
  return Ledger::Open(config.store, std::move(office));
}

void PrintLines(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) std::cout << line << '\n';
}

}  // namespace cluehound::app
