#include "extractors/page_kind.h"

#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

PageKind Kind(std::string_view bytes, std::string_view content_type = "",
              std::string* json_out = nullptr) {
  std::string why;
  if (KindOfBytes(bytes, content_type, why) == PageKind::kOther) {
    REQUIRE_FALSE(why.empty());
    return PageKind::kOther;
  }
  std::string_view json;
  const PageKind kind = KindOfText(bytes, content_type, json, why);
  REQUIRE(why.empty() == (kind != PageKind::kOther));
  if (json_out != nullptr) *json_out = json;
  return kind;
}

TEST_CASE("pages are told by their tags, whatever the header says") {
  for (const char* type : {"", "text/html", "text/plain", "application/octet-stream", "image/png",
                           "text/html; charset=gbk"}) {
    INFO(type);
    CHECK(Kind("<!doctype html><p>x", type) == PageKind::kHtml);
  }
  REQUIRE(Kind("<li class=a>x</li>") == PageKind::kHtml);
  REQUIRE(Kind("a tool wrote this line\n\n<html>") == PageKind::kHtml);
  REQUIRE(Kind("[广告] <html><body>x</body></html>") == PageKind::kHtml);
  REQUIRE(Kind("<?xml version=\"1.0\"?><!DOCTYPE html><html>") == PageKind::kHtml);
}

TEST_CASE("pictures, archives and other files are not pages") {
  for (const std::string& bytes :
       {std::string("\x89PNG\r\n\x1a\n"), std::string("\xFF\xD8\xFF\xE0"), std::string("GIF89a"),
        std::string("%PDF-1.4"), std::string("PK\x03\x04"), std::string("\x1F\x8B\x08")}) {
    CHECK(Kind(bytes, "text/html") == PageKind::kOther);
  }
  REQUIRE(Kind("\x01\x02\x03", "image/webp") == PageKind::kOther);
  REQUIRE(Kind("body{color:red}", "text/css") == PageKind::kOther);
  REQUIRE(Kind("just words", "text/plain") == PageKind::kOther);
  REQUIRE(Kind("a < b and c > d") == PageKind::kOther);
  REQUIRE(Kind("") == PageKind::kOther);
  REQUIRE(Kind(" \n ") == PageKind::kOther);
  REQUIRE(Kind("<?xml version=\"1.0\"?><urlset><url/></urlset>") == PageKind::kOther);
  REQUIRE(Kind("<?xml version=\"1.0\"?>\n<rss version=\"2.0\">") == PageKind::kOther);
}

TEST_CASE("binary data is no page, though a tag stands in it by chance") {
  std::string bytes = "<b>";
  uint32_t seed = 1;
  for (int i = 0; i < 3000; ++i)
    bytes += static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  CHECK(Kind(bytes) == PageKind::kOther);
  CHECK(Kind("<p>a\x01page with a stray control character " + std::string(200, 'x')) ==
        PageKind::kHtml);
}

TEST_CASE("json answers are found, bare or in a call") {
  std::string json;
  REQUIRE(Kind(" {\"a\":1}\n", "", &json) == PageKind::kJson);
  REQUIRE(json == "{\"a\":1}");
  REQUIRE(Kind("[1]", "text/html") == PageKind::kJson);
  REQUIRE(Kind("{\"a\":1", "application/json") == PageKind::kJson);
  REQUIRE(Kind("jQuery1_2({\"a\":1});", "", &json) == PageKind::kJson);
  REQUIRE(json == "{\"a\":1});");
  REQUIRE(Kind("/**/cb ([1])") == PageKind::kOther);  // a name with a blank is no call
  REQUIRE(Kind("/**/cb([1])", "", &json) == PageKind::kJson);
  REQUIRE(json == "[1])");
}

}  // namespace
}  // namespace cluehound::extractors
