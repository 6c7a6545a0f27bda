#include "triage/http_server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "triage/http_connections.h"

namespace cluehound::triage {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kWatch{100};  // how often slow ones are looked for
// Those that were ended and are not cleared away yet; libmicrohttpd's own limit must never be met, as it
// then takes nobody.
constexpr unsigned kSpareConnections = 2048;

std::string AddressText(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address != nullptr && address->sa_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text,
                sizeof text);
  } else if (address != nullptr && address->sa_family == AF_INET6) {
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, text,
                sizeof text);
  }
  return text;
}

HttpResponse Plain(int status, const std::string& text) {
  return {status, "text/plain; charset=utf-8", text + "\n", {}, {}};
}

}  // namespace

std::string HttpRequest::Header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

class HttpServer::Impl {
 public:
  // One request on its way. Owned by libmicrohttpd's request (its con_cls) until it is completed.
  struct Exchange {
    HttpRequest request;
    MHD_Connection* connection = nullptr;
    uint64_t number = 0;  // of the connection
    size_t cap = 0;
    size_t counted = 0;  // of the body, in `bodies_`
    bool head_done = false;
    bool refused = false;  // answered before its body was read
    HttpResponse response;
    std::atomic<bool> answered{false};
  };

  Impl(HttpHandler handler, Options options)
      : handler_(std::move(handler)),
        options_(std::move(options)),
        connections_(options_.limits),
        rate_(options_.limits) {}

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    ended_.notify_all();
    for (std::thread& worker : workers_) worker.join();
    if (watch_.joinable()) watch_.join();
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
  }

  Status Listen(const std::string& address, uint16_t port, uint16_t& bound);

  void Work() {
    while (true) {
      Exchange* exchange = nullptr;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        exchange = waiting_.front();
        waiting_.pop_front();
      }
      exchange->response = Answer(exchange->request);
      exchange->answered = true;
      MHD_resume_connection(exchange->connection);
    }
  }

  void Watch() {
    std::unique_lock lock(mutex_);
    while (!ended_.wait_for(lock, kWatch, [this] { return stopping_; }))
      connections_.EndSlow(SteadyClock::now());
  }

  HttpResponse Answer(const HttpRequest& request) {
    try {
      return handler_(request);
    } catch (const std::exception& e) {  // bad_alloc must not leave through C frames
      LogError(std::string("http server: ") + e.what());
      return Plain(500, "internal error");
    }
  }

  bool TakeBody(Exchange& exchange, const char* bytes, size_t size) {
    if (exchange.request.body.size() + size > exchange.cap) return false;
    if (bodies_.fetch_add(size) + size > options_.limits.bodies) {
      bodies_ -= size;
      return false;
    }
    exchange.counted += size;
    exchange.request.body.append(bytes, size);
    return true;
  }

  // False: too many wait.
  bool HandOver(Exchange* exchange) {
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() >= options_.limits.waiting || stopping_) return false;
      MHD_suspend_connection(exchange->connection);
      waiting_.push_back(exchange);
    }
    changed_.notify_one();
    return true;
  }

  void Complete(Exchange* exchange) {
    bodies_ -= exchange->counted;
    connections_.Answered(exchange->number, SteadyClock::now());
    delete exchange;
  }

  const HttpHandler handler_;
  const Options options_;
  HttpConnections connections_;
  RequestRate rate_;
  std::atomic<size_t> bodies_{0};

 private:
  std::mutex mutex_;
  std::condition_variable changed_;  // the workers alone wait for it: each call wakes one of them
  std::condition_variable ended_;
  bool stopping_ = false;
  std::deque<Exchange*> waiting_;
  std::vector<std::thread> workers_;
  std::thread watch_;
  MHD_Daemon* daemon_ = nullptr;
};

// libmicrohttpd's C callbacks, with access to the server.
struct HttpServerCallbacks {
  using Impl = HttpServer::Impl;
  using Exchange = Impl::Exchange;

  static MHD_Result CollectHeader(void* headers, MHD_ValueKind, const char* name,
                                  const char* value) {
    auto& map = *static_cast<std::map<std::string, std::string>*>(headers);
    const std::string lower = ToAsciiLower(name);
    const auto [place, is_new] = map.emplace(lower, value != nullptr ? value : "");
    if (is_new || value == nullptr) return MHD_YES;
    if (lower == "cookie") place->second += std::string("; ") + value;
    if (lower == "x-forwarded-for") place->second += std::string(", ") + value;
    return MHD_YES;
  }

