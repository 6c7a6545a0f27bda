// The sample marketplace must be what its truth file says, else every test that crawls it measures
// nothing.

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "base/text_encoding.h"
#include "tests/testing/testing.h"

namespace {

using cluehound::SplitAscii;
using nlohmann::json;

const std::filesystem::path kMarket = cluehound::testing::SourceDir() / "tests/market";

std::vector<std::filesystem::path> Pages(const std::string& folder = "") {
  std::vector<std::filesystem::path> pages;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kMarket / folder)) {
    if (entry.path().extension() == ".html") pages.push_back(entry.path());
  }
  std::sort(pages.begin(), pages.end());
  REQUIRE_FALSE(pages.empty());
  return pages;
}

std::string TextOf(const std::filesystem::path& page) {
  const auto decoded = cluehound::DecodeHtml(cluehound::testing::Slurp(page), "text/html");
  INFO(page.string());
  REQUIRE(decoded.utf8.find("\xEF\xBF\xBD") == std::string::npos);
  return decoded.utf8;
}

std::vector<json> Truth() {
  const std::string text = cluehound::testing::Slurp(kMarket / "truth.jsonl");
  std::vector<json> truth;
  for (const std::string_view line : SplitAscii(text, "\n")) truth.push_back(json::parse(line));
  return truth;
}

std::filesystem::path PageOf(const json& row) {
  return kMarket / row.at("site").get<std::string>() / row.at("page").get<std::string>();
}

// Tags and escapes of scripts off, as a reader of titles sees the page.
std::string WithoutTags(const std::string& html) {
  std::string out;
  bool tag = false;
  for (const char c : html) {
    if (c == '<') tag = true;
    if (!tag && c != '\\') out += c;
    if (c == '>') tag = false;
  }
  return out;
}

std::vector<std::string> Attributes(const std::string& html, const std::string& name) {
  std::vector<std::string> values;
  const std::string mark = " " + name + "=\"";
  for (size_t at = html.find(mark); at != std::string::npos; at = html.find(mark, at + 1)) {
    const size_t begin = at + mark.size();
    values.push_back(html.substr(begin, html.find('"', begin) - begin));
  }
  return values;
}

// The part of `text` from the marker's sign to the end of the number, digits only; full width read
// as ASCII.
std::string PatentNumber(const std::string& text) {
  std::string folded;
  for (size_t pos = 0; pos < text.size();) {
    const char32_t c = cluehound::DecodeUtf8(text, pos);
    cluehound::AppendUtf8(folded, c > 0xFF00 && c < 0xFF5F ? c - 0xFEE0 : c);
  }
  const size_t zl = folded.find("ZL");
  if (zl == std::string::npos) return "";
  std::string digits;
  for (const char c : folded.substr(zl + 2)) {
    if (!cluehound::IsAsciiDigit(c) && c != '.' && c != 'X') break;
    if (c != '.') digits += c;
  }
  return digits;
}

// National standard of application numbers: weights 2 to 9 repeating, modulo 11, X for 10.
char CheckDigit(const std::string& digits) {
  int sum = 0;
  for (size_t i = 0; i < 12; ++i) sum += (digits[i] - '0') * (static_cast<int>(i) % 8 + 2);
  return "0123456789X"[sum % 11];
}

TEST_CASE("market: every plant has a twin of its category and all ids differ", "[market]") {
  std::map<std::string, json> plants;
  std::set<std::string> ids, twins_of, categories;
  for (const json& row : Truth()) {
    INFO(row.dump());
    REQUIRE(ids.insert(row.at("id").get<std::string>()).second);
    REQUIRE_FALSE(row.at("why").get<std::string>().empty());
    if (row.at("plant").get<bool>()) {
      plants[row["id"]] = row;
      categories.insert(row.at("category").get<std::string>());
    } else if (row.contains("twin_of")) {
      const json& plant = plants.at(row["twin_of"]);
      REQUIRE(plant.at("category") == row.at("category"));
      REQUIRE(plant.at("site") == row.at("site"));
      REQUIRE(twins_of.insert(row["twin_of"].get<std::string>()).second);
    }
  }
  REQUIRE(plants.size() == 35);
  REQUIRE(twins_of.size() == plants.size());
  REQUIRE(categories == std::set<std::string>{"agency", "gi", "official_sign", "olympic",
                                              "patent_marking", "special_mark", "trademark",
                                              "well_known_claim"});
}

TEST_CASE("market: each item stands on the page that the truth file names, under its title",
          "[market]") {
  for (const json& row : Truth()) {
    INFO(row.dump());
    const std::string page = TextOf(PageOf(row));
    REQUIRE(page.find("\"" + row.at("id").get<std::string>() + "\"") != std::string::npos);
    REQUIRE(WithoutTags(page).find(row.at("title").get<std::string>()) != std::string::npos);
  }
}

