#pragma once

#include <string>

#include "base/content_coding.h"
#include "evidence/page.h"

namespace cluehound::evidence {

// A page behind one redirect, with every field set.
inline Page SamplePage(int number = 1, size_t filler = 0) {
  const std::string path = "/item/" + std::to_string(number) + ".html";
  std::string html = "<!doctype html><title>示例商品 " + std::to_string(number) + "</title>";
  uint32_t state = static_cast<uint32_t>(number);
  for (size_t i = 0; i < filler; ++i) {
    state = state * 1664525u + 1013904223u;
    html += static_cast<char>('!' + (state >> 24) % 90);
  }
  Exchange redirect;
  redirect.url = "http://shop.example" + path;
  redirect.request =
      "GET " + path +
      " HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: Cluehound/0.1 (+office@example)\r\n";
  redirect.status = 301;
  redirect.http_version = "1.1";
  redirect.header_block = "HTTP/1.1 301 Moved Permanently\r\nLocation: https://shop.example" +
                          path + "\r\nContent-Length: 0\r\n";
  redirect.peer_address = "192.0.2.7";
  redirect.peer_port = 80;
  redirect.started = FromMillis(1795307400250 + number);
  redirect.ended = redirect.started + Duration(31);

  Exchange answer = redirect;
  answer.url = "https://shop.example" + path;
  answer.status = 200;
  answer.header_block =
      "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
      "Transfer-Encoding: chunked\r\nSet-Cookie: a=b\r\n";
  answer.coded_body = GzipCompress(html, 6);
  answer.peer_port = 443;
  answer.tls = {"TLSv1.3", "TLS_AES_128_GCM_SHA256", {std::string(64, 'a'), std::string(64, 'b')}};
  answer.started = redirect.ended;
  answer.ended = answer.started + Duration(120);
  return Page{{redirect, answer}};
}

inline bool SameExchange(const Exchange& a, const Exchange& b) {
  return a.url == b.url && a.request == b.request && a.status == b.status &&
         a.http_version == b.http_version && a.header_block == b.header_block &&
         a.coded_body == b.coded_body && a.peer_address == b.peer_address &&
         a.peer_port == b.peer_port && a.tls.version == b.tls.version &&
         a.tls.cipher == b.tls.cipher && a.tls.chain_sha256 == b.tls.chain_sha256 &&
         a.started == b.started && a.ended == b.ended;
}

inline bool SamePage(const Page& a, const Page& b) {
  return std::equal(a.exchanges.begin(), a.exchanges.end(), b.exchanges.begin(), b.exchanges.end(),
                    SameExchange);
}

}  // namespace cluehound::evidence
