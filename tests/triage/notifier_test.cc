#include "triage/notifier.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/hmac.h"
#include "evidence/mime_coding.h"
#include "evidence/warc_digest.h"
#include "store/memory/memory_store.h"
#include "tests/store/samples.h"
#include "tests/triage/desk.h"
#include "triage/http_server.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::json;
using std::chrono::hours;
using std::chrono::minutes;
using store::Channel;

// A receiver on loopback that keeps what it gets.
class Receiver {
 public:
  Receiver() {
    HttpServer::Options options;
    options.body_cap = [](const HttpRequest&) { return size_t{100'000}; };
    auto server = HttpServer::Start(
        "127.0.0.1", 0,
        [this](const HttpRequest& request) {
          const std::lock_guard lock(mutex_);
          requests_.push_back(request);
          HttpResponse response;
          response.status = status;
          response.body = answer;
          return response;
        },
        options);
    REQUIRE_OK(server);
    server_ = *std::move(server);
  }
  std::string Url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
  }
  std::vector<HttpRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  int status = 200;
  std::string answer = R"({"errcode":0,"code":0})";

 private:
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
  std::unique_ptr<HttpServer> server_;
};

// Takes one message, as a mail server on loopback would.
class SmtpServer {
 public:
  SmtpServer() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener_, 1) == 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Talk(); });
  }
  ~SmtpServer() {
    ::shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
  }
  uint16_t port() const { return port_; }
  // What the client said, when it has gone.
  std::string Finish() {
    thread_.join();
    return got_;
  }

 private:
  void Talk() {
    const int fd = ::accept(listener_, nullptr, nullptr);
    if (fd < 0) return;
    const auto say = [fd](std::string_view line) {
      return ::send(fd, line.data(), line.size(), MSG_NOSIGNAL);
    };
    say("220 mail\r\n");
    std::string line;
    bool in_data = false;
    char c = 0;
    while (::recv(fd, &c, 1, 0) == 1) {
      line += c;
      if (c != '\n') continue;
      got_ += line;
      if (in_data) {
        if (line == ".\r\n") in_data = say("250 ok\r\n") < 0;
      } else if (line.starts_with("DATA")) {
        in_data = say("354 go\r\n") > 0;
      } else if (line.starts_with("QUIT")) {
        say("221 bye\r\n");
      } else {
        say("250 ok\r\n");
      }
      line.clear();
    }
    ::close(fd);
  }

  int listener_ = -1;
  uint16_t port_ = 0;
  std::string got_;
  std::thread thread_;
};

bool Loopback(const std::string& address) { return address == "127.0.0.1"; }

class Bureau {
 public:
  explicit Bureau(NoticeTransfer::Allows allows = Loopback) : transfer_(std::move(allows)) {}

  Desk desk;
  std::vector<std::string> troubles;
  Notifier& notifier() { return notifier_; }
  Channel Add(const std::map<std::string, std::string>& arguments) {
    REQUIRE_OK(desk.Call("channels.add", arguments).status);
    return desk.store().office_book().Channels()->back();
  }
  Channel Now() { return desk.store().office_book().Channels()->back(); }

 private:
  NoticeTransfer transfer_;
  Notifier notifier_{desk.store(), desk.clock(), transfer_, {{}, "https://clues.example/"}, [this] {
                       return troubles;
                     }};
};

Channel Robot(Channel::Kind kind, const std::string& secret = "") {
  Channel channel;
  channel.kind = kind;
  channel.target = "https://robot.example/send?token=t";
  channel.secret = secret;
  return channel;
}

Notice Sample() {
  Notice notice;
  notice.subject = "今日线索";
  notice.counts = {{"待研判", 12}};
  notice.link = "https://clues.example/";
  notice.at = FromMillis(1'600'000'000'000);
  return notice;
}

}  // namespace

