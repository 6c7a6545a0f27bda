#include "extractors/busy_page.h"

#include "extractors/page_reader.h"
#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

PageReading Read(std::string_view bytes, std::string_view content_type = "") {
  static const auto reader = [] {
    Diagnostics diagnostics;
    auto created = PageReader::Create("", {}, diagnostics);
    REQUIRE_OK(created);
    return std::move(created).value();
  }();
  PageInput input;
  input.bytes = bytes;
  input.content_type = content_type;
  input.url = "http://shop.example/list.html";
  return reader->Read(input);
}

TEST_CASE("urlwatch 579: a page that only says that the server is busy is no content") {
  for (const char* words : {"系统繁忙，请稍后再试",
                            "哎呀，服务器开小差了~",
                            "当前访问人数过多，请稍候",
                            "活动太火爆啦，请稍后重试",
                            "网站维护中，预计 12:00 恢复",
                            "系統忙碌中，請稍後再試",
                            "Sorry, our server is busy. Please try again later.",
                            "503 Service Temporarily Unavailable nginx",
                            "We are currently down for maintenance. We'll be right back!",
                            "Error establishing a database connection",
                            "ただいまアクセスが集中しています。",
                            "접속자가 많아 대기 중입니다.",
                            "Wegen Wartungsarbeiten ist unser Shop geschlossen.",
                            "Le site est momentanément indisponible.",
                            "Estamos en mantenimiento, vuelva pronto.",
                            "Estamos em manutenção.",
                            "Il sito è in manutenzione.",
                            "Trwa przerwa techniczna.",
                            "Сервер перегружен, попробуйте позже.",
                            "Hệ thống đang bảo trì."}) {
    INFO(words);
    const auto reading = Read(
        "<html><head><title>商城</title></head><body><img src=logo.png>"
        "<a href=/>首页</a><p>" +
        std::string(words) + "</p></body></html>");
    CHECK(reading.outcome == Outcome::kBusy);
    CHECK(reading.reason == "服务器暂时繁忙或维护中，稍后再试");
    CHECK(reading.listings.empty());
    CHECK(reading.links.empty());
  }
  CHECK(Read("<title>系统维护</title><p>给您带来不便，敬请谅解</p>").outcome == Outcome::kBusy);
}

TEST_CASE("ours: a busy answer of an interface is no foreign file") {
  CHECK(Read(R"({"ret":["FAIL_SYS"],"msg":"系统繁忙，请稍后再试"})", "application/json").outcome ==
        Outcome::kBusy);
  CHECK(Read(R"({"ret":["OK"],"msg":"你好"})", "application/json").outcome == Outcome::kNotHtml);
}

TEST_CASE("ours: what is sold out, taken down or not found is an answer, busy or not") {
  for (const char* words :
       {"商品已下架，系统维护中", "宝贝不存在，系统繁忙", "抱歉，没有找到相关商品",
        "This item is sold out. Our server is busy with orders.", "商品暂时缺货，请稍后再试",
        "This product is temporarily unavailable"}) {
    INFO(words);
    CHECK(Read("<title>x</title><p>" + std::string(words) + "</p>").outcome != Outcome::kBusy);
  }
}

TEST_CASE("ours: a page with goods, with many links or with much to say is not busy") {
  std::string links;
  for (int i = 0; i < 20; ++i) links += "<a href=/c" + std::to_string(i) + ">分类</a>";
  CHECK(Read("<p>系统维护公告</p>" + links).outcome == Outcome::kOk);
  std::string words;
  for (int i = 0; i < 100; ++i) words += "服务条款第" + std::to_string(i) + "条，";
  CHECK(Read("<p>系统维护</p><p>" + words + "</p>").outcome == Outcome::kOk);
  const auto goods = Read("<title>x</title><h1>系统维护 工具箱</h1><p class=price>¥39.90</p>");
  CHECK(goods.outcome == Outcome::kOk);
  CHECK(goods.listings.size() == 1);
}

TEST_CASE("ours: no saved page of a shop, and none that blocks, is taken for a busy one") {
  for (const char* folder : {"pages_cn", "pages_world", "pages_cn_blocked", "negatives_news"}) {
    const auto data = testing::SharedData(folder);
    if (!data) return;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(*data)) {
      if (!entry.is_regular_file()) continue;
      INFO(entry.path());
      CHECK(Read(testing::Slurp(entry.path())).outcome != Outcome::kBusy);
    }
  }
}

}  // namespace
}  // namespace cluehound::extractors
