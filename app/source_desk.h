#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/crawl_setup.h"
#include "app/held_store.h"
#include "app/pipeline.h"
#include "crawler/source.h"

namespace cluehound::app {

// What people ask of sources that needs the configuration, which the rooms below do not see.
struct SourceDesk {
  std::function<std::shared_ptr<const CrawlSetup>()> setup;  // in force
  std::function<std::shared_ptr<const Pipeline>()> reading;  // with which pages are read now
  std::function<void()> reload;  // the configuration was changed; returns at once
};

// Has `held` answer:
//   sources.list                              settings and standing of each source of the configuration
//   sources.preview  address                  one page, fetched as ever and kept nowhere
//   sources.add      address id every pace hours depth max_pages      writes the file; audited
// Both that take an address refuse a literal private one, unless a source of the configuration is read
// there already: from the page nobody can make this machine ask others in the office's network.
void AnswerSources(HeldStore& held, SourceDesk desk);

// The settings of a source that a person set or wants to see.
std::string SourceSettingsJson(const crawler::SourceSettings& source);

}  // namespace cluehound::app
