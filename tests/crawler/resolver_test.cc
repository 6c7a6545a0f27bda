#include "crawler/resolver.h"

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

using std::chrono::seconds;

IpAddress Ip(const char* text) { return *IpAddress::Parse(text); }

// Name servers of the test: answers what it was told, counts, and holds back names that begin with
// "slow".
class FakeNames {
 public:
  Result<std::vector<IpAddress>> operator()(const std::string& host) {
    if (host.starts_with("slow")) {
      ++held_;
      gate_.wait();
    }
    const std::lock_guard lock(mutex_);
    ++asked_;
    const auto it = names_.find(host);
    if (it == names_.end()) return Status::NotFound("no such name");
    return it->second;
  }
  void Set(const std::string& host, std::vector<IpAddress> addresses) {
    const std::lock_guard lock(mutex_);
    names_[host] = std::move(addresses);
  }
  int asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  void OpenGate() { opener_.set_value(); }
  // Until so many lookups are held back.
  void AwaitHeld(int count) {
    while (held_ < count) std::this_thread::yield();
  }

 private:
  std::mutex mutex_;
  std::promise<void> opener_;
  std::shared_future<void> gate_ = opener_.get_future().share();
  std::atomic<int> held_{0};
  std::unordered_map<std::string, std::vector<IpAddress>> names_;
  int asked_ = 0;
};

struct Fixture {
  explicit Fixture(ResolverLimits limits = {})
      : resolver(
            limits, clock, [this] { woken.release(); },
            [this](const std::string& host) { return names(host); }) {}

  // Looks up and waits for the end of it.
  std::vector<std::string> Ask(const std::string& host) {
    REQUIRE(resolver.Find(host) == nullptr);
    woken.acquire();
    return resolver.TakeFinished();
  }

  struct Bell {
    void release() {
      const std::lock_guard lock(mutex);
      ++rung;
      changed.notify_all();
    }
    void acquire() {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return rung > 0; });
      --rung;
    }
    std::mutex mutex;
    std::condition_variable changed;
    int rung = 0;
  };

  testing::FakeClock clock{FromMillis(1'000'000)};
  FakeNames names;
  Bell woken;
  Resolver resolver;
};

TEST_CASE("ours: literal addresses are known without a lookup") {
  Fixture f;
  REQUIRE(f.resolver.Find("127.0.0.1") != nullptr);
  CHECK(f.resolver.Find("127.0.0.1")->addresses == std::vector<IpAddress>{Ip("127.0.0.1")});
  CHECK(f.resolver.Find("[::1]")->addresses == std::vector<IpAddress>{Ip("::1")});
  CHECK(f.names.asked() == 0);
}

TEST_CASE("ours: an answer is kept for its time, IPv4 first") {
  Fixture f;
  f.names.Set("shop.example", {Ip("2400:3200::1"), Ip("1.2.3.4"), Ip("1.2.3.5")});
  CHECK(f.Ask("shop.example") == std::vector<std::string>{"shop.example"});
  REQUIRE(f.resolver.Find("shop.example") != nullptr);
  CHECK(f.resolver.Find("shop.example")->addresses ==
        std::vector<IpAddress>{Ip("1.2.3.4"), Ip("1.2.3.5"), Ip("2400:3200::1")});
  f.clock.Advance(ResolverLimits().keep - Duration(1));
  CHECK(f.resolver.Find("shop.example") != nullptr);
  CHECK(f.names.asked() == 1);
  f.clock.Advance(Duration(1));
  f.names.Set("shop.example", {Ip("9.9.9.9")});
  f.Ask("shop.example");
  CHECK(f.resolver.Find("shop.example")->addresses == std::vector<IpAddress>{Ip("9.9.9.9")});
}

TEST_CASE("ours: a failure is kept too, for less time") {
  Fixture f;
  f.Ask("nowhere.example");
  const Resolution* found = f.resolver.Find("nowhere.example");
  REQUIRE(found != nullptr);
  CHECK(found->addresses.empty());
  CHECK(found->error == "no such name");
  f.clock.Advance(ResolverLimits().keep_failure);
  f.Ask("nowhere.example");
  CHECK(f.names.asked() == 2);
}

