#include "store/check.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <unordered_map>

#include "base/file.h"
#include "evidence/archive_reader.h"
#include "store/identity.h"
#include "store/record_fields.h"
#include "store/rocksdb/entry_sum.h"
#include "store/rocksdb/folder.h"
#include "store/rocksdb/frontier_check.h"
#include "store/rocksdb/lead_index.h"
#include "store/rocksdb/log_tree.h"
#include "store/rocksdb/tables.h"
#include "store/seal.h"
#include "store/search_text.h"

namespace cluehound::store {
namespace {

constexpr size_t kMaxCheckpointFile = 1 << 20;

class Check {
 public:
  Check(const Database& database, const CheckOptions& options, CheckReport& report)
      : database_(database), options_(options), report_(report) {}

  Status Run() {
    ASSIGN_OR_RETURN(const auto counters,
                     FindRecord<Counters>(database_, Table::kMeta, CountersKey(), "counters"));
    counters_ = counters.value_or(Counters());
    CheckTables();
    CheckKeys();
    CheckLog();
    CheckLeads();
    CheckIndexes();
    CheckCounters();
    CheckFrontier(database_, counters_, report_);
    return Status::Ok();
  }

 private:
  // Each block of a table file is under a checksum: reading everything finds what was damaged there.
  void CheckTables() {
    const Status sound = database_.VerifyChecksums();
    if (!sound.ok()) report_.Add("database", sound.message());
  }

  void CheckKeys() {
    const auto cursor = database_.Walk(Table::kLog, LogKeyPrefix(), PrefixEnd(LogKeyPrefix()));
    for (; cursor->Valid(); cursor->Next()) {
      auto key = evidence::NamedKey::Parse(cursor->value());
      if (key.ok()) {
        keys_.push_back(*std::move(key));
      } else {
        report_.Add("log keys", key.status().message());
      }
    }
    Note("log keys", cursor->status());
  }

  void Note(const std::string& object, const Status& status) {
    if (!status.ok()) report_.Add(object, status.message());
  }

  // ---- the log

  void CheckLog() {
    const std::string prefix = LeafPrefix(kLogId);
    const auto leaves = database_.Walk(Table::kLog, prefix, PrefixEnd(prefix));
    ReadCheckpoints();
    size_t next_note = 0;
    evidence::MerkleLog log;
    const auto check_notes = [&] {
      for (; next_note < notes_.size() && notes_[next_note].head.size == log.size(); ++next_note)
        CheckNote(notes_[next_note], log);
    };
    for (; leaves->Valid(); leaves->Next()) {
      const std::string name = "log entry " + std::to_string(log.size() + 1);
      if (leaves->key() != LeafKey(kLogId, log.size())) {
        report_.Add(name, "its leaf is missing");
        break;
      }
      const auto leaf = DecodeRecord<LogLeaf>(leaves->value(), name);
      if (!leaf.ok()) {
        report_.Add(name, leaf.status().message());
        break;
      }
      CheckEntry(name, log.size(), *leaf);
      const auto nodes = log.Append(evidence::LeafHash(Bytes(leaf->digest)));
      std::string completed;
      for (size_t i = 1; i < nodes.size(); ++i) completed += Bytes(nodes[i]);
      if (completed != leaf->nodes) report_.Add(name, "the hashes of the tree are not its own");
      check_notes();
    }
    Note("log", leaves->status());
    report_.head = {std::to_string(kLogId), log.size(), log.Root()};
    for (; next_note < notes_.size(); ++next_note) CheckNote(notes_[next_note], log);
    CheckEnd(log);
  }

  struct KnownCheckpoint {
    std::string name;
    evidence::LogHead head;
  };

  void ReadCheckpoints() {
    const auto cursor =
        database_.Walk(Table::kLog, CheckpointPrefix(), PrefixEnd(CheckpointPrefix()));
    for (; cursor->Valid(); cursor->Next()) OpenNote("stored checkpoint", cursor->value());
    Note("checkpoints", cursor->status());
    const auto outside = ReadFile(options_.checkpoint, kMaxCheckpointFile);
    if (!options_.checkpoint.empty() && outside.ok()) OpenNote(options_.checkpoint, *outside);
    std::sort(notes_.begin(), notes_.end(),
              [](const auto& a, const auto& b) { return a.head.size < b.head.size; });
  }

  void OpenNote(const std::string& name, std::string_view text) {
    const auto opened = evidence::OpenCheckpoint(text, keys_);
    if (!opened.ok()) return report_.Add(name, opened.status().message());
    ++report_.checkpoints;
    for (const evidence::LogHead& head : opened->logs) {
      if (head.log == std::to_string(kLogId))
        notes_.push_back({name + " of " + FormatTime(opened->at), head});
    }
  }

