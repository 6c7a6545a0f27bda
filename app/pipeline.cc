#include "app/pipeline.h"

#include <algorithm>

#include "base/content_coding.h"
#include "base/digest.h"
#include "base/text.h"
#include "crawler/discoveries.h"
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
bool DecodeBody(const RawPage& page, std::string& body, extractors::PageReading& reading) {
  CodedBody decoded = DecodeContent(page.content_encoding, page.coded_body, kMaxDecodedBody);
  switch (decoded.status) {
    case CodedBody::Status::kOk:
      body = std::move(decoded.bytes);
      return true;
    case CodedBody::Status::kTooLarge:
      reading.outcome = Outcome::kBodyTooLarge;
      reading.reason = "more than " + std::to_string(kMaxDecodedBody) + " bytes when decoded";
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

std::optional<Instant> NextVisit(Outcome outcome, const store::Lease& lease,
                                 const crawler::SourceSettings& source, double factor,
                                 Instant now) {
  const bool seed = lease.address.depth == 0;
  const auto every = std::chrono::duration_cast<Duration>(source.every / factor);
  switch (outcome) {
    case Outcome::kGone:
    case Outcome::kNotHtml:
    case Outcome::kOutOfScope:
      if (!seed) return std::nullopt;
      break;
    case Outcome::kRobotsRefused:
      // robots.txt may change; it is read again once a day.
      return now + std::max<Duration>(every, std::chrono::hours(24));
    default:
      break;
  }
  if (!Info(outcome).retry) return now + every;
  // A failing page waits from ten minutes up to a day, twice as long each time, but never less than its own turn would
  // be at the longest.
  const int doublings = static_cast<int>(std::min<uint32_t>(lease.page.failures, 8));
  const Duration wait = std::chrono::minutes(10) * (1 << doublings);
  return now + std::min<Duration>(wait, std::chrono::hours(24));
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
                                   const StoredListings& stored) const {
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
    commit.next_due = NextVisit(commit.outcome, lease, source,
                                campaigns_->Factor(source.id, answer.ended), answer.ended);
    NoteCampaigns(source.id, answer.ended, commit.leads);
    return std::move(commit);
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
  if (!not_modified && !IsUncoded(raw.content_encoding)) {
    if (!DecodeBody(raw, body, failed)) {
      commit.outcome = failed.outcome;
      return finish();
    }
    raw.content_encoding.clear();
    raw.coded_body = body;
  }
  const Digest digest = not_modified ? lease.page.body_digest : Sha256(raw.coded_body);
  const bool same_body =
      digest == lease.page.body_digest && lease.page.extractor_revision == reader_.revision();
  if (same_body) keep_validators();
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

  Reading reading = Read(raw, answer.ended);
  commit.outcome = reading.page.outcome;
  if (commit.outcome != Outcome::kOk) return finish();
  keep_validators();
  commit.change = store::PageChange::kRead;
  commit.state.body_digest = digest;
  commit.state.extractor_revision = reader_.revision();
  commit.state.rule_set = rules_->hash();
  for (size_t i = 0; i < reading.evaluations.size(); ++i) {
    for (rules::Suspicion& suspicion : reading.evaluations[i].suspicions) {
      if (suspicion.mode == rules::Mode::kObserve) continue;
      commit.leads.push_back(Draft(reading.page.listings, i, std::move(suspicion)));
    }
  }
  if (!reading.page.meta_nofollow) {
    commit.links = crawler::Discoveries(reading.page.links, lease.address, source);
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
