#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "store/records.h"
#include "store/stored_records.h"

// The indexes of leads. Each lists leads under one value of one facet, strongest first, then
// newest; an entry carries what the other facets of the lead are, as digests, so that a query walks
// one index and reads only leads that fit.
namespace cluehound::store {

// The stored letters of the indexes.
enum class Facet : char {
  kAll = '*',
  kDay = 'd',
  kCategory = 'c',
  kMark = 'm',
  kSource = 's',
  kRule = 'r',
  kStatus = 't',
  kCounty = 'j',
  kRow = 'w',
  kNotice = 'x',
  kSilence = 'q',  // whether there is one
  kDispatch = 'g',
  kPlatform = 'b',
  kSeller = 'e',        // by name, and by number
  kSellerNumber = 'f',  // a digest only: it stands under kSeller
  kOfficer = 'o',
  kCampaign = 'a',
  kElsewhere = 'i',  // whether it is of another city; the others do not stand here
  kTag = 'z',        // each of its tags; those without stand nowhere
  // Pairs that no walk along one of the two finds fast enough.
  kCountyStatus = '1',
  kMarkStatus = '2',
  kRowStatus = '3',
  // In order of the last sighting.
  kLastSeen = 'l',
  kRowLastSeen = 'v',
};

// The facets that a query can ask for, beside kAll.
inline constexpr std::array<Facet, 17> kQueryFacets = {
    Facet::kDay,      Facet::kCategory, Facet::kMark,   Facet::kSource,       Facet::kRule,
    Facet::kStatus,   Facet::kCounty,   Facet::kRow,    Facet::kNotice,       Facet::kSilence,
    Facet::kDispatch, Facet::kPlatform, Facet::kSeller, Facet::kSellerNumber, Facet::kOfficer,
    Facet::kCampaign, Facet::kElsewhere};

std::string FacetValue(const Lead& lead, Facet facet);

// What the filter and the scope ask of a facet; nothing when they do not care.
std::optional<std::string> Asked(const LeadFilter& filter, const Scope& scope, Facet facet);
// A lead has several of them, so that no digest of an entry speaks of tags: along another index each
// lead is looked up in that of the tag (store/rocksdb/lead_walk.h).
bool HasTag(const Lead& lead, std::string_view tag);
// Whether the filter asks for another county than the scope allows.
bool AsksNothing(const LeadFilter& filter, const Scope& scope);
// All but the text.
bool Matches(const Lead& lead, const LeadFilter& filter, const Scope& scope);

// An index and the value in it.
struct FacetPlace {
  Facet facet;
  std::string value;
  friend bool operator==(const FacetPlace&, const FacetPlace&) = default;
};
// In the index of a pair.
std::string PairValue(std::string_view first, std::string_view second);
// Where a lead stands, beside kAll and the order of sightings.
std::vector<FacetPlace> PlacesOf(const Lead& lead);
// The indexes that hold everything that the filter asks for.
std::vector<FacetPlace> PlacesFor(const LeadFilter& filter, const Scope& scope);

// Where a lead stands in every index that has it.
struct LeadPosition {
  int score = 0;
  Instant first_seen{};
  LeadId id;

  static LeadPosition Of(const Lead& lead) {
    return {lead.suspicion.score, lead.first_seen, lead.id};
  }
  // As the end of a key.
  std::string Bytes() const;
  // From the last 25 bytes of a key.
  static std::optional<LeadPosition> Parse(std::string_view bytes);
};
inline constexpr size_t kPositionSize = 1 + 8 + 16;
// The end of a key in order of the last sighting.
std::string LastSeenBytes(Instant last_seen, const LeadId& id);
inline constexpr size_t kLastSeenSize = 8 + 16;

std::string IndexPrefix(Facet facet, std::string_view value);

// What an entry says of its lead: digests of the facets in the order of kQueryFacets, but of the row,
// in its place, the key; then when its check is due (0: never) and the number of its text. Always
// kDigestsSize bytes: a store whose entries are others makes them again (store/rocksdb/reindex.h).
struct FacetDigests {
  std::array<uint32_t, kQueryFacets.size()> digests{};  // that of the row is not used
  std::string row;
  uint64_t due = 0;  // milliseconds since 1970
  uint64_t text = 0;

