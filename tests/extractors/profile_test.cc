#include "extractors/profile.h"

#include <fstream>

#include "extractors/profile_set.h"
#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

constexpr std::string_view kSmall = R"(id: demo
platform: demo
hosts: [shop.example]
read:
  - kind: goods
    items: li.card
    fields:
      id: "@data-id"
      title: [h3 a, h3]
      price: .price
)";

// "line:column code" of every mistake.
std::vector<std::string> Mistakes(std::string_view yaml) {
  Diagnostics diagnostics;
  const auto profile = ReadProfile(yaml, "demo.yaml", diagnostics);
  REQUIRE((profile == nullptr) == (diagnostics.errors() > 0));
  std::vector<std::string> mistakes;
  for (const Diagnostic& d : diagnostics.all()) {
    REQUIRE(d.where.file == "demo.yaml");
    mistakes.push_back(std::to_string(d.where.line) + ":" + std::to_string(d.where.column) + " " +
                       d.code);
  }
  return mistakes;
}

std::string With(std::string_view more) {
  std::string text(kSmall);
  text.append(more);
  return text;
}

std::string Replaced(std::string_view from, std::string_view to) {
  std::string text(kSmall);
  const size_t pos = text.find(from);
  REQUIRE(pos != std::string::npos);
  return text.replace(pos, from.size(), to);
}

TEST_CASE("a small profile is read") {
  Diagnostics diagnostics;
  const auto profile = ReadProfile(kSmall, "demo.yaml", diagnostics);
  INFO(diagnostics.Render());
  REQUIRE(profile != nullptr);
  REQUIRE(profile->id == "demo");
  REQUIRE(profile->readers.size() == 1);
  REQUIRE(profile->readers[0].kind == ListingKind::kGoods);
  REQUIRE_FALSE(profile->readers[0].page_is_item);
  REQUIRE(profile->readers[0].field(Field::kTitle).alternatives.size() == 2);
}

TEST_CASE("hosts are the host itself or any below it") {
  Profile profile;
  profile.hosts = {"jd.com"};
  REQUIRE(profile.ServesHost("jd.com"));
  REQUIRE(profile.ServesHost("search.jd.com"));
  REQUIRE_FALSE(profile.ServesHost("notjd.com"));
  REQUIRE_FALSE(profile.ServesHost("jd.com.evil.example"));
  REQUIRE_FALSE(profile.ServesHost(""));
}

TEST_CASE("mistakes in a profile name line and column") {
  REQUIRE(Mistakes(Replaced("platform:", "platfrom:")) ==
          std::vector<std::string>{"2:1 unknown-key"});
  REQUIRE(Mistakes(Replaced("price: .price", "prize: .price")) ==
          std::vector<std::string>{"10:7 unknown-key"});
  REQUIRE(Mistakes(Replaced("items: li.card", "items: li.card:hover")) ==
          std::vector<std::string>{"6:20 bad-selector"});
  REQUIRE(Mistakes(Replaced("\"@data-id\"", "\"@data-id | aftr x\"")) ==
          std::vector<std::string>{"8:23 bad-field"});
  REQUIRE(Mistakes(Replaced("[h3 a, h3]", "[h3 a, 价格 > , h3]")) ==
          std::vector<std::string>{"9:25 bad-field"});
  REQUIRE(Mistakes(Replaced("kind: goods", "kind: good")) ==
          std::vector<std::string>{"5:11 unknown-value"});
  REQUIRE(Mistakes(Replaced("      title: [h3 a, h3]\n", "")) ==
          std::vector<std::string>{"8:7 missing-key"});
  REQUIRE(Mistakes(Replaced("id: demo", "id: demo\nid: demo")).at(0).find("duplicate-key") !=
          std::string::npos);
  REQUIRE(Mistakes(Replaced("    items: li.card\n",
                            "    items: li.card\n    state: x\n    body: true\n"))
              .size() >= 1);
}

TEST_CASE("tests of a profile are exactly one kind each") {
  REQUIRE(Mistakes(With("detect:\n  - {css: a, title: b}\n")).at(0) == "12:5 bad-test");
  REQUIRE(Mistakes(With("detect:\n  - {}\n")).at(0) == "12:5 bad-test");
  REQUIRE(Mistakes(With("detect:\n  - {state: x, path: a.b}\n  - {body: \"[0].a\"}\n")).empty());
  REQUIRE(Mistakes(With("blocked:\n  - reason: x\n")).at(0).find("no-test") != std::string::npos);
  REQUIRE(Mistakes(With("blocked:\n  - any: [{title: y}]\n")).size() == 1);
}

TEST_CASE("several mistakes are told together") {
  const auto mistakes = Mistakes(
      "id: x\nread:\n  - kind: goods\n    items: \"a[\"\n    fields: {title: \"b{\", nope: c}\n");
  REQUIRE(mistakes.size() == 3);
  REQUIRE(Mistakes("read: [").size() == 1);  // a syntax error is one
  REQUIRE(Mistakes("[]").size() >= 1);
  REQUIRE(Mistakes("").size() >= 1);
}

TEST_CASE("the built-in profiles are read without a word") {
  Diagnostics diagnostics;
  const auto set = ProfileSet::Load("", diagnostics);
  REQUIRE_OK(set);
  INFO(diagnostics.Render());
  REQUIRE(diagnostics.all().empty());
  REQUIRE((*set)->all().size() == BuiltInProfiles().size());
  for (const char* id : {"jd", "taobao", "alibaba-1688", "xinshang", "amazon-cn", "momo",
                         "yahoo-tw", "jd-live", "mogujie-live", "zhanqi-live", "plain-detail"}) {
    INFO(id);
    CHECK((*set)->Find(id) != nullptr);
  }
}

void Write(const std::filesystem::path& path, std::string_view text) {
  std::ofstream(path) << text;
}

TEST_CASE(
    "a folder adds profiles, replaces built-in ones by id, and its bad files spoil nothing else") {
  testing::TempDir folder;
  Write(folder.path() / "demo.yaml", kSmall);
  Write(folder.path() / "jd.yaml", "id: jd\nread:\n  - items: li\n    fields: {title: b}\n");
  Write(folder.path() / "bad.yaml", "id: bad\nread:\n  - items: 'li['\n    fields: {title: b}\n");
  Write(folder.path() / "note.txt", "not a profile");
  Diagnostics diagnostics;
  const auto set = ProfileSet::Load(folder.path().string(), diagnostics);
  REQUIRE_OK(set);
  REQUIRE(diagnostics.errors() == 1);
  REQUIRE((*set)->Find("demo") != nullptr);
  REQUIRE((*set)->Find("jd")->hosts.empty());
  REQUIRE((*set)->Find("bad") == nullptr);
  REQUIRE((*set)->Find("taobao") != nullptr);

  Diagnostics none;
  REQUIRE((*ProfileSet::Load("", none))->digest() != (*set)->digest());
  REQUIRE((*ProfileSet::Load("", none))->digest() == (*ProfileSet::Load("", none))->digest());
  REQUIRE_FALSE(ProfileSet::Load((folder.path() / "missing").string(), none).ok());
}

TEST_CASE("two files of a folder with one id are a mistake") {
  testing::TempDir folder;
  Write(folder.path() / "a.yaml", kSmall);
  Write(folder.path() / "b.yaml", kSmall);
  Diagnostics diagnostics;
  REQUIRE_OK(ProfileSet::Load(folder.path().string(), diagnostics));
  REQUIRE(diagnostics.all().at(0).code == "duplicate-profile");
}

}  // namespace
}  // namespace cluehound::extractors
