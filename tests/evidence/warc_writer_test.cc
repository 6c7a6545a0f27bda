#include "evidence/warc_writer.h"

#include <set>

#include "base/digest.h"
#include "evidence/stored_head.h"
#include "evidence/warc_reader.h"
#include "tests/evidence/sample_page.h"
#include "tests/testing/testing.h"

namespace cluehound::evidence {
namespace {

struct Record {
  WarcHeader header;
  std::string block;
};

std::vector<Record> Records(const std::string& bytes) {
  std::vector<Record> records;
  WarcRecordReader reader(MemorySource(bytes), {});
  WarcHeader header;
  while (reader.Next(header)) {
    WarcBlock block = reader.ReadBlock();
    REQUIRE(block.notes.empty());
    records.push_back({header, block.bytes});
  }
  REQUIRE_OK(reader.status());
  REQUIRE(reader.warnings().empty());
  return records;
}

TEST_CASE("ours: a page that was written is read back in every field", "[archive]") {
  const Page page = SamplePage();
  const auto back = DecodePage(EncodePage(page, "<urn:uuid:0>"));
  REQUIRE_OK(back);
  REQUIRE(SamePage(page, *back));
}

TEST_CASE("warc 5: request, response and metadata of one exchange point at each other",
          "[archive]") {
  const auto records = Records(EncodePage(SamplePage(), "<urn:uuid:0>"));
  REQUIRE(records.size() == 6);
  const WarcHeader &request = records[3].header, &response = records[4].header,
                   &metadata = records[5].header;
  REQUIRE(request.type() == "request");
  REQUIRE(response.type() == "response");
  REQUIRE(metadata.type() == "metadata");
  REQUIRE(response.Field("WARC-Concurrent-To") == request.Field("WARC-Record-ID"));
  REQUIRE(request.Field("WARC-Concurrent-To") == response.Field("WARC-Record-ID"));
  REQUIRE(metadata.Field("WARC-Concurrent-To") == response.Field("WARC-Record-ID"));
  REQUIRE(response.Field("WARC-Date") == "2026-11-22T00:30:00.282Z");
  REQUIRE(request.Field("WARC-Date") == response.Field("WARC-Date"));
  REQUIRE(response.Field("WARC-IP-Address") == "192.0.2.7");
  REQUIRE(response.Fields("WARC-Protocol") == std::vector<std::string_view>{"http/1.1", "tls/1.3"});
  REQUIRE(response.Field("WARC-Cipher-Suite") == "TLS_AES_128_GCM_SHA256");
  REQUIRE(response.Field("Content-Type") == "application/http; msgtype=response");
  REQUIRE(records[5].block.find("via: http://shop.example/item/1.html\r\n") != std::string::npos);
}

TEST_CASE("warc 5.8: digests of the block and of the payload are SHA-256", "[archive]") {
  const Page page = SamplePage();
  const Record response = Records(EncodePage(page, ""))[4];
  REQUIRE(response.header.Field("WARC-Block-Digest") == "sha256:" + Hex(Sha256(response.block)));
  REQUIRE(response.header.Field("WARC-Payload-Digest") ==
          "sha256:" + Hex(Sha256(page.answer().coded_body)));
}

TEST_CASE("ours: each record is a gzip member of its own", "[archive]") {
  const std::string bytes = EncodePage(SamplePage(), "");
  std::set<uint64_t> offsets;
  WarcRecordReader reader(MemorySource(bytes), {});
  WarcHeader header;
  while (reader.Next(header)) {
    offsets.insert(header.offset);
    REQUIRE(bytes.substr(header.offset, 2) == "\x1f\x8b");
  }
  REQUIRE(offsets.size() == 6);
}

TEST_CASE("ours: our own reader for scan sees the answers without notes", "[archive]") {
  const std::string bytes = EncodePage(SamplePage(), "");
  WarcReader reader(MemorySource(bytes), "page");
  ArchivedResponse response;
  REQUIRE(reader.Next(response));
  REQUIRE(response.status == 301);
  REQUIRE(reader.Next(response));
  REQUIRE(response.notes.empty());
  REQUIRE(response.complete);
  REQUIRE(DecodeContent(response.content_encoding, response.coded_body, 1 << 20)
              .bytes.find("示例商品 1") != std::string::npos);
  REQUIRE_FALSE(reader.Next(response));
  REQUIRE_OK(reader.status());
}

TEST_CASE("ours: an exchange without an answer has no response record", "[archive]") {
  Page page = SamplePage();
  Exchange& last = page.exchanges.back();
  last.status = 0;
  last.header_block.clear();
  last.coded_body.clear();
  const std::string bytes = EncodePage(page, "");
  REQUIRE(Records(bytes).size() == 5);
  const auto back = DecodePage(bytes);
  REQUIRE_OK(back);
  REQUIRE(SamePage(page, *back));
}

TEST_CASE("ours: empty heads, empty bodies and bodies that look like heads", "[archive]") {
  Page page = SamplePage();
  page.exchanges[0].request.clear();
  page.exchanges[1].coded_body = "\r\n\r\nHTTP/1.1 500 Not me\r\n\r\nWARC/1.1\r\n";
  page.exchanges[1].http_version.clear();
  page.exchanges[1].tls = {};
  page.exchanges[1].peer_port = 0;
  const auto back = DecodePage(EncodePage(page, ""));
  REQUIRE_OK(back);
  REQUIRE(SamePage(page, *back));
}

TEST_CASE("ours: the empty line behind a head is no part of it, and interim answers are dropped",
          "[archive]") {
  Page page = SamplePage();
  const Page wanted = page;
  page.exchanges[1].request += "\r\n";
  page.exchanges[1].header_block =
      "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + page.exchanges[1].header_block + "\r\n";
  const auto back = DecodePage(EncodePage(page, ""));
  REQUIRE_OK(back);
  REQUIRE(SamePage(wanted, *back));
}

TEST_CASE("ours: what stands behind a stray empty line in a head is written so that it stays",
          "[archive]") {
  Page page = SamplePage();
  page.exchanges[1].header_block = "HTTP/1.1 100 Continue\r\n\n\rHTTP/1.1 200 OK\r\nA: b\n";
  const auto back = DecodePage(EncodePage(page, ""));
  REQUIRE_OK(back);
  REQUIRE(back->answer().header_block == "HTTP/1.1 200 OK\r\nA: b\r\n");
  REQUIRE(back->answer().coded_body == page.answer().coded_body);
  const auto again = DecodePage(EncodePage(*back, ""));
  REQUIRE_OK(again);
  REQUIRE(SamePage(*back, *again));
}

TEST_CASE("ours: an address cannot break out of its field", "[archive]") {
  Page page = SamplePage();
  page.exchanges[1].url = "http://a.example/x y\r\nWARC-Type: evil<>";
  const auto records = Records(EncodePage(page, ""));
  REQUIRE(records[4].header.type() == "response");
  REQUIRE(records[4].header.target_uri() == "http://a.example/x%20y%0d%0aWARC-Type:%20evil%3c%3e");
}

TEST_CASE("ours: damaged records are not read back", "[archive]") {
  const std::string good = EncodePage(SamplePage(), "");
  REQUIRE(DecodePage("").status().code() == Code::kInvalidArgument);
  REQUIRE(DecodePage(good.substr(0, good.size() - 10)).status().code() == Code::kCorruption);
  const size_t last_member = good.rfind("\x1f\x8b");
  REQUIRE(DecodePage(good.substr(0, last_member)).status().code() == Code::kCorruption);
}

TEST_CASE("rfc9562 5.4: record ids are of version 4 and differ", "[archive]") {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = NewRecordId();
    REQUIRE(id.size() == 47);
    REQUIRE(id.starts_with("<urn:uuid:"));
    REQUIRE(id[24] == '4');
    REQUIRE(std::string("89ab").find(id[29]) != std::string::npos);
    ids.insert(id);
  }
  REQUIRE(ids.size() == 1000);
}

// ---- heads

void BothWays(const std::string& original, const std::string& version, const std::string& stored) {
  REQUIRE(StoredHead(original) == stored);
  REQUIRE(OriginalHead(stored, version) == original);
}

TEST_CASE("ours: the transfer coding and the length beside it keep their values under another name",
          "[archive]") {
  BothWays("HTTP/1.1 200 OK\r\nContent-Length: 5\r\ntransfer-encoding: chunked\r\nA: b\r\n", "1.1",
           "HTTP/1.1 200 OK\r\nX-Archive-Orig-Content-Length: "
           "5\r\nX-Archive-Orig-transfer-encoding: chunked\r\nA: b\r\n");
  BothWays("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "1.1",
           "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n");
}

TEST_CASE("ours: no server can put a header into our mouth", "[archive]") {
  BothWays(
      "HTTP/1.1 200 OK\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\nx-archive-orig-a: b\r\n",
      "1.1",
      "HTTP/1.1 200 OK\r\nX-Archive-Orig-X-Archive-Orig-Transfer-Encoding: chunked\r\n"
      "X-Archive-Orig-x-archive-orig-a: b\r\n");
}

TEST_CASE("ours: HTTP/2 and 3 are written as valid HTTP/1.1 messages", "[archive]") {
  BothWays("HTTP/2 200 \r\nserver: x\r\n", "2", "HTTP/1.1 200 \r\nserver: x\r\n");
  BothWays("GET /a HTTP/2\r\nHost: x\r\n", "2", "GET /a HTTP/1.1\r\nHost: x\r\n");
  BothWays("HTTP/3 404 \r\n", "3", "HTTP/1.1 404 \r\n");
}

TEST_CASE("ours: odd lines of a head stay as they are", "[archive]") {
  for (const char* head :
       {"",
        "HTTP/1.1 200 OK\r\nno colon here\r\nA: b\r\n folded: Transfer-Encoding: chunked\r\n: "
        "nameless\r\n",
        "HTTP/1.0 200\nA: b\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked\r\n\tTransfer-Encoding: x\r\n"}) {
    INFO(head);
    REQUIRE(OriginalHead(StoredHead(head), "1.1") == head);
  }
}

}  // namespace
}  // namespace cluehound::evidence
