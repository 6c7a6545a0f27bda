#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "app/ledger.h"
#include "app/new_source.h"
#include "app/source_desk.h"
#include "app/terminal.h"
#include "base/log.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

struct SourceOptions {
  CommonOptions common;
  std::vector<std::string> sources;
  std::string by;
};

std::string EveryText(const crawler::Schedule& schedule) {
  std::string text;
  if (schedule.every) text = FormatDuration(*schedule.every);
  for (const Duration time : schedule.at)
    text += (text.empty() ? "" : " ") + crawler::FormatTimeOfDay(time);
  return text;
}

// What the ledger knows of the sources, by id; nothing when there is no ledger yet.
Result<std::map<std::string, Json>> Standings(const Config& config) {
  std::map<std::string, Json> standings;
  auto ledger = Ledger::Open(config.store);
  if (ledger.status().code() == Code::kNotFound) return standings;
  RETURN_IF_ERROR(ledger.status());
  triage::Request request;
  request.operation = "sources.standings";
  for (const crawler::SourceSettings& source : config.sources)
    request.arguments["sources"] += source.id + "\n";
  const triage::Response response = (*ledger)->Call(request);
  RETURN_IF_ERROR(response.status);
  for (const std::string& line : response.lines) {
    Json object = Json::parse(line, nullptr, false);
    const std::string source = object.value("source", "");
    standings[source] = std::move(object);
  }
  return standings;
}

std::string ShortTime(const Json& object, const char* member) {
  const auto time = ParseTime(object.value(member, ""));
  return time ? FormatShort(*time) : "-";
}

std::string StateText(const Json& object) {
  const std::string state = object.value("state", "running");
  std::string text = state == "paused" ? "已暂停" : state == "draining" ? "收尾中" : "采集中";
  if (state == "running" && !object.value("open", true)) text = "不在采集时段";
  for (const auto& request : object.value("requests", Json::array()))
    text += "，待执行 " + request.get<std::string>();
  return text;
}

int RunList(const CommonOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options, true);
  if (!config.ok()) return Report(config.status());
  auto standings = Standings(*config);
  if (!standings.ok()) return Report(standings.status());
  if (!options.json) {
    std::cout << Cell("采集源", 20) << Cell("状态", 24) << Cell("周期", 14) << Cell("下次到期", 14)
              << Cell("最近读取", 14) << Cell("页", 9) << Cell("线索", 7) << "入口\n";
  }
  const Instant now = SystemClock().Now();
  for (const crawler::SourceSettings& source : config->sources) {
    Json object = Json::parse(SourceSettingsJson(source));
    object["state"] = "running";
    object["open"] = source.schedule.Open(now);
    if (const auto standing = standings->find(source.id); standing != standings->end()) {
      standing->second.erase("source");
      object.update(standing->second);
    }
    if (options.json) {
      std::cout << object.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
      continue;
    }
    std::cout << Cell(source.id, 20) << Cell(StateText(object), 24)
              << Cell(EveryText(source.schedule), 14) << Cell(ShortTime(object, "next_due"), 14)
              << Cell(ShortTime(object, "read"), 14)
              << Cell(std::to_string(object.value("pages", uint64_t{0})), 9)
              << Cell(std::to_string(object.value("leads", uint64_t{0})), 7)
              << (source.seeds.empty() ? source.search.address : source.seeds.front()) << '\n';
  }
  return kExitDone;
}

int RunRequest(const SourceOptions& options, const std::string& action) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, true);
  if (!config.ok()) return Report(config.status());
  for (const std::string& id : options.sources) {
    const bool known = std::any_of(config->sources.begin(), config->sources.end(),
                                   [&](const auto& s) { return s.id == id; });
    if (!known)
      return Report(Status::InvalidArgument("no source \"" + id + "\" in the configuration"));
  }
  auto ledger = Ledger::Open(config->store);
  if (!ledger.ok()) return Report(ledger.status());
  for (const std::string& id : options.sources) {
    triage::Request request;
    request.operation = "sources.request";
    request.arguments = {{"action", action}, {"source", id}};
    request.actor.claimed_name = options.by;
    const triage::Response response = (*ledger)->Call(request);
    if (!response.status.ok()) return Report(response.status);
    static const std::map<std::string, std::string> kWords = {{"run", "立即采集"},
                                                              {"pause", "暂停"},
                                                              {"resume", "恢复采集"},
                                                              {"drain", "采完到期页面后暂停"}};
    std::cout << "已登记：采集源 " << id << " " << kWords.at(action)
              << "（由正在运行的或下一次启动的 serve 或 crawl 执行）\n";
  }
  return kExitDone;
}

struct AddOptions {
  CommonOptions common;
  NewSource source;
};

int RunAdd(const AddOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto added = AddSource(*config, options.source);
  if (!added.ok()) return Report(added.status());
  std::cout << "已写入 " << added->file.string() << "：采集源 " << added->id
            << "。正在运行的 serve 收到 SIGHUP（systemctl reload cluehound）后生效\n";
  return kExitDone;
}

}  // namespace

void AddSourcesCommand(CLI::App& program, Run& run) {
  CLI::App* sources = program.add_subcommand("sources", "What is watched");
  sources->require_subcommand(1);
  CLI::App* list = sources->add_subcommand("list", "The configured sources, and how they stand");
  auto common = std::make_shared<CommonOptions>();
  AddConfigOption(*list, *common);
  AddStoreOption(*list, *common);
  AddJsonOption(*list, *common);
  list->callback([common, &run] { run = [common] { return RunList(*common); }; });

  const std::pair<const char*, const char*> requests[] = {
      {"run", "Make every address of a source due now"},
      {"pause", "Fetch nothing more of a source until it is resumed"},
      {"resume", "Fetch from a source again"},
      {"drain", "Fetch what is due of a source, then pause it"}};
  for (const auto& [name, help] : requests) {
    CLI::App* command = sources->add_subcommand(name, help);
    auto options = std::make_shared<SourceOptions>();
    command->add_option("source", options->sources, "Ids of sources")->required();
    command->add_option("--by", options->by, "Your name, beside the user that the system knows");
    AddConfigOption(*command, options->common);
    AddStoreOption(*command, options->common);
    command->callback([options, action = std::string(name), &run] {
      run = [options, action] { return RunRequest(*options, action); };
    });
  }

  CLI::App* add = sources->add_subcommand("add", "Write a source for an address");
  auto options = std::make_shared<AddOptions>();
  NewSource& source = options->source;
  add->add_option("address", source.address, "Where it begins, with http:// or https://")
      ->required();
  add->add_option("--id", source.id, "Its id (default: the host)");
  add->add_option("--every", source.every, "Between two visits of a page, 6h");
  add->add_option("--pace", source.pace, "Between two requests to one host, 5s");
  add->add_option("--hours", source.hours, "Within which pages are fetched, 08:00-22:00");
  add->add_option("--depth", source.depth, "Links from the address");
  add->add_option("--max-pages", source.max_pages, "In one round");
  AddConfigOption(*add, options->common);
  add->callback([options, &run] { run = [options] { return RunAdd(*options); }; });
}

}  // namespace cluehound::app
