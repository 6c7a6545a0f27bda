#include "app/crawl_setup.h"

namespace cluehound::app {

Result<std::shared_ptr<const CrawlSetup>> CrawlSetup::Load(const CommonOptions& options) {
  auto setup = std::make_shared<CrawlSetup>();
  ASSIGN_OR_RETURN(setup->config, LoadConfig(options, true, /*sources_needed=*/false));
  ASSIGN_OR_RETURN(setup->reader, LoadPageReader(setup->config));
  ASSIGN_OR_RETURN(setup->office, LoadOffice(setup->config));
  return std::shared_ptr<const CrawlSetup>(std::move(setup));
}

std::shared_ptr<const Pipeline> Pin(std::shared_ptr<const CrawlSetup> setup, Pipeline pipeline) {
  struct Pinned {
    std::shared_ptr<const CrawlSetup> setup;
    Pipeline pipeline;
  };
  auto pinned = std::make_shared<const Pinned>(Pinned{std::move(setup), std::move(pipeline)});
  return {pinned, &pinned->pipeline};
}

}  // namespace cluehound::app
