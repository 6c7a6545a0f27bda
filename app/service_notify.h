#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cluehound::app {

// Tells systemd how the service does (sd_notify(3)): a datagram to $NOTIFY_SOCKET. Without that variable nothing
// happens.
class ServiceNotify {
 public:
  ServiceNotify();  // takes the variables, and removes them for child processes

  void Ready() { Send("READY=1"); }
  void Reloading();
  void Stopping() { Send("STOPPING=1"); }
  void Say(std::string_view status) { Send("STATUS=" + std::string(status)); }
  void Watchdog() { Send("WATCHDOG=1"); }
  // How often Watchdog() must be called at least; nothing: nobody waits for it.
  std::optional<std::chrono::milliseconds> watchdog() const { return watchdog_; }

 private:
  void Send(const std::string& message) const;

  std::string socket_;
  std::optional<std::chrono::milliseconds> watchdog_;
};

}  // namespace cluehound::app
