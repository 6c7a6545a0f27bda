#include "crawler/transfer.h"

#include <curl/curl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/content_coding.h"
#include "base/text.h"
#include "crawler/robots.h"
#include "crawler/tls_facts.h"

namespace cluehound::crawler {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using Multi = std::unique_ptr<CURLM, MultiDeleter>;
struct ShareDeleter {
  void operator()(CURLSH* share) const { curl_share_cleanup(share); }
};
using List = std::unique_ptr<curl_slist, ListDeleter>;
using Share = std::unique_ptr<CURLSH, ShareDeleter>;

void Append(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  list.release();
  list.reset(longer);
}

// Bytes that libcurl reads at once. A page of 36 kB in one or two calls of recv instead of three.
constexpr long kReadBuffer = 64 * 1024;
// A Content-Length is a claim: no more than this is set aside for it in advance.
constexpr size_t kMaxReserve = 256 * 1024;
constexpr int kMaxEvents = 256;
constexpr uint64_t kWakeMark = ~uint64_t{0};

void GlobalInit() {
  static const bool done = [] {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
      throw std::runtime_error("libcurl cannot be initialised");
    }
    // With NOSIGNAL libcurl leaves this to the program; a peer that closes early must not end it.
    std::signal(SIGPIPE, SIG_IGN);
    return true;
  }();
  static_cast<void>(done);
}

// What chunk framing may add to a body: some servers send a byte at a time, but not for ever.
constexpr size_t kMaxFraming = 4;

// libcurl's words for a proxy that answers CONNECT with something else than 200.
constexpr char kTunnelFailed[] = "CONNECT tunnel failed";

constexpr int kMaxCookies = 100;  // in a jar; a site that sets more is not like a shop

// Media that no page reader reads; such an answer is ended at its header.
bool IsNoPage(std::string_view content_type) {
  const std::string type = ToAsciiLower(TrimAscii(content_type.substr(0, content_type.find(';'))));
  for (const char* prefix : {"image/", "video/", "audio/", "font/"}) {
    if (type.starts_with(prefix)) return true;
  }
  return type == "application/pdf" || type == "application/zip" || type == "application/gzip" ||
         type == "application/octet-stream" || type == "application/x-shockwave-flash";
}

// One transfer: the handle and everything that its callbacks write. Recycled with its handle.
struct Job {
  Easy easy;
  TransferRequest request;
  TransferResult result;
  List headers;  // beyond the common ones
  List resolve;
  List connect_to;
  size_t header_bytes = 0;
  size_t raw_bytes = 0;      // everything that came in, chunk framing included
  bool header_done = false;  // of the final answer
  int sent = 0;
  // Why one of our callbacks ended the transfer; kOk: none did.
  Outcome stopped = Outcome::kOk;
  bool truncated = false;
  const TransferLimits* limits = nullptr;
  TransferListener* listener = nullptr;
  char error[CURL_ERROR_SIZE] = "";

  size_t Stop(Outcome outcome, std::string reason) {
    stopped = outcome;
    result.reason = std::move(reason);
    return 0;  // a short count makes libcurl end the transfer
  }
};

// The only place where libcurl's codes are read.
Outcome FromCurl(CURLcode code, const Job& job) {
  if (job.stopped != Outcome::kOk) return job.stopped;
  switch (code) {
    case CURLE_OK:
      // libcurl is content with a header that breaks off.
      return job.header_done ? Outcome::kOk : Outcome::kDropped;
    case CURLE_WRITE_ERROR:
      return job.truncated ? Outcome::kOk : Outcome::kBadResponse;
    case CURLE_COULDNT_RESOLVE_HOST:
      return Outcome::kDnsFailed;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return Outcome::kConnectFailed;
    case CURLE_OPERATION_TIMEDOUT:
      return Outcome::kTimeout;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
      return Outcome::kDropped;
    case CURLE_RECV_ERROR:
      // Both the socket's errors and a broken chunk come with this code; only the text tells.
      if (std::strstr(job.error, kTunnelFailed) != nullptr) return Outcome::kConnectFailed;
      return std::strstr(job.error, "chunk") != nullptr ? Outcome::kBadResponse : Outcome::kDropped;
    case CURLE_OUT_OF_MEMORY:
      // One header line beyond libcurl's own limit of 100 KiB.
      return job.header_done ? Outcome::kBodyTooLarge : Outcome::kHeaderTooLarge;
    case CURLE_FILESIZE_EXCEEDED:
      return Outcome::kBodyTooLarge;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return Outcome::kTlsFailed;
    default:  // HTTP/0.9, headers that are none, and what is left
      return Outcome::kBadResponse;
  }
}

