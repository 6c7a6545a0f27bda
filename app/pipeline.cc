#include "app/pipeline.h"

#include <algorithm>

#include "base/content_coding.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"
#include "base/url.h"
#include "crawler/discoveries.h"
#include "crawler/robots.h"
#include "crawler/robots_tag.h"
#include "crawler/sitemaps.h"
#include "extractors/content_signature.h"
#include "extractors/sitemap.h"
#include "rules/page_guard.h"

namespace cluehound::app {
namespace {

constexpr size_t kMaxDecodedBody = extractors::ReadLimits().max_bytes;

// Whether bytes are no text, as far as their beginning tells.
bool HasControls(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.begin() + std::min<ptrdiff_t>(1024, std::ssize(bytes)),
                     [](char c) { return c >= 0 && c < 0x20 && !IsAsciiSpace(c); });
}

// Takes off the content coding. False: `reading` says why not.
bool DecodeBody(const RawPage& page, std::string& body, extractors::PageReading& reading,
                size_t max_bytes = kMaxDecodedBody) {
  CodedBody decoded = DecodeContent(page.content_encoding, page.coded_body, max_bytes);
  switch (decoded.status) {
    case CodedBody::Status::kOk:
      body = std::move(decoded.bytes);
      return true;
    case CodedBody::Status::kTooLarge:
      reading.outcome = Outcome::kBodyTooLarge;
      reading.reason = "more than " + std::to_string(max_bytes) + " bytes when decoded";
      return false;
    case CodedBody::Status::kCorrupt:
      reading.outcome = Outcome::kBadResponse;
      reading.reason = "content coding " + page.content_encoding + " does not decode";
      return false;
    case CodedBody::Status::kUnknown:
      // "utf-8" and the like are put there by mistake; browsers ignore them.
      if (!HasControls(page.coded_body)) {
        body = page.coded_body;
        return true;
      }
      reading.outcome = Outcome::kBadResponse;
      reading.reason = "unknown content coding " + page.content_encoding;
      return false;
  }
  return false;
}

bool IsUncoded(const std::string& content_encoding) {
  return content_encoding.empty() || content_encoding == "identity";
}

Outcome OutcomeOfStatus(int status) {
  if (status == 304) return Outcome::kNotModified;
  if (status == 404 || status == 410) return Outcome::kGone;
  if (status == 429) return Outcome::kRateLimited;
  if (status >= 500) return Outcome::kServerError;
  if (status >= 400) return Outcome::kClientError;
  if (status >= 200 && status < 300) return Outcome::kOk;
  return Outcome::kBadResponse;
}

}  // namespace

crawler::LastVisit LastVisitOf(Outcome outcome, const store::Lease& lease,
                               const store::PageState& state, const crawler::SourceSettings& source,
                               double factor, Instant now) {
  crawler::LastVisit visit;
  visit.outcome = outcome;
  visit.seed = lease.address.depth == 0;
  visit.failures = lease.page.failures;
  visit.interval = Duration(state.interval);
  visit.schedule = source.schedule;
  visit.factor = factor;
  // Another part each time, so that pages which were fetched together do not stay together.
  visit.spread = std::hash<std::string>()(lease.address.url) ^ static_cast<uint64_t>(ToMillis(now));
  return visit;
}

