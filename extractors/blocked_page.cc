#include "extractors/blocked_page.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "base/text.h"

namespace cluehound::extractors {
namespace {

// Below so many bytes of words a page has no content of its own.
constexpr size_t kNoContent = 60;
// Links that a page without content may have: to a help page, to its own framework.
constexpr int kFewLinks = 3;
// Pages that only check the visitor are short.
constexpr size_t kShortPage = 3000;
// Bytes of words up to which a page that speaks of a check or a login is nothing else. Lists have
// more, and an empty list of results says that it is one.
constexpr size_t kNotice = 900;
constexpr int kNoticeLinks = 15;  // help, registration, the footer

bool IsHome(const Profile& profile, const Url& url) {
  const bool host =
      std::find(profile.homes.begin(), profile.homes.end(), url.host()) != profile.homes.end();
  return host && (url.path() == "/" || url.path() == "/index.html" || url.path() == "/index.htm");
}

bool ContainsAny(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return FindIgnoreAsciiCase(text, word) != std::string_view::npos;
  });
}

bool HasPasswordField(const HtmlDocument& document) {
  static const TagId kInput = TagFromName("input");
  if (!document.HasTag(kInput)) return false;
  for (uint32_t i = 0; i < document.size(); ++i) {
    const HtmlNode node = document.node(i);
    if (node.Is(kInput) && EqualsIgnoreAsciiCase(node.attribute("type"), "password")) return true;
  }
  return false;
}

bool IsLoginHost(std::string_view host) {
  return host.starts_with("login.") || host.starts_with("passport.") || host.starts_with("signin.");
}

// A script that runs, as against data in a script element.
bool IsProgram(const HtmlNode& script) {
  const std::string_view type = TrimAscii(script.attribute("type"));
  return type.empty() || type == "module" ||
         FindIgnoreAsciiCase(type, "javascript") != std::string_view::npos;
}

// What a page consists of, as far as it matters whether it has content.
struct Content {
  bool program = false;
  bool data = false;     // for machines: JSON-LD, a state
  bool refresh = false;  // asks to go elsewhere
  bool pictures = false;
  int links = 0;
  size_t words = 0;  // bytes of them, up to a bound
};

Content ContentOf(const HtmlDocument& document) {
  static const TagId kScript = TagFromName("script");
  static const TagId kBody = TagFromName("body");
  static const TagId kMeta = TagFromName("meta");
  static const TagId kA = TagFromName("a");
  static const TagId kImg = TagFromName("img");
  static const TagId kFrame = TagFromName("iframe");
  Content content;
  for (uint32_t i = 0; i < document.size(); ++i) {
    const HtmlNode node = document.node(i);
    if (!node.is_element()) continue;
    if (node.tag() == kScript) {
      (IsProgram(node) ? content.program : content.data) = true;
    } else if (node.tag() == kMeta) {
      content.refresh |= EqualsIgnoreAsciiCase(node.attribute("http-equiv"), "refresh");
    } else if (node.tag() == kA) {
      ++content.links;
    } else if (node.tag() == kImg || node.tag() == kFrame) {
      content.pictures = true;
    } else if (node.tag() == kBody) {
      content.words = node.Text(4 * kNoContent).size();
    }
  }
  return content;
}

bool SaysNothingFound(std::string_view words) {
  return ContainsAny(words, {"没有找到", "没有搜索到", "未找到", "找不到", "没有相关", "暂无",
                             "没有符合", "抱歉没有", "搜索无结果", "查无", "沒有找到", "找不到",
                             "no results", "no products", "not found", "0 results"});
}