TEST_CASE("ours: a name without an address is a failure") {
  Fixture f;
  f.names.Set("empty.example", {});
  f.Ask("empty.example");
  CHECK(f.resolver.Find("empty.example")->error == "no address");
}

TEST_CASE("ours: many who ask for one name cause one lookup") {
  Fixture f;
  f.names.Set("shop.example", {Ip("1.2.3.4")});
  CHECK(f.resolver.Find("shop.example") == nullptr);
  CHECK(f.resolver.Find("shop.example") == nullptr);
  f.woken.acquire();
  CHECK(f.resolver.TakeFinished().size() == 1);
  CHECK(f.names.asked() == 1);
}

TEST_CASE("hostile: a lookup that hangs fails after its time, and its late answer is used") {
  Fixture f;
  f.names.Set("slow.example", {Ip("1.2.3.4")});
  CHECK(f.resolver.Find("slow.example") == nullptr);
  CHECK(f.resolver.NextTimeout() == f.clock.Now() + ResolverLimits().timeout);
  f.names.AwaitHeld(1);
  CHECK(f.resolver.TakeFinished().empty());
  f.clock.Advance(ResolverLimits().timeout);
  CHECK(f.resolver.TakeFinished() == std::vector<std::string>{"slow.example"});
  CHECK(f.resolver.Find("slow.example")->addresses.empty());
  CHECK(f.resolver.NextTimeout() == std::nullopt);
  f.names.OpenGate();
  f.woken.acquire();
  CHECK(f.resolver.TakeFinished().empty());  // nobody waits for it any more
  CHECK(f.resolver.Find("slow.example")->addresses.size() == 1);
}

TEST_CASE("hostile: one name that hangs does not hold up the others") {
  ResolverLimits limits;
  limits.threads = 2;
  Fixture f(limits);
  f.names.Set("shop.example", {Ip("1.2.3.4")});
  CHECK(f.resolver.Find("slow.example") == nullptr);
  CHECK(f.Ask("shop.example") == std::vector<std::string>{"shop.example"});
  f.names.OpenGate();
}

TEST_CASE("hostile: names that hang take the time of none that waits behind them") {
  ResolverLimits limits;
  limits.threads = 2;
  Fixture f(limits);
  f.names.Set("shop.example", {Ip("1.2.3.4")});
  CHECK(f.resolver.Find("slow1.example") == nullptr);
  CHECK(f.resolver.Find("slow2.example") == nullptr);
  f.names.AwaitHeld(2);
  CHECK(f.resolver.Find("shop.example") == nullptr);
  f.clock.Advance(limits.timeout);
  CHECK(f.resolver.TakeFinished() == std::vector<std::string>{"slow1.example", "slow2.example"});
  CHECK(f.resolver.Find("shop.example") == nullptr);
  CHECK(f.resolver.NextTimeout() == f.clock.Now() + limits.timeout);
  f.names.OpenGate();
  while (f.resolver.Find("shop.example") == nullptr) {
    f.woken.acquire();
    f.resolver.TakeFinished();
  }
  CHECK(f.resolver.Find("shop.example")->addresses.size() == 1);
}

TEST_CASE("promise 7: the number of remembered names is bounded, the oldest goes first") {
  ResolverLimits limits;
  limits.max_names = 3;
  Fixture f(limits);
  for (const char* host : {"a.example", "b.example", "c.example", "d.example"}) f.Ask(host);
  CHECK(f.resolver.Find("d.example") != nullptr);
  CHECK(f.resolver.Find("b.example") != nullptr);
  f.Ask("a.example");
  CHECK(f.names.asked() == 5);
}

TEST_CASE("ours: the system's lookup knows localhost") {
  const auto localhost = Resolver::SystemLookup("localhost");
  REQUIRE_OK(localhost);
  CHECK_FALSE(localhost->empty());
}

}  // namespace
}  // namespace cluehound::crawler
