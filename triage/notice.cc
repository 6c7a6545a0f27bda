#include "triage/notice.h"

#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/hmac.h"
#include "base/join.h"
#include "base/text.h"
#include "base/url.h"
#include "evidence/warc_digest.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;
using Kind = store::Channel::Kind;

constexpr size_t kMaxWeCom = 4000;   // bytes of markdown; the vendor takes 4096
constexpr size_t kMaxText = 15'000;  // of the others; Feishu takes 20 KB of body

std::string Dump(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Markdown(const Notice& notice) {
  std::string text = "**" + notice.subject + "**\n\n";
  for (const auto& [name, count] : notice.counts)
    text += "- " + name + "：" + std::to_string(count) + "\n";
  if (!notice.text.empty()) text += "\n" + notice.text + "\n";
  if (!notice.link.empty()) text += "\n[打开线索页面](" + notice.link + ")\n";
  return text;
}

std::string Cut(const std::string& text, size_t max) {
  return std::string(TruncateUtf8(text, max));
}

// RFC 2047, in words of at most 75 characters.
std::string EncodedHeader(std::string_view text) {
  std::string encoded;
  while (!text.empty()) {
    const std::string_view piece = TruncateUtf8(text, 42);
    text.remove_prefix(piece.size());
    encoded += (encoded.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + evidence::Base64(piece) + "?=");
    if (piece.empty()) break;
  }
  return encoded;
}

// RFC 5322 3.3, in UTC.
std::string MailDate(Instant at) {
  std::string date = FormatHttpDate(at);
  if (date.ends_with("GMT")) date.replace(date.size() - 3, 3, "+0000");
  return date;
}

}  // namespace

std::string PlainText(const Notice& notice) {
  std::string text = notice.subject + "\n\n";
  for (const auto& [name, count] : notice.counts)
    text += name + "：" + std::to_string(count) + "\n";
  if (!notice.text.empty()) text += "\n" + notice.text + "\n";
  if (!notice.link.empty()) text += "\n打开线索页面：" + notice.link + "\n";
  return text;
}

NoticeRequest RequestFor(const store::Channel& channel, const Notice& notice) {
  NoticeRequest request{channel.target, {"Content-Type: application/json; charset=utf-8"}, ""};
  const std::string seconds = std::to_string(ToMillis(notice.at) / 1000);
  switch (channel.kind) {
    case Kind::kDingTalk: {
      if (!channel.secret.empty()) {
        const std::string millis = std::to_string(ToMillis(notice.at));
        const std::string sign =
            evidence::Base64(HmacSha256(channel.secret, millis + "\n" + channel.secret));
        request.url += (request.url.find('?') == std::string::npos ? "?" : "&") +
                       ("timestamp=" + millis) + "&sign=" + PercentEncode(sign);
      }
      request.body = Dump(Json{
          {"msgtype", "markdown"},
          {"markdown", {{"title", notice.subject}, {"text", Cut(Markdown(notice), kMaxText)}}}});
      return request;
    }
    case Kind::kWeCom:
      request.body = Dump(Json{{"msgtype", "markdown"},
                               {"markdown", {{"content", Cut(Markdown(notice), kMaxWeCom)}}}});
      return request;
    case Kind::kFeishu: {
      Json body;
      if (!channel.secret.empty()) {
        body["timestamp"] = seconds;
        body["sign"] = evidence::Base64(HmacSha256(seconds + "\n" + channel.secret, ""));
      }
      body["msg_type"] = "text";
      body["content"] = {{"text", Cut(PlainText(notice), kMaxText)}};
      request.body = Dump(body);
      return request;
    }
    case Kind::kWebhook:
    case Kind::kMail:
      break;
  }
  Json counts = Json::object();
  for (const auto& [name, count] : notice.counts) counts[name] = count;
  request.body = Dump(Json{{"subject", notice.subject},
                           {"counts", std::move(counts)},
                           {"text", notice.text},
                           {"link", notice.link},
                           {"at", FormatTime(notice.at)}});
  request.headers.push_back("X-Cluehound-Timestamp: " + seconds);
  if (!channel.secret.empty()) {
    request.headers.push_back("X-Cluehound-Signature: sha256=" +
                              Hex(HmacSha256(channel.secret, seconds + "." + request.body)));
  }
  return request;
}

Status CheckAnswer(Kind kind, int status, const std::string& body) {
  if (status < 200 || status > 299)
    return Status::Unavailable("the receiver answered " + std::to_string(status));
  const char* field = kind == Kind::kFeishu                             ? "code"
                      : kind == Kind::kDingTalk || kind == Kind::kWeCom ? "errcode"
                                                                        : nullptr;
  if (field == nullptr) return Status::Ok();
  const Json json = Json::parse(body, nullptr, false);
  // Feishu's older robots say StatusCode.
  if (json.is_object() && kind == Kind::kFeishu && json.value("StatusCode", -1) == 0)
    return Status::Ok();
  if (!json.is_object() || !json.contains(field) || !json[field].is_number_integer())
    return Status::Unavailable("the receiver's answer is not understood");
  const int code = json[field];
  return code == 0 ? Status::Ok()
                   : Status::Unavailable("the receiver refused: code " + std::to_string(code));
}

std::string MailFor(const std::string& from, const std::vector<std::string>& to,
                    const Notice& notice) {
  const std::string body = evidence::Base64(PlainText(notice));
  std::string mail = "From: Cluehound <" + from + ">\r\nTo: " + Join(to, ", ") +
                     "\r\nSubject: " + EncodedHeader(notice.subject) +
                     "\r\nDate: " + MailDate(notice.at) + "\r\nMessage-ID: <" +
                     Hex(RandomBytes(16)) + from.substr(std::min(from.find('@'), from.size())) +
                     ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: "
                     "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  for (size_t at = 0; at < body.size(); at += 76) mail += body.substr(at, 76) + "\r\n";
  return mail;
}

}  // namespace cluehound::triage