// What a short page says when it stands between a visitor and the page that was asked for.
std::optional<std::string> WhyNotice(const HtmlDocument& document, std::string_view title) {
  std::string words = document.root().Text(kNotice);
  if (words.size() + 8 >= kNotice || SaysNothingFound(words)) return std::nullopt;
  words += ' ';
  words += title;
  if (ContainsAny(words, {"访问过于频繁",
                          "访问太频繁",
                          "访问频繁",
                          "请求过于频繁",
                          "请求太频繁",
                          "操作过于频繁",
                          "操作太频繁",
                          "按住滑块",
                          "拖动滑块",
                          "拖动下方滑块",
                          "向右滑动",
                          "滑动验证",
                          "完成验证",
                          "完成下方验证",
                          "完成安全验证",
                          "进行验证",
                          "进行安全验证",
                          "人机验证",
                          "安全验证",
                          "异常流量",
                          "流量异常",
                          "异常访问",
                          "访问异常",
                          "网络环境异常",
                          "确认您是真人",
                          "不是机器人",
                          "unusual traffic",
                          "verify you are human",
                          "you are human",
                          "not a robot",
                          "are you a robot",
                          "checking your browser",
                          "complete the captcha",
                          "security check"})) {
    return "返回的是验证页（要求确认不是机器）";
  }
  if (ContainsAny(words, {"访问被阻断", "访问被拒绝", "访问被拦截", "访问受限", "禁止访问",
                          "被防火墙", "web应用防火墙", "ip被封", "access denied",
                          "access to this page has been denied", "request blocked",
                          "you have been blocked", "permission to access", "403 forbidden"})) {
    return "返回的是拒绝访问的页面";
  }
  // A shop's pages may have a form to log in beside their content; this is what forms alone say.
  if ((HasPasswordField(document) &&
       ContainsAny(words, {"忘记密码", "密码登录", "账号登录", "账户登录", "用户登录", "会员登录",
                           "忘記密碼", "會員登入", "forgot password", "forgot your password"})) ||
      ContainsAny(words, {"请先登录", "请您先登录", "请登录后", "登录后查看", "登录后才能",
                          "登录后继续", "需要登录", "扫码登录", "短信登录", "密码登录",
                          "短信验证码", "请先登入", "請先登入", "請先登錄", "please log in",
                          "please sign in", "sign in to continue", "log in to continue"})) {
    return "返回的是登录页";
  }
  if (ContainsAny(words, {"请输入验证码", "輸入驗證碼", "enter the characters you see"}))
    return "返回的是验证页（要求确认不是机器）";
  return std::nullopt;
}

// Whether another page of the site was asked for and its home page came.
bool WentHome(const PageOrigin& origin) {
  if (!origin.asked || !origin.final || origin.asked->host() != origin.final->host()) return false;
  const auto home = [](const Url& url) {
    const std::string_view path = url.path();
    return path == "/" || path == "/index.html" || path == "/index.htm" || path == "/index.php";
  };
  return home(*origin.final) && !home(*origin.asked);
}

}  // namespace

std::optional<std::string> WhyBlocked(const Profile& profile, const PageView& page,
                                      const PageOrigin& origin) {
  const std::optional<Url>& asked = origin.asked ? origin.asked : origin.final;
  const bool asked_for_home = asked && IsHome(profile, *asked);
  const auto passes = [&](const PageTest& test) { return Passes(test, page); };
  for (const BlockedTest& blocked : profile.blocked) {
    if (asked_for_home || (blocked.home && !asked)) continue;
    if (std::any_of(blocked.any.begin(), blocked.any.end(), passes) &&
        std::none_of(blocked.none.begin(), blocked.none.end(), passes)) {
      return blocked.reason;
    }
  }
  return std::nullopt;
}

std::optional<std::string> WhyBlocked(const PageView& page, const PageOrigin& origin,
                                      bool has_state) {
  if (page.document == nullptr) return std::nullopt;
  if (origin.asked && origin.final && IsLoginHost(origin.final->host()) &&
      !IsLoginHost(origin.asked->host())) {
    return "被转到登录页（" + std::string(origin.final->host()) + "）";
  }
  if (ContainsAny(page.title, {"登录", "登陆", "登入", "登錄", "login", "log in", "sign in"}) &&
      HasPasswordField(*page.document)) {
    return "返回的是登录页";
  }
  if (ContainsAny(page.title, {"验证码", "安全验证", "人机验证", "访问验证", "身份验证", "滑块",
                               "驗證碼", "captcha", "security check", "just a moment",
                               "access denied", "attention required", "robot check"}) &&
      page.document->root().Text(kShortPage).size() < kShortPage) {
    return "返回的是验证页（要求确认不是机器）";
  }
  if (WentHome(origin)) return "被转到首页，不是所请求的页面";
  const Content content = ContentOf(*page.document);
  if (!has_state && !content.data && content.words < kNoContent * 4 && content.links <= kFewLinks &&
      content.program &&
      ContainsAny(page.document->root().Text(kNoContent * 4),
                  {"enable javascript", "启用javascript", "启用 javascript", "开启javascript",
                   "开启 javascript", "打开javascript", "javascript is disabled",
                   "javascript disabled", "requires javascript"})) {
    return "返回的是空壳：只有脚本，没有内容（可能需要浏览器渲染，也可能被拦截）";
  }
  if (!has_state && content.links <= kNoticeLinks) {
    if (auto why = WhyNotice(*page.document, page.title)) return why;
  }
  if (has_state || content.words >= kNoContent || content.links > kFewLinks || content.data)
    return std::nullopt;
  if (content.refresh) return "返回的页面没有内容，只要求跳转到别处";
  if (content.program)
    return "返回的是空壳：只有脚本，没有内容（可能需要浏览器渲染，也可能被拦截）";
  if (content.words == 0 && content.links == 0 && !content.pictures && page.document->size() < 50)
    return "返回的页面是空的";
  return std::nullopt;
}

}  // namespace cluehound::extractors
