#include "store/rocksdb/lead_index.h"

#include <algorithm>

#include "base/digest.h"
#include "store/identity.h"
#include "store/order_key.h"
#include "store/record_fields.h"
#include "store/rocksdb/tables.h"

namespace cluehound::store {
namespace {

constexpr uint8_t kPagesByRuleSet = 'P';
constexpr uint8_t kLeadCount = 'n';
constexpr uint8_t kRowTally = 'w';
constexpr uint8_t kRuleSetCount = 'p';
constexpr uint8_t kDeferred = 'U';
constexpr uint8_t kByNumber = 'N';
constexpr uint8_t kBySilence = 'H';
constexpr uint8_t kLastNumber = 'y';
constexpr size_t kRowSize = 8;
constexpr size_t kTextSize = 5;
constexpr char kPairMark = '\x1f';  // between the values of a pair

struct Pair {
  Facet facet;
  Facet first;
  Facet second;
};
constexpr Pair kPairs[] = {{Facet::kCountyStatus, Facet::kCounty, Facet::kStatus},
                           {Facet::kMarkStatus, Facet::kMark, Facet::kStatus},
                           {Facet::kRowStatus, Facet::kRow, Facet::kStatus}};

constexpr size_t SizeOf(Facet facet) { return facet == Facet::kRow ? kRowSize : 4; }

constexpr size_t OffsetOf(Facet facet) {
  size_t at = 0;
  for (const Facet each : kQueryFacets) {
    if (each == facet) return at;
    at += SizeOf(each);
  }
  return at;
}

void AppendNumber(std::string& out, uint64_t number, size_t bytes) {
  for (size_t i = bytes; i-- > 0;) out += static_cast<char>(number >> (8 * i));
}

uint64_t ReadNumber(std::string_view bytes, size_t at, size_t size) {
  uint64_t number = 0;
  for (size_t i = 0; i < size; ++i) number = number << 8 | static_cast<uint8_t>(bytes[at + i]);
  return number;
}

// FNV-1a: the values are our own (days, ids of marks and rules), so nobody picks them to collide.
uint32_t ShortDigest(std::string_view value) {
  uint32_t hash = 2166136261u;
  for (const char c : value) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619u;
  return hash;
}

// What a tally tells apart.
constexpr std::pair<Facet, std::string RowPart::*> kPartFacets[] = {
    {Facet::kCounty, &RowPart::county},
    {Facet::kElsewhere, &RowPart::elsewhere},
    {Facet::kStatus, &RowPart::status},
    {Facet::kSilence, &RowPart::silence}};

RowPart PartOf(const Lead& lead) {
  RowPart part;
  for (const auto& [facet, value] : kPartFacets) part.*value = FacetValue(lead, facet);
  part.leads = 1;
  return part;
}

bool Agree(const RowPart& a, const RowPart& b) {
  return std::all_of(std::begin(kPartFacets), std::end(kPartFacets),
                     [&](const auto& facet) { return a.*facet.second == b.*facet.second; });
}

bool Before(const RowPart& a, const RowPart& b) {
  for (const auto& [facet, value] : kPartFacets) {
    if (a.*value != b.*value) return a.*value < b.*value;
  }
  return false;
}

uint8_t ScoreByte(int score) { return static_cast<uint8_t>(255 - std::clamp(score, 0, 255)); }

}  // namespace

std::string FacetValue(const Lead& lead, Facet facet) {
  switch (facet) {
    case Facet::kAll:
      return "";
    case Facet::kDay:
      return FormatDay(lead.first_seen);
    case Facet::kCategory:
      return lead.suspicion.category;
    case Facet::kMark:
      return lead.suspicion.mark;
    case Facet::kSource:
      return lead.source;
    case Facet::kRule:
      return lead.suspicion.rule;
    case Facet::kStatus:
      return std::string(Name(lead.status));
    case Facet::kCounty:
      return lead.county;
    case Facet::kRow:
      return RowKey(lead);
    case Facet::kNotice:
      return lead.notice ? std::string(Name(*lead.notice)) : "";
    case Facet::kSilence:
      return lead.silenced != 0 ? "silenced" : "";
    case Facet::kDispatch:
      return lead.dispatch ? std::string(Name(lead.dispatch->state)) : "";
    case Facet::kPlatform:
      return lead.name_space;
    case Facet::kSeller:
      return lead.listing.seller;
    case Facet::kSellerNumber:
      return lead.listing.seller_id;
    case Facet::kOfficer:
      return OfficerOf(lead);
    case Facet::kCampaign:
      return lead.campaign;
    case Facet::kElsewhere:
      return IsElsewhere(lead) ? "elsewhere" : "";
    default:
      return "";  // no facet of its own
  }
}

std::optional<std::string> Asked(const LeadFilter& filter, const Scope& scope, Facet facet) {
  const auto unless_empty = [](const std::string& value) {
    return value.empty() ? std::nullopt : std::optional<std::string>(value);
  };
  switch (facet) {
    case Facet::kAll:
      return std::nullopt;
    case Facet::kDay:
      return unless_empty(filter.day);
    case Facet::kCategory:
      return unless_empty(filter.category);
    case Facet::kMark:
      return unless_empty(filter.mark);
    case Facet::kSource:
      return unless_empty(filter.source);
    case Facet::kRule:
      return unless_empty(filter.rule);
    case Facet::kStatus:
      if (filter.due_before && !filter.status) return std::string(Name(LeadStatus::kChecking));
      return filter.status ? std::optional<std::string>(Name(*filter.status)) : std::nullopt;
    case Facet::kCounty:
      return unless_empty(scope.county.empty() ? filter.county : scope.county);
    case Facet::kRow:
      return unless_empty(filter.row);
    case Facet::kNotice:
      return filter.notice ? std::optional<std::string>(Name(*filter.notice)) : std::nullopt;
    case Facet::kSilence:
      if (filter.silenced == LeadFilter::Silenced::kShown) return std::nullopt;
      return filter.silenced == LeadFilter::Silenced::kOnly ? "silenced" : "";
    case Facet::kDispatch:
      return filter.dispatch ? std::optional<std::string>(Name(*filter.dispatch)) : std::nullopt;
    case Facet::kPlatform:
      return unless_empty(filter.platform);
    case Facet::kSeller:
      return unless_empty(filter.seller);
    case Facet::kOfficer:
      return unless_empty(filter.officer);
    case Facet::kCampaign:
      return unless_empty(filter.campaign);
    case Facet::kElsewhere:
      if (filter.where == LeadFilter::Where::kAnywhere) return std::nullopt;
      return filter.where == LeadFilter::Where::kElsewhere ? "elsewhere" : "";
    default:
      return std::nullopt;
  }
}

bool HasTag(const Lead& lead, std::string_view tag) {
  return std::find(lead.tags.begin(), lead.tags.end(), tag) != lead.tags.end();
}

bool AsksNothing(const LeadFilter& filter, const Scope& scope) {
  return !filter.county.empty() && !scope.county.empty() && filter.county != scope.county;
}

bool Matches(const Lead& lead, const LeadFilter& filter, const Scope& scope) {
  if (AsksNothing(filter, scope) || lead.suspicion.score < filter.score_from) return false;
  if (filter.due_before && !IsDue(lead, *filter.due_before)) return false;
  if (!filter.tag.empty() && !HasTag(lead, filter.tag)) return false;
  return std::all_of(kQueryFacets.begin(), kQueryFacets.end(), [&](Facet facet) {
    const auto asked = Asked(filter, scope, facet);
    return !asked || *asked == FacetValue(lead, facet) ||
           (facet == Facet::kSeller && *asked == lead.listing.seller_id);
  });
}

std::string PairValue(std::string_view first, std::string_view second) {
  return std::string(first) + kPairMark + std::string(second);
}

std::vector<FacetPlace> PlacesOf(const Lead& lead) {
  std::vector<FacetPlace> places;
  for (const Facet facet : kQueryFacets) {
    std::string value = FacetValue(lead, facet);
    if (value.empty()) continue;
    const bool number = facet == Facet::kSellerNumber;
    if (number && value == lead.listing.seller) continue;
    places.push_back({number ? Facet::kSeller : facet, std::move(value)});
  }
  for (const std::string& tag : lead.tags) places.push_back({Facet::kTag, tag});
  for (const Pair& pair : kPairs) {
    const std::string first = FacetValue(lead, pair.first);
    if (!first.empty())
      places.push_back({pair.facet, PairValue(first, FacetValue(lead, pair.second))});
  }
  return places;
}

std::vector<FacetPlace> PlacesFor(const LeadFilter& filter, const Scope& scope) {
  std::vector<FacetPlace> places;
  for (const Facet facet : kQueryFacets) {
    const auto asked = Asked(filter, scope, facet);
    if (asked && !asked->empty()) places.push_back({facet, *asked});
  }
  if (!filter.tag.empty()) places.push_back({Facet::kTag, filter.tag});
  for (const Pair& pair : kPairs) {
    const auto first = Asked(filter, scope, pair.first);
    const auto second = Asked(filter, scope, pair.second);
    if (first && second) places.push_back({pair.facet, PairValue(*first, *second)});
  }
  return places;
}

std::string LeadPosition::Bytes() const {
  return KeyWriter("").Byte(ScoreByte(score)).Descending(first_seen).Rest(IdBytes(id)).Take();
}

std::optional<LeadPosition> LeadPosition::Parse(std::string_view bytes) {
  if (bytes.size() != kPositionSize) return std::nullopt;
  std::string versioned(1, kKeyVersion);
  versioned += bytes;
  KeyReader reader(versioned);
  LeadPosition position;
  position.score = 255 - reader.Byte();
  position.first_seen = reader.Descending();
  position.id = Hex(reader.Rest());
  return position;
}

std::string IndexPrefix(Facet facet, std::string_view value) {
  return KeyWriter().Byte(static_cast<uint8_t>(facet)).Text(value).Take();
}

std::string LastSeenBytes(Instant last_seen, const LeadId& id) {
  return KeyWriter("").Descending(last_seen).Rest(IdBytes(id)).Take();
}

FacetDigests FacetDigests::Of(const Lead& lead, uint64_t text_number) {
  FacetDigests made;
  for (size_t i = 0; i < made.digests.size(); ++i) {
    if (kQueryFacets[i] != Facet::kRow)
      made.digests[i] = ShortDigest(FacetValue(lead, kQueryFacets[i]));
  }
  made.row = RowKey(lead);
  if (lead.status == LeadStatus::kChecking && lead.clock)
    made.due = static_cast<uint64_t>(std::max<int64_t>(1, ToMillis(lead.clock->due)));
  made.text = text_number;
  return made;
}

std::string FacetDigests::Bytes() const {
  std::string bytes;
  for (size_t i = 0; i < digests.size(); ++i) {
    if (kQueryFacets[i] == Facet::kRow) {
      bytes += FromHex(row);
    } else {
      AppendNumber(bytes, digests[i], 4);
    }
  }
  AppendNumber(bytes, due, 8);
  AppendNumber(bytes, text, kTextSize);
  return bytes;
}

EntryTest::EntryTest(const LeadFilter& filter, const Scope& scope)
    : score_from_(filter.score_from) {
  for (const Facet facet : kQueryFacets) {
    const auto asked = Asked(filter, scope, facet);
    if (!asked) continue;
    if (facet == Facet::kRow) {
      row_ = FromHex(*asked);
      row_.resize(kRowSize, '\0');  // what is no key is that of no row
    } else if (facet == Facet::kSeller) {
      seller_ = ShortDigest(*asked);
    } else {
      wanted_.push_back({OffsetOf(facet), ShortDigest(*asked)});
    }
  }
  if (filter.due_before)
    due_before_ = static_cast<uint64_t>(std::max<int64_t>(1, ToMillis(*filter.due_before)));
}

bool EntryTest::May(int score, std::string_view digests) const {
  if (score < score_from_ || digests.size() != kDigestsSize) return false;
  for (const Wanted& wanted : wanted_) {
    if (ReadNumber(digests, wanted.at, 4) != wanted.digest) return false;
  }
  if (!row_.empty() && Row(digests) != row_) return false;
  if (due_before_ != 0) {
    const uint64_t due = ReadNumber(digests, kDigestsSize - kTextSize - 8, 8);
    if (due == 0 || due >= due_before_) return false;
  }
  return !seller_ || ReadNumber(digests, OffsetOf(Facet::kSeller), 4) == *seller_ ||
         ReadNumber(digests, OffsetOf(Facet::kSellerNumber), 4) == *seller_;
}

std::string_view EntryTest::Row(std::string_view digests) {
  return digests.substr(OffsetOf(Facet::kRow), kRowSize);
}

uint64_t EntryTest::Text(std::string_view digests) {
  return ReadNumber(digests, kDigestsSize - kTextSize, kTextSize);
}

std::vector<IndexEntry> EntriesOf(const Lead& lead, const std::string& digests) {
  const std::string position = LeadPosition::Of(lead).Bytes();
  std::vector<IndexEntry> entries = {{IndexPrefix(Facet::kAll, "") + position, digests}};
  for (const FacetPlace& place : PlacesOf(lead))
    entries.push_back({IndexPrefix(place.facet, place.value) + position, digests});
  if (lead.status == LeadStatus::kDeferred && lead.until) {
    entries.push_back(
        {KeyWriter(DeferredPrefix()).Ascending(*lead.until).Rest(IdBytes(lead.id)).Take(), ""});
  }
  if (lead.silenced != 0)
    entries.push_back({KeyWriter(SilencedPrefix(lead.silenced)).Rest(IdBytes(lead.id)).Take(), ""});
  if (!lead.number.empty()) entries.push_back({NumberIndexKey(lead.number), IdBytes(lead.id)});
  return entries;
}

std::string ActivityPlace(const Lead& lead, const std::string& digests) {
  return LeadPosition::Of(lead).Bytes().substr(0, kPlaceHead) + digests;
}

Result<TextRecord> DecodeText(std::string_view bytes) {
  ASSIGN_OR_RETURN(auto text, DecodeRecord<TextRecord>(bytes, "text"));
  if (text.place.size() != kPlaceSize) return Status::Corruption("a text has no place");
  return text;
}

int ScoreAt(std::string_view place) { return 255 - static_cast<uint8_t>(place[0]); }

std::vector<IndexEntry> LastSeenEntries(const LeadId& id, const LeadActivity& activity) {
  std::vector<IndexEntry> entries;
  if (activity.place.size() != kPlaceSize) return entries;
  const std::string end = LastSeenBytes(activity.last_seen, id);
  const std::string row = Hex(EntryTest::Row(DigestsAt(activity.place)));
  entries.push_back({IndexPrefix(Facet::kLastSeen, "") + end, activity.place});
  entries.push_back({IndexPrefix(Facet::kRowLastSeen, row) + end, activity.place});
  return entries;
}

std::vector<std::pair<std::string, std::string>> IndexRanges() {
  const auto key = [](int letter) { return KeyWriter().Byte(static_cast<uint8_t>(letter)).Take(); };
  // Between them stand pages.
  return {{key(0), key(kPagesByRuleSet)}, {key(kPagesByRuleSet + 1), PrefixEnd(key(255))}};
}

std::string CountPrefix() { return KeyWriter().Byte(kLeadCount).Take(); }

std::string DeferredPrefix() { return KeyWriter().Byte(kDeferred).Take(); }

std::optional<std::pair<Instant, LeadId>> ParseDeferredKey(std::string_view key) {
  KeyReader reader(key);
  const bool deferred = reader.Byte() == kDeferred;
  const Instant until = reader.Ascending();
  const std::string_view id = reader.Rest();
  if (!deferred || !reader.ok() || id.size() != 16) return std::nullopt;
  return std::make_pair(until, Hex(id));
}

std::string SilencedPrefix(uint64_t silence) {
  return KeyWriter().Byte(kBySilence).Number(silence).Take();
}

std::string NumberIndexKey(std::string_view number) {
  return KeyWriter().Byte(kByNumber).Rest(number).Take();
}

std::string LastNumberKey(std::string_view prefix, int year) {
  return KeyWriter().Byte(kLastNumber).Text(prefix).Number(static_cast<uint64_t>(year)).Take();
}

std::string CountKey(Facet facet, std::string_view value) {
  return KeyWriter().Byte(kLeadCount).Byte(static_cast<uint8_t>(facet)).Text(value).Take();
}

bool IsCounted(Facet facet) { return facet != Facet::kRow && facet != Facet::kRowStatus; }

std::string RowTallyPrefix() { return KeyWriter().Byte(kRowTally).Take(); }

std::string RowTallyKey(std::string_view row) {
  return KeyWriter().Byte(kRowTally).Rest(FromHex(row)).Take();
}

void Enter(const Lead& lead, std::optional<RowTally>& tally) {
  if (!tally) tally = RowTally{{}, lead.first_seen};
  if (tally->first_seen) tally->first_seen = std::min(*tally->first_seen, lead.first_seen);
  RowPart part = PartOf(lead);
  const auto at = std::lower_bound(tally->parts.begin(), tally->parts.end(), part, Before);
  if (at != tally->parts.end() && Agree(*at, part)) {
    ++at->leads;
  } else {
    tally->parts.insert(at, std::move(part));
  }
}

void Leave(const Lead& lead, std::optional<RowTally>& tally) {
  if (!tally) return;
  const RowPart part = PartOf(lead);
  const auto at = std::lower_bound(tally->parts.begin(), tally->parts.end(), part, Before);
  if (at != tally->parts.end() && Agree(*at, part) && --at->leads == 0) tally->parts.erase(at);
  if (tally->parts.empty()) {
    tally.reset();
  } else if (tally->first_seen == lead.first_seen) {
    tally->first_seen.reset();
  }
}

bool CountAlike(const Lead& a, const Lead& b) {
  return a.first_seen == b.first_seen && Agree(PartOf(a), PartOf(b));
}

std::optional<uint64_t> CountIn(const RowTally& tally, const LeadFilter& filter,
                                const Scope& scope) {
  if (!filter.text.empty() || !filter.tag.empty() || filter.score_from > 0 || filter.due_before)
    return std::nullopt;
  std::vector<std::pair<std::string RowPart::*, std::string>> wanted;
  for (const Facet facet : kQueryFacets) {
    auto asked = Asked(filter, scope, facet);
    if (!asked) continue;
    if (facet == Facet::kMark || facet == Facet::kRow || facet == Facet::kPlatform)
      continue;  // the leads of a row agree in them
    const auto known = std::find_if(std::begin(kPartFacets), std::end(kPartFacets),
                                    [&](const auto& part) { return part.first == facet; });
    if (known == std::end(kPartFacets)) return std::nullopt;
    wanted.emplace_back(known->second, *std::move(asked));
  }
  uint64_t leads = 0;
  for (const RowPart& part : tally.parts) {
    const bool fits = std::all_of(wanted.begin(), wanted.end(), [&](const auto& want) {
      return part.*want.first == want.second;
    });
    if (fits) leads += part.leads;
  }
  return leads;
}

std::string StalePagePrefix(std::string_view rule_set) {
  return KeyWriter().Byte(kPagesByRuleSet).Text(rule_set).Take();
}

std::string StalePageKey(std::string_view rule_set, std::string_view url) {
  return KeyWriter(StalePagePrefix(rule_set)).Rest(url).Take();
}

std::string RuleSetCountPrefix() { return KeyWriter().Byte(kRuleSetCount).Take(); }

std::string RuleSetCountKey(std::string_view rule_set) {
  return KeyWriter(RuleSetCountPrefix()).Rest(rule_set).Take();
}

}  // namespace cluehound::store
