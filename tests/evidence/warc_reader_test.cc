#include "evidence/warc_reader.h"

#include "base/content_coding.h"
#include "tests/testing/testing.h"

namespace cluehound::evidence {
namespace {

struct Read {
  std::vector<ArchivedResponse> responses;
  Status status;
  std::vector<std::string> warnings;
  uint64_t records = 0;
};

Read ReadAll(WarcReader& reader) {
  Read read;
  ArchivedResponse response;
  while (reader.Next(response)) read.responses.push_back(response);
  read.status = reader.status();
  read.warnings = reader.warnings();
  read.records = reader.records();
  return read;
}

Read ReadText(const std::string& file) {
  WarcReader reader(MemorySource(file), "test.warc");
  return ReadAll(reader);
}

std::string Response(const std::string& message) {
  return "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\n"
         "WARC-Date: 2026-11-22T00:30:00.250Z\r\nContent-Type: "
         "application/http\r\nContent-Length: " +
         std::to_string(message.size()) + "\r\n\r\n" + message + "\r\n\r\n";
}

TEST_CASE("ours: a response gives address, time, header block and body", "[warc]") {
  const Read read =
      ReadText(Response("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\n\r\n<p>hi"));
  REQUIRE_OK(read.status);
  const ArchivedResponse& r = read.responses.at(0);
  REQUIRE(r.url == "http://a.example/");
  REQUIRE(FormatUtcTime(*r.date) == "2026-11-22T00:30:00.250Z");
  REQUIRE(r.status == 200);
  REQUIRE(r.header_block == "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\n");
  REQUIRE(r.content_type == "text/html; charset=gbk");
  REQUIRE(r.coded_body == "<p>hi");
  REQUIRE(r.complete);
  REQUIRE(r.notes.empty());
}

TEST_CASE("ours: chunks are taken off, the content coding is left and named", "[warc]") {
  const std::string gz = GzipCompress("<p>hi", 6);
  char size[16];
  std::snprintf(size, sizeof size, "%zx", gz.size());
  const Read read = ReadText(
      Response("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" +
               std::string(size) + "\r\n" + gz + "\r\n0\r\n\r\n"));
  const ArchivedResponse& r = read.responses.at(0);
  REQUIRE(r.notes.empty());
  REQUIRE(DecodeContent(r.content_encoding, r.coded_body, 1000).bytes == "<p>hi");
}

TEST_CASE("rfc9112 7: a coding that was put on for the transfer is named after that of the content",
          "[warc]") {
  const std::string gz = GzipCompress("<p>hi", 6);
  char size[16];
  std::snprintf(size, sizeof size, "%zx", gz.size());
  const Read read =
      ReadText(Response("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" +
                        std::string(size) + "\r\n" + gz + "\r\n0\r\n\r\n"));
  REQUIRE(read.responses.at(0).content_encoding == "gzip");
  REQUIRE(read.responses[0].coded_body == gz);
}

TEST_CASE("ours: labels that the stored bytes contradict are noted and not believed", "[warc]") {
  const ArchivedResponse chunked =
      ReadText(Response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>hi"))
          .responses.at(0);
  REQUIRE(chunked.coded_body == "<p>hi");
  REQUIRE(chunked.notes.at(0) == "labelled chunked, but stored without chunks");
  const ArchivedResponse gzip =
      ReadText(Response("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n<p>hi")).responses.at(0);
  REQUIRE(gzip.content_encoding.empty());
  REQUIRE(gzip.notes.at(0) == "labelled gzip, but stored without it");
}

TEST_CASE("ours: broken chunks make the body incomplete", "[warc]") {
  const ArchivedResponse r =
      ReadText(
          Response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>hi\r\nzz\r\n"))
          .responses.at(0);
  REQUIRE(r.coded_body == "<p>hi");
  REQUIRE_FALSE(r.complete);
  REQUIRE(r.notes.at(0) == "its chunks break off after 5 bytes");
}

TEST_CASE("ours: records that are no HTTP answer are passed over", "[warc]") {
  const Read read =
      ReadText(Response("20260101 a dns answer") + Response("HTTP/1.1 200 OK\r\n\r\nx"));
  REQUIRE(read.responses.size() == 1);
  REQUIRE(read.records == 2);
}

TEST_CASE("ours: messages name the file", "[warc]") {
  const Read read = ReadText("<html>");
  REQUIRE(read.status.message() == "test.warc: is neither a WARC nor an ARC file");
  REQUIRE(WarcReader::Open("/nonexistent/x.warc").status().code() == Code::kNotFound);
  REQUIRE(WarcReader::Open("/tmp").status().code() == Code::kInvalidArgument);
}

// ---- files of others

class Shared {
 public:
  Shared() : folder_(testing::SharedData("warc")) {}
  explicit operator bool() const { return folder_.has_value(); }
  Read operator()(const std::string& name) const {
    auto reader = WarcReader::Open(*folder_ / name);
    REQUIRE_OK(reader);
    return ReadAll(**reader);
  }

 private:
  std::optional<std::filesystem::path> folder_;
};

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("warcio: the same page plain, gzip, in one member and as ARC", "[warc][shared]") {
  const Shared shared;
  if (!shared) return;
  for (const char* name : {"warcio/example.warc", "warcio/example.warc.gz",
                           "warcio/example-bad-non-chunked.warc.gz"}) {
    INFO(name);
    const Read read = shared(name);
    REQUIRE_OK(read.status);
    REQUIRE(read.records == 6);
    REQUIRE(read.responses.size() == 1);  // the revisit has no body of its own
    const ArchivedResponse& r = read.responses[0];
    REQUIRE(r.url == "http://example.com/");
    REQUIRE(r.status == 200);
    REQUIRE(r.notes.empty());
    const CodedBody body = DecodeContent(r.content_encoding, r.coded_body, 1 << 20);
    REQUIRE(body.bytes.size() == 1270);
    REQUIRE(Contains(body.bytes, "<h1>Example Domain</h1>"));
  }
  for (const char* name : {"warcio/example.arc", "warcio/example.arc.gz"}) {
    INFO(name);
    const Read read = shared(name);
    REQUIRE_OK(read.status);
    REQUIRE(read.responses.size() == 1);
    REQUIRE(read.responses[0].content_type == "text/html");
    REQUIRE(read.responses[0].coded_body.size() == 1270);
  }
}

TEST_CASE("warcio: one gzip member for all records, with a file name in it", "[warc][shared]") {
  const Shared shared;
  if (!shared) return;
  const Read read = shared("warcio/example-bad.warc.gz.bad");
  REQUIRE_OK(read.status);
  REQUIRE(read.responses.at(0).url == "http://example.com?example=1");
  REQUIRE(Contains(read.responses[0].coded_body, "<h1>Example Domain</h1>"));
}

TEST_CASE("warcio: a chunked page is stored in chunks", "[warc][shared]") {
  const Shared shared;
  if (!shared) return;
  const Read read = shared("warcio/example-iana.org-chunked.warc");
  REQUIRE_OK(read.status);
  const ArchivedResponse& r = read.responses.at(0);
  REQUIRE(r.coded_body.size() == 0x1c37);
  REQUIRE(r.coded_body.starts_with("<!doctype html>"));
  REQUIRE(r.complete);
  REQUIRE(r.notes.empty());
}

TEST_CASE("warcio: blanks in addresses, WARC and ARC", "[warc][shared]") {
  const Shared shared;
  if (!shared) return;
  const Read warc = shared("warcio/example-space-in-target-uri.warc.gz");
  REQUIRE_OK(warc.status);
  REQUIRE(warc.responses.at(0).url == "file:///example with spaces.png");
  REQUIRE(warc.responses[0].status == 0);
  REQUIRE(warc.responses[0].coded_body.size() == 70);
  REQUIRE(warc.responses[0].notes.empty());
  const Read arc = shared("warcio/example-space-in-url.arc");
  // Its record is 12 bytes shorter than its length (CRLF became LF), but HTTP says that the body is
  // whole.
  REQUIRE(arc.status.code() == Code::kCorruption);
  REQUIRE(arc.responses.at(0).complete);
  REQUIRE(arc.responses[0].coded_body.size() == 1270);
  REQUIRE(arc.responses[0].url ==
          "http://example.com/index.cfm?FuseAction=Email&EmailTitle=Examples From The Live "
          "Web&IsPopUp=False");
}

TEST_CASE("warcio: angle brackets around the address, as Wget wrote them", "[warc][shared]") {
  const Shared shared;
  if (!shared) return;
  const Read read = shared("warcio/example-wget-bad-target-uri.warc.gz");
  REQUIRE_OK(read.status);
  REQUIRE(read.responses.at(0).url == "http://example.com/");
}

TEST_CASE("warcio: a resource record and records of a form", "[warc][shared]") {
  const Shared shared;
  if (!shared) return;
  const Read resource = shared("warcio/example-resource.warc.gz");
  REQUIRE_OK(resource.status);
  REQUIRE(resource.responses.at(0).content_type == "text/html; charset=utf-8");
  REQUIRE(resource.responses[0].header_block.empty());
  REQUIRE(resource.responses[0].coded_body.size() == 1303);
  const Read post = shared("warcio/post-test.warc.gz");
  REQUIRE_OK(post.status);
  REQUIRE(post.responses.size() == 3);
}

TEST_CASE("warcio: wrong lengths cost strays and notes, not the rest of the file",
          "[warc][shared]") {
  const Shared shared;
  if (!shared) return;
  const Read trunc = shared("warcio/example-trunc.warc");
  REQUIRE_OK(trunc.status);
  REQUIRE(trunc.records == 4);
  REQUIRE(trunc.responses.size() == 1);
  REQUIRE(Contains(trunc.responses[0].notes.at(0), "does not match its WARC-Block-Digest"));
  REQUIRE(trunc.warnings.size() == 1);
  REQUIRE(Contains(trunc.warnings[0], "stray bytes before the next record"));

  const Read chunks = shared("warcio/example-wrong-chunks.warc.gz");
  REQUIRE_OK(chunks.status);
  REQUIRE(Contains(chunks.responses.at(0).coded_body, "<h1>Example Domain</h1>"));
  REQUIRE(chunks.responses[0].coded_body.ends_with("</html>\n"));
}

TEST_CASE("warcio: ARC records with impossible lengths are passed over with a warning each",
          "[warc][shared]") {
  const Shared shared;
  if (!shared) return;
  const Read bad = shared("warcio/bad.arc");
  REQUIRE_OK(bad.status);
  REQUIRE(bad.responses.empty());
  REQUIRE(bad.warnings.size() == 3);
}

TEST_CASE("commoncrawl: a page, and neither its WET nor its WAT twin", "[warc][shared]") {
  const Shared shared;
  if (!shared) return;
  for (const char* name : {"commoncrawl/whirlwind.warc", "commoncrawl/whirlwind.warc.gz"}) {
    INFO(name);
    const Read read = shared(name);
    REQUIRE_OK(read.status);
    REQUIRE(read.records == 4);
    const ArchivedResponse& r = read.responses.at(0);
    REQUIRE(r.url == "https://an.wikipedia.org/wiki/Escopete");
    REQUIRE(r.coded_body.size() == 72848);
    REQUIRE(r.notes.empty());
  }
  for (const char* name : {"commoncrawl/whirlwind.warc.wet", "commoncrawl/whirlwind.warc.wet.gz",
                           "commoncrawl/whirlwind.warc.wat", "commoncrawl/whirlwind.warc.wat.gz"}) {
    INFO(name);
    const Read read = shared(name);
    REQUIRE_OK(read.status);
    REQUIRE(read.records >= 1);
    REQUIRE(read.responses.empty());
  }
}

TEST_CASE(
    "warcio: every fixture cut at every byte gives whole pages first and never more than it had",
    "[warc][shared]") {
  const auto folder = testing::SharedData("warc");
  if (!folder) return;
  for (const char* name :
       {"warcio/example.warc.gz", "warcio/example.arc", "warcio/post-test.warc.gz"}) {
    INFO(name);
    const std::string file = testing::Slurp(*folder / name);
    const size_t whole = ReadText(file).responses.size();
    size_t complete_before = 0;
    for (size_t n = 1; n < file.size(); ++n) {
      const Read read = ReadText(file.substr(0, n));
      const auto complete =
          static_cast<size_t>(std::count_if(read.responses.begin(), read.responses.end(),
                                            [](const ArchivedResponse& r) { return r.complete; }));
      INFO("cut at " << n);
      REQUIRE(complete >= complete_before);
      REQUIRE(complete <= whole);
      complete_before = complete;
    }
    REQUIRE(complete_before == whole);
  }
}

}  // namespace
}  // namespace cluehound::evidence
