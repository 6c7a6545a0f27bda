#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/backup.h"
#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/log_file.h"
#include "app/terminal.h"
#include "base/file.h"
#include "store/check.h"
#include "store/key_change.h"
#include "store/open.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

struct Options {
  CommonOptions common;
  bool captures = false;
  bool dry_run = false;
  std::vector<std::string> tracking;
  std::vector<std::string> keep;
  std::string path;
  std::string to;
  std::string by;
  uint64_t after = 0;
  uint64_t limit = 50;
};

Result<std::string> CopyStore(Ledger& ledger) {
  triage::Request request;
  request.operation = "store.copy";
  const triage::Response response = ledger.Call(request);
  RETURN_IF_ERROR(response.status);
  return Json::parse(response.lines.at(0)).at("copy").get<std::string>();
}

void DropCopy(Ledger& ledger, const std::string& copy) {
  triage::Request request;
  request.operation = "store.drop_copy";
  request.arguments["copy"] = copy;
  ledger.Call(request).status.IgnoreError("the next opening removes it");
}

int PrintReport(const store::CheckReport& report, bool json) {
  for (const store::CheckFinding& finding : report.findings) {
    if (json) {
      std::cout << Json{{"object", finding.object}, {"problem", finding.problem}}.dump() << '\n';
    } else {
      std::cout << finding.object << ": " << finding.problem << '\n';
    }
  }
  const bool sound = report.finding_count == 0;
  if (json) {
    std::cout << Json{{"sound", sound},
                      {"findings", report.finding_count},
                      {"log", report.head.log},
                      {"entries", report.head.size},
                      {"erased", report.erased},
                      {"root", Hex(report.head.root)},
                      {"checkpoints", report.checkpoints},
                      {"leads", report.leads},
                      {"unproven", report.unproven},
                      {"captures", report.captures}}
                     .dump()
              << '\n';
  } else if (sound) {
    std::cout << "完整性校验：通过。日志 " << report.head.size << " 条，线索 " << report.leads
              << " 条，检查点 " << report.checkpoints << " 个，采集记录 " << report.captures
              << " 份。\n";
  } else {
    std::cout << "完整性校验：未通过，" << report.finding_count << " 处不符。\n";
  }
  return sound ? kExitDone : kExitFindings;
}

// Next to its copy, as it was before the copy was made: what is signed meanwhile is no finding.
std::string KeepCheckpoint(const fs::path& store, const std::string& text,
                           const std::string& copy) {
  if (text.empty()) return "";
  const fs::path kept = fs::path(copy) / "checkpoint";
  return WriteFileAtomically(kept, text).ok() ? kept.string() : (store / "checkpoint").string();
}

int RunCheck(const Options& options) {
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto kept = ReadFile(config->store / "checkpoint", 1 << 20);
  const std::string before = kept.ok() ? *kept : "";
  const std::string captures = options.captures ? (config->store / "captures").string() : "";
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) {
    if (ledger.status().code() != Code::kCorruption) return Report(ledger.status());
    store::CheckReport report;  // so damaged that it does not open
    report.Add("database", ledger.status().message());
    return PrintReport(report, options.common.json);
  }
  const auto copy = CopyStore(**ledger);
  if (!copy.ok()) return Report(copy.status());
  const auto report =
      store::CheckStore({*copy, KeepCheckpoint(config->store, before, *copy), captures});
  DropCopy(**ledger, *copy);
  if (!report.ok()) return Report(report.status());
  return PrintReport(*report, options.common.json);
}

Status Note(Ledger& ledger, const Options& options, const std::string& action,
            const std::string& object) {
  triage::Request request;
  request.operation = "log.note";
  request.arguments = {{"action", action}, {"object", object}};
  request.actor.claimed_name = options.by;
  return ledger.Call(request).status;
}

Result<BackupReport> Backup(Ledger& ledger, const fs::path& store, const Options& options) {
  const fs::path root = fs::absolute(options.path);
  RETURN_IF_ERROR(Note(ledger, options, "store.backup", root.string()));
  triage::Request sign;
  sign.operation = "log.sign";
  RETURN_IF_ERROR(ledger.Call(sign).status);
  ASSIGN_OR_RETURN(const std::string copy, CopyStore(ledger));
  const auto write = [&]() -> Result<BackupReport> {
    store::StoreOptions copied;
    copied.path = copy;
    copied.read_only = true;
    evidence::CaptureRef last;
    {
      ASSIGN_OR_RETURN(const auto opened, store::OpenRocksDbStore(copied));
      ASSIGN_OR_RETURN(last, opened->LastCapture());
    }
    std::string stamp = FormatTime(SystemClock().Now());
    std::erase_if(stamp, [](char c) { return c == ':' || c == '-' || c == '+'; });
    std::string name = stamp;
    for (int n = 2; fs::exists(root / name); ++n) name = stamp + "-" + std::to_string(n);
    ASSIGN_OR_RETURN(BackupReport report, WriteBackup(copy, store / "captures", last, root, name));
    RETURN_IF_ERROR(VerifyBackup(report.folder));
    return report;
  };
  auto report = write();
  DropCopy(ledger, copy);
  return report;
}