// Why the length of this answer cannot be told; empty when it can. RFC 9112 6.3: lengths that
// disagree are not to be repaired, as what one reader takes for the body the next takes for an
// answer.
std::string FramingFault(const std::string& header_block) {
  const std::string lengths = evidence::HeaderList(header_block, "Content-Length");
  const std::vector<std::string_view> values = SplitAscii(lengths, ", \t");
  for (const std::string_view value : values) {
    if (value != values.front())
      return "says two lengths, " + ToValidUtf8(TruncateUtf8(lengths, 100));
    if (ParseInt(value).value_or(-1) < 0)
      return "says no length, " + ToValidUtf8(TruncateUtf8(lengths, 100));
  }
  const std::string codings = evidence::HeaderList(header_block, "Transfer-Encoding");
  for (const std::string_view coding : SplitAscii(codings, ", \t")) {
    if (EqualsIgnoreAsciiCase(coding, "chunked") || EqualsIgnoreAsciiCase(coding, "identity")) {
      continue;
    }
    return "transfer coding " + ToValidUtf8(TruncateUtf8(codings, 100)) +
           ", which nobody asked for";
  }
  return "";
}

size_t OnHeader(char* data, size_t size, size_t count, void* user) {
  Job& job = *static_cast<Job*>(user);
  const std::string_view line(data, size * count);
  job.header_bytes += line.size();
  if (job.header_bytes > job.limits->max_header) {
    return job.Stop(Outcome::kHeaderTooLarge,
                    "header of more than " + std::to_string(job.limits->max_header) + " bytes");
  }
  if (job.header_done) return line.size();  // a trailer
  std::string& block = job.result.exchange.header_block;
  if (line != "\r\n" && line != "\n") {
    block.append(line);
    return line.size();
  }
  long status = 0;
  curl_easy_getinfo(job.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status == 101) {  // what follows would not be HTTP
    return job.Stop(Outcome::kBadResponse, "101 Switching Protocols, which nobody asked for");
  }
  if (status < 200) {  // an interim answer; the real one follows
    block.clear();
    return line.size();
  }
  if (std::string fault = FramingFault(block); !fault.empty()) {
    return job.Stop(Outcome::kBadResponse, std::move(fault));
  }
  if (!evidence::HeaderValue(block, "Transfer-Encoding").empty() &&
      !evidence::HeaderValue(block, "Content-Length").empty()) {
    // RFC 9112 6.1: chunks win, and the connection is not used again.
    curl_easy_setopt(job.easy.get(), CURLOPT_FORBID_REUSE, 1L);
  }
  job.header_done = true;
  if (job.request.url.starts_with("https:")) {
    curl_tlssessioninfo* tls = nullptr;
    if (curl_easy_getinfo(job.easy.get(), CURLINFO_TLS_SSL_PTR, &tls) == CURLE_OK &&
        tls != nullptr && tls->backend == CURLSSLBACKEND_OPENSSL) {
      job.result.exchange.tls = ReadTlsFacts(tls->internals);
    }
  }
  if (job.request.robots) return line.size();
  const std::string type = evidence::HeaderValue(block, "Content-Type");
  if (status / 100 == 2 && !job.request.any_type && IsNoPage(type)) {
    return job.Stop(Outcome::kNotHtml, "content type " + std::string(TruncateUtf8(type, 100)));
  }
  curl_off_t length = -1;
  curl_easy_getinfo(job.easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (length > static_cast<curl_off_t>(job.limits->max_body)) {
    return job.Stop(Outcome::kBodyTooLarge, "announces " + std::to_string(length) + " bytes");
  }
  if (length > 0) {
    job.result.exchange.coded_body.reserve(std::min(static_cast<size_t>(length), kMaxReserve));
  }
  return line.size();
}

size_t OnBody(char* data, size_t size, size_t count, void* user) {
  Job& job = *static_cast<Job*>(user);
  std::string& body = job.result.exchange.coded_body;
  const size_t length = size * count;
  if (job.request.robots) {
    const size_t room = RobotsRules::kMaxBytes - body.size();
    body.append(data, std::min(length, room));
    job.truncated = length > room;
    return job.truncated ? 0 : length;
  }
  if (body.size() + length > job.limits->max_body) {
    return job.Stop(Outcome::kBodyTooLarge,
                    "body of more than " + std::to_string(job.limits->max_body) + " bytes");
  }
  body.append(data, length);
  return length;
}

// What goes to the proxy alone is no part of the request, and may hold its password.
std::string WithoutProxyPart(std::string_view head) {
  if (head.starts_with("CONNECT ")) return "";
  std::string kept(head);
  const size_t secret = FindIgnoreAsciiCase(kept, "\r\nproxy-authorization:");
  if (secret != std::string::npos) kept.erase(secret, kept.find("\r\n", secret + 2) - secret);
  return kept;
}

// The request exactly as it went out; and what comes in, before anything is made of it.
int OnDebug(CURL*, curl_infotype type, char* data, size_t size, void* user) {
  Job& job = *static_cast<Job*>(user);
  if (type == CURLINFO_HEADER_OUT) {
    const std::string_view head(data, size);
    job.result.exchange.request += job.request.proxy ? WithoutProxyPart(head) : std::string(head);
  } else if (type == CURLINFO_HEADER_IN || type == CURLINFO_DATA_IN) {
    job.raw_bytes += size;
  }
  return 0;
}

// Ends what brings bytes without end and never a body: chunks of one byte, endless chunk names.
int OnProgress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  Job& job = *static_cast<Job*>(user);
  if (job.raw_bytes <= job.limits->max_body * kMaxFraming + job.limits->max_header) return 0;
  job.Stop(Outcome::kBadResponse, "more chunk framing than body");
  return 1;
}

