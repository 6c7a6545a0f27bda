#pragma once

#include <memory>

#include "app/config.h"
#include "app/pipeline.h"

namespace cluehound::app {

// What a crawl goes by, beside the rules: a reload makes another one. Immutable; shared by the pages under way that
// began with it.
struct CrawlSetup {
  Config config;
  std::unique_ptr<const extractors::PageReader> reader;
  triage::Office office;

  // All mistakes of the configuration at once, as LoadConfig. It may have no source yet.
  static Result<std::shared_ptr<const CrawlSetup>> Load(const CommonOptions& options);
};

// The pipeline, with the setup that it refers to (or null).
std::shared_ptr<const Pipeline> Pin(std::shared_ptr<const CrawlSetup> setup, Pipeline pipeline);

}  // namespace cluehound::app
