#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "store/records.h"

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
};

// The facets that a query can ask for, beside kAll.
inline constexpr std::array<Facet, 11> kQueryFacets = {
    Facet::kDay,    Facet::kCategory, Facet::kMark,    Facet::kSource,
    Facet::kRule,   Facet::kStatus,   Facet::kCounty,  Facet::kRow,
    Facet::kNotice, Facet::kSilence,  Facet::kDispatch};

std::string FacetValue(const Lead& lead, Facet facet);

// What the filter and the scope ask of a facet; nothing when they do not care.
std::optional<std::string> Asked(const LeadFilter& filter, const Scope& scope, Facet facet);
bool Matches(const Lead& lead, const LeadFilter& filter, const Scope& scope);

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

std::string IndexPrefix(Facet facet, std::string_view value);

// What an entry says of its lead: digests of the facets in the order of kQueryFacets, but of the row,
// in its place, the key. Facets are only ever added at the end: an entry that was written before a
// facet was there ends early, and its lead has no value of it.
struct FacetDigests {
  std::array<uint32_t, kQueryFacets.size()> digests{};  // that of the row is not used
  std::string row;

  static FacetDigests Of(const Lead& lead);
  std::string Bytes() const;
  static std::optional<FacetDigests> Parse(std::string_view bytes);
  // Whether a lead with these may match: no false negatives, and false positives only by chance.
  bool Is(Facet facet, std::string_view value) const;
  bool MayMatch(const LeadFilter& filter, const Scope& scope) const;
};

struct IndexEntry {
  std::string key;
  std::string value;
  friend bool operator==(const IndexEntry&, const IndexEntry&) = default;
};
// All entries of a lead, by key.
std::vector<IndexEntry> EntriesOf(const Lead& lead);

// Which deferred leads come back, in order of their time.
std::string DeferredPrefix();
std::optional<std::pair<Instant, LeadId>> ParseDeferredKey(std::string_view key);

// The leads that a silence holds.
std::string SilencedPrefix(uint64_t silence);

// The lead of a number.
std::string NumberIndexKey(std::string_view number);
// kMeta: the last number given out.
std::string LastNumberKey(std::string_view prefix, int year);

// kMeta: how many leads stand under a value.
std::string CountKey(Facet facet, std::string_view value);

// The index of pages with listings by the rule set that matched them last, and how many there are
// of each.
std::string StalePagePrefix(std::string_view rule_set);
std::string StalePageKey(std::string_view rule_set, std::string_view url);
std::string RuleSetCountPrefix();
std::string RuleSetCountKey(std::string_view rule_set);

}  // namespace cluehound::store
