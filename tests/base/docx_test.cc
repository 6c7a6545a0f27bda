#include "base/docx.h"

#include "base/zip_archive.h"
#include "tests/testing/testing.h"

namespace cluehound {
namespace {

std::string Template(const std::string& body) {
  auto bytes =
      WriteZip({{"[Content_Types].xml", "<Types/>"},
                {"word/document.xml", "<w:document><w:body>" + body + "</w:body></w:document>"},
                {"word/header1.xml", "<w:hdr><w:p><w:r><w:t>{{office}}</w:t></w:r></w:p></w:hdr>"},
                {"word/media/logo.png", std::string("\x89PNG\0{{office}}", 15)}});
  REQUIRE_OK(bytes);
  return *std::move(bytes);
}

std::string Part(const std::string& archive, const std::string& name) {
  const auto members = ReadZip(archive, 100, 10u << 20);
  REQUIRE_OK(members);
  for (const ZipMember& member : *members) {
    if (member.name == name) return member.bytes;
  }
  return "none";
}

std::string P(const std::string& runs) { return "<w:p>" + runs + "</w:p>"; }
std::string R(const std::string& text) { return "<w:r><w:t>" + text + "</w:t></w:r>"; }

}  // namespace

TEST_CASE("ours: placeholders are filled, in headers too, also where they are cut into pieces") {
  DocxValues values;
  values.texts = {{"office", "示例局"}, {"seller", "<b>&\"东风\"</b>"}, {"note", "一\n二"}};
  const auto filled = FillDocx(Template(P(R("致：{{office}}，") + R("当事人 {{sel") +
                                          "<w:proofErr/>" + R("ler}") + R("} 完")) +
                                        P(R("{{ note }}")) + "<w:tab w:x=\"1\"/>"),
                               values);
  REQUIRE_OK(filled);
  const std::string body = Part(*filled, "word/document.xml");
  CHECK(body.find("致：示例局，") != std::string::npos);
  CHECK(body.find("当事人 &lt;b&gt;&amp;&quot;东风&quot;&lt;/b&gt;") != std::string::npos);
  CHECK(body.find("<w:proofErr/>") != std::string::npos);
  CHECK(body.find(" 完</w:t>") != std::string::npos);
  CHECK(body.find("一</w:t><w:br/><w:t xml:space=\"preserve\">二") != std::string::npos);
  CHECK(body.find("{{") == std::string::npos);
  CHECK(Part(*filled, "word/header1.xml").find("示例局") != std::string::npos);
  CHECK(Part(*filled, "word/media/logo.png") == std::string("\x89PNG\0{{office}}", 15));
}

TEST_CASE("ours: a row of a table is repeated for each entry of its list") {
  DocxValues values;
  values.texts = {{"office", "局"}};
  values.lists["leads"] = {{{"title", "一"}, {"price", "1"}},
                           {{"title", "{{office}}"}, {"price", "2"}}};
  const std::string row = "<w:tr><w:tc>" + P(R("{{leads.title}}")) + "</w:tc><w:tc>" +
                          P(R("{{leads.price}}元 {{office}}")) + "</w:tc></w:tr>";
  const auto filled = FillDocx(
      Template("<w:tbl><w:tr><w:tc>" + P(R("标题")) + "</w:tc></w:tr>" + row + "</w:tbl>"), values);
  REQUIRE_OK(filled);
  const std::string body = Part(*filled, "word/document.xml");
  CHECK(body.find("一") != std::string::npos);
  CHECK(body.find("2元 局") != std::string::npos);
  // What a listing says is text, even when it looks like a placeholder.
  CHECK(body.find("{{office}}") != std::string::npos);
  values.lists["leads"].clear();
  const auto empty = FillDocx(Template("<w:tbl>" + row + "</w:tbl>"), values);
  REQUIRE_OK(empty);
  CHECK(Part(*empty, "word/document.xml").find("leads.") == std::string::npos);
}

TEST_CASE("ours: unknown placeholders are named, macros, bombs and what is no document refused") {
  DocxValues values;
  values.texts = {{"office", "局"}};
  const auto unknown = FillDocx(Template(P(R("{{seler}} {{datum}}"))), values);
  CHECK(unknown.status().message().find("{{datum}}, {{seler}}") != std::string::npos);
  CHECK_FALSE(FillDocx("no zip", values).ok());
  CHECK_FALSE(FillDocx(*WriteZip({{"a.txt", "x"}}), values).ok());
  CHECK_FALSE(
      FillDocx(*WriteZip({{"word/document.xml", "<w:document/>"}, {"word/vbaProject.bin", "x"}}),
               values)
          .ok());
  CHECK_FALSE(
      FillDocx(*WriteZip({{"word/document.xml", std::string(70u << 20, ' ')}}), values).ok());
  // Left open: no placeholder, and no endless loop.
  CHECK(FillDocx(Template(P(R("{{office"))), values).ok());
}

TEST_CASE("ours: a document holds any text") {
  DocxDocument document;
  document.title = "标题 <x>";
  document.paragraphs = {"一 & 二\x01"};
  document.table = {"", {"列"}, {{"\"=1\""}}};
  const auto bytes = WriteDocx(document);
  REQUIRE_OK(bytes);
  const std::string body = Part(*bytes, "word/document.xml");
  CHECK(body.find("标题 &lt;x&gt;") != std::string::npos);
  CHECK(body.find("一 &amp; 二<") != std::string::npos);
  CHECK(WriteDocx(document).value() == *bytes);
}

}  // namespace cluehound
