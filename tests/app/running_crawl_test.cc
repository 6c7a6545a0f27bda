// What people do while a crawl holds the store: the program itself is run, twice at once.

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "base/file.h"
#include "tests/app/program.h"
#include "tests/app/running_program.h"
#include "tests/testing/test_server.h"
#include "tests/testing/testing.h"

namespace cluehound::app {
namespace {

std::string Output(const std::string& arguments) {
  FILE* pipe =
      ::popen(("'" + std::string(kProgram) + "' " + arguments + " 2>/dev/null").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 4096> buffer;
  while (const size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
    output.append(buffer.data(), n);
  ::pclose(pipe);
  return output;
}

TEST_CASE("ours: leads are listed and decided while a crawl runs, and stay so when it ends") {
  testing::TestServer shop;
  shop.ServeHtml("/",
                 "<div itemscope itemtype='https://schema.org/Product'><meta itemprop=sku "
                 "content=9002><a itemprop=url href='/i/9002.html'><span itemprop=name>耐克 高仿 "
                 "运动鞋 断码</span></a><div itemprop=offers itemscope "
                 "itemtype='https://schema.org/Offer'><span itemprop=price content=59.00>59</span>"
                 "</div></div>");
  testing::TempDir folder;
  const std::string config = (folder.path() / "config").string();
  std::filesystem::create_directories(folder.path() / "config/sources");
  REQUIRE_OK(WriteFileAtomically(folder.path() / "config/sources/shop.yaml",
                                 "sources: [{id: shop, seeds: [\"" + shop.Url("/") +
                                     "\"], every: 1h, pace: 0s, allow_addresses: [127.0.0.1]}]\n"));
  RunningProgram crawl({"crawl", "--config", config});
  const std::string list = "leads list --json --config '" + config + "'";
  std::string lines;
  for (int i = 0; i < 200 && lines.empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    lines = Output(list);
  }
  REQUIRE_FALSE(lines.empty());
  REQUIRE(crawl.IsRunning());
  const std::string id = nlohmann::json::parse(lines).at("lead");
  Output("leads decide " + id + " ruled_out --reason authorised --by 李某 --config '" + config +
         "'");
  CHECK(nlohmann::json::parse(Output(list)).at("status") == "ruled_out");
  REQUIRE(crawl.IsRunning());
  CHECK(crawl.Stop() == 0);
  CHECK(nlohmann::json::parse(Output(list)).at("status") == "ruled_out");
}

TEST_CASE("ours: a backup made during a crawl restores what the crawl had found by then") {
  constexpr int kPages = 300;
  testing::TestServer shop;
  std::string links;
  for (int i = 0; i < kPages; ++i) {
    const std::string number = std::to_string(i);
    links += "<a href='/list/" + number + "'>页</a>";
    shop.ServeHtml("/list/" + number,
                   "<div itemscope itemtype='https://schema.org/Product'><meta itemprop=sku "
                   "content=" +
                       number + "><a itemprop=url href='/i/" + number +
                       ".html'><span itemprop=name>耐克 高仿 运动鞋 " + number +
                       "</span></a><div itemprop=offers itemscope "
                       "itemtype='https://schema.org/Offer'><span itemprop=price "
                       "content=59.00>59</span></div></div>");
  }
  shop.ServeHtml("/", links);
  testing::TempDir folder;
  const std::string config = (folder.path() / "config").string();
  std::filesystem::create_directories(folder.path() / "config/sources");
  REQUIRE_OK(
      WriteFileAtomically(folder.path() / "config/sources/shop.yaml",
                          "sources: [{id: shop, seeds: [\"" + shop.Url("/") +
                              "\"], every: 10h, pace: 5ms, allow_addresses: [127.0.0.1]}]\n"));
  RunningProgram crawl({"crawl", "--config", config});
  const auto leads = [&](const std::string& where) {
    std::set<std::string> lines;
    std::istringstream all(Output("leads list --json --limit 1000 " + where));
    for (std::string line; std::getline(all, line);) lines.insert(line);
    return lines;
  };
  const auto await = [&](size_t wanted) {
    for (int i = 0; i < 600 && leads("--config '" + config + "'").size() < wanted; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
  };
  await(20);
  const std::string root = folder.path().string();
  const size_t before = leads("--config '" + config + "'").size();
  Output("store backup '" + root + "/backups' --config '" + config + "'");
  CHECK(crawl.IsRunning());
  await(kPages);
  CHECK(crawl.Stop() == 0);
  const auto found = leads("--config '" + config + "'");
  REQUIRE(found.size() == kPages);
  Output("store restore '" + root + "/backups' --to '" + root + "/elsewhere'");
  const auto restored = leads("--store '" + root + "/elsewhere'");
  INFO("before the backup " << before << ", in it " << restored.size());
  CHECK(before >= 20);
  CHECK(restored.size() >= before);
  CHECK(std::includes(found.begin(), found.end(), restored.begin(), restored.end()));
  CHECK(Output("store check --store '" + root + "/elsewhere'").find("通过") != std::string::npos);
}

}  // namespace
}  // namespace cluehound::app
