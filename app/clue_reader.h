#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/pipeline.h"
#include "store/paper.h"
#include "triage/listing_intake.h"
#include "triage/paper_form.h"

namespace cluehound::app {

// Turns what people bring into what the ledger takes: the same reader and rules as every page.
// Thread-safe.
class ClueReader {
 public:
  // By the rules and the office in force now.
  ClueReader(std::shared_ptr<const Pipeline> pipeline, std::shared_ptr<const triage::Office> office)
      : pipeline_(std::move(pipeline)), office_(std::move(office)) {}
  // By those of the configuration, for who runs without a crawl.
  static Result<std::unique_ptr<ClueReader>> Load(const CommonOptions& options);

  // The words of a form (title, description, url, seller, price).
  store::ClueFindings ReadWords(const triage::FormValues& values, Instant now) const;
  // A saved page, HTML or MHTML. What the form says wins over what the page does not say. `said`
  // gets title and address of the page. Fails with kInvalidArgument when it cannot be read.
  Result<store::ClueFindings> ReadPage(std::string_view bytes, const triage::FormValues& values,
                                       Instant now, triage::FormValues& said) const;
  // A table of listings (app/listing_table.h). What the form says of seller and platform holds for
  // the rows that do not say it.
  Result<triage::ListingIntake> ReadTable(std::string_view bytes, const triage::FormValues& values,
                                          Instant now) const;

 private:
  store::ClueFindings Empty() const;
  rules::Evaluation Evaluate(const extractors::Listing& listing, Instant now) const;

  const std::shared_ptr<const Pipeline> pipeline_;
  const std::shared_ptr<const triage::Office> office_;
};

// The record as an argument of papers.put.
std::string ClueArgument(const store::ClueFindings& findings);

}  // namespace cluehound::app
