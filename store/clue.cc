#include "store/clue.h"

#include <algorithm>
#include <unordered_set>

namespace cluehound::store {
namespace {

std::string AddressOf(const Finding& finding) {
  if (!finding.listing->url.empty()) return AddressAlias(finding.listing->url);
  return finding.own_page ? AddressAlias(finding.page_url) : "";
}

// The lead of a clue at this listing or address that a finding of `family` may join.
Result<std::optional<LeadId>> JoinableClue(const ListingIdentity& identity,
                                           const std::string& address, const std::string& family,
                                           AliasTable& aliases, const FindLead& find_lead) {
  std::vector<ListingIdentity> identities = {identity};
  if (!address.empty()) {
    ASSIGN_OR_RETURN(const auto alias, aliases.FindAlias(kAddressNameSpace, address));
    if (alias && alias->identity != identity) identities.push_back(alias->identity);
  }
  for (const ListingIdentity& candidate : identities) {
    ASSIGN_OR_RETURN(const auto clue, find_lead(DeriveLeadId(candidate, kClueFamily)));
    if (clue && (clue->suspicion.family == kClueFamily || clue->suspicion.family == family))
      return std::optional<LeadId>(clue->id);
  }
  return std::optional<LeadId>();
}

Status KeepAddress(const std::string& address, const ListingIdentity& identity,
                   AliasTable& aliases) {
  if (address.empty()) return Status::Ok();
  ASSIGN_OR_RETURN(const auto known, aliases.FindAlias(kAddressNameSpace, address));
  if (!known) aliases.PutAlias(kAddressNameSpace, address, {identity});
  return Status::Ok();
}

}  // namespace

Status JoinClues(std::vector<Finding>& findings, AliasTable& aliases, const FindLead& find_lead) {
  std::unordered_set<LeadId> taken;
  for (const Finding& finding : findings) taken.insert(finding.lead);
  for (Finding& finding : findings) {
    ASSIGN_OR_RETURN(const auto known, find_lead(finding.lead));
    if (known) continue;
    const std::string address = AddressOf(finding);
    ASSIGN_OR_RETURN(const auto clue, JoinableClue(finding.identity, address,
                                                   finding.suspicion->family, aliases, find_lead));
    if (clue && taken.insert(*clue).second) {
      finding.lead = *clue;
    } else {
      RETURN_IF_ERROR(KeepAddress(address, finding.identity, aliases));
    }
  }
  return Status::Ok();
}

Result<ClueTarget> TargetOf(const ClueFinding& finding, const ClueFindings& all,
                            std::string_view unique, AliasTable& aliases,
                            const FindLead& find_lead) {
  const extractors::Listing& listing = finding.listing;
  std::string address = listing.url.empty() ? "" : AddressAlias(listing.url);
  if (address.empty() && finding.own_page) address = AddressAlias(finding.page_url);
  ListingNames names = NamesOf(listing, finding.page_url, finding.own_page);
  if (names.name_space.empty()) {  // only words
    names = {kClueNameSpace, "", {{"c:" + std::string(unique), false}}};
  }
  ClueTarget target;
  target.name_space = names.name_space;
  ASSIGN_OR_RETURN(auto identity, FindIdentity(names, aliases));
  if (!identity && !address.empty()) {
    ASSIGN_OR_RETURN(const auto alias, aliases.FindAlias(kAddressNameSpace, address));
    if (alias) identity = alias->identity;
  }
  if (identity) {
    target.identity = *identity;
  } else {
    ASSIGN_OR_RETURN(target.identity, Identify(names, aliases));
  }
  RETURN_IF_ERROR(KeepAddress(address, target.identity, aliases));
  std::vector<std::string> families = {std::string(kClueFamily)};
  families.insert(families.end(), all.families.begin(), all.families.end());
  for (const std::string& family : families) {
    ASSIGN_OR_RETURN(const auto lead, find_lead(DeriveLeadId(target.identity, family)));
    if (lead) target.known.push_back(lead->id);
  }
  return target;
}

rules::Suspicion ClueSuspicion(const Paper& paper) {
  rules::Suspicion suspicion;
  suspicion.rule = kClueFamily;
  suspicion.rev = 1;
  suspicion.family = kClueFamily;
  suspicion.category = paper.Get("category");
  if (suspicion.category.empty()) suspicion.category = "unknown";
  suspicion.mark = paper.Get("mark");
  suspicion.mark_name = suspicion.mark;
  suspicion.notes = {"由人提供的线索，无规则命中"};
  return suspicion;
}

}  // namespace cluehound::store
