// What we write must be readable for years by programs that are not ours. The witness is the npm
// package `warcio`.

#include <sys/wait.h>

#include <cstdio>
#include <iostream>

#include "base/content_coding.h"
#include "base/digest.h"
#include "base/text.h"
#include "evidence/archive.h"
#include "tests/evidence/sample_page.h"
#include "tests/testing/testing.h"

namespace cluehound::evidence {
namespace {

constexpr const char* kPackage = "warcio@2.4.11";

// The command's standard output, or nothing when it fails.
std::optional<std::string> Run(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string out;
  char buffer[4096];
  while (const size_t n = ::fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, n);
  const int status = ::pclose(pipe);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return out;
}

// A folder with the package in it, or nothing, said aloud.
bool InstallWitness(const std::filesystem::path& folder) {
  const std::string quoted = "'" + folder.string() + "'";
  if (Run("timeout 120 npm install --prefix " + quoted +
          " --ignore-scripts --no-audit --no-fund --fetch-retries=1 " + kPackage +
          " 2>/dev/null") &&
      std::filesystem::exists(folder / "node_modules" / "warcio")) {
    std::filesystem::copy_file(testing::SourceDir() / "tests/evidence/read_with_warcio.mjs",
                               folder / "read.mjs");
    return true;
  }
  std::cout
      << "SKIPPED: npm or its registry cannot be reached, so no independent reader was asked\n";
  return false;
}

struct Seen {
  std::string pass, type, url, date, status, offset, sha256, payload_digest;
};

std::vector<Seen> ParseLines(const std::string& out) {
  std::vector<Seen> seen;
  for (const std::string_view line : SplitAscii(out, "\n")) {
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == '\t') {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    REQUIRE(fields.size() == 8);
    seen.push_back(
        {fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6], fields[7]});
  }
  return seen;
}

Page PageWithBody(int number, const std::string& headers, const std::string& coded_body,
                  const std::string& version = "1.1") {
  Page page = SamplePage(number);
  Exchange& answer = page.exchanges.back();
  answer.header_block = "HTTP/" + version + " 200 OK\r\nContent-Type: text/html\r\n" + headers;
  answer.http_version = version;
  answer.coded_body = coded_body;
  return page;
}

TEST_CASE("ours: another program finds the same records, payloads and contents in our archive",
          "[archive][npm]") {
  const testing::TempDir dir;
  std::filesystem::create_directory(dir.path() / "witness");
  if (!InstallWitness(dir.path() / "witness")) return;

  const std::string html = "<!doctype html><title>示例</title>" + std::string(3000, 'x');
  struct Case {
    Page page;
    std::string content;  // what is left without codings
  };
  const std::vector<Case> cases = {
      {PageWithBody(1, "", html), html},
      {PageWithBody(2, "Content-Encoding: gzip\r\n", GzipCompress(html, 6)), html},
      {PageWithBody(3, "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
                    GzipCompress(html, 6)),
       html},
      // Without the changed name a reader would take the first line for a chunk.
      {PageWithBody(4, "Transfer-Encoding: chunked\r\n", "5\r\nabcde\r\n0\r\n\r\n"),
       "5\r\nabcde\r\n0\r\n\r\n"},
      {PageWithBody(5, "", "", "2"), ""},
      {PageWithBody(6, "", html + "\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\n\r\n", "2"),
       html + "\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\n\r\n"},
  };
  const testing::FakeClock clock(FromMillis(1795307400250));
  ArchiveOptions options;
  options.info = {{"software", "Cluehound"}};
  options.max_file_bytes = 8000;  // several files
  std::vector<CaptureRef> refs;
  std::string files;
  {
    auto archive = Archive::Open(dir.path() / "archive", {}, clock, std::move(options));
    REQUIRE_OK(archive);
    for (const Case& c : cases) {
      const auto ref = (*archive)->Append(c.page);
      REQUIRE_OK(ref);
      const std::string path = " '" + (dir.path() / "archive" / ref->file).string() + "'";
      if (files.find(path) == std::string::npos) files += path;
      refs.push_back(*ref);
    }
    REQUIRE_OK((*archive)->Sync());
  }
  REQUIRE(refs.front().file != refs.back().file);

  const auto out = Run("node '" + (dir.path() / "witness/read.mjs").string() + "'" + files);
  REQUIRE(out);
  std::vector<Seen> raw, content;
  size_t records = 0;
  for (const Seen& seen : ParseLines(*out)) {
    records += seen.pass == "raw";
    if (seen.type != "response" || seen.status != "200") continue;
    (seen.pass == "raw" ? raw : content).push_back(seen);
  }
  const size_t file_count = SplitAscii(files, " ").size();
  REQUIRE(records == file_count + cases.size() * 6);
  REQUIRE(raw.size() == cases.size());
  REQUIRE(content.size() == cases.size());
  for (size_t i = 0; i < cases.size(); ++i) {
    const Exchange& answer = cases[i].page.answer();
    INFO("case " << i + 1);
    REQUIRE(raw[i].url == answer.url);
    REQUIRE(raw[i].date == FormatUtcTime(answer.started));
    REQUIRE(raw[i].sha256 == Hex(Sha256(answer.coded_body)));
    REQUIRE(raw[i].payload_digest == "sha256:" + raw[i].sha256);
    REQUIRE(content[i].sha256 == Hex(Sha256(cases[i].content)));
  }
}

}  // namespace
}  // namespace cluehound::evidence
