#include "extractors/busy_page.h"

#include <algorithm>
#include <span>

#include "base/text.h"

namespace cluehound::extractors {
namespace {

// Bytes of words up to which a page can be a notice and nothing else, and links that its head and
// foot may have; as for a login page (blocked_page.cc).
constexpr size_t kNotice = 900;
constexpr int kNoticeLinks = 15;

// Compared without regard to ASCII case only: where a sentence may begin with another letter, that letter is left out.
constexpr std::string_view kBusy[] = {
    // Chinese, simplified and traditional
    "系统繁忙", "服务器繁忙", "网络繁忙", "服务繁忙", "系统忙", "服务器忙", "网络拥挤", "网络拥堵",
    "访问人数过多", "访问量过大", "当前人数过多", "太火爆", "挤爆了", "开小差", "网络不给力",
    "系统维护", "正在维护", "维护中", "系统升级", "正在升级", "暂停服务", "服务暂时不可用",
    "服务不可用", "系统异常", "服务器异常", "系统出错", "服务器错误", "服务器开了小差", "系統繁忙",
    "系統忙碌", "伺服器忙碌", "伺服器繁忙", "流量過大", "系統維護", "維護中", "暫停服務",
    // English
    "server is busy", "server busy", "servers are busy", "site is busy", "too busy",
    "service unavailable", "service is unavailable", "service temporarily unavailable",
    "site is temporarily unavailable", "website is temporarily unavailable",
    "server is temporarily unable", "temporarily down", "under maintenance", "down for maintenance",
    "scheduled maintenance", "be right back", "experiencing high", "unusually high traffic",
    "high volume of traffic", "server overload", "bad gateway", "gateway time-out",
    "gateway timeout", "internal server error", "establishing a database connection",
    "too many connections", "too many users",
    // Japanese, Korean
    "アクセスが集中", "混み合って", "混雑して", "メンテナンス中", "ただいまメンテナンス",
    "一時的にご利用", "접속이 지연", "접속자가 많", "서비스 점검", "시스템 점검", "점검 중",
    // German, French, Dutch, Polish
    "wartungsarbeiten", "wartungsmodus", "server ist überlastet", "shop ist vorübergehend nicht",
    "seite ist vorübergehend nicht", "site est momentanément indisponible",
    "site est temporairement indisponible", "service est temporairement indisponible",
    "en cours de maintenance", "site en maintenance", "serveur est surchargé",
    "site is tijdelijk niet beschikbaar", "onderhoudswerkzaamheden", "prace konserwacyjne",
    "przerwa techniczna", "strona jest chwilowo niedostępna", "serwer jest przeciążony",
    // Spanish, Portuguese, Italian
    "en mantenimiento", "servidor está ocupado", "sitio no está disponible temporalmente",
    "servicio no disponible", "em manutenção", "servidor está ocupado", "site está temporariamente",
    "serviço indisponível", "in manutenzione", "sito è temporaneamente non",
    "servizio non disponibile",
    // Russian, Vietnamese, Thai
    "ехнические работы", "ехнических работ", "айт временно недоступен", "ервер перегружен",
    "ервис временно недоступен", "ang bảo trì", "hệ thống bận", "máy chủ bận", "ปิดปรับปรุง",
    "ระบบไม่ว่าง"};

// Says something of goods or of an address: an answer, however short.
constexpr std::string_view kAnswers[] = {"下架",
                                         "已删除",
                                         "不存在",
                                         "售罄",
                                         "缺货",
                                         "无货",
                                         "没有找到",
                                         "未找到",
                                         "找不到",
                                         "暂无",
                                         "没有相关",
                                         "没有符合",
                                         "缺貨",
                                         "售完",
                                         "沒有找到",
                                         "sold out",
                                         "out of stock",
                                         "not found",
                                         "no longer available",
                                         "no results",
                                         "no products",
                                         "0 results",
                                         "在庫切れ",
                                         "売り切れ",
                                         "품절",
                                         "ausverkauft",
                                         "nicht gefunden",
                                         "puisé",
                                         "introuvable",
                                         "agotado",
                                         "esgotado",
                                         "esaurito",
                                         "uitverkocht",
                                         "wyprzedan",
                                         "нет в наличии",
                                         "hết hàng"};

bool ContainsAny(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return FindIgnoreAsciiCase(text, word) != std::string_view::npos;
  });
}

bool HasManyLinks(const HtmlDocument& document) {
  static const TagId kA = TagFromName("a");
  int links = 0;
  for (uint32_t i = 0; i < document.size() && links <= kNoticeLinks; ++i) {
    if (document.node(i).Is(kA)) ++links;
  }
  return links > kNoticeLinks;
}

}  // namespace

std::optional<std::string> WhyBusy(std::string_view words) {
  if (words.size() > kNotice || !ContainsAny(words, kBusy) || ContainsAny(words, kAnswers))
    return std::nullopt;
  return "服务器暂时繁忙或维护中，稍后再试";
}

std::optional<std::string> WhyBusy(const HtmlDocument& document, std::string_view title) {
  std::string words = document.root().Text(kNotice);
  if (words.size() + title.size() + 8 > kNotice || HasManyLinks(document)) return std::nullopt;
  words += ' ';
  words += title;
  return WhyBusy(words);
}

}  // namespace cluehound::extractors
