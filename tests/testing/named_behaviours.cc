#include "tests/testing/named_behaviours.h"

#include <brotli/encode.h>

#include <map>
#include <memory>
#include <mutex>

#include "base/content_coding.h"

namespace cluehound::testing {
namespace {

using std::chrono::milliseconds;
using Behaviours = std::map<std::string, TestServer::Behaviour, std::less<>>;

constexpr char kPage[] = "<!DOCTYPE html><title>shop</title><p>red shoes</p>";
constexpr char kHtml[] = "Content-Type: text/html; charset=utf-8\r\n";

bool Redirect(TestConnection& c, const std::string& location) {
  return c.Send(HttpAnswer(302, "Location: " + location + "\r\n", ""));
}

bool Coded(TestConnection& c, const std::string& coding, const std::string& body) {
  return c.Send(HttpAnswer(200, std::string(kHtml) + "Content-Encoding: " + coding + "\r\n", body));
}

bool SendForEver(TestConnection& c, const std::string& piece, milliseconds pause = {}) {
  while (c.Send(piece)) {
    if (pause.count() > 0 && !c.Pause(pause)) break;
  }
  return false;
}

std::string PortOf(const TestRequest& r) {
  const size_t host = r.head.find("Host: ");
  const size_t colon = r.head.find(':', host + 6);
  return r.head.substr(colon + 1, r.head.find('\r', colon) - colon - 1);
}

// HTTP that is right, or right enough, or broken in its own way.
const Behaviours& Named() {
  using C = TestConnection;
  using R = const TestRequest;
  static const Behaviours named = {
      // Good ones, or good enough.
      {"/ok", [](C& c, R&) { return c.Send(HttpAnswer(200, kHtml, kPage)); }},
      {"/continue",
       [](C& c, R&) {
         return c.Send("HTTP/1.1 100 Continue\r\n\r\n") && c.Send(HttpAnswer(200, kHtml, kPage));
       }},
      {"/early-hints",
       [](C& c, R&) {
         return c.Send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n") &&
                c.Send(HttpAnswer(200, kHtml, kPage));
       }},
      {"/gzip", [](C& c, R&) { return Coded(c, "gzip", GzipCompress(kPage, 6)); }},
      {"/zstd", [](C& c, R&) { return Coded(c, "zstd", ZstdCompress(kPage, 3)); }},
      {"/br",  // "hello", as one uncompressed block
       [](C& c, R&) { return Coded(c, "br", std::string("\x0b\x02\x80hello\x03", 9)); }},
      {"/chunked",
       [](C& c, R&) {
         return c.Send(
             "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
             "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Trailer: HTTP/1.1 500\r\n\r\n");
       }},
      {"/no-length",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nuntil the end");
         return false;
       }},
      {"/http10",
       [](C& c, R&) {
         c.Send("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nold");
         return false;
       }},
      {"/bare-newlines",
       [](C& c, R&) {
         return c.Send("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 2\n\nok");
       }},
      {"/wrong-length",  // more than announced
       [](C& c, R&) {
         c.Send(
             "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n0123456789");
         return false;
       }},
      {"/gzip-bomb",  // 4 MiB in 20 kB
       [](C& c, R&) {
         static const std::string bomb = GzipCompress(std::string(4u << 20, ' '), 1);
         return Coded(c, "gzip", bomb);
       }},
      {"/close-next",  // answers, then closes as soon as the next request is here
       [](C& c, R&) {
         c.Send(HttpAnswer(200, kHtml, kPage));
         c.ReadHead();
         return false;
       }},
      // Connections.
      {"/drop", [](C&, R&) { return false; }},
      {"/reset",
       [](C& c, R&) {
         c.Reset();
         return false;
       }},
      {"/partial",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\nsome");
         return false;
       }},
      {"/partial-header",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/h");
         return false;
       }},
      {"/cut-chunk",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nshort");
         return false;
       }},
      // Time.
      {"/silent",
       [](C& c, R&) {
         c.WaitForEnd();
         return false;
       }},
      {"/slow-header",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\n");
         return SendForEver(c, "X: y\r\n", milliseconds(50));
       }},
      {"/slow-body",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\nsome");
         c.WaitForEnd();
         return false;
       }},
      {"/drip",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n");
         return SendForEver(c, "x", milliseconds(20));
       }},
      // Size.
      {"/huge",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000000\r\n\r\n");
         c.WaitForEnd();
         return false;
       }},
      {"/endless",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
         return SendForEver(c, std::string(65536, 'x'));
       }},
      {"/endless-chunked",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n");
         return SendForEver(c, "10000\r\n" + std::string(65536, 'x') + "\r\n");
       }},
      {"/big-header",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nX-Big: " + std::string(1u << 20, 'x') + "\r\n\r\n");
         return false;
       }},
      {"/many-headers",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\n");
         return SendForEver(c, "X-Header: some value or other\r\n");
       }},
      {"/endless-continue",
       [](C& c, R&) { return SendForEver(c, "HTTP/1.1 100 Continue\r\n\r\n"); }},
      {"/endless-trailer",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n");
         return SendForEver(c, "X-Trailer: some value or other\r\n");
       }},
      // Form.
      {"/bad-chunk",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n");
         return false;
       }},
      {"/http09",
       [](C& c, R&) {
         c.Send("<p>no header at all</p>");
         return false;
       }},
      {"/garbage",
       [](C& c, R&) {
         c.Send(std::string("\x00\xff\x15\x03\x01 what is this\r\n\r\n", 22));
         return false;
       }},
      {"/null-header",
       [](C& c, R&) {
         c.Send(std::string("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n", 45));
         return false;
       }},
      {"/bad-status",
       [](C& c, R&) {
         c.Send("HTTP/1.1 twohundred OK\r\nContent-Length: 0\r\n\r\n");
         return false;
       }},
      {"/negative-length",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello");
         return false;
       }},
      {"/image",
       [](C& c, R&) {
         c.Send("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 100000\r\n\r\n");
         c.WaitForEnd();
         return false;
       }},
      // Status.
      {"/status-304", [](C& c, R&) { return c.Send("HTTP/1.1 304 Not Modified\r\n\r\n"); }},
      {"/status-403", [](C& c, R&) { return c.Send(HttpAnswer(403, kHtml, "no")); }},
      {"/status-404", [](C& c, R&) { return c.Send(HttpAnswer(404, kHtml, "none")); }},
      {"/status-410", [](C& c, R&) { return c.Send(HttpAnswer(410, kHtml, "gone")); }},
      {"/status-500", [](C& c, R&) { return c.Send(HttpAnswer(500, kHtml, "oh")); }},
      {"/status-503", [](C& c, R&) { return c.Send(HttpAnswer(503, kHtml, "oh")); }},
      {"/status-429", [](C& c, R&) { return c.Send(HttpAnswer(429, kHtml, "slowly")); }},
      {"/status-429-retry-after",
       [](C& c, R&) { return c.Send(HttpAnswer(429, "Retry-After: 3600\r\n", "slowly")); }},
      {"/status-503-date",
       [](C& c, R&) {
         return c.Send(HttpAnswer(503, "Retry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n", ""));
       }},
      {"/status-206", [](C& c, R&) { return c.Send(HttpAnswer(206, kHtml, "part")); }},
      // Redirects.
      {"/redirect-ok", [](C& c, R&) { return Redirect(c, "/ok"); }},
      {"/redirect-loop", [](C& c, R&) { return Redirect(c, "/redirect-loop"); }},
      {"/redirect-ping", [](C& c, R&) { return Redirect(c, "/redirect-pong"); }},
      {"/redirect-pong", [](C& c, R&) { return Redirect(c, "/redirect-ping#x"); }},
      {"/redirect-private",
       [](C& c, R&) { return Redirect(c, "http://169.254.169.254/latest/meta-data/"); }},
      {"/redirect-loopback",
       [](C& c, R& r) { return Redirect(c, "http://127.0.0.2:" + PortOf(r) + "/ok"); }},
      {"/redirect-octal",
       [](C& c, R& r) { return Redirect(c, "http://0177.0.0.02:" + PortOf(r) + "/ok"); }},
      {"/redirect-mapped",
       [](C& c, R& r) { return Redirect(c, "http://[::ffff:127.0.0.2]:" + PortOf(r) + "/ok"); }},
      {"/redirect-backslash",
       [](C& c, R& r) { return Redirect(c, "http:\\\\127.0.0.2:" + PortOf(r) + "\\ok"); }},
      {"/redirect-userinfo",
       [](C& c, R& r) {
         return Redirect(c, "http://127.0.0.1:" + PortOf(r) + "@127.0.0.2:" + PortOf(r) + "/ok");
       }},
      {"/redirect-file", [](C& c, R&) { return Redirect(c, "file:///etc/passwd"); }},
      {"/redirect-gopher", [](C& c, R&) { return Redirect(c, "gopher://127.0.0.1:25/x"); }},
      {"/redirect-script", [](C& c, R&) { return Redirect(c, "javascript:alert(1)"); }},
      {"/redirect-nowhere", [](C& c, R&) { return c.Send(HttpAnswer(302, "", "")); }},
      {"/redirect-offsite", [](C& c, R&) { return Redirect(c, "http://elsewhere.example/"); }},
  };
  return named;
}

