#include "store/key_change.h"

#include "tests/testing/testing.h"

namespace cluehound::store {
namespace {

Lead Of(const LeadId& id, const ListingIdentity& listing, const std::string& url,
        const std::string& number = "") {
  Lead lead;
  lead.id = id;
  lead.listing_identity = listing;
  lead.name_space = "shop.example";
  lead.listing.url = url;
  lead.listing.id = number;
  return lead;
}

TEST_CASE("ours: a parameter taken for tracking makes one listing of two") {
  KeyChange change({{"from"}, {}});
  change.Add(Of("1", "a", "http://shop.example/item?id=5&from=list"));
  change.Add(Of("2", "b", "http://shop.example/item?id=5&from=search"));
  change.Add(Of("3", "c", "http://shop.example/item?id=6"));
  const auto plan = change.Make();
  REQUIRE(plan.merge.size() == 1);
  CHECK(plan.merge[0] == std::vector<LeadId>{"1", "2"});
  CHECK(plan.split.empty());
  CHECK(plan.leads == 3);
  CHECK(plan.stay == 1);
}

TEST_CASE("ours: two numbers of a platform stay two listings under one address") {
  KeyChange change({{"from"}, {}});
  change.Add(Of("1", "a", "http://shop.example/item?from=list", "71"));
  change.Add(Of("2", "b", "http://shop.example/item?from=search", "72"));
  CHECK(change.Make().merge.empty());
}

TEST_CASE("ours: a parameter that picks the goods after all makes two listings of one") {
  KeyChange change({{}, {"spm"}});
  change.Add(Of("1", "a", "http://shop.example/item?spm=1"));
  change.Add(Of("2", "a", "http://shop.example/item?spm=2"));
  change.Add(Of("3", "b", "http://shop.example/item?spm=1", "9"));
  const auto plan = change.Make();
  REQUIRE(plan.split.size() == 1);
  CHECK(plan.split[0] == std::vector<LeadId>{"1", "2"});
  const auto as_now = [] {
    KeyChange same({});
    same.Add(Of("1", "a", "http://shop.example/item?spm=1"));
    same.Add(Of("2", "a", "http://shop.example/item?spm=2"));
    return same.Make();
  }();
  CHECK(as_now.split.empty());
  CHECK(as_now.stay == 2);
}

}  // namespace
}  // namespace cluehound::store
