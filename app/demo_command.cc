#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/config.h"
#include "app/crawl_report.h"
#include "app/crawl_run.h"
#include "app/demo_page.h"
#include "app/exit_code.h"
#include "app/held_store.h"
#include "app/lead_table.h"
#include "app/sample_market.h"
#include "app/terminal.h"
#include "base/file.h"
#include "triage/operations.h"

namespace cluehound::app {
namespace {

struct DemoOptions {
  CommonOptions common;
  bool serve = false;
  uint16_t port = 8080;
};

// A folder that is removed with all it holds, unless the user wants to keep the store.
class ScratchFolder {
 public:
  static Result<std::unique_ptr<ScratchFolder>> Make() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "cluehound-demo-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) return Status::Unavailable("cannot make " + pattern);
    return std::unique_ptr<ScratchFolder>(new ScratchFolder(pattern));
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

Status WriteInto(const std::filesystem::path& folder, std::string_view name,
                 std::string_view bytes) {
  std::error_code error;
  std::filesystem::create_directories((folder / name).parent_path(), error);
  return WriteFileAtomically(folder / name, bytes);
}

// A deployment as an office would write it: one source a site, the marketplace's profile, its authorised seller.
Status WriteDeployment(const std::filesystem::path& dir, const SampleMarket& market) {
  std::string sources = "sources:\n";
  for (const SampleMarket::Site& site : market.sites()) {
    sources += "  - {id: " + site.name + ", seeds: [" + site.url + "], every: 6h, pace: 0s}\n";
  }
  RETURN_IF_ERROR(WriteInto(dir, "sources/demo.yaml", sources));
  for (const EmbeddedFile& file : SampleMarket::Files()) {
    if (file.name.starts_with("profiles/") || file.name.starts_with("rules/")) {
      RETURN_IF_ERROR(WriteInto(dir, file.name, file.bytes));
    }
  }
  return Status::Ok();
}

int PrintToday(store::Store& store, const CommonOptions& options) {
  triage::Operations operations(store, SystemClock());
  triage::Request request;
  request.operation = options.json ? "leads.list" : "leads.rows";
  request.arguments = {{"day", "today"}, {"limit", "1000"}};
  const triage::Response response = operations.Call(request);
  if (!response.status.ok()) return Report(response.status);
  if (options.json) {
    for (const std::string& line : response.lines) std::cout << line << '\n';
  } else {
    std::cout << "\n今日线索\n" << RenderLeadTable(response.lines, TerminalColumns());
    request.operation = "leads.count";
    request.arguments.erase("limit");
    std::cout << RenderCount(operations.Call(request).lines);
  }
  return kExitDone;
}

int RunDemo(const DemoOptions& options) {
  const auto scratch = ScratchFolder::Make();
  if (!scratch.ok()) return Report(scratch.status());
  const auto market = SampleMarket::Start();
  if (!market.ok()) return Report(market.status());
  CommonOptions common = options.common;
  common.config = ((*scratch)->path() / "config").string();
  if (Status s = WriteDeployment(common.config, **market); !s.ok()) return Report(s);
  const auto config = LoadConfig(common, true);
  if (!config.ok()) return Report(config.status());
  const auto rules = LoadRules(*config, common);
  if (!rules.ok()) return Report(rules.status());
  const auto reader = LoadPageReader(*config);
  if (!reader.ok()) return Report(reader.status());
  auto held = HeldStore::Open(config->store);
  if (!held.ok()) return Report(held.status());

  std::cerr << "示例市场（店铺和商品均为虚构）：\n";
  for (const SampleMarket::Site& site : (*market)->sites())
    std::cerr << "  " << site.name << "  " << site.url << "\n";
  const triage::Office office = triage::Office::BuiltIn();
  const Pipeline pipeline(**reader, *rules, &office.jurisdictions);
  CrawlRun run(*config, pipeline, **reader, (*held)->store(),
               {true, {}, false, &(*held)->listings()});
  const auto started = std::chrono::steady_clock::now();
  Status status;
  {
    const ProgressLine progress(run, (*held)->store());
    status = run.Run();
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  std::cerr << RenderCrawlReport(run.figures(), seconds);
  if (!status.ok()) return Report(status);
  const int printed = PrintToday((*held)->store(), common);
  if (printed != kExitDone || !options.serve) return printed;
  return Report(ServeDemoPage((*held)->store(), *config, common, pipeline, options.port));
}

}  // namespace

void AddDemoCommand(CLI::App& program, Run& run) {
  CLI::App* command = program.add_subcommand(
      "demo", "Serve the sample marketplace on loopback, crawl it, list its leads");
  auto options = std::make_shared<DemoOptions>();
  AddStoreOption(*command, options->common);
  AddRulesOption(*command, options->common);
  AddJsonOption(*command, options->common);
  command->add_flag("--serve", options->serve, "Then serve the triage page, until Ctrl-C");
  command->add_option("--port", options->port, "Of the page, on loopback; 0: one that is free");
  command->callback([options, &run] { run = [options] { return RunDemo(*options); }; });
}

}  // namespace cluehound::app