int RunBackup(const Options& options) {
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  const auto report = Backup(**ledger, config->store, options);
  if (!report.ok()) return Report(report.status());
  if (options.common.json) {
    std::cout << Json{{"backup", report->folder.string()},
                      {"files", report->files},
                      {"bytes", report->bytes},
                      {"written", report->written}}
                     .dump()
              << '\n';
  } else {
    std::cout << "已备份到 " << report->folder.string() << "：" << report->files << " 个文件，"
              << report->bytes << " 字节，其中新写 " << report->written << " 字节。\n";
  }
  return kExitDone;
}

Result<store::CheckReport> Restore(const fs::path& backup, const fs::path& store) {
  std::error_code error;
  if (fs::exists(store, error) && !fs::is_empty(store, error))
    return Status::InvalidArgument(store.string() +
                                   " is not empty; a backup is restored to a new "
                                   "place");
  const fs::path making = store.string() + ".restoring";
  fs::remove_all(making, error);
  RETURN_IF_ERROR(CopyBackup(backup, making));
  ASSIGN_OR_RETURN(store::CheckReport report,
                   store::CheckStore({making.string(), "", (making / "captures").string()}));
  if (report.finding_count > 0) return report;
  fs::remove(store, error);
  fs::rename(making, store, error);
  if (error) return Status::Unavailable(store.string() + ": " + error.message());
  return report;
}

int RunRestore(const Options& options) {
  const auto backup = FindBackup(options.path);
  if (!backup.ok()) return Report(backup.status());
  const auto report = Restore(*backup, fs::absolute(options.to));
  if (!report.ok()) return Report(report.status());
  const int code = PrintReport(*report, options.common.json);
  if (code == kExitDone && !options.common.json)
    std::cout << "已从 " << backup->string() << " 恢复到 " << options.to << "。\n";
  return code;
}

// ---- keys

Result<store::KeyChange::Plan> PlanKeys(const std::string& copy, const Options& options) {
  store::StoreOptions copied;
  copied.path = copy;
  copied.read_only = true;
  ASSIGN_OR_RETURN(const auto store, store::OpenRocksDbStore(copied));
  store::KeyChange change({options.tracking, options.keep});
  store::LeadFilter all;
  all.silenced = store::LeadFilter::Silenced::kShown;
  std::string after;
  do {
    ASSIGN_OR_RETURN(const auto page, store->QueryLeads(all, {}, after, 1000));
    for (const store::Lead& lead : page.leads) change.Add(lead);
    after = page.next;
  } while (!after.empty());
  return change.Make();
}

int RunMigrate(const Options& options) {
  if (!options.dry_run) {
    return Report(Status::InvalidArgument(
        "a store's format is brought up when it is opened, and keys are never rewritten; "
        "--dry-run shows what another reading of addresses would do"));
  }
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  const auto copy = CopyStore(**ledger);
  if (!copy.ok()) return Report(copy.status());
  const auto plan = PlanKeys(*copy, options);
  DropCopy(**ledger, *copy);
  if (!plan.ok()) return Report(plan.status());
  for (const auto& [what, groups] :
       {std::pair{"merge", &plan->merge}, std::pair{"split", &plan->split}}) {
    for (const auto& leads : *groups) {
      Json object{{"change", what}, {"leads", leads}};
      if (options.common.json) {
        std::cout << object.dump() << '\n';
        continue;
      }
      std::cout << (std::string_view(what) == "merge" ? "合并" : "拆分");
      for (const store::LeadId& lead : leads) std::cout << ' ' << lead;
      std::cout << '\n';
    }
  }
  if (options.common.json) {
    std::cout << Json{{"leads", plan->leads},
                      {"merge", plan->merge.size()},
                      {"split", plan->split.size()},
                      {"stay", plan->stay}}
                     .dump()
              << '\n';
  } else {
    std::cout << "共 " << plan->leads << " 条线索：合并 " << plan->merge.size() << " 组，拆分 "
              << plan->split.size() << " 组，不变 " << plan->stay << " 条。未作任何改动。\n";
  }
  return kExitDone;
}

// ---- the log

