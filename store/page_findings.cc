#include "store/page_findings.h"

#include <unordered_map>
#include <unordered_set>

#include "store/lead_note.h"

namespace cluehound::store {

Status CheckCommit(const PageCommit& commit) {
  const std::string& url = commit.lease.address.url;
  if (url.empty()) return Status::InvalidArgument("a page without address");
  if (commit.listings.size() > PageCommit::kMaxListings) {
    return Status::InvalidArgument(url + ": " + std::to_string(commit.listings.size()) +
                                   " listings on one page");
  }
  for (const LeadDraft& draft : commit.leads) {
    if (draft.listing >= commit.listings.size()) {
      return Status::InvalidArgument(url + ": a lead of listing " + std::to_string(draft.listing) +
                                     " of " + std::to_string(commit.listings.size()));
    }
  }
  if (commit.lease.token == 0 && commit.change == PageChange::kFailed) {
    return Status::InvalidArgument(url + ": a failed fetch without a lease");
  }
  return Status::Ok();
}

Result<std::vector<Finding>> FindingsOf(const PageCommit& commit, AliasTable& aliases) {
  const std::string& url = commit.lease.address.url;
  const bool own_page = OwnPage(commit.listings, url);
  std::vector<Finding> findings;
  std::unordered_map<LeadId, size_t> places;
  for (const LeadDraft& draft : commit.leads) {
    if (draft.suspicion.mode == rules::Mode::kObserve) continue;
    Finding finding;
    finding.listing = &commit.listings[draft.listing];
    finding.suspicion = &draft.suspicion;
    finding.jurisdiction = draft.jurisdiction;
    finding.page_url = url;
    finding.source = commit.lease.address.source;
    finding.rule_set = commit.state.rule_set;
    finding.own_page = own_page;
    finding.campaign = commit.campaign;
    ListingNames names = NamesOf(*finding.listing, url, own_page);
    ASSIGN_OR_RETURN(finding.identity, Identify(names, aliases));
    finding.name_space = std::move(names.name_space);
    finding.lead = DeriveLeadId(finding.identity, draft.suspicion.family);
    const auto [place, is_new] = places.emplace(finding.lead, findings.size());
    if (is_new) {
      findings.push_back(std::move(finding));
    } else if (Stronger(finding, findings[place->second])) {
      findings[place->second] = std::move(finding);
    }
  }
  return findings;
}

Result<Lead> SpokenFor(Lead lead, const FindLead& find_lead) {
  // Originals are no duplicates when a lead is merged into them, so there is an end.
  while (lead.merged) {
    ASSIGN_OR_RETURN(auto original, find_lead(lead.original));
    if (!original) return Status::Corruption("lead " + lead.id + " is merged into none");
    lead = *std::move(original);
  }
  return lead;
}

Status FollowMerges(std::vector<Finding>& findings, const FindLead& find_lead) {
  std::unordered_map<LeadId, size_t> places;
  std::vector<Finding> followed;
  for (Finding& finding : findings) {
    ASSIGN_OR_RETURN(auto known, find_lead(finding.lead));
    if (known && known->merged) {
      ASSIGN_OR_RETURN(const Lead lead, SpokenFor(*std::move(known), find_lead));
      finding.lead = lead.id;
    }
    const auto [place, is_new] = places.emplace(finding.lead, followed.size());
    if (is_new) {
      followed.push_back(std::move(finding));
    } else if (Stronger(finding, followed[place->second])) {
      followed[place->second] = std::move(finding);
    }
  }
  findings = std::move(followed);
  return Status::Ok();
}

void Remember(const std::vector<Finding>& findings, PageState& state) {
  state.listings.clear();
  state.leads.clear();
  std::unordered_set<std::string_view> met;
  for (const Finding& finding : findings) {
    state.leads.push_back(finding.lead);
    if (met.insert(finding.identity).second) state.listings.push_back(finding.identity);
  }
}

Result<std::vector<LeadStep>> AbsencesOf(const PageCommit& commit, const PageState& before,
                                         const std::vector<Finding>& findings,
                                         const FindLead& find_lead, AliasTable& aliases) {
  std::vector<LeadStep> steps;
  std::unordered_set<std::string_view> found;
  for (const Finding& finding : findings) found.insert(finding.lead);
  // Which listing is which costs some reads each, so it is found out only when a lead is missing.
  std::optional<std::unordered_map<ListingIdentity, const extractors::Listing*>> there;
  const std::string& url = commit.lease.address.url;
  for (const LeadId& id : before.leads) {
    if (found.contains(id)) continue;
    ASSIGN_OR_RETURN(const auto lead, find_lead(id));
    if (!lead || lead->merged) continue;
    if (!there) {
      there.emplace();
      const bool own_page = OwnPage(commit.listings, url);
      for (const extractors::Listing& listing : commit.listings) {
        ASSIGN_OR_RETURN(const auto identity,
                         FindIdentity(NamesOf(listing, url, own_page), aliases));
        if (identity) there->emplace(*identity, &listing);
      }
    }
    const auto listing = there->find(lead->listing_identity);
    std::optional<LeadStep> step;
    if (listing != there->end()) {
      step = NoteUnmatched(*lead, *listing->second, lead->rule_set != commit.state.rule_set,
                           commit.seen);
    } else if (commit.change == PageChange::kRead &&
               commit.state.extractor_revision == before.extractor_revision) {
      // Another extractor may merely not see it.
      step = NoteGone(*lead, url, before.fetched, commit.seen,
                      lead->own_page ? "条目页面已无此条目" : "所在列表页已无此条目");
    }
    if (step) steps.push_back(*std::move(step));
  }
  return steps;
}

Result<std::vector<LeadStep>> AbsencesOfGone(const PageCommit& commit, const PageState& before,
                                             const FindLead& find_lead) {
  std::vector<LeadStep> steps;
  if (commit.outcome != Outcome::kGone) return steps;
  for (const LeadId& id : before.leads) {
    ASSIGN_OR_RETURN(const auto lead, find_lead(id));
    if (!lead || lead->merged) continue;
    auto step = NoteGone(*lead, commit.lease.address.url, before.fetched, commit.seen,
                         "页面返回 " + std::to_string(commit.http_status));
    if (step) steps.push_back(*std::move(step));
  }
  return steps;
}

AuditEntry AuditOfLead(const Lead* before, const Lead& after, Instant at) {
  AuditEntry entry;
  entry.at = at;
  entry.actor = {"crawler", ""};
  entry.action = before ? "lead.change" : "lead.new";
  entry.object = after.id;
  if (before) entry.before = Summary(*before);
  entry.after = Summary(after);
  return entry;
}

}  // namespace cluehound::store
