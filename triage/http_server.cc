#include "triage/http_server.h"

#include <arpa/inet.h>
#include <microhttpd.h>

#include "base/log.h"
#include "base/text.h"

namespace cluehound::triage {

// libmicrohttpd's C callbacks, with access to the server.
struct HttpServerCallbacks {
  static MHD_Result CollectHeader(void* headers, MHD_ValueKind, const char* name,
                                  const char* value) {
    auto& map = *static_cast<std::map<std::string, std::string>*>(headers);
    map[ToAsciiLower(name)] = value != nullptr ? value : "";
    return MHD_YES;
  }

  static MHD_Result Queue(MHD_Connection* connection, const HttpResponse& answer) {
    MHD_Response* response = MHD_create_response_from_buffer(
        answer.body.size(), const_cast<char*>(answer.body.data()), MHD_RESPMEM_MUST_COPY);
    if (response == nullptr) return MHD_NO;
    MHD_add_response_header(response, "Content-Type", answer.content_type.c_str());
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : answer.headers)
      MHD_add_response_header(response, name.c_str(), value.c_str());
    const MHD_Result result =
        MHD_queue_response(connection, static_cast<unsigned>(answer.status), response);
    MHD_destroy_response(response);
    return result;
  }

  static MHD_Result Answer(void* server, MHD_Connection* connection, const char* url,
                           const char* method, const char* /*version*/, const char* /*upload*/,
                           size_t* upload_size, void** state) {
    static int
        seen_header;  // only its address is used: the first call of a request brings the header alone
    if (*state == nullptr) {
      *state = &seen_header;
      return MHD_YES;
    }
    if (*upload_size != 0) return MHD_NO;  // a body: the connection is closed
    HttpRequest request;
    request.method = method;
    request.path = url;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, &CollectHeader, &request.headers);
    request.host = request.headers["host"];
    try {
      return Queue(connection, static_cast<HttpServer*>(server)->handler_(request));
    } catch (const std::exception& e) {  // bad_alloc must not leave through C frames
      LogError(std::string("http server: ") + e.what());
      return MHD_NO;
    }
  }
};

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& address, uint16_t port,
                                                      HttpHandler handler,
                                                      const HttpLimits& limits) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &where.sin_addr) != 1) {
    return Status::InvalidArgument("http server: \"" + address + "\" is no IPv4 address");
  }
  std::unique_ptr<HttpServer> server(new HttpServer(std::move(handler)));
  server->daemon_ = MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD, port, nullptr, nullptr, &HttpServerCallbacks::Answer,
      server.get(), MHD_OPTION_SOCK_ADDR, reinterpret_cast<sockaddr*>(&where),
      MHD_OPTION_CONNECTION_LIMIT, limits.connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
      limits.connections_per_address, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      limits.memory_per_connection, MHD_OPTION_CONNECTION_TIMEOUT, limits.idle_seconds,
      MHD_OPTION_END);
  if (server->daemon_ == nullptr) {
    return Status::Unavailable("http server: cannot listen on " + address + ":" +
                               std::to_string(port));
  }
  const MHD_DaemonInfo* info = MHD_get_daemon_info(server->daemon_, MHD_DAEMON_INFO_BIND_PORT);
  server->port_ = info != nullptr ? info->port : port;
  return server;
}

HttpServer::~HttpServer() {
  if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
}

}  // namespace cluehound::triage