TEST_CASE("vendors: each robot gets its own form, signed in its own way") {
  const auto ding = RequestFor(Robot(Channel::Kind::kDingTalk, "SECx"), Sample());
  CHECK(ding.url.find("https://robot.example/send?token=t&timestamp=1600000000000&sign=") == 0);
  CHECK(ding.url.find(' ') == std::string::npos);
  CHECK(Json::parse(ding.body)["markdown"]["text"].get<std::string>().find("- 待研判：12") !=
        std::string::npos);
  const auto feishu = Json::parse(RequestFor(Robot(Channel::Kind::kFeishu, "s"), Sample()).body);
  CHECK(feishu["timestamp"] == "1600000000");
  CHECK(feishu["sign"] == evidence::Base64(HmacSha256("1600000000\ns", "")));
  CHECK(feishu["content"]["text"].get<std::string>().find("待研判：12") != std::string::npos);
  Notice longer = Sample();
  longer.text = std::string(9000, 'x');
  const auto wecom = RequestFor(Robot(Channel::Kind::kWeCom), longer);
  CHECK(wecom.url == "https://robot.example/send?token=t");
  CHECK(Json::parse(wecom.body)["markdown"]["content"].get<std::string>().size() <= 4096);
  const auto hook = RequestFor(Robot(Channel::Kind::kWebhook, "k"), Sample());
  CHECK(hook.headers.back() ==
        "X-Cluehound-Signature: sha256=" + Hex(HmacSha256("k", "1600000000." + hook.body)));
  CHECK(CheckAnswer(Channel::Kind::kDingTalk, 200, R"({"errcode":0,"errmsg":"ok"})").ok());
  CHECK_FALSE(CheckAnswer(Channel::Kind::kDingTalk, 200, R"({"errcode":310000})").ok());
  CHECK_FALSE(CheckAnswer(Channel::Kind::kFeishu, 200, "<html>").ok());
  CHECK_FALSE(CheckAnswer(Channel::Kind::kWebhook, 500, "").ok());
  CHECK(CheckAnswer(Channel::Kind::kWebhook, 204, "").ok());
}

TEST_CASE("rfc5322: a mail in Chinese that no subject can break out of") {
  Notice notice = Sample();
  notice.subject = "线索\r\nBcc: all@office.example 很长很长很长很长很长很长很长很长的标题";
  const std::string mail = MailFor("cluehound@office.example", {"a@office.example"}, notice);
  CHECK(mail.find("\r\nBcc:") == std::string::npos);
  CHECK(mail.find("Date: Sun, 13 Sep 2020 12:26:40 +0000\r\n") != std::string::npos);
  CHECK(evidence::DecodeBase64(mail.substr(mail.find("\r\n\r\n")), 10000).find("待研判：12") !=
        std::string::npos);
}

TEST_CASE("ours: one digest a day, of the county's own, with counts and a link and no lead") {
  Receiver receiver;
  Bureau office;
  office.desk.Read("1", {store::testing::Goods("鸿雁 高仿 机密标题", "1")});
  office.desk.Read("2", {store::testing::Goods("鸿雁 高仿 另一个", "2", "西风小店")});
  const std::string id = office.desk.Lines("leads.list", {})[0]["lead"];
  REQUIRE_OK(office.desk.Call("leads.place", {{"lead", id}, {"county", "寿光市"}}).status);
  office.Add({{"kind", "webhook"},
              {"name", "值班"},
              {"target", receiver.Url("/hook")},
              {"secret", "k"},
              {"county", "寿光"},
              {"digest_at", "08:30"}});
  office.notifier().Tick();  // 08:00
  CHECK(receiver.requests().empty());
  office.desk.Advance(hours(1));
  office.notifier().Tick();
  office.notifier().Tick();
  const auto requests = receiver.requests();
  REQUIRE(requests.size() == 1);
  const Json body = Json::parse(requests[0].body);
  CHECK(body["counts"]["待研判"] == 1);
  CHECK(body["link"] == "https://clues.example/");
  CHECK(requests[0].body.find("机密") == std::string::npos);
  CHECK(requests[0].body.find("小店") == std::string::npos);
  CHECK(requests[0].headers.count("x-cluehound-signature") == 1);
  office.desk.Advance(hours(24));
  office.notifier().Tick();
  CHECK(receiver.requests().size() == 2);
}

