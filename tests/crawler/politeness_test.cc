#include "crawler/politeness.h"

#include "crawler/answer.h"
#include "crawler/host_queue.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const IpAddress kOne = *IpAddress::Parse("1.1.1.1");
const IpAddress kTwo = *IpAddress::Parse("2.2.2.2");
constexpr Duration kGrain(1);

Instant At(int64_t ms) { return FromMillis(10'000'000 + ms); }

struct Fixture {
  Instant now = FromMillis(10'000'000);
  Politeness polite{PoliteLimits()};

  void Request(const std::string& authority, const IpAddress& address = kOne) {
    polite.Begin(authority, address, now);
    polite.Sent(authority, address, now);
    polite.End(authority, address, now, now);
  }
};

TEST_CASE("promise 4: the interval runs from the request before, exactly") {
  Fixture f;
  f.polite.SetPace("a", seconds(2));
  CHECK(f.polite.Earliest("a", f.now) == f.now);
  f.Request("a");
  CHECK(f.polite.Earliest("a", f.now) == f.now + seconds(2) + kGrain);
  CHECK(f.polite.Earliest("a", f.now + hours(1)) == f.now + seconds(2) + kGrain);
  CHECK(f.polite.Earliest("b", f.now) == f.now);
}

TEST_CASE("promise 4: it begins when the request is sent, not while it connects") {
  Fixture f;
  f.polite.SetPace("a", seconds(2));
  f.polite.Begin("a", kOne, f.now);
  f.now += seconds(7);
  CHECK(f.polite.Earliest("a", f.now) == f.now + seconds(2) + kGrain);
  f.polite.Sent("a", kOne, f.now);
  f.now += seconds(1);
  CHECK(f.polite.Earliest("a", f.now) == f.now + seconds(1) + kGrain);
  f.polite.End("a", kOne, f.now - seconds(1), f.now);
  const Duration way = std::chrono::milliseconds(250);  // at most
  CHECK(f.polite.Earliest("a", f.now) == f.now + seconds(1) + way + kGrain);
}

TEST_CASE("promise 4: it begins when the request arrived, which may be long after it was sent") {
  Fixture f;
  f.polite.SetPace("a", seconds(2));
  f.polite.Begin("a", kOne, f.now);
  f.polite.Sent("a", kOne, f.now);
  const Instant sent = f.now;
  f.now += std::chrono::milliseconds(80);
  f.polite.End("a", kOne, sent, f.now);
  CHECK(f.polite.Earliest("a", f.now) == f.now + seconds(2) + kGrain);
  CHECK(f.polite.Earliest(kOne, seconds(3), f.now) == f.now + seconds(3) + kGrain);
  // No way is as long as a slow page.
  f.polite.SetPace("b", seconds(2));
  f.polite.Begin("b", std::nullopt, f.now);
  f.polite.Sent("b", std::nullopt, f.now);
  const Instant sent_to_b = f.now;
  f.polite.End("b", std::nullopt, sent_to_b, f.now + seconds(9));
  CHECK(f.polite.Earliest("b", f.now) < sent_to_b + seconds(3));
}

TEST_CASE("ours: an attempt that found no connection counts as a request of its beginning") {
  Fixture f;
  f.polite.SetPace("a", seconds(2));
  f.polite.Begin("a", kOne, f.now);
  f.polite.End("a", kOne, std::nullopt, f.now);
  CHECK(f.polite.Earliest("a", f.now) == f.now + seconds(2) + kGrain);
}

TEST_CASE("promise 4: the larger of pace and crawl delay counts, the delay up to its cap") {
  Fixture f;
  f.polite.SetPace("a", seconds(2));
  f.polite.SetCrawlDelay("a", seconds(5));
  CHECK(f.polite.Interval("a") == seconds(5));
  f.polite.SetCrawlDelay("a", hours(3));
  CHECK(f.polite.Interval("a") == seconds(60));
  f.polite.SetCrawlDelay("a", std::nullopt);
  CHECK(f.polite.Interval("a") == seconds(2));
  f.polite.SetPace("a", seconds(1));  // another source on the same host
  CHECK(f.polite.Interval("a") == seconds(2));
}

