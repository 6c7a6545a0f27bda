#pragma once

#include <vector>

#include "crawler/source.h"
#include "store/records.h"

namespace cluehound::app {

// The pages of live rooms that a list page shows and that carry a lead: they are gone when the broadcast ends, so they
// are captured at once. On the source's hosts, as its links are, but whatever its depth; first in their queue.
std::vector<store::Discovery> LiveRooms(const store::PageCommit& commit,
                                        const crawler::SourceSettings& source);

}  // namespace cluehound::app