// The connection stands, new or reused: the last word on where it leads.
int OnPrerequest(void* user, char* peer, char*, int port, int) {
  Job& job = *static_cast<Job*>(user);
  if (++job.sent > 1) {  // libcurl would silently ask again after a dead connection
    job.result.stale_connection = true;
    job.Stop(Outcome::kDropped, "connection closed before an answer came");
    return CURL_PREREQFUNC_ABORT;
  }
  if (job.request.proxy) {  // the peer is the proxy; where it leads is what it was told
    if (!job.request.proxy_resolves) {
      job.result.exchange.peer_address = job.request.address.ToString();
      job.result.exchange.peer_port = job.request.port;
    }
    job.listener->Sent(job.request.tag);
    return CURL_PREREQFUNC_OK;
  }
  const auto address = IpAddress::Parse(peer);
  if (!address || !job.request.guard->Allows(*address)) {
    job.Stop(Outcome::kAddressRefused,
             address ? job.request.guard->Refusal(*address) : "peer without an internet address");
    return CURL_PREREQFUNC_ABORT;
  }
  job.result.exchange.peer_address = peer;
  job.result.exchange.peer_port = static_cast<uint16_t>(port);
  job.listener->Sent(job.request.tag);
  return CURL_PREREQFUNC_OK;
}

