#include "app/scan_inputs.h"

#include <algorithm>
#include <iterator>

#include "base/file.h"
#include "base/text.h"
#include "evidence/mhtml_reader.h"
#include "evidence/warc_reader.h"

namespace cluehound::app {
namespace {

constexpr size_t kMaxFile = 64u << 20;  // of one saved page; archives are streamed

constexpr std::string_view kPageEndings[] = {
    ".html", ".htm", ".shtml", ".xhtml", ".json", ".mhtml", ".mht",     ".txt",   ".php",
    ".aspx", ".asp", ".jsp",   ".do",    ".warc", ".arc",   ".warc.gz", ".arc.gz"};

// Whether a file of a folder is a page or holds pages, rather than the pictures and styles that are
// saved with them. Mirrors keep the query behind the name, "list.html?page=2".
bool IsPage(const std::filesystem::path& path) {
  std::string name = ToAsciiLower(path.filename().string());
  name = name.substr(0, name.find('?'));
  return std::any_of(std::begin(kPageEndings), std::end(kPageEndings), [&](std::string_view e) {
    return name.size() > e.size() && name.ends_with(e);
  });
}

bool IsArchive(const std::string& file) {
  const std::string path = ToAsciiLower(file);
  for (const char* ending :
       {".warc", ".warc.gz", ".arc", ".arc.gz", ".wet.gz", ".wat.gz", ".warc.gz.bad"}) {
    if (path.ends_with(ending)) return true;
  }
  return false;
}

Status ReadArchive(const std::string& path, const std::function<void(const InputPage&)>& each) {
  auto reader = evidence::WarcReader::Open(path);
  if (!reader.ok()) return reader.status();
  for (evidence::ArchivedResponse response; (*reader)->Next(response);) {
    InputPage input;
    input.name = response.url;
    input.page.url = response.url;
    input.page.content_type = response.content_type;
    input.page.content_encoding = response.content_encoding;
    input.page.coded_body = response.coded_body;
    for (const std::string& note : response.notes)
      input.note += (input.note.empty() ? "" : "; ") + note;
    each(input);
  }
  RETURN_IF_ERROR((*reader)->status());
  const std::vector<std::string>& warnings = (*reader)->warnings();
  if (warnings.empty()) return Status::Ok();
  return Status::Corruption(path + ": " + std::to_string(warnings.size()) +
                            " damaged places, passed over; the first: " + warnings.front());
}

Status ReadSavedPage(const std::string& path, const std::string& url,
                     const std::function<void(const InputPage&)>& each) {
  ASSIGN_OR_RETURN(std::string bytes, ReadFile(path, kMaxFile));
  InputPage input;
  input.name = path;
  input.page.url = url;
  if (evidence::LooksLikeMhtml(std::string_view(bytes).substr(0, 4096))) {
    auto saved = evidence::ReadMhtml(bytes, kMaxFile);
    if (!saved.ok()) return saved.status().Within(path);
    bytes = std::move(saved->bytes);
    if (url.empty()) input.page.url = saved->url;
    input.page.content_type = saved->content_type;
    if (!saved->complete) input.note = "cut at " + std::to_string(kMaxFile) + " bytes";
  }
  input.page.coded_body = bytes;
  each(input);
  return Status::Ok();
}

}  // namespace

void ReadInputs(const std::vector<std::string>& paths, const std::string& url,
                const std::function<void(const InputPage&)>& each,
                const std::function<void(const Status&)>& failed) {
  for (const std::string& path : paths) {
    std::vector<std::filesystem::path> files = {path};
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
      auto listed = ListFiles(path, {});
      if (!listed.ok()) {
        failed(listed.status());
        continue;
      }
      files = std::move(listed).value();
      std::erase_if(files, [](const std::filesystem::path& file) { return !IsPage(file); });
    }
    for (const std::filesystem::path& file : files) {
      const Status status = IsArchive(file.string()) ? ReadArchive(file.string(), each)
                                                     : ReadSavedPage(file.string(), url, each);
      if (!status.ok()) failed(status);
    }
  }
}

}  // namespace cluehound::app
