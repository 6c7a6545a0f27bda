#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/paper_commands.h"
#include "base/file.h"
#include "base/join.h"
#include "triage/paper_json.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

struct Options {
  CommonOptions common;
  std::string letter, output, to, document, days, by;
  std::vector<std::string> leads;
  bool outside = false;
};

int RunDraft(const Options& options) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  Json texts = Json::object();
  for (const auto& [name, text] :
       {std::pair{"to", &options.to}, {"document", &options.document}, {"days", &options.days}}) {
    if (!text->empty()) texts[name] = *text;
  }
  triage::Request request;
  request.operation = "letters.draft";
  request.arguments = {{"letter", options.letter},
                       {"leads", Join(options.leads, " ")},
                       {"outside", options.outside ? "yes" : "no"},
                       {"texts", texts.dump(-1, ' ', false, Json::error_handler_t::replace)}};
  request.actor.claimed_name = options.by;
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  Json line = Json::parse(response.lines.at(0), nullptr, false);
  const auto bytes = triage::FromHexText(line.value("hex", ""));
  if (!bytes.ok()) return Report(bytes.status());
  if (Status s = WriteFileAtomically(options.output, *bytes); !s.ok()) return Report(s);
  line.erase("hex");
  line["output"] = options.output;
  if (options.common.json) {
    std::cout << line.dump() << '\n';
  } else {
    std::cout << "已生成 " << options.output << "（" << line.value("leads", 0) << " 条线索"
              << (options.outside ? "，对外，已脱敏" : "") << "）\n文件 SHA-256 "
              << line.value("sha256", "") << '\n';
  }
  return kExitDone;
}

}  // namespace

void AddLetterDraft(CLI::App& letters, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = AddLedgerCommand(letters, run, "draft",
                                       "A letter from the office's DOCX template, with these leads",
                                       options, &RunDraft);
  command->add_option("letter", options->letter, "transfer, assist, push, extract or your own")
      ->required();
  command->add_option("lead", options->leads, "Their ids or numbers")->required();
  command->add_option("--output", options->output, "The file")->required();
  command->add_option("--to", options->to, "Whom it is written to");
  command->add_option("--document", options->document, "文号");
  command->add_option("--days", options->days, "Within how many days an answer is asked for");
  command->add_flag("--outside", options->outside,
                    "For outsiders: names and numbers of persons are masked");
}

}  // namespace cluehound::app