// A new connection is about to be made. That to a proxy goes where the configuration says.
curl_socket_t OnOpenSocket(void* user, curlsocktype, curl_sockaddr* target) {
  Job& job = *static_cast<Job*>(user);
  if (job.request.proxy) {
    return socket(target->family, target->socktype | SOCK_CLOEXEC, target->protocol);
  }
  const auto address = IpAddress::FromSockaddr(&target->addr);
  if (!address || !job.request.guard->Allows(*address)) {
    job.Stop(Outcome::kAddressRefused,
             address ? job.request.guard->Refusal(*address) : "not an internet address");
    return CURL_SOCKET_BAD;
  }
  if (*address != job.request.address) {  // libcurl must not have looked for one of its own
    job.Stop(Outcome::kAddressRefused,
             address->ToString() + " is not the address that was checked");
    return CURL_SOCKET_BAD;
  }
  return socket(target->family, target->socktype | SOCK_CLOEXEC, target->protocol);
}

}  // namespace

class Transfers::Impl {
 public:
  Impl(TransferOptions options, const Clock& clock, TransferListener& listener);
  ~Impl();

  void Start(TransferRequest request);
  void Poll(Duration max_wait);
  void Wake();
  void CancelAll();
  size_t running() const { return running_.size(); }

 private:
  // The connections of one set of allowed addresses.
  struct Pool {
    Multi multi;
    uint64_t index = 0;
    int epoll = -1;
    std::optional<SteadyTime> deadline;  // when libcurl wants to be called without an event
  };

  static int OnSocket(CURL*, curl_socket_t socket, int what, void* user, void* known);
  static int OnTimer(CURLM*, long milliseconds, void* user);

  Pool& PoolFor(const TransferRequest& request);
  CURLSH* JarOf(const std::string& name);
  void PrepareRoute(Job& job);
  void BoundJar(CURL* easy);
  std::unique_ptr<Job> NewJob();
  std::unique_ptr<Job> TakeJob(const TransferRequest& request);
  void Prepare(Job& job);
  int WaitMillis(Duration max_wait) const;
  bool RunTimers();
  bool Collect(Pool& pool);
  void End(Pool& pool, CURL* easy, CURLcode code);

  TransferOptions options_;
  const Clock& clock_;
  TransferListener& listener_;
  int epoll_ = -1;
  int wake_ = -1;
  std::atomic<bool> wake_pending_{false};
  List page_headers_;
  List robots_headers_;
  std::vector<std::unique_ptr<Pool>> pools_;
  std::unordered_map<std::string, Pool*> pool_of_key_;  // guard and proxy
  std::unordered_map<std::string, Share> jars_;         // outlive the handles that use them
  std::unordered_map<CURL*, std::pair<std::unique_ptr<Job>, Pool*>> running_;
  std::vector<std::unique_ptr<Job>> idle_;
};

Transfers::Impl::Impl(TransferOptions options, const Clock& clock, TransferListener& listener)
    : options_(std::move(options)), clock_(clock), listener_(listener) {
  GlobalInit();
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (epoll_ < 0 || wake_ < 0) throw std::runtime_error("epoll or eventfd is not to be had");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kWakeMark;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event);
  Append(page_headers_, "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
  Append(page_headers_, "Accept-Language: zh-CN,zh;q=0.9,en;q=0.5");
  Append(page_headers_, "Accept-Encoding: " + std::string(kAcceptEncoding));
  Append(robots_headers_, "Accept: text/plain,*/*;q=0.8");
  Append(robots_headers_, "Accept-Encoding: identity");
}

Transfers::Impl::~Impl() {
  for (auto& [easy, entry] : running_) curl_multi_remove_handle(entry.second->multi.get(), easy);
  running_.clear();
  idle_.clear();
  pools_.clear();  // closes connections, which still speaks to epoll
  close(wake_);
  close(epoll_);
}

int Transfers::Impl::OnSocket(CURL*, curl_socket_t socket, int what, void* user, void* known) {
  Pool& pool = *static_cast<Pool*>(user);
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(pool.epoll, EPOLL_CTL_DEL, socket, nullptr);
    return 0;
  }
  epoll_event event{};
  if (what & CURL_POLL_IN) event.events |= EPOLLIN;
  if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
  event.data.u64 = pool.index << 32 | static_cast<uint32_t>(socket);
  if (known != nullptr) {
    epoll_ctl(pool.epoll, EPOLL_CTL_MOD, socket, &event);
  } else {
    epoll_ctl(pool.epoll, EPOLL_CTL_ADD, socket, &event);
    curl_multi_assign(pool.multi.get(), socket, &pool);
  }
  return 0;
}

