#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "extractors/listing.h"
#include "store/records.h"
#include "store/stored_records.h"

// Which listing is which. Every name under which a listing may be met is an alias inside a
// namespace (the platform, else the host); the first known alias wins and later ones are added to
// it. When in doubt the answer is a new listing, never a silent merge. Identities are digests of
// the first alias, so that doing twice is doing once.
namespace cluehound::store {

struct Alias {
  std::string text;  // "i:12345", "u://shop.example/item?id=5", "w:<digest>"
  bool is_address =
      false;  // an address may move to another listing; a platform's own number does not
};

// The names of one listing, the surest first; at least one.
struct ListingNames {
  std::string name_space;
  std::string platform_id;  // empty: unknown
  std::vector<Alias> aliases;
};

// `own_page`: the page is about this listing alone (OwnPage below), so that its address names the
// listing too.
ListingNames NamesOf(const extractors::Listing& listing, std::string_view page_url, bool own_page);

// Whether a page is a listing's own: it gives one listing, and that one has no other address. (A
// list that happens to hold one entry gives that entry's address.)
bool OwnPage(const std::vector<extractors::Listing>& listings, std::string_view page_url);

// An address as an alias: without scheme, fragment and the parameters that only say where a visitor
// came from.
std::string AddressAlias(std::string_view url);

// Another way of reading addresses, to try: these parameters only say where a visitor came from, too,
// and those pick the goods.
struct AddressReading {
  std::vector<std::string> tracking;
  std::vector<std::string> kept;
};
std::string AddressAlias(std::string_view url, const AddressReading& reading);

// The table of aliases, read and extended by Identify.
class AliasTable {
 public:
  virtual ~AliasTable() = default;
  virtual Result<std::optional<AliasRecord>> FindAlias(const std::string& name_space,
                                                       const std::string& alias) = 0;
  virtual Result<std::optional<ListingRecord>> FindListing(const ListingIdentity& identity) = 0;
  virtual void PutAlias(const std::string& name_space, const std::string& alias,
                        const AliasRecord& record) = 0;
  virtual void PutListing(const ListingIdentity& identity, const ListingRecord& record) = 0;
};

// The identity of the listing with these names, if it is known.
Result<std::optional<ListingIdentity>> FindIdentity(const ListingNames& names, AliasTable& table);
// The same; makes it and its aliases known.
Result<ListingIdentity> Identify(const ListingNames& names, AliasTable& table);

// The first half of SHA-256 over (version, namespace, alias), in hex.
ListingIdentity DeriveIdentity(std::string_view name_space, std::string_view alias);
// The first half of SHA-256 over (version, identity, family), in hex.
LeadId DeriveLeadId(const ListingIdentity& identity, std::string_view family);
// The row of a lead (seller x mark). A seller without number or name is the site itself where the
// namespace is a host; on a platform each such listing is a row of its own, for nobody knows whose
// it is.
std::string RowKey(const Lead& lead);

}  // namespace cluehound::store
