#pragma once

#include <chrono>
#include <optional>

#include "store/records.h"

// 回查: while a lead is under check or with its platform, the pages that hold it are visited daily,
// however seldom their source is. The pace of hosts, Retry-After and robots.txt are not touched.
namespace cluehound::store {

inline constexpr std::chrono::hours kRecheckEvery{24};

bool IsRechecked(const Lead& lead);

// When a page with such a lead on it is visited next, after this commit.
std::optional<Instant> RecheckDue(const PageCommit& commit);

// By when the page of a lead is to be visited, now that the lead became what it is; nothing when
// that asks for no visit.
std::optional<Instant> RecheckAfter(const Lead& before, const Lead& after, Instant at);

}  // namespace cluehound::store
