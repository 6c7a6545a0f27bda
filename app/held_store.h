#pragma once

#include <filesystem>
#include <memory>

#include "base/status.h"
#include "evidence/archive.h"
#include "store/listing_archive.h"
#include "store/store.h"
#include "triage/control_socket.h"
#include "triage/office.h"

namespace cluehound::app {

// A store held for writing, with its archives of captures (STORE/captures) and listings (STORE/listings) and its control
// socket. Closes in the right order.
class HeldStore {
 public:
  static Result<std::unique_ptr<HeldStore>> Open(const std::filesystem::path& path,
                                                 triage::Office office = triage::Office::BuiltIn());
  ~HeldStore();

  store::Store& store() { return *store_; }
  // STORE/listings.
  store::ListingArchive& listings() { return *listings_; }

 private:
  class LateSink;
  HeldStore();

  std::unique_ptr<LateSink> sink_;
  std::unique_ptr<evidence::Archive> archive_;
  std::unique_ptr<store::ListingArchive> listings_;  // outlives the commits that add to it
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<triage::Operations> operations_;
  std::unique_ptr<triage::ControlServer> control_;
};

}  // namespace cluehound::app
