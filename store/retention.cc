#include "store/retention.h"

#include <algorithm>

namespace cluehound::store {
namespace {

constexpr std::string extractors::Listing::*kPersonal[] = {
    &extractors::Listing::seller,           &extractors::Listing::seller_id,
    &extractors::Listing::location,         &extractors::Listing::room_operator,
    &extractors::Listing::marketing_person, &extractors::Listing::text};

}  // namespace

bool IsKept(const Lead& lead) {
  switch (lead.status) {
    case LeadStatus::kRuledOut:
    case LeadStatus::kDuplicate:
    case LeadStatus::kClosed:
      return !lead.case_number.empty();
    case LeadStatus::kNew:
    case LeadStatus::kChecking:
    case LeadStatus::kFiled:
    case LeadStatus::kReferred:
    case LeadStatus::kPlatform:
    case LeadStatus::kDeferred:
      return true;
  }
  return true;
}

bool HasPersons(const Lead& lead) {
  const auto full = [&](auto field) { return !(lead.listing.*field).empty(); };
  return std::any_of(std::begin(kPersonal), std::end(kPersonal), full) ||
         !lead.listing.merchants.empty() || !lead.listing.images.empty() ||
         !lead.jurisdiction.text.empty();
}

Lead WithoutPersons(Lead lead) {
  for (const auto field : kPersonal) (lead.listing.*field).clear();
  lead.listing.merchants.clear();
  lead.listing.images.clear();
  lead.jurisdiction.text.clear();
  // Hits and signs in the title still point into it; those in erased texts lose their quotation.
  const auto is_gone = [](const std::string& field) { return field != "title"; };
  for (rules::Hit& hit : lead.suspicion.hits) {
    if (is_gone(hit.field)) hit.text.clear();
  }
  for (rules::Sign& sign : lead.suspicion.signs) {
    if (is_gone(sign.field)) sign.text.clear();
  }
  ++lead.revision;
  return lead;
}

}  // namespace cluehound::store
