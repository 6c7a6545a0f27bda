#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/pipeline.h"
#include "base/status.h"

namespace cluehound::app {

// A page found in a file: the page, and the name under which results are reported.
struct InputPage {
  std::string name;  // the file's path, or the record's address
  RawPage page;
  std::string note;  // what is odd about it; empty: nothing
};

// Saved pages, folders, .warc[.gz], .arc[.gz], .mhtml: calls `each` for every page, in order of path. What cannot be
// read goes to `failed` with a message, and the rest is read all the same.
// `url` is the address of a single saved page, when the user knows it.
void ReadInputs(const std::vector<std::string>& paths, const std::string& url,
                const std::function<void(const InputPage&)>& each,
                const std::function<void(const Status&)>& failed);

}  // namespace cluehound::app