TEST_CASE("bubing: hosts on one address share its pace, unless the source has none") {
  Fixture f;
  f.Request("a", kOne);
  CHECK(f.polite.Earliest(kOne, seconds(2), f.now) == f.now + seconds(2) + kGrain);
  CHECK(f.polite.Earliest(kTwo, seconds(2), f.now) == f.now);
  CHECK(f.polite.Earliest(kOne, Duration::zero(), f.now) == f.now);
  // A request that has not found its connection yet holds the others back as long.
  f.now += seconds(10);
  f.polite.Begin("b", kOne, f.now);
  f.now += seconds(5);
  CHECK(f.polite.Earliest(kOne, seconds(2), f.now) == f.now + seconds(2) + kGrain);
}

TEST_CASE("ours: back-off doubles with each failure, has a ceiling, and ends with a success") {
  PoliteLimits limits;
  limits.first_backoff = seconds(2);
  limits.max_backoff = seconds(60);
  Fixture f;
  f.polite = Politeness(limits);
  Duration expected = seconds(2);
  for (int i = 1; i <= 10; ++i) {
    const Instant until = f.polite.Failed("a", std::nullopt, f.now);
    INFO("failure " << i);
    CHECK(until >= f.now + expected);
    CHECK(until <= f.now + expected + expected / 2);
    CHECK(f.polite.Earliest("a", f.now) == until);
    CHECK(f.polite.Failures("a") == i);
    f.now = until;
    expected = std::min<Duration>(expected * 2, seconds(60));
  }
  f.polite.Succeeded("a");
  CHECK(f.polite.Failures("a") == 0);
  CHECK(f.polite.Failed("a", std::nullopt, f.now) <= f.now + seconds(3));
}

TEST_CASE("ours: the jitter is reproducible, and differs from host to host") {
  Fixture f;
  Fixture g;
  const Instant first = f.polite.Failed("a", std::nullopt, f.now);
  CHECK(first == g.polite.Failed("a", std::nullopt, g.now));
  bool differs = false;
  for (const char* host : {"b", "c", "d", "e"}) {
    differs |= f.polite.Failed(host, std::nullopt, f.now) != first;
  }
  CHECK(differs);
}

TEST_CASE("rfc9110 10.2.3: what Retry-After says is kept exactly, up to a day") {
  Fixture f;
  CHECK(f.polite.Failed("a", seconds(90), f.now) == f.now + seconds(90));
  CHECK(f.polite.Earliest("a", f.now) == f.now + seconds(90));
  CHECK(f.polite.Failed("b", hours(1000), f.now) == f.now + hours(24));
  CHECK(f.polite.Failed("a", seconds(1), f.now) == f.now + seconds(90));  // never earlier
}

TEST_CASE("ours: a Retry-After that has passed already leaves the back-off in force") {
  Fixture f;
  CHECK(f.polite.Failed("a", seconds(0), f.now) >= f.now + seconds(2));
}

TEST_CASE("ours: a host that says 429 is asked half as often each time, and recovers") {
  PoliteLimits limits;
  limits.answers_to_recover = 3;
  Fixture f;
  f.polite = Politeness(limits);
  f.polite.SetPace("none", Duration::zero());
  f.polite.SlowDown("none");
  CHECK(f.polite.Interval("none") == seconds(1));
  f.polite.SetPace("a", seconds(5));
  for (const int expected : {10, 20, 40, 60, 60}) {  // never beyond max_slow_interval
    f.polite.SlowDown("a");
    CHECK(f.polite.Interval("a") == seconds(expected));
  }
  for (int i = 0; i < 2 * 3; ++i) f.polite.Succeeded("a");
  CHECK(f.polite.Interval("a") == seconds(40));
  for (int i = 0; i < 3 * 3; ++i) f.polite.Succeeded("a");
  CHECK(f.polite.Interval("a") == seconds(5));
  // A pace that is longer than the ceiling stays.
  f.polite.SetPace("b", minutes(5));
  f.polite.SlowDown("b");
  CHECK(f.polite.Interval("b") == minutes(5));
}