// "/redirect-chain-7" leads to "/redirect-chain-6" and so on; "/redirect-chain-0" is a page.
bool Chain(TestConnection& c, const std::string& target) {
  const int left = std::atoi(target.c_str() + std::string_view("/redirect-chain-").size());
  if (left == 0) return c.Send(HttpAnswer(200, kHtml, kPage));
  return Redirect(c, "/redirect-chain-" + std::to_string(left - 1));
}

// An answer to be sent as it stands, after which the connection is closed.
TestServer::Behaviour Raw(std::string answer) {
  return [answer = std::move(answer)](TestConnection& c, const TestRequest&) {
    c.Send(answer);
    return false;
  };
}

// An answer after which the connection goes on.
TestServer::Behaviour Whole(int status, const std::string& headers, const std::string& body) {
  return [answer = HttpAnswer(status, headers, body)](TestConnection& c, const TestRequest&) {
    return c.Send(answer);
  };
}

TestServer::Behaviour To(const std::string& location) {
  return Whole(302, "Location: " + location + "\r\n", "");
}

// The same with "PORT" replaced by the server's own.
TestServer::Behaviour ToOwnPort(const std::string& location) {
  return [location](TestConnection& c, const TestRequest& r) {
    std::string target = location;
    for (size_t at; (at = target.find("PORT")) != std::string::npos;)
      target.replace(at, 4, PortOf(r));
    return Redirect(c, target);
  };
}