  void CheckNote(const KnownCheckpoint& note, const evidence::MerkleLog& log) {
    if (note.head.size > log.size()) {
      report_.Add(note.name, "the log ended at entry " + std::to_string(note.head.size) +
                                 ", now at " + std::to_string(log.size()) + ": entries are gone");
    } else if (note.head.size == log.size() && note.head.root != log.Root()) {
      report_.Add(note.name, "the first " + std::to_string(note.head.size) +
                                 " entries of the log are not those that were signed");
    }
  }

  void CheckEntry(const std::string& name, uint64_t index, const LogLeaf& leaf) {
    const auto bytes = database_.Get(Table::kAudit, NumberKey(index + 1));
    if (!bytes.ok()) return report_.Add(name, bytes.status().message());
    if (leaf.salt.empty() && !*bytes) {
      ++report_.erased;
      return;
    }
    if (!*bytes) return report_.Add(name, "the entry is gone");
    if (LeafDigest(leaf.salt, **bytes) != leaf.digest)
      return report_.Add(name, "the entry is not the one that was written");
    const auto entry = DecodeRecord<AuditRecord>(**bytes, name);
    if (!entry.ok()) return report_.Add(name, entry.status().message());
    if (entry->number != index + 1) report_.Add(name, "it has the number of another entry");
  }

  void CheckEnd(const evidence::MerkleLog& log) {
    const auto counted = ResumeLog(counters_);
    if (!counted.ok()) return report_.Add("log", counted.status().message());
    if (counted->size() != log.size()) {
      report_.Add("log", std::to_string(counted->size()) + " entries were counted, " +
                             std::to_string(log.size()) + " are there");
    } else if (counted->Root() != log.Root()) {
      report_.Add("log", "its root is not the one that was kept");
    }
    const auto behind =
        database_.Walk(Table::kAudit, NumberKey(log.size() + 1), PrefixEnd(PlainKey("")));
    if (behind->Valid()) report_.Add("log", "there are entries that are not in the tree");
    Note("audit", behind->status());
  }

  // ---- leads

  void CheckLeads() {
    // By their seals, and not by walking over the leads: a damaged block hides what is in it, and
    // each lead of it is to be named.
    const auto seals = database_.Walk(Table::kSeals, PlainKey(""), PrefixEnd(PlainKey("")));
    for (; seals->Valid(); seals->Next()) {
      const std::string key(seals->key());
      const std::string name = "lead " + Hex(key.substr(1));
      const auto seal = DecodeRecord<Seal>(seals->value(), name);
      const auto bytes = database_.Get(Table::kLeads, key);
      if (!seal.ok()) {
        report_.Add(name, seal.status().Within("seal").message());
      } else if (!bytes.ok()) {
        all_leads_read_ = false;
        report_.Add(name, bytes.status().message());
      } else if (!*bytes) {
        all_leads_read_ = false;
        report_.Add(name, "it is gone");
      } else {
        CheckLead(name, key, *seal, **bytes);
      }
    }
    Note("table seals", seals->status());
    const auto leads = database_.Walk(Table::kLeads, PlainKey(""), PrefixEnd(PlainKey("")));
    for (; leads->Valid(); leads->Next()) {
      const auto seal = database_.Get(Table::kSeals, leads->key());
      if (seal.ok() && !*seal)
        report_.Add("lead " + Hex(leads->key().substr(1)), "nothing vouches for it");
    }
    Note("table leads", leads->status());
  }

  void CheckLead(const std::string& name, const std::string& key, const Seal& seal,
                 const std::string& bytes) {
    ++report_.leads;
    all_leads_read_ = all_leads_read_ && Sha256(bytes) == seal.digest;
    if (Sha256(bytes) != seal.digest)
      return report_.Add(name, "its record is not the one that was written");
    const auto lead = DecodeRecord<Lead>(bytes, name);
    if (!lead.ok()) return report_.Add(name, lead.status().message());
    if (LeadKey(lead->id) != key) return report_.Add(name, "the record is of lead " + lead->id);
    CheckStatement(name, *lead, seal.audit);
    CheckHistory(name, *lead, key);
    CheckCapture(name, lead->capture);
  }

  void CheckStatement(const std::string& name, const Lead& lead, uint64_t number) {
    if (number == 0) {
      ++report_.unproven;
      return;
    }
    const auto entry = FindRecord<AuditRecord>(database_, Table::kAudit, NumberKey(number), name);
    const std::string at = "log entry " + std::to_string(number);
    if (!entry.ok()) return;  // named as an entry
    if (!*entry) {            // erased, or named as an entry
      ++report_.unproven;
    } else if ((*entry)->object != lead.id) {
      report_.Add(name, at + " does not speak of it");
    } else if ((*entry)->statement != StatementOf(lead)) {
      report_.Add(name, "it is not as " + at + " left it");
    }
  }

