#include "extractors/state_json.h"

#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

// A page of these scripts, and one of its states.
class Page {
 public:
  explicit Page(std::string_view html) {
    HtmlDocument::Refusal refusal;
    document_ = HtmlDocument::Parse(html, {}, refusal);
    REQUIRE(document_ != nullptr);
    state_ = std::make_unique<StateJson>(*document_);
  }
  StateJson& state() { return *state_; }
  std::string Text(std::string_view name, std::string_view key) {
    return std::string(state_->Find(name).Find(key).text());
  }

 private:
  std::unique_ptr<const HtmlDocument> document_;
  std::unique_ptr<StateJson> state_;
};

TEST_CASE("assigned states are found in every way of writing") {
  for (const std::string_view script :
       {"g_page_config = {\"a\":\"1\"};\n g_srp_loadCss();", "var g_page_config={a:1}",
        "window.g_page_config = {a: 1,};", "self.g_page_config={a:'1'}",
        "window[\"g_page_config\"] = {a:1}", "x();window.g_page_config\n=\n{a:1};y()",
        "g_page_config = JSON.parse(\"{\\\"a\\\":1}\");",
        "g_page_config=JSON.parse('{\"a\":\"\\u0031\"}')", "g_page_config = ready({a:1});",
        "if(!g_page_config){} g_page_config == 1; g_page_config = {a:1}"}) {
    INFO(script);
    Page page("<script>" + std::string(script) + "</script>");
    CHECK(page.Text("g_page_config", "a") == "1");
  }
}

TEST_CASE("names inside other names, members and comparisons are none") {
  for (const std::string_view script :
       {"my_g_page_config={a:1}", "g_page_config2={a:1}", "foo.g_page_config={a:1}",
        "g_page_config=={a:1}", "g_page_config=f;", "g_page_config={a:1", "'g_page_config'",
        "mywindow.g_page_config={a:1}"}) {
    INFO(script);
    Page page("<script>" + std::string(script) + "</script>");
    CHECK_FALSE(page.state().Find("g_page_config"));
  }
}

TEST_CASE("a member of an object is a state of its own") {
  Page page(
      "<script>window.oPageConfig = {oUrl:{}};</script><script>window.oPageConfig.oRoom = "
      "{\"id\":\"7\"};</script>");
  REQUIRE(page.Text("oPageConfig.oRoom", "id") == "7");
  REQUIRE(page.state().Find("oPageConfig").Find("oUrl"));
}

TEST_CASE("scripts that hold JSON are found by id and by type") {
  Page page(
      "<script id=__NEXT_DATA__ type=application/json>{\"a\":1}</script><script id=x "
      "type=mime/invalid> [2] </script>"
      "<script id=y>var a</script><script type='application/ld+json; "
      "charset=utf-8'>{\"b\":3}</script>");
  REQUIRE(page.Text("#__NEXT_DATA__", "a") == "1");
  REQUIRE(page.state().Find("#x").At(0).text() == "2");
  REQUIRE_FALSE(page.state().Find("#y"));
  REQUIRE_FALSE(page.state().Find("#z"));
  REQUIRE(page.state().ScriptsOfType("application/ld+json").size() == 1);
}

TEST_CASE("the stream of Next.js is joined over its pushes") {
  Page page(
      "<script>(self.__next_f=self.__next_f||[]).push([0]);self.__next_f.push([2,null])</script>"
      "<script>self.__next_f.push([1,\"1:I[5,[],\\\"\\\"]\\n2:[\\\"$\\\",{\\\"goods\"])</script>"
      "<script>self.__next_f.push([1,\"List\\\":[{\\\"id\\\":\\\"9\\\"}]}]\\n3:T6,a\\nb:[c4:{"
      "\\\"x\\\":1}\\n\"])</script>");
  const JsonValue rows = page.state().Find("__next_f");
  REQUIRE(rows);
  REQUIRE(rows.At(0).At(1).Find("goodsList").At(0).Find("id").text() == "9");
  REQUIRE(rows.At(1).Find("x").text() ==
          "1");  // the text row between them is skipped by its length
  REQUIRE_FALSE(rows.At(2));
}

