#include "triage/notice_transfer.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "base/url.h"

namespace cluehound::triage {
namespace {

constexpr long kConnectMillis = 5000;
constexpr long kTotalMillis = 20'000;
constexpr size_t kMaxAnswer = 64 * 1024;

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

Easy NewEasy() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* easy = started == CURLE_OK ? curl_easy_init() : nullptr;
  if (easy != nullptr) {
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectMillis);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, kTotalMillis);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  }
  return {easy, &curl_easy_cleanup};
}

struct Gate {
  const NoticeTransfer::Allows& allows;
  bool refused = false;
};

// Asked with each address before it is connected to, after names were resolved.
curl_socket_t OpenSocket(void* gate_pointer, curlsocktype, curl_sockaddr* address) {
  Gate& gate = *static_cast<Gate*>(gate_pointer);
  char text[INET6_ADDRSTRLEN] = {};
  const void* raw = nullptr;
  if (address->family == AF_INET)
    raw = &reinterpret_cast<sockaddr_in*>(&address->addr)->sin_addr;
  else if (address->family == AF_INET6)
    raw = &reinterpret_cast<sockaddr_in6*>(&address->addr)->sin6_addr;
  if (raw == nullptr || ::inet_ntop(address->family, raw, text, sizeof text) == nullptr ||
      !gate.allows(text)) {
    gate.refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

size_t TakeAnswer(char* bytes, size_t size, size_t count, void* answer) {
  auto& body = *static_cast<std::string*>(answer);
  body.append(bytes, std::min(size * count, kMaxAnswer - std::min(kMaxAnswer, body.size())));
  return size * count;
}

struct Reading {
  std::string_view rest;
};

size_t GiveMessage(char* bytes, size_t size, size_t count, void* reading_pointer) {
  auto& rest = static_cast<Reading*>(reading_pointer)->rest;
  const size_t n = std::min(size * count, rest.size());
  std::copy_n(rest.begin(), n, bytes);
  rest.remove_prefix(n);
  return n;
}

// libcurl's own words name addresses in some cases; its class of failure does not.
Status Failure(CURLcode code, bool refused) {
  if (refused) {
    return Status::Denied(
        "the receiver's address is in a private or reserved range; allow it in the configuration "
        "(notices: allow_addresses) if that is meant");
  }
  return Status::Unavailable(std::string("not delivered: ") + curl_easy_strerror(code));
}

bool IsPlainMailElsewhere(const std::string& url) {
  if (!url.starts_with("smtp://")) return false;
  const std::string host = url.substr(7, url.find_first_of(":/", 7) - 7);
  return host != "127.0.0.1" && host != "localhost" && !url.starts_with("smtp://[::1]");
}

}  // namespace

Result<NoticeTransfer::Answer> NoticeTransfer::Post(const NoticeRequest& request) const {
  const auto url = Url::Parse(request.url);
  if (!url.ok() || !url->userinfo().empty())
    return Status::InvalidArgument("the receiver's address is no http or https address");
  const Easy easy = NewEasy();
  if (easy == nullptr) return Status::Unavailable("not delivered: out of memory");
  List headers(nullptr, &curl_slist_free_all);
  for (const std::string& header : request.headers) {
    curl_slist* longer = curl_slist_append(headers.get(), header.c_str());
    if (longer == nullptr) return Status::Unavailable("not delivered: out of memory");
    headers.release();
    headers.reset(longer);
  }
  Answer answer;
  Gate gate{allows_};
  curl_easy_setopt(easy.get(), CURLOPT_URL, url->href().c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, request.body.data());
  curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(easy.get(), CURLOPT_OPENSOCKETFUNCTION, &OpenSocket);
  curl_easy_setopt(easy.get(), CURLOPT_OPENSOCKETDATA, &gate);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &TakeAnswer);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &answer.body);
  if (!ca_file_.empty()) curl_easy_setopt(easy.get(), CURLOPT_CAINFO, ca_file_.c_str());
  const CURLcode code = curl_easy_perform(easy.get());
  if (code != CURLE_OK) return Failure(code, gate.refused);
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

Status NoticeTransfer::Mail(const MailServer& server, const std::vector<std::string>& to,
                            const std::string& message) const {
  const Easy easy = NewEasy();
  if (easy == nullptr) return Status::Unavailable("not delivered: out of memory");
  List receivers(nullptr, &curl_slist_free_all);
  for (const std::string& one : to) {
    curl_slist* longer = curl_slist_append(receivers.get(), ("<" + one + ">").c_str());
    if (longer == nullptr) return Status::Unavailable("not delivered: out of memory");
    receivers.release();
    receivers.reset(longer);
  }
  const std::string from = "<" + server.from + ">";
  Reading reading{message};
  curl_easy_setopt(easy.get(), CURLOPT_URL, server.url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  // STARTTLS, demanded where the message leaves this machine.
  curl_easy_setopt(easy.get(), CURLOPT_USE_SSL,
                   IsPlainMailElsewhere(server.url) ? static_cast<long>(CURLUSESSL_ALL)
                                                    : static_cast<long>(CURLUSESSL_TRY));
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, receivers.get());
  curl_easy_setopt(easy.get(), CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_READFUNCTION, &GiveMessage);
  curl_easy_setopt(easy.get(), CURLOPT_READDATA, &reading);
  if (!server.user.empty()) {
    curl_easy_setopt(easy.get(), CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_PASSWORD, server.password.c_str());
  }
  if (!server.ca_file.empty()) curl_easy_setopt(easy.get(), CURLOPT_CAINFO, server.ca_file.c_str());
  const CURLcode code = curl_easy_perform(easy.get());
  return code == CURLE_OK ? Status::Ok() : Failure(code, false);
}

}  // namespace cluehound::triage