  void CheckHistory(const std::string& name, const Lead& lead, const std::string& key) {
    uint64_t entries = 0;
    const std::string prefix = EntryPrefix(lead.id);
    const auto cursor = database_.Walk(Table::kEntries, prefix, PrefixEnd(prefix));
    for (; cursor->Valid(); cursor->Next()) {
      ++entries;
      const auto entry = DecodeRecord<LeadEntry>(cursor->value(), "entry");
      if (!entry.ok() || cursor->key() != EntryKey(lead.id, lead.entries + 1 - entries))
        return report_.Add(
            name, "its history is damaged at entry " + std::to_string(lead.entries + 1 - entries));
    }
    Note(name, cursor->status());
    if (entries != lead.entries)
      report_.Add(name, std::to_string(lead.entries) + " entries were made, " +
                            std::to_string(entries) + " are there");
    const auto activity = FindRecord<LeadActivity>(database_, Table::kActivity, key, "activity");
    if (!activity.ok()) return Note(name, activity.status());
    const LeadActivity placed = Placed(lead, activity->value_or(LeadActivity()));
    CheckSightings(name, lead, placed);
    for (const IndexEntry& entry : Expected(lead, placed)) expected_.Add(entry.key, entry.value);
    expected_texts_.Add(NumberKey(placed.text_number),
                        EncodeRecord(TextRecord{lead.id, SearchText(lead), placed.place}));
    for (const FacetPlace& place : PlacesOf(lead)) {
      if (IsCounted(place.facet)) ++counts_[CountKey(place.facet, place.value)];
    }
    Enter(lead, tallies_[RowTallyKey(RowKey(lead))]);
  }

  void CheckSightings(const std::string& name, const Lead& lead, const LeadActivity& activity) {
    uint64_t count = 0;
    const std::string prefix = SightingPrefix(lead.id);
    const auto cursor = database_.Walk(Table::kSightings, prefix, PrefixEnd(prefix));
    for (; cursor->Valid(); cursor->Next()) {
      ++count;
      const auto sighting = DecodeRecord<Sighting>(cursor->value(), "sighting");
      if (!sighting.ok()) {
        Note(name, sighting.status());
      } else {
        CheckCapture(name, sighting->capture);
      }
    }
    Note(name, cursor->status());
    sightings_ += count;
    silenced_ += lead.silenced != 0 ? 1 : 0;
    if (count != activity.sightings)
      report_.Add(name, std::to_string(activity.sightings) + " sightings were counted, " +
                            std::to_string(count) + " are there");
  }

  void CheckCapture(const std::string& name, const evidence::CaptureRef& capture) {
    if (options_.captures.empty() || !capture.present()) return;
    if (!read_.insert({capture.file, capture.offset}).second) return;
    std::error_code error;  // a file that retention erased has left a note
    if (std::filesystem::exists(options_.captures + "/" + capture.file + ".erased", error)) return;
    ++report_.captures;
    Note(name, evidence::ArchiveReader(options_.captures).ReadPage(capture).status());
  }

  // ---- indexes and counts

  // With the place that the lead says.
  static LeadActivity Placed(const Lead& lead, LeadActivity activity) {
    activity.place = ActivityPlace(lead, FacetDigests::Of(lead, activity.text_number).Bytes());
    return activity;
  }

  static std::vector<IndexEntry> Expected(const Lead& lead, const LeadActivity& placed) {
    std::vector<IndexEntry> entries = EntriesOf(lead, std::string(DigestsAt(placed.place)));
    for (IndexEntry& entry : LastSeenEntries(lead.id, placed)) entries.push_back(std::move(entry));
    return entries;
  }

  // Whether the entry is one of leads; the indexes of pages stand in the same table.
  static bool IsOfLeads(std::string_view key) {
    return key.size() > 1 && key[1] != StalePagePrefix("")[1];
  }

  void CheckIndexes() {
    const auto version =
        FindRecord<CountRecord>(database_, Table::kMeta, IndexVersionKey(), "index version");
    if (!version.ok()) return Note("table meta", version.status());
    // An older program's are made again when the store is opened.
    if (!*version || (*version)->count != kIndexVersion) return;
    EntrySum found;
    const auto cursor = database_.Walk(Table::kIndexes, PlainKey(""), PrefixEnd(PlainKey("")));
    for (; cursor->Valid(); cursor->Next()) {
      if (!IsOfLeads(cursor->key())) continue;
      ++report_.index_entries;
      found.Add(cursor->key(), cursor->value());
    }
    Note("table indexes", cursor->status());
    if (!all_leads_read_) return;  // those that could not be read are named, and stand there, too
    if (!(found == expected_)) NameIndexEntries();
    CheckTexts();
    const std::string prefix = CountKey(Facet::kAll, "").substr(0, 2);
    const auto counts = database_.Walk(Table::kMeta, prefix, PrefixEnd(prefix));
    std::map<std::string, uint64_t> stored;
    for (; counts->Valid(); counts->Next()) {
      const auto count = DecodeRecord<CountRecord>(counts->value(), "count");
      if (count.ok()) stored[std::string(counts->key())] = count->count;
    }
    Note("table meta", counts->status());
    if (stored != counts_) report_.Add("counts", "they are not those of the leads");
    CheckTallies();
  }

