#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "triage/notice.h"

namespace cluehound::triage {

struct MailServer {
  std::string url;   // "smtps://mail.office.example:465" or "smtp://127.0.0.1:25"
  std::string user;  // empty: no login
  std::string password;
  std::string from;     // "cluehound@office.example"
  std::string ca_file;  // empty: the system's

  friend bool operator==(const MailServer&, const MailServer&) = default;
};

// Carries notices out of the program. notice_transfer.cc is the only file of triage/ that sees libcurl.
// Redirects are not followed, proxies of the environment not used; the address that a name leads to is
// asked of `allows` at the moment of the connection. Errors never hold the receiver's address, which is a
// secret. Blocks up to 20 seconds; thread-safe.
class NoticeTransfer {
 public:
  // Whether an address (literal) may be connected to.
  using Allows = std::function<bool(const std::string& address)>;
  explicit NoticeTransfer(Allows allows, std::string ca_file = "")
      : allows_(std::move(allows)), ca_file_(std::move(ca_file)) {}

  struct Answer {
    int status = 0;
    std::string body;  // its first 64 kB
  };
  Result<Answer> Post(const NoticeRequest& request) const;
  // The mail server is the office's own and may be anywhere. Without TLS only on this machine.
  Status Mail(const MailServer& server, const std::vector<std::string>& to,
              const std::string& message) const;

 private:
  const Allows allows_;
  const std::string ca_file_;
};

}  // namespace cluehound::triage