int Transfers::Impl::OnTimer(CURLM*, long milliseconds, void* user) {
  Pool& pool = *static_cast<Pool*>(user);
  if (milliseconds < 0) {
    pool.deadline.reset();
  } else {
    pool.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  }
  return 0;
}

Transfers::Impl::Pool& Transfers::Impl::PoolFor(const TransferRequest& request) {
  std::string key = request.guard->key();
  if (request.proxy) {
    for (const std::string& part :
         {request.proxy->address, request.proxy->user, request.proxy->password}) {
      key += "\n" + part;
    }
  }
  Pool*& known = pool_of_key_[key];
  if (known != nullptr) return *known;
  auto pool = std::make_unique<Pool>();
  pool->index = pools_.size();
  pool->epoll = epoll_;
  pool->multi.reset(curl_multi_init());
  CURLM* multi = pool->multi.get();
  if (multi == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &OnSocket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, pool.get());
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &OnTimer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, pool.get());
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS,
                    static_cast<long>(options_.limits.max_idle_connections));
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  pools_.push_back(std::move(pool));
  known = pools_.back().get();
  return *known;
}

std::unique_ptr<Job> Transfers::Impl::NewJob() {
  auto job = std::make_unique<Job>();
  job->easy.reset(curl_easy_init());
  CURL* easy = job->easy.get();
  if (easy == nullptr) throw std::bad_alloc();
  job->limits = &options_.limits;
  job->listener = &listener_;
  const TransferLimits& limits = options_.limits;
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kReadBuffer);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total.count()));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(limits.low_speed_bytes));
  curl_easy_setopt(
      easy, CURLOPT_LOW_SPEED_TIME,
      static_cast<long>(std::chrono::ceil<std::chrono::seconds>(limits.low_speed_time).count()));
  if (!options_.ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, job->error);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &OnHeader);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, job.get());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, job.get());
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &OnPrerequest);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, job.get());
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &OnOpenSocket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, job.get());
  curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, &OnDebug);
  curl_easy_setopt(easy, CURLOPT_DEBUGDATA, job.get());
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &OnProgress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, job.get());
  return job;
}

// Sets what differs from one request to the next.
void Transfers::Impl::Prepare(Job& job) {
  CURL* easy = job.easy.get();
  const TransferRequest& request = job.request;
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request.fresh_connection ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 0L);

  const List& common = request.robots ? robots_headers_ : page_headers_;
  job.headers.reset();
  if (!request.etag.empty() || !request.last_modified.empty()) {
    for (const curl_slist* item = common.get(); item != nullptr; item = item->next) {
      Append(job.headers, item->data);
    }
    if (!request.etag.empty()) Append(job.headers, "If-None-Match: " + request.etag);
    if (!request.last_modified.empty()) {
      Append(job.headers, "If-Modified-Since: " + request.last_modified);
    }
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, job.headers ? job.headers.get() : common.get());

  PrepareRoute(job);
}

// Where the connection goes: the address that was checked, on our own or through a proxy.
void Transfers::Impl::PrepareRoute(Job& job) {
  CURL* easy = job.easy.get();
  const TransferRequest& request = job.request;
  const std::optional<Proxy>& proxy = request.proxy;
  const std::string address =
      request.address.is_v4() ? request.address.ToString() : "[" + request.address.ToString() + "]";
  const std::string port = std::to_string(request.port);
  job.resolve.reset();
  job.connect_to.reset();
  if (proxy && !request.proxy_resolves) {
    Append(job.connect_to, "::" + address + ":" + port);  // whatever the host, that address
  } else if (!proxy && !IpAddress::Parse(request.host)) {
    // "+": forgotten in time, so that libcurl's table does not grow with every host.
    Append(job.resolve, "+" + request.host + ":" + port + ":" + address);
  }
  const auto text = [](const std::string& value) {
    return value.empty() ? nullptr : value.c_str();
  };
  curl_easy_setopt(easy, CURLOPT_RESOLVE, job.resolve.get());
  curl_easy_setopt(easy, CURLOPT_CONNECT_TO, job.connect_to.get());
  curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, job.connect_to ? 1L : 0L);
  // "": not even one from the environment.
  curl_easy_setopt(easy, CURLOPT_PROXY, proxy ? proxy->address.c_str() : "");
  curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, proxy ? text(proxy->user) : nullptr);
  curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, proxy ? text(proxy->password) : nullptr);
}

