#include "store/record_codec.h"

#include "store/record_fields.h"
#include "tests/store/samples.h"

namespace cluehound::store::testing {
namespace {

struct Small {
  uint32_t number = 7;  // a default that is not zero
  std::string text;
  std::optional<int64_t> maybe;
  std::vector<std::string> list;
  friend bool operator==(const Small&, const Small&) = default;
};

// The same record as a later program knows it.
struct Grown {
  uint32_t number = 7;
  std::string text;
  std::optional<int64_t> maybe;
  std::vector<std::string> list;
  Small inner;
  bool flag = true;
  std::vector<uint64_t> numbers;
  friend bool operator==(const Grown&, const Grown&) = default;
};

Lead FullLead() {
  Lead lead;
  lead.id = std::string(32, 'a');
  lead.revision = 17;
  lead.listing_identity = std::string(32, 'b');
  lead.name_space = "plat";
  lead.page_url = "http://a.example/1";
  lead.source = "shops";
  lead.listing = Goods("鸿雁 高仿", "1");
  lead.listing.sold = 0;  // known to be none
  lead.listing.viewers = -1;
  lead.listing.images = {"http://a.example/1.jpg", ""};
  lead.listing.merchants = {"甲", "乙"};
  lead.suspicion = Suspect("brand");
  lead.suspicion.score_parts.push_back({"老店", -10});
  lead.status = LeadStatus::kDeferred;
  lead.first_seen = kStart;
  lead.last_seen = FromMillis(-5);
  lead.sightings = UINT64_MAX;
  lead.capture = {"a.warc.gz", 1ull << 40, 12, Sha256("x")};
  lead.own_page = true;
  lead.wordings = {0, 1, UINT64_MAX};
  return lead;
}

}  // namespace
}  // namespace cluehound::store::testing

namespace cluehound::store {
template <>
struct Described<testing::Small> {
  using T = testing::Small;
  static constexpr auto kFields = std::make_tuple(Tagged(1, &T::number), Tagged(2, &T::text),
                                                  Tagged(3, &T::maybe), Tagged(4, &T::list));
};
template <>
struct Described<testing::Grown> {
  using T = testing::Grown;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::number), Tagged(2, &T::text), Tagged(3, &T::maybe), Tagged(4, &T::list),
      Tagged(5, &T::inner), Tagged(6, &T::flag), Tagged(9000, &T::numbers));
};
}  // namespace cluehound::store

namespace cluehound::store::testing {
namespace {

template <class T>
T RoundTrip(const T& value) {
  const auto decoded = DecodeRecord<T>(EncodeRecord(value), "record");
  REQUIRE_OK(decoded);
  return *decoded;
}

TEST_CASE("records: what is written is read, in every field") {
  CHECK(RoundTrip(FullLead()) == FullLead());
  CHECK(RoundTrip(Lead()) == Lead());
  PageState page;
  page.fetched = kStart;
  page.outcome = Outcome::kBlocked;
  page.body_digest = Sha256("body");
  page.extractor_revision = "r";
  page.rule_set = "rules";
  page.listings = {"a", "b"};
  page.leads = {"c"};
  page.listing_count = 48;
  page.failures = 3;
  page.source = "shops";
  CHECK(RoundTrip(page) == page);
  const AuditEntry entry{9,   kStart,   {"root", "王芳"}, "lead.decide",
                         "x", "before", "after",          "reason"};
  CHECK(RoundTrip(entry) == entry);
  const AddressRecord address{"a.example", "shops", 65535, 0, kStart};
  CHECK(RoundTrip(address) == address);
  const QueueRecord queue{Instant::min(), {0, 1, 255}, 77};
  CHECK(RoundTrip(queue) == queue);
  const OutboxEntry entry_out{kStart, {Found("a", "1"), Found("b", "2")}, {}, {}};
  CHECK(RoundTrip(entry_out) == entry_out);
  Counters counters;
  counters.leads = UINT64_MAX;
  counters.last_capture = {"f", 1, 2, Sha256("y")};
  CHECK(RoundTrip(counters) == counters);
}

TEST_CASE("records: a default that is not zero can be zero in a record") {
  Small small;
  small.number = 0;
  small.maybe = 0;
  small.list = {""};
  CHECK(RoundTrip(small) == small);
  CHECK(EncodeRecord(Small()).size() == 1);  // nothing but the version
}

TEST_CASE("records: fields of a later program are skipped, missing ones keep their defaults") {
  Grown grown;
  grown.number = 1;
  grown.text = "t";
  grown.maybe = -3;
  grown.list = {"a"};
  grown.inner.text = "inner";
  grown.flag = false;
  grown.numbers = {1, 2};
  const auto small = DecodeRecord<Small>(EncodeRecord(grown), "record");
  REQUIRE_OK(small);
  CHECK(*small == Small{1, "t", -3, {"a"}});
  const auto again = DecodeRecord<Grown>(EncodeRecord(*small), "record");
  REQUIRE_OK(again);
  CHECK(again->flag);
  CHECK(again->inner == Small());
  CHECK(again->text == "t");
}

TEST_CASE("records: every damage is corruption, never a crash or another record's value") {
  const std::string good = EncodeRecord(FullLead());
  for (size_t cut = 0; cut < good.size(); ++cut) {
    const auto decoded = DecodeRecord<Lead>(good.substr(0, cut), "record");
    if (!decoded.ok()) CHECK(decoded.status().code() == Code::kCorruption);
  }
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x40);
    const auto decoded = DecodeRecord<Lead>(bad, "record");
    if (!decoded.ok()) CHECK(decoded.status().code() == Code::kCorruption);
  }
}

TEST_CASE("records: another version, numbers out of range and lists without end are refused") {
  CHECK(DecodeRecord<Small>("", "record").status().code() == Code::kCorruption);
  CHECK(DecodeRecord<Small>("\x02", "record").status().message().find("version 2") !=
        std::string::npos);
  const auto refuses = [](const std::string& fields) {
    return DecodeRecord<Lead>("\x01" + fields, "record").status().code() == Code::kCorruption;
  };
  CHECK(refuses(std::string("\x28\x00", 2)));                      // status 0
  CHECK(refuses("\x28\x63"));                                      // status 99
  CHECK(refuses("\x05\x05"));                                      // more text than there is
  CHECK(refuses("\x04\x01"));                                      // a number where text belongs
  CHECK(refuses("\x0b\x01"));                                      // an unknown kind of value
  CHECK(refuses("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"));  // more than 64 bits
  CHECK_FALSE(refuses("\x28\x01"));
  // Empty listings are two bytes each and hundreds in memory: the total is bounded.
  std::string many = "\x01";
  for (int i = 0; i < 1000000; ++i) many += std::string("\x05\x00", 2);
  CHECK(DecodeRecord<ListingList>(many, "record").status().code() == Code::kCorruption);
}

}  // namespace
}  // namespace cluehound::store::testing