TEST_CASE("market: an item has the same title wherever it stands", "[market]") {
  std::map<std::string, json> truth;
  for (const json& row : Truth()) truth[row["id"]] = row;
  size_t details = 0;
  for (const auto& page : Pages()) {
    const std::string id = page.stem().string();
    if (!truth.contains(id)) continue;
    ++details;
    INFO(page.string());
    REQUIRE(WithoutTags(TextOf(page)).find(truth[id].at("title").get<std::string>()) !=
            std::string::npos);
  }
  REQUIRE(details >= 20);
}

TEST_CASE("market: every link leads to a page that is there", "[market]") {
  for (const auto& page : Pages()) {
    for (const std::string& href : Attributes(TextOf(page), "href")) {
      if (href.starts_with("javascript:") || href.ends_with(".css")) continue;
      INFO(page.string() << " -> " << href);
      REQUIRE(std::filesystem::exists(page.parent_path() / href));
    }
  }
}

TEST_CASE("market: lists of twelve, joined by next-page links", "[market]") {
  std::set<std::string> ids;
  for (int i = 1; i <= 5; ++i) {
    const std::string page = TextOf(kMarket / "mall" / ("list-" + std::to_string(i) + ".html"));
    const auto on_page = Attributes(page, "data-id");
    REQUIRE(on_page.size() == 12);
    ids.insert(on_page.begin(), on_page.end());
    const std::string next =
        "rel=\"next\" href=\"list-" + std::to_string(i + 1) + ".html\">下一页</a>";
    REQUIRE((page.find(next) != std::string::npos) == (i < 5));
  }
  REQUIRE(ids.size() == 60);
}

TEST_CASE("market: the farm site is in raw GBK bytes, one page of it labelled UTF-8", "[market]") {
  size_t mislabelled = 0;
  for (const auto& page : Pages("farm")) {
    const std::string bytes = cluehound::testing::Slurp(page);
    INFO(page.string());
    REQUIRE_FALSE(cluehound::IsValidUtf8(bytes));
    const auto decoded = cluehound::DecodeHtml(bytes, "text/html");
    REQUIRE(decoded.encoding == "gb18030");
    REQUIRE(decoded.utf8.find("示例农产网") != std::string::npos);
    const bool label = bytes.find("charset=utf-8") != std::string::npos;
    REQUIRE(decoded.contradicted == label);
    mislabelled += label;
  }
  REQUIRE(mislabelled == 1);
}

TEST_CASE("market: robots.txt forbids a page that the home page links to", "[market]") {
  REQUIRE(cluehound::testing::Slurp(kMarket / "mall/robots.txt").find("Disallow: /internal/\n") !=
          std::string::npos);
  const auto links = Attributes(TextOf(kMarket / "mall/index.html"), "href");
  REQUIRE(std::count(links.begin(), links.end(), "internal/clearance.html") == 1);
}

TEST_CASE("market: patent numbers are right on twins and wrong on plants in the way that is said",
          "[market]") {
  size_t checked = 0;
  for (const json& row : Truth()) {
    if (row.at("category") != "patent_marking") continue;
    INFO(row.dump());
    const bool detail = row.at("page").get<std::string>().starts_with("item/");
    const std::string text = detail ? TextOf(PageOf(row)) : row.at("title").get<std::string>();
    const std::string number = PatentNumber(text);
    const std::string why = row.at("why");
    if (why.find("without a number") != std::string::npos) {
      REQUIRE(number.empty());
      continue;
    }
    REQUIRE(number.size() == 13);
    ++checked;
    const bool digit_right = number[12] == CheckDigit(number);
    const bool year_past = number.substr(0, 4) <= "2026";
    const std::string type = number[4] == '1'   ? "发明专利"
                             : number[4] == '2' ? "实用新型"
                                                : "外观设计";
    const bool type_right = text.find(type) != std::string::npos;
    if (!row.at("plant").get<bool>()) {
      REQUIRE(digit_right);
      REQUIRE(year_past);
      REQUIRE(type_right);
      continue;
    }
    REQUIRE(digit_right == (why.find("check digit is wrong") == std::string::npos));
    REQUIRE(year_past == (why.find("still to come") == std::string::npos));
    REQUIRE(type_right == (why.find("'invention' claimed") == std::string::npos));
    REQUIRE_FALSE((digit_right && year_past && type_right));
  }
  REQUIRE(checked == 9);
}

}  // namespace