CURLSH* Transfers::Impl::JarOf(const std::string& name) {
  Share& jar = jars_[name];
  if (!jar) {
    jar.reset(curl_share_init());
    if (!jar) throw std::bad_alloc();
    curl_share_setopt(jar.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
  }
  return jar.get();
}

void Transfers::Impl::BoundJar(CURL* easy) {
  curl_slist* cookies = nullptr;
  curl_easy_getinfo(easy, CURLINFO_COOKIELIST, &cookies);
  const List owner(cookies);
  int count = 0;
  for (const curl_slist* item = cookies; item != nullptr; item = item->next) ++count;
  if (count > kMaxCookies) curl_easy_setopt(easy, CURLOPT_COOKIELIST, "ALL");
}

// A handle that once had a jar is not used again: its cookie engine could not be told to stop.
std::unique_ptr<Job> Transfers::Impl::TakeJob(const TransferRequest& request) {
  if (!request.jar.empty()) {
    std::unique_ptr<Job> job = NewJob();
    curl_easy_setopt(job->easy.get(), CURLOPT_SHARE, JarOf(request.jar));
    curl_easy_setopt(job->easy.get(), CURLOPT_COOKIEFILE, "");  // starts the engine, reads nothing
    return job;
  }
  if (idle_.empty()) return NewJob();
  std::unique_ptr<Job> job = std::move(idle_.back());
  idle_.pop_back();
  return job;
}

void Transfers::Impl::Start(TransferRequest request) {
  std::unique_ptr<Job> job = TakeJob(request);
  job->request = std::move(request);
  job->result = TransferResult();
  job->header_bytes = 0;
  job->raw_bytes = 0;
  job->header_done = false;
  job->sent = 0;
  job->stopped = Outcome::kOk;
  job->truncated = false;
  job->error[0] = '\0';
  job->result.exchange.url = job->request.url;
  job->result.exchange.started = clock_.Now();
  Prepare(*job);
  Pool& pool = PoolFor(job->request);
  CURL* easy = job->easy.get();
  running_[easy] = {std::move(job), &pool};
  curl_multi_add_handle(pool.multi.get(), easy);
}

int Transfers::Impl::WaitMillis(Duration max_wait) const {
  auto wait = std::max(max_wait, Duration::zero());
  const SteadyTime now = std::chrono::steady_clock::now();
  for (const auto& pool : pools_) {
    if (!pool->deadline) continue;
    wait = std::min(wait,
                    std::max(std::chrono::ceil<Duration>(*pool->deadline - now), Duration::zero()));
  }
  return static_cast<int>(std::min<Duration::rep>(wait.count(), 60'000));
}

bool Transfers::Impl::RunTimers() {
  bool ended = false;
  for (size_t i = 0; i < pools_.size(); ++i) {
    Pool& pool = *pools_[i];
    if (!pool.deadline || *pool.deadline > std::chrono::steady_clock::now()) continue;
    pool.deadline.reset();
    int still_running = 0;
    curl_multi_socket_action(pool.multi.get(), CURL_SOCKET_TIMEOUT, 0, &still_running);
    ended |= Collect(pool);
  }
  return ended;
}

void Transfers::Impl::Poll(Duration max_wait) {
  if (RunTimers()) return;
  epoll_event events[kMaxEvents];
  const int count = epoll_wait(epoll_, events, kMaxEvents, WaitMillis(max_wait));
  for (int i = 0; i < count; ++i) {
    if (events[i].data.u64 == kWakeMark) {
      // Read before the note is taken back: a wake in between would be read away, and with the note
      // still standing all later ones would be left out.
      uint64_t drained = 0;
      [[maybe_unused]] const ssize_t n = read(wake_, &drained, sizeof(drained));
      wake_pending_.store(false);
      continue;
    }
    Pool& pool = *pools_[events[i].data.u64 >> 32];
    const auto socket = static_cast<curl_socket_t>(events[i].data.u64 & 0xFFFFFFFF);
    int mask = 0;
    if (events[i].events & EPOLLIN) mask |= CURL_CSELECT_IN;
    if (events[i].events & EPOLLOUT) mask |= CURL_CSELECT_OUT;
    if (events[i].events & (EPOLLERR | EPOLLHUP)) mask |= CURL_CSELECT_ERR;
    int still_running = 0;
    curl_multi_socket_action(pool.multi.get(), socket, mask, &still_running);
    Collect(pool);
  }
  RunTimers();
}

bool Transfers::Impl::Collect(Pool& pool) {
  bool any = false;
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(pool.multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    any = true;
    End(pool, message->easy_handle, message->data.result);
  }
  return any;
}

void Transfers::Impl::End(Pool& pool, CURL* easy, CURLcode code) {
  const auto it = running_.find(easy);
  std::unique_ptr<Job> job = std::move(it->second.first);
  running_.erase(it);
  curl_multi_remove_handle(pool.multi.get(), easy);
  TransferResult& result = job->result;
  evidence::Exchange& exchange = result.exchange;
  exchange.ended = clock_.Now();
  result.outcome = FromCurl(code, *job);
  if (result.outcome != Outcome::kOk && result.reason.empty()) {
    result.reason = code == CURLE_OK        ? "connection closed inside the header"
                    : job->error[0] != '\0' ? job->error
                                            : curl_easy_strerror(code);
  }
  long number = 0;
  if (job->header_done && curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &number) == CURLE_OK) {
    exchange.status = static_cast<int>(number);
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &number);
    exchange.http_version = number == CURL_HTTP_VERSION_1_0 ? "1.0" : "1.1";
    curl_off_t sent = 0, first = 0;  // microseconds from the start
    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
    curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first);
    result.first_byte = Duration(std::max<curl_off_t>(first - sent, 0) / 1000);
  }
  if (job->request.proxy && result.outcome == Outcome::kConnectFailed) {
    result.reason = "through the proxy " + job->request.proxy->address + ": " + result.reason;
    if (job->connect_to && std::strstr(job->error, kTunnelFailed) != nullptr) {
      result.reason += "; let the proxy CONNECT to port " + std::to_string(job->request.port) +
                       ", or write proxy_enforces_addresses: true if it refuses private addresses "
                       "itself";
    }
  }
  if (!job->request.jar.empty()) BoundJar(easy);
  if (result.outcome != Outcome::kOk) std::string().swap(exchange.coded_body);
  const uint64_t tag = job->request.tag;
  TransferResult finished = std::move(job->result);
  if (job->request.jar.empty()) idle_.push_back(std::move(job));
  listener_.Ended(tag, std::move(finished));
}

void Transfers::Impl::CancelAll() {
  while (!running_.empty()) {
    auto& [easy, entry] = *running_.begin();
    entry.first->Stop(Outcome::kCancelled, "the program was told to stop");
    End(*entry.second, easy, CURLE_ABORTED_BY_CALLBACK);
  }
}

void Transfers::Impl::Wake() {
  if (wake_pending_.exchange(true)) return;  // one that is not yet read serves all
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = write(wake_, &one, sizeof(one));
}

Transfers::Transfers(TransferOptions options, const Clock& clock, TransferListener& listener)
    : impl_(std::make_unique<Impl>(std::move(options), clock, listener)) {}
Transfers::~Transfers() = default;
void Transfers::Start(TransferRequest request) { impl_->Start(std::move(request)); }
void Transfers::Poll(Duration max_wait) { impl_->Poll(max_wait); }
void Transfers::Wake() { impl_->Wake(); }
void Transfers::CancelAll() { impl_->CancelAll(); }
size_t Transfers::running() const { return impl_->running(); }

}  // namespace cluehound::crawler
