#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <map>
#include <random>

#include "store/listing_archive.h"
#include "store/listing_reader.h"
#include "tests/testing/testing.h"

extern char** environ;

namespace cluehound::store {
namespace {

constexpr const char* kFolderVariable = "CLUEHOUND_CHILD_LISTINGS";
constexpr const char* kChildCase = "listings child: archives until it is killed";

// Archives listings with rising numbers from the one that the variable gives, and tells after each
// Flush() how far everything is on the disk.
TEST_CASE("listings child: archives until it is killed", "[.]") {
  const char* folder = ::getenv(kFolderVariable);
  if (folder == nullptr) return;
  const uint64_t first = std::stoull(::getenv("CLUEHOUND_CHILD_FIRST"));
  ListingArchive::Options options;
  options.block_bytes = 4000;  // frames are written between the flushes, too
  ListingArchive archive(folder, options);
  std::mt19937 random(static_cast<uint32_t>(first));
  for (uint64_t i = first;; ++i) {
    extractors::Listing listing;
    listing.id = std::to_string(i);
    listing.title = "商品 " + std::to_string(random());
    const Instant at = FromMillis(1795307400000 + static_cast<int64_t>(i) * 20'000);
    archive.Add(archive.Fresh({at, i % 3 == 0 ? "a" : "b", "p", "3"}, {listing}, {}));
    if (i % 20 != 0) continue;
    if (!archive.Flush().ok()) ::_exit(2);
    const std::string line = "synced " + std::to_string(i) + "\n";
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) ::_exit(1);
  }
}

pid_t StartChild(const std::string& folder, uint64_t first, int& read_end) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  std::string where = std::string(kFolderVariable) + "=" + folder;
  std::string from = "CLUEHOUND_CHILD_FIRST=" + std::to_string(first);
  std::vector<char*> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
  environment.insert(environment.end(), {where.data(), from.data(), nullptr});
  const char* arguments[] = {"test_store", kChildCase, nullptr};
  const pid_t child = ::fork();
  if (child == 0) {  // only calls that are safe between fork and exec
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::execve("/proc/self/exe", const_cast<char**>(arguments), environment.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  read_end = ends[0];
  return child;
}

// Lets the child work until it told `enough` times, kills it in the midst of what comes next, and
// gives what was synced last.
uint64_t RunAndKill(pid_t child, int read_end, int enough) {
  std::string told;
  uint64_t synced = 0;
  bool killed = false;
  std::array<char, 4096> buffer;
  for (ssize_t n; (n = ::read(read_end, buffer.data(), buffer.size())) > 0;) {
    told.append(buffer.data(), static_cast<size_t>(n));
    for (size_t end; (end = told.find('\n')) != told.npos; told.erase(0, end + 1)) {
      if (!told.starts_with("synced ")) continue;
      synced = std::stoull(told.substr(7, end - 7));
      --enough;
    }
    if (enough > 0 || killed) continue;
    ::kill(child, SIGKILL);
    killed = true;  // and read what it had said
  }
  ::close(read_end);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  return synced;
}

TEST_CASE("ours: kill -9 while listings are archived loses none that was synced", "[kill]") {
  cluehound::testing::TempDir dir;
  std::mt19937 random(20261128);
  uint64_t next = 1;
  std::vector<std::pair<uint64_t, uint64_t>> lives;  // first, last synced
  for (int life = 0; life < 40; ++life) {
    int read_end = -1;
    const pid_t child = StartChild(dir.path().string(), next, read_end);
    const uint64_t synced = RunAndKill(child, read_end, static_cast<int>(random() % 8) + 1);
    lives.emplace_back(next, synced);
    next = synced + 100'000;  // numbers of lives do not meet
  }
  std::map<uint64_t, int> met;
  const auto files = ListingFiles(dir.path(), {});
  REQUIRE_OK(files);
  const auto read =
      ReadListings(*files, 2, [&](ListingBlock& block) -> Result<std::function<void()>> {
        auto ids = std::make_shared<std::vector<uint64_t>>();
        RETURN_IF_ERROR(block.Each([&](extractors::Listing& listing, const ListingFacts&) {
          ids->push_back(std::stoull(listing.id));
        }));
        return std::function<void()>([ids, &met] {
          for (const uint64_t id : *ids) ++met[id];
        });
      });
  REQUIRE_OK(read);
  uint64_t wanted = 0;
  for (const auto& [first, last] : lives) {
    for (uint64_t id = first; id <= last; ++id) {
      ++wanted;
      REQUIRE(met[id] == 1);
    }
  }
  CHECK(wanted > 1000);
  for (const auto& [id, times] : met) REQUIRE(times == 1);
}

}  // namespace
}  // namespace cluehound::store
