#pragma once

#include "store/records.h"

namespace cluehound::store {

// What the audit log vouches for of a lead: what people decided, and what it is suspected of. All
// of it changes with an entry of its own. Facts that each visit may refresh (number sold, pictures,
// page, place) are not in it; the seal of the record covers those.
Digest StatementOf(const Lead& lead);

}  // namespace cluehound::store