  static MHD_Result CollectQuery(void* query, MHD_ValueKind, const char* name, const char* value) {
    static_cast<std::map<std::string, std::string>*>(query)->emplace(name,
                                                                     value != nullptr ? value : "");
    return MHD_YES;
  }

  static uint64_t NumberOf(MHD_Connection* connection) {
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info != nullptr ? reinterpret_cast<uint64_t>(info->socket_context) : 0;
  }

  static std::string PeerOf(MHD_Connection* connection) {
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return AddressText(info != nullptr ? info->client_addr : nullptr);
  }

  static void NotifyConnection(void* impl, MHD_Connection* connection, void** context,
                               MHD_ConnectionNotificationCode code) {
    HttpConnections& connections = static_cast<Impl*>(impl)->connections_;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
      connections.Remove(reinterpret_cast<uint64_t>(*context));
      return;
    }
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info == nullptr) return;
    const std::string group = AddressGroup(PeerOf(connection));
    *context =
        reinterpret_cast<void*>(connections.Add(info->connect_fd, group, SteadyClock::now()));
  }

  static void Completed(void* impl, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
    if (*state == nullptr) return;
    static_cast<Impl*>(impl)->Complete(static_cast<Exchange*>(*state));
    *state = nullptr;
  }

  static MHD_Result Queue(Impl& impl, Exchange& exchange, const HttpResponse& answer) {
    MHD_Response* response = MHD_create_response_from_buffer(
        answer.body.size(), const_cast<char*>(answer.body.data()), MHD_RESPMEM_MUST_COPY);
    if (response == nullptr) return MHD_NO;
    MHD_add_response_header(response, "Content-Type", answer.content_type.c_str());
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : answer.headers)
      MHD_add_response_header(response, name.c_str(), value.c_str());
    for (const std::string& cookie : answer.cookies)
      MHD_add_response_header(response, "Set-Cookie", cookie.c_str());
    impl.connections_.Sending(exchange.number, answer.body.size(), SteadyClock::now());
    const MHD_Result result =
        MHD_queue_response(exchange.connection, static_cast<unsigned>(answer.status), response);
    MHD_destroy_response(response);
    return result;
  }

  // Answers now, whatever body follows.
  static MHD_Result Refuse(Impl& impl, Exchange& exchange, HttpResponse answer) {
    exchange.refused = true;
    answer.headers["Connection"] = "close";
    return Queue(impl, exchange, answer);
  }

  static void ReadHead(Impl& impl, Exchange& exchange, const char* url, const char* method) {
    HttpRequest& request = exchange.request;
    request.method = method;
    request.path = url;
    MHD_get_connection_values(exchange.connection, MHD_HEADER_KIND, &CollectHeader,
                              &request.headers);
    MHD_get_connection_values(exchange.connection, MHD_GET_ARGUMENT_KIND, &CollectQuery,
                              &request.query);
    request.host = request.Header("host");
    request.peer = PeerOf(exchange.connection);
    request.secure = !impl.options_.identity.certificate.empty();
    if (!impl.options_.limits.behind_proxy || !IsLoopback(request.peer)) return;
    const std::string forwarded = request.Header("x-forwarded-for");
    if (const auto entries = SplitAscii(forwarded, ", "); !entries.empty())
      request.peer = std::string(entries.back());
    request.secure = request.secure || request.Header("x-forwarded-proto") == "https";
  }

  // The header is there. The connection goes on with a body, or to the next call.
  static MHD_Result Begin(Impl& impl, MHD_Connection* connection, const char* url,
                          const char* method, void** state) {
    auto* exchange = new Exchange;
    *state = exchange;
    exchange->connection = connection;
    exchange->number = NumberOf(connection);
    const auto now = SteadyClock::now();
    impl.connections_.HeadIsThere(exchange->number, now);
    ReadHead(impl, *exchange, url, method);
    if (!impl.rate_.Take(AddressGroup(exchange->request.peer), now)) {
      HttpResponse answer = Plain(429, "too many requests");
      answer.headers["Retry-After"] = "1";
      return Refuse(impl, *exchange, std::move(answer));
    }
    exchange->cap = impl.options_.body_cap ? impl.options_.body_cap(exchange->request) : 0;
    const std::string length_text = exchange->request.Header("content-length");
    const auto length = ParseInt(length_text.empty() ? "0" : length_text);
    if (!length || *length < 0) return Refuse(impl, *exchange, Plain(400, "bad Content-Length"));
    if (static_cast<uint64_t>(*length) > exchange->cap)
      return Refuse(impl, *exchange, Plain(413, "the body is too large"));
    return MHD_YES;
  }

  static MHD_Result Serve(void* server, MHD_Connection* connection, const char* url,
                          const char* method, const char* upload, size_t* upload_size,
                          void** state) {
    Impl& impl = *static_cast<Impl*>(server);
    if (*state == nullptr) return Begin(impl, connection, url, method, state);
    Exchange& exchange = *static_cast<Exchange*>(*state);
    if (*upload_size != 0) {
      impl.connections_.Received(exchange.number, *upload_size);
      // Too much although the header did not say so: nobody waits for an answer to that.
      if (!impl.TakeBody(exchange, upload, *upload_size)) return MHD_NO;
      *upload_size = 0;
      return MHD_YES;
    }
    if (exchange.refused) return MHD_YES;
    if (exchange.answered) return Queue(impl, exchange, exchange.response);
    impl.connections_.Working(exchange.number);
    if (impl.options_.limits.workers == 0)
      return Queue(impl, exchange, impl.Answer(exchange.request));
    if (impl.HandOver(&exchange)) return MHD_YES;
    HttpResponse busy = Plain(503, "busy");
    busy.headers["Retry-After"] = "1";
    return Queue(impl, exchange, busy);
  }

  static MHD_Result Answer(void* server, MHD_Connection* connection, const char* url,
                           const char* method, const char* /*version*/, const char* upload,
                           size_t* upload_size, void** state) {
    try {
      return Serve(server, connection, url, method, upload, upload_size, state);
    } catch (const std::exception& e) {
      LogError(std::string("http server: ") + e.what());
      return MHD_NO;
    }
  }
};