TEST_CASE("ours: what fails is tried again, later and later, then disabled and told") {
  Receiver broken, good;
  broken.status = 500;
  Bureau office;
  office.Add(
      {{"kind", "webhook"}, {"name", "值班"}, {"target", good.Url("/a")}, {"alerts", "trouble"}});
  office.Add({{"kind", "webhook"},
              {"name", "坏的"},
              {"target", broken.Url("/secret-token")},
              {"digest_at", "08:00"}});
  for (int i = 0; i < 120; ++i) {
    office.notifier().Tick();
    office.desk.clock().Advance(minutes(1));
  }
  CHECK(broken.requests().size() == 5);
  CHECK(office.Now().disabled);
  CHECK(office.Now().last_error.find("500") != std::string::npos);
  REQUIRE(good.requests().size() == 1);
  CHECK(good.requests()[0].body.find("坏的") != std::string::npos);
  const auto listed = office.desk.Lines("channels.list", {});
  CHECK(listed[1]["disabled"] == true);
  for (const Json& channel : listed)
    CHECK(channel.dump().find("secret-token") == std::string::npos);
  const auto audit = office.desk.store().Audit(0, 100);
  REQUIRE_OK(audit);
  for (const auto& entry : *audit)
    CHECK((entry.before + entry.after + entry.reason).find("secret-token") == std::string::npos);
  broken.status = 200;
  REQUIRE_OK(office.desk.Call("channels.enable", {{"channel", "2"}}).status);
  office.notifier().Tick();
  CHECK(broken.requests().size() == 6);
  CHECK(office.Now().failures == 0);
}

TEST_CASE("ours: trouble is told once, and once that it is over") {
  Receiver receiver;
  Bureau office;
  office.Add({{"kind", "webhook"},
              {"name", "值班"},
              {"target", receiver.Url("/")},
              {"alerts", "trouble"}});
  office.notifier().Tick();
  office.troubles = {"采集源 shop 被拒绝访问"};
  for (int i = 0; i < 30; ++i) {
    office.notifier().Tick();
    office.desk.clock().Advance(minutes(1));
  }
  CHECK(receiver.requests().size() == 1);
  office.troubles.clear();
  office.notifier().Tick();
  office.notifier().Tick();
  CHECK(receiver.requests().size() == 2);
}

TEST_CASE("attack: a notice goes to no address that is not allowed, by name or by redirect") {
  Receiver receiver;
  Bureau closed([](const std::string&) { return false; });
  closed.Add({{"kind", "webhook"}, {"name", "x"}, {"target", receiver.Url("/")}});
  CHECK(closed.notifier().Test(1).message().find("private or reserved") != std::string::npos);
  CHECK(receiver.requests().empty());
  Receiver redirect;
  redirect.status = 302;
  Bureau office;
  office.Add({{"kind", "webhook"}, {"name", "x"}, {"target", redirect.Url("/")}});
  CHECK_FALSE(office.notifier().Test(1).ok());
  for (const char* bad : {"file:///etc/passwd", "ftp://a.example/", "gopher://127.0.0.1/", "x",
                          "http://user:pw@a.example/"}) {
    INFO(bad);
    CHECK_FALSE(
        office.desk.Refused("channels.add", {{"kind", "webhook"}, {"name", "x"}, {"target", bad}})
            .empty());
  }
  CHECK_FALSE(office.desk
                  .Refused("channels.add", {{"kind", "mail"},
                                            {"name", "x"},
                                            {"target", "a@b.example\r\nRCPT TO:<c@d.example>"}})
                  .empty());
}

TEST_CASE("ours: mail is delivered to a server that speaks SMTP") {
  SmtpServer server;
  const NoticeTransfer transfer(Loopback);
  MailServer mail;
  mail.url = "smtp://127.0.0.1:" + std::to_string(server.port());
  mail.from = "cluehound@office.example";
  REQUIRE_OK(transfer.Mail(mail, {"a@office.example", "b@office.example"},
                           MailFor(mail.from, {"a@office.example"}, Sample())));
  const std::string got = server.Finish();
  CHECK(got.find("MAIL FROM:<cluehound@office.example>") != std::string::npos);
  CHECK(got.find("RCPT TO:<b@office.example>") != std::string::npos);
  CHECK(got.find("Content-Transfer-Encoding: base64") != std::string::npos);
  mail.url = "smtp://127.0.0.1:1";  // nobody is there
  const Status status = transfer.Mail(mail, {"a@office.example"}, "x");
  CHECK_FALSE(status.ok());
  CHECK(status.message().find("127.0.0.1") == std::string::npos);
}

}  // namespace cluehound::triage
