#include "store/listing_archive.h"

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "store/listing_files.h"
#include "store/listing_reader.h"
#include "tests/testing/testing.h"

namespace cluehound::store {
namespace {

using cluehound::testing::TempDir;
using extractors::Listing;
namespace fs = std::filesystem;

const Instant kMorning = *ParseTime("2026-11-28T08:30:00.250+08:00");

Listing Goods(const std::string& id, const std::string& title, const std::string& price = "59.00") {
  Listing listing;
  listing.id = id;
  listing.title = title;
  listing.price = price;
  listing.seller = "甲店";
  return listing;
}

ListingFacts At(const std::string& page, Instant at = kMorning,
                const std::string& source = "shop") {
  return {at, source, page, "3-abc"};
}

// Never by time, so that no test waits.
ListingArchive::Options Manual() {
  ListingArchive::Options options;
  options.flush_after = std::chrono::hours(1);
  options.retry_after = Duration(0);
  return options;
}

struct Read {
  std::vector<std::string> titles;
  std::vector<ListingFacts> facts;
  ListingReadFigures figures;
};

Read ReadAll(const fs::path& folder, const ListingFilter& filter = {}, size_t threads = 2) {
  const auto files = ListingFiles(folder, filter);
  REQUIRE_OK(files);
  Read read;
  const auto figures =
      ReadListings(*files, threads, [&](ListingBlock& block) -> Result<std::function<void()>> {
        auto part = std::make_shared<Read>();
        RETURN_IF_ERROR(block.Each([&](Listing& listing, const ListingFacts& facts) {
          part->titles.push_back(listing.title);
          part->facts.push_back(facts);
        }));
        return std::function<void()>([part, &read] {
          read.titles.insert(read.titles.end(), part->titles.begin(), part->titles.end());
          read.facts.insert(read.facts.end(), part->facts.begin(), part->facts.end());
        });
      });
  REQUIRE_OK(figures);
  read.figures = *figures;
  return read;
}

using Texts = std::vector<std::string>;

TEST_CASE("ours: a listing comes back from its line as it went in, but for pictures") {
  Listing listing = Goods("9001", "鸿雁 \"高仿\"\\ 女\t鞋\x01 😀");
  listing.kind = extractors::ListingKind::kLive;
  listing.found_by = extractors::FoundBy::kStateJson;
  listing.url = "https://shop.example/i?a=1&b=2";
  listing.price_max = "99.00";
  listing.currency = "CNY";
  listing.sold = 12000;
  listing.sold_at_least = true;
  listing.seller_id = "s1";
  listing.location = "山东潍坊";
  listing.origin = "福建";
  listing.text = "第一行 / 第二行";
  listing.platform = "taobao";
  listing.state = "live";
  listing.viewers = 0;
  listing.room_operator = "甲公司";
  listing.marketing_person = "主播";
  listing.merchants = {"乙", "丙\n"};
  const ListingFacts facts = At("http://shop.example/list.html");
  std::string lines;
  AppendListingLine(lines, listing, facts);
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 1);
  const size_t length = lines.size() - 1;
  lines.append(ListingLineReader::kPadding, ' ');
  ListingLineReader reader;
  Listing back = Goods("x", "y");
  back.images = {"z"};
  back.merchants = {"z"};
  ListingFacts back_facts;
  REQUIRE_OK(reader.Read(std::string_view(lines).substr(0, length), lines.size() - length, back,
                         back_facts));
  CHECK(back == listing);
  CHECK(back_facts.at == facts.at);
  CHECK(back_facts.source == "shop");
  CHECK(back_facts.page == facts.page);
  CHECK(back_facts.extractor == "3-abc");
  // The least of lines clears what stood there before.
  const std::string least = "{}" + std::string(ListingLineReader::kPadding, ' ');
  REQUIRE_OK(reader.Read(std::string_view(least).substr(0, 2), least.size() - 2, back, back_facts));
  CHECK(back == Listing());
}

TEST_CASE("ours: bytes that are no UTF-8 do not spoil a line") {
  std::string lines;
  AppendListingLine(lines,
                    Goods("1",
                          "a\xFF"
                          "b"),
                    At("p"));
  CHECK(IsValidUtf8(lines));
}

TEST_CASE("ours: what is no line of a listing is said, not read") {
  ListingLineReader reader;
  Listing listing;
  ListingFacts facts;
  for (const std::string line :
       {"", "x", "[]", "{\"title\":1}", "{\"at\":\"gestern\"}", "{\"kind\":\"thing\"}",
        "{\"title\":\"a", "{\"sold\":\"1\"}", "{\"merchants\":[1]}", "{\"title\":\"a\"", "null"}) {
    INFO(line);
    const std::string padded = line + std::string(ListingLineReader::kPadding, ' ');
    CHECK(reader
              .Read(std::string_view(padded).substr(0, line.size()), ListingLineReader::kPadding,
                    listing, facts)
              .code() == Code::kCorruption);
  }
  const std::string newer =
      "{\"future\":{\"a\":[1,{}]},\"title\":\"a\"}" + std::string(ListingLineReader::kPadding, ' ');
  REQUIRE_OK(reader.Read(std::string_view(newer).substr(0, newer.size() - 64),
                         ListingLineReader::kPadding, listing, facts));
  CHECK(listing.title == "a");
}

TEST_CASE(
    "ours: a version is archived once: not again as it was, not on another page, but changed") {
  TempDir dir;
  ListingArchive archive(dir.path(), Manual());
  const std::vector<Listing> first = {Goods("1", "鸿雁 鞋"), Goods("2", "示例 鞋")};
  CHECK(archive.Fresh(At("p1"), first, {}).listings == 2);
  CHECK(archive.Fresh(At("p1"), first, first).listings == 0);
  CHECK(archive.Fresh(At("p2"), first, {}).listings == 0);  // moved on to the next page of a list
  std::vector<Listing> dearer = first;
  dearer[1].price = "69.00";
  dearer[0].sold = 100;
  const auto batch = archive.Fresh(At("p1"), dearer, first);
  CHECK(batch.listings == 1);
  CHECK(batch.lines.find("\"69.00\"") != std::string::npos);
  CHECK(archive.Fresh(At("p1"), first, dearer).listings == 1);                 // and back again
  CHECK(archive.Fresh(At("p1", kMorning, "other"), first, {}).listings == 2);  // apart by source
  CHECK(archive.Fresh(At("p3"), {Goods("7", "a"), Goods("7", "a")}, {}).listings == 1);
  // Another run knows what the page held, and nothing else.
  ListingArchive later(dir.path(), Manual());
  CHECK(later.Fresh(At("p1"), dearer, dearer).listings == 0);
  CHECK(later.Fresh(At("p2"), dearer, {}).listings == 2);
}

TEST_CASE("ours: the archive lies by day and source, each opening with a file of its own") {
  TempDir dir;
  const Instant evening = *ParseTime("2026-11-28T23:59:59+08:00");
  const Instant tomorrow = *ParseTime("2026-11-29T00:00:00+08:00");
  for (int opening = 1; opening <= 3; ++opening) {
    ListingArchive archive(dir.path() / "listings", Manual());
    const std::string n = std::to_string(opening);
    archive.Add(archive.Fresh(At("p", kMorning), {Goods("1", "a" + n)}, {}));
    archive.Add(archive.Fresh(At("p", evening), {Goods("2", "b" + n)}, {}));
    REQUIRE_OK(archive.Flush());
    archive.Add(archive.Fresh(At("p", evening), {Goods("3", "c" + n)}, {}));
    archive.Add(archive.Fresh(At("p", evening, "v.2"), {Goods("4", "d" + n)}, {}));
    archive.Add(archive.Fresh(At("p", tomorrow), {Goods("5", "e" + n)}, {}));
    if (opening == 1) {
      REQUIRE_OK(archive.Flush());
      CHECK(archive.figures().listings == 5);
      CHECK(archive.figures().waiting_bytes == 0);
      CHECK(archive.figures().lost == 0);
    }
  }
  for (const char* name : {"2026-11-28/shop.0001.jsonl.zst", "2026-11-28/shop.0003.jsonl.zst",
                           "2026-11-28/v.2.0002.jsonl.zst", "2026-11-29/shop.0002.jsonl.zst"})
    CHECK(fs::exists(dir.path() / "listings" / name));
  const fs::path folder = dir.path() / "listings";
  CHECK(ReadAll(folder).titles == Texts{"a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3", "d1",
                                        "d2", "d3", "e1", "e2", "e3"});
  CHECK(ReadAll(folder, {{"2026-11-29", ""}, {}}).titles == Texts{"e1", "e2", "e3"});
  CHECK(ReadAll(folder, {{"", "2026-11-28"}, {"v.2", "none"}}).titles == Texts{"d1", "d2", "d3"});
  CHECK(ReadAll(folder, {{"2026-11-30", ""}, {}}).titles.empty());
  const auto size = MeasureListings(folder);
  REQUIRE_OK(size);
  CHECK(size->days == 2);
  CHECK(size->files == 9);
  CHECK(size->first_day == "2026-11-28");
  CHECK(size->last_day == "2026-11-29");
  CHECK(MeasureListings(dir.path() / "nothing")->files == 0);
}

TEST_CASE("ours: blocks are read by many threads and come together in order") {
  TempDir dir;
  ListingArchive::Options options = Manual();
  options.block_bytes = 2000;
  Texts wanted;
  {
    ListingArchive archive(dir.path(), options);
    for (int i = 0; i < 500; ++i) {
      wanted.push_back("商品 " + std::to_string(i));
      archive.Add(archive.Fresh(At("p" + std::to_string(i)),
                                {Goods(std::to_string(i), wanted.back())}, {}));
      if (i % 7 == 0) REQUIRE_OK(archive.Flush());
    }
  }
  for (const size_t threads : {1, 2, 7}) {
    const Read read = ReadAll(dir.path(), {}, threads);
    CHECK(read.titles == wanted);
    CHECK(read.figures.listings == 500);
    CHECK(read.figures.frames > 50);
    CHECK(read.figures.torn_files == 0);
  }
}

TEST_CASE("ours: the first failure of a block ends the reading") {
  TempDir dir;
  ListingArchive::Options options = Manual();
  {
    ListingArchive archive(dir.path(), options);
    for (int i = 0; i < 50; ++i) {
      archive.Add(archive.Fresh(At("p"), {Goods(std::to_string(i), "a")}, {}));
      REQUIRE_OK(archive.Flush());
    }
  }
  const auto files = ListingFiles(dir.path(), {});
  REQUIRE_OK(files);
  std::atomic<int> met{0};
  int finished = 0;
  const auto read = ReadListings(*files, 3, [&](ListingBlock&) -> Result<std::function<void()>> {
    if (met++ == 20) return Status::Cancelled("enough");
    return std::function<void()>([&] { ++finished; });
  });
  CHECK(read.status().code() == Code::kCancelled);
  CHECK(finished <= 49);
}

TEST_CASE("ours: a torn end is passed over, whatever of it is there") {
  TempDir dir;
  {
    ListingArchive archive(dir.path(), Manual());
    for (const char* title : {"a", "b", "c"}) {
      archive.Add(archive.Fresh(At("p"), {Goods(title, title)}, {}));
      REQUIRE_OK(archive.Flush());
    }
  }
  const fs::path file = dir.path() / ListingPath("2026-11-28", "shop", 1);
  const std::string whole = cluehound::testing::Slurp(file);
  auto frames = ListingFrames::Open(file);
  REQUIRE_OK(frames);
  std::string frame;
  size_t two = 0;
  for (int i = 0; i < 2; ++i) {
    REQUIRE(frames->Next(frame).value());
    two += frame.size();
  }
  for (size_t end = two; end < whole.size(); ++end) {
    fs::resize_file(file, end);
    const Read read = ReadAll(dir.path());
    REQUIRE(read.titles == Texts{"a", "b"});
    REQUIRE(read.figures.torn_bytes == end - two);
    REQUIRE_OK(WriteFileAtomically(file, whole));
  }
  // A disk that lost power may leave zeros, or half of what should be there.
  std::string zeros = whole;
  std::fill(zeros.begin() + static_cast<ptrdiff_t>(two), zeros.end(), '\0');
  REQUIRE_OK(WriteFileAtomically(file, zeros));
  CHECK(ReadAll(dir.path()).titles == Texts{"a", "b"});
  for (size_t i = two + 6; i < whole.size(); i += 7) {
    std::string bent = whole;
    bent[i] = static_cast<char>(bent[i] ^ 0x55);
    REQUIRE_OK(WriteFileAtomically(file, bent));
    CHECK(ReadAll(dir.path()).titles == Texts{"a", "b"});
  }
  // The next opening goes on behind it.
  {
    ListingArchive archive(dir.path(), Manual());
    archive.Add(archive.Fresh(At("p"), {Goods("d", "d")}, {}));
  }
  CHECK(ReadAll(dir.path()).titles == Texts{"a", "b", "d"});
}

// Lets a disk fail.
struct Disk {
  bool full = false;
  bool sync_fails = false;
  bool cannot_cut = false;
};
class FailingFile final : public evidence::AppendFile {
 public:
  FailingFile(std::unique_ptr<AppendFile> file, Disk& disk) : file_(std::move(file)), disk_(disk) {}
  Status Append(std::string_view bytes) override {
    if (!disk_.full) return file_->Append(bytes);
    RETURN_IF_ERROR(file_->Append(bytes.substr(0, bytes.size() / 2)));
    return Status::Unavailable("No space left on device");
  }
  Status Sync() override {
    return disk_.sync_fails ? Status::Unavailable("Input/output error") : file_->Sync();
  }
  Status Truncate(uint64_t size) override {
    return disk_.cannot_cut ? Status::Unavailable("Input/output error") : file_->Truncate(size);
  }

