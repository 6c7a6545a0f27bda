#include "extractors/html_gate.h"

#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

std::string Repeat(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

GateVerdict Judge(std::string_view html) { return JudgeHtml(html, {}); }

TEST_CASE("nesting beyond the limit is refused, nesting up to it is not") {
  REQUIRE(Judge(Repeat("<div>", 512)).outcome == Outcome::kOk);
  const GateVerdict verdict = Judge(Repeat("<div>", 513));
  REQUIRE(verdict.outcome == Outcome::kTooDeep);
  REQUIRE(verdict.reason.find("512") != std::string::npos);
  REQUIRE(Judge(Repeat("<table><tr><td>", 16000)).outcome == Outcome::kTooDeep);
  REQUIRE(Judge(Repeat("<SPAN class=a>", 16000)).outcome == Outcome::kTooDeep);
}

TEST_CASE("what ends by itself does not nest") {
  const int many = 3000;
  for (const std::string_view flat :
       {"<p>x", "<li>x", "<br>", "<img src=a>", "<option>x", "<dt>a<dd>b", "<a href=b>x",
        "<input type=text>", "<div></div>", "<svg><path d='M0'/></svg>", "<font color=red>x</font>",
        "<h2>x</h2>", "<button>x"}) {
    INFO(flat);
    REQUIRE(Judge(Repeat(flat, many)).outcome == Outcome::kOk);
  }
}

TEST_CASE("sloppy tables and lists with unclosed wrappers are let through") {
  REQUIRE(Judge("<table>" + Repeat("<tr><td><div><span>x<td><b>y", 2000)).depth < 20);
  REQUIRE(Judge("<ul>" + Repeat("<li><div><a href=x>y", 2000)).depth < 20);
  REQUIRE(Judge("<dl>" + Repeat("<dt><b>x<dd><div>y", 2000)).depth < 20);
  // Lists inside lists do nest.
  REQUIRE(Judge(Repeat("<ul><li>", 16000)).outcome == Outcome::kTooDeep);
}

TEST_CASE("tags inside comments, scripts, styles and attribute values are no tags") {
  const std::string deep = Repeat("<div>", 5000);
  for (const std::string& page :
       {"<!--" + deep + "-->", "<script>" + deep + "</script>", "<style>" + deep + "</style>",
        "<textarea>" + deep + "</textarea>", "<title>" + deep + "</title>",
        "<a title=\"" + deep + "\">x</a>", "<a title='" + deep + "'>x</a>",
        "<script><!-- <script>" + deep + "</script>" + deep + "--></script>", "<!--" + deep,
        "<script>" + deep, "<div title=\"" + deep}) {
    INFO(page.substr(0, 40));
    const GateVerdict verdict = Judge(page);
    REQUIRE(verdict.outcome == Outcome::kOk);
    REQUIRE(verdict.depth <= 1);
  }
}

TEST_CASE("comments end where browsers end them") {
  REQUIRE(Judge("<!--><div><div>").depth == 2);
  REQUIRE(Judge("<!---><div><div>").depth == 2);
  REQUIRE(Judge("<!-- a --!><div><div>").depth == 2);
  REQUIRE(Judge("<!-- a ---><div><div>").depth == 2);
  REQUIRE(Judge("<!-- a -- b ><div>--><i>").depth == 1);
  REQUIRE(Judge("<!doctype html><div>").depth == 1);
  REQUIRE(Judge("<?php <div> ?><div>").depth == 1);
}

TEST_CASE("quotes count only as the start of a value") {
  REQUIRE(Judge("<img alt=\xE2\x80\x9C"
                "fans\" class=x><div><div>")
              .depth == 2);
  REQUIRE(Judge("<a \"><div><div>").depth == 3);
  REQUIRE(Judge("<a href = '>'><div>").depth == 2);
  REQUIRE(Judge("<div a=b/><div>").depth == 2);  // the slash belongs to the value
}

TEST_CASE("very many attributes of one tag are too costly") {
  std::string many = "<div";
  for (int i = 0; i < 100000; ++i) many += " a" + std::to_string(i);
  REQUIRE(Judge(many + ">").outcome == Outcome::kTooCostly);
  std::string body;
  for (int tag = 0; tag < 1000; ++tag) {
    body += "<body";
    for (int i = 0; i < 100; ++i) body += " a" + std::to_string(tag * 100 + i);
    body += ">";
  }
  REQUIRE(Judge(body).outcome == Outcome::kTooCostly);  // they pile up on one element
  std::string few;
  for (int tag = 0; tag < 20000; ++tag) few += "<div a=1 b=2 c=3 d=4 e=5></div>";
  REQUIRE(Judge(few).outcome == Outcome::kOk);
}

TEST_CASE("very many tags at great depth are too costly") {
  REQUIRE(Judge(Repeat("<div>", 500) + Repeat("<i></i>", 500000)).outcome == Outcome::kTooCostly);
  REQUIRE(Judge(Repeat("<div>", 500) + Repeat("</p>", 500000)).outcome == Outcome::kTooCostly);
  REQUIRE(Judge(Repeat("<div>", 20) + Repeat("<i></i>", 500000)).outcome == Outcome::kOk);
}

TEST_CASE("a text beyond the size limit is refused unread") {
  GateLimits limits;
  limits.max_bytes = 1000;
  REQUIRE(JudgeHtml(std::string(1001, 'x'), limits).outcome == Outcome::kBodyTooLarge);
  REQUIRE(JudgeHtml(std::string(1000, 'x'), limits).outcome == Outcome::kOk);
}

TEST_CASE("every saved page passes, far from the limits") {
  const auto data = testing::SharedData("");
  if (!data) return;
  int pages = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*data)) {
    const auto ending = entry.path().extension();
    if (ending != ".html" && ending != ".htm") continue;
    INFO(entry.path());
    const GateVerdict verdict = Judge(testing::Slurp(entry.path()));
    CHECK(verdict.outcome == Outcome::kOk);
    CHECK(verdict.depth < 60);
    CHECK(verdict.work < 1'000'000);
    ++pages;
  }
  REQUIRE(pages > 60);
}

}  // namespace
}  // namespace cluehound::extractors
