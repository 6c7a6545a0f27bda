#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/log_file.h"
#include "base/file.h"
#include "evidence/archive_reader.h"
#include "triage/paper_json.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

struct Options {
  CommonOptions common;
  std::vector<std::string> what;  // leads, files
  std::string key;
  std::string output;
  std::string by;
};

struct Capture {
  evidence::CaptureRef ref;
  std::string seen;
};

Digest DigestOf(const std::string& hex) {
  Digest digest{};
  for (size_t i = 0; i < digest.size() && i * 2 + 1 < hex.size(); ++i)
    digest[i] = static_cast<uint8_t>(std::strtoul(hex.substr(i * 2, 2).c_str(), nullptr, 16));
  return digest;
}

// The captures behind a lead, each once, newest first; the reading of them is noted in the log.
Result<std::vector<Capture>> CapturesOf(Ledger& ledger, const Options& options,
                                        const std::string& lead, const std::string& action) {
  triage::Request request;
  request.operation = "leads.show";
  request.arguments["lead"] = lead;
  const triage::Response shown = ledger.Call(request);
  RETURN_IF_ERROR(shown.status);
  const std::string id = Json::parse(shown.lines.at(0)).at("lead").get<std::string>();
  std::vector<Capture> captures;
  std::set<std::pair<std::string, uint64_t>> known;
  for (const std::string& line : shown.lines) {
    const Json object = Json::parse(line);
    if (!object.contains("capture")) continue;
    const Json& ref = object["capture"];
    Capture capture;
    capture.ref = {ref.at("file").get<std::string>(), ref.at("offset").get<uint64_t>(),
                   ref.at("length").get<uint64_t>(), DigestOf(ref.at("sha256").get<std::string>()),
                   DigestOf(ref.value("sm3", ""))};
    capture.seen = object.value("seen", object.value("last_seen", ""));
    if (known.insert({capture.ref.file, capture.ref.offset}).second)
      captures.push_back(std::move(capture));
  }
  triage::Request note;
  note.operation = "log.note";
  note.arguments = {{"action", action}, {"object", id}};
  note.actor.claimed_name = options.by;
  RETURN_IF_ERROR(ledger.Call(note).status);
  return captures;
}

Json ExchangeObject(const evidence::Exchange& exchange) {
  return Json{{"url", exchange.url},
              {"started", FormatTime(exchange.started)},
              {"peer", exchange.peer_address},
              {"tls", exchange.tls.version},
              {"request", exchange.request},
              {"status", exchange.status},
              {"headers", exchange.header_block},
              {"body_bytes", exchange.coded_body.size()},
              {"body_sha256", Hex(Sha256(exchange.coded_body))},
              {"body_sm3", Hex(Sm3(exchange.coded_body))}};
}

void PrintCapture(const Capture& capture, const evidence::Page& page, bool json) {
  Json object{{"file", capture.ref.file},
              {"offset", capture.ref.offset},
              {"length", capture.ref.length},
              {"sha256", Hex(capture.ref.sha256)}};
  if (capture.ref.sm3 != Digest()) object["sm3"] = Hex(capture.ref.sm3);
  object["exchanges"] = Json::array();
  for (const evidence::Exchange& exchange : page.exchanges)
    object["exchanges"].push_back(ExchangeObject(exchange));
  if (json) {
    std::cout << object.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    return;
  }
  std::cout << "采集记录 " << capture.ref.file << " @" << capture.ref.offset << "，"
            << capture.ref.length << " 字节\n  SHA-256 " << Hex(capture.ref.sha256) << '\n';
  if (capture.ref.sm3 != Digest()) std::cout << "  SM3     " << Hex(capture.ref.sm3) << '\n';
  for (const Json& exchange : object["exchanges"]) {
    std::cout << "  " << exchange["started"].get<std::string>() << "  "
              << exchange["url"].get<std::string>() << "  " << exchange["status"] << "  "
              << exchange["peer"].get<std::string>() << '\n'
              << exchange["request"].get<std::string>() << '\n'
              << exchange["headers"].get<std::string>() << "\n  正文 " << exchange["body_bytes"]
              << " 字节  SHA-256 " << exchange["body_sha256"].get<std::string>() << "\n  SM3 "
              << exchange["body_sm3"].get<std::string>() << "\n\n";
  }
}

int RunShow(const Options& options) {
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  const auto captures = CapturesOf(**ledger, options, options.what.at(0), "evidence.read");
  if (!captures.ok()) return Report(captures.status());
  const evidence::ArchiveReader reader(config->store / "captures");
  for (const Capture& capture : *captures) {
    const auto page = reader.ReadPage(capture.ref);
    if (!page.ok()) return Report(page.status());
    PrintCapture(capture, *page, options.common.json);
  }
  if (captures->empty() && !options.common.json) std::cout << "这条线索没有采集记录。\n";
  return kExitDone;
}

// A file that came with a clue, as it came. Who reads it stands in the log.
int RunFile(const Options& options) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = "papers.file";
  request.arguments["digest"] = options.what.at(0);
  request.actor.claimed_name = options.by;
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  const auto bytes =
      triage::FromHexText(Json::parse(response.lines.at(0)).at("hex").get<std::string>());
  if (!bytes.ok()) return Report(bytes.status());
  if (Status s = WriteFileAtomically(options.output, *bytes); !s.ok()) return Report(s);
  std::cout << "已写入 " << options.output << "，" << bytes->size() << " 字节，SHA-256 "
            << Hex(Sha256(*bytes)) << '\n';
  return kExitDone;
}

