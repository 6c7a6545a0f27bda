#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "base/file.h"
#include "tests/testing/testing.h"

namespace cluehound::app {

extern const char* const kProgram;  // its path

// The program itself, run in a folder of its own.
class Program {
 public:
  struct Ran {
    int exit_code = -1;
    std::string output;  // both streams
  };

  const std::filesystem::path& path() const { return dir_.path(); }

  void Write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((dir_.path() / name).parent_path());
    REQUIRE_OK(WriteFileAtomically(dir_.path() / name, text));
  }
  std::string Read(const std::string& name) const { return testing::Slurp(dir_.path() / name); }

  Ran Run(const std::string& arguments) const {
    const std::string command =
        "cd '" + dir_.path().string() + "' && '" + kProgram + "' " + arguments + " 2>&1";
    Ran ran;
    FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> buffer;
    while (const size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
      ran.output.append(buffer.data(), n);
    const int status = ::pclose(pipe);
    ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
  }

  // Runs it and checks the exit code, and that all of `texts` are said. Gives what was said.
  std::string Expect(const std::string& arguments, int exit_code,
                     const std::vector<std::string>& texts) const {
    const Ran ran = Run(arguments);
    INFO(arguments);
    INFO(ran.output);
    CHECK(ran.exit_code == exit_code);
    for (const std::string& text : texts) {
      INFO("wanted: " << text);
      CHECK(ran.output.find(text) != std::string::npos);
    }
    return ran.output;
  }

 private:
  testing::TempDir dir_;
};

}  // namespace cluehound::app