using Maker = std::function<std::string()>;

// Made when it is first asked for: some are large.
TestServer::Behaviour Lazily(Maker make) {
  struct Made {
    std::once_flag once;
    std::string bytes;
  };
  return [make = std::move(make), made = std::make_shared<Made>()](TestConnection& c,
                                                                   const TestRequest&) {
    std::call_once(made->once, [&] { made->bytes = make(); });
    return c.Send(made->bytes);
  };
}

TestServer::Behaviour CodedAs(const std::string& coding, Maker body) {
  return Lazily([coding, body = std::move(body)] {
    return HttpAnswer(200, std::string(kHtml) + "Content-Encoding: " + coding + "\r\n", body());
  });
}

TestServer::Behaviour Typed(const std::string& type, Maker body) {
  return Lazily([type, body = std::move(body)] {
    return HttpAnswer(200, "Content-Type: " + type + "\r\n", body());
  });
}

std::string BrotliCompress(const std::string& bytes) {
  std::string out(BrotliEncoderMaxCompressedSize(bytes.size()), '\0');
  size_t size = out.size();
  BrotliEncoderCompress(5, BROTLI_MAX_WINDOW_BITS, BROTLI_MODE_GENERIC, bytes.size(),
                        reinterpret_cast<const uint8_t*>(bytes.data()), &size,
                        reinterpret_cast<uint8_t*>(out.data()));
  out.resize(size);
  return out;
}

std::string Repeated(std::string_view piece, size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (size_t i = 0; i < times; ++i) out += piece;
  return out;
}

constexpr size_t kBomb = 24u << 20;  // three times what is read of a page