namespace {

extractors::PageReading ReadPage(const extractors::PageReader& reader, const RawPage& page) {
  extractors::PageReading failed;
  std::string decoded;
  std::string_view body = page.coded_body;
  if (!IsUncoded(page.content_encoding)) {
    if (!DecodeBody(page, decoded, failed)) return failed;
    body = decoded;
  }
  extractors::PageInput input;
  input.bytes = body;
  input.content_type = page.content_type;
  input.url = page.url;
  input.asked_url = page.asked_url;
  input.profile = page.profile;
  input.use_profiles = page.use_profiles;
  return reader.Read(input);
}

bool MayBeSitemap(const std::string& url, const crawler::SourceSettings& source) {
  if (!source.access.reads_sitemaps()) return false;
  const auto parsed = Url::Parse(url);
  return parsed.ok() && crawler::MayBeSitemap(*parsed, source);
}

// True when the page is a sitemap; its links are then in the commit.
bool TakeSitemap(const RawPage& page, const store::Lease& lease,
                 const crawler::SourceSettings& source, Instant now, store::PageCommit& commit) {
  const auto url = Url::Parse(page.url);
  if (!url.ok()) return false;
  const auto sitemap = extractors::ReadSitemap(page.coded_body, page.content_type, url->path());
  if (!sitemap) return false;
  if (!sitemap->fault.empty()) LogWarning(page.url + ": " + sitemap->fault);
  const Instant before = lease.page.read_before() ? lease.page.fetched : Instant();
  crawler::SitemapLinks found = crawler::LinksOf(*sitemap, lease.address, source, before, now);
  commit.links = std::move(found.links);
  commit.changed = std::move(found.changed);
  return true;
}

// The content of a page, as far as a change of it matters: what it offers, and what the rules say of
// that; of a page without listings, where it leads.
uint64_t SignatureOf(const Reading& reading) {
  extractors::ContentSignature signature;
  for (size_t i = 0; i < reading.page.listings.size(); ++i) {
    std::string findings;
    for (const rules::Suspicion& suspicion : reading.evaluations[i].suspicions) {
      if (suspicion.mode != rules::Mode::kObserve) findings += suspicion.family + ' ';
    }
    signature.Add(reading.page.listings[i], findings);
  }
  if (reading.page.listings.empty()) {
    for (const extractors::Link& link : reading.page.links) signature.AddLink(link.url);
  }
  return std::move(signature).Finish();
}

// Takes a content among those remembered. Whether it is one that the page did not have lately.
bool Remember(std::vector<uint64_t>& signatures, uint64_t signature) {
  const auto known = std::find(signatures.begin(), signatures.end(), signature);
  const bool fresh = known == signatures.end();
  if (!fresh) signatures.erase(known);
  signatures.insert(signatures.begin(), signature);
  if (signatures.size() > crawler::kSignaturesKept) signatures.resize(crawler::kSignaturesKept);
  return fresh;
}

}  // namespace

std::vector<extractors::Listing> ReadListings(const extractors::PageReader& reader,
                                              const RawPage& page) {
  return ReadPage(reader, page).listings;
}

Reading Pipeline::Read(const RawPage& page, Instant now) const {
  Reading reading;
  reading.page = ReadPage(reader_, page);
  rules::EvaluateOptions options;
  options.now = now;
  options.watched = watched_.get();
  for (const extractors::Listing& listing : reading.page.listings) {
    reading.evaluations.push_back(rules_->Evaluate(listing, options));
  }
  rules::GuardPage(reading.page.listings, reading.evaluations);
  return reading;
}

Pipeline Pipeline::WithRules(std::shared_ptr<const rules::RuleSet> rules) const {
  Pipeline other = *this;
  other.rules_ = std::move(rules);
  return other.WithCampaigns(campaigns_);
}

Pipeline Pipeline::WithWatched(std::shared_ptr<const rules::SellerList> watched) const {
  Pipeline other = *this;
  other.watched_ = std::move(watched);
  return other;
}

Pipeline Pipeline::WithCampaigns(std::shared_ptr<const crawler::CampaignPlan> campaigns) const {
  Pipeline other = *this;
  other.campaigns_ = std::move(campaigns);
  other.packs_ = std::make_shared<const crawler::PackNames>(*other.rules_);
  return other;
}

void Pipeline::NoteCampaigns(std::string_view source, Instant seen,
                             std::vector<store::LeadDraft>& drafts) const {
  for (store::LeadDraft& draft : drafts) {
    crawler::CampaignPlan::Note note = campaigns_->NoteOf(source, draft.suspicion, *packs_, seen);
    draft.campaign = std::move(note.campaign);
    draft.campaign_points = note.points;
  }
}