Status HttpServer::Impl::Listen(const std::string& address, uint16_t port, uint16_t& bound) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  const bool is_v6 = ::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1;
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  if (!is_v6 && ::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) != 1)
    return Status::InvalidArgument("http server: \"" + address + "\" is no IPv4 or IPv6 address");
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
  if (is_v6) flags |= MHD_USE_IPv6;
  const HttpLimits& limits = options_.limits;
  std::vector<MHD_OptionItem> more;
  if (!options_.identity.certificate.empty()) {
    flags |= MHD_USE_TLS;
    const auto text = [](const std::string& s) { return const_cast<char*>(s.c_str()); };
    more.push_back({MHD_OPTION_HTTPS_MEM_CERT, 0, text(options_.identity.certificate)});
    more.push_back({MHD_OPTION_HTTPS_MEM_KEY, 0, text(options_.identity.key)});
    static char priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
    more.push_back({MHD_OPTION_HTTPS_PRIORITIES, 0, priorities});
  }
  more.push_back({MHD_OPTION_END, 0, nullptr});
  sockaddr* where = is_v6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
  daemon_ = MHD_start_daemon(
      flags, port, nullptr, nullptr, &HttpServerCallbacks::Answer, this, MHD_OPTION_SOCK_ADDR,
      where, MHD_OPTION_CONNECTION_LIMIT, limits.connections + kSpareConnections,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.memory_per_connection,
      MHD_OPTION_CONNECTION_TIMEOUT, limits.idle_seconds, MHD_OPTION_NOTIFY_CONNECTION,
      &HttpServerCallbacks::NotifyConnection, this, MHD_OPTION_NOTIFY_COMPLETED,
      &HttpServerCallbacks::Completed, this, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u,
      MHD_OPTION_ARRAY, more.data(), MHD_OPTION_END);
  if (daemon_ == nullptr) {
    return Status::Unavailable("http server: cannot listen on " + address + ":" +
                               std::to_string(port) +
                               ((flags & MHD_USE_TLS) != 0 ? " with this certificate" : ""));
  }
  const MHD_DaemonInfo* info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT);
  bound = info != nullptr ? info->port : port;
  for (unsigned i = 0; i < limits.workers; ++i) workers_.emplace_back([this] { Work(); });
  watch_ = std::thread([this] { Watch(); });
  return Status::Ok();
}

HttpServer::HttpServer() = default;
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& address, uint16_t port,
                                                      HttpHandler handler, Options options) {
  std::unique_ptr<HttpServer> server(new HttpServer);
  server->impl_ = std::make_unique<Impl>(std::move(handler), std::move(options));
  RETURN_IF_ERROR(server->impl_->Listen(address, port, server->port_));
  return server;
}

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& address, uint16_t port,
                                                      HttpHandler handler,
                                                      const HttpLimits& limits) {
  Options options;
  options.limits = limits;
  return Start(address, port, std::move(handler), std::move(options));
}

}  // namespace cluehound::triage
