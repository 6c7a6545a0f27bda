#include "crawler/source.h"

#include <algorithm>
#include <map>

#include "base/file.h"
#include "base/text.h"
#include "base/url.h"
#include "base/yaml.h"
#include "crawler/address_guard.h"
#include "crawler/schedule_reader.h"

namespace cluehound::crawler {
namespace {

constexpr size_t kMaxFileBytes = 16u << 20;
constexpr size_t kMaxIdLength = 64;

bool IsId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdLength &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsAsciiAlnum(c) || c == '-' || c == '_' || c == '.'; });
}

// Reads one source. What is wrong goes to the diagnostics; the caller compares their number.
class SourceReader {
 public:
  SourceReader(const YamlNode& node, Diagnostics& diagnostics, const TimeZone& zone)
      : map_(node, diagnostics, "source"), diagnostics_(diagnostics), zone_(zone) {}

  SourceSettings Read() {
    ReadId();
    ReadSearch();
    ReadSeeds();
    ReadHosts();
    ReadAllowedAddresses();
    source_.schedule = ReadSchedule(map_, zone_);
    source_.pace = map_.Time("pace", source_.pace);
    source_.max_pages =
        static_cast<uint32_t>(map_.Integer("max_pages", source_.max_pages, 1, 1'000'000'000));
    source_.max_addresses = static_cast<uint32_t>(
        map_.Integer("max_addresses", source_.max_addresses, 1, 1'000'000'000));
    source_.depth = static_cast<uint16_t>(map_.Integer("depth", source_.depth, 0, 1000));
    const std::string priority = map_.Choice("priority", "normal", {"high", "normal", "low"});
    if (priority == "high") source_.priority = Priority::kHigh;
    if (priority == "low") source_.priority = Priority::kLow;
    if (map_.Choice("needs", "listings", {"listings", "hits"}) == "hits") {
      source_.needs = Needs::kHits;
    }
    source_.render = map_.Choice("render", "http", {"http"});
    source_.profile = map_.Text("profile");
    source_.access = ReadAccess(map_);
    map_.Finish();
    return std::move(source_);
  }

 private:
  void ReadId() {
    source_.id = map_.RequiredText("id");
    if (map_.Has("id") && !IsId(source_.id)) {
      map_.Error("id", "bad-id", "must be 1 to 64 letters, digits, \"-\", \"_\" or \".\"",
                 "write for example shop-1");
    }
  }

  void ReadSearch() {
    source_.search = ReadSearchTemplate(map_);
    if (!source_.search.searches()) return;  // there is no address to ask for
    const auto results = source_.search.AddressOf("a");
    if (!results.ok()) return;
    if (const Result<Url> url = Url::Parse(*results); url.ok()) Allow(*url);
  }

  void ReadSeeds() {
    const auto seeds = map_.Scalars("seeds");
    if (seeds.empty() && map_.node().is_map() && !map_.Has("search")) {
      map_.Error("seeds", "missing-key", "at least one address is needed",
                 "add \"seeds: [https://shop.example.com/]\"");
    }
    for (const YamlNode* node : seeds) {
      const Result<Url> url = Url::Parse(node->scalar);
      if (!url.ok()) {
        At(*node, "bad-address", "\"" + node->scalar + "\": " + url.status().message(),
           "write a whole address with http:// or https://");
        continue;
      }
      if (!url->userinfo().empty()) {
        At(*node, "bad-address", "user name and password are not sent",
           "remove them from the address");
        continue;
      }
      source_.seeds.push_back(url->Canonical().href());
      Allow(*url);
    }
  }

  void Allow(const Url& url) {
    source_.hosts.insert(url.authority());
    // Who writes a literal address means it: it names exactly that one.
    const auto literal = IpAddress::Parse(url.host());
    if (literal && !ReservedRange(*literal).empty()) {
      source_.allow_addresses.push_back(Cidr::Of(*literal));
    }
  }

  void ReadHosts() {
    for (const YamlNode* node : map_.Scalars("hosts")) {
      std::string_view text = node->scalar;
      const bool wildcard = text.starts_with("*.");
      if (wildcard) text.remove_prefix(2);
      const Result<Url> url = Url::Parse("http://" + std::string(text));
      if (!url.ok() || url->path_and_query() != "/" || !url->userinfo().empty() || text.empty() ||
          !url->fragment().empty() || text.ends_with('/')) {
        At(*node, "bad-host", "\"" + node->scalar + "\" is no host name",
           "write shop.example.com, shop.example.com:8080, or *.example.com for all below it");
        continue;
      }
      if (wildcard) {
        source_.host_suffixes.push_back("." + url->authority());
      } else {
        source_.hosts.insert(url->authority());
      }
    }
  }

  void ReadAllowedAddresses() {
    for (const YamlNode* node : map_.Scalars("allow_addresses")) {
      if (const auto range = Cidr::Parse(node->scalar)) {
        source_.allow_addresses.push_back(*range);
      } else {
        At(*node, "bad-range", "\"" + node->scalar + "\" is no address range",
           "write 192.168.1.10 or 192.168.1.0/24");
      }
    }
  }

  void At(const YamlNode& node, std::string code, std::string message, std::string remedy) {
    diagnostics_.Error(std::move(code), node.where, "source: " + std::move(message),
                       std::move(remedy));
  }

  YamlMap map_;
  Diagnostics& diagnostics_;
  const TimeZone& zone_;
  SourceSettings source_;
};

// Reads files one after the other and keeps where each id stood first.
class SourcesReader {
 public:
  SourcesReader(Diagnostics& diagnostics, const TimeZone& zone)
      : diagnostics_(diagnostics), zone_(zone) {}

  void Read(std::string_view text, const std::string& file) {
    const auto root = ParseYaml(text, file, diagnostics_);
    if (!root) return;
    YamlMap map(*root, diagnostics_, "file of sources");
    if (root->is_map() && !map.Has("sources")) {
      map.Error("sources", "missing-key", "is missing",
                "write \"sources: [{id: ..., seeds: [...]}]\"");
    }
    map.Each("sources", [this](const YamlNode& node) { Add(node); });
    map.Finish();
  }

  std::vector<SourceSettings> Take() { return std::move(sources_); }

 private:
  void Add(const YamlNode& node) {
    const size_t errors_before = diagnostics_.errors();
    SourceSettings source = SourceReader(node, diagnostics_, zone_).Read();
    const YamlNode* id = node.Find("id");
    if (id != nullptr && !source.id.empty()) {
      const auto [first, fresh] = places_.emplace(source.id, id->where);
      if (!fresh) {
        diagnostics_.Error("duplicate-id", id->where,
                           "source: id \"" + source.id + "\" stands already in " +
                               first->second.file + ":" + std::to_string(first->second.line),
                           "give one of them another id");
      }
    }
    if (diagnostics_.errors() == errors_before) sources_.push_back(std::move(source));
  }

  Diagnostics& diagnostics_;
  const TimeZone& zone_;
  std::map<std::string, Location> places_;
  std::vector<SourceSettings> sources_;
};

}  // namespace

std::string_view Name(Priority priority) {
  switch (priority) {
    case Priority::kHigh:
      return "high";
    case Priority::kNormal:
      return "normal";
    case Priority::kLow:
      return "low";
  }
  return "";
}

bool SourceSettings::InScope(std::string_view authority) const {
  if (hosts.find(authority) != hosts.end()) return true;
  return std::any_of(host_suffixes.begin(), host_suffixes.end(),
                     [&](const std::string& suffix) { return authority.ends_with(suffix); });
}

std::vector<SourceSettings> ParseSources(std::string_view text, const std::string& file,
                                         Diagnostics& diagnostics, const TimeZone& zone) {
  SourcesReader reader(diagnostics, zone);
  reader.Read(text, file);
  return reader.Take();
}

std::vector<SourceSettings> ReadSources(const std::filesystem::path& folder,
                                        Diagnostics& diagnostics, const TimeZone& zone) {
  SourcesReader reader(diagnostics, zone);
  const auto files = ListFiles(folder, {".yaml", ".yml"});
  if (!files.ok()) {
    diagnostics.Error("unreadable", {folder.string(), 0, 0}, files.status().message(),
                      "create the folder and put a file of sources into it");
    return {};
  }
  for (const std::filesystem::path& file : *files) {
    const auto text = ReadFile(file, kMaxFileBytes);
    if (text.ok()) {
      reader.Read(*text, file.string());
    } else {
      diagnostics.Error("unreadable", {file.string(), 0, 0}, text.status().message());
    }
  }
  return reader.Take();
}

}  // namespace cluehound::crawler
