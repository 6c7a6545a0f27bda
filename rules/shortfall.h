#pragma once

#include <string>

#include "rules/judge.h"

namespace cluehound::rules {

// What of a listing a Judge was given, for saying why it decided as it did.
struct JudgedListing {
  const Catalog& catalog;
  const Binding& binding;
  const extractors::Listing& listing;
  const Reading& reading;
  const std::vector<Occurrence>&
      uncancelled;  // words as they were before exceptions cancelled some
  Instant now;
  const SellerList* watched;  // null: nobody knows
};

// Why a condition without parts does not hold or is unknown, in one sentence. What comes close is
// asked of the same judge with one requirement taken off at a time: another distance, another field,
// the other side. REQUIRES: `truth` is what the judge said, and not kTrue.
std::string Shortfall(const Condition& condition, Truth truth, Judge& judge,
                      const JudgedListing& of);

}  // namespace cluehound::rules