TEST_CASE("ours: a host whose answers slow down is asked more slowly, until they are as before") {
  Fixture f;
  f.polite.SetPace("a", seconds(2));
  for (int i = 0; i < 50; ++i) f.polite.Answered("a", std::chrono::milliseconds(200));
  CHECK(f.polite.Interval("a") == seconds(2));
  Duration before = seconds(2);
  for (int i = 0; i < 6; ++i) {
    f.polite.Answered("a", seconds(3));
    CHECK(f.polite.Interval("a") >= before);
    before = f.polite.Interval("a");
  }
  CHECK(before > seconds(10));
  CHECK(before <= seconds(24));  // eight times three seconds
  for (int i = 0; i < 20; ++i) f.polite.Answered("a", std::chrono::milliseconds(200));
  CHECK(f.polite.Interval("a") == seconds(2));
}

TEST_CASE("ours: a host that is slow by nature, or slower by little, keeps its pace") {
  Fixture f;
  f.polite.SetPace("slow", seconds(2));
  f.polite.SetPace("quick", seconds(2));
  for (int i = 0; i < 200; ++i) {
    f.polite.Answered("slow", std::chrono::milliseconds(3000 + i % 7 * 100));
    f.polite.Answered("quick", std::chrono::milliseconds(i % 10 == 0 ? 400 : 5));
    CHECK(f.polite.Interval("slow") == seconds(2));
    CHECK(f.polite.Interval("quick") == seconds(2));
  }
}

TEST_CASE("ours: where a proxy alone knows the address, only the host counts") {
  Fixture f;
  f.polite.SetPace("a", seconds(2));
  f.polite.Begin("a", std::nullopt, f.now);
  f.polite.Sent("a", std::nullopt, f.now);
  f.polite.End("a", std::nullopt, f.now, f.now);
  CHECK(f.polite.Earliest("a", f.now) == f.now + seconds(2) + kGrain);
  CHECK(f.polite.remembered() == 1);
}

TEST_CASE("promise 7: what is over is forgotten, what is not is kept") {
  Fixture f;
  for (int i = 0; i < 3000; ++i) {
    f.polite.SetPace("idle" + std::to_string(i), seconds(1));
    f.Request("idle" + std::to_string(i));
  }
  f.polite.SetPace("busy", seconds(1));
  f.polite.Begin("busy", kTwo, f.now);
  f.polite.Failed("blocked", hours(20), f.now);
  f.now += hours(3);
  f.polite.Sweep(f.now);
  CHECK(f.polite.remembered() == 3);  // busy, its address, blocked
  CHECK(f.polite.Earliest("blocked", f.now) == f.now + hours(17));
}

TEST_CASE(
    "ours: after a restart a host is not asked before the pace of the process before is over") {
  PoliteLimits limits;
  limits.asked_before = At(0);
  Politeness polite(limits);
  polite.SetPace("h", seconds(5));
  CHECK(polite.Earliest("h", At(1000)) > At(5000));
  CHECK(polite.Earliest(*IpAddress::Parse("192.0.2.1"), seconds(5), At(1000)) > At(5000));
  CHECK(polite.Earliest("h", At(6000)) < At(6000));
  polite.SetPace("no pace", seconds(0));
  CHECK(polite.Earliest("no pace", At(1000)) == At(1000));
}

TEST_CASE("ours: paces that sources no longer ask for are forgotten, what was sent is not") {
  Politeness polite({});
  polite.SetPace("h", seconds(60));
  const IpAddress address = *IpAddress::Parse("192.0.2.1");
  polite.Begin("h", address, At(0));
  polite.Sent("h", address, At(0));
  polite.End("h", address, At(0), At(0));
  polite.ForgetPaces();
  polite.SetPace("h", seconds(5));
  CHECK(polite.Earliest("h", At(1000)) > At(5000));
  CHECK(polite.Earliest("h", At(1000)) < At(5100));
}

