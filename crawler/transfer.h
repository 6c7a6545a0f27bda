#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/outcome.h"
#include "crawler/address_guard.h"
#include "crawler/ip_address.h"
#include "crawler/proxy.h"
#include "evidence/page.h"

namespace cluehound::crawler {

struct TransferLimits {
  Duration connect = std::chrono::seconds(10);
  Duration total = std::chrono::seconds(60);
  // Slower than this for so long is a drip, not a transfer. Whole seconds.
  size_t low_speed_bytes = 200;  // a second
  Duration low_speed_time = std::chrono::seconds(15);
  // All header blocks of an answer together. Node.js takes 16 KiB, nginx as a proxy 32 KiB, Chrome
  // 256 KiB; libcurl itself gives up at one line of 100 KiB.
  size_t max_header = 64u << 10;
  // In its content coding; the decoded bytes are capped by whoever decodes. Times the pages in
  // flight (64) it is 256 MiB, half of what a crawl may take. BUbiNG takes 2 MB, Nutch 1 MiB.
  size_t max_body = 4u << 20;
  size_t max_idle_connections = 256;
};

struct TransferOptions {
  TransferLimits limits;
  std::string user_agent;  // names the office
  std::string ca_file;     // certificates to trust; empty: the system's
};

struct TransferRequest {
  uint64_t tag = 0;  // the caller's
  std::string url;   // Url::href() of a canonical address
  std::string host;  // Url::host(), port(): `address` is pinned for them
  uint16_t port = 80;
  IpAddress address;  // where to connect, and nowhere else; through a proxy, what it is told to
                      // connect to
  // Asked again about the connected address. Must outlive the Transfers.
  const AddressGuard* guard = nullptr;
  std::string etag;  // for a conditional request; empty: none
  std::string last_modified;
  bool fresh_connection = false;  // do not use an open one (the name has moved)
  std::optional<Proxy> proxy{};   // absent: none
  // The proxy resolves the name and guards addresses: `address` means nothing. Otherwise it is told
  // to connect to `address` (CONNECT, SOCKS), and never learns the name but from the server's
  // answer.
  bool proxy_resolves = false;
  std::string jar;        // whose cookies; empty: none are sent or kept
  bool any_type = false;  // take any media type (sitemaps)
  // robots.txt: any media type, no content coding, and a body that is cut at
  // RobotsRules::kMaxBytes, not refused.
  bool robots = false;
};

struct TransferResult {
  Outcome outcome = Outcome::kOk;  // kOk: an answer came whole, whatever its status
  std::string reason;              // for people, when the outcome is not kOk
  // A kept-alive connection turned out closed when the request was sent on it. Nothing is wrong
  // with the host; the request was not repeated, as that would be a request without pace.
  bool stale_connection = false;
  Duration first_byte{};  // from the request to the first byte of the answer; 0: none came
  // Without a body when no whole answer came; with status 0 when not even its header did.
  evidence::Exchange exchange;
};

// Receives what happens to transfers, on the thread that calls Poll(). Must not call the Transfers
// from Sent().
class TransferListener {
 public:
  virtual ~TransferListener() = default;
  // The connection stands and the request goes out now. Not called when no connection came about.
  virtual void Sent(uint64_t tag) = 0;
  // Once for every Start().
  virtual void Ended(uint64_t tag, TransferResult result) = 0;
};

// Makes HTTP requests: one GET and its answer each, exactly as received. It follows no redirect,
// decodes no content coding, resolves no name (but that of a proxy), and uses proxies and cookies
// only as a request says. Credentials of a proxy are in no record and no message. The only file that
// sees libcurl.
//
// Cookies are kept in memory, in a jar for each name that requests give, by libcurl's rules with
// Debian's public suffix list; a jar of more than 100 is emptied.
//
// libcurl's multi interface with its socket API on epoll: the cost of a step does not grow with the
// number of transfers. Connections are kept alive and reused, but only among requests whose guards
// allow the same addresses, through the same proxy.
//
// Thread-safety: one thread, but Wake() from any (and from signal handlers).
class Transfers {
 public:
  // `clock` dates the exchanges.
  Transfers(TransferOptions options, const Clock& clock, TransferListener& listener);
  ~Transfers();  // ends what is running without telling the listener

  void Start(TransferRequest request);
  // Waits at most `max_wait` for something to happen, and handles it.
  void Poll(Duration max_wait);
  void Wake();
  // Ends all with kCancelled, telling the listener.
  void CancelAll();
  size_t running() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluehound::crawler
