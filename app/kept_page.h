#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/held_store.h"
#include "app/pipeline.h"
#include "app/scan_inputs.h"
#include "store/store.h"

namespace cluehound::app {

// The address under which a saved page stands in the ledger: its own if known, else that of the file.
std::string AddressOf(const InputPage& input, const extractors::PageReading& page);

// Commits what was read of a saved page, and waits until it is durable. A page that was not read is passed over.
Status KeepPage(store::Store& store, const Pipeline& pipeline, const InputPage& input,
                Reading reading, Instant now);

// ---- beside a process that holds the store

// The request that has it read and keep the page with its own rules; the answer is the page's leads, one a line.
triage::Request KeepRequest(const InputPage& input);
// Has the control socket answer it.
void AnswerScans(HeldStore& held, std::function<std::shared_ptr<const Pipeline>()> pipeline);

}  // namespace cluehound::app
