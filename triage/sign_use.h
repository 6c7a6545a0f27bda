#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "extractors/listing.h"
#include "store/paper.h"

// 地理标志专用标志: whether a lawful user shows the exclusive sign online, as far as a listing says.
namespace cluehound::triage {

enum class SignClaim { kUnknown, kSeen, kClaimed };  // no text; no word of the sign; it is named
std::string_view Name(SignClaim claim);              // "unknown", "seen", "claimed"

// Names as they are compared: without blanks, in lower case, full-width forms folded.
std::string FoldName(std::string_view name);

// The shop names that a registered user is known by, folded: its own, and `shops` (parted by ；、, or
// /).
std::vector<std::string> ShopNames(const store::Paper& user);

// Whether the listing is of these goods at all.
bool IsOfGoods(const extractors::Listing& listing, std::string_view gi);
// What it says of the sign. A title alone is no text: nothing is concluded from its silence.
SignClaim ClaimOf(const extractors::Listing& listing);

// The users in the order that the seed decides: of the digests of seed, sign and register entry, so
// that the same seed gives the same list however the register was imported.
std::vector<store::Paper> Shuffled(std::vector<store::Paper> users, std::string_view seed);

}  // namespace cluehound::triage