 private:
  std::unique_ptr<AppendFile> file_;
  Disk& disk_;
};

ListingArchive::Options On(Disk& disk) {
  ListingArchive::Options options = Manual();
  const auto failing = [&disk](auto open) {
    return [&disk, open](const fs::path& path) -> Result<std::unique_ptr<evidence::AppendFile>> {
      ASSIGN_OR_RETURN(auto file, open(path));
      return std::unique_ptr<evidence::AppendFile>(
          std::make_unique<FailingFile>(std::move(file), disk));
    };
  };
  options.create = failing(evidence::CreateAppendFile);
  options.open = failing(evidence::OpenAppendFile);
  return options;
}

TEST_CASE(
    "ours: a full disk keeps listings waiting, and they are written when there is space again") {
  TempDir dir;
  Disk disk;
  ListingArchive archive(dir.path(), On(disk));
  const auto add = [&](const std::string& title) {
    archive.Add(archive.Fresh(At("p"), {Goods(title, title)}, {}));
    return archive.Flush();
  };
  REQUIRE_OK(add("a"));
  disk.full = true;
  CHECK(add("b").message().find("No space left") != std::string::npos);
  CHECK(add("c").code() == Code::kUnavailable);
  CHECK(archive.figures().failing);
  CHECK(archive.figures().waiting_bytes > 0);
  CHECK(ReadAll(dir.path()).titles == Texts{"a"});
  disk.full = false;
  REQUIRE_OK(add("d"));
  CHECK(!archive.figures().failing);
  CHECK(archive.figures().lost == 0);
  CHECK(archive.figures().listings == 4);
  const Read read = ReadAll(dir.path());
  CHECK(read.titles == Texts{"a", "b", "c", "d"});
  CHECK(read.figures.torn_bytes == 0);
  CHECK(read.figures.files == 1);
}

TEST_CASE("ours: behind a failed sync, or a torn frame that cannot be cut, another file begins") {
  for (const bool sync : {true, false}) {
    TempDir dir;
    Disk disk;
    ListingArchive archive(dir.path(), On(disk));
    const auto add = [&](const std::string& title) {
      archive.Add(archive.Fresh(At("p"), {Goods(title, title)}, {}));
      return archive.Flush();
    };
    REQUIRE_OK(add("a"));
    (sync ? disk.sync_fails : disk.full) = true;
    disk.cannot_cut = !sync;
    CHECK(!add("b").ok());
    disk = {};
    REQUIRE_OK(add("c"));
    CHECK(ReadAll(dir.path()).titles == Texts{"a", "b", "c"});
    CHECK(fs::exists(dir.path() / ListingPath("2026-11-28", "shop", 2)));
  }
}

TEST_CASE("ours: what does not fit into memory while a disk is full is lost and counted") {
  TempDir dir;
  Disk disk;
  disk.full = true;
  ListingArchive::Options options = On(disk);
  options.max_waiting = 1000;
  ListingArchive archive(dir.path(), options);
  for (int i = 0; i < 50; ++i)
    archive.Add(archive.Fresh(At("p"), {Goods(std::to_string(i), "a")}, {}));
  CHECK(!archive.Flush().ok());
  const auto figures = archive.figures();
  CHECK(figures.lost > 30);
  CHECK(figures.waiting_bytes <= 1000);
  disk.full = false;
  REQUIRE_OK(archive.Flush());
  CHECK(archive.figures().listings + figures.lost == 50);
}

void MakeDay(const fs::path& folder, const std::string& day, size_t bytes) {
  const fs::path file = folder / ListingPath(day, "shop", 1);
  fs::create_directories(file.parent_path());
  REQUIRE_OK(WriteFileAtomically(file, std::string(bytes, 'x')));
}

std::vector<std::string> DaysLeft(const fs::path& folder) {
  std::vector<std::string> days;
  for (const auto& entry : fs::directory_iterator(folder)) days.push_back(entry.path().filename());
  std::sort(days.begin(), days.end());
  return days;
}

TEST_CASE("ours: retention takes the oldest days, by age and by size, never today") {
  TempDir dir;
  for (const char* day : {"2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28"})
    MakeDay(dir.path(), day, 100);
  fs::create_directories(dir.path() / "not a day");
  ListingRetention retention;
  retention.days = 4;
  const auto tried = PruneListings(dir.path(), retention, kMorning, true);
  REQUIRE_OK(tried);
  CHECK(tried->days == Texts{"2026-11-24"});
  CHECK(tried->bytes == 100);
  CHECK(DaysLeft(dir.path()).size() == 6);
  REQUIRE_OK(PruneListings(dir.path(), retention, kMorning, false));
  CHECK(DaysLeft(dir.path()).front() == "2026-11-25");
  retention.days = 0;
  retention.max_bytes = 250;
  REQUIRE_OK(PruneListings(dir.path(), retention, kMorning, false));
  CHECK(DaysLeft(dir.path()) == Texts{"2026-11-27", "2026-11-28", "not a day"});
  retention.max_bytes = 1;
  REQUIRE_OK(PruneListings(dir.path(), retention, kMorning, false));
  CHECK(DaysLeft(dir.path()) == Texts{"2026-11-28", "not a day"});
  CHECK(PruneListings(dir.path() / "nothing", retention, kMorning, false)->days.empty());
}

TEST_CASE("ours: days of a campaign stay for 25 months, whatever the bounds say") {
  TempDir dir;
  for (const char* day : {"2024-10-27", "2024-10-28", "2025-11-11", "2025-11-12", "2026-11-27"})
    MakeDay(dir.path(), day, 100);
  ListingRetention retention;
  retention.days = 30;
  retention.max_bytes = 1;
  retention.kept = {{"2024-10-20", "2024-10-31"}, {"2025-11-01", "2025-11-11"}};
  const auto pruned = PruneListings(dir.path(), retention, kMorning, false);
  REQUIRE_OK(pruned);
  CHECK(pruned->days == Texts{"2024-10-27", "2025-11-12", "2026-11-27"});
  CHECK(pruned->kept_days == 2);
  CHECK(DaysLeft(dir.path()) == Texts{"2024-10-28", "2025-11-11"});
}

TEST_CASE("ours: a month before the 31st is the last day of a shorter one") {
  const auto before = [](const char* day, int months) {
    return FormatDay(MonthsBefore(*ParseDay(day), months));
  };
  CHECK(before("2026-03-31", 1) == "2026-02-28");
  CHECK(before("2026-11-28", 25) == "2024-10-28");
  CHECK(before("2028-02-29", 12) == "2027-02-28");
}

}  // namespace
}  // namespace cluehound::store
