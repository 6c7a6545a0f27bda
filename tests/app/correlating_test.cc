#include "app/correlating.h"

#include <future>

#include "tests/testing/testing.h"

namespace cluehound::app {
namespace {

std::vector<rules::Correlation> Named(const char* id) {
  rules::Correlation correlation;
  correlation.id = id;
  return {correlation};
}

// Ends when it is told to.
Status UntilStopped(const std::stop_token& stop) {
  while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return Status::Cancelled("stopped");
}

TEST_CASE("correlating: who starts it goes on at once, and it ends before Wait() does") {
  std::promise<void> go;
  std::atomic<bool> ended = false;
  Correlating correlating([&](const auto&, const std::stop_token&) {
    go.get_future().wait();
    ended = true;
    return Status::Ok();
  });
  correlating.Start(Named("a"));
  CHECK(!ended);
  go.set_value();
  REQUIRE_OK(correlating.Wait());
  CHECK(ended);
}

TEST_CASE("correlating: newer correlations take the place of those under way") {
  std::vector<std::string> seen;
  Correlating correlating([&](const auto& correlations, const std::stop_token& stop) {
    seen.push_back(correlations[0].id);
    return seen.size() == 1 ? UntilStopped(stop) : Status::Ok();
  });
  correlating.Start(Named("a"));
  correlating.Start(Named("b"));
  REQUIRE_OK(correlating.Wait());
  CHECK(seen == std::vector<std::string>{"a", "b"});
}

TEST_CASE("correlating: a stop is heard while somebody waits, and nothing begins after it") {
  std::atomic<int> begun = 0;
  Correlating correlating([&](const auto&, const std::stop_token& stop) {
    ++begun;
    return UntilStopped(stop);
  });
  correlating.Start(Named("a"));
  auto waiting = std::async(std::launch::async, [&] { return correlating.Wait(); });
  correlating.Stop();
  REQUIRE_OK(waiting.get());
  correlating.Start(Named("b"));
  REQUIRE_OK(correlating.Wait());
  CHECK(begun == 1);
}

TEST_CASE("correlating: a failure is told by Wait()") {
  Correlating correlating(
      [](const auto&, const std::stop_token&) { return Status::Unavailable("disk full"); });
  correlating.Start(Named("a"));
  CHECK(correlating.Wait().code() == Code::kUnavailable);
}

}  // namespace
}  // namespace cluehound::app
