#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/terminal.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

struct Options {
  CommonOptions common;
  std::map<std::string, std::string> arguments;
  std::string by;
};

void Print(const Json& user) {
  const std::string county = user.value("county", "");
  std::cout << Cell(user.value("user", ""), 16) << Cell(user.value("role", ""), 9)
            << Cell(county.empty() ? "全市" : county, 12)
            << Cell(user.value("disabled", false)      ? "已停用"
                    : user.value("must_change", false) ? "待改密码"
                                                       : "",
                    10)
            << (user.value("totp", false) ? "动态码 " : "") << user.value("display", "") << '\n';
  if (user.contains("password"))
    std::cout << "一次性密码（只显示这一次）：" << user.value("password", "") << '\n';
}

int RunCall(const Options& options, const std::string& operation) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = operation;
  for (const auto& [name, value] : options.arguments) {
    // A county that is taken away is written as an empty text.
    if (!value.empty()) request.arguments[name] = value == "-" ? "" : value;
  }
  request.actor.claimed_name = options.by;
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  if (options.common.json) {
    PrintLines(response.lines);
  } else {
    for (const std::string& line : response.lines) Print(Json::parse(line, nullptr, false));
  }
  return kExitDone;
}

CLI::App* AddCall(CLI::App& user, Run& run, const char* name, const char* operation,
                  const char* help, bool named = true) {
  CLI::App* command = user.add_subcommand(name, help);
  auto options = std::make_shared<Options>();
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  AddJsonOption(*command, options->common);
  command->add_option("--by", options->by, "Your name, beside the user that the system knows");
  if (named) command->add_option("name", options->arguments["user"], "User name")->required();
  if (std::string_view(operation) == "users.change")
    command->add_option("role", options->arguments["role"], "viewer, officer, analyst or admin")
        ->required();
  if (std::string_view(operation) == "users.add")
    command->add_option("--role", options->arguments["role"], "viewer, officer, analyst or admin")
        ->required();
  if (std::string_view(operation) == "users.add" || std::string_view(operation) == "users.change") {
    command->add_option("--county", options->arguments["county"],
                        "Sees and does what is of this county alone; - for the whole city");
    command->add_option("--display", options->arguments["display"], "Name as it is shown");
    command->add_option("--email", options->arguments["email"], "Address");
  }
  command->callback(
      [options, operation, &run] { run = [=] { return RunCall(*options, operation); }; });
  return command;
}

}  // namespace

void AddUserCommand(CLI::App& program, Run& run) {
  CLI::App* user = program.add_subcommand("user", "Accounts of the triage page");
  user->require_subcommand(1);
  AddCall(*user, run, "list", "users.list", "All accounts", false);
  AddCall(*user, run, "add", "users.add", "A new account; prints its one-time password");
  AddCall(*user, run, "passwd", "users.password", "A new one-time password; ends its sessions");
  AddCall(*user, run, "role", "users.change", "Another role or county; ends its sessions");
  AddCall(*user, run, "disable", "users.disable", "Shuts it out");
  AddCall(*user, run, "enable", "users.enable", "Lets it in again");
  AddCall(*user, run, "totp-off", "users.totp_off",
          "No code is asked for any more: for who lost the phone and the recovery codes");
}

}  // namespace cluehound::app
