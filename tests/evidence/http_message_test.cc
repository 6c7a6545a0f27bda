#include "evidence/http_message.h"

#include "tests/testing/testing.h"

namespace cluehound::evidence {
namespace {

TEST_CASE("rfc9112 2.1: head and body part at the empty line", "[http]") {
  const std::string message = "HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody\r\n\r\nmore";
  const auto head = ParseResponseHead(message, 1000);
  REQUIRE(head);
  REQUIRE(head->status == 200);
  REQUIRE(message.substr(0, head->block_size) == "HTTP/1.1 200 OK\r\nA: b\r\n");
  REQUIRE(message.substr(head->body_begin) == "body\r\n\r\nmore");
}

TEST_CASE("ours: bare LF, no reason phrase, no headers and no empty line are all read", "[http]") {
  REQUIRE(ParseResponseHead("HTTP/1.0 404\nA: b\n\nx", 1000)->status == 404);
  REQUIRE(ParseResponseHead("HTTP/2 301 \r\n\r\n", 1000)->status == 301);
  const auto bare = ParseResponseHead("HTTP/1.1 204 No Content\r\nA: b\r\n", 1000);
  REQUIRE(bare);
  REQUIRE(bare->body_begin == 31);
}

TEST_CASE("ours: what is no response is not read as one", "[http]") {
  REQUIRE_FALSE(ParseResponseHead("", 1000));
  REQUIRE_FALSE(ParseResponseHead("20140101 dns text", 1000));
  REQUIRE_FALSE(ParseResponseHead("HTTP/1.1\r\n\r\n", 1000));
  REQUIRE_FALSE(ParseResponseHead("HTTP/1.1 abc OK\r\n\r\n", 1000));
  REQUIRE_FALSE(ParseResponseHead("HTTP/1.1 200 OK\r\nno end", 1000));
  REQUIRE_FALSE(
      ParseResponseHead("HTTP/1.1 200 OK\r\nA: " + std::string(2000, 'x') + "\r\n\r\n", 1000));
}

TEST_CASE("rfc9112 7.1: chunks with extensions and trailers are taken off", "[http]") {
  const auto body = TakeOffChunks(
      "4;name=value\r\nWiki\r\n6\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nT: x\r\n\r\n");
  REQUIRE(body.chunked);
  REQUIRE(body.complete);
  REQUIRE(body.bytes == "Wikipedia in \r\n\r\nchunks.");
}

TEST_CASE("ours: a padded size and an empty chunked body are read", "[http]") {
  REQUIRE(TakeOffChunks("0004  \r\nWiki\r\n0\r\n\r\n").bytes == "Wiki");
  const auto empty = TakeOffChunks("0\r\n\r\n");
  REQUIRE(empty.chunked);
  REQUIRE(empty.complete);
  REQUIRE(empty.bytes.empty());
}

TEST_CASE("ours: a body that is stored without chunks is recognised", "[http]") {
  REQUIRE_FALSE(TakeOffChunks("<!doctype html>\n").chunked);
  REQUIRE_FALSE(TakeOffChunks("").chunked);
  REQUIRE_FALSE(TakeOffChunks("abc\nnot followed by 2748 bytes").chunked);
  REQUIRE_FALSE(TakeOffChunks("5\r\nonly three and no line end after five").chunked);
}

TEST_CASE("ours: chunks that break off give what came before", "[http]") {
  const auto broken = TakeOffChunks("4\r\nWiki\r\nZZ\r\npedia");
  REQUIRE(broken.chunked);
  REQUIRE_FALSE(broken.complete);
  REQUIRE(broken.bytes == "Wiki");

  const auto cut = TakeOffChunks("4\r\nWiki\r\n10\r\nshort");
  REQUIRE_FALSE(cut.complete);
  REQUIRE(cut.bytes == "Wikishort");

  REQUIRE(TakeOffChunks("1000\r\nshort", true).bytes == "short");
  REQUIRE_FALSE(TakeOffChunks("fffffffffffffffffff\r\nx").chunked);
}

}  // namespace
}  // namespace cluehound::evidence