store::LeadDraft Pipeline::Draft(const std::vector<extractors::Listing>& listings, size_t listing,
                                 rules::Suspicion suspicion) const {
  store::LeadDraft draft{static_cast<uint32_t>(listing), std::move(suspicion)};
  if (jurisdictions_ != nullptr) draft.jurisdiction = jurisdictions_->Resolve(listings[listing]);
  return draft;
}

std::vector<store::LeadDraft> Pipeline::Match(const std::vector<extractors::Listing>& listings,
                                              Instant now) const {
  rules::EvaluateOptions options;
  options.now = now;
  options.watched = watched_.get();
  std::vector<rules::Evaluation> evaluations;
  evaluations.reserve(listings.size());
  for (const extractors::Listing& listing : listings)
    evaluations.push_back(rules_->Evaluate(listing, options));
  rules::GuardPage(listings, evaluations);
  std::vector<store::LeadDraft> drafts;
  for (size_t i = 0; i < listings.size(); ++i) {
    for (rules::Suspicion& suspicion : evaluations[i].suspicions) {
      if (suspicion.mode == rules::Mode::kObserve) continue;
      drafts.push_back(Draft(listings, i, std::move(suspicion)));
    }
  }
  return drafts;
}

store::PageCommit Pipeline::Commit(const store::Lease& lease,
                                   std::shared_ptr<const evidence::Page> page,
                                   const crawler::SourceSettings& source,
                                   const StoredListings& stored,
                                   const std::function<bool()>& overrides) const {
  const evidence::Exchange& answer = page->answer();
  store::PageCommit commit;
  commit.lease = lease;
  commit.http_status = answer.status;
  commit.seen = answer.ended;
  commit.outcome = OutcomeOfStatus(answer.status);
  commit.state = lease.page;
  commit.state.fetched = answer.ended;

  const auto finish = [&]() {
    commit.state.outcome = commit.outcome;
    commit.state.failures = Info(commit.outcome).retry ? lease.page.failures + 1 : 0;
    commit.next_due =
        crawler::NextVisit(LastVisitOf(commit.outcome, lease, commit.state, source,
                                       campaigns_->Factor(source.id, answer.ended), answer.ended),
                           answer.ended);
    NoteCampaigns(source.id, answer.ended, commit.leads);
    return std::move(commit);
  };
  const auto adapt = [&](bool changed) {
    if (!source.schedule.every) return;
    commit.state.interval = static_cast<uint64_t>(
        crawler::AdaptInterval(Duration(lease.page.interval), *source.schedule.every,
                               lease.address.depth == 0, changed)
            .count());
  };

  const bool not_modified = commit.outcome == Outcome::kNotModified && lease.page.read_before();
  // An answer to a question that was not asked.
  if (commit.outcome == Outcome::kNotModified && !not_modified)
    commit.outcome = Outcome::kBadResponse;
  if (commit.outcome != Outcome::kOk && !not_modified) return finish();

  RawPage raw;
  raw.url = page->final_url();
  raw.asked_url = page->asked_url();
  raw.content_type = evidence::HeaderValue(answer.header_block, "content-type");
  raw.content_encoding = evidence::HeaderList(answer.header_block, "content-encoding");
  raw.coded_body = answer.coded_body;
  raw.profile = source.profile;

  // Of pages that were read only: a later 304 must mean these listings, not a login page.
  const auto keep_validators = [&]() {
    if (not_modified) return;
    commit.state.etag = evidence::HeaderValue(answer.header_block, "etag");
    commit.state.last_modified = evidence::HeaderValue(answer.header_block, "last-modified");
  };
  std::string body;
  extractors::PageReading failed;
  const bool may_be_sitemap = MayBeSitemap(raw.url, source);
  if (!not_modified && !IsUncoded(raw.content_encoding)) {
    if (!DecodeBody(raw, body, failed,
                    may_be_sitemap ? extractors::Sitemap::kMaxBytes : kMaxDecodedBody)) {
      commit.outcome = failed.outcome;
      return finish();
    }
    raw.content_encoding.clear();
    raw.coded_body = body;
  }
  const Digest digest = not_modified ? lease.page.body_digest : Sha256(raw.coded_body);
  crawler::RobotsMarks marks = crawler::ReadRobotsTag(answer.header_block, crawler::kProductToken);
  const auto lifted = [&]() {  // asked at most once, and only when something is forbidden
    if (!marks.any() || overrides == nullptr || !overrides()) return false;
    marks = {};
    return true;
  };
  bool overridden = !may_be_sitemap && lifted();
  if (not_modified && marks.noindex && !may_be_sitemap) {
    commit.outcome = Outcome::kRobotsRefused;
    return finish();
  }
  const bool same_body = !marks.noindex && digest == lease.page.body_digest &&
                         lease.page.extractor_revision == reader_.revision();
  if (same_body) keep_validators();
  if (same_body || not_modified) adapt(false);
  if (same_body && lease.page.rule_set == rules_->hash()) {
    commit.change = store::PageChange::kUnchanged;
    commit.outcome = Outcome::kNotModified;
    return finish();
  }
  if (same_body || not_modified) {
    auto listings = stored();
    if (listings.ok()) {
      commit.change = store::PageChange::kRead;
      commit.outcome = Outcome::kNotModified;
      commit.state.rule_set = rules_->hash();
      commit.leads = Match(*listings, answer.ended);
      commit.listings = std::move(listings).value();
      return finish();
    }
    if (not_modified)
      return finish();  // nothing to match; the next visit without a condition brings the page
  }

  if (may_be_sitemap && TakeSitemap(raw, lease, source, answer.ended, commit)) {
    keep_validators();
    commit.change = store::PageChange::kRead;
    commit.state.body_digest = digest;
    commit.state.extractor_revision = reader_.revision();
    commit.state.rule_set = rules_->hash();
    return finish();
  }
  Reading reading = Read(raw, answer.ended);
  commit.outcome = reading.page.outcome;
  if (commit.outcome != Outcome::kOk) return finish();
  marks.noindex |= reading.page.meta_noindex;
  marks.nofollow |= reading.page.meta_nofollow;
  if (overridden) {
    marks = {};
  } else {
    overridden = lifted();
  }
  if (!marks.nofollow) {
    commit.links = crawler::Discoveries(reading.page.links, lease.address, source);
  }
  if (marks.noindex) {
    commit.outcome = Outcome::kRobotsRefused;
    return finish();
  }
  if (!overridden) keep_validators();
  commit.change = store::PageChange::kRead;
  // Contents compare only when they were read alike; the first one is no change.
  if (lease.page.extractor_revision != reader_.revision()) commit.state.signatures.clear();
  const bool compares = !commit.state.signatures.empty();
  const bool fresh = Remember(commit.state.signatures, SignatureOf(reading));
  if (compares) adapt(fresh);
  commit.state.body_digest = digest;
  // What an authority allowed is read anew each time: it may have ended.
  commit.state.extractor_revision = reader_.revision() + (overridden ? " override" : "");
  commit.state.rule_set = rules_->hash();
  for (size_t i = 0; i < reading.evaluations.size(); ++i) {
    for (rules::Suspicion& suspicion : reading.evaluations[i].suspicions) {
      if (suspicion.mode == rules::Mode::kObserve) continue;
      commit.leads.push_back(Draft(reading.page.listings, i, std::move(suspicion)));
    }
  }
  commit.listings = std::move(reading.page.listings);
  if (!commit.leads.empty()) commit.page = std::move(page);
  return finish();
}

store::PageCommit Pipeline::Rematch(const store::Discovery& address, const store::PageState& state,
                                    std::vector<extractors::Listing> listings) const {
  store::PageCommit commit;
  commit.lease.address = address;
  commit.change = store::PageChange::kRematched;
  commit.outcome = state.outcome;
  commit.seen = state.fetched;
  commit.state = state;
  commit.state.rule_set = rules_->hash();
  commit.leads = Match(listings, state.fetched);
  NoteCampaigns(address.source, state.fetched, commit.leads);
  commit.listings = std::move(listings);
  return commit;
}

}  // namespace cluehound::app
