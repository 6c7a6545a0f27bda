#include "triage/capture_view.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/content_coding.h"
#include "base/digest.h"
#include "base/hmac.h"
#include "base/password.h"
#include "base/text.h"
#include "base/text_encoding.h"
#include "base/url.h"
#include "evidence/http_message.h"
#include "triage/media_type.h"

namespace cluehound::triage {
namespace {

constexpr Duration kGrantLife = std::chrono::minutes(10);
constexpr size_t kMaxBody = 16u << 20;  // decoded
// Nothing may run, nothing may be fetched, nothing may be sent; pictures and styles only from within.
constexpr char kPolicy[] =
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; "
    "base-uri 'none'; form-action 'none'";

HttpResponse Refused(int status, const char* text) {
  return {status, "text/plain; charset=utf-8", text, {{"Cache-Control", "no-store"}}, {}};
}

}  // namespace

std::string CaptureView::RandomKey() { return RandomBytes(32); }

std::string CaptureView::Sign(std::string_view text) const { return Hex(HmacSha256(key_, text)); }

std::string CaptureView::Grant(const evidence::CaptureRef& capture) const {
  const std::string text = capture.file + " " + std::to_string(capture.offset) + " " +
                           std::to_string(capture.length) + " " + Hex(capture.sha256) + " " +
                           Hex(capture.sm3) + " " +
                           std::to_string(ToMillis(clock_.Now() + kGrantLife));
  return "/capture?of=" + PercentEncode(text) + "&by=" + Sign(text);
}

std::string CaptureView::OriginFor(const HttpRequest& request) const {
  if (!origin.empty()) return origin;
  const size_t colon = request.host.rfind(':');
  const bool has_port = colon != std::string::npos && !request.host.ends_with(']');
  std::string host = request.host.substr(0, has_port ? colon : request.host.size());
  // It goes into a header: a host that is none gets no frame.
  for (const char c : host) {
    if (!IsAsciiAlnum(c) && std::string_view(".-:[]").find(c) == std::string_view::npos) return "";
  }
  return (request.secure ? "https://" : "http://") + host + ":" + std::to_string(port);
}

HttpResponse CaptureView::Serve(const HttpRequest& request) const {
  const auto of = request.query.find("of"), by = request.query.find("by");
  if (request.method != "GET" || request.path != "/capture" || of == request.query.end() ||
      by == request.query.end() || !EqualInConstantTime(Sign(of->second), by->second))
    return Refused(404, "nothing here");
  const auto parts = SplitAscii(of->second, " ");
  const auto number = [&](size_t i) { return ParseInt(parts[i]).value_or(0); };
  if (parts.size() != 6 || FromMillis(number(5)) < clock_.Now())
    return Refused(403, "链接已过期，请从线索页重新打开。");
  evidence::CaptureRef capture;
  capture.file = parts[0];
  capture.offset = static_cast<uint64_t>(number(1));
  capture.length = static_cast<uint64_t>(number(2));
  const auto digest = [](std::string_view hex, Digest& into) {
    for (size_t i = 0; i < into.size() && i * 2 + 1 < hex.size(); ++i)
      into[i] = static_cast<uint8_t>(std::stoul(std::string(hex.substr(i * 2, 2)), nullptr, 16));
  };
  digest(parts[3], capture.sha256);
  digest(parts[4], capture.sm3);
  const auto page = reader_.ReadPage(capture);
  if (!page.ok()) return Refused(500, "采集记录无法读取。");
  if (page->exchanges.empty()) return Refused(404, "采集记录中没有页面。");
  const evidence::Exchange& exchange = page->exchanges.back();
  const std::string type = evidence::HeaderValue(exchange.header_block, "content-type");
  CodedBody body = DecodeContent(evidence::HeaderValue(exchange.header_block, "content-encoding"),
                                 exchange.coded_body, kMaxBody);
  if (body.status != CodedBody::Status::kOk) return Refused(500, "页面内容无法解码。");
  HttpResponse response;
  response.headers = {{"Cache-Control", "no-store"},
                      {"Content-Security-Policy", kPolicy},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cross-Origin-Resource-Policy", "cross-origin"}};
  const std::string media = MediaTypeOf(body.bytes);
  if (media.starts_with("image/")) {
    response.content_type = media;
    response.body = std::move(body.bytes);
    return response;
  }
  const bool html = ToAsciiLower(type).find("html") != std::string::npos || media == "text/html";
  response.content_type = html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
  response.body = DecodeHtml(body.bytes, type).utf8;
  return response;
}

}  // namespace cluehound::triage