TEST_CASE("ours: hosts take turns in the order of time, equals in the order of coming") {
  HostQueue queue;
  Host& a = queue.At("a");
  Host& b = queue.At("b");
  Host& c = queue.At("c");
  for (Host* host : {&a, &b, &c}) host->waiting.push_back(1);
  const Instant now = FromMillis(1000);
  queue.Schedule(a, now + seconds(2));
  queue.Schedule(b, now + seconds(1));
  queue.Schedule(c, now + seconds(1));
  CHECK(queue.Due(now) == nullptr);
  CHECK(queue.NextTurn() == now + seconds(1));
  CHECK(queue.Due(now + seconds(1)) == &b);
  queue.Schedule(b, now + seconds(1));  // unchanged: keeps its place
  CHECK(queue.Due(now + seconds(1)) == &b);
  queue.Schedule(b, now + seconds(9));
  CHECK(queue.Due(now + seconds(5)) == &c);
  queue.Schedule(c, now + seconds(9));
  CHECK(queue.Due(now + seconds(5)) == &a);
}

TEST_CASE("ours: a host without work, held, or without a free connection has no turn") {
  HostQueue queue;
  Host& a = queue.At("a");
  a.connections = 2;
  const Instant now = FromMillis(1000);
  queue.Schedule(a, now);
  CHECK(queue.Due(now) == nullptr);
  a.waiting = {1, 2};
  queue.Schedule(a, now);
  CHECK(queue.Due(now) == &a);
  a.held = true;
  queue.Schedule(a, now);
  CHECK(queue.Due(now) == nullptr);
  a.held = false;
  a.running = 1;
  queue.Schedule(a, now);
  CHECK(queue.Due(now) == &a);
  a.running = 2;
  queue.Schedule(a, now);
  CHECK(queue.NextTurn() == std::nullopt);
  queue.DropIfIdle(a);
  CHECK(queue.Find("a") == &a);
  a.waiting.clear();
  a.running = 0;
  queue.DropIfIdle(a);
  CHECK(queue.Find("a") == nullptr);
}

TEST_CASE("ours: a host that is being tried has one connection, whatever it may have") {
  HostQueue queue;
  Host& a = queue.At("a");
  a.connections = 5;
  a.waiting = {1, 2, 3};
  a.probing = true;
  const Instant now = FromMillis(1000);
  queue.Schedule(a, now);
  CHECK(queue.Due(now) == &a);
  a.running = 1;
  queue.Schedule(a, now);
  CHECK(queue.Due(now) == nullptr);
  a.probing = false;
  queue.Schedule(a, now);
  CHECK(queue.Due(now) == &a);
}

