#include "base/text_encoding.h"

#include <sstream>

#include "base/text.h"
#include "tests/testing/testing.h"

namespace cluehound {
namespace {

constexpr std::string_view kTitle = "耐克运动鞋 新款 男女 包邮 正品 价格优惠 数据线 旗舰店 的商品";

std::string Page(std::string_view meta, std::string_view encoding) {
  return EncodeAs("<html><head>" + std::string(meta) + "<title>" + std::string(kTitle) + "</title>",
                  encoding);
}

// Lines that differ between a file of every double-byte code and its reference, the codes that
// stand for no character (U+FFFD in the reference) apart.
size_t DifferingLines(const std::string& legacy, const std::string& reference,
                      std::string_view encoding) {
  std::istringstream got(DecodeAs(legacy, encoding)), want(reference);
  size_t differing = 0;
  for (std::string a, b; std::getline(want, b);) {
    std::getline(got, a);
    differing += a != b && b.find("\xEF\xBF\xBD") == std::string::npos;
  }
  return differing;
}

TEST_CASE("encoding_rs: the double-byte codes of gb18030 and big5 decode as browsers decode them") {
  const auto data = testing::SharedData("encoding");
  if (!data) return;
  const auto folder = *data / "encoding_rs";
  const auto differing = [&](const std::string& name) {
    return DifferingLines(testing::Slurp(folder / (name + "_in.txt")),
                          testing::Slurp(folder / (name + "_in_ref.txt")), name);
  };
  // What remains are codes that newer tables moved out of private use; no character of GB 2312 or
  // Big5 proper is among them.
  CHECK(differing("gb18030") <= 40);
  CHECK(differing("big5") <= 170);
}

TEST_CASE("whatwg: the header goes before the meta element, both before detection") {
  const std::string page = Page("<meta charset=utf-8>", "gb18030");
  const DecodedText decoded = DecodeHtml(page, "text/html; charset=GBK");
  CHECK(decoded.encoding == "gb18030");
  CHECK(decoded.source == EncodingSource::kHeader);
  CHECK_FALSE(decoded.contradicted);
  CHECK(decoded.utf8.find(kTitle) != std::string::npos);
}

TEST_CASE("ours: a header or meta that contradicts the bytes loses to the bytes") {
  for (const std::string_view actual : {"utf-8", "gb18030", "big5"}) {
    for (const char* claimed : {"utf-8", "gbk", "big5", "iso-8859-1"}) {
      const std::string_view text =
          actual == "big5" ? "耐吉運動鞋 新款 男女 免運 價格優惠 商品 品牌 特賣 會員中心的服務說明"
                           : kTitle;
      const std::string page = EncodeAs("<title>" + std::string(text) + "</title>", actual);
      INFO(actual << " claimed as " << claimed);
      const DecodedText by_header = DecodeHtml(page, "text/html; charset=" + std::string(claimed));
      CHECK(by_header.utf8.find(text) != std::string::npos);
      CHECK(by_header.contradicted == (EncodingFromLabel(claimed) != actual));
      const DecodedText by_meta =
          DecodeHtml("<meta charset=" + std::string(claimed) + ">" + page, "");
      CHECK(by_meta.utf8.find(text) != std::string::npos);
    }
  }
}

TEST_CASE(
    "whatwg prescan: only a meta element counts, not comments or other elements' attributes") {
  const std::string page = EncodeAs(kTitle, "gb18030");
  for (const char* head :
       {"<!-- <meta charset=big5> -->", "<script charset=\"big5\" src=x></script>",
        "<link charset=big5>", "<meta name=x content=\"text/html; charset=big5\">"}) {
    INFO(head);
    CHECK(DecodeHtml(head + page, "").source == EncodingSource::kDetected);
  }
  CHECK(DecodeHtml("<meta http-equiv=Content-Type content='text/html; charset=gb2312'>" + page, "")
            .source == EncodingSource::kMeta);
}

TEST_CASE(
    "whatwg: a byte order mark goes before everything, and UTF-16 is recognised without one") {
  std::string le, be;
  for (const char c : std::string("<html><title>abc</title>"))
    le += c, le += '\0', be += '\0', be += c;
  CHECK(DecodeHtml("\xFF\xFE" + le, "text/html; charset=gbk").utf8.starts_with("<html>"));
  CHECK(DecodeHtml(le, "").encoding == "utf-16le");
  CHECK(DecodeHtml(be, "").encoding == "utf-16be");
  CHECK(DecodeHtml("\xEF\xBB\xBFx", "text/html; charset=gbk").source == EncodingSource::kBom);
}

TEST_CASE("ours: a page cut off inside a character, or with a few broken bytes, is still UTF-8") {
  std::string page;
  for (int i = 0; i < 20; ++i) page += kTitle;
  CHECK(DecodeHtml(page.substr(0, page.size() - 1), "").encoding == "utf-8");
  page.insert(kTitle.size(), "\xC4\xE3");
  CHECK(DecodeHtml(page, "").encoding == "utf-8");
  CHECK(IsValidUtf8(DecodeHtml(page, "").utf8));
}

TEST_CASE("ours: Latin text is not taken for Chinese") {
  const std::string page =
      "<p>G\xFCnstige Modellautos f\xFCr gro\xDF und klein, \xFC"
      "ber 500 St\xFC"
      "ck</p>";
  CHECK(DecodeHtml(page, "").encoding != "gb18030");
  CHECK(DecodeHtml(page, "text/html; charset=iso-8859-1").encoding == "windows-1252");
}

TEST_CASE("ours: mislabelled and unlabelled saved pages read correctly") {
  const auto data = testing::SharedData("pages_cn");
  if (!data) return;
  struct Case {
    const char* file;
    const char* encoding;
    const char* text;
  };
  for (const Case& c : {Case{"taobao_search_dress_2011_utf8_declared_gbk.html", "utf-8", "连衣裙"},
                        Case{"amazon_cn_list_gbk_2017.html", "gb18030", "亚马逊"},
                        Case{"jd_item_honor_v20_gbk_2019.html", "gb18030", "荣耀"},
                        Case{"amazon_cn_global_list_utf8_2017.html", "utf-8", "亚马逊"}}) {
    for (const char* header :
         {"", "text/html", "text/html; charset=utf-8", "text/html; charset=gbk"}) {
      INFO(c.file << " with header " << header);
      const DecodedText decoded = DecodeHtml(testing::Slurp(*data / c.file), header);
      CHECK(decoded.encoding == c.encoding);
      CHECK(decoded.utf8.find(c.text) != std::string::npos);
    }
  }
}

TEST_CASE("ours: a mark of UTF-8 before bytes that are none loses to them") {
  const std::string page =
      EncodeAs("<meta charset=gbk><title>高仿耐克跑步鞋 春季新款</title>", "gb18030");
  REQUIRE(DecodeHtml("\xEF\xBB\xBF" + page, "").utf8.find("春季新款") != std::string::npos);
  REQUIRE(DecodeHtml("\xEF\xBB\xBF<meta charset=gbk>春季新款", "").encoding == "utf-8");
}

TEST_CASE("ours: what is not ASCII is looked at, however late it comes") {
  const std::string page =
      "<meta charset=utf-8>" + std::string(400'000, ' ') + EncodeAs("高仿耐克跑步鞋", "gb18030");
  REQUIRE(DecodeHtml(page, "").utf8.find("高仿耐克跑步鞋") != std::string::npos);
}

TEST_CASE("ours: two usual characters decide for Chinese, Latin words do not") {
  REQUIRE(DecodeHtml("<title>" + EncodeAs("正品", "gb18030") + "</title>", "").encoding ==
          "gb18030");
  REQUIRE(DecodeHtml("<title>S\xE3o Jo\xE3o, informa\xE7\xE3o</title>", "").encoding ==
          "windows-1252");
}

TEST_CASE("xml appendix F: UTF-16 without a mark is known by how its markup begins") {
  std::string page;
  for (const char c : std::string_view("<title>")) page += {c, '\0'};
  for (int i = 0; i < 3000; ++i) page += "\x7E\x76";  // U+767E
  REQUIRE(DecodeHtml(page, "").encoding == "utf-16le");
  page.insert(page.begin(), '\0');
  REQUIRE(DecodeHtml(page, "").encoding == "utf-16be");
}

TEST_CASE("ours: any bytes decode to valid UTF-8") {
  uint32_t seed = 7;
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    for (int i = 0; i < round; ++i)
      bytes += static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
    for (const std::string_view encoding :
         {"utf-8", "gb18030", "big5", "utf-16le", "shift_jis", "windows-1252"}) {
      CHECK(IsValidUtf8(DecodeAs(bytes, encoding)));
    }
    CHECK(IsValidUtf8(DecodeHtml(bytes, "").utf8));
  }
}

}  // namespace
}  // namespace cluehound
