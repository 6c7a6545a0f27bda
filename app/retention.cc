#include "app/retention.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.h"
#include "base/yaml.h"
#include "evidence/archive_name.h"
#include "store/open.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr size_t kMaxFile = 1 << 20;
constexpr int kMaxMonths = 1200;
constexpr int kMaxDays = 36600;
constexpr uint64_t kGigabyte = 1'000'000'000;

store::ListingRetention ReadListings(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "listings");
  store::ListingRetention retention;
  retention.days = static_cast<int>(map.Integer("days", 0, 1, kMaxDays));
  retention.max_bytes =
      static_cast<uint64_t>(map.Integer("gigabytes", 0, 1, 1'000'000)) * kGigabyte;
  if (node.is_map() && !map.Has("days") && !map.Has("gigabytes"))
    map.Error("days", "missing-key", "bounds neither days nor gigabytes",
              "write listings: {days: 400, gigabytes: 100}");
  map.Finish();
  return retention;
}

struct Count {
  uint64_t erased = 0;
  uint64_t held = 0;
};

Result<Count> EraseRecords(Ledger& ledger, const RetentionRun& run, const RetentionPeriod& period,
                           Instant before) {
  Count count;
  triage::Request request;
  request.operation = period.what == "persons" ? "retention.leads" : "retention.log";
  request.actor.claimed_name = run.by;
  request.arguments = {{"before", FormatTime(before)},
                       {"dry_run", run.dry_run ? "yes" : "no"},
                       {"reason", period.basis}};
  do {
    const triage::Response response = ledger.Call(request);
    RETURN_IF_ERROR(response.status);
    const Json answer = Json::parse(response.lines.at(0));
    count.erased += answer.at("erased").get<uint64_t>();
    count.held += answer.at("held").get<uint64_t>();
    request.arguments["after"] = response.next;
  } while (!request.arguments["after"].empty());
  return count;
}

// The files that a lead which is kept or held refers to.
Result<std::set<std::string>> KeptFiles(const std::string& copy) {
  store::StoreOptions options;
  options.path = copy;
  options.read_only = true;
  ASSIGN_OR_RETURN(const auto store, store::OpenRocksDbStore(options));
  ASSIGN_OR_RETURN(const auto holds, store->retention().Holds());
  std::set<std::string> held;
  for (const store::Hold& hold : holds) held.insert(hold.lead);
  ASSIGN_OR_RETURN(const evidence::CaptureRef last, store->LastCapture());
  std::set<std::string> files = {last.file};
  store::LeadFilter all;
  all.silenced = store::LeadFilter::Silenced::kShown;
  std::string after;
  do {
    ASSIGN_OR_RETURN(const auto page, store->QueryLeads(all, {}, after, 1000));
    for (const store::Lead& lead : page.leads) {
      if (!IsKept(lead) && !held.contains(lead.id)) continue;
      files.insert(lead.capture.file);
      ASSIGN_OR_RETURN(const auto sightings, store->Sightings(lead.id, SIZE_MAX));
      for (const store::Sighting& sighting : sightings) files.insert(sighting.capture.file);
    }
    after = page.next;
  } while (!after.empty());
  return files;
}

// A file is over when the one after it began before that time. In its place stays a note of its end,
// so that a check tells erased from lost.
Result<Count> EraseCaptures(Ledger& ledger, const RetentionRun& run, const RetentionPeriod& period,
                            Instant before) {
  const fs::path folder = run.store / "captures";
  triage::Request request;
  request.operation = "store.copy";
  const triage::Response made = ledger.Call(request);
  RETURN_IF_ERROR(made.status);
  const std::string copy = Json::parse(made.lines.at(0)).at("copy").get<std::string>();
  const auto kept = KeptFiles(copy);
  request.operation = "store.drop_copy";
  request.arguments["copy"] = copy;
  ledger.Call(request).status.IgnoreError("the next opening removes it");
  RETURN_IF_ERROR(kept.status());
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (evidence::ArchiveName::Parse(entry.path().filename().string()))
      names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  const std::string limit = evidence::ArchiveName::After(std::nullopt, before).stamp;
  Count count;
  for (size_t i = 0; i + 1 < names.size(); ++i) {
    if (evidence::ArchiveName::Parse(names[i + 1])->stamp >= limit) break;
    if (kept->contains(names[i])) {
      ++count.held;
      continue;
    }
    ++count.erased;
    if (run.dry_run) continue;
    triage::Request note;
    note.operation = "log.note";
    note.actor.claimed_name = run.by;
    note.arguments = {
        {"action", "retention.capture"}, {"object", names[i]}, {"note", period.basis}};
    RETURN_IF_ERROR(ledger.Call(note).status);
    RETURN_IF_ERROR(WriteFileAtomically(folder / (names[i] + ".erased"),
                                        FormatTime(run.now) + " " + period.basis + "\n"));
    fs::remove(folder / names[i], error);
    if (error) return Status::Unavailable((folder / names[i]).string() + ": " + error.message());
  }
  return count;
}

}  // namespace

