#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/config.h"
#include "app/pipeline.h"
#include "app/triage_settings.h"
#include "rules/rule_set.h"
#include "store/store.h"
#include "triage/api.h"
#include "triage/notifier.h"
#include "triage/web_front.h"

namespace cluehound::app {

// The role of `serve` that officers meet: the API and the page, captured pages on an origin of their own,
// and the notices. Everything that it is given must outlive it.
class TriageRole {
 public:
  struct Parts {
    std::function<triage::Response(const triage::Request&)> call;
    store::Store& store;
    std::filesystem::path captures;  // STORE/captures
    std::function<std::shared_ptr<const triage::Office>()> office;
    triage::RuleBench::Files rule_files;
    triage::Api::ReadClue read_clue;
    triage::Api::ReadListings read_listings;
    triage::Notifier::Troubles troubles;
    std::string office_name;
  };
  // Begins to serve captures and to send notices. The page itself is Handle(), for the main listener.
  static Result<std::unique_ptr<TriageRole>> Start(Parts parts, const TriageSettings& settings);
  ~TriageRole();

  triage::HttpResponse Handle(const triage::HttpRequest& request);
  size_t BodyCap(const triage::HttpRequest& head);
  // For the main listener: its limits and certificate, without body_cap.
  static Result<triage::HttpServer::Options> ServerOptions(const TriageSettings& settings);

 private:
  TriageRole(Parts parts, const TriageSettings& settings);
  Status ServeCaptures(const TriageSettings& settings);
  void SendNotices();

  Parts parts_;
  triage::RuleBench bench_;
  triage::CaptureView captures_;
  triage::NoticeTransfer transfer_;
  triage::Notifier notifier_;
  triage::Api api_;
  triage::WebFront front_;
  std::unique_ptr<triage::HttpServer> captures_server_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  std::thread notices_;
};

// The parts that follow from a configuration: rule files, what reads clues and tables, captures, the
// name of the office. `office` and `pipeline` are those in force whenever they are asked: what people
// bring meets the same rules as what is crawled.
TriageRole::Parts PartsOf(const Config& config, const CommonOptions& options, store::Store& store,
                          std::function<triage::Response(const triage::Request&)> call,
                          std::function<std::shared_ptr<const triage::Office>()> office,
                          std::function<std::shared_ptr<const Pipeline>()> pipeline);

}  // namespace cluehound::app
