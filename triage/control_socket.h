#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/status.h"
#include "triage/operations.h"

namespace cluehound::triage {

// STORE/control.sock: how other processes reach the ledger while this one holds it. One request a connection: a line of
// JSON {"operation":..,"arguments":{..},"by":..}; answered by the response's lines and a last line {"end":..}. The
// socket is for owner and group only, and the peer's user (SO_PEERCRED) is the actor, whatever it claims.
// Bounds: 32 MiB a request, 10 s a connection, 16 connections at once.
class ControlServer {
 public:
  // REQUIRES: the caller holds the store, so that a socket left over by a dead process may be replaced.
  // `handler` is called on a thread of the connection.
  using Handler = std::function<Response(const Request&)>;
  static Result<std::unique_ptr<ControlServer>> Start(const std::filesystem::path& store,
                                                      Handler handler);
  ~ControlServer();

  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

 private:
  ControlServer(int fd, std::filesystem::path path, Handler handler);
  void Accept();
  void Serve(int connection);

  const int fd_;
  const std::filesystem::path path_;
  const Handler handler_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::thread thread_;
};

// Asks the process that holds the store. kNotFound when nobody serves the socket: the caller opens the store itself.
Result<Response> CallControlSocket(const std::filesystem::path& store, const Request& request);

// The name of the user who runs this process, for requests that do not go through a socket.
std::string CurrentUser();

}  // namespace cluehound::triage
