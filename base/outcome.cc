#include "base/outcome.h"

namespace cluehound {
namespace {

constexpr OutcomeInfo kOutcomes[] = {
    {Outcome::kOk, "ok", "正常", false},
    {Outcome::kNotModified, "not_modified", "未变化", false},
    {Outcome::kGone, "gone", "页面不存在", false},
    {Outcome::kClientError, "client_error", "请求被拒绝", false},
    {Outcome::kServerError, "server_error", "服务器错误", true},
    {Outcome::kRateLimited, "rate_limited", "被要求降低频率", true},
    {Outcome::kRobotsRefused, "robots_refused", "robots 协议不允许", false},
    {Outcome::kRobotsUnreachable, "robots_unreachable", "robots.txt 暂不可得", true},
    {Outcome::kDnsFailed, "dns_failed", "域名解析失败", true},
    {Outcome::kConnectFailed, "connect_failed", "连接失败", true},
    {Outcome::kTlsFailed, "tls_failed", "证书或加密失败", true},
    {Outcome::kTimeout, "timeout", "超时", true},
    {Outcome::kDropped, "dropped", "连接中断", true},
    {Outcome::kBadResponse, "bad_response", "应答不合规", true},
    {Outcome::kHeaderTooLarge, "header_too_large", "应答头过大", false},
    {Outcome::kBodyTooLarge, "body_too_large", "页面过大", false},
    {Outcome::kTooManyRedirects, "too_many_redirects", "跳转过多", false},
    {Outcome::kBadRedirect, "bad_redirect", "跳转地址无效", false},
    {Outcome::kAddressRefused, "address_refused", "内网地址已拒绝", false},
    {Outcome::kOutOfScope, "out_of_scope", "跳出采集范围", false},
    {Outcome::kNotHtml, "not_html", "不是网页", false},
    {Outcome::kBlocked, "blocked", "被拦截（登录页、空壳或首页）", false},
    {Outcome::kTooDeep, "too_deep", "嵌套过深", false},
    {Outcome::kTooCostly, "too_costly", "解析开销过大", false},
    {Outcome::kCancelled, "cancelled", "已中止", true},
    {Outcome::kBusy, "busy", "服务器繁忙或维护中", true},
};

}  // namespace

std::span<const OutcomeInfo> AllOutcomes() { return kOutcomes; }

const OutcomeInfo& Info(Outcome outcome) { return kOutcomes[static_cast<size_t>(outcome) - 1]; }

std::optional<Outcome> OutcomeFromNumber(int number) {
  if (number < 1 || number > static_cast<int>(std::size(kOutcomes))) return std::nullopt;
  return static_cast<Outcome>(number);
}

}  // namespace cluehound
