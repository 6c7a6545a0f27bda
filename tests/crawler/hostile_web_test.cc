#include <openssl/ssl.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <set>

#include "base/content_coding.h"
#include "extractors/page_reader.h"
#include "tests/crawler/crawl.h"

// Ways for a server to behave, most of them badly (tests/testing/named_behaviours.cc), each with the
// outcome that it must come to: first of the fetch, then of the reading of what came.
namespace cluehound::crawler {
namespace {

using std::chrono::milliseconds;
using testing::TestConnection;
using testing::TestIdentity;
using testing::TestRequest;
using testing::TestServer;

struct Row {
  const char* path;
  Outcome fetched;
  size_t requests;  // of this path
  Outcome read;     // after a fetch that is kOk
  const char* why;  // part of the reason of the one that is not kOk
};
constexpr Outcome kNone = Outcome::kOk;  // nothing is read

// A server may not be slow in these but by our own machine.
const Row kQuick[] = {
    // Right, or right enough. A text without any mark-up is no page, however well it came.
    {"/ok", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/continue", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/early-hints", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/gzip", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/br", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/zstd", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/chunked", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/no-length", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/http10", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/http10-keep-alive", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/bare-newlines", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    // Connections.
    {"/drop", Outcome::kDropped, 4, kNone, ""},  // one more: the first was on a used connection
    {"/reset", Outcome::kDropped, 4, kNone, ""},
    {"/partial", Outcome::kDropped, 3, kNone, "remaining to read"},
    {"/partial-header", Outcome::kDropped, 3, kNone, "inside the header"},
    {"/cut-chunk", Outcome::kDropped, 3, kNone, ""},
    // Content codings.
    {"/double-gzip", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/four-codings", Outcome::kOk, 1, Outcome::kNotHtml,
     ""},  // unknown, and a text: taken as it is
    {"/corrupt-gzip", Outcome::kOk, 1, Outcome::kBadResponse, ""},
    {"/cut-gzip", Outcome::kOk, 1, Outcome::kBadResponse, ""},
    {"/corrupt-br", Outcome::kOk, 1, Outcome::kBadResponse, ""},
    {"/corrupt-zstd", Outcome::kOk, 1, Outcome::kBadResponse, ""},
    {"/wrong-coding-name", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/unknown-coding", Outcome::kOk, 1, Outcome::kBadResponse, ""},
    {"/coding-said-not-done", Outcome::kOk, 1, Outcome::kBadResponse, ""},
    {"/gzip-bomb-24m", Outcome::kOk, 1, Outcome::kBodyTooLarge, ""},
    {"/brotli-bomb", Outcome::kOk, 1, Outcome::kBodyTooLarge, ""},
    {"/zstd-bomb", Outcome::kOk, 1, Outcome::kBodyTooLarge, ""},
    {"/deflate-in-gzip-bomb", Outcome::kOk, 1, Outcome::kBodyTooLarge, ""},
    {"/gzip-of-nothing", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/zstd-of-nothing", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/coded-transfer-bomb", Outcome::kBadResponse, 3, kNone, "transfer coding gzip"},
    // Size.
    {"/huge", Outcome::kBodyTooLarge, 1, kNone, "announces 1000000000 bytes"},
    {"/endless", Outcome::kBodyTooLarge, 1, kNone, "more than"},
    {"/endless-chunked", Outcome::kBodyTooLarge, 1, kNone, "more than"},
    {"/endless-length", Outcome::kBadResponse, 3, kNone, "no length"},
    {"/chunk-bomb", Outcome::kBodyTooLarge, 1, kNone, "more than"},
    {"/big-header", Outcome::kHeaderTooLarge, 1, kNone, ""},
    {"/many-headers", Outcome::kHeaderTooLarge, 1, kNone, "header of more than"},
    {"/long-status-line", Outcome::kHeaderTooLarge, 1, kNone, ""},
    {"/endless-continue", Outcome::kHeaderTooLarge, 1, kNone, "header of more than"},
    {"/endless-trailer", Outcome::kHeaderTooLarge, 1, kNone, "header of more than"},
    {"/endless-chunk-name", Outcome::kBadResponse, 3, kNone, "framing"},
    {"/tiny-chunks", Outcome::kBadResponse, 3, kNone, "framing"},
    // Form.
    {"/wrong-length", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/no-colon", Outcome::kBadResponse, 3, kNone, "without colon"},
    {"/folded-header", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/blank-before-colon", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/same-length-twice", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/two-lengths", Outcome::kBadResponse, 3, kNone, "two lengths"},
    {"/length-list", Outcome::kBadResponse, 3, kNone, "two lengths"},
    {"/negative-length", Outcome::kBadResponse, 3, kNone, ""},
    {"/length-and-chunks", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/bad-chunk", Outcome::kBadResponse, 3, kNone, ""},
    {"/negative-chunk", Outcome::kBadResponse, 3, kNone, ""},
    {"/chunk-overflow", Outcome::kBadResponse, 3, kNone, ""},
    {"/unknown-transfer-coding", Outcome::kBadResponse, 3, kNone, "transfer coding cow"},
    {"/null-header", Outcome::kBadResponse, 3, kNone, ""},
    {"/bad-status", Outcome::kBadResponse, 3, kNone, ""},
    {"/status-of-four-digits", Outcome::kBadResponse, 3, kNone, ""},
    {"/http09", Outcome::kBadResponse, 3, kNone, "HTTP/0.9"},
    {"/lower-case-http", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/http3-status", Outcome::kBadResponse, 3, kNone, ""},
    {"/http2-preface", Outcome::kBadResponse, 3, kNone, ""},
    {"/garbage", Outcome::kBadResponse, 3, kNone, ""},
    {"/ftp", Outcome::kBadResponse, 3, kNone, ""},
    {"/ssh", Outcome::kBadResponse, 3, kNone, ""},
    {"/upgrade", Outcome::kBadResponse, 3, kNone, "nobody asked for"},
    {"/empty-header", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/no-content-with-body", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    // Status.
    {"/status-304", Outcome::kBadResponse, 3, kNone, "status 304"},
    {"/unchanged-with-body", Outcome::kBadResponse, 3, kNone, "status 304"},
    {"/status-206", Outcome::kBadResponse, 3, kNone, "status 206"},
    {"/status-403", Outcome::kClientError, 1, kNone, "status 403"},
    {"/status-404", Outcome::kGone, 1, kNone, "status 404"},
    {"/status-410", Outcome::kGone, 1, kNone, "status 410"},
    {"/status-500", Outcome::kServerError, 3, kNone, "status 500"},
    {"/status-503", Outcome::kServerError, 3, kNone, "status 503"},
    {"/status-429", Outcome::kRateLimited, 3, kNone, "status 429"},
    {"/429-at-once", Outcome::kRateLimited, 3, kNone, "status 429"},
    {"/429-past-date", Outcome::kRateLimited, 3, kNone, "status 429"},
    {"/429-word", Outcome::kRateLimited, 3, kNone, "status 429"},
    {"/429-absurd-date", Outcome::kRateLimited, 1, kNone, "status 429"},
    {"/429-absurd-seconds", Outcome::kRateLimited, 1, kNone, "status 429"},
    {"/status-429-retry-after", Outcome::kRateLimited, 1, kNone, "status 429"},
    {"/503-seconds", Outcome::kRateLimited, 1, kNone, "status 503"},
    {"/status-503-date", Outcome::kRateLimited, 1, kNone, "status 503"},
    // Redirects.
    {"/redirect-ok", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/redirect-chain-10", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/redirect-chain-11", Outcome::kTooManyRedirects, 1, kNone, "more than 10"},
    {"/redirect-loop", Outcome::kTooManyRedirects, 1, kNone, "circle"},
    {"/redirect-ping", Outcome::kTooManyRedirects, 1, kNone, "circle"},
    {"/redirect-to-self-fragment", Outcome::kTooManyRedirects, 1, kNone, "circle"},
    {"/redirect-private", Outcome::kAddressRefused, 1, kNone, "169.254.169.254"},
    {"/redirect-loopback", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-octal", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-decimal", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-hex", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-short", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-dot", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-fullwidth", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-ideographic-stop", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-escaped", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-tab", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-slashes", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-scheme-relative", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-backslash", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-userinfo", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    {"/redirect-userinfo-backslash", Outcome::kAddressRefused, 1, kNone, "127.0.0.2"},
    // The host ends at the backslash, for the one parser that there is: back to where it came from.
    {"/redirect-backslash-userinfo", Outcome::kGone, 1, kNone, "status 404"},
    {"/redirect-unspecified", Outcome::kAddressRefused, 1, kNone, "0.0.0.0"},
    {"/redirect-loopback6", Outcome::kAddressRefused, 1, kNone, "::1"},
    {"/redirect-mapped", Outcome::kAddressRefused, 1, kNone, "IPv4-mapped"},
    {"/redirect-compatible", Outcome::kAddressRefused, 1, kNone, "IPv4-compatible"},
    {"/redirect-nat64", Outcome::kAddressRefused, 1, kNone, "NAT64"},
    {"/redirect-6to4", Outcome::kAddressRefused, 1, kNone, "6to4"},
    {"/redirect-teredo", Outcome::kAddressRefused, 1, kNone, "Teredo"},
    {"/redirect-cgnat", Outcome::kAddressRefused, 1, kNone, "carrier-grade NAT"},
    {"/redirect-fake-ip", Outcome::kAddressRefused, 1, kNone, "fake-IP"},
    {"/redirect-metadata-name", Outcome::kOutOfScope, 1, kNone, "metadata.google.internal"},
    {"/redirect-offsite", Outcome::kOutOfScope, 1, kNone, "elsewhere.example"},
    {"/redirect-file", Outcome::kBadRedirect, 1, kNone, "file:"},
    {"/redirect-gopher", Outcome::kBadRedirect, 1, kNone, "gopher:"},
    {"/redirect-script", Outcome::kBadRedirect, 1, kNone, "javascript:"},
    {"/redirect-data", Outcome::kBadRedirect, 1, kNone, "data:"},
    {"/redirect-blob", Outcome::kBadRedirect, 1, kNone, "blob:"},
    {"/redirect-smtp-port", Outcome::kBadRedirect, 1, kNone, "port 25"},
    {"/redirect-too-long", Outcome::kBadRedirect, 1, kNone, ""},
    {"/redirect-bad-host", Outcome::kBadRedirect, 1, kNone, ""},
    {"/redirect-nowhere", Outcome::kBadRedirect, 1, kNone, "without a Location"},
    {"/redirect-empty", Outcome::kBadRedirect, 1, kNone, "without a Location"},
    {"/redirect-two-places", Outcome::kOk, 1, Outcome::kOk, ""},  // the first one counts
    {"/redirect-300", Outcome::kBadResponse, 3, kNone, "status 300"},
    {"/redirect-with-endless-body", Outcome::kBodyTooLarge, 1, kNone, "more than"},
    {"/refresh", Outcome::kOk, 1, Outcome::kOk, ""},  // followed by nobody
    // Media and pages.
    {"/image", Outcome::kNotHtml, 1, kNone, "image/png"},
    {"/pdf", Outcome::kNotHtml, 1, kNone, "application/pdf"},
    {"/video", Outcome::kNotHtml, 1, kNone, "VIDEO/mp4"},
    {"/bytes", Outcome::kNotHtml, 1, kNone, "octet-stream"},
    {"/picture-as-html", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/wrong-charset", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/unknown-charset", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/no-type", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/nul-bytes", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/empty", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/deep-nesting", Outcome::kOk, 1, Outcome::kTooDeep, ""},
    {"/deep-tables", Outcome::kOk, 1, Outcome::kTooDeep, ""},
    {"/deep-json", Outcome::kOk, 1, Outcome::kNotHtml, ""},
    {"/huge-attribute", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/many-attributes", Outcome::kOk, 1, Outcome::kTooCostly, ""},
    {"/formatting-bomb", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/many-links", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/entities", Outcome::kOk, 1, Outcome::kOk, ""},
    {"/unclosed-comment", Outcome::kOk, 1, Outcome::kBlocked, ""},
    {"/unclosed-script", Outcome::kOk, 1, Outcome::kBlocked, ""},
};

// These are waited for; the limits are those of the test.
const Row kSlow[] = {
    {"/silent", Outcome::kTimeout, 3, kNone, ""},
    {"/slow-header", Outcome::kTimeout, 3, kNone, ""},
    {"/slow-body", Outcome::kTimeout, 3, kNone, ""},
    {"/drip", Outcome::kTimeout, 3, kNone, ""},
};

const extractors::PageReader& Reader() {
  static const auto reader = [] {
    Diagnostics diagnostics;
    auto made = extractors::PageReader::Create("", extractors::ReadLimits(), diagnostics);
    REQUIRE_OK(made);
    return std::move(made).value();
  }();
  return *reader;
}

// What a worker makes of an answer: content coding off under the cap, then read.
extractors::PageReading ReadAnswer(const evidence::Exchange& answer) {
  extractors::PageReading reading;
  CodedBody body = DecodeContent(evidence::HeaderList(answer.header_block, "Content-Encoding"),
                                 answer.coded_body, extractors::ReadLimits().max_bytes);
  if (body.status == CodedBody::Status::kUnknown &&
      std::none_of(answer.coded_body.begin(), answer.coded_body.end(),
                   [](char c) { return c >= 0 && c < ' '; })) {
    body = {CodedBody::Status::kOk, answer.coded_body};
  }
  if (body.status != CodedBody::Status::kOk) {
    reading.outcome = body.status == CodedBody::Status::kTooLarge ? Outcome::kBodyTooLarge
                                                                  : Outcome::kBadResponse;
    return reading;
  }
  extractors::PageInput input;
  input.bytes = body.bytes;
  const std::string type = evidence::HeaderValue(answer.header_block, "Content-Type");
  input.content_type = type;
  input.url = answer.url;
  return Reader().Read(input);
}

void Expect(const Row& row, milliseconds total) {
  INFO(row.path);
  TestServer server;
  TestServer other("127.0.0.2");  // where nobody may come
  Crawl crawl;
  crawl.options.transfer.limits.total = total;
  crawl.options.transfer.limits.max_body = 4u << 20;
  const FetchResult result = crawl.One(server.Url(row.path));
  INFO(result.reason);
  CHECK(Name(result.outcome) == Name(row.fetched));
  CHECK(result.reason.empty() == (row.fetched == Outcome::kOk));
  CHECK(server.requests(row.path).size() == row.requests);
  CHECK(server.requests("/robots.txt").size() == 1);
  CHECK(other.requests().empty());
  CHECK(crawl.order.size() == 1);
  CHECK(Count(crawl.fetcher->progress(), row.fetched) == 1);
  CHECK(crawl.fetcher->progress().finished == 1);
  CHECK(result.retry_at.has_value() == Info(row.fetched).retry);
  if (row.fetched != Outcome::kOk) CHECK(result.reason.find(row.why) != std::string::npos);
  REQUIRE(result.page != nullptr);
  CHECK(result.page->asked_url() == server.Url(row.path));
  if (result.outcome != Outcome::kOk) return;
  const extractors::PageReading reading = ReadAnswer(result.page->answer());
  INFO(reading.reason);
  CHECK(Name(reading.outcome) == Name(row.read));
  CHECK(reading.links.size() <= extractors::ReadLimits().max_links);
}

TEST_CASE("hostile: every behaviour of a server ends in its outcome, once, and never in a crash") {
  std::set<std::string_view> names;
  for (const Row& row : kQuick) {
    Expect(row, std::chrono::seconds(60));
    CHECK(names.insert(row.path).second);
  }
  CHECK(names.size() >= 40);
}

TEST_CASE("hostile: a server that takes its time ends in a timeout") {
  for (const Row& row : kSlow) Expect(row, milliseconds(100));
}

// ---------------------------------------------------------------- one answer for another

TEST_CASE("hostile: what comes behind an answer is not taken for the answer to the next question") {
  for (const char* path : {"/no-content-with-body", "/unchanged-with-body", "/answers-twice",
                           "/wrong-length", "/length-and-chunks"}) {
    INFO(path);
    TestServer server;
    Crawl crawl;
    crawl.options.max_retries = 0;
    crawl.options.transfer.limits.total = std::chrono::seconds(20);
    crawl.AddSource("shop", {server.Url(path), server.Url("/ok?1"), server.Url("/ok?2")});
    server.ServeHtml("/ok?1", "first");
    server.ServeHtml("/ok?2", "second");
    REQUIRE_OK(crawl.Run());
    const FetchResult& next = crawl.ResultOf(server.Url("/ok?1"));
    REQUIRE(next.outcome == Outcome::kOk);
    CHECK(next.page->answer().coded_body == "first");
    CHECK(crawl.ResultOf(server.Url("/ok?2")).page->answer().coded_body == "second");
  }
}

// ---------------------------------------------------------------- names

TEST_CASE("hostile: a name that turns private between two pages is refused from then on") {
  TestServer server;
  const std::string base = "http://shop.example:" + std::to_string(server.port());
  Crawl crawl;
  crawl.options.resolver.keep = milliseconds(1);
  std::atomic<int> asked{0};
  crawl.options.lookup = [&](const std::string&) -> Result<std::vector<IpAddress>> {
    return std::vector<IpAddress>{++asked < 3 ? Ip("127.0.0.1") : Ip("10.0.0.1")};
  };
  std::vector<std::string> seeds;
  for (int i = 0; i < 8; ++i) seeds.push_back(base + "/p" + std::to_string(i));
  SourceSettings& source = crawl.AddSource("shop", seeds);
  source.pace = milliseconds(5);  // each page asks for the name anew
  source.allow_addresses = {*Cidr::Parse("127.0.0.1")};
  REQUIRE_OK(crawl.Run());
  size_t refused = 0;
  for (const auto& [url, result] : crawl.results) {
    if (result.outcome == Outcome::kAddressRefused) ++refused;
  }
  CHECK(refused > 0);
  CHECK(refused + server.requests().size() - 1 == 8);  // robots.txt is one more
  REQUIRE(crawl.log.size() == 1);                      // said once, with the remedy
  CHECK(crawl.log[0].find("allow_addresses: [10.0.0.1]") != std::string::npos);
}

TEST_CASE("hostile: fake-IP DNS is explained with what to do") {
  Crawl crawl;
  crawl.names["shop.example"] = {Ip("198.18.3.4")};
  const FetchResult result = crawl.One("http://shop.example/");
  CHECK(result.outcome == Outcome::kAddressRefused);
  CHECK(result.reason.find("fake-IP") != std::string::npos);
  CHECK(result.reason.find("allow_addresses: [198.18.0.0/15]") != std::string::npos);
  REQUIRE(crawl.log.size() == 1);
  CHECK(crawl.log[0].find("fake-IP") != std::string::npos);
}

// ---------------------------------------------------------------- TLS

struct TlsCase {
  TestIdentity identity;
  int max_version = 0;
  bool trusted = true;
  std::string host = "127.0.0.1";
  std::string path = "/ok";
  Outcome outcome = Outcome::kTlsFailed;
  std::string why;
};

TEST_CASE("hostile: what is wrong with TLS ends in tls_failed, with the reason") {
  testing::TempDir dir;
  const TestIdentity good = TestIdentity::SelfSigned();
  const TlsCase cases[] = {
      {good, 0, true, "127.0.0.1", "/ok", Outcome::kOk, ""},
      {good, TLS1_2_VERSION, true, "127.0.0.1", "/ok", Outcome::kOk, ""},
      {good, TLS1_1_VERSION, true, "127.0.0.1", "/ok", Outcome::kTlsFailed, "version"},
      {good, TLS1_VERSION, true, "127.0.0.1", "/ok", Outcome::kTlsFailed, "version"},
      {good, 0, false, "127.0.0.1", "/ok", Outcome::kTlsFailed, "self-signed"},
      {good, 0, true, "shop.example", "/ok", Outcome::kTlsFailed, "shop.example"},
      {TestIdentity::SelfSigned(true), 0, true, "127.0.0.1", "/ok", Outcome::kTlsFailed, "expired"},
      {TestIdentity::SelfSigned(false, true), 0, true, "127.0.0.1", "/ok", Outcome::kTlsFailed,
       "not yet valid"},
      {good, 0, true, "127.0.0.1", "/garbage", Outcome::kBadResponse, ""},
      {good, 0, true, "127.0.0.1", "/drop", Outcome::kDropped, ""},
  };
  for (const TlsCase& row : cases) {
    INFO(row.host << row.path << " " << row.why);
    TestServer server(row.identity, row.max_version);
    server.Serve("/robots.txt", 404, "", "");
    Crawl crawl;
    crawl.options.transfer.limits.total = std::chrono::seconds(20);
    crawl.options.transfer.limits.connect = std::chrono::seconds(20);
    if (row.trusted) {
      crawl.options.transfer.ca_file = dir.path() / "ca.pem";
      std::ofstream(crawl.options.transfer.ca_file) << row.identity.certificate_pem;
    }
    crawl.names["shop.example"] = {Ip("127.0.0.1")};
    const std::string url = "https://" + row.host + ":" + std::to_string(server.port()) + row.path;
    crawl.AddSource("shop", {url}).allow_addresses = {*Cidr::Parse("127.0.0.1")};
    REQUIRE_OK(crawl.Run());
    const FetchResult& result = crawl.ResultOf(url);
    INFO(result.reason);
    if (row.outcome == Outcome::kTlsFailed) {  // robots.txt comes first, and is no better off
      CHECK(result.outcome == Outcome::kRobotsUnreachable);
    } else {
      CHECK(Name(result.outcome) == Name(row.outcome));
      CHECK(result.page->answer().tls.chain_sha256.size() <= 1);
    }
    CHECK(result.reason.find(row.why) != std::string::npos);
  }
}

TEST_CASE("hostile: a handshake that stalls, or is none, ends") {
  for (const bool stalls : {true, false}) {
    TestServer server;
    server.On("tls-hello", [&](TestConnection& c, const TestRequest&) {
      if (stalls) c.WaitForEnd();
      c.Send("\x16\x03\x03 garbage and no handshake");
      return false;
    });
    Crawl crawl;
    crawl.options.transfer.limits.connect = milliseconds(stalls ? 100 : 20'000);
    crawl.options.transfer.limits.total = milliseconds(20'000);
    const FetchResult result = crawl.One("https://" + server.authority() + "/ok");
    INFO(result.reason);
    CHECK(result.outcome == Outcome::kRobotsUnreachable);
    CHECK_FALSE(result.reason.empty());
  }
}

// ---------------------------------------------------------------- robots.txt

TEST_CASE("hostile: robots.txt that is a page, endless, or huge is read as far as it is one") {
  struct Case {
    const char* name;
    std::string body;
    bool allowed;
  };
  const Case cases[] = {
      {"a page", "<!DOCTYPE html><title>404</title><p>User-agent: nobody</p>", true},
      {"a megabyte of comments, then a rule",
       std::string(1u << 20, '#') + "\nUser-agent: *\nDisallow: /\n", true},
      {"a rule, then a megabyte", "User-agent: *\nDisallow: /\n" + std::string(1u << 20, '#'),
       false},
      {"NUL bytes", std::string("User-agent: *\nDis\0allow: /\n", 27), true},
      {"empty", "", true},
  };
  for (const Case& row : cases) {
    INFO(row.name);
    TestServer server;
    server.Serve("/robots.txt", 200, "", row.body);
    Crawl crawl;
    crawl.options.transfer.limits.total = std::chrono::seconds(20);
    const FetchResult result = crawl.One(server.Url("/ok"));
    CHECK(Name(result.outcome) == Name(row.allowed ? Outcome::kOk : Outcome::kRobotsRefused));
  }
  for (const char* path : {"/endless", "/gzip-bomb-24m", "/redirect-file", "/redirect-smtp-port"}) {
    INFO(path);
    TestServer server;
    server.Serve("/robots.txt", 302, std::string("Location: ") + path + "\r\n", "");
    Crawl crawl;
    crawl.options.transfer.limits.total = std::chrono::seconds(20);
    const FetchResult result = crawl.One(server.Url("/ok"));
    INFO(result.reason);
    const bool bomb = std::string_view(path) == "/gzip-bomb-24m";
    CHECK(Name(result.outcome) == Name(bomb ? Outcome::kRobotsUnreachable : Outcome::kOk));
  }
}

// ---------------------------------------------------------------- others do not suffer

TEST_CASE("hostile: twenty hosts that stall cost nothing but their own pages") {
  TestServer server("0.0.0.0");
  const std::string port = ":" + std::to_string(server.port());
  Crawl crawl;
  crawl.options.once = false;
  crawl.options.max_retries = 0;
  crawl.options.stop_grace = milliseconds(1);
  // The stalls outlast the test: it ends when everything else is there.
  crawl.options.transfer.limits.total = std::chrono::minutes(10);
  crawl.options.transfer.limits.low_speed_time = std::chrono::minutes(10);
  const auto host = [&](const std::string& name, int number, int pages, const std::string& path) {
    const std::string full = name + std::to_string(number) + ".example";
    crawl.names[full] = {Ip(("127.0.1." + std::to_string(1 + number)).c_str())};
    std::vector<std::string> seeds;
    for (int i = 0; i < pages; ++i)
      seeds.push_back("http://" + full + port + path + "?" + std::to_string(i));
    crawl.AddSource(name + std::to_string(number), seeds).allow_addresses = {
        *Cidr::Parse("127.0.0.0/8")};
  };
  // Half of them before robots.txt is there, a quarter in the header, a quarter in the body.
  const auto stall = [](const std::string& before) {
    return [before](TestConnection& c, const TestRequest&) {
      c.Send(before);
      c.WaitForEnd();
      return false;
    };
  };
  constexpr int kPages = 20;
  for (int i = 0; i < 20; ++i) host("stall", i, kPages, i % 2 == 0 ? "/head" : "/body");
  for (int i = 0; i < 5; ++i) host("good", 20 + i, kPages, "/ok");
  for (int i = 0; i < kPages; ++i) {
    server.On("/head?" + std::to_string(i), stall("HTTP/1.1 200 OK\r\nX: "));
    server.On("/body?" + std::to_string(i), stall("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"));
    server.ServeHtml("/ok?" + std::to_string(i), "page");
  }
  server.On("/robots.txt", [](TestConnection& c, const TestRequest& r) {
    if (r.head.find("Host: stall1") != std::string::npos) c.WaitForEnd();
    return c.Send(testing::HttpAnswer(404, "", ""));
  });
  crawl.on_result = [&] {
    if (crawl.order.size() == 5 * kPages) crawl.fetcher->Stop();
  };
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE_OK(crawl.Run());
  const auto took = std::chrono::steady_clock::now() - begin;
  CHECK(crawl.order.size() == 5 * kPages);
  for (const std::string& url : crawl.order) CHECK(url.starts_with("http://good"));
  WARN("100 pages of 5 hosts beside 20 that stall: "
       << std::chrono::duration_cast<milliseconds>(took).count() << " ms");
}

TEST_CASE("ours: an address at which everything stalls leaves connections for the others") {
  TestServer server("0.0.0.0");
  const std::string port = ":" + std::to_string(server.port());
  server.On("/stall", [](TestConnection& c, const TestRequest&) {
    c.WaitForEnd();
    return false;
  });
  server.On("/after-stalls", [&](TestConnection& c, const TestRequest&) {
    while (server.requests("/stall").size() < 4 && c.Pause(milliseconds(1))) {
    }
    return c.Send(testing::HttpAnswer(200, "Content-Type: text/html\r\n", "x"));
  });
  Crawl crawl;
  crawl.options.once = false;
  crawl.options.stop_grace = milliseconds(1);
  crawl.options.max_in_flight = 8;
  crawl.options.connections_per_address = 4;
  crawl.options.transfer.limits.total = std::chrono::minutes(10);
  crawl.options.transfer.limits.low_speed_time = std::chrono::minutes(10);
  for (int i = 0; i < 12; ++i) {
    const std::string name = (i < 10 ? "a" : "z") + std::to_string(i) + ".example";
    crawl.names[name] = {Ip(i < 10 ? "127.0.0.5" : "127.0.0.6")};
    crawl
        .AddSource("s" + std::to_string(i),
                   {"http://" + name + port + (i < 10 ? "/stall" : "/after-stalls")})
        .allow_addresses = {*Cidr::Parse("127.0.0.0/8")};
  }
  crawl.on_result = [&] {
    if (crawl.order.size() == 2) crawl.fetcher->Stop();
  };
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.order.size() == 2);
  CHECK(server.requests("/stall").size() == 4);
}

}  // namespace
}  // namespace cluehound::crawler