TEST_CASE(
    "promise 4: simulated, no request of a thousand hosts on a hundred addresses is ever early") {
  PoliteLimits limits;
  Politeness polite(limits);
  HostQueue queue;
  std::mt19937_64 random(7);
  testing::FakeClock clock(FromMillis(1'000'000'000));
  std::map<std::string, Instant> last_of_host;
  std::map<IpAddress, Instant> last_of_address;
  const Duration pace = seconds(3);
  auto address_of = [](const std::string& authority) {
    return *IpAddress::Parse("1.0.0." + std::to_string(std::stoi(authority) % 100));
  };
  for (int i = 0; i < 1000; ++i) {
    Host& host = queue.At(std::to_string(i));
    polite.SetPace(host.authority, pace);
    host.waiting = {1, 2, 3, 4, 5};
    queue.Schedule(host, clock.Now());
  }
  int requests = 0;
  int early = 0;
  while (const auto turn = queue.NextTurn()) {
    if (*turn > clock.Now()) clock.Advance(*turn - clock.Now());
    Host& host = *queue.Due(clock.Now());
    const IpAddress address = address_of(host.authority);
    const Instant allowed = std::max(polite.Earliest(host.authority, clock.Now()),
                                     polite.Earliest(address, pace, clock.Now()));
    if (allowed > clock.Now()) {
      queue.Schedule(host, allowed);
      continue;
    }
    for (Instant* last : {&last_of_host[host.authority], &last_of_address[address]}) {
      if (*last != Instant() && clock.Now() < *last + pace) ++early;
      *last = clock.Now();
    }
    polite.Begin(host.authority, address, clock.Now());
    polite.Sent(host.authority, address, clock.Now());
    polite.End(host.authority, address, clock.Now(), clock.Now());
    if (random() % 10 == 0) {
      polite.Failed(host.authority, std::nullopt, clock.Now());
    } else {
      polite.Succeeded(host.authority);
    }
    host.waiting.pop_front();
    ++requests;
    queue.Schedule(host, polite.Earliest(host.authority, clock.Now()));
  }
  CHECK(requests == 5000);
  CHECK(early == 0);
}

evidence::Exchange Answer(int status, const std::string& headers = "") {
  evidence::Exchange exchange;
  exchange.url = "http://shop.example/a/b?c";
  exchange.status = status;
  exchange.header_block = "HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers;
  return exchange;
}

TEST_CASE("ours: what a status means") {
  const std::pair<int, Outcome> rows[] = {
      {200, Outcome::kOk},          {203, Outcome::kOk},          {206, Outcome::kBadResponse},
      {304, Outcome::kNotModified}, {300, Outcome::kBadResponse}, {400, Outcome::kClientError},
      {401, Outcome::kClientError}, {404, Outcome::kGone},        {410, Outcome::kGone},
      {429, Outcome::kRateLimited}, {451, Outcome::kClientError}, {500, Outcome::kServerError},
      {503, Outcome::kServerError}, {599, Outcome::kServerError}, {600, Outcome::kBadResponse},
      {0, Outcome::kBadResponse},   {999, Outcome::kBadResponse}, {199, Outcome::kBadResponse},
  };
  for (const auto& [status, outcome] : rows) {
    INFO(status);
    CHECK(Name(OutcomeOf(Answer(status))) == Name(outcome));
  }
  CHECK(OutcomeOf(Answer(503, "Retry-After: 5\r\n")) == Outcome::kRateLimited);
}

TEST_CASE("rfc9110 10.2.3: Retry-After in seconds and as a date") {
  const Instant now = *ParseTime("2026-11-22T08:00:00Z");
  auto after = [&](const char* value) {
    return RetryAfter(Answer(429, std::string("Retry-After: ") + value + "\r\n"), now);
  };
  CHECK(after("120") == seconds(120));
  CHECK(after("0") == seconds(0));
  CHECK(after("-7") == seconds(0));
  CHECK(after("Sun, 22 Nov 2026 08:01:00 GMT") == seconds(60));
  CHECK(after("Sun, 22 Nov 2026 07:00:00 GMT") == seconds(0));
  CHECK(after("9223372036854775807") > hours(1000));
  CHECK(after("99999999999999999999999") > hours(1000));
  CHECK(after("soon") == std::nullopt);
  CHECK(RetryAfter(Answer(429), now) == std::nullopt);
}

TEST_CASE("ours: where a redirect leads") {
  auto target = [](const std::string& location) -> std::string {
    const auto url = RedirectTarget(Answer(302, "Location: " + location + "\r\n"));
    return url.ok() ? url->href() : "";
  };
  CHECK(target("/x#y") == "http://shop.example/x");
  CHECK(target("?d") == "http://shop.example/a/b?d");
  CHECK(target("//other.example/") == "http://other.example/");
  CHECK(target("https://u:p@shop.example:443/") == "https://shop.example/");
  CHECK(target("http:\\\\127.0.0.1\\x") == "http://127.0.0.1/x");
  CHECK(target("http://0x7f.1/") == "http://127.0.0.1/");
  CHECK(target("\xE5\x9B\x9E\xE5\x8A\x9B") == "http://shop.example/a/%E5%9B%9E%E5%8A%9B");
  CHECK(target("\xBB\xD8") != "");  // not UTF-8, still an address
  CHECK(target("file:///etc/passwd") == "");
  CHECK(target("javascript:alert(1)") == "");
  CHECK(target("http://[::1") == "");
  CHECK_FALSE(RedirectTarget(Answer(302)).ok());
}

}  // namespace
}  // namespace cluehound::crawler
