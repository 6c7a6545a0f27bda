#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/outcome.h"
#include "crawler/campaign_plan.h"
#include "crawler/revisit.h"
#include "crawler/source.h"
#include "evidence/page.h"
#include "extractors/page_reader.h"
#include "rules/rule_set.h"
#include "rules/seller_list.h"
#include "store/records.h"
#include "triage/jurisdiction.h"

namespace cluehound::app {

// A page's bytes on their way into the pipeline, wherever they come from: a fetch, a file, an archive.
struct RawPage {
  std::string url;  // final address; may be empty for a file
  std::string asked_url;
  std::string content_type;
  std::string content_encoding;
  std::string_view coded_body;
  std::string profile;  // forced by the source; empty: chosen
  bool use_profiles = true;
};

// What the pipeline made of a page.
struct Reading {
  extractors::PageReading page;                // outcome, listings, links
  std::vector<rules::Evaluation> evaluations;  // one per listing
};

// The way of the data from a page to leads: decode, read, match. There is one pipeline; the crawl and the offline
// commands all use it. Immutable; any thread.
class Pipeline {
 public:
  // `jurisdictions` may be null: then nothing is said of where a listing belongs. It must outlive the pipeline.
  // `watched` may be null: then nobody knows who is watched; shared, because pipelines of other rules go on with it.
  Pipeline(const extractors::PageReader& reader, std::shared_ptr<const rules::RuleSet> rules,
           const triage::Jurisdictions* jurisdictions = nullptr,
           std::shared_ptr<const rules::SellerList> watched = nullptr)
      : reader_(reader),
        rules_(std::move(rules)),
        jurisdictions_(jurisdictions),
        watched_(std::move(watched)) {}

  Pipeline WithRules(std::shared_ptr<const rules::RuleSet> rules) const;
  Pipeline WithWatched(std::shared_ptr<const rules::SellerList> watched) const;
  // With what runs now; without it no campaign does.
  Pipeline WithCampaigns(std::shared_ptr<const crawler::CampaignPlan> campaigns) const;

  // Everything, in memory. `now` is the day of the conduct.
  Reading Read(const RawPage& page, Instant now) const;

  // A fetched answer that stands under `lease`, as the store takes it. An answer that is the same as last time costs a
  // digest; one that is the same but met older rules is given as kRead with the listings that the page held.
  // `stored` gives those listings when asked. A sitemap of a source that reads them gives links.
  // What robots marks of the page forbid (meta robots, X-Robots-Tag) is not done: nofollow, no links;
  // noindex, the page counts as refused. `overrides` is asked then, and says that an authority
  // allows it; null: none does.
  using StoredListings = std::function<Result<std::vector<extractors::Listing>>()>;
  store::PageCommit Commit(const store::Lease& lease, std::shared_ptr<const evidence::Page> page,
                           const crawler::SourceSettings& source, const StoredListings& stored,
                           const std::function<bool()>& overrides = nullptr) const;

  // A suspicion on its way to the store.
  store::LeadDraft Draft(const std::vector<extractors::Listing>& listings, size_t listing,
                         rules::Suspicion suspicion) const;

  // Listings that were matched with other rules, matched with these.
  store::PageCommit Rematch(const store::Discovery& address, const store::PageState& state,
                            std::vector<extractors::Listing> listings) const;

  const rules::RuleSet& rules() const { return *rules_; }
  std::shared_ptr<const rules::RuleSet> shared_rules() const { return rules_; }
  std::shared_ptr<const rules::SellerList> watched() const { return watched_; }
  const crawler::CampaignPlan& campaigns() const { return *campaigns_; }

 private:
  std::vector<store::LeadDraft> Match(const std::vector<extractors::Listing>& listings,
                                      Instant now) const;
  // What new leads of them are to be noted with.
  void NoteCampaigns(std::string_view source, Instant seen,
                     std::vector<store::LeadDraft>& drafts) const;

  const extractors::PageReader& reader_;
  std::shared_ptr<const rules::RuleSet> rules_;
  const triage::Jurisdictions* jurisdictions_;
  std::shared_ptr<const rules::SellerList> watched_;
  std::shared_ptr<const crawler::CampaignPlan> campaigns_ =
      std::make_shared<const crawler::CampaignPlan>();
  std::shared_ptr<const crawler::PackNames> packs_ = std::make_shared<const crawler::PackNames>();
};

// The listings of a page, without rules; none when the page cannot be read.
std::vector<extractors::Listing> ReadListings(const extractors::PageReader& reader,
                                              const RawPage& page);

// What decides when the address of a lease is due again after `outcome`. `state`: the page as it is
// known now; `factor`: of the campaigns that run.
crawler::LastVisit LastVisitOf(Outcome outcome, const store::Lease& lease,
                               const store::PageState& state, const crawler::SourceSettings& source,
                               double factor, Instant now);

}  // namespace cluehound::app
