#pragma once

#include <cstdint>

#include "app/config.h"
#include "app/pipeline.h"
#include "base/status.h"
#include "store/store.h"

namespace cluehound::app {

// Serves the triage page and its API on loopback over the ledger of a demonstration, with a first
// administrator whose password is printed, until SIGINT or SIGTERM. Port 0: one that the system picks.
Status ServeDemoPage(store::Store& store, const Config& config, const CommonOptions& options,
                     const Pipeline& pipeline, uint16_t port);

}  // namespace cluehound::app
