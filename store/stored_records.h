#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "evidence/capture_sink.h"
#include "extractors/listing.h"
#include "store/cluster.h"
#include "store/lead_fact.h"
#include "store/records.h"
#include "store/seller.h"

// Records that only the store itself sees. docs/store-format.md gives their keys.
namespace cluehound::store {

struct ListingList {
  std::vector<extractors::Listing> listings;
  friend bool operator==(const ListingList&, const ListingList&) = default;
};

// A known address. Its queue entry can be made from it again.
struct AddressRecord {
  std::string authority;
  std::string source;
  uint16_t depth = 0;
  uint8_t priority = 1;
  std::optional<Instant> due;  // absent: not again
  friend bool operator==(const AddressRecord&, const AddressRecord&) = default;
};

// The queue of one authority and source.
struct QueueRecord {
  std::optional<Instant>
      wake;  // where it stands in the schedule; absent: nowhere, nothing is due ever
  std::vector<uint8_t> lanes;  // the priorities it ever held
  uint64_t known = 0;          // addresses that were ever made known here
  friend bool operator==(const QueueRecord&, const QueueRecord&) = default;
};

// What a queue's key does not say of an address.
struct QueueEntry {
  uint16_t depth = 0;
  friend bool operator==(const QueueEntry&, const QueueEntry&) = default;
};

// No claims on an authority before this.
struct BlockRecord {
  Instant until{};
  friend bool operator==(const BlockRecord&, const BlockRecord&) = default;
};

// How many leads an index holds under one value.
struct CountRecord {
  uint64_t count = 0;
  friend bool operator==(const CountRecord&, const CountRecord&) = default;
};

// The leads of a row that agree in what rows are asked for by most: FacetValue() of each.
struct RowPart {
  std::string county;
  std::string elsewhere;
  std::string status;
  std::string silence;
  uint64_t leads = 0;
  friend bool operator==(const RowPart&, const RowPart&) = default;
};

// What stands in a row, counted.
struct RowTally {
  std::vector<RowPart> parts;         // by their values; none without leads
  std::optional<Instant> first_seen;  // of all of them; absent: the first one left the row

  friend bool operator==(const RowTally&, const RowTally&) = default;
};

struct AliasRecord {
  ListingIdentity identity;
  friend bool operator==(const AliasRecord&, const AliasRecord&) = default;
};

// A listing that carries or carried a lead.
struct ListingRecord {
  std::string name_space;
  std::string platform_id;  // empty: not known yet
  friend bool operator==(const ListingRecord&, const ListingRecord&) = default;
};

// The part of a lead that every sighting changes, apart so that a sighting rewrites some bytes and
// not some kilobytes.
struct LeadActivity {
  Instant last_seen{};
  uint64_t sightings = 0;
  bool watched = false;      // the next sighting is worth a note (store/lead_note.h)
  std::string place;         // where the indexes have the lead (store/rocksdb/lead_index.h)
  uint64_t text_number = 0;  // of its TextRecord; 0: none
  bool rechecked = false;    // its pages are visited daily (store/recheck.h)
  friend bool operator==(const LeadActivity&, const LeadActivity&) = default;
};

// What a lead is searched by, folded, and what its indexes say of it, so that a search need not read
// the lead.
struct TextRecord {
  LeadId lead;
  std::string text;
  std::string place;  // as in LeadActivity
  friend bool operator==(const TextRecord&, const TextRecord&) = default;
};

// An effect on other hosts' data, on its way: addresses to make known, facts for sellers and clusters.
struct OutboxEntry {
  Instant due{};
  std::vector<Discovery> addresses;
  std::vector<std::string> rechecks;  // known addresses that are due by then at the latest
  std::vector<LeadFact> facts;        // without their number, which is the entry's
  friend bool operator==(const OutboxEntry&, const OutboxEntry&) = default;
};

// An audit entry as it is stored, with what it proves of the lead that it speaks of.
struct AuditRecord : AuditEntry {
  Digest statement{};  // of the lead behind the batch (store/seal.h); zero: not of a lead, or not
                       // the last entry of that lead in the batch
};

// The leaf of an audit entry. Without salt and entry the digest tells nothing of what was there.
struct LogLeaf {
  std::string salt;   // 16 bytes; empty: the entry was erased
  Digest digest{};    // SHA-256 of salt and the entry's bytes: what RFC 6962 calls the leaf's input
  std::string nodes;  // of the whole subtrees that this leaf completed, from two leaves up
  friend bool operator==(const LogLeaf&, const LogLeaf&) = default;
};

// What a lead's record must be.
struct Seal {
  Digest digest{};     // SHA-256 of the record's bytes
  uint64_t audit = 0;  // the last audit entry with its statement; 0: none since format 1
  friend bool operator==(const Seal&, const Seal&) = default;
};

// The figures of the store and the last numbers given out; written with every batch that changes
// one.
struct Counters {
  uint64_t addresses = 0;
  uint64_t pages = 0;
  uint64_t listings = 0;
  uint64_t leads = 0;
  uint64_t sightings = 0;
  uint64_t last_audit = 0;
  uint64_t last_request = 0;
  uint64_t last_outbox = 0;
  evidence::CaptureRef last_capture;
  uint64_t last_publication = 0;
  uint64_t last_silence = 0;
  uint64_t silenced = 0;  // leads
  uint64_t last_watch = 0;
  uint64_t facts = 0;  // version of the facts that were sent of all leads; 0: never
  uint64_t last_text = 0;
  uint64_t open_epoch = 0;  // raised by every opening: the upper part of lease tokens
  uint64_t logged = 0;      // audit entries that are leaves of the log: all but while a format 1
                            // store is brought up
  std::string log_peaks;    // the whole subtrees of those, largest first, 32 bytes each
  bool sealed = false;      // every lead has its seal
  uint64_t last_campaign_start = 0;
  friend bool operator==(const Counters&, const Counters&) = default;
};

// A correlation that the leads were correlated with, so that a process without rules can go on.
struct CorrelationRecord {
  std::string id;
  int rev = 0;
  std::string title;
  std::string level;
  rules::Mode mode = rules::Mode::kLead;
  std::vector<rules::Correlation::By> group_by;
  rules::Correlation::Count count = rules::Correlation::Count::kLeads;
  int at_least = 0;
  int64_t within_ms = 0;
  std::vector<std::string> categories, rules, not_rules, blind_spots, checklist;
  bool ready = false;  // all leads met it
  friend bool operator==(const CorrelationRecord&, const CorrelationRecord&) = default;
};
CorrelationRecord RecordOf(const rules::Correlation& correlation);
rules::Correlation CorrelationOf(const CorrelationRecord& record);

}  // namespace cluehound::store
