#include "extractors/links.h"

#include "base/text_encoding.h"
#include "extractors/page_head.h"
#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

std::unique_ptr<const HtmlDocument> Parse(std::string_view html) {
  HtmlDocument::Refusal refusal;
  auto document = HtmlDocument::Parse(html, {}, refusal);
  REQUIRE(document != nullptr);
  return document;
}

std::vector<Link> Read(std::string_view html, const char* base = "http://shop.example/a/list.html",
                       std::string encoding = "utf-8", const Selector* next = nullptr) {
  const auto document = Parse(html);
  AddressResolver addresses(base == nullptr ? std::nullopt : std::optional<Url>(*Url::Parse(base)),
                            std::move(encoding));
  return ReadLinks(*document, addresses, next, 1000);
}

std::string Addresses(const std::vector<Link>& links) {
  std::string all;
  for (const Link& link : links) all += (all.empty() ? "" : " ") + link.url;
  return all;
}

TEST_CASE("links are absolute, without fragment, each once and in order") {
  REQUIRE(
      Addresses(Read("<a href=1.html>1</a><a href='/2.html#x'>2</a><a href=\" 1.html#y "
                     "\">3</a><area href='?q=1'>"
                     "<a href='//b.example/'>4</a><a href='../c'>5</a>")) ==
      "http://shop.example/a/1.html http://shop.example/2.html http://shop.example/a/list.html?q=1 "
      "http://b.example/ http://shop.example/c");
}

TEST_CASE("what is fetched nowhere is no link") {
  REQUIRE(Read("<a href='#top'>1</a><a href='javascript:;'>2</a><a href='mailto:a@b'>3</a><a "
               "href='tel:1'>4</a><a>5</a>"
               "<a href=''>6</a><a href='data:text/html,x'>7</a><a href='http://'>8</a><link "
               "rel=stylesheet href=x>"
               "<img src=y><a name=z>9</a><a href='JavaScript:void(0)'>10</a>")
              .empty());
}

TEST_CASE("passwords in addresses are dropped") {
  REQUIRE(Addresses(Read("<a href='http://user:pass@b.example/x'>1</a>")) == "http://b.example/x");
}

TEST_CASE("whatwg url: a query is encoded as the page is") {
  REQUIRE(Addresses(Read("<a href='/s?q=回力'>1</a>", "http://a.example/", "gb18030")) ==
          "http://a.example/s?q=%BB%D8%C1%A6");
  REQUIRE(Addresses(Read("<a href='/s?q=回力'>1</a>", "http://a.example/")) ==
          "http://a.example/s?q=%E5%9B%9E%E5%8A%9B");
}

TEST_CASE("a page without an address keeps its absolute links") {
  REQUIRE(Addresses(Read(
              "<a href='http://a.example/1'>1</a><a href='//a.example/2'>2</a><a href='/3'>3</a>",
              nullptr)) == "http://a.example/1 https://a.example/2");
}

TEST_CASE("nofollow holds only if every mention says it") {
  const auto links =
      Read("<a rel=nofollow href=1>1</a><a rel='noopener NoFollow' href=2>2</a><a href=2>2</a>");
  REQUIRE(links.size() == 2);
  REQUIRE(links[0].nofollow);
  REQUIRE_FALSE(links[1].nofollow);
}

TEST_CASE("the next page is known by rel, words, label or class") {
  for (const std::string_view link :
       {"<a rel=next href=2>2</a>", "<link rel=next href=2>", "<a href=2>下一页</a>",
        "<a href=2><span>下一页 &gt;</span></a>", "<a href=2>下一頁 »</a>", "<a href=2> Next </a>",
        "<a class=next href=2><i></i></a>", "<a href=2 title=下一页>&gt;</a>",
        "<a href=2 aria-label='next page'><svg></svg></a>"}) {
    INFO(link);
    const auto links = Read(link);
    REQUIRE(links.size() == 1);
    CHECK(links[0].next_page);
  }
  for (const std::string_view link :
       {"<a href=2>2</a>", "<a href=2>上一页</a>", "<a href=2>Next generation phones</a>",
        "<a href=2 class=nextgen>x</a>", "<a href=2 class=next>新品</a>"}) {
    INFO(link);
    CHECK_FALSE(Read(link).at(0).next_page);
  }
}

TEST_CASE("a profile can say what leads to the next page") {
  Selector::Error error;
  const auto next = Selector::Compile("div.page a.page-R", error);
  REQUIRE(Read("<div class=page><a class=page-R href=2></a></div>", "http://a.example/", "utf-8",
               &*next)
              .at(0)
              .next_page);
}

TEST_CASE("links are cut off at the limit") {
  std::string many;
  for (int i = 0; i < 500; ++i) many += "<a href=" + std::to_string(i) + ">x</a>";
  const auto document = Parse(many);
  AddressResolver addresses(*Url::Parse("http://a.example/"), "utf-8");
  REQUIRE(ReadLinks(*document, addresses, nullptr, 100).size() == 100);
}

TEST_CASE("a page's head: title, base, canonical, robots") {
  const auto document = Parse(
      "<title>  回力 \n 男鞋 </title><base href=' /b/ '><base href=/c/><link rel='shortlink' "
      "href=/s><link "
      "rel='x Canonical' href='/can?a=1'><meta property=og:url content=/og><meta name=Robots "
      "content='NOFOLLOW, noarchive'>"
      "<svg><title>no</title></svg>");
  const PageHead head = ReadPageHead(*document);
  REQUIRE(head.title == "回力 男鞋");
  REQUIRE(head.base == "/b/");
  REQUIRE(head.canonical == "/can?a=1");
  REQUIRE(head.nofollow);
  REQUIRE_FALSE(head.noindex);
  const auto other = Parse("<meta name=robots content=none><meta property=og:url content=/og>");
  REQUIRE(ReadPageHead(*other).canonical == "/og");
  REQUIRE(ReadPageHead(*other).noindex);
  REQUIRE(ReadPageHead(*other).nofollow);
}

TEST_CASE("saved shop lists give links to more pages of their own site") {
  const auto data = testing::SharedData("pages_world");
  if (!data) return;
  int lists = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*data)) {
    if (entry.path().filename().string().rfind("autopager", 0) != 0) continue;
    INFO(entry.path());
    const DecodedText decoded = DecodeHtml(testing::Slurp(entry.path()), "");
    const auto document = Parse(decoded.utf8);
    AddressResolver addresses(*Url::Parse("http://own.example/list"), decoded.encoding);
    const auto links = ReadLinks(*document, addresses, nullptr, 5000);
    CHECK(links.size() > 10);
    for (const Link& link : links) CHECK(Url::Parse(link.url)->href() == link.url);
    ++lists;
  }
  REQUIRE(lists == 23);
}

}  // namespace
}  // namespace cluehound::extractors
