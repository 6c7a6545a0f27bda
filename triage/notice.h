#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "store/office_records.h"

namespace cluehound::triage {

// What a notice says: counts and a link, never a lead. People look at the page; a notice only reminds.
struct Notice {
  std::string subject;                                   // "Cluehound 今日线索 2026-11-28"
  std::vector<std::pair<std::string, uint64_t>> counts;  // "待研判", 12
  std::string text;                                      // one sentence more; may be empty
  std::string link;                                      // of the page; empty: not configured
  Instant at{};
};

// A request that carries a notice to a channel that is not mail.
struct NoticeRequest {
  std::string url;
  std::vector<std::string> headers;  // "A: b"
  std::string body;                  // JSON
};

// As the vendors of 2026 have it: DingTalk signs its address with Base64(HMAC-SHA256(secret, "time\nsecret")),
// Feishu its body with the HMAC of nothing under "time\nsecret", WeCom nothing; ours signs "time.body"
// (X-Cluehound-Signature: sha256=HEX). Cut to what each takes: 4096 bytes of markdown at WeCom, 20 KB at
// Feishu.
NoticeRequest RequestFor(const store::Channel& channel, const Notice& notice);

// Ok when the answer says that it was taken: robots answer 200 to everything and an error code in the body.
Status CheckAnswer(store::Channel::Kind kind, int status, const std::string& body);

// A whole message, RFC 5322, for the addresses in `to`.
std::string MailFor(const std::string& from, const std::vector<std::string>& to,
                    const Notice& notice);

std::string PlainText(const Notice& notice);

}  // namespace cluehound::triage
