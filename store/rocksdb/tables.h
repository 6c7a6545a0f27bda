#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "store/order_key.h"
#include "store/records.h"
#include "store/stored_records.h"

// The keys of every table. docs/store-format.md gives them in words.
namespace cluehound::store {

inline std::string PlainKey(std::string_view rest) { return KeyWriter().Rest(rest).Take(); }
inline std::string NumberKey(uint64_t number) { return KeyWriter().Number(number).Take(); }

// kAddresses, kPages, kListings
inline std::string AddressKey(std::string_view url) { return PlainKey(url); }

// kQueues
std::string QueuePrefix(std::string_view authority, std::string_view source);
std::string LanePrefix(std::string_view authority, std::string_view source, uint8_t lane);
std::string QueueKey(const AddressRecord& record, Instant due, std::string_view url);
struct QueuePlace {
  uint8_t lane = 0;
  Instant due{};
  std::string url;
};
// REQUIRES: the key begins with `queue_prefix`, a QueuePrefix.
std::optional<QueuePlace> ParseQueueKey(std::string_view key, size_t queue_prefix_size);

// kFrontier
std::string SchedulePrefix(std::string_view source);
std::string ScheduleKey(std::string_view source, Instant wake, std::string_view authority);
struct SchedulePlace {
  std::string source;
  Instant wake{};
  std::string authority;
};
std::optional<SchedulePlace> ParseScheduleKey(std::string_view key);
std::string ScheduleStart();
std::string QueueRecordStart();
std::string QueueRecordPrefix(std::string_view source);
std::string QueueRecordKey(std::string_view source, std::string_view authority);
std::string BlockKey(std::string_view authority);

// kLeads, kActivity: the 16 bytes of the id.
std::string LeadKey(std::string_view id);
// The bytes of lower-case hex; empty when it is none.
std::string FromHex(std::string_view hex);
// The 16 bytes of a lead's or listing's number; empty when it is none.
std::string IdBytes(std::string_view hex);

// kAliases
std::string AliasKey(std::string_view name_space, std::string_view alias);
std::string ListingKey(const ListingIdentity& identity);

// kSightings: newest first within a lead.
std::string SightingPrefix(std::string_view lead_id);
std::string SightingKey(const Sighting& sighting);

// kEntries: newest first within a lead.
std::string EntryPrefix(std::string_view lead_id);
std::string EntryKey(std::string_view lead_id, uint64_t number);

// kRows
inline std::string RowRecordKey(std::string_view row) { return PlainKey(row); }

// kPapers
std::string PaperKey(uint64_t number);
// The numbers of a kind, newest first; of all kinds with 0.
std::string PaperListPrefix(uint8_t kind);
std::string PaperListKey(uint8_t kind, uint64_t number);
std::string PaperNameKey(uint8_t kind, std::string_view key);
std::string PaperLeadPrefix(std::string_view lead_id);
std::string PaperLeadKey(std::string_view lead_id, uint64_t number);

// kMeta
std::string CountersKey();
// How the indexes were made.
std::string IndexVersionKey();
// Newest first.
std::string PublicationPrefix();
std::string PublicationKey(uint64_t number);
std::string CampaignStartPrefix();
std::string CampaignStartKey(uint64_t number);
// A record of the office's book (store/office_book.h).
std::string BookKey(char kind, std::string_view key);

// kRobots
inline std::string RobotsKey(std::string_view authority) { return PlainKey(authority); }

}  // namespace cluehound::store
