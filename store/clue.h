#pragma once

#include <string_view>
#include <vector>

#include "store/identity.h"
#include "store/lead_update.h"
#include "store/page_findings.h"
#include "store/paper.h"

// How leads that people bring and leads that the machine finds become one. A clue is known by its
// address (store/identity.h), under whatever platform the machine files the listing later. The
// first family that the machine finds at the address joins the clue's lead, which keeps its number,
// its clock and its history; other families are leads of their own, as always.
namespace cluehound::store {

// In the table of aliases: addresses of leads, whatever their platform.
inline constexpr char kAddressNameSpace[] = "@";
// Of clues without any address: each is a listing of its own.
inline constexpr char kClueNameSpace[] = "clue";

// Lets those findings whose lead is not known yet join the lead of a clue at the same address, and
// makes the addresses of new leads known.
Status JoinClues(std::vector<Finding>& findings, AliasTable& aliases, const FindLead& find_lead);

// What a clue's finding is, for the leads it becomes or joins.
struct ClueTarget {
  ListingIdentity identity;
  std::string name_space;
  std::vector<LeadId> known;  // leads that are there, of this listing
};
// Makes the listing and its address known. `unique` names a clue that has no address.
Result<ClueTarget> TargetOf(const ClueFinding& finding, const ClueFindings& all,
                            std::string_view unique, AliasTable& aliases,
                            const FindLead& find_lead);

// What stands in a clue's lead when no rule found anything.
rules::Suspicion ClueSuspicion(const Paper& paper);

}  // namespace cluehound::store
