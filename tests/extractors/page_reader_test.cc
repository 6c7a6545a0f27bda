#include "extractors/page_reader.h"

#include <ctime>
#include <fstream>
#include <thread>

#include "base/text_encoding.h"
#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

const PageReader& Reader() {
  static const auto reader = [] {
    Diagnostics diagnostics;
    auto created = PageReader::Create("", {}, diagnostics);
    REQUIRE_OK(created);
    return std::move(created).value();
  }();
  return *reader;
}

PageReading Read(std::string_view bytes, std::string_view url = "", std::string_view asked = "") {
  PageInput input;
  input.bytes = bytes;
  input.url = url;
  input.asked_url = asked;
  return Reader().Read(input);
}

std::string Repeat(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

TEST_CASE("a plain detail page of an unknown shop is one listing at its own address") {
  const auto reading = Read(
      "<title>x</title><div class=top>导航</div><h1>昌乐西瓜 10斤装</h1><p class=price>¥39.90</p>",
      "http://shop.example/p/7?from=list#a");
  REQUIRE(reading.outcome == Outcome::kOk);
  REQUIRE(reading.profile == "plain-detail");
  REQUIRE(reading.listings.size() == 1);
  REQUIRE(reading.listings[0].title == "昌乐西瓜 10斤装");
  REQUIRE(reading.listings[0].price == "39.90");
  REQUIRE(reading.listings[0].currency == "CNY");
  REQUIRE(reading.listings[0].url == "http://shop.example/p/7?from=list");
  REQUIRE(reading.listings[0].platform.empty());
  REQUIRE(Read("<div><h1>甲</h1><div class=box><span class=price>5</span></div></div>")
              .listings.size() == 1);
}

TEST_CASE("news, home pages and lists are no detail page") {
  for (const std::string_view page :
       {"<h1>苹果公司罚款</h1><p class=price>罚款 5650 万美元</p>",
        "<h1>a</h1><h1>b</h1><p class=price>5</p>", "<h1>站名</h1><div>欢迎</div>",
        "<p class=price>5</p><p>没有标题</p>",
        "<meta property=og:type content=article><h1>电影票价</h1><p class=price>5.00</p>",
        "<h1></h1><p class=price>5</p>"}) {
    INFO(page);
    const auto reading = Read(page, "http://news.example/");
    CHECK(reading.listings.empty());
    CHECK(reading.outcome == Outcome::kOk);
  }
}

TEST_CASE("a listing of a platform's look on another host is not the platform's") {
  constexpr std::string_view kCard =
      "<div class='item J_MouserOnverReq'><a class=pic-link data-nid=7 href=i.html></a><div "
      "class=title><a href=i.html>甲</a></div>"
      "<div class=price><strong>5.00</strong></div></div>";
  REQUIRE(Read(kCard).listings.at(0).platform == "taobao");  // a saved page
  REQUIRE(Read(kCard, "https://s.taobao.com/search?q=x").listings.at(0).platform == "taobao");
  const auto other = Read(kCard, "http://other.example/list");
  REQUIRE(other.listings.at(0).platform.empty());
  REQUIRE(other.listings.at(0).url == "http://other.example/i.html");
  REQUIRE(other.profile == "taobao");
  // Nor does naming the platform as one's canonical address help.
  const auto claims =
      Read("<link rel=canonical href='https://s.taobao.com/search'>" + std::string(kCard),
           "http://other.example/");
  REQUIRE(claims.listings.at(0).platform.empty());
}

TEST_CASE("a forced profile reads, no profiles means none") {
  PageInput input;
  input.bytes = "<ul class=list><li><a href='/xianzhi/5.html'>x</a><p><a>皮带</a></p></li></ul>";
  input.profile = "xinshang";
  REQUIRE(Reader().Read(input).listings.at(0).id == "5");
  input.use_profiles = false;
  REQUIRE(Reader().Read(input).listings.empty());
}

TEST_CASE("the same item in HTML and in JSON-LD is one, with gaps filled") {
  const auto reading = Read(
      "<li class=gl-item data-sku=7><div class=p-name><a "
      "href='//item.jd.com/7.html'><em>耳机</em></a></div></li>"
      "<script "
      "type='application/ld+json'>{\"@type\":\"Product\",\"name\":\"耳机\",\"url\":\"//item.jd.com/"
      "7.html\","
      "\"offers\":{\"price\":\"55\",\"seller\":{\"name\":\"某店\"}}}</script>",
      "https://search.jd.com/Search?keyword=x");
  REQUIRE(reading.listings.size() == 1);
  REQUIRE(reading.listings[0].found_by == FoundBy::kProfile);
  REQUIRE(reading.listings[0].seller == "某店");
  REQUIRE(reading.listings[0].price == "55.00");
}

TEST_CASE("a lone product described for machines has the page's address") {
  const auto reading = Read(
      "<script "
      "type='application/"
      "ld+json'>{\"@type\":\"Product\",\"name\":\"耳机\",\"offers\":{\"price\":\"5\"}}"
      "</script><p>words that people read on this page, enough of them to be a page</p>",
      "http://shop.example/7");
  REQUIRE(reading.listings.at(0).url == "http://shop.example/7");
  REQUIRE(reading.listings[0].found_by == FoundBy::kJsonLd);
}

TEST_CASE("goods in an unknown shop's state are found by it") {
  const auto reading = Read(
      "<div "
      "id=app>加载中，请稍候。本店经营各类日用品、文具和玩具，欢迎选购。</"
      "div><script>window.__INITIAL_STATE__={list:[{title:'文具盒',"
      "price:5,id:1},{title:'铅笔十支',price:'2.50',id:2}]}</script>",
      "http://shop.example/");
  REQUIRE(reading.listings.size() == 2);
  REQUIRE(reading.listings[1].found_by == FoundBy::kStateJson);
  REQUIRE(reading.listings[1].price == "2.50");
}

TEST_CASE("login pages, checks and empty shells of any site are blocked, with a reason") {
  const auto login =
      Read("<title>用户登录</title><form><input name=u><input type=password name=p></form>",
           "http://a.example/");
  REQUIRE(login.outcome == Outcome::kBlocked);
  REQUIRE(login.reason.find("登录") != std::string::npos);
  REQUIRE(login.links.empty());
  REQUIRE(Read("<title>安全验证</title><p>请完成验证</p><a href=x>y</a>").outcome ==
          Outcome::kBlocked);
  REQUIRE(Read("<div id=root></div><script src=app.js></script>").outcome == Outcome::kBlocked);
  REQUIRE(Read("<p>请登录</p><a href=/x>首页</a>", "https://login.a.example/?back=1",
               "http://www.a.example/s")
              .outcome == Outcome::kBlocked);
  REQUIRE(
      Read("<script>window.location.href='https://passport.a.example/login'</script>").outcome ==
      Outcome::kBlocked);
  REQUIRE(Read("<meta http-equiv=Refresh content='0;url=http://b.example/'>").reason.find("跳转") !=
          std::string::npos);
  REQUIRE(
      Read("<script type='application/ld+json'>{\"@type\":\"Organization\"}</script>").outcome ==
      Outcome::kOk);
  // A login box beside content is none of it.
  REQUIRE(Read("<title>某商城</title><form><input type=password></form><p>欢迎光临</p><a "
               "href=/x>分类</a>")
              .outcome == Outcome::kOk);
  REQUIRE(Read("<p>正常的短页面</p>").outcome == Outcome::kOk);
}

TEST_CASE("checks, refusals and logins are known by their words when they are all there is") {
  for (const std::string_view page :
       {"<title>某商城</title><p>亲，访问太频繁了，请稍后再试</p><img src=/c.jpg>",
        "<p>您的访问过于频繁，为确认是您本人操作，请点击完成验证</p><script src=/c.js></script>",
        "<title>405</title><p>您的请求可能对网站造成安全威胁，访问被阻断</p><a href=/>首页</a>",
        "<title>403 Forbidden</title><h1>Forbidden</h1>You don't have permission.",
        "<title>欢迎</title>请先登录后查看<input placeholder=手机号><button>登录</button>",
        "<title>某网</title><form><input type=password><a href=/f>忘记密码</a></form>",
        "<title>商品</title><noscript>You need to enable JavaScript to run this app.</noscript>"
        "<div id=app>正在加载，请稍候……</div><script src=/a.js></script>",
        "<html><body></body></html>"}) {
    INFO(page);
    const auto reading = Read(page, "http://a.example/list");
    CHECK(reading.outcome == Outcome::kBlocked);
    CHECK_FALSE(reading.reason.empty());
  }
}

TEST_CASE("an honest empty answer and a page with content are not blocked by a word") {
  std::string content;
  for (int i = 0; i < 60; ++i) content += "<p>店铺介绍与配送说明，第几段文字。</p>";
  for (const std::string& page :
       {std::string("<div>请先登录 短信验证码</div><p>抱歉，没有找到相关宝贝</p>"),
        "<div>您好，请登录后查看订单 安全验证</div>" + content}) {
    INFO(page);
    CHECK(Read(page, "http://a.example/list").outcome == Outcome::kOk);
  }
}

TEST_CASE("a search that is sent to the home page is blocked on any site") {
  constexpr std::string_view kHome = "<title>某商城</title><a href=/a>女装</a><p>欢迎光临本店</p>";
  REQUIRE(Read(kHome, "http://a.example/", "http://a.example/s?q=x").outcome == Outcome::kBlocked);
  REQUIRE(Read(kHome, "http://a.example/", "http://a.example/").outcome == Outcome::kOk);
  REQUIRE(Read(kHome, "http://a.example/", "http://a.example/index.html").outcome == Outcome::kOk);
}

TEST_CASE("a home page is blocked only when something else was asked for") {
  constexpr std::string_view kHome =
      "<title>淘宝网 - 淘！我喜欢</title><body data-spm=50862><a href=/a>女装</a><p>首页</p>";
  REQUIRE(Read(kHome, "https://www.taobao.com/", "https://s.taobao.com/search?q=x").outcome ==
          Outcome::kBlocked);
  REQUIRE(Read(kHome, "https://www.taobao.com/", "https://www.taobao.com/").outcome ==
          Outcome::kOk);
  REQUIRE(Read(kHome, "https://www.taobao.com/").outcome == Outcome::kOk);
  REQUIRE(Read(kHome).outcome == Outcome::kOk);
}

TEST_CASE("a search answer without results or state is an empty shell") {
  const auto reading = Read(
      "<title>回力_淘宝搜索</title><div>亲，请登录 免费注册 我的淘宝 购物车 收藏夹 "
      "商品分类</div><a href=/x>y</a>"
      "<script src=a.js></script>",
      "https://s.taobao.com/search?q=x");
  REQUIRE(reading.outcome == Outcome::kBlocked);
  REQUIRE(reading.profile == "taobao");
  // With its state it is an answer, even an empty one.
  REQUIRE(Read("<title>回力_淘宝搜索</title><a href=/x>y</a><script>g_page_config = "
               "{\"mods\":{}};</script>",
               "https://s.taobao.com/search?q=x")
              .outcome == Outcome::kOk);
}

TEST_CASE("json answers go to profiles, others are no page") {
  REQUIRE(
      Read("[{\"skuList\":[],\"id\":\"5\",\"title\":\"直播\",\"status\":1}]").listings.at(0).kind ==
      ListingKind::kLive);
  REQUIRE(Read("cb([{\"skuList\":[],\"id\":\"5\",\"title\":\"直播\"}])").listings.size() == 1);
  REQUIRE(Read("{\"code\":0}").outcome == Outcome::kNotHtml);
  REQUIRE(Read("{\"code\":").outcome == Outcome::kNotHtml);
  REQUIRE(Read("{\"rgv587_flag\":\"sm\"}", "https://s.taobao.com/api").outcome ==
          Outcome::kBlocked);
  REQUIRE(Read("{\"data\":[{\"title\":\"文具盒\",\"price\":5,\"id\":1},{\"title\":\"铅笔\","
               "\"price\":2,\"id\":2}]}")
              .listings.size() == 2);
}

TEST_CASE("what is no page says so") {
  for (const std::string_view bytes : {"", "\x89PNG\r\n", "plain words", "%PDF-1.5"}) {
    const auto reading = Read(bytes);
    CHECK(reading.outcome == Outcome::kNotHtml);
    CHECK_FALSE(reading.reason.empty());
  }
}

TEST_CASE("head, base and canonical address") {
  const auto reading = Read(
      "<title>a</title><base href='http://b.example/x/'><link rel=canonical href=/c#f><meta "
      "name=robots "
      "content='noindex,nofollow'><a href=1>1</a><p>text of the page that is long enough to be "
      "content</p>",
      "http://a.example/");
  REQUIRE(reading.title == "a");
  REQUIRE(reading.canonical_url == "http://b.example/c");
  REQUIRE(reading.meta_nofollow);
  REQUIRE(reading.meta_noindex);
  REQUIRE(reading.links.at(0).url == "http://b.example/x/1");
}

TEST_CASE("an item that links nowhere else has no address of its own") {
  const auto reading = Read(
      "<div class='item J_MouserOnverReq'><div class=title><a href='#'>甲</a></div></div>"
      "<div class='item J_MouserOnverReq'><div class=title><a href='#'>乙</a></div></div>",
      "http://s.taobao.com/search?q=x");
  REQUIRE(reading.listings.size() == 2);
  REQUIRE(reading.listings[0].url.empty());
}

TEST_CASE("limits: size, listings, links") {
  Diagnostics diagnostics;
  ReadLimits limits;
  limits.max_bytes = 100000;
  limits.max_listings = 5;
  limits.max_links = 3;
  const auto reader = PageReader::Create("", limits, diagnostics);
  REQUIRE_OK(reader);
  const std::string large(100001, 'x');
  PageInput input;
  input.bytes = large;
  REQUIRE((*reader)->Read(input).outcome == Outcome::kBodyTooLarge);
  std::string cards;
  for (int i = 0; i < 50; ++i) {
    cards += "<li class=gl-item data-sku=" + std::to_string(i) +
             "><div class=p-name><a href=http://a.example/" + std::to_string(i) +
             "><em>t</em></a></div></li>";
  }
  input.bytes = cards;
  const auto reading = (*reader)->Read(input);
  REQUIRE(reading.listings.size() == 5);
  REQUIRE(reading.links.size() == 3);
}

TEST_CASE("hostile pages end in an outcome, quickly") {
  std::string attributes = "<div";
  for (int i = 0; i < 100000; ++i) attributes += " a" + std::to_string(i) + "=1";
  std::string formatting = "<p>";
  for (int i = 0; i < 400; ++i) formatting += "<b i=" + std::to_string(i) + ">";
  const std::string kWords =
      "<p>enough words for a page that has content of its own, not only scripts</p>";
  const std::string deep_json = Repeat("{\"a\":[", 200000);
  struct Case {
    const char* name;
    std::string bytes;
    Outcome outcome;
  };
  const Case cases[] = {
      {"80 kB of div", Repeat("<div>", 16000), Outcome::kTooDeep},
      {"240 kB of tables", Repeat("<table><tr><td>", 16000), Outcome::kTooDeep},
      {"formatting that comes back", formatting + Repeat("<p>x", 10000), Outcome::kTooCostly},
      {"100,000 attributes", attributes + ">", Outcome::kTooCostly},
      {"a class of 5 MB", "<div class=\"" + std::string(5u << 20, 'x') + "\">x", Outcome::kOk},
      {"100,000 classes", "<li class=\"gl-item" + Repeat(" c1 c2", 50000) + "\" data-sku=1>x",
       Outcome::kOk},
      {"deep JSON in a script", kWords + "<script>window.__INITIAL_STATE__=" + deep_json,
       Outcome::kOk},
      {"deep JSON-LD", kWords + "<script type='application/ld+json'>" + deep_json, Outcome::kOk},
      {"deep JSON answer", deep_json, Outcome::kNotHtml},
      {"unterminated string in a state",
       kWords + "<script>g_page_config={\"a\":\"" + std::string(1u << 20, 'x'), Outcome::kOk},
      {"100,000 links", Repeat("<a href=a>x</a>", 100000), Outcome::kOk},
      {"100,000 cards without titles", Repeat("<li class=gl-item data-sku=1></li>", 100000),
       Outcome::kOk},
      {"100,000 headings", Repeat("<h1>x</h1>", 100000), Outcome::kOk},
      {"prices far behind a heading", "<h1>x</h1>" + Repeat("<b></b><i class=price>y</i>", 50000),
       Outcome::kOk},
      {"50,000 items that refer to all",
       "<div id=a>" + Repeat("<i itemprop=p>x</i>", 20000) + "</div>" +
           Repeat("<i itemscope itemref=a></i>", 50000),
       Outcome::kOk},
      {"10,000 comments with markup",
       Repeat("<!--" + Repeat("<p>x", 40) + "-->", 10000) +
           "<li class='s-result-item' data-asin=B1><h2>t</h2></li>",
       Outcome::kOk},
      {"100,000 JSON-LD scripts",
       Repeat("<script type='application/ld+json'>{}</script>", 100000) + "<a href=x>y</a>",
       Outcome::kOk},
      {"a megabyte of state names", kWords + "<script>" + Repeat("__INITIAL_STATE__={a:[", 50000),
       Outcome::kOk},
  };
  // Of the processor: others may be at work.
  const auto timed = [](const std::string& bytes) {
    const std::clock_t start = std::clock();
    auto reading = Read(bytes);
    return std::pair(std::move(reading), static_cast<double>(std::clock() - start));
  };
  const std::string ordinary =
      "<ul>" + Repeat("<li class=a><a href=/b>a title</a> <b class=price>9.90</b></li>", 16000);
  const double megabyte = timed(ordinary).second;
  for (const Case& one : cases) {
    INFO(one.name);
    const auto [reading, took] = timed(one.bytes);
    INFO(reading.reason << ", as long as " << took / megabyte << " ordinary megabytes");
    CHECK(reading.outcome == one.outcome);
    CHECK(took < 10 * megabyte);
  }
}

TEST_CASE("readings of several threads do not mix") {
  const std::string a = "<h1>甲</h1><p class=price>1.00</p>";
  const std::string b = "<h1>乙</h1><p class=price>2.00</p>";
  std::vector<std::string> titles(4);
  std::vector<std::thread> threads;
  Reader();
  for (size_t t = 0; t < titles.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const auto reading = Read(t % 2 == 0 ? a : b);
        titles[t] = reading.listings.empty() ? "" : reading.listings[0].title;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t t = 0; t < titles.size(); ++t) REQUIRE(titles[t] == (t % 2 == 0 ? "甲" : "乙"));
}

TEST_CASE("the revision names code and profiles") {
  REQUIRE(Reader().revision().size() > 10);
  testing::TempDir folder;
  std::ofstream(folder.path() / "x.yaml")
      << "id: x\nread:\n  - items: li\n    fields: {title: b}\n";
  Diagnostics diagnostics;
  const auto other = PageReader::Create(folder.path().string(), {}, diagnostics);
  REQUIRE_OK(other);
  REQUIRE((*other)->revision() != Reader().revision());
}

TEST_CASE("news and home pages give no listing") {
  for (const char* folder : {"negatives_news", "pages_cn"}) {
    const auto data = testing::SharedData(folder);
    if (!data) return;
    for (const auto& entry : std::filesystem::directory_iterator(*data)) {
      const std::string name = entry.path().filename();
      if (std::string(folder) == "pages_cn" && name != "taobao_home_2018.html") continue;
      INFO(name);
      const auto reading = Read(testing::Slurp(entry.path()));
      CHECK(reading.outcome == Outcome::kOk);
      CHECK(reading.listings.empty());
      CHECK(reading.links.size() > 5);
    }
  }
}

TEST_CASE("pages sent instead of results are blocked, with and without an address") {
  const auto data = testing::SharedData("pages_cn_blocked");
  if (!data) return;
  const std::string login = testing::Slurp(*data / "taobao_login_page_2019.html");
  const std::string home = testing::Slurp(*data / "jd_home_instead_of_search_2024.html");
  REQUIRE(Read(login).outcome == Outcome::kBlocked);
  REQUIRE(Read(login).reason == "淘宝要求登录");
  REQUIRE(
      Read(login, "https://login.taobao.com/member/login.jhtml", "https://s.taobao.com/search?q=x")
          .outcome == Outcome::kBlocked);
  REQUIRE(Read(home).outcome == Outcome::kBlocked);
  REQUIRE(Read(home, "https://www.jd.com/", "https://search.jd.com/Search?keyword=x").reason ==
          "京东返回了首页，不是所请求的页面");
  REQUIRE(Read(home, "https://www.jd.com/").outcome == Outcome::kOk);
}

}  // namespace
}  // namespace cluehound::extractors