// Content codings.
void AddCodings(Behaviours& all) {
  all["/double-gzip"] =
      CodedAs("gzip, gzip", [] { return GzipCompress(GzipCompress(kPage, 6), 6); });
  all["/four-codings"] = CodedAs("gzip, gzip, gzip, gzip", [] { return std::string("x"); });
  all["/corrupt-gzip"] = CodedAs("gzip", [] { return std::string("this is no gzip"); });
  all["/cut-gzip"] =
      CodedAs("gzip", [] { return GzipCompress(Repeated("red shoes", 1000), 6).substr(0, 40); });
  all["/corrupt-br"] = CodedAs("br", [] { return std::string("\xff\xff\xff\xff"); });
  all["/corrupt-zstd"] =
      CodedAs("zstd", [] { return std::string("\x28\xb5\x2f\xfd\xff\xff\xff\xff"); });
  all["/wrong-coding-name"] = CodedAs("utf-8", [] { return std::string(kPage); });
  all["/unknown-coding"] =
      CodedAs("compress", [] { return std::string("\x1f\x9d\x90\x00\x01\x02", 6); });
  all["/coding-said-not-done"] = CodedAs("gzip", [] { return std::string(kPage); });
  all["/gzip-bomb-24m"] = CodedAs("gzip", [] { return GzipCompress(std::string(kBomb, ' '), 1); });
  all["/brotli-bomb"] = CodedAs("br", [] { return BrotliCompress(std::string(kBomb, ' ')); });
  all["/zstd-bomb"] = CodedAs("zstd", [] { return ZstdCompress(std::string(kBomb, ' '), 1); });
  all["/deflate-in-gzip-bomb"] = CodedAs(
      "gzip, gzip", [] { return GzipCompress(GzipCompress(std::string(kBomb, ' '), 9), 9); });
  // Two hundred thousand times nothing, well packed.
  all["/gzip-of-nothing"] = CodedAs("gzip", [] { return Repeated(GzipCompress("", 1), 200'000); });
  all["/zstd-of-nothing"] = CodedAs("zstd", [] { return Repeated(ZstdCompress("", 1), 400'000); });
  all["/coded-transfer-bomb"] = Lazily([] {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: gzip\r\n\r\n" +
           GzipCompress(std::string(kBomb, ' '), 1);
  });
}

// Header and framing.
void AddFraming(Behaviours& all) {
  const std::string ok = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
  all["/no-colon"] = Raw(ok + "this line has none\r\nContent-Length: 2\r\n\r\nok");
  all["/folded-header"] =
      Raw("HTTP/1.1 200 OK\r\nContent-Type: text/html;\r\n  charset=utf-8\r\n"
          "Content-Length: 2\r\n\r\nok");
  all["/blank-before-colon"] = Raw(ok + "Content-Length : 2\r\n\r\nok");
  all["/two-lengths"] = Raw(ok + "Content-Length: 2\r\nContent-Length: 20\r\n\r\nok");
  all["/length-list"] = Raw(ok + "Content-Length: 2, 20\r\n\r\nok");
  all["/same-length-twice"] = Raw(ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok");
  all["/endless-length"] = Raw(ok + "Content-Length: 99999999999999999999999\r\n\r\nok");
  all["/length-and-chunks"] = [ok](TestConnection& c, const TestRequest&) {
    return c.Send(ok +
                  "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "2\r\nok\r\n0\r\n\r\n");
  };
  all["/chunk-overflow"] =
      Raw(ok + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello\r\n0\r\n\r\n");
  all["/negative-chunk"] = Raw(ok + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n");
  all["/chunk-bomb"] = [ok](TestConnection& c, const TestRequest&) {
    c.Send(ok + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n");
    return SendForEver(c, std::string(65536, 'x'));
  };
  all["/endless-chunk-name"] = [ok](TestConnection& c, const TestRequest&) {
    c.Send(ok + "Transfer-Encoding: chunked\r\n\r\n5;");
    return SendForEver(c, std::string(65536, 'x'));
  };
  all["/tiny-chunks"] = [ok](TestConnection& c, const TestRequest&) {
    c.Send(ok + "Transfer-Encoding: chunked\r\n\r\n");
    return SendForEver(c, Repeated("1;" + std::string(60, 'n') + "\r\nx\r\n", 1000));
  };
  all["/unknown-transfer-coding"] =
      Raw(ok + "Transfer-Encoding: cow\r\nContent-Length: 2\r\n\r\nok");
  all["/upgrade"] = [](TestConnection& c, const TestRequest&) {
    c.Send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
    return SendForEver(c, "\x81\x05hello", milliseconds(1));
  };
  all["/no-content-with-body"] = [](TestConnection& c, const TestRequest&) {
    return c.Send(
        "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
  };
  all["/unchanged-with-body"] = [](TestConnection& c, const TestRequest&) {
    return c.Send(
        "HTTP/1.1 304 Not Modified\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
  };
  all["/answers-twice"] = [](TestConnection& c, const TestRequest&) {
    return c.Send(HttpAnswer(200, kHtml, kPage) + HttpAnswer(200, kHtml, "forged"));
  };
  all["/http10-keep-alive"] = [](TestConnection& c, const TestRequest&) {
    return c.Send(
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Type: text/html\r\n"
        "Content-Length: 2\r\n\r\nok");
  };
  all["/lower-case-http"] = Raw("http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  all["/http3-status"] = Raw("HTTP/3.7 200 OK\r\nContent-Length: 2\r\n\r\nok");
  all["/status-of-four-digits"] = Raw("HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok");
  all["/http2-preface"] = Raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  all["/empty-header"] = Raw("HTTP/1.1 200 OK\r\n\r\n");
  all["/long-status-line"] = Raw("HTTP/1.1 200 " + std::string(200'000, 'o') + "\r\n\r\n");
  all["/ftp"] = Raw("220 ProFTPD Server ready.\r\n");
  all["/ssh"] = Raw("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
  all["/only-newlines"] = [](TestConnection& c, const TestRequest&) {
    return SendForEver(c, Repeated("\r\n", 1000));
  };
}

// Statuses that ask for time.
void AddLimits(Behaviours& all) {
  const auto retry_after = [&](const char* name, int status, const char* value) {
    all[name] = Whole(status, std::string("Retry-After: ") + value + "\r\n", "slowly");
  };
  retry_after("/429-at-once", 429, "0");
  retry_after("/429-past-date", 429, "Sun, 06 Nov 1994 08:49:37 GMT");
  retry_after("/429-absurd-date", 429, "Fri, 31 Dec 9999 23:59:59 GMT");
  retry_after("/429-absurd-seconds", 429, "99999999999999999999999999");
  retry_after("/429-word", 429, "soon");
  retry_after("/503-seconds", 503, "600");
}

// Redirects. 127.0.0.2 is where nobody may come.
void AddRedirects(Behaviours& all) {
  all["/redirect-decimal"] = ToOwnPort("http://2130706434:PORT/ok");
  all["/redirect-hex"] = ToOwnPort("http://0x7f000002:PORT/ok");
  all["/redirect-short"] = ToOwnPort("http://127.2:PORT/ok");
  all["/redirect-dot"] = ToOwnPort("http://127.0.0.2.:PORT/ok");
  all["/redirect-fullwidth"] =
      ToOwnPort("http://\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.0.0.2:PORT/ok");
  all["/redirect-ideographic-stop"] = ToOwnPort(
      "http://127\xE3\x80\x82"
      "0\xE3\x80\x82"
      "0\xE3\x80\x82"
      "2:PORT/ok");
  all["/redirect-escaped"] = ToOwnPort("http://%31%32%37.0.0.2:PORT/ok");
  all["/redirect-tab"] = ToOwnPort("ht\ttp://127.0.0.2:PORT/ok");
  all["/redirect-slashes"] = ToOwnPort("http:////127.0.0.2:PORT/ok");
  all["/redirect-scheme-relative"] = ToOwnPort("//127.0.0.2:PORT/ok");
  all["/redirect-backslash-userinfo"] = ToOwnPort("http://127.0.0.1:PORT\\@127.0.0.2:PORT/ok");
  all["/redirect-userinfo-backslash"] = ToOwnPort("http://127.0.0.2:PORT\\@127.0.0.1:PORT/ok");
  all["/redirect-unspecified"] = ToOwnPort("http://0.0.0.0:PORT/ok");
  all["/redirect-loopback6"] = ToOwnPort("http://[::1]:PORT/ok");
  all["/redirect-nat64"] = ToOwnPort("http://[64:ff9b::127.0.0.2]:PORT/ok");
  all["/redirect-6to4"] = ToOwnPort("http://[2002:7f00:2::]:PORT/ok");
  all["/redirect-teredo"] = ToOwnPort("http://[2001:0:0:0:0:0:80ff:fffd]:PORT/ok");
  all["/redirect-compatible"] = ToOwnPort("http://[::127.0.0.2]:PORT/ok");
  all["/redirect-cgnat"] = To("http://100.64.0.1/");
  all["/redirect-fake-ip"] = To("http://198.18.0.7/");
  all["/redirect-metadata-name"] = To("http://metadata.google.internal/");
  all["/redirect-data"] = To("data:text/html,<p>hello");
  all["/redirect-blob"] = To("blob:http://127.0.0.1/x");
  all["/redirect-smtp-port"] = To("http://127.0.0.1:25/");
  all["/redirect-too-long"] = To("/" + std::string(9000, 'x'));
  all["/redirect-empty"] = To("");
  all["/redirect-bad-host"] = To("http://[::1/");
  all["/redirect-two-places"] = Whole(302, "Location: /ok\r\nLocation: http://127.0.0.2/\r\n", "");
  all["/redirect-to-self-fragment"] = To("/redirect-to-self-fragment#2");
  all["/redirect-300"] = Whole(300, "Location: /ok\r\n", "");
  all["/redirect-with-endless-body"] = [](TestConnection& c, const TestRequest&) {
    c.Send("HTTP/1.1 302 Found\r\nLocation: /ok\r\n\r\n");
    return SendForEver(c, std::string(65536, 'x'));
  };
  all["/refresh"] = Whole(200, std::string(kHtml) + "Refresh: 0; url=http://127.0.0.2/\r\n", kPage);
}

// Media and pages.
void AddPages(Behaviours& all) {
  const auto page = [&](const char* name, const char* type, Maker body) {
    all[name] = Typed(type, std::move(body));
  };
  page("/pdf", "application/pdf", [] { return "%PDF-1.7"; });
  page("/video", "VIDEO/mp4; codecs=x", [] { return "....ftyp"; });
  page("/bytes", "application/octet-stream", [] { return std::string(1000, '\x01'); });
  page("/picture-as-html", "text/html",
       [] { return "\x89PNG\r\n\x1a\n" + std::string(2000, '\x02'); });
  page("/wrong-charset", "text/html; charset=utf-8",  // the bytes are GB18030
       [] {
         return "<title>\xba\xec\xd0\xac</"
                "title><p>\xba\xec\xc9\xab\xc5\xae\xd0\xac\xc4\xcf\xcf\xdf</p>";
       });
  page("/unknown-charset", "text/html; charset=klingon", [] { return kPage; });
  page("/no-type", "", [] { return kPage; });
  page("/nul-bytes", "text/html", [] { return "<p>red" + std::string(100, '\0') + "shoes</p>"; });
  page("/empty", "text/html", [] { return ""; });
  page("/deep-nesting", "text/html", [] { return Repeated("<div>", 100'000); });
  page("/deep-tables", "text/html", [] { return Repeated("<table><tr><td>", 16'000); });
  page("/huge-attribute", "text/html",
       [] { return "<p title='" + std::string(3u << 20, 'a') + "'>red shoes</p>"; });
  page("/formatting-bomb", "text/html", [] {
    std::string bold;
    for (int i = 0; i < 400; ++i) bold += "<b i=" + std::to_string(i) + ">";
    return bold + Repeated("<p>x", 10'000);
  });
  page("/many-links", "text/html", [] {
    std::string links;
    for (int i = 0; i < 100'000; ++i)
      links += "<a href=/p" + std::to_string(i) + ">" + std::to_string(i) + "</a>";
    return links;
  });
  page("/many-attributes", "text/html", [] {
    std::string out = "<p";
    for (int i = 0; i < 50'000; ++i) out += " a" + std::to_string(i) + "=1";
    return out + ">red shoes</p>";
  });
  page("/entities", "text/html", [] { return "<p>" + Repeated("&amp;", 500'000) + "</p>"; });
  page("/unclosed-comment", "text/html", [] { return Repeated("<!--", 500'000); });
  page("/unclosed-script", "text/html", [] { return "<script>" + Repeated("</scrip", 300'000); });
  page("/deep-json", "application/json", [] { return Repeated("[", 1'000'000); });
}

const Behaviours& All() {
  static const Behaviours all = [] {
    Behaviours made = Named();
    AddCodings(made);
    AddFraming(made);
    AddLimits(made);
    AddRedirects(made);
    AddPages(made);
    return made;
  }();
  return all;
}

}  // namespace

TestServer::Behaviour NamedBehaviour(const std::string& target) {
  if (const auto it = All().find(target); it != All().end()) return it->second;
  if (target.starts_with("/redirect-chain-")) {
    return [](TestConnection& c, const TestRequest& r) { return Chain(c, r.target); };
  }
  return Whole(404, kHtml, "no such behaviour");
}

}  // namespace cluehound::testing
