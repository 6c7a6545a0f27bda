#include "store/identity.h"

#include "base/digest.h"
#include "base/text.h"
#include "base/url.h"
#include "store/lead_update.h"

namespace cluehound::store {
namespace {

// Parameters that name the way of a visitor and never the goods. Whoever adds one must know that no
// shop picks its goods by it: one too many merges two listings, one too few only makes two leads of
// one.
constexpr std::string_view kTrackingParameters[] = {
    "_ga",         "abbucket", "acm",         "ali_refid", "ali_trackid", "algo_exp_id",
    "algo_pvid",   "btsid",    "dclid",       "fbclid",    "gclid",       "mc_cid",
    "mc_eid",      "msclkid",  "pvid",        "scm",       "sharer_id",   "share_crt_v",
    "sp_tk",       "spm",      "spm_id_from", "tracelog",  "ut_sk",       "ws_ab_test",
    "xsec_source", "yclid"};

bool IsTracking(std::string_view parameter) {
  const std::string name = ToAsciiLower(parameter.substr(0, parameter.find('=')));
  if (name.starts_with("utm_") || name.starts_with("refer_page_")) return true;
  return std::find(std::begin(kTrackingParameters), std::end(kTrackingParameters), name) !=
         std::end(kTrackingParameters);
}

bool Names(const std::vector<std::string>& names, std::string_view parameter) {
  const std::string name = ToAsciiLower(parameter.substr(0, parameter.find('=')));
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string WithoutTracking(std::string_view query, const AddressReading& reading) {
  std::string kept;
  if (query.starts_with('?')) query.remove_prefix(1);
  for (const std::string_view parameter : SplitAscii(query, "&")) {
    if (Names(reading.tracking, parameter)) continue;
    if (IsTracking(parameter) && !Names(reading.kept, parameter)) continue;
    kept += kept.empty() ? '?' : '&';
    kept += parameter;
  }
  return kept;
}

std::string HostOf(std::string_view url) {
  const auto parsed = Url::Parse(url);
  return parsed.ok() ? std::string(parsed->host()) : "";
}

std::string HalfHex(const Digest& digest) { return Hex(Bytes(digest).substr(0, 16)); }

std::string WeakAlias(const extractors::Listing& listing, std::string_view page_url) {
  FieldDigest digest;
  if (!listing.title.empty()) {
    digest.Add(listing.title).Add(listing.seller);
  } else {  // nothing names it but its place and wording
    digest.Add(page_url).Add(listing.text).Add(listing.seller);
  }
  return "w:" + HalfHex(digest.Finish());
}

// The listing that an alias names, or nothing when it must not be taken for ours: an address under
// which another number was met stands for another listing now.
Result<std::optional<ListingIdentity>> Known(const ListingNames& names, const Alias& alias,
                                             AliasTable& table) {
  ASSIGN_OR_RETURN(const auto record, table.FindAlias(names.name_space, alias.text));
  if (!record) return std::optional<ListingIdentity>();
  if (alias.is_address && !names.platform_id.empty()) {
    ASSIGN_OR_RETURN(const auto listing, table.FindListing(record->identity));
    if (listing && !listing->platform_id.empty() && listing->platform_id != names.platform_id) {
      return std::optional<ListingIdentity>();
    }
  }
  return std::optional<ListingIdentity>(record->identity);
}

// The first alias under which no listing is known: what a new listing is called after.
Result<std::string> FirstFree(const ListingNames& names, AliasTable& table) {
  for (const Alias& alias : names.aliases) {
    ASSIGN_OR_RETURN(const auto record, table.FindAlias(names.name_space, alias.text));
    if (!record) return alias.text;
  }
  // All taken by listings with other numbers; then the number itself was among the aliases and
  // would have won.
  return Status::Corruption("no free alias in " + names.name_space);
}

}  // namespace

std::string AddressAlias(std::string_view url) { return AddressAlias(url, {}); }

std::string AddressAlias(std::string_view url, const AddressReading& reading) {
  const auto parsed = Url::Parse(url);
  if (!parsed.ok()) return "u:" + std::string(url);
  return "u://" + parsed->authority() + std::string(parsed->path()) +
         WithoutTracking(parsed->query(), reading);
}

bool OwnPage(const std::vector<extractors::Listing>& listings, std::string_view page_url) {
  if (listings.size() != 1) return false;
  const extractors::Listing& only = listings.front();
  return only.url.empty() || only.found_by == extractors::FoundBy::kOpenGraph ||
         AddressAlias(only.url) == AddressAlias(page_url);
}

ListingNames NamesOf(const extractors::Listing& listing, std::string_view page_url, bool own_page) {
  ListingNames names;
  names.platform_id = listing.id;
  names.name_space = listing.platform;
  if (names.name_space.empty()) names.name_space = HostOf(listing.url);
  if (names.name_space.empty()) names.name_space = HostOf(page_url);
  if (!listing.id.empty()) names.aliases.push_back({"i:" + listing.id, false});
  if (!listing.url.empty()) names.aliases.push_back({AddressAlias(listing.url), true});
  if (own_page) {
    std::string alias = AddressAlias(page_url);
    if (listing.url.empty() || alias != names.aliases.back().text) {
      names.aliases.push_back({std::move(alias), true});
    }
  }
  if (names.aliases.empty()) names.aliases.push_back({WeakAlias(listing, page_url), false});
  return names;
}

Result<std::optional<ListingIdentity>> FindIdentity(const ListingNames& names, AliasTable& table) {
  std::optional<ListingIdentity> identity;
  for (const Alias& alias : names.aliases) {
    ASSIGN_OR_RETURN(identity, Known(names, alias, table));
    if (identity) break;
  }
  return identity;
}

Result<ListingIdentity> Identify(const ListingNames& names, AliasTable& table) {
  ASSIGN_OR_RETURN(std::optional<ListingIdentity> identity, FindIdentity(names, table));
  ListingRecord listing{names.name_space, names.platform_id};
  if (!identity) {
    ASSIGN_OR_RETURN(const std::string alias, FirstFree(names, table));
    identity = DeriveIdentity(names.name_space, alias);
    table.PutListing(*identity, listing);
  } else if (!names.platform_id.empty()) {
    ASSIGN_OR_RETURN(const auto known, table.FindListing(*identity));
    if (!known || known->platform_id.empty()) table.PutListing(*identity, listing);
  }
  for (const Alias& alias : names.aliases) {
    ASSIGN_OR_RETURN(const auto record, table.FindAlias(names.name_space, alias.text));
    if (!record) table.PutAlias(names.name_space, alias.text, {*identity});
  }
  return *identity;
}

ListingIdentity DeriveIdentity(std::string_view name_space, std::string_view alias) {
  return HalfHex(FieldDigest().Add("cluehound listing 1").Add(name_space).Add(alias).Finish());
}

LeadId DeriveLeadId(const ListingIdentity& identity, std::string_view family) {
  return HalfHex(FieldDigest().Add("cluehound lead 1").Add(identity).Add(family).Finish());
}

std::string RowKey(const Lead& lead) {
  const extractors::Listing& listing = lead.listing;
  FieldDigest digest;
  digest.Add("cluehound row 1").Add(lead.name_space);
  if (!listing.seller_id.empty()) {
    digest.Add("id").Add(listing.seller_id);
  } else if (!listing.seller.empty()) {
    digest.Add("name").Add(listing.seller);
  } else if (listing.platform.empty() && lead.suspicion.family != kClueFamily) {
    digest.Add("site");
  } else {
    digest.Add("listing").Add(lead.listing_identity);
  }
  const rules::Suspicion& suspicion = lead.suspicion;
  digest.Add(suspicion.mark.empty() ? "family" : "mark");
  digest.Add(suspicion.mark.empty() ? suspicion.family : suspicion.mark);
  return HalfHex(digest.Finish()).substr(0, 16);
}

}  // namespace cluehound::store
