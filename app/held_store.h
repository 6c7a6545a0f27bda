#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <vector>

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
  // What people may do, as of the office in force. Keep it no longer than one request.
  std::shared_ptr<triage::Operations> operations() const;
  // From now on by this office. Any thread.
  void UseOffice(triage::Office office);
  // Operations of the control socket that need more than the ledger; asked first. Nothing: not mine.
  using Answer = std::function<std::optional<triage::Response>(const triage::Request&)>;
  void AddAnswer(Answer answer);
  // What such an operation gives, or one of the ledger. The caller has looked after roles and counties of the former.
  triage::Response Call(const triage::Request& request) const;
  // Returns when nobody is being answered by them.
  void DropAnswers();

 private:
  class LateSink;
  HeldStore();

  std::unique_ptr<LateSink> sink_;
  std::unique_ptr<evidence::Archive> archive_;
  std::unique_ptr<store::ListingArchive> listings_;  // outlives the commits that add to it
  std::unique_ptr<store::Store> store_;

  mutable std::mutex mutex_;  // guards operations_
  std::shared_ptr<triage::Operations> operations_;
  mutable std::shared_mutex answer_mutex_;  // shared by those who are being answered
  std::vector<Answer> answers_;
  std::unique_ptr<triage::ControlServer> control_;
};

}  // namespace cluehound::app
