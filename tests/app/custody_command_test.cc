// check, backup, restore, export and verification, through the program itself.

#include <nlohmann/json.hpp>
#include <random>

#include "app/held_store.h"
#include "base/clock.h"
#include "tests/app/program.h"

namespace cluehound::app {
namespace {

namespace fs = std::filesystem;

// The sample marketplace as the demo leaves it, with one lead under check.
struct Office {
  Office() {
    program.Expect("demo --store store", 0, {});
    const auto lines = program.Run("leads list --store store --json").output;
    lead = nlohmann::json::parse(lines.substr(0, lines.find('\n')))["lead"];
    program.Expect("leads register " + lead + " --store store", 0, {"WF-"});
  }
  Program program;
  std::string lead;
};

TEST_CASE("store check: a sound store says so in a line, with its captures") {
  Office office;
  office.program.Expect("store check --captures --store store", 0, {"完整性校验：通过"});
  office.program.Expect("evidence show " + office.lead + " --store store", 0,
                        {"SHA-256", "SM3", "HTTP/1.1 200 OK"});
  office.program.Expect("evidence verify " + office.lead + " --store store", 0, {"校验通过"});
}

TEST_CASE("store log export: the file proves itself, and any flipped byte is named by line") {
  Office office;
  office.program.Expect("store log export log.jsonl --store store", 0, {});
  const std::string key = nlohmann::json::parse(
      office.program.Run("evidence checkpoint --json --store store").output)["keys"][0];
  office.program.Expect("evidence verify log.jsonl --key " + key, 0, {"校验通过"});
  const std::string log = office.program.Read("log.jsonl");
  std::mt19937 random(11);
  for (int i = 0; i < 12; ++i) {
    std::string flipped = log;
    const size_t at = random() % log.size();
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    office.program.Write("flipped.jsonl", flipped);
    const auto line = 1 + std::count(log.begin(), log.begin() + static_cast<long>(at), '\n');
    const auto ran = office.program.Run("evidence verify flipped.jsonl");
    INFO("byte " << at << ": " << ran.output);
    if (log[at] == '\n') continue;  // two lines became one: told, by another number
    CHECK((ran.exit_code == 1 || flipped.find("cluehound log") > 32));
    CHECK(
        (ran.output.find("line " + std::to_string(line) + ":") != std::string::npos || line == 1));
  }
  office.program.Write("cut.jsonl", log.substr(0, log.rfind('\n', log.size() - 2) + 1));
  office.program.Expect("evidence verify cut.jsonl", 1, {"checkpoint is missing"});
}

TEST_CASE(
    "store backup: made while another process holds the store, restored equal, refused when "
    "damaged") {
  Office office;
  const Program& program = office.program;
  const std::string before = program.Run("leads list --store store --json").output;
  {
    const auto held = HeldStore::Open(program.path() / "store");
    REQUIRE_OK(held);
    program.Expect("store backup backups --store store", 0, {"已备份到"});
    program.Expect("store check --store store", 0, {"完整性校验：通过"});
  }
  program.Expect("leads decide " + office.lead + " platform --reason suspected --store store", 0,
                 {});
  program.Expect("store restore backups --to restored", 0, {"通过", "恢复到"});
  CHECK(program.Run("leads list --store restored --json").output == before);
  CHECK(program.Run("leads list --store store --json").output != before);
  program.Expect("store restore backups --to restored", 2, {"is not empty"});

  // The second one links what is as it was, however much merges have written anew between them.
  const fs::path first = fs::directory_iterator(program.path() / "backups")->path();
  const auto second =
      nlohmann::json::parse(program.Run("store backup backups --json --store store").output);
  const fs::path newer = second["backup"].get<std::string>();
  size_t linked = 0;
  for (const auto& entry : fs::recursive_directory_iterator(newer)) {
    const fs::path known = first / fs::relative(entry.path(), newer);
    if (!entry.is_regular_file() || entry.path().filename() == "BACKUP" || !fs::exists(known))
      continue;
    if (testing::Slurp(known) == testing::Slurp(entry.path())) {
      INFO(known.string());
      CHECK((fs::equivalent(known, entry.path()) || known.filename() == "CURRENT"));
      ++linked;
    }
  }
  CHECK(linked > 10);
  CHECK(second["written"].get<uint64_t>() < second["bytes"].get<uint64_t>());
  for (const auto& entry : fs::recursive_directory_iterator(second["backup"].get<std::string>())) {
    if (entry.path().extension() != ".sst") continue;
    const fs::path file = fs::relative(entry.path(), program.path());
    std::string bytes = program.Read(file.string());
    bytes[bytes.size() / 2] ^= 1;
    REQUIRE_OK(WriteFileAtomically(entry.path(), bytes));
    break;
  }
  program.Expect("store restore backups --to again", 3, {"is not what was backed up"});
  CHECK_FALSE(fs::exists(program.path() / "again"));
}

TEST_CASE(
    "store retention: by the periods of the office, tried before it is done, and the log "
    "verifies") {
  Office office;
  Program& program = office.program;
  program.Expect("store retention --store store", 2, {"nothing is ever erased"});
  program.Write("config/retention.yaml",
                "periods: [{what: persons, months: 1, from: 2026-01-01}, "
                "{what: captures, months: 1, from: 2026-01-01}]\n");
  program.Expect("store retention --dry-run --store store", 0, {"将清除 0"});
  program.Write("config/retention.yaml", "periods: [{what: everything, months: 1}]\n");
  program.Expect("store retention --store store", 2, {"retention.yaml:1", "log_texts"});
  program.Expect("store hold " + office.lead + " --reason 复议 --store store", 0, {});
  program.Expect("store unhold " + office.lead + " --reason 结束 --store store", 0, {});
  program.Expect("store unhold " + office.lead + " --reason 结束 --store store", 3, {"not held"});
  program.Expect("store check --store store", 0, {"通过"});
}

}  // namespace
}  // namespace cluehound::app
