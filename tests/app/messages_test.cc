// What people see when something is wrong: the program itself is run.

#include "tests/app/program.h"

namespace cluehound::app {
namespace {

using Folder = Program;

constexpr char kGoodSource[] = "sources: [{id: shop, seeds: [http://127.0.0.1:9/], pace: 0s}]\n";

TEST_CASE("ours: mistakes in the configuration are named by file, line and column, with a remedy") {
  Folder folder;
  folder.Expect("crawl --config nowhere --once", 2,
                {"configuration folder \"nowhere\" does not exist", "--config DIR"});
  folder.Write("config/sources/a.yaml",
               "sources:\n  - id: shop\n    seeds: [http://shop.example/]\n    pcae: 1s\n");
  folder.Expect(
      "crawl --once", 2,
      {"config/sources/a.yaml:4:5: error: source has no key \"pcae\"", "did you mean \"pace\"?"});
  folder.Write("config/sources/a.yaml",
               "sources:\n  - id: shop\n    id: two\n    seeds: [http://shop.example/]\n");
  folder.Expect("crawl --once", 2,
                {"config/sources/a.yaml:3:5: error: key \"id\" stands here a second time"});
  folder.Write("config/sources/a.yaml", "sources:\n  - id: [shop\n");
  folder.Expect("crawl --once", 2, {"config/sources/a.yaml:3:1: error: not valid YAML"});
  folder.Write("config/sources/a.yaml", "sources: [{id: shop, seeds: [ftp://a/], every: 6}]\n");
  folder.Expect(
      "crawl --once", 2,
      {"config/sources/a.yaml:1:30:", "only http and https", "config/sources/a.yaml:1:48:", "6h"});
  folder.Write("config/sources/a.yaml", kGoodSource);
  folder.Write("config/cluehound.yaml", "workres: 3\n");
  folder.Expect("crawl --once", 2, {"config/cluehound.yaml:1:1:", "did you mean \"workers\"?"});
  folder.Write("config/cluehound.yaml", "");
  folder.Expect("crawl --once --source shp", 2, {"no source \"shp\"", "did you mean \"shop\"?"});
}

TEST_CASE("ours: mistakes in rules are named, and what is right elsewhere does not hide them") {
  Folder folder;
  folder.Write("packs/bad.yaml",
               "pack: 坏\nrules:\n  - id: bad\n    rev: 1\n    title: 坏规则\n    family: f\n    "
               "category: trademark\n"
               "    when:\n      all: [{regex: \"([\"}]\n");
  folder.Expect("match --rules packs /dev/null", 2,
                {"packs/bad.yaml:3:5: error: rule bad has no samples",
                 "packs/bad.yaml:9:13: error: not a pattern that RE2 takes"});
  folder.Expect("rules lint --rules packs", 1, {"[bad-regex]", "[no-samples]"});
  folder.Write("packs/bad.yaml", "marks:\n  - {id: a, kind: trademrak, name: 示例}\n");
  folder.Expect("rules test --rules packs", 1,
                {"packs/bad.yaml:2:19:", "did you mean \"trademark\"?"});
}

TEST_CASE(
    "ours: files that are no pages, broken archives and hostile pages have outcomes, not crashes") {
  Folder folder;
  folder.Write("picture.html", "\x89PNG\r\n\x1a\n");
  folder.Write("deep.html", [] {
    std::string html;
    for (int i = 0; i < 16000; ++i) html += "<div>";
    return html;
  }());
  folder.Write("costly.html", [] {
    std::string html = "<p>";
    for (int i = 0; i < 400; ++i) html += "<b i=" + std::to_string(i) + ">";
    for (int i = 0; i < 10000; ++i) html += "<p>x";
    return html;
  }());
  folder.Write(
      "cut.warc",
      "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://shop.example/\r\n"
      "WARC-Date: 2026-11-22T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
      "Content-Length: 5000\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: "
      "text/html\r\n\r\n<title>shop</title><p>cut off");
  folder.Expect("scan --emit pages picture.html", 0, {"\"outcome\":\"not_html\"", "图片"});
  folder.Expect("scan --emit pages deep.html", 0, {"\"outcome\":\"too_deep\""});
  folder.Expect("scan --emit pages costly.html", 0, {"\"outcome\":\"too_costly\""});
  folder.Expect(
      "scan --emit pages cut.warc", 1,
      {"cut.warc: the file ends inside the record at byte 0", "\"title\":\"shop\"", "bytes early"});
  folder.Write("shop/LIST.HTM?page=2", "<title>shop</title><p>a saved page of a mirror");
  folder.Write("shop/style.css", "p {}");
  folder.Expect("scan --emit pages shop", 0, {"LIST.HTM?page=2\",\"outcome\":\"ok\""});
  folder.Write("odd.warc",
               "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -5\r\n\r\n\r\n\r\n"
               "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://shop.example/\r\n"
               "Content-Type: text/html\r\nContent-Length: 19\r\n\r\n<title>shop</title>\r\n\r\n");
  folder.Expect("scan --emit pages odd.warc", 1,
                {"odd.warc: 1 damaged places", "without a usable Content-Length", "shop.example"});
  folder.Expect("scan missing.html picture.html", 1, {"missing.html: No such file", "not_html"});
}

TEST_CASE("ours: a store that cannot be used says why") {
  Folder folder;
  folder.Write("config/sources/a.yaml", kGoodSource);
  folder.Expect("crawl --once --store /dev/null", 2, {"/dev/null is not a store"});
  folder.Expect("crawl --once --store /proc/none/store", 3, {"/proc/none/store"});
  folder.Expect("leads list --store nowhere", 3, {"no store at nowhere"});
  folder.Write("other/file.txt", "mine");
  folder.Expect("crawl --once --store other", 2, {"other is not a store"});
}

TEST_CASE("ours: a command that does not exist, or is used wrongly, is told so") {
  const Folder folder;
  folder.Expect("scann page.html", 2, {"no command \"scann\"; did you mean \"scan\"?"});
  folder.Expect("rules explane x", 2,
                {"no command \"rules explane\"; did you mean \"rules explain\"?"});
  folder.Expect("marks zzz", 2, {"no command \"marks zzz\"; there are add, import"});
  folder.Expect("leads decide abc --reason authorised", 2, {"LEAD... STATUS"});
  folder.Expect("leads lst", 2, {"no command \"leads lst\"; did you mean \"list\"?"});
  folder.Expect("scan --emit nonsense x.html", 2, {"nonsense"});
  folder.Expect("--help", 0, {"crawl", "scan", "match", "leads"});
}

}  // namespace
}  // namespace cluehound::app
