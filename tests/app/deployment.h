#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/crawl_run.h"
#include "app/held_store.h"
#include "tests/testing/testing.h"

namespace cluehound::app {

// A deployment in a folder of its own: configuration, rules, store. What `crawl --once` does, without a process.
class Deployment {
 public:
  // No campaign runs unless the test writes one: what a crawl finds must not depend on the day.
  Deployment() {
    std::filesystem::create_directories(dir_.path() / "config" / "sources");
    Write("campaigns.yaml", "campaigns: []\n");
  }

  // Writes config/NAME.
  void Write(const std::string& name, std::string_view text);
  // Loads everything anew, as a new process would, and crawls what is due.
  CrawlFigures CrawlOnce();
  // Every address of the source is due now.
  void MakeDue(const std::string& source);
  // All leads, strongest first.
  std::vector<store::Lead> Leads();
  std::vector<store::Sighting> Sightings(const std::string& lead);

  std::filesystem::path config() const { return dir_.path() / "config"; }
  std::filesystem::path store() const { return dir_.path() / "config" / "store"; }

 private:
  testing::TempDir dir_;
};

}  // namespace cluehound::app
