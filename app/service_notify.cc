#include "app/service_notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "base/text.h"

namespace cluehound::app {
namespace {

std::string Take(const char* variable) {
  const char* value = std::getenv(variable);
  const std::string taken = value == nullptr ? "" : value;
  ::unsetenv(variable);
  return taken;
}

}  // namespace

ServiceNotify::ServiceNotify() : socket_(Take("NOTIFY_SOCKET")) {
  const auto pid = ParseInt(Take("WATCHDOG_PID"));
  const auto time = ParseInt(Take("WATCHDOG_USEC"));
  if (time && *time > 0 && (!pid || *pid == ::getpid())) {
    watchdog_ = std::chrono::milliseconds(*time / 1000);
  }
}

void ServiceNotify::Reloading() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto micros =
      static_cast<uint64_t>(now.tv_sec) * 1'000'000 + static_cast<uint64_t>(now.tv_nsec) / 1000;
  Send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(micros));
}

void ServiceNotify::Send(const std::string& message) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_[0] == '@') address.sun_path[0] = '\0';  // an abstract one
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  // Who does not listen cannot be helped.
  [[maybe_unused]] const ssize_t sent =
      ::sendto(fd, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
               reinterpret_cast<const sockaddr*>(&address), size);
  ::close(fd);
}

}  // namespace cluehound::app
