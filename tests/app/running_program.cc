#include "tests/app/running_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "tests/app/program.h"

extern char** environ;

namespace cluehound::app {
namespace {

void Nap() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

RunningProgram::RunningProgram(const std::vector<std::string>& arguments,
                               const std::vector<std::string>& variables) {
  std::vector<char*> argv = {const_cast<char*>(kProgram)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (const std::string& variable : variables) envp.push_back(const_cast<char*>(variable.c_str()));
  for (char** variable = environ; *variable != nullptr; ++variable) envp.push_back(*variable);
  envp.push_back(nullptr);
  const std::string output = (folder_.path() / "output").string();
  posix_spawn_file_actions_t streams;
  REQUIRE(::posix_spawn_file_actions_init(&streams) == 0);
  ::posix_spawn_file_actions_addopen(&streams, 1, output.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
  ::posix_spawn_file_actions_adddup2(&streams, 1, 2);
  REQUIRE(::posix_spawn(&process_, kProgram, &streams, nullptr, argv.data(), envp.data()) == 0);
  ::posix_spawn_file_actions_destroy(&streams);
}

RunningProgram::~RunningProgram() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
}

bool RunningProgram::IsRunning() { return ::waitpid(process_, nullptr, WNOHANG) == 0; }

void RunningProgram::Signal(int signal) const { ::kill(process_, signal); }

int RunningProgram::Stop() {
  ::kill(process_, SIGTERM);
  int status = 0;
  for (int i = 0; i < 3000; ++i) {
    if (::waitpid(process_, &status, WNOHANG) == process_) {
      process_ = 0;
      return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    Nap();
  }
  return -1;
}

std::string RunningProgram::Output() const {
  const auto output = folder_.path() / "output";
  return std::filesystem::exists(output) ? testing::Slurp(output) : "";
}

void RunningProgram::Await(const std::string& text, int times) const {
  for (int i = 0; i < 1500; ++i) {
    if (Count(Output(), text) >= times) return;
    Nap();
  }
  INFO(Output());
  FAIL("it did not say: " << text);
}

std::string RunningProgram::Said(const std::string& before) const {
  Await(before);
  const std::string output = Output();
  const size_t begin = output.find(before) + before.size();
  return output.substr(begin, output.find_first_of(" \n", begin) - begin);
}

}  // namespace cluehound::app