Status WriteLog(Ledger& ledger, std::ostream& out) {
  triage::Request sign;
  sign.operation = "log.sign";
  const triage::Response signed_now = ledger.Call(sign);
  RETURN_IF_ERROR(signed_now.status);
  const Json head = Json::parse(signed_now.lines.at(0));
  std::vector<evidence::NamedKey> keys;
  for (const Json& text : head.at("keys")) {
    ASSIGN_OR_RETURN(evidence::NamedKey key, evidence::NamedKey::Parse(text.get<std::string>()));
    keys.push_back(std::move(key));
  }
  const std::string note = head.at("checkpoint").get<std::string>();
  ASSIGN_OR_RETURN(const auto checkpoint, evidence::OpenCheckpoint(note, keys));
  out << LogFileHead() << '\n';
  for (const evidence::NamedKey& key : keys) out << LogFileKey(key) << '\n';
  evidence::MerkleLog log;
  while (log.size() < checkpoint.logs.at(0).size) {
    triage::Request request;
    request.operation = "log.records";
    const uint64_t left = checkpoint.logs[0].size - log.size();
    request.arguments = {{"after", std::to_string(log.size())},
                         {"limit", std::to_string(std::min<uint64_t>(left, 1000))}};
    const triage::Response page = ledger.Call(request);
    RETURN_IF_ERROR(page.status);
    if (page.lines.empty()) return Status::Corruption("the log ends early");
    for (const std::string& line : page.lines) {
      ASSIGN_OR_RETURN(const store::LogRecord record, ParseLogRecord(line));
      out << LogFileLine(record, log) << '\n';
    }
  }
  out << LogFileEnd(note) << '\n';
  return out.flush() ? Status::Ok() : Status::Unavailable("the log could not be written");
}

// The last entries, or those behind a number.
int RunLogList(const Options& options) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = "log.head";
  const triage::Response head = (*ledger)->Call(request);
  if (!head.status.ok()) return Report(head.status);
  const uint64_t size = Json::parse(head.lines.at(0)).at("size").get<uint64_t>();
  const uint64_t last = size - std::min(size, options.limit);
  request.operation = "audit.list";
  request.arguments["after"] = std::to_string(options.after > 0 ? options.after : last);
  const triage::Response entries = (*ledger)->CallAll(request, options.limit);
  if (!entries.status.ok()) return Report(entries.status);
  if (options.common.json) {
    PrintLines(entries.lines);
    return kExitDone;
  }
  for (const std::string& line : entries.lines) {
    const Json entry = Json::parse(line);
    std::string text = Cell(std::to_string(entry.at("number").get<uint64_t>()), 9) +
                       entry.at("at").get<std::string>() + "  ";
    text += Cell(Printable(entry.value("by", entry.at("user").get<std::string>())), 12) +
            Cell(entry.at("action").get<std::string>(), 18);
    for (const char* key : {"object", "reason", "after"})
      if (entry.contains(key)) text += Printable(entry[key].get<std::string>()) + "  ";
    std::cout << Cut(text, TerminalColumns()) << '\n';
  }
  return kExitDone;
}

int RunLogExport(const Options& options) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  const Status noted =
      Note(**ledger, options, "log.export", options.path.empty() ? "-" : options.path);
  if (!noted.ok()) return Report(noted);
  if (options.path.empty() || options.path == "-") return Report(WriteLog(**ledger, std::cout));
  std::ofstream file(options.path, std::ios::binary | std::ios::trunc);
  if (!file) return Report(Status::Unavailable(options.path + ": it cannot be written"));
  return Report(WriteLog(**ledger, file));
}

}  // namespace

void AddStoreCustodyCommands(CLI::App& store, Run& run) {
  auto check = std::make_shared<Options>();
  AddLedgerCommand(store, run, "check", "Whether everything is as it was written (完整性校验)",
                   check, RunCheck)
      ->add_flag("--captures", check->captures, "Read every capture, too");
  auto backup = std::make_shared<Options>();
  AddLedgerCommand(store, run, "backup", "A consistent backup, also while a crawl runs", backup,
                   RunBackup)
      ->add_option("dir", backup->path, "Folder of backups")
      ->required();
  auto restore = std::make_shared<Options>();
  CLI::App* restoring = AddLedgerCommand(
      store, run, "restore", "Checks a backup and puts it in place", restore, RunRestore);
  restoring->add_option("dir", restore->path, "Folder of backups (the newest), or one of them")
      ->required();
  restoring->add_option("--to", restore->to, "A store that is not there yet")->required();
  auto migrate = std::make_shared<Options>();
  CLI::App* migrating = AddLedgerCommand(store, run, "migrate", "What a change of keys would do",
                                         migrate, RunMigrate);
  migrating->add_flag("--dry-run", migrate->dry_run, "Shows it and changes nothing");
  migrating->add_option("--tracking", migrate->tracking,
                        "A parameter of addresses that only says where a visitor came from");
  migrating->add_option("--keep", migrate->keep, "A parameter that picks the goods after all");
  CLI::App* log = store.add_subcommand("log", "The audit log");
  log->require_subcommand(1);
  auto listed = std::make_shared<Options>();
  CLI::App* listing =
      AddLedgerCommand(*log, run, "list", "Its last entries, oldest first", listed, RunLogList);
  listing->add_option("--after", listed->after, "Those behind this number instead");
  listing->add_option("--limit", listed->limit, "At most so many (default: 50)");
  auto exported = std::make_shared<Options>();
  AddLedgerCommand(*log, run, "export", "The log as a file that proves itself", exported,
                   RunLogExport)
      ->add_option("file", exported->path, "Where to (default: stdout)");
}

}  // namespace cluehound::app
