#include "triage/control_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>

namespace cluehound::triage {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxRequest = 32u << 20;  // a rule set of 10,000 marks takes some megabytes
constexpr size_t kMaxAnswer = 256u << 20;
constexpr std::chrono::seconds kConnectionTime{10};
constexpr int kMaxConnections = 16;
constexpr char kSocketName[] = "control.sock";

std::string UserName(uid_t uid) {
  std::array<char, 4096> buffer;
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return found->pw_name;
  return "uid " + std::to_string(uid);
}

// A socket's address holds 108 bytes; a store may lie deeper. Through the folder's descriptor every path is short.
class SocketAddress {
 public:
  explicit SocketAddress(const std::filesystem::path& store)
      : folder_(::open(store.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    address_.sun_family = AF_UNIX;
    const std::string path = "/proc/self/fd/" + std::to_string(folder_) + "/" + kSocketName;
    std::memcpy(address_.sun_path, path.c_str(), path.size() + 1);
  }
  ~SocketAddress() {
    if (folder_ >= 0) ::close(folder_);
  }
  SocketAddress(const SocketAddress&) = delete;
  SocketAddress& operator=(const SocketAddress&) = delete;

  bool ok() const { return folder_ >= 0; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  static socklen_t size() { return sizeof(sockaddr_un); }

 private:
  int folder_;
  sockaddr_un address_{};
};

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// Reads until a line end (or, with `to_end`, until the peer closes). False when the peer is too slow or sends too much.
bool ReadBytes(int fd, bool to_end, size_t max, std::chrono::milliseconds patience,
               std::string& out) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::array<char, 16384> buffer;
  while (out.size() < max) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd p{fd, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&p, 1, static_cast<int>(left.count())) <= 0) return false;
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    if (n == 0) return to_end;
    out.append(buffer.data(), static_cast<size_t>(n));
    if (!to_end && out.find('\n') != std::string::npos) return true;
  }
  return false;
}

Result<Request> ParseRequest(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("operation") || !json["operation"].is_string()) {
    return Status::InvalidArgument("not a request");
  }
  Request request;
  request.operation = json["operation"];
  const Json arguments = json.value("arguments", Json::object());
  for (const auto& [name, value] : arguments.items()) {
    if (!value.is_string()) return Status::InvalidArgument("argument " + name + " must be text");
    request.arguments[name] = value;
  }
  if (json.contains("by") && json["by"].is_string()) request.actor.claimed_name = json["by"];
  return request;
}

std::string LastLine(const Response& response) {
  return Json{{"end", true},
              {"code", static_cast<int>(response.status.code())},
              {"message", response.status.message()},
              {"next", response.next}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Response> ParseAnswer(const std::string& answer) {
  Response response;
  size_t begin = 0;
  while (begin < answer.size()) {
    const size_t end = std::min(answer.find('\n', begin), answer.size());
    std::string line = answer.substr(begin, end - begin);
    begin = end + 1;
    if (begin < answer.size()) {
      response.lines.push_back(std::move(line));
      continue;
    }
    const Json last = Json::parse(line, nullptr, false);
    if (!last.is_object() || !last.contains("end") || !last.contains("code")) break;
    response.status = Status(static_cast<Code>(last["code"].get<int>()), last.value("message", ""));
    response.next = last.value("next", "");
    return response;
  }
  return Status::Unavailable("control socket: the answer ended early");
}

}  // namespace

std::string CurrentUser() { return UserName(::getuid()); }

Result<std::unique_ptr<ControlServer>> ControlServer::Start(const std::filesystem::path& store,
                                                            Handler handler) {
  const SocketAddress address(store);
  const std::filesystem::path path = store / kSocketName;
  if (!address.ok())
    return Status::Unavailable("control socket " + path.string() + ": " + std::strerror(errno));
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  // The mode of the descriptor becomes that of the file: owner and group only, from the first moment.
  const bool bound =
      fd >= 0 && ::fchmod(fd, 0660) == 0 && ::bind(fd, address.get(), SocketAddress::size()) == 0;
  if (!bound || ::listen(fd, kMaxConnections) != 0) {
    const Status failed =
        Status::Unavailable("control socket " + path.string() + ": " + std::strerror(errno));
    if (fd >= 0) ::close(fd);
    return failed;
  }
  return std::unique_ptr<ControlServer>(new ControlServer(fd, path, std::move(handler)));
}

ControlServer::ControlServer(int fd, std::filesystem::path path, Handler handler)
    : fd_(fd),
      path_(std::move(path)),
      handler_(std::move(handler)),
      thread_([this] { Accept(); }) {}

ControlServer::~ControlServer() {
  stopping_ = true;
  ::shutdown(fd_, SHUT_RDWR);
  thread_.join();
  while (connections_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  ::close(fd_);
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void ControlServer::Accept() {
  while (!stopping_) {
    const int connection = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (stopping_ || errno == EINVAL) return;
      std::this_thread::sleep_for(
          std::chrono::milliseconds(50));  // out of descriptors: others must finish first
      continue;
    }
    if (connections_ >= kMaxConnections) {
      ::close(connection);
      continue;
    }
    ++connections_;
    std::thread([this, connection] {
      Serve(connection);
      ::close(connection);
      --connections_;
    }).detach();
  }
}

void ControlServer::Serve(int connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return;
  const timeval patience{kConnectionTime.count(), 0};
  ::setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  Response response;
  std::string line;
  if (peer.uid != 0 && peer.uid != ::getuid() && peer.gid != ::getgid()) {
    response.status = Status::Denied("only the owner and group of the store may use it");
  } else if (!ReadBytes(connection, false, kMaxRequest, kConnectionTime, line)) {
    return;
  } else if (auto request = ParseRequest(line.substr(0, line.find('\n'))); !request.ok()) {
    response.status = request.status();
  } else {
    request->actor.user = UserName(peer.uid);
    response = handler_(*request);
  }
  std::string answer;
  for (const std::string& row : response.lines) answer += row + "\n";
  if (!WriteAll(connection, answer + LastLine(response))) return;
}

Result<Response> CallControlSocket(const std::filesystem::path& store, const Request& request) {
  const SocketAddress address(store);
  if (!address.ok()) return Status::NotFound(store.string() + ": no store there");
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return Status::Unavailable(std::string("control socket: ") + std::strerror(errno));
  if (::connect(fd, address.get(), SocketAddress::size()) != 0) {
    const int error = errno;
    ::close(fd);
    if (error == ENOENT || error == ECONNREFUSED)
      return Status::NotFound("nobody serves the control socket");
    return Status::Unavailable("control socket " + (store / kSocketName).string() + ": " +
                               std::strerror(error));
  }
  Json json = {{"operation", request.operation}, {"by", request.actor.claimed_name}};
  json["arguments"] = request.arguments;
  std::string answer;
  const bool done =
      WriteAll(fd, json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n") &&
      ReadBytes(fd, true, kMaxAnswer, std::chrono::seconds(60), answer);
  ::close(fd);
  if (!done) return Status::Unavailable("control socket: no answer");
  return ParseAnswer(answer);
}

}  // namespace cluehound::triage
