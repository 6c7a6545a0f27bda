#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "base/status.h"
#include "store/store.h"
#include "triage/operations.h"

namespace cluehound::app {

// How a command reaches the ledger: through the process that holds the store if there is one, else by opening the store
// itself. Not thread-safe.
class Ledger {
 public:
  // Fails when `store` is no store. A store that another process is just letting go of is waited for, a few seconds.
  static Result<std::unique_ptr<Ledger>> Open(const std::filesystem::path& store,
                                              triage::Office office = triage::Office::BuiltIn());
  ~Ledger();

  triage::Response Call(triage::Request request);
  // Follows `next` to the end, or to `max` lines.
  triage::Response CallAll(triage::Request request, size_t max);

 private:
  explicit Ledger(std::filesystem::path store) : path_(std::move(store)) {}

  std::filesystem::path path_;
  std::unique_ptr<store::Store> store_;  // null: the control socket is used
  std::unique_ptr<triage::Operations> operations_;
};

}  // namespace cluehound::app
