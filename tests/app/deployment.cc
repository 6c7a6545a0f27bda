#include "tests/app/deployment.h"

#include "base/file.h"

namespace cluehound::app {

void Deployment::Write(const std::string& name, std::string_view text) {
  std::filesystem::create_directories((config() / name).parent_path());
  REQUIRE_OK(WriteFileAtomically(config() / name, text));
}

CrawlFigures Deployment::CrawlOnce() {
  CommonOptions options;
  options.config = config().string();
  const auto config = LoadConfig(options, true);
  REQUIRE_OK(config);
  const auto rules = LoadRules(*config, options);
  REQUIRE_OK(rules);
  const auto reader = LoadPageReader(*config);
  REQUIRE_OK(reader);
  auto held = HeldStore::Open(config->store);
  REQUIRE_OK(held);
  const triage::Office office = triage::Office::BuiltIn();
  const Pipeline pipeline(**reader, *rules, &office.jurisdictions);
  CrawlRun run(*config, pipeline, **reader, (*held)->store(),
               {true, {}, false, &(*held)->listings()});
  REQUIRE_OK(run.Run());
  return run.figures();
}

void Deployment::MakeDue(const std::string& source) {
  auto held = HeldStore::Open(store());
  REQUIRE_OK(held);
  REQUIRE_OK((*held)->store().MakeDue(source));
}

std::vector<store::Lead> Deployment::Leads() {
  auto held = HeldStore::Open(store());
  REQUIRE_OK(held);
  std::vector<store::Lead> leads;
  std::string after;
  do {
    auto page = (*held)->store().QueryLeads({}, {}, after, 100);
    REQUIRE_OK(page);
    leads.insert(leads.end(), page->leads.begin(), page->leads.end());
    after = page->next;
  } while (!after.empty());
  return leads;
}

std::vector<store::Sighting> Deployment::Sightings(const std::string& lead) {
  auto held = HeldStore::Open(store());
  REQUIRE_OK(held);
  auto sightings = (*held)->store().Sightings(lead, 1000);
  REQUIRE_OK(sightings);
  return *sightings;
}

}  // namespace cluehound::app