  void CheckTexts() {
    EntrySum found;
    const auto cursor = database_.Walk(Table::kTexts, PlainKey(""), PrefixEnd(PlainKey("")));
    for (; cursor->Valid(); cursor->Next()) found.Add(cursor->key(), cursor->value());
    Note("table texts", cursor->status());
    if (!(found == expected_texts_)) report_.Add("texts", "they are not those of the leads");
  }

  void CheckTallies() {
    const std::string prefix = RowTallyPrefix();
    const auto cursor = database_.Walk(Table::kMeta, prefix, PrefixEnd(prefix));
    size_t same = 0;
    size_t stored = 0;
    for (; cursor->Valid(); cursor->Next()) {
      ++stored;
      const auto tally = DecodeRecord<RowTally>(cursor->value(), "tally of a row");
      const auto counted = tallies_.find(std::string(cursor->key()));
      if (!tally.ok() || counted == tallies_.end()) continue;
      RowTally expected = *counted->second;
      if (!tally->first_seen) expected.first_seen.reset();
      same += *tally == expected ? 1 : 0;
    }
    Note("table meta", cursor->status());
    if (stored != tallies_.size() || same != stored)
      report_.Add("counts", "those of rows are not those of the leads");
  }

  // Slow, and only when something is wrong.
  void NameIndexEntries() {
    report_.Add("indexes", "their entries are not those of the leads");
    const auto leads = database_.Walk(Table::kLeads, PlainKey(""), PrefixEnd(PlainKey("")));
    for (; leads->Valid(); leads->Next()) {
      const auto lead = DecodeRecord<Lead>(leads->value(), "lead");
      if (!lead.ok()) continue;
      const auto activity = FindRecord<LeadActivity>(database_, Table::kActivity,
                                                     std::string(leads->key()), "activity");
      if (!activity.ok()) continue;
      for (const IndexEntry& entry :
           Expected(*lead, Placed(*lead, activity->value_or(LeadActivity())))) {
        const auto value = database_.Get(Table::kIndexes, entry.key);
        if (value.ok() && *value == entry.value) continue;
        report_.Add("lead " + lead->id,
                    std::string("it is missing or wrong in index ") + entry.key[1]);
        break;
      }
    }
  }

  void CheckCounters() {
    if (counters_.last_audit != report_.head.size)
      report_.Add("counters", std::to_string(counters_.last_audit) + " log entries were counted, " +
                                  std::to_string(report_.head.size) + " are there");
    const auto compare = [this](const char* what, uint64_t counted, uint64_t there) {
      if (counted != there)
        report_.Add("counters", std::to_string(counted) + " " + what + " were counted, " +
                                    std::to_string(there) + " are there");
    };
    if (!all_leads_read_) return;
    compare("leads", counters_.leads, report_.leads);
    compare("sightings", counters_.sightings, sightings_);
    compare("silenced leads", counters_.silenced, silenced_);
  }

  const Database& database_;
  const CheckOptions& options_;
  CheckReport& report_;
  Counters counters_;
  std::vector<evidence::NamedKey> keys_;
  std::vector<KnownCheckpoint> notes_;  // by size
  EntrySum expected_;
  EntrySum expected_texts_;
  std::map<std::string, uint64_t> counts_;
  std::unordered_map<std::string, std::optional<RowTally>> tallies_;
  std::set<std::pair<std::string, uint64_t>> read_;  // captures
  bool all_leads_read_ = true;
  uint64_t sightings_ = 0;
  uint64_t silenced_ = 0;
};

}  // namespace

void CheckReport::Add(std::string object, std::string problem) {
  ++finding_count;
  if (findings.size() < kMaxFindings) findings.push_back({std::move(object), std::move(problem)});
}

Result<CheckReport> CheckStore(const CheckOptions& options) {
  ASSIGN_OR_RETURN(const auto folder, Folder::Open(options.path, true));
  CheckReport report;
  const auto database = Database::Open({folder->database_path(), false, true, nullptr});
  if (!database.ok()) {
    if (database.status().code() != Code::kCorruption) return database.status();
    report.Add("database", database.status().message());
    return report;
  }
  for (const std::string& line : (*database)->recovery().dropped)
    report.Add("database", "its log ends early: " + line);
  Check check(**database, options, report);
  const Status ran = check.Run();
  if (!ran.ok()) report.Add("database", ran.message());
  return report;
}

}  // namespace cluehound::store
