#include "store/order_key.h"

#include <algorithm>

#include "store/identity.h"
#include "store/rocksdb/lead_index.h"
#include "store/rocksdb/tables.h"
#include "tests/store/samples.h"

namespace cluehound::store::testing {
namespace {

TEST_CASE("keys: bytes sort as the parts do") {
  const std::vector<std::string> texts = {"",
                                          std::string(1, '\0'),
                                          std::string("\0\0", 2),
                                          std::string("\0\x01", 2),
                                          std::string("\0\xFF", 2),
                                          "\x01",
                                          "a",
                                          std::string("a\0", 2),
                                          "a\x01",
                                          "aa",
                                          "b",
                                          "\xFF",
                                          "\xFF\xFF"};
  REQUIRE(std::is_sorted(texts.begin(), texts.end()));
  const std::vector<Instant> times = {Instant::min(), FromMillis(-1), FromMillis(0),
                                      FromMillis(1),  kStart,         Instant::max()};
  std::vector<std::string> keys;
  for (const std::string& text : texts) {
    for (const Instant time : times) keys.push_back(KeyWriter().Text(text).Ascending(time).Take());
  }
  CHECK(std::is_sorted(keys.begin(), keys.end()));
  size_t i = 0;
  for (const std::string& text : texts) {
    for (const Instant time : times) {
      KeyReader reader(keys[i++]);
      CHECK(reader.Text() == text);
      CHECK(reader.Ascending() == time);
      CHECK(reader.ok());
    }
  }
  CHECK(KeyWriter().Descending(kStart).Take() <
        KeyWriter().Descending(kStart - Duration(1)).Take());
  CHECK(KeyReader(KeyWriter().Descending(kStart).Take()).Descending() == kStart);
  CHECK(KeyWriter().Number(255).Take() < KeyWriter().Number(256).Take());
}

TEST_CASE("keys: what is no key is noticed") {
  CHECK_FALSE(KeyReader("").ok());
  CHECK_FALSE(KeyReader("\x02").ok());
  const std::string cut_off = KeyWriter().Text("abc").Take().substr(0, 4);
  KeyReader cut(cut_off);
  cut.Text();
  CHECK_FALSE(cut.ok());
  KeyReader short_number("\x01\x02");
  short_number.Number();
  CHECK_FALSE(short_number.ok());
  CHECK_FALSE(ParseScheduleKey("\x01q"));
  CHECK_FALSE(ParseQueueKey("\x01", 1));
}

TEST_CASE(
    "keys: the end of a prefix is behind everything that begins with it, and before all else") {
  CHECK(PrefixEnd("a") == "b");
  CHECK(PrefixEnd("a\xFF\xFF") == "b");
  CHECK(PrefixEnd(std::string("a\0", 2)) == "a\x01");
}

TEST_CASE("keys: a queue's addresses stand by priority, then by time, then by address") {
  const AddressRecord first{"a.example", "shops", 1, 0, {}};
  const AddressRecord rest{"a.example", "shops", 1, 1, {}};
  const AddressRecord other{"a.example", "shops2", 1, 0, {}};
  const std::vector<std::string> keys = {
      QueueKey(first, At(5), "http://a/2"), QueueKey(first, At(6), "http://a/1"),
      QueueKey(rest, At(1), "http://a/3"), QueueKey(rest, At(1), "http://a/4"),
      QueueKey(other, At(0), "http://a/0")};
  CHECK(std::is_sorted(keys.begin(), keys.end()));
  const auto place = ParseQueueKey(keys[2], QueuePrefix("a.example", "shops").size());
  REQUIRE(place);
  CHECK(place->lane == 1);
  CHECK(place->due == At(1));
  CHECK(place->url == "http://a/3");
}

TEST_CASE("keys: hex of a number and back") {
  const std::string id = "00ff10a0b0c0d0e0f001020304050607";
  CHECK(Hex(IdBytes(id)) == id);
  CHECK(IdBytes("00") == "");
  CHECK(IdBytes(std::string(32, 'g')) == "");
  CHECK(FromHex("0") == "");
  CHECK(FromHex("0A") == "");  // ids are lower case
}

TEST_CASE(
    "indexes: a lead stands once in each, the stronger and newer first, and carries its other "
    "facets") {
  Lead lead;
  lead.id = std::string(32, '1');
  lead.listing = Goods("鸿雁", "1");
  lead.suspicion = Suspect("brand", 60);
  lead.source = "shops";
  lead.first_seen = kStart;
  const std::string digests = FacetDigests::Of(lead, 7).Bytes();
  REQUIRE(digests.size() == kDigestsSize);
  CHECK(EntryTest::Text(digests) == 7);
  CHECK(Hex(EntryTest::Row(digests)) == RowKey(lead));
  const auto entries = EntriesOf(lead, digests);
  CHECK(entries.size() == 11);  // no county
  const auto position =
      LeadPosition::Parse(entries[0].key.substr(entries[0].key.size() - kPositionSize));
  REQUIRE(position);
  CHECK(position->id == lead.id);
  CHECK(position->score == 60);
  CHECK(position->first_seen == kStart);
  LeadFilter filter;
  filter.mark = "hongyan";
  filter.day = FormatDay(kStart);
  filter.seller = lead.listing.seller;
  filter.score_from = 60;
  CHECK(EntryTest(filter, {}).May(60, digests));
  CHECK_FALSE(EntryTest(filter, {}).May(59, digests));
  CHECK_FALSE(EntryTest(filter, {}).May(60, "short"));
  CHECK_FALSE(EntryTest(filter, Scope{"shouguang"}).May(60, digests));
  filter.seller = "别家";
  CHECK_FALSE(EntryTest(filter, {}).May(60, digests));
  Lead stronger = lead;
  stronger.suspicion.score = 61;
  stronger.first_seen = At(-100000);
  Lead newer = lead;
  newer.first_seen = At(1);
  CHECK(EntriesOf(stronger, digests)[0].key < EntriesOf(newer, digests)[0].key);
  CHECK(EntriesOf(newer, digests)[0].key < entries[0].key);
  CHECK_FALSE(LeadPosition::Parse("short"));
}

}  // namespace
}  // namespace cluehound::store::testing
