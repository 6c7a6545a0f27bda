#include "crawler/search_template.h"

#include "crawler/discoveries.h"
#include "crawler/source.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

SearchTemplate Template(const char* address, const char* charset = "utf-8") {
  SearchTemplate search;
  search.address = address;
  search.charset = charset;
  return search;
}

TEST_CASE("ours: a term is percent-encoded in the charset of the site") {
  const auto of = [](const char* charset, const char* term) {
    return Template("https://s.example.com/search?q={term}&sort=new", charset).AddressOf(term);
  };
  CHECK(*of("utf-8", "潍县萝卜") ==
        "https://s.example.com/search?q=%E6%BD%8D%E5%8E%BF%E8%90%9D%E5%8D%9C&sort=new");
  CHECK(*of("gb18030", "萝卜") == "https://s.example.com/search?q=%C2%DC%B2%B7&sort=new");
  CHECK(*of("big5", "名牌") == "https://s.example.com/search?q=%A6W%B5P&sort=new");
  CHECK(*of("utf-8", "A&B 100%+?#/") ==
        "https://s.example.com/search?q=A%26B%20100%25%2B%3F%23%2F&sort=new");
  CHECK_FALSE(of("big5", "萝卜").ok());  // simplified characters that Big5 lacks
  CHECK(*Template("https://s.example.com/list/{term}/").AddressOf("鸭") ==
        "https://s.example.com/list/%E9%B8%AD/");
}

TEST_CASE("ours: a source that does not search has no results") {
  CHECK_FALSE(SearchTemplate().AddressOf("a").ok());
}

TEST_CASE("ours: the pages of results of a term are known by it") {
  const SearchTemplate query =
      Template("https://s.example.com/search?q={term}&sort=new", "gb18030");
  const std::string first = *query.AddressOf("萝卜");
  REQUIRE(query.TermIn(first));
  CHECK(query.TermIn("https://s.example.com/search?page=2&q=%c2%dc%b2%b7") == query.TermIn(first));
  CHECK_FALSE(query.TermIn("https://s.example.com/item?q=%C2%DC"));
  CHECK_FALSE(query.TermIn("https://s.example.com/search?page=2"));
  CHECK_FALSE(query.TermIn("https://t.example.com/search?q=a"));
  const SearchTemplate path = Template("https://s.example.com/list/{term}/");
  CHECK(path.TermIn("https://s.example.com/list/%E9%B8%AD/?p=2") ==
        path.TermIn("https://s.example.com/list/%E9%B8%AD/"));
  CHECK_FALSE(path.TermIn("https://s.example.com/item/7"));
  CHECK_FALSE(SearchTemplate().TermIn("https://s.example.com/"));
}

TEST_CASE("ours: a source that searches needs no seeds, and its mistakes have a place") {
  Diagnostics diagnostics;
  const auto sources = ParseSources(
      "sources:\n  - id: s\n    search: {address: 'https://s.cn/?q={term}', charset: GBK, "
      "kinds: [gi], pages: 2}\n",
      "s.yaml", diagnostics);
  INFO(diagnostics.Render());
  REQUIRE(sources.size() == 1);
  CHECK(sources[0].search.charset == "gb18030");
  CHECK(sources[0].search.pages == 2);
  CHECK(sources[0].InScope("s.cn"));
  CHECK(SeedsOf(sources[0]).empty());  // until the terms are known

  struct Row {
    const char* search;
    const char* code;
  };
  for (const Row& row :
       {Row{"{address: 'https://s.cn/?q=term', terms: [a]}", "bad-address"},
        {"{address: 'https://s.cn/?q={term}&r={term}', terms: [a]}", "bad-address"},
        {"{address: 'https://{term}.s.cn/', terms: [a]}", "bad-address"},
        {"{address: 's.cn/?q={term}', terms: [a]}", "bad-address"},
        {"{terms: [a]}", "missing-key"},
        {"{address: 'https://s.cn/?q={term}'}", "missing-key"},
        {"{address: 'https://s.cn/?q={term}', terms: [a], charset: x}", "unknown-value"},
        {"{address: 'https://s.cn/?q={term}', terms: [a], pages: 0}", "out-of-range"},
        {"{address: 'https://s.cn/?q={term}', terms: [a], page: 1}", "unknown-key"}}) {
    Diagnostics bad;
    CHECK(ParseSources("sources:\n  - id: s\n    search: " + std::string(row.search) + "\n",
                       "s.yaml", bad)
              .empty());
    INFO(row.search);
    INFO(bad.Render());
    const auto& all = bad.all();
    CHECK(std::any_of(all.begin(), all.end(), [&](const Diagnostic& d) {
      return d.code == row.code && d.where.line == 3;
    }));
  }
}

}  // namespace
}  // namespace cluehound::crawler
