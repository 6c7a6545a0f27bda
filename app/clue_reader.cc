#include "app/clue_reader.h"

#include <algorithm>
#include <set>

#include "app/listing_table.h"
#include "base/digest.h"
#include "base/text.h"
#include "base/url.h"
#include "evidence/mhtml_reader.h"
#include "rules/page_guard.h"
#include "store/identity.h"
#include "store/record_fields.h"
#include "triage/paper_json.h"

namespace cluehound::app {
namespace {

constexpr size_t kMaxPage = 64u << 20;  // bytes of a saved page
constexpr size_t kMaxFindings = 200;    // suspicious listings of one clue

std::string In(const triage::FormValues& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? "" : found->second;
}

std::string CanonicalAddress(const std::string& text) {
  const auto url = Url::Parse(text);
  return url.ok() ? url->Canonical().href() : "";
}

// What the form knows and the listing does not say.
void FillIn(const triage::FormValues& values, extractors::Listing& listing) {
  const auto fill = [](std::string& field, std::string value) {
    if (field.empty()) field = std::move(value);
  };
  fill(listing.seller, In(values, "seller"));
  fill(listing.platform, In(values, "platform"));
  if (listing.price.empty()) {
    listing.price = triage::ParseMoney(In(values, "price"));
    if (!listing.price.empty()) listing.currency = "CNY";
  }
}

// What the office is told of; the rest is noted by the crawl alone.
std::vector<rules::Suspicion> LeadsOf(rules::Evaluation evaluation) {
  std::erase_if(evaluation.suspicions,
                [](const auto& s) { return s.mode == rules::Mode::kObserve; });
  return std::move(evaluation.suspicions);
}

// A pipeline with what it refers to.
struct Loaded {
  std::unique_ptr<const extractors::PageReader> reader;
  std::unique_ptr<const Pipeline> pipeline;
};

}  // namespace

Result<std::unique_ptr<ClueReader>> ClueReader::Load(const CommonOptions& options) {
  ASSIGN_OR_RETURN(const Config config, LoadConfig(options, false));
  ASSIGN_OR_RETURN(triage::Office office, LoadOffice(config));
  const auto loaded = std::make_shared<Loaded>();
  ASSIGN_OR_RETURN(loaded->reader, LoadPageReader(config));
  ASSIGN_OR_RETURN(auto rules, LoadRules(config, options));
  loaded->pipeline = std::make_unique<const Pipeline>(*loaded->reader, std::move(rules));
  return std::make_unique<ClueReader>(
      std::shared_ptr<const Pipeline>(loaded, loaded->pipeline.get()),
      std::make_shared<const triage::Office>(std::move(office)));
}

store::ClueFindings ClueReader::Empty() const {
  store::ClueFindings findings;
  findings.rule_set = pipeline_->rules().hash();
  std::set<std::string> families;
  for (const rules::RuleSummary& rule : pipeline_->rules().rules()) families.insert(rule.family);
  findings.families.assign(families.begin(), families.end());
  return findings;
}

rules::Evaluation ClueReader::Evaluate(const extractors::Listing& listing, Instant now) const {
  rules::EvaluateOptions options;
  options.now = now;
  options.unknown_facts = true;  // a person tells what he knows, not all there is
  options.watched = pipeline_->watched().get();
  return pipeline_->rules().Evaluate(listing, options);
}

store::ClueFindings ClueReader::ReadWords(const triage::FormValues& values, Instant now) const {
  store::ClueFindings findings = Empty();
  store::ClueFinding finding;
  extractors::Listing& listing = finding.listing;
  listing.found_by = extractors::FoundBy::kPerson;
  const std::string description = CollapseSpace(In(values, "description"));
  const std::string title = CollapseSpace(In(values, "title"));
  listing.title = TruncateUtf8(title.empty() ? description : title, extractors::Listing::kMaxTitle);
  if (!title.empty()) listing.text = TruncateUtf8(description, extractors::Listing::kMaxText);
  listing.url = CanonicalAddress(In(values, "url"));
  FillIn(values, listing);
  finding.page_url = listing.url;
  finding.own_page = !listing.url.empty();
  finding.jurisdiction = office_->jurisdictions.Resolve(listing);
  finding.suspicions = LeadsOf(Evaluate(listing, now));
  findings.findings.push_back(std::move(finding));
  return findings;
}

Result<store::ClueFindings> ClueReader::ReadPage(std::string_view bytes,
                                                 const triage::FormValues& values, Instant now,
                                                 triage::FormValues& said) const {
  RawPage page;
  page.url = CanonicalAddress(In(values, "url"));
  evidence::MhtmlPage saved;
  page.coded_body = bytes;
  if (evidence::LooksLikeMhtml(bytes.substr(0, 4096))) {
    ASSIGN_OR_RETURN(saved, evidence::ReadMhtml(bytes, kMaxPage));
    page.coded_body = saved.bytes;
    page.content_type = saved.content_type;
    if (page.url.empty()) page.url = CanonicalAddress(saved.url);
  }
  Reading reading = pipeline_->Read(page, now);
  if (reading.page.outcome != Outcome::kOk)
    return Status::InvalidArgument("页面读不出：" + std::string(Name(reading.page.outcome)) + " " +
                                   reading.page.reason);
  std::string url = page.url;
  if (url.empty()) url = CanonicalAddress(reading.page.canonical_url);
  said["title"] = CollapseSpace(reading.page.title);
  said["url"] = url;
  store::ClueFindings findings = Empty();
  const bool own_page = store::OwnPage(reading.page.listings, url);
  const auto add = [&](extractors::Listing listing, std::vector<rules::Suspicion> suspicions,
                       bool own) {
    FillIn(values, listing);
    store::ClueFinding finding;
    finding.jurisdiction = office_->jurisdictions.Resolve(listing);
    finding.listing = std::move(listing);
    finding.suspicions = std::move(suspicions);
    finding.page_url = url;
    finding.own_page = own && !url.empty();
    findings.findings.push_back(std::move(finding));
  };
  for (size_t i = 0; i < reading.page.listings.size(); ++i) {
    auto suspicions = LeadsOf(std::move(reading.evaluations[i]));
    if (suspicions.empty()) continue;
    if (findings.findings.size() == kMaxFindings)
      return Status::InvalidArgument("这一页的可疑条目超过 " + std::to_string(kMaxFindings) +
                                     " 条，一次录不下；请由管理员用 scan --store 录入");
    add(reading.page.listings[i], std::move(suspicions), own_page);
  }
  if (!findings.findings.empty()) return findings;
  extractors::Listing listing;
  if (reading.page.listings.size() == 1) {
    listing = reading.page.listings.front();
  } else {
    listing.found_by = extractors::FoundBy::kPerson;
    listing.url = url;
    listing.title = In(values, "title").empty() ? said["title"] : In(values, "title");
  }
  add(std::move(listing), {}, true);
  return findings;
}

Result<triage::ListingIntake> ClueReader::ReadTable(std::string_view bytes,
                                                    const triage::FormValues& values,
                                                    Instant now) const {
  ASSIGN_OR_RETURN(ListingTable table, ReadListingTable(bytes));
  triage::ListingIntake intake;
  intake.sha256 = Hex(Sha256(bytes));
  intake.rows = table.rows;
  intake.listings = table.listings.size();
  intake.bad = table.bad;
  intake.problems = std::move(table.problems);
  intake.unused = std::move(table.unused);
  intake.rule_set = pipeline_->rules().hash();
  store::ClueFindings findings = Empty();
  const auto hand_over = [&] {
    if (!findings.findings.empty()) intake.clues.push_back(ClueArgument(findings));
    findings.findings.clear();
  };
  for (extractors::Listing& listing : table.listings) {
    FillIn(values, listing);
    std::vector<rules::Evaluation> evaluation = {Evaluate(listing, now)};
    // Each row is a page of its own: what many rows have in common is no wording of one shop.
    rules::GuardPage({&listing, 1}, evaluation);
    store::ClueFinding finding;
    finding.suspicions = LeadsOf(std::move(evaluation.front()));
    if (finding.suspicions.empty()) continue;
    ++intake.suspected;
    finding.jurisdiction = office_->jurisdictions.Resolve(listing);
    finding.page_url = listing.url;
    finding.own_page = !listing.url.empty();
    finding.listing = std::move(listing);
    findings.findings.push_back(std::move(finding));
    if (findings.findings.size() == kMaxFindings) hand_over();
  }
  hand_over();
  return intake;
}

std::string ClueArgument(const store::ClueFindings& findings) {
  return triage::ToHexText(store::EncodeRecord(findings));
}

}  // namespace cluehound::app
