#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace cluehound::evidence {

// Facts of the TLS session, taken during the transfer. Empty for plain http.
struct TlsFacts {
  std::string version;                    // "TLSv1.3"
  std::string cipher;                     // by its IANA name, "TLS_AES_128_GCM_SHA256"
  std::vector<std::string> chain_sha256;  // peer certificate first, hex
};

// One request and the answer to it, exactly as received: the header block raw, the body still in
// its content coding (the transfer coding is taken off by the client library).
struct Exchange {
  std::string url;           // what was asked
  std::string request;       // request line and headers as sent
  int status = 0;            // 0: no answer
  std::string http_version;  // "1.1"
  std::string
      header_block;  // status line to the last header, CRLF line ends, without the empty line
  std::string coded_body;
  std::string peer_address;  // "127.0.0.1"
  uint16_t peer_port = 0;
  TlsFacts tls;
  Instant started{};
  Instant ended{};
};

// One fetched response: the exchanges from the asked address over each redirect to the last answer.
struct Page {
  std::vector<Exchange> exchanges;  // at least one; the last one is the answer

  const Exchange& answer() const { return exchanges.back(); }
  const std::string& asked_url() const { return exchanges.front().url; }
  const std::string& final_url() const { return exchanges.back().url; }
};

// The value of the first header of this name (case-insensitive), trimmed; empty when absent. Works
// on a raw header block, folded lines joined.
std::string HeaderValue(std::string_view header_block, std::string_view name);

// The values of all headers of this name, in order.
std::vector<std::string> HeaderValues(std::string_view header_block, std::string_view name);

// The values of all headers of this name as one list (RFC 9110, 5.3: several lines mean the same as
// one with commas).
std::string HeaderList(std::string_view header_block, std::string_view name);

}  // namespace cluehound::evidence
