#include "evidence/warc_record.h"

#include "base/content_coding.h"
#include "evidence/arc_line.h"
#include "tests/testing/testing.h"

namespace cluehound::evidence {
namespace {

std::string Record(const std::string& type, const std::string& uri, const std::string& block,
                   const std::string& extra = "") {
  return "WARC/1.1\r\nWARC-Type: " + type + "\r\nWARC-Target-URI: " + uri + "\r\n" + extra +
         "Content-Length: " + std::to_string(block.size()) + "\r\n\r\n" + block + "\r\n\r\n";
}

struct Read {
  std::vector<WarcHeader> headers;
  std::vector<WarcBlock> blocks;
  Status status;
  std::vector<std::string> warnings;
};

Read ReadAll(const std::string& file, const WarcLimits& limits = {}) {
  Read read;
  WarcRecordReader reader(MemorySource(file), limits);
  WarcHeader header;
  while (reader.Next(header)) {
    read.headers.push_back(header);
    read.blocks.push_back(reader.ReadBlock());
  }
  read.status = reader.status();
  read.warnings = reader.warnings();
  return read;
}

TEST_CASE("warc 4: records in order, plain and gzip, members by record or not", "[warc]") {
  const std::string one = Record("response", "http://a.example/", "first\r\n\r\nblock");
  const std::string two = Record("request", "http://b.example/", "");
  const std::string three = Record("metadata", "http://c.example/", "third");
  const std::string whole = one + two + three;
  std::string blocks;  // members that end anywhere, as block-wise gzip writes them
  for (size_t pos = 0; pos < whole.size(); pos += 50)
    blocks += GzipCompress(whole.substr(pos, 50), 6);
  for (const std::string& file :
       {whole, GzipCompress(one, 6) + GzipCompress(two, 6) + GzipCompress(three, 6),
        GzipCompress(whole, 6), blocks}) {
    const Read read = ReadAll(file);
    REQUIRE_OK(read.status);
    INFO((read.warnings.empty() ? "" : read.warnings[0]));
    REQUIRE(read.warnings.empty());
    REQUIRE(read.headers.size() == 3);
    REQUIRE(read.headers[0].type() == "response");
    REQUIRE(read.blocks[0].bytes == "first\r\n\r\nblock");
    REQUIRE(read.blocks[1].bytes.empty());
    REQUIRE(read.headers[2].target_uri() == "http://c.example/");
    REQUIRE(read.blocks[2].bytes == "third");
    REQUIRE(read.blocks[2].complete);
  }
}

TEST_CASE("ours: the offset is that of the record, or of its gzip member", "[warc]") {
  const std::string one = Record("response", "http://a.example/", "x");
  REQUIRE(ReadAll(one + one).headers[1].offset == one.size());
  const std::string member = GzipCompress(one, 6);
  REQUIRE(ReadAll(member + member).headers[1].offset == member.size());
}

TEST_CASE("ours: blocks that nobody asks for are passed over", "[warc]") {
  const std::string file = Record("response", "http://a.example/", std::string(1 << 20, 'x')) +
                           Record("response", "http://b.example/", "y");
  WarcRecordReader reader(MemorySource(file), {});
  WarcHeader header;
  REQUIRE(reader.Next(header));
  REQUIRE(reader.Next(header));
  REQUIRE(header.target_uri() == "http://b.example/");
  REQUIRE_FALSE(reader.Next(header));
  REQUIRE_OK(reader.status());
}

TEST_CASE("warc 4: folded fields, bare LF and any case of names", "[warc]") {
  const Read read = ReadAll(
      "WARC/1.0\nwarc-type: response\nWARC-TARGET-URI:\n <http://a.example/>\nContent-length: "
      "2\n\nok\n\n");
  REQUIRE_OK(read.status);
  REQUIRE(read.headers.at(0).type() == "response");
  REQUIRE(read.headers[0].target_uri() == "http://a.example/");
  REQUIRE(read.blocks[0].bytes == "ok");
}

TEST_CASE("ours: a block larger than the cap is cut and said to be", "[warc]") {
  WarcLimits limits;
  limits.max_block_bytes = 100;
  const Read read = ReadAll(Record("response", "http://a.example/", std::string(5000, 'x')) +
                                Record("response", "http://b.example/", "after"),
                            limits);
  REQUIRE(read.blocks.size() == 2);
  REQUIRE(read.blocks[0].bytes.size() == 100);
  REQUIRE_FALSE(read.blocks[0].complete);
  REQUIRE(read.blocks[0].notes.at(0) == "5000 bytes, cut at 100");
  REQUIRE(read.blocks[1].bytes == "after");
}

TEST_CASE("warc 5.8: a block digest is checked, also over what the cap cuts off", "[warc]") {
  const std::string block = "abc";
  const std::string good = "WARC-Block-Digest: sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5\r\n";
  REQUIRE(ReadAll(Record("response", "http://a.example/", block, good)).blocks.at(0).notes.empty());
  WarcLimits limits;
  limits.max_block_bytes = 1;
  REQUIRE(ReadAll(Record("response", "http://a.example/", block, good), limits)
              .blocks.at(0)
              .notes.size() == 1);
  const Read bad = ReadAll(Record("response", "http://a.example/", "abd", good));
  REQUIRE(bad.blocks.at(0).notes.at(0) == "the block does not match its WARC-Block-Digest");
  REQUIRE(bad.blocks[0].bytes == "abd");
}

TEST_CASE("ours: a Content-Length that is too small costs stray bytes, not the next record",
          "[warc]") {
  std::string first = Record("response", "http://a.example/", "0123456789");
  first.replace(first.find("Content-Length: 10"), 18, "Content-Length: 4\t");
  for (const bool gzip : {false, true}) {
    const std::string second = Record("response", "http://b.example/", "x");
    const Read read =
        ReadAll(gzip ? GzipCompress(first, 6) + GzipCompress(second, 6) : first + second);
    REQUIRE_OK(read.status);
    REQUIRE(read.headers.size() == 2);
    REQUIRE(read.blocks[0].bytes == "0123");
    REQUIRE(read.headers[1].target_uri() == "http://b.example/");
    REQUIRE(read.warnings.size() == 1);
    REQUIRE(read.warnings[0].find("stray bytes before the next record") != std::string::npos);
  }
}

TEST_CASE("ours: in a gzip file a Content-Length that is too large ends with the member",
          "[warc]") {
  std::string first = Record("response", "http://a.example/", "0123456789");
  first.replace(first.find("Content-Length: 10"), 18, "Content-Length: 99");
  const Read read = ReadAll(GzipCompress(first, 6) +
                            GzipCompress(Record("response", "http://b.example/", "x"), 6));
  REQUIRE_OK(read.status);
  REQUIRE(read.headers.size() == 2);
  REQUIRE_FALSE(read.blocks[0].complete);
  REQUIRE(read.blocks[0].bytes == "0123456789\r\n\r\n");
  REQUIRE(read.headers[1].target_uri() == "http://b.example/");
}

TEST_CASE("ours: a record without a usable length is passed over", "[warc]") {
  for (const char* length : {"", "Content-Length: -5\r\n", "Content-Length: many\r\n",
                             "Content-Length: 99999999999999999999999\r\n"}) {
    const Read read = ReadAll("WARC/1.0\r\nWARC-Type: response\r\n" + std::string(length) +
                              "\r\nlost\r\n\r\n" + Record("response", "http://b.example/", "x"));
    INFO(length);
    REQUIRE_OK(read.status);
    REQUIRE(read.headers.size() == 1);
    REQUIRE(read.headers[0].target_uri() == "http://b.example/");
    REQUIRE(read.warnings.size() == 2);
  }
}

TEST_CASE("ours: a file that ends inside a record gives what it has, then says where", "[warc]") {
  const std::string good = Record("response", "http://a.example/", "whole");
  const std::string bad = Record("response", "http://b.example/", std::string(1000, 'x'));
  const Read read = ReadAll(good + bad.substr(0, bad.size() - 500));
  REQUIRE(read.headers.size() == 2);
  REQUIRE(read.blocks[0].complete);
  REQUIRE_FALSE(read.blocks[1].complete);
  REQUIRE(read.status.code() == Code::kCorruption);
  REQUIRE(read.status.message() == "the file ends inside the record at byte " +
                                       std::to_string(good.size()) + " (http://b.example/)");
  REQUIRE(ReadAll(good + "WARC/1.0\r\nWARC-Ty").status.message() ==
          "the file ends inside the record header at byte " + std::to_string(good.size()));
}

TEST_CASE("ours: a file cut at any byte gives its whole records and never more", "[warc]") {
  std::string plain, members;
  for (int i = 0; i < 3; ++i) {
    const std::string record =
        Record("response", "http://a.example/" + std::to_string(i),
               "HTTP/1.1 200 OK\r\n\r\n" + std::string(50, static_cast<char>('a' + i)),
               "WARC-Block-Digest: sha1:AAAA\r\n");
    plain += record;
    members += GzipCompress(record, 6);
  }
  for (const std::string& file : {plain, members, GzipCompress(plain, 6)}) {
    size_t before = 0;
    for (size_t n = 1; n <= file.size(); ++n) {
      INFO("cut at " << n);
      const Read read = ReadAll(file.substr(0, n));
      const auto whole =
          static_cast<size_t>(std::count_if(read.blocks.begin(), read.blocks.end(),
                                            [](const WarcBlock& block) { return block.complete; }));
      REQUIRE(whole >= before);
      REQUIRE(whole <= 3);
      before = whole;
    }
    REQUIRE(before == 3);
  }
}

TEST_CASE("ours: a length beyond all disks ends like any other cut file", "[warc]") {
  const Read read =
      ReadAll("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 999999999999999999\r\n\r\nshort");
  REQUIRE(read.blocks.at(0).bytes == "short");
  REQUIRE(read.status.code() == Code::kCorruption);
}

TEST_CASE("ours: headers without end and seas of strays are bounded", "[warc]") {
  WarcLimits limits;
  limits.max_header_bytes = 1000;
  limits.max_stray_bytes = 5000;
  std::string endless = "WARC/1.0\r\n";
  for (int i = 0; i < 100; ++i)
    endless += "X-" + std::to_string(i) + ": yyyyyyyyyyyyyyyyyyyyyyyy\r\n";
  const Read header =
      ReadAll(endless + "\r\n" + Record("response", "http://b.example/", "x"), limits);
  REQUIRE(header.headers.size() == 1);
  REQUIRE(header.warnings.at(0).find("a record header of more than 1000 bytes") !=
          std::string::npos);

  const Read sea =
      ReadAll(Record("response", "http://a.example/", "x") + std::string(20000, 'z'), limits);
  REQUIRE(sea.headers.size() == 1);
  REQUIRE(sea.status.code() == Code::kCorruption);
  REQUIRE(sea.status.message().find("no record begins within 5000 bytes") == 0);
}

TEST_CASE("ours: what is no archive is refused at once", "[warc]") {
  for (const char* file : {"", "<html>not an archive</html>", "WAR", "{\"json\": true}"}) {
    INFO(file);
    const Read read = ReadAll(file);
    REQUIRE(read.headers.empty());
    REQUIRE(read.status.code() == Code::kInvalidArgument);
  }
  REQUIRE(ReadAll(GzipCompress("gzip, but of something else", 6)).status.code() ==
          Code::kInvalidArgument);
  REQUIRE(ReadAll("\x1f\x8b broken").status.code() == Code::kCorruption);
}

TEST_CASE("arc 1.0: an address may hold blanks, the other fields count from the back", "[warc]") {
  const auto header =
      ParseArcLine("http://a.example/x y?z=1 2 192.0.2.1 20140216050221 text/html 1591");
  REQUIRE(header);
  REQUIRE(header->type() == "response");
  REQUIRE(header->target_uri() == "http://a.example/x y?z=1 2");
  REQUIRE(header->Field("WARC-IP-Address") == "192.0.2.1");
  REQUIRE(header->Field("Content-Type") == "text/html");
  REQUIRE(header->content_length == 1591);
  REQUIRE(FormatUtcTime(*header->date()) == "2014-02-16T05:02:21.000Z");
}

TEST_CASE("arc 2: ten fields", "[warc]") {
  const auto header = ParseArcLine(
      "http://a.example/ 192.0.2.1 20140216050221 text/html 200 abcdef - 12345678 file.arc.gz 77");
  REQUIRE(header);
  REQUIRE(header->target_uri() == "http://a.example/");
  REQUIRE(header->content_length == 77);
}

TEST_CASE("ours: lines that are no ARC header", "[warc]") {
  for (const char* line :
       {"", "one two three", "http://a.example/ 192.0.2.1 20140216050221 text/html -1",
        "http://a.example/ 192.0.2.1 20140216050221 text/html abc",
        "no-address 192.0.2.1 20140216050221 text/html 5",
        "http://a.example/ 192.0.2.1 yesterday text/html 5", "20140216050221 a b 5"}) {
    INFO(line);
    REQUIRE_FALSE(ParseArcLine(line));
  }
}

}  // namespace
}  // namespace cluehound::evidence
