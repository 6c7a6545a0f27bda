#include "evidence/page.h"

#include "tests/testing/testing.h"

namespace cluehound::evidence {
namespace {

TEST_CASE("rfc9110 5.3: lines of one name are one list, a single value is the first line's") {
  constexpr std::string_view kBlock =
      "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nX: y\r\nContent-Encoding:\r\n\tbr\r\n\r\n";
  CHECK(HeaderList(kBlock, "Content-Encoding") == "gzip,  br");
  CHECK(HeaderValue(kBlock, "Content-Encoding") == "gzip");
  CHECK(HeaderList(kBlock, "Absent").empty());
  CHECK(HeaderValue(kBlock, "Absent").empty());
}

}  // namespace
}  // namespace cluehound::evidence
