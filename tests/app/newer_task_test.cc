#include "app/newer_task.h"

#include <future>

#include "tests/testing/testing.h"

namespace cluehound::app {
namespace {

// Ends when it is told to.
Status UntilStopped(const std::stop_token& stop) {
  while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return Status::Cancelled("stopped");
}

TEST_CASE("newer task: who starts it goes on at once, and it ends before Wait() does") {
  std::promise<void> go;
  std::atomic<bool> ended = false;
  NewerTask task("a test failed");
  task.Start([&](const std::stop_token&) {
    go.get_future().wait();
    ended = true;
    return Status::Ok();
  });
  CHECK(!ended);
  go.set_value();
  REQUIRE_OK(task.Wait());
  CHECK(ended);
}

TEST_CASE("newer task: what is begun later takes the place of what is under way") {
  std::vector<std::string> begun;
  NewerTask task("a test failed");
  task.Start([&](const std::stop_token& stop) {
    begun.push_back("a");
    return UntilStopped(stop);
  });
  task.Start([&](const std::stop_token&) {
    begun.push_back("b");
    return Status::Ok();
  });
  REQUIRE_OK(task.Wait());
  CHECK(begun.back() == "b");
}

TEST_CASE("newer task: a stop is heard while somebody waits, and nothing begins after it") {
  std::atomic<int> begun = 0;
  NewerTask task("a test failed");
  const auto counted = [&](const std::stop_token& stop) {
    ++begun;
    return UntilStopped(stop);
  };
  task.Start(counted);
  auto waiting = std::async(std::launch::async, [&] { return task.Wait(); });
  task.Stop();
  REQUIRE_OK(waiting.get());
  task.Start(counted);
  REQUIRE_OK(task.Wait());
  CHECK(begun == 1);
}

TEST_CASE("newer task: a failure is told by Wait()") {
  NewerTask task("a test failed");
  task.Start([](const std::stop_token&) { return Status::Unavailable("disk full"); });
  CHECK(task.Wait().code() == Code::kUnavailable);
}

}  // namespace
}  // namespace cluehound::app
