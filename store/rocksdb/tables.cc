#include "store/rocksdb/tables.h"

namespace cluehound::store {
namespace {

// What a key of a shared table is of.
constexpr uint8_t kSchedule = 's';
constexpr uint8_t kQueueRecord = 'q';
constexpr uint8_t kBlock = 'b';
constexpr uint8_t kAlias = 'a';
constexpr uint8_t kListing = 'l';
constexpr uint8_t kCounters = 'c';
constexpr uint8_t kIndexVersion = 'v';
constexpr uint8_t kPublication = 'r';
constexpr uint8_t kCampaignStart = 'k';
constexpr uint8_t kBook = 'o';

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::string QueuePrefix(std::string_view authority, std::string_view source) {
  return KeyWriter().Text(authority).Text(source).Take();
}

std::string LanePrefix(std::string_view authority, std::string_view source, uint8_t lane) {
  return KeyWriter(QueuePrefix(authority, source)).Byte(lane).Take();
}

std::string QueueKey(const AddressRecord& record, Instant due, std::string_view url) {
  return KeyWriter(LanePrefix(record.authority, record.source, record.priority))
      .Ascending(due)
      .Rest(url)
      .Take();
}

std::optional<QueuePlace> ParseQueueKey(std::string_view key, size_t queue_prefix_size) {
  if (key.size() < queue_prefix_size + 9) return std::nullopt;
  // The reader wants a version first: give it the byte before the lane as one.
  std::string rest(1, kKeyVersion);
  rest += key.substr(queue_prefix_size);
  KeyReader reader(rest);
  QueuePlace place;
  place.lane = reader.Byte();
  place.due = reader.Ascending();
  place.url = reader.Rest();
  return place;
}

std::string ScheduleStart() { return KeyWriter().Byte(kSchedule).Take(); }

std::string SchedulePrefix(std::string_view source) {
  return KeyWriter(ScheduleStart()).Text(source).Take();
}

std::string ScheduleKey(std::string_view source, Instant wake, std::string_view authority) {
  return KeyWriter(SchedulePrefix(source)).Ascending(wake).Rest(authority).Take();
}

std::optional<SchedulePlace> ParseScheduleKey(std::string_view key) {
  KeyReader reader(key);
  SchedulePlace place;
  const bool schedule = reader.Byte() == kSchedule;
  place.source = reader.Text();
  place.wake = reader.Ascending();
  place.authority = reader.Rest();
  if (!schedule || !reader.ok()) return std::nullopt;
  return place;
}

std::string QueueRecordStart() { return KeyWriter().Byte(kQueueRecord).Take(); }

std::string QueueRecordPrefix(std::string_view source) {
  return KeyWriter(QueueRecordStart()).Text(source).Take();
}

std::string QueueRecordKey(std::string_view source, std::string_view authority) {
  return KeyWriter(QueueRecordPrefix(source)).Rest(authority).Take();
}

std::string BlockKey(std::string_view authority) {
  return KeyWriter().Byte(kBlock).Rest(authority).Take();
}

std::string FromHex(std::string_view hex) {
  std::string bytes;
  if (hex.size() % 2 != 0) return bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    const int high = HexDigit(hex[i]);
    const int low = HexDigit(hex[i + 1]);
    if (high < 0 || low < 0) return "";
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::string IdBytes(std::string_view hex) { return hex.size() == 32 ? FromHex(hex) : ""; }

std::string LeadKey(std::string_view id) { return PlainKey(IdBytes(id)); }

std::string AliasKey(std::string_view name_space, std::string_view alias) {
  return KeyWriter().Byte(kAlias).Text(name_space).Rest(alias).Take();
}

std::string ListingKey(const ListingIdentity& identity) {
  return KeyWriter().Byte(kListing).Rest(IdBytes(identity)).Take();
}

std::string SightingPrefix(std::string_view lead_id) { return PlainKey(IdBytes(lead_id)); }

std::string SightingKey(const Sighting& sighting) {
  return KeyWriter(SightingPrefix(sighting.lead))
      .Descending(sighting.seen)
      .Rest(sighting.page_url)
      .Take();
}

std::string EntryPrefix(std::string_view lead_id) { return PlainKey(IdBytes(lead_id)); }

std::string EntryKey(std::string_view lead_id, uint64_t number) {
  return KeyWriter(EntryPrefix(lead_id)).Number(UINT64_MAX - number).Take();
}

std::string PaperKey(uint64_t number) { return KeyWriter().Byte('n').Number(number).Take(); }

std::string PaperListPrefix(uint8_t kind) { return KeyWriter().Byte('k').Byte(kind).Take(); }

std::string PaperListKey(uint8_t kind, uint64_t number) {
  return KeyWriter(PaperListPrefix(kind)).Number(UINT64_MAX - number).Take();
}

std::string PaperNameKey(uint8_t kind, std::string_view key) {
  return KeyWriter().Byte('u').Byte(kind).Rest(key).Take();
}

std::string PaperLeadPrefix(std::string_view lead_id) {
  return KeyWriter().Byte('l').Rest(IdBytes(lead_id)).Take();
}

std::string PaperLeadKey(std::string_view lead_id, uint64_t number) {
  return KeyWriter(PaperLeadPrefix(lead_id)).Number(UINT64_MAX - number).Take();
}

std::string CountersKey() { return KeyWriter().Byte(kCounters).Take(); }

std::string IndexVersionKey() { return KeyWriter().Byte(kIndexVersion).Take(); }

std::string PublicationPrefix() { return KeyWriter().Byte(kPublication).Take(); }

std::string PublicationKey(uint64_t number) {
  return KeyWriter(PublicationPrefix()).Number(UINT64_MAX - number).Take();
}

std::string CampaignStartPrefix() { return KeyWriter().Byte(kCampaignStart).Take(); }

std::string CampaignStartKey(uint64_t number) {
  return KeyWriter(CampaignStartPrefix()).Number(UINT64_MAX - number).Take();
}

std::string BookKey(char kind, std::string_view key) {
  return KeyWriter().Byte(kBook).Byte(static_cast<uint8_t>(kind)).Rest(key).Take();
}

}  // namespace cluehound::store
