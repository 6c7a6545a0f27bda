#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/pipeline.h"
#include "store/paper.h"
#include "triage/paper_form.h"

namespace cluehound::app {

// Turns what people bring into what the ledger takes: the same reader and rules as every page. Not
// thread-safe.
class ClueReader {
 public:
  // Loads the rules and profiles of the configuration.
  static Result<std::unique_ptr<ClueReader>> Load(const Config& config,
                                                  const CommonOptions& options,
                                                  const triage::Office& office);

  // The words of a form (title, description, url, seller, price).
  store::ClueFindings ReadWords(const triage::FormValues& values, Instant now) const;
  // A saved page, HTML or MHTML. What the form says wins over what the page does not say. `said`
  // gets title and address of the page. Fails with kInvalidArgument when it cannot be read.
  Result<store::ClueFindings> ReadPage(std::string_view bytes, const triage::FormValues& values,
                                       Instant now, triage::FormValues& said) const;

 private:
  ClueReader() = default;
  store::ClueFindings Empty() const;
  std::vector<rules::Suspicion> Suspicions(const extractors::Listing& listing, Instant now) const;

  const triage::Office* office_ = nullptr;
  std::unique_ptr<const extractors::PageReader> reader_;
  std::shared_ptr<const rules::RuleSet> rules_;
  std::unique_ptr<const Pipeline> pipeline_;
};

// The record as an argument of papers.put.
std::string ClueArgument(const store::ClueFindings& findings);

}  // namespace cluehound::app
