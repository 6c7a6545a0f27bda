#include <set>

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/outcome.h"
#include "base/text.h"
#include "tests/testing/testing.h"

namespace cluehound {
namespace {

Result<int> Half(int n) {
  if (n % 2 != 0) return Status::InvalidArgument("odd");
  return n / 2;
}

Result<int> Quarter(int n) {
  ASSIGN_OR_RETURN(const int half, Half(n));
  return Half(half);
}

TEST_CASE("ours: a failure passes through and grows outwards") {
  CHECK(*Quarter(8) == 2);
  CHECK(Quarter(6).status().Within("quarter").message() == "quarter: odd");
  CHECK(Status::Ok().Within("x").ok());
}

TEST_CASE("rfc3339: times print at the office's offset and read back") {
  const auto t = ParseTime("2026-11-22T00:30:00.25Z");
  REQUIRE(t);
  CHECK(FormatTime(*t) == "2026-11-22T08:30:00.250+08:00");
  CHECK(ParseTime(FormatTime(*t)) == t);
  CHECK(FormatDay(*ParseTime("2026-11-22T16:00:00Z")) == "2026-11-23");
  CHECK(FormatTime(*ParseDay("2026-08-29")) == "2026-08-29T00:00:00+08:00");
  for (const char* bad : {"2026-02-30", "2026-13-01", "26-01-01", "2026-01-01x", ""})
    CHECK_FALSE(ParseDay(bad));
  for (const char* bad :
       {"2026-01-01T25:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z", "now"}) {
    CHECK_FALSE(ParseTime(bad));
  }
}

TEST_CASE("rfc9110 5.6.7: the three forms of an HTTP date name the same second") {
  const auto t = ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT");
  REQUIRE(t);
  CHECK(ParseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT") == t);
  CHECK(ParseHttpDate("Sun Nov  6 08:49:37 1994") == t);
  CHECK(FormatHttpDate(*t) == "Sun, 06 Nov 1994 08:49:37 GMT");
  for (const char* bad :
       {"", "soon", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "12"}) {
    CHECK_FALSE(ParseHttpDate(bad));
  }
}

TEST_CASE("ours: time spans carry their unit") {
  CHECK(ParseDuration("6h") == std::chrono::hours(6));
  CHECK(ParseDuration("250ms") == Duration(250));
  CHECK(ParseDuration("0s") == Duration(0));
  for (const char* bad : {"6", "h", "-1s", "1.5s", "1 week", "9999999999s"})
    CHECK_FALSE(ParseDuration(bad));
  CHECK(FormatDuration(std::chrono::hours(6)) == "6h");
  CHECK(FormatDuration(Duration(1500)) == "1500ms");
  CHECK(FormatDuration(Duration(0)) == "0s");
}

TEST_CASE("ours: outcomes are numbered without gaps and named once") {
  int expected = 0;
  std::set<std::string_view> names;
  for (const OutcomeInfo& info : AllOutcomes()) {
    CHECK(static_cast<int>(info.outcome) == ++expected);
    CHECK(names.insert(info.name).second);
    CHECK(&Info(info.outcome) == &info);
  }
  CHECK_FALSE(OutcomeFromNumber(0));
  CHECK_FALSE(OutcomeFromNumber(expected + 1));
}

TEST_CASE("ours: white space collapses, controls vanish, malformed bytes are replaced") {
  CHECK(CollapseSpace("　 耐克\t\n运动鞋 \xC2\xA0 x\x01y ") == "耐克 运动鞋 xy");
  CHECK(ToValidUtf8("a\xE8\x80z\xFF") == "a\xEF\xBF\xBDz\xEF\xBF\xBD");
  CHECK(TruncateUtf8("耐克", 4) == "耐");
  CHECK(DisplayWidth("耐克 N1\u200b") == 7);
}

TEST_CASE("fips180-4: digests") {
  CHECK(Hex(Sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(FieldDigest().Add("ab").Add("c").Finish() != FieldDigest().Add("a").Add("bc").Finish());
}

TEST_CASE("ours: a file is replaced whole and read within its bound") {
  const testing::TempDir dir;
  const auto path = dir.path() / "x.yaml";
  REQUIRE_OK(WriteFileAtomically(path, "one"));
  REQUIRE_OK(WriteFileAtomically(path, "two"));
  CHECK(*ReadFile(path, 10) == "two");
  CHECK(ReadFile(path, 2).status().code() == Code::kInvalidArgument);
  CHECK(ReadFile(dir.path() / "none", 2).status().code() == Code::kNotFound);
  CHECK(ReadFile(dir.path(), 2).status().code() == Code::kInvalidArgument);
  const auto files = ListFiles(dir.path(), {".yaml"});
  REQUIRE_OK(files);
  CHECK(files->size() == 1);
}

}  // namespace
}  // namespace cluehound