TEST_CASE("well-known states are offered without asking for them") {
  Page page(
      "<script>window.__INITIAL_STATE__={a:1}</script><script "
      "type=application/json>{\"b\":2}</script>"
      "<script>var __other__={c:3}</script>");
  const auto values = page.state().WellKnown();
  REQUIRE(values.size() == 2);
  REQUIRE(values[0].Find("b").text() == "2");
  REQUIRE(values[1].Find("a").text() == "1");
}

TEST_CASE("a script that names a state a thousand times costs no more than a few looks") {
  std::string script = "<script>";
  for (int i = 0; i < 20000; ++i) script += "g_page_config={a:[";
  Page page(script + "</script>");
  REQUIRE_FALSE(page.state().Find("g_page_config"));
}

TEST_CASE("states of saved pages are read whole") {
  const auto data = testing::SharedData("");
  if (!data) return;
  const auto count = [&](const char* file, const char* state, const char* path) {
    Page page(testing::Slurp(*data / file));
    JsonPath::Error error;
    return JsonPath::Compile(path, error)
        ->All(page.state().Find(state), 1000, page.state().nested())
        .size();
  };
  CHECK(count("pages_cn/taobao_search_huili_2016.htm", "g_page_config",
              "mods.itemlist.data.auctions[*].nid") == 36);
  CHECK(count("pages_cn/1688_search_cable_2024.html", "pageConfig", "listOffer[*].offerid") == 20);
  CHECK(count("pages_world/yahoo_tw_search_iphone_redux_2026.html", "#isoredux-data",
              "search.ecsearch.hits[*]") == 60);
  CHECK(count("pages_world/momo_search_iphone_next_f_2026.html", "__next_f",
              "**.jsonLdPropsData.**.goodsInfoList[*]") == 30);
  CHECK(count("livestream/zhanqi_room_2020.html", "oPageConfig.oRoom", "title") == 1);
}

TEST_CASE("states come through defaults, assignments, strings and address coding") {
  for (const std::string_view script :
       {"__INITIAL_STATE__ = window.__INITIAL_STATE__ || {a:1}",
        "__INITIAL_STATE__ = Object.assign({}, {a:1})", "__INITIAL_STATE__ = \"{\\\"a\\\":1}\"",
        "__INITIAL_STATE__ = JSON.parse(decodeURIComponent('%7B%22a%22%3A1%7D'))",
        "__INITIAL_STATE__ = JSON.parse(`{\"a\":1}`)"}) {
    INFO(script);
    Page page("<script>" + std::string(script) + "</script>");
    CHECK(page.Text("__INITIAL_STATE__", "a") == "1");
  }
}

TEST_CASE("nuxt 2: the arguments of the function are the values of its variables") {
  Page page(
      "<script>window.__NUXT__=(function(a,b,c){c.x=1;return {t:a,n:b,o:c,u:d,list:[a,b]}}"
      "(\"水杯 )}\",12.5,{}));</script>");
  REQUIRE(page.Text("__NUXT__", "t") == "水杯 )}");
  REQUIRE(page.Text("__NUXT__", "n") == "12.5");
  REQUIRE(page.Text("__NUXT__", "o").empty());
  REQUIRE(page.Text("__NUXT__", "u").empty());
  REQUIRE(page.state().Find("__NUXT__").Find("list").At(1).text() == "12.5");
  // Without a call the literal stands for itself.
  REQUIRE(Page("<script>__NUXT__=(function(a){return {t:a,k:1}</script>").Text("__NUXT__", "k") ==
          "1");
}

TEST_CASE("whatever scripts assign is offered as a last resort, within bounds") {
  Page page(
      "<script>if (a == {}) b = {s:1}; var rawData = {a:1,b:2,c:3,d:4,e:5,f:6,g:7,h:8};"
      "x.y = JSON.parse('[1,2,3,4,5,6,7,8]')</script>");
  const auto values = page.state().Assigned();
  REQUIRE(values.size() == 2);
  REQUIRE(values[0].Find("h").text() == "8");
  REQUIRE(values[1].At(7).text() == "8");
  std::string open;
  for (int i = 0; i < 100'000; ++i) open += "a={";
  REQUIRE(Page("<script>" + open + "</script>").state().Assigned().empty());
}

}  // namespace
}  // namespace cluehound::extractors