  static FacetDigests Of(const Lead& lead, uint64_t text_number);
  std::string Bytes() const;
};
inline constexpr size_t kDigestsSize = (kQueryFacets.size() - 1) * 4 + 8 + 8 + 5;

// What a filter asks of entries, made ready: no allocation an entry.
class EntryTest {
 public:
  EntryTest(const LeadFilter& filter, const Scope& scope);
  // Whether a lead with this entry may match, but for the text: no false negatives, and false
  // positives only by chance. False for what is no entry.
  bool May(int score, std::string_view digests) const;

  // Whether no lead of this score can match.
  bool Weaker(int score) const { return score < score_from_; }

  // The parts of an entry of kDigestsSize.
  static std::string_view Row(std::string_view digests);  // 8 bytes
  static uint64_t Text(std::string_view digests);

 private:
  struct Wanted {
    size_t at;
    uint32_t digest;
  };
  std::vector<Wanted> wanted_;
  std::string row_;                 // 8 bytes; empty: any
  std::optional<uint32_t> seller_;  // of the name or the number
  uint64_t due_before_ = 0;         // 0: whenever
  int score_from_;
};

struct IndexEntry {
  std::string key;
  std::string value;
  friend bool operator==(const IndexEntry&, const IndexEntry&) = default;
};
// All entries of a lead, by key, but those in the order of sightings. `digests`: those of the lead.
std::vector<IndexEntry> EntriesOf(const Lead& lead, const std::string& digests);
// Of LeadActivity: score and first sighting, as in a position, then the digests.
std::string ActivityPlace(const Lead& lead, const std::string& digests);
inline constexpr size_t kPlaceHead = 9;
inline constexpr size_t kPlaceSize = kPlaceHead + kDigestsSize;
// kCorruption unless it has a place.
Result<TextRecord> DecodeText(std::string_view bytes);
// What a place of kPlaceSize says.
int ScoreAt(std::string_view place);
inline std::string_view DigestsAt(std::string_view place) { return place.substr(kPlaceHead); }
// The entries in order of the last sighting. Their value is the place. None without a place.
std::vector<IndexEntry> LastSeenEntries(const LeadId& id, const LeadActivity& activity);

// Of the entries and counts above. Raised whenever they are made otherwise.
inline constexpr uint64_t kIndexVersion = 6;
// Every key of kIndexes that a lead makes is in [first, second) of one of these.
std::vector<std::pair<std::string, std::string>> IndexRanges();
// kMeta: all counts of leads.
std::string CountPrefix();

// Which deferred leads come back, in order of their time.
std::string DeferredPrefix();
std::optional<std::pair<Instant, LeadId>> ParseDeferredKey(std::string_view key);

// The leads that a silence holds.
std::string SilencedPrefix(uint64_t silence);

// The lead of a number.
std::string NumberIndexKey(std::string_view number);
// kMeta: the last number given out.
std::string LastNumberKey(std::string_view prefix, int year);

// kMeta: how many leads stand under a value. Not of rows, which have a tally.
std::string CountKey(Facet facet, std::string_view value);
bool IsCounted(Facet facet);
// kMeta: what stands in a row.
std::string RowTallyPrefix();
std::string RowTallyKey(std::string_view row);
// Takes the lead in, or out again.
void Enter(const Lead& lead, std::optional<RowTally>& tally);
void Leave(const Lead& lead, std::optional<RowTally>& tally);
// Whether a tally is the same with either of two leads of its row.
bool CountAlike(const Lead& a, const Lead& b);
// How many leads of a row are asked for, of which at least one is; nothing when the tally does not
// know, for more is asked for than it tells apart.
std::optional<uint64_t> CountIn(const RowTally& tally, const LeadFilter& filter,
                                const Scope& scope);

// The index of pages with listings by the rule set that matched them last, and how many there are
// of each.
std::string StalePagePrefix(std::string_view rule_set);
std::string StalePageKey(std::string_view rule_set, std::string_view url);
std::string RuleSetCountPrefix();
std::string RuleSetCountKey(std::string_view rule_set);

}  // namespace cluehound::store
