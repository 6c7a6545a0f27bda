#include "store/rocksdb/lead_index.h"

#include <algorithm>

#include "base/digest.h"
#include "store/identity.h"
#include "store/order_key.h"
#include "store/rocksdb/tables.h"

namespace cluehound::store {
namespace {

constexpr uint8_t kPagesByRuleSet = 'P';
constexpr uint8_t kLeadCount = 'n';
constexpr uint8_t kRuleSetCount = 'p';
constexpr uint8_t kDeferred = 'U';
constexpr uint8_t kByNumber = 'N';
constexpr uint8_t kBySilence = 'H';
constexpr uint8_t kLastNumber = 'y';
constexpr size_t kRowSize = 8;
constexpr size_t kFirstFacets = 8;  // those of the first entries ever written

// FNV-1a: the values are our own (days, ids of marks and rules), so nobody picks them to collide.
uint32_t ShortDigest(std::string_view value) {
  uint32_t hash = 2166136261u;
  for (const char c : value) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619u;
  return hash;
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
  }
  return "";
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
  }
  return std::nullopt;
}

bool Matches(const Lead& lead, const LeadFilter& filter, const Scope& scope) {
  if (!filter.county.empty() && filter.county != lead.county) return false;
  if (filter.due_before && !IsDue(lead, *filter.due_before)) return false;
  return std::all_of(kQueryFacets.begin(), kQueryFacets.end(), [&](Facet facet) {
    const auto asked = Asked(filter, scope, facet);
    return !asked || *asked == FacetValue(lead, facet);
  });
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

FacetDigests FacetDigests::Of(const Lead& lead) {
  FacetDigests made;
  for (size_t i = 0; i < made.digests.size(); ++i) {
    if (kQueryFacets[i] != Facet::kRow)
      made.digests[i] = ShortDigest(FacetValue(lead, kQueryFacets[i]));
  }
  made.row = RowKey(lead);
  return made;
}

std::string FacetDigests::Bytes() const {
  std::string bytes;
  for (size_t i = 0; i < digests.size(); ++i) {
    if (kQueryFacets[i] == Facet::kRow) {
      bytes += FromHex(row);
      continue;
    }
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(digests[i] >> shift);
  }
  return bytes;
}

std::optional<FacetDigests> FacetDigests::Parse(std::string_view bytes) {
  FacetDigests parsed;
  parsed.digests.fill(ShortDigest(""));
  for (size_t i = 0; i < parsed.digests.size(); ++i) {
    if (i >= kFirstFacets && bytes.empty()) break;
    const size_t size = kQueryFacets[i] == Facet::kRow ? kRowSize : 4;
    if (bytes.size() < size) return std::nullopt;
    if (kQueryFacets[i] == Facet::kRow) {
      parsed.row = Hex(bytes.substr(0, size));
    } else {
      parsed.digests[i] = 0;
      for (size_t k = 0; k < size; ++k)
        parsed.digests[i] = (parsed.digests[i] << 8) | static_cast<uint8_t>(bytes[k]);
    }
    bytes.remove_prefix(size);
  }
  return bytes.empty() ? std::optional<FacetDigests>(parsed) : std::nullopt;
}

bool FacetDigests::Is(Facet facet, std::string_view value) const {
  if (facet == Facet::kRow) return row == value;
  for (size_t i = 0; i < digests.size(); ++i) {
    if (kQueryFacets[i] == facet) return digests[i] == ShortDigest(value);
  }
  return false;
}

bool FacetDigests::MayMatch(const LeadFilter& filter, const Scope& scope) const {
  return std::all_of(kQueryFacets.begin(), kQueryFacets.end(), [&](Facet facet) {
    const auto asked = Asked(filter, scope, facet);
    return !asked || Is(facet, *asked);
  });
}

std::vector<IndexEntry> EntriesOf(const Lead& lead) {
  const std::string position = LeadPosition::Of(lead).Bytes();
  const std::string value = FacetDigests::Of(lead).Bytes();
  std::vector<IndexEntry> entries = {{IndexPrefix(Facet::kAll, "") + position, value}};
  for (const Facet facet : kQueryFacets) {
    const std::string of = FacetValue(lead, facet);
    if (!of.empty()) entries.push_back({IndexPrefix(facet, of) + position, value});
  }
  if (lead.status == LeadStatus::kDeferred && lead.until) {
    entries.push_back(
        {KeyWriter(DeferredPrefix()).Ascending(*lead.until).Rest(IdBytes(lead.id)).Take(), ""});
  }
  if (lead.silenced != 0)
    entries.push_back({KeyWriter(SilencedPrefix(lead.silenced)).Rest(IdBytes(lead.id)).Take(), ""});
  if (!lead.number.empty()) entries.push_back({NumberIndexKey(lead.number), IdBytes(lead.id)});
  return entries;
}

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
