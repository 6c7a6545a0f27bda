#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/status.h"

// Fails the test with the message of a Status or Result that is not ok.
#define REQUIRE_OK(expr)                                                               \
  do {                                                                                 \
    const ::cluehound::Status status_of_check_ = ::cluehound::testing::AsStatus(expr); \
    INFO(#expr);                                                                       \
    INFO(::cluehound::ToString(status_of_check_));                                     \
    REQUIRE(status_of_check_.ok());                                                    \
  } while (false)

namespace cluehound::testing {

inline Status AsStatus(const Status& s) { return s; }
template <class T>
Status AsStatus(const Result<T>& r) {
  return r.status();
}

// A clock that moves only when told.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Instant start) : now_(start) {}
  Instant Now() const override { return now_; }
  void Advance(Duration d) { now_ += d; }

 private:
  Instant now_;
};

// A folder of its own, removed with all it holds.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The root of the project's sources.
std::filesystem::path SourceDir();

// The shared data set beside the project, or nothing: the test must then say SKIPPED and return.
//   const auto data = SharedData("robots"); if (!data) return;
std::optional<std::filesystem::path> SharedData(const std::string& folder);

// The bytes of a file that must be there.
std::string Slurp(const std::filesystem::path& path);

}  // namespace cluehound::testing

namespace Catch {
template <>
struct StringMaker<cluehound::Status> {
  static std::string convert(const cluehound::Status& s) { return cluehound::ToString(s); }
};
}  // namespace Catch
