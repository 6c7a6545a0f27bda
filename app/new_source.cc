#include "app/new_source.h"

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "base/url.h"
#include "base/yaml.h"

namespace cluehound::app {
namespace {

// An id that a host gives: letters, digits, dots and lines.
std::string IdOf(const Url& url) {
  std::string id(url.host());
  std::replace_if(
      id.begin(), id.end(), [](char c) { return !IsAsciiAlnum(c) && c != '.'; }, '-');
  if (!url.has_default_port()) id += "-" + std::to_string(url.port());
  return id;
}

}  // namespace

Result<AddedSource> AddSource(const Config& config, const NewSource& source) {
  if (config.dir.empty())
    return Status::InvalidArgument("which configuration? Name it with --config DIR");
  ASSIGN_OR_RETURN(const Url url, Url::Parse(source.address));
  AddedSource added;
  added.id = source.id.empty() ? IdOf(url) : source.id;
  std::string text = "# Written by cluehound sources add.\nsources:\n  - id: " + added.id +
                     "\n    seeds: [" + QuotedYaml(url.Canonical().href()) + "]\n";
  const std::pair<const char*, const std::string&> settings[] = {{"every", source.every},
                                                                 {"pace", source.pace},
                                                                 {"hours", source.hours},
                                                                 {"depth", source.depth},
                                                                 {"max_pages", source.max_pages}};
  for (const auto& [key, value] : settings) {
    if (!value.empty()) text += "    " + std::string(key) + ": " + QuotedYaml(value) + "\n";
  }
  const std::filesystem::path folder = config.dir / "sources";
  Diagnostics diagnostics;
  crawler::ParseSources(text, "the new source", diagnostics, config.zone);
  RETURN_IF_ERROR(diagnostics.ToStatus());
  added.file = folder / (added.id + ".yaml");
  std::error_code error;
  if (std::filesystem::exists(added.file, error)) {
    return Status::InvalidArgument(added.file.string() + " is there already; choose another --id");
  }
  Diagnostics others;
  std::vector<crawler::SourceSettings> known;
  if (std::filesystem::exists(folder, error))
    known = crawler::ReadSources(folder, others, config.zone);
  if (std::any_of(known.begin(), known.end(), [&](const auto& s) { return s.id == added.id; })) {
    return Status::InvalidArgument("a source \"" + added.id +
                                   "\" is there already; choose another --id");
  }
  std::filesystem::create_directories(folder, error);
  RETURN_IF_ERROR(WriteFileAtomically(added.file, text));
  return added;
}

}  // namespace cluehound::app
