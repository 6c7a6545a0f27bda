#include "triage/share_text.h"

#include "tests/testing/testing.h"

namespace cluehound::triage {
namespace {

struct Case {
  std::string_view text;
  std::string_view url;
  std::string_view title;
};

TEST_CASE("ours: share texts of apps give address and title") {
  for (const Case& c : {
           Case{"【淘宝】https://m.tb.cn/h.gXyZ1?tk=AbC CZ0001 "
                "「安丘大姜新鲜老姜5斤」点击链接直接打开 或者 "
                "淘宝搜索直接打开",
                "https://m.tb.cn/h.gXyZ1?tk=AbC", "安丘大姜新鲜老姜5斤"},
           Case{"【安丘大姜 山东特产】https://m.tb.cn/h.4abc "
                "点击链接，再选择浏览器咑閞；或復·制这段描述￥x8sdYk￥"
                "后到👉淘♂寳♀👈",
                "https://m.tb.cn/h.4abc", "安丘大姜 山东特产"},
           Case{"7.43 复制打开抖音，看看【潍坊小王的作品】潍县萝卜水果萝卜 "
                "https://v.douyin.com/iAbC/ g@B.tr 02/15",
                "https://v.douyin.com/iAbC/", ""},
           Case{"https://v.kuaishou.com/9xYz \"潍县萝卜现拔现发\" "
                "该作品在快手被播放过1.2万次，点击链接，打开【快手】直接观看！",
                "https://v.kuaishou.com/9xYz", "潍县萝卜现拔现发"},
           Case{"昌乐西瓜 10斤装\nhttps://mobile.example.com/goods.html?goods_id=77。",
                "https://mobile.example.com/goods.html?goods_id=77", "昌乐西瓜 10斤装"},
           Case{"有人在早市卖假的鸿雁牌箱子，没有网址", "", "有人在早市卖假的鸿雁牌箱子"},
           Case{"http://shop.example/item/1", "http://shop.example/item/1", ""},
       }) {
    INFO(c.text);
    const SharedItem item = ReadShareText(c.text);
    CHECK(item.url == c.url);
    if (!c.title.empty()) CHECK(item.title == c.title);
  }
}

TEST_CASE("ours: hostile share texts cost no more than their length") {
  std::string brackets;
  for (int i = 0; i < 100000; ++i) brackets += "「";
  CHECK(ReadShareText(brackets).url.empty());
  CHECK(ReadShareText(std::string(1 << 20, '\xFF')).url.empty());
  CHECK(ReadShareText("https://").url.empty());
}

}  // namespace
}  // namespace cluehound::triage
