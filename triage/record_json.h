#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extractors/listing.h"
#include "rules/suspicion.h"
#include "store/records.h"
#include "store/seller.h"
#include "triage/statutory_line.h"

// Records as people's tools see them: one JSON object on one line, the fields in the order of docs/commands.md. Absent
// means unknown. Bytes that are no valid UTF-8 cannot occur in records; if they do, they become U+FFFD.
namespace cluehound::triage {

// `page` is the file, WARC record or address that the listing was found on.
std::string ListingJson(const extractors::Listing& listing, std::string_view page);

// A hit with the page and listing it stands in.
std::string HitJson(const rules::Hit& hit, const extractors::Listing& listing,
                    std::string_view page);

// `match`'s answer to one line of text.
std::string MatchJson(size_t line, const rules::Evaluation& evaluation);

// What is known of a lead beside itself.
struct LeadContext {
  std::vector<std::string> clusters;  // ids
  std::vector<StatutoryLine> lines;   // that the estimate reaches: for officers only
  int64_t compared_cents = 0;         // the seller's estimate that was held against them
};

// The listing's fields, then the lead's. With `now`, whether its deadline is over.
std::string LeadJson(const store::Lead& lead, std::optional<Instant> now = std::nullopt,
                     const LeadContext& context = {});

// seller x mark, with its strongest lead inside. `sales`: of its leads.
// Of a row: another one whenever a decision on the row was made or taken back; 0: there is none.
int64_t RevisionOf(const std::optional<store::RowStanding>& row);
std::string RowJson(const store::LeadRow& row, const store::RowSales& sales,
                    std::optional<Instant> now = std::nullopt);

std::string EntryJson(const store::LeadEntry& entry, std::string_view lead);

std::string SilenceJson(const store::Silence& silence, Instant now);
std::string SightingJson(const store::Sighting& sighting);
std::string AuditJson(const store::AuditEntry& entry);
std::string PublicationJson(const store::RuleSetPublication& publication);
// {"hash":..,"set":..}
std::string RuleSetJson(std::string_view hash, std::string_view set);
// {"leads":1000,"more":true}
std::string CountJson(const store::LeadCount& count);
std::string StatsJson(const store::StoreStats& stats);

}  // namespace cluehound::triage