Result<RetentionPlan> ReadRetention(const fs::path& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kMaxFile));
  Diagnostics diagnostics;
  RetentionPlan plan;
  const auto root = ParseYaml(text, file.string(), diagnostics);
  if (!root) return diagnostics.ToStatus();
  YamlMap top(*root, diagnostics, "the file of retention");
  top.Each("periods", [&](const YamlNode& node) {
    YamlMap map(node, diagnostics, "period");
    RetentionPeriod period;
    period.what = map.Choice("what", "", {"log_texts", "persons", "captures"});
    period.months = static_cast<int>(map.Integer("months", 0, 1, kMaxMonths));
    if (!map.Has("months")) map.Error("months", "missing-key", "a period needs its months");
    if (!map.Has("from")) map.Error("from", "missing-key", "a period needs the day it began");
    period.from = map.Day("from").value_or(Instant());
    period.basis = map.Text("basis");
    map.Choice("certainty", "unverified", {"verified", "unverified"});
    map.Finish();
    plan.periods.push_back(std::move(period));
  });
  if (const YamlNode* node = top.Child("listings"))
    plan.listings = ReadListings(*node, diagnostics);
  top.Finish();
  RETURN_IF_ERROR(diagnostics.ToStatus());
  return plan;
}

Status ApplyRetention(Ledger& ledger, const RetentionPlan& plan, const RetentionRun& run,
                      const std::function<void(const RetentionOutcome&)>& each) {
  for (const RetentionPeriod& period : plan.periods) {
    const Instant before = store::MonthsBefore(run.now, period.months);
    if (period.from > run.now) continue;
    ASSIGN_OR_RETURN(const Count count, period.what == "captures"
                                            ? EraseCaptures(ledger, run, period, before)
                                            : EraseRecords(ledger, run, period, before));
    each({period.what, FormatDay(before), count.erased, count.held, 0});
  }
  if (!plan.listings) return Status::Ok();
  store::ListingRetention bounds = *plan.listings;
  bounds.kept = run.campaign_days;
  ASSIGN_OR_RETURN(const auto gone,
                   EraseListings(run.store / "listings", bounds, run.now, run.dry_run,
                                 [&](const store::ListingPruning& pruning) {
                                   triage::Request note = NoteOfListings(pruning);
                                   note.actor.claimed_name = run.by;
                                   return ledger.Call(note).status;
                                 }));
  each({"listings", gone.days.empty() ? "" : gone.days.back(), gone.days.size(), gone.kept_days,
        gone.bytes});
  return Status::Ok();
}

Result<store::ListingPruning> EraseListings(
    const fs::path& folder, const store::ListingRetention& retention, Instant now, bool dry_run,
    const std::function<Status(const store::ListingPruning&)>& note) {
  ASSIGN_OR_RETURN(auto over, store::PruneListings(folder, retention, now, true));
  if (dry_run || over.days.empty()) return over;
  RETURN_IF_ERROR(note(over));
  return store::PruneListings(folder, retention, now, false);
}

triage::Request NoteOfListings(const store::ListingPruning& gone) {
  triage::Request note;
  note.operation = "log.note";
  note.arguments = {{"action", "retention.listings"},
                    {"object", gone.days.front() + ".." + gone.days.back()},
                    {"note", std::to_string(gone.days.size()) + " days, retention.yaml"}};
  return note;
}

}  // namespace cluehound::app
