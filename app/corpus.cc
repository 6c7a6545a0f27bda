#include "app/corpus.h"

#include <fstream>
#include <iostream>

#include "app/listing_json.h"
#include "app/pipeline.h"
#include "app/scan_inputs.h"
#include "base/file.h"
#include "base/text.h"

namespace cluehound::app {
namespace {

constexpr size_t kMaxLine = 4u << 20;  // bytes: a listing with all its texts is far below

bool EndsWithAny(const std::string& path, std::initializer_list<const char*> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](const char* ending) { return path.ends_with(ending); });
}

bool HoldsLines(const std::string& path) {
  return path == "-" || EndsWithAny(path, {".txt", ".tsv", ".csv", ".jsonl", ".ndjson"});
}

void ReadLines(std::istream& in, const std::string& name,
               const std::function<void(const CorpusItem&)>& each,
               const std::function<void(const Status&)>& failed) {
  size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    const std::string place = name + ":" + std::to_string(++number);
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    while (line.ends_with('\r') || line.ends_with('\n')) line.pop_back();
    if (TrimAscii(line).empty()) continue;
    const auto item = ParseCorpusLine(line, place);
    if (item.ok()) {
      each(*item);
    } else {
      failed(item.status());
    }
  }
}

void ReadPages(const std::string& path, const extractors::PageReader& reader,
               const std::function<void(const CorpusItem&)>& each,
               const std::function<void(const Status&)>& failed) {
  ReadInputs(
      {path}, "",
      [&](const InputPage& input) {
        for (extractors::Listing& listing : ReadListings(reader, input.page))
          each({input.name, std::move(listing), false});
      },
      failed);
}

void ReadFileOrPages(const std::string& path, const extractors::PageReader& reader,
                     const std::function<void(const CorpusItem&)>& each,
                     const std::function<void(const Status&)>& failed) {
  if (path == "-") return ReadLines(std::cin, "stdin", each, failed);
  if (!HoldsLines(path)) return ReadPages(path, reader, each, failed);
  std::ifstream in(path, std::ios::binary);
  if (!in) return failed(Status::NotFound(path + ": cannot be read"));
  ReadLines(in, path, each, failed);
}

}  // namespace

Result<CorpusItem> ParseCorpusLine(std::string_view line, std::string name) {
  if (line.size() > kMaxLine)
    return Status::InvalidArgument(name + ": the line is longer than 4 MiB");
  if (!IsValidUtf8(line)) return Status::InvalidArgument(name + ": not valid UTF-8");
  CorpusItem item;
  item.name = std::move(name);
  if (TrimAscii(line).starts_with('{')) {
    auto listing = ParseListingJson(line);
    if (!listing.ok()) return listing.status().Within(item.name);
    item.listing = std::move(listing).value();
  } else {
    item.listing.title = line;
    item.bare = true;
  }
  return item;
}

void ReadCorpus(const std::vector<std::string>& paths, const extractors::PageReader& reader,
                const std::function<void(const CorpusItem&)>& each,
                const std::function<void(const Status&)>& failed) {
  for (const std::string& path : paths) {
    std::error_code error;
    if (path == "-" || !std::filesystem::is_directory(path, error)) {
      ReadFileOrPages(path, reader, each, failed);
      continue;
    }
    const auto files = ListFiles(path, {});
    if (!files.ok()) {
      failed(files.status());
      continue;
    }
    for (const std::filesystem::path& file : *files)
      ReadFileOrPages(file.string(), reader, each, failed);
  }
}

}  // namespace cluehound::app