int Finding(const std::string& object, const std::string& problem, bool json) {
  if (json) {
    std::cout << Json{{"object", object}, {"problem", problem}}.dump(-1, ' ', false,
                                                                     Json::error_handler_t::replace)
              << '\n';
  } else {
    std::cout << object << ": " << problem << '\n';
  }
  return 1;
}

// An exported log. Needs no store.
Result<int> VerifyLog(const fs::path& file, const Options& options) {
  ASSIGN_OR_RETURN(const LogFileReport report, VerifyLogFile(file, options.key));
  int findings = 0;
  for (const std::string& finding : report.findings)
    findings += Finding(file.string(), finding, options.common.json);
  if (findings > 0) return findings;
  if (options.common.json) {
    std::cout << Json{{"file", file.string()},
                      {"entries", report.head.size},
                      {"erased", report.erased},
                      {"root", Hex(report.head.root)},
                      {"signed", FormatTime(report.signed_at)},
                      {"key", report.keys.empty() ? "" : report.keys.back().Text()}}
                     .dump()
              << '\n';
  } else {
    std::cout << file.string() << "：日志 " << report.head.size << " 条，检查点签于 "
              << FormatTime(report.signed_at) << "，校验通过。\n";
    if (options.key.empty() && !report.keys.empty())
      std::cout << "  公钥取自文件本身，请与本单位留存的核对：" << report.keys.back().Text()
                << '\n';
  }
  return 0;
}

Result<int> VerifyLead(Ledger& ledger, const fs::path& store, const std::string& lead,
                       const Options& options) {
  ASSIGN_OR_RETURN(const auto captures, CapturesOf(ledger, options, lead, "evidence.verify"));
  const evidence::ArchiveReader reader(store / "captures");
  int findings = 0;
  for (const Capture& capture : captures) {
    const auto page = reader.ReadPage(capture.ref);
    if (!page.ok())
      findings += Finding("lead " + lead, page.status().message(), options.common.json);
  }
  if (findings == 0 && !options.common.json)
    std::cout << "线索 " << lead << "：采集记录 " << captures.size() << " 份，校验通过。\n";
  return findings;
}

int RunVerify(const Options& options) {
  int findings = 0;
  std::unique_ptr<Ledger> ledger;
  const auto config = LoadConfig(options.common, false);
  for (const std::string& what : options.what) {
    std::error_code error;
    if (fs::is_regular_file(what, error)) {
      if (!IsLogFile(what)) return Report(Status::InvalidArgument(what + " is no exported log"));
      const auto found = VerifyLog(what, options);
      if (!found.ok()) return Report(found.status());
      findings += *found;
      continue;
    }
    if (!config.ok()) return Report(config.status());
    if (ledger == nullptr) {
      auto opened = OpenConfigured(options.common);
      if (!opened.ok()) return Report(opened.status());
      ledger = *std::move(opened);
    }
    const auto found = VerifyLead(*ledger, config->store, what, options);
    if (!found.ok()) return Report(found.status());
    findings += *found;
  }
  return findings == 0 ? kExitDone : kExitFindings;
}

int RunCheckpoint(const Options& options) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = "log.sign";
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  if (options.common.json) {
    PrintLines(response.lines);
    return kExitDone;
  }
  const Json object = Json::parse(response.lines.at(0));
  std::cout << object.at("checkpoint").get<std::string>() << "\n公钥 "
            << object.at("keys").back().get<std::string>() << '\n';
  return kExitDone;
}

}  // namespace

void AddEvidenceCommand(CLI::App& program, Run& run) {
  CLI::App* evidence = program.add_subcommand("evidence", "Captures, and the proof of them");
  evidence->require_subcommand(1);
  auto show = std::make_shared<Options>();
  AddLedgerCommand(*evidence, run, "show", "The captures behind a lead: requests, headers, digests",
                   show, RunShow)
      ->add_option("lead", show->what, "The lead")
      ->required()
      ->expected(1);
  auto verify = std::make_shared<Options>();
  CLI::App* verifying = AddLedgerCommand(
      *evidence, run, "verify", "Reads the captures of leads again, or checks an exported log",
      verify, RunVerify);
  verifying->add_option("what", verify->what, "Leads, or exported logs (which need no store)")
      ->required();
  verifying->add_option("--key", verify->key, "The public key that must have signed the log");
  auto file = std::make_shared<Options>();
  CLI::App* reading = AddLedgerCommand(*evidence, run, "file",
                                       "A file that came with a clue, as it came", file, RunFile);
  reading->add_option("sha256", file->what, "Its SHA-256, as `leads clues --json` gives it")
      ->required()
      ->expected(1);
  reading->add_option("--output", file->output, "Where to")->required();
  AddLedgerCommand(*evidence, run, "checkpoint", "Signs how far the log has come, and prints it",
                   std::make_shared<Options>(), RunCheckpoint);
}

}  // namespace cluehound::app
