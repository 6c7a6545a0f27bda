#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "extractors/listing.h"
#include "extractors/page_reader.h"

namespace cluehound::app {

// One offer of a corpus on which rules are tried.
struct CorpusItem {
  std::string name;  // "titles.txt:12", "shop.warc: http://…"
  extractors::Listing listing;
  bool bare = false;                 // a title alone: price, seller and place are unknown
  std::optional<Instant> seen = {};  // when it was met, of the archive
};

// Reads files and folders: lines of .txt, .tsv, .csv and "-" (stdin) are titles or, where they begin
// with "{", listings as `scan --emit listings` writes them; .jsonl and .ndjson hold listings; saved
// pages, .warc[.gz], .arc[.gz] and .mhtml are read as `scan` reads them. What cannot be read goes to
// `failed` and the rest is read all the same. Empty lines are passed over. Memory: one line, or one
// page.
void ReadCorpus(const std::vector<std::string>& paths, const extractors::PageReader& reader,
                const std::function<void(const CorpusItem&)>& each,
                const std::function<void(const Status&)>& failed);

// A line of titles or listings. `name` is for messages.
Result<CorpusItem> ParseCorpusLine(std::string_view line, std::string name);

}  // namespace cluehound::app
