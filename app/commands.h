#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cluehound::app {

struct CommonOptions;

// Each file app/*_command.cc adds one command to the program: its options, and what runs when it is chosen. `run` is
// set to what main() then calls; it gives the exit code.
using Run = std::function<int()>;

void AddDemoCommand(CLI::App& program, Run& run);
void AddCrawlCommand(CLI::App& program, Run& run);
void AddServeCommand(CLI::App& program, Run& run);
void AddScanCommand(CLI::App& program, Run& run);
void AddMatchCommand(CLI::App& program, Run& run);
void AddLeadsCommand(CLI::App& program, Run& run);
void AddMarksCommand(CLI::App& program, Run& run);
void AddRulesCommand(CLI::App& program, Run& run);
void AddReportCommand(CLI::App& program, Run& run);
void AddSourcesCommand(CLI::App& program, Run& run);
void AddCampaignsCommand(CLI::App& program, Run& run);
void AddSilenceCommand(CLI::App& program, Run& run);
void AddSellersCommand(CLI::App& program, Run& run);
void AddClustersCommand(CLI::App& program, Run& run);
void AddStoreCommand(CLI::App& program, Run& run);
// letters, notices, cases, gi
void AddPaperCommands(CLI::App& program, Run& run);
void AddUserCommand(CLI::App& program, Run& run);
void AddEvidenceCommand(CLI::App& program, Run& run);

// The options that most commands share. REQUIRES: `options` outlives the parsing and the run.
void AddConfigOption(CLI::App& command, CommonOptions& options);
void AddStoreOption(CLI::App& command, CommonOptions& options);
void AddRulesOption(CLI::App& command, CommonOptions& options);
void AddJsonOption(CLI::App& command, CommonOptions& options);

}  // namespace cluehound::app
