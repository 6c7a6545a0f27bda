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
  int links = 0;
  size_t words = 0;  // bytes of them, up to a bound
};

Content ContentOf(const HtmlDocument& document) {
  static const TagId kScript = TagFromName("script");
  static const TagId kBody = TagFromName("body");
  static const TagId kMeta = TagFromName("meta");
  static const TagId kA = TagFromName("a");
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
    } else if (node.tag() == kBody) {
      content.words = node.Text(2 * kNoContent).size();
    }
  }
  return content;
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
  const Content content = ContentOf(*page.document);
  if (has_state || content.words >= kNoContent || content.links > kFewLinks || content.data)
    return std::nullopt;
  if (content.refresh) return "返回的页面没有内容，只要求跳转到别处";
  if (content.program)
    return "返回的是空壳：只有脚本，没有内容（可能需要浏览器渲染，也可能被拦截）";
  return std::nullopt;
}

}  // namespace cluehound::extractors
