#include "evidence/mhtml_reader.h"

#include <chrono>

#include "evidence/mime_coding.h"
#include "tests/testing/testing.h"

namespace cluehound::evidence {
namespace {

constexpr size_t kMax = size_t{16} << 20;

// As a Chromium browser saves a page.
const std::string kSaved =
    "From: <Saved by Blink>\r\n"
    "Snapshot-Content-Location: https://shop.example/item/7.html\r\n"
    "Subject: =?utf-8?Q?=E7=A4=BA=E4=BE=8B?=\r\n"
    "Date: Sun, 22 Nov 2026 08:30:00 +0800\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/related;\r\n"
    "\ttype=\"text/html\";\r\n"
    "\tboundary=\"----MultipartBoundary--abc;123----\"\r\n"
    "\r\n"
    "\r\n"
    "------MultipartBoundary--abc;123----\r\n"
    "Content-Type: text/html\r\n"
    "Content-ID: <frame-1@mhtml.blink>\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "Content-Location: https://shop.example/item/7.html\r\n"
    "\r\n"
    "<html><head><meta charset=3D\"utf-8\"></head><body>=E7=A4=\r\n"
    "=BA=E4=BE=8B</body></html>\r\n"
    "------MultipartBoundary--abc;123----\r\n"
    "Content-Type: image/png\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "Content-Location: https://shop.example/p.png\r\n"
    "\r\n"
    "iVBORw0KGgo=\r\n"
    "------MultipartBoundary--abc;123------\r\n";

TEST_CASE("rfc2557: the root part of a saved page", "[mhtml]") {
  const auto page = ReadMhtml(kSaved, kMax);
  REQUIRE_OK(page);
  REQUIRE(page->url == "https://shop.example/item/7.html");
  REQUIRE(page->content_type == "text/html");
  REQUIRE(page->bytes == "<html><head><meta charset=\"utf-8\"></head><body>示例</body></html>");
  REQUIRE(page->complete);
}

TEST_CASE("ours: LF line ends and a missing last boundary", "[mhtml]") {
  std::string unix_file;
  for (const char c : kSaved) {
    if (c != '\r') unix_file += c;
  }
  unix_file.resize(unix_file.find("Content-Type: image/png"));
  const auto page = ReadMhtml(unix_file, kMax);
  REQUIRE_OK(page);
  REQUIRE(page->bytes == "<html><head><meta charset=\"utf-8\"></head><body>示例</body></html>");
}

TEST_CASE("rfc2387 3.2: start names the root, wherever it stands", "[mhtml]") {
  const std::string file =
      "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b; start=\"<two@x>\"\r\n\r\n"
      "--b\r\nContent-Type: text/html\r\n\r\nfirst\r\n"
      "--b\r\nContent-Type: text/html; charset=gbk\r\nContent-ID: <two@x>\r\nContent-Location: "
      "http://a.example/\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\nc2Vjb25k\r\n--b--\r\n";
  const auto page = ReadMhtml(file, kMax);
  REQUIRE_OK(page);
  REQUIRE(page->bytes == "second");
  REQUIRE(page->content_type == "text/html; charset=gbk");
  REQUIRE(page->url == "http://a.example/");
}

TEST_CASE("ours: pictures before the page and a multipart within a multipart", "[mhtml]") {
  const std::string file =
      "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=outer\r\n\r\npreamble\r\n"
      "--outer\r\nContent-Type: image/gif\r\n\r\nGIF\r\n"
      "--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n"
      "--inner\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
      "--inner\r\nContent-Type: text/html\r\n\r\n<p>page\r\n--inner--\r\n--outer--\r\n";
  const auto page = ReadMhtml(file, kMax);
  REQUIRE_OK(page);
  REQUIRE(page->bytes == "<p>page");
}

TEST_CASE("ours: a page saved as a single part", "[mhtml]") {
  const auto page = ReadMhtml(
      "MIME-Version: 1.0\nContent-Type: text/html; charset=\"gb2312\"\n\n<p>x=3D\n", kMax);
  REQUIRE_OK(page);
  REQUIRE(page->bytes == "<p>x=3D\n");
}

TEST_CASE("ours: bad files are refused, each with its reason", "[mhtml]") {
  const auto message = [](const std::string& file) {
    const auto page = ReadMhtml(file, kMax);
    REQUIRE(page.status().code() == Code::kInvalidArgument);
    return page.status().message();
  };
  REQUIRE(message("") == "is no MHTML file: no MIME header at its front");
  REQUIRE(message("<html>\n\n</html>") == "is no MHTML file: no MIME header at its front");
  REQUIRE(message("Subject: a letter\n\ntext") == "is no MHTML file: no MIME header at its front");
  REQUIRE(message("MIME-Version: 1.0\nContent-Type: multipart/related\n\nx") ==
          "is a damaged MHTML file: its multipart header names no boundary");
  REQUIRE(message("MIME-Version: 1.0\nContent-Type: multipart/related; "
                  "boundary=b\n\n--b\nContent-Type: image/gif\n\nx\n") ==
          "is a MIME file without an HTML part");
  REQUIRE(
      message(
          "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\nno boundary here") ==
      "is a MIME file without an HTML part");
  REQUIRE(message("MIME-Version: 1.0\nX: " + std::string(100000, 'x') + "\n\n") ==
          "is no MHTML file: no MIME header at its front");
}

TEST_CASE("ours: a page beyond the cap is cut and said to be", "[mhtml]") {
  const auto page = ReadMhtml(kSaved, 10);
  REQUIRE_OK(page);
  REQUIRE(page->bytes == "<html><hea");
  REQUIRE_FALSE(page->complete);
}

TEST_CASE("ours: nesting and parts without end stop at their bounds", "[mhtml]") {
  std::string deep = "MIME-Version: 1.0\n";
  for (int i = 0; i < 1000; ++i) {
    const std::string b = "b" + std::to_string(i);
    deep += "Content-Type: multipart/mixed; boundary=" + b + "\n\n--" + b + "\n";
  }
  REQUIRE_FALSE(ReadMhtml(deep + "Content-Type: text/html\n\nx", kMax).ok());

  std::string wide = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n";
  for (int i = 0; i < 200000; ++i) wide += "--b\n\n";
  REQUIRE_FALSE(ReadMhtml(wide + "--b\nContent-Type: text/html\n\nx", kMax).ok());
}

TEST_CASE("ours: a header of nothing but semicolons costs linear time", "[mime]") {
  const auto begin = std::chrono::steady_clock::now();
  std::string value = "x";
  for (int i = 0; i < 2000000; ++i) value += ";a";
  REQUIRE(MimeParameter(value, "boundary").empty());
  REQUIRE(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}

TEST_CASE("ours: a boundary that almost matches everywhere costs linear time", "[mhtml]") {
  const std::string dashes(150, '-');
  std::string file =
      "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=" + dashes + "x\n\n";
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100000; ++i) file += "--" + dashes + "y\n";
  REQUIRE_FALSE(ReadMhtml(file, kMax).ok());
  REQUIRE(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}

TEST_CASE("rfc2045 6.7: quoted-printable", "[mime]") {
  REQUIRE(DecodeQuotedPrintable("a=3Db=0D=0A", kMax) == "a=b\r\n");
  REQUIRE(DecodeQuotedPrintable("soft=\r\nbreak=\nends", kMax) == "softbreakends");
  REQUIRE(DecodeQuotedPrintable("blanks at the end \t\r\nnext", kMax) ==
          "blanks at the end\r\nnext");
  REQUIRE(DecodeQuotedPrintable("lower=e7=a4=ba", kMax) == "lower示");
  REQUIRE(DecodeQuotedPrintable("broken =ZZ =4", kMax) == "broken =ZZ =4");
  REQUIRE(DecodeQuotedPrintable("soft= \r\nwith blank", kMax) == "softwith blank");
  REQUIRE(DecodeQuotedPrintable(std::string(100, 'x'), 7).size() == 7);
}

TEST_CASE("rfc2045 6.8: base64", "[mime]") {
  REQUIRE(DecodeBase64("Zm9v\r\nYmFy", kMax) == "foobar");
  REQUIRE(DecodeBase64("Zg==", kMax) == "f");
  REQUIRE(DecodeBase64("Zm8", kMax) == "fo");
  REQUIRE(DecodeBase64("", kMax).empty());
  REQUIRE(DecodeBase64("/+8=", kMax) == "\xff\xef");
  REQUIRE(DecodeBase64("Zm9vYmFy", 4) == "foob");
}

TEST_CASE("rfc2045 5.1: parameters, quoted or not", "[mime]") {
  REQUIRE(MimeParameter("multipart/related; boundary=abc; type=x", "boundary") == "abc");
  REQUIRE(MimeParameter("multipart/related; type=\"a;b=c\"; Boundary=\"x y\"", "boundary") ==
          "x y");
  REQUIRE(MimeParameter("multipart/related;flag;boundary=b", "boundary") == "b");
  REQUIRE(MimeParameter("multipart/related; boundary=\"open", "boundary") == "open");
  REQUIRE(MimeParameter("multipart/related", "boundary").empty());
  REQUIRE(MediaType(" Text/HTML ; charset=x") == "text/html");
}

}  // namespace
}  // namespace cluehound::evidence
