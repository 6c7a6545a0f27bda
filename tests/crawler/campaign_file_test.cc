#include "crawler/campaign_file.h"

#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

constexpr char kFile[] =
    "# our own plan\n"
    "campaigns:\n"
    "  # 展会\n"
    "  - id: expo\n"
    "    name: 博览会专项\n"
    "    open:\n"
    "      - {on: 2024-09-23..2024-09-25, basis: 公告, certainty: verified}  # 第一次\n"
    "      - on: 2025-09-23..2025-09-25\n"
    "        certainty: verified\n"
    "\n"
    "    # 提前量\n"
    "    lead_in: 20\n"
    "  - {id: fair, name: 洽谈会, open: [{on: 2024-02-29..2024-03-02}], tail: 3}\n"
    "  # 运动会\n"
    "  - id: games\n"
    "    name: 运动会专项\n"
    "    fixed: 2023-09-23..2023-10-08\n"
    "    weights:\n"
    "      - {marks: [games], points: 15}\n"
    "    certainty: verified\n"
    "\n"
    "  # 模板\n"
    "  - id: launch\n"
    "    name: 发射专项\n"
    "    template: true\n"
    "  - {id: may-day, name: 五一, yearly: 05-01}\n"
    "  - {id: empty, name: 未定, open: []}\n";

std::string Copied(const std::string& id, int year, const std::string& dates = "") {
  const auto edit = CopyCampaign(kFile, "campaigns.yaml", id, year,
                                 dates.empty() ? std::nullopt : ParseDaySpan(dates));
  REQUIRE_OK(edit);
  return edit->text;
}

std::string Refused(const std::string& id, int year, const std::string& dates = "") {
  const auto edit = CopyCampaign(kFile, "campaigns.yaml", id, year,
                                 dates.empty() ? std::nullopt : ParseDaySpan(dates));
  REQUIRE_FALSE(edit.ok());
  return edit.status().message();
}

// `text` is the file with `added` put in behind `before`.
void CheckAdded(const std::string& text, const std::string& before, const std::string& added) {
  std::string expected = kFile;
  const size_t at = expected.find(before);
  REQUIRE(at != std::string::npos);
  expected.insert(at + before.size(), added);
  CHECK(text == expected);
}

TEST_CASE("ours: an exhibition gets a date more, and nothing else of the file changes") {
  CheckAdded(Copied("expo", 2026), "        certainty: verified\n",
             "      - {on: 2026-09-23..2026-09-25, basis: 按上一届日期推定，待核对, certainty: "
             "unverified}\n");
  CheckAdded(Copied("expo", 2027, "2027-10-20"), "        certainty: verified\n",
             "      - {on: 2027-10-20, basis: 录入时未注明来源, certainty: unverified}\n");
  CheckAdded(Copied("fair", 2025), "{on: 2024-02-29..2024-03-02}",
             ", {on: 2025-02-28..2025-03-02, basis: 按上一届日期推定，待核对, certainty: "
             "unverified}");
  CheckAdded(Copied("empty", 2027, "2027-06-01"), "未定, open: [",
             "{on: 2027-06-01, basis: 录入时未注明来源, certainty: unverified}");
}

TEST_CASE("ours: a campaign that was once is copied whole, under a name of its own") {
  CheckAdded(Copied("games", 2027, "2027-05-01..2027-05-20"),
             "      - {marks: [games], points: 15}\n    certainty: verified\n",
             "\n  - id: games-2027\n"
             "    name: 运动会专项\n"
             "    fixed: 2027-05-01..2027-05-20\n"
             "    weights:\n"
             "      - {marks: [games], points: 15}\n"
             "    certainty: unverified\n");
  CheckAdded(Copied("launch", 2027, "2027-04-20..2027-05-02"), "    template: true\n",
             "\n  - id: launch-2027\n"
             "    name: 发射专项\n"
             "    fixed: 2027-04-20..2027-05-02\n");
}

TEST_CASE("ours: what runs by itself, has its date or never had one is not copied") {
  CHECK(Refused("may-day", 2027).find("every year by itself") != std::string::npos);
  CHECK(Refused("expo", 2025).find("2025-09-23..2025-09-25") != std::string::npos);
  CHECK(Refused("empty", 2027).find("--dates") != std::string::npos);
  CHECK(Refused("expo", 2027, "2026-05-01").find("not in 2027") != std::string::npos);
  CHECK(Refused("expos", 2027).find("expo?") != std::string::npos);
}

TEST_CASE("ours: every exhibition of the shipped file can be copied into the next year") {
  const std::string shipped(BuiltInCampaignsFile());
  for (const char* id : {"cjk-expo", "shandong-taiwan-fair", "hangzhou-asian-games"})
    REQUIRE_OK(CopyCampaign(shipped, "campaigns.yaml", id, 2027, std::nullopt));
}

}  // namespace
}  // namespace cluehound::crawler
