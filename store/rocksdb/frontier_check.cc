#include "store/rocksdb/frontier_check.h"

#include <algorithm>

#include "store/record_fields.h"
#include "store/rocksdb/entry_sum.h"
#include "store/rocksdb/tables.h"

namespace cluehound::store {
namespace {

class Check {
 public:
  Check(const Database& database, CheckReport& report) : database_(database), report_(report) {}

  void Run(const Counters& counters) {
    CheckAddresses();
    CheckQueues();
    if (sound_ && !(expected_ == found_)) NameEntries();
    CheckSchedule();
    if (sound_ && counters.addresses != report_.addresses)
      report_.Add("counters", std::to_string(counters.addresses) + " addresses were counted, " +
                                  std::to_string(report_.addresses) + " are there");
  }

 private:
  void Note(const std::string& object, const Status& status) {
    if (status.ok()) return;
    sound_ = false;
    report_.Add(object, status.message());
  }

  static std::string Named(std::string_view url) { return "address " + std::string(url); }

  // Calls with every address and its record.
  template <class F>
  void ForEachAddress(F&& f) {
    const auto cursor = database_.Walk(Table::kAddresses, PlainKey(""), PrefixEnd(PlainKey("")));
    for (; cursor->Valid(); cursor->Next()) {
      const std::string_view url = cursor->key().substr(PlainKey("").size());
      const auto record = DecodeRecord<AddressRecord>(cursor->value(), "its record");
      if (!record.ok()) {
        Note(Named(url), record.status());
        continue;
      }
      f(url, *record);
    }
    Note("table addresses", cursor->status());
  }

  void CheckAddresses() {
    ForEachAddress([this](std::string_view url, const AddressRecord& record) {
      ++report_.addresses;
      if (record.due)
        expected_.Add(QueueKey(record, *record.due, url), EncodeRecord(QueueEntry{record.depth}));
    });
  }

  void CheckQueues() {
    const auto cursor = database_.Walk(Table::kQueues, PlainKey(""), PrefixEnd(PlainKey("")));
    std::string prefix, authority, source;
    std::optional<QueueRecord> record;
    int lane = -1;
    for (; cursor->Valid(); cursor->Next()) {
      const std::string_view key = cursor->key();
      found_.Add(key, cursor->value());
      if (prefix.empty() || !key.starts_with(prefix)) {
        KeyReader reader(key);
        authority = reader.Text();
        source = reader.Text();
        if (!reader.ok()) return Note("table queues", Status::Corruption("a key that is none"));
        prefix = QueuePrefix(authority, source);
        record = CheckQueueRecord(authority, source);
        lane = -1;
      }
      const auto place = ParseQueueKey(key, prefix.size());
      if (!place) return Note("table queues", Status::Corruption("a key that is none"));
      if (!record || place->lane == lane) continue;  // the first of a lane is its earliest
      lane = place->lane;
      const std::string name = "queue of " + authority + " for " + source;
      if (!record->wake || *record->wake > place->due)
        report_.Add(name, "its place in the schedule is later than " + place->url);
      if (std::find(record->lanes.begin(), record->lanes.end(), place->lane) == record->lanes.end())
        report_.Add(name, "it does not know its lane " + std::to_string(lane));
    }
    Note("table queues", cursor->status());
  }

  std::optional<QueueRecord> CheckQueueRecord(const std::string& authority,
                                              const std::string& source) {
    const std::string name = "queue of " + authority + " for " + source;
    auto record = FindRecord<QueueRecord>(database_, Table::kFrontier,
                                          QueueRecordKey(source, authority), "its record");
    if (!record.ok()) {
      Note(name, record.status());
      return std::nullopt;
    }
    if (!*record) report_.Add(name, "it has no record, so that nobody comes to its addresses");
    return *std::move(record);
  }

  void CheckSchedule() {
    const std::string queues = ScheduleStart();
    const auto places = database_.Walk(Table::kFrontier, queues, PrefixEnd(queues));
    for (; places->Valid(); places->Next()) {
      const auto place = ParseScheduleKey(places->key());
      if (!place) {
        Note("schedule", Status::Corruption("a key that is none"));
        continue;
      }
      ++places_;
      const auto record = CheckQueueRecord(place->authority, place->source);
      if (record && record->wake != place->wake)
        report_.Add("queue of " + place->authority + " for " + place->source,
                    "it stands twice in the schedule");
    }
    Note("schedule", places->status());
    CheckPlaces();
  }

  // Every record that has a place is found there.
  void CheckPlaces() {
    const std::string records = QueueRecordStart();
    uint64_t with_place = 0;
    const auto cursor = database_.Walk(Table::kFrontier, records, PrefixEnd(records));
    for (; cursor->Valid(); cursor->Next()) {
      KeyReader reader(cursor->key());
      reader.Byte();
      const std::string source = reader.Text();
      const std::string authority(reader.Rest());
      const auto record = DecodeRecord<QueueRecord>(cursor->value(), "its record");
      if (!record.ok() || !record->wake) continue;
      ++with_place;
      const auto place =
          database_.Get(Table::kFrontier, ScheduleKey(source, *record->wake, authority));
      if (place.ok() && !*place)
        report_.Add("queue of " + authority + " for " + source, "it is not in the schedule");
    }
    Note("queue records", cursor->status());
    if (sound_ && with_place < places_) report_.Add("schedule", "it has places of no queue");
  }

  // Slow, and only when something is wrong.
  void NameEntries() {
    const uint64_t before = report_.finding_count;
    ForEachAddress([this](std::string_view url, const AddressRecord& record) {
      if (!record.due) return;
      const auto entry = database_.Get(Table::kQueues, QueueKey(record, *record.due, url));
      if (entry.ok() && !*entry) report_.Add(Named(url), "it is due and stands in no queue");
      if (entry.ok() && *entry && **entry != EncodeRecord(QueueEntry{record.depth}))
        report_.Add(Named(url), "its entry in the queue is not its own");
    });
    if (expected_.count < found_.count || report_.finding_count == before)
      report_.Add("queues", std::to_string(found_.count) + " entries for " +
                                std::to_string(expected_.count) + " addresses that are due");
  }

  const Database& database_;
  CheckReport& report_;
  EntrySum expected_;
  EntrySum found_;
  uint64_t places_ = 0;
  bool sound_ = true;  // everything could be read
};

}  // namespace

void CheckFrontier(const Database& database, const Counters& counters, CheckReport& report) {
  Check(database, report).Run(counters);
}

}  // namespace cluehound::store
