#include "app/config.h"

#include <algorithm>
#include <cstdlib>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "base/yaml.h"

namespace cluehound::app {
namespace {

constexpr char kVersion[] = CLUEHOUND_VERSION;
constexpr size_t kMaxConfigBytes = 1u << 20;

bool Exists(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

std::filesystem::path ConfigDir(const CommonOptions& options) {
  if (!options.config.empty()) return options.config;
  const char* named = std::getenv("CLUEHOUND_CONFIG");
  return named != nullptr && *named != '\0' ? named : "config";
}

// Relative paths of a config file count from its folder.
std::filesystem::path Below(const std::filesystem::path& dir, const std::string& path) {
  return path.empty() ? std::filesystem::path() : dir / path;
}

bool IsHeaderText(const std::string& text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7E || c == '(' || c == ')') return false;
  }
  return true;
}

bool IsNumberPrefix(const std::string& text) {
  return !text.empty() && text.size() <= 12 && std::all_of(text.begin(), text.end(), IsAsciiAlnum);
}

void ReadListen(YamlMap& map, Config& config) {
  if (!map.Has("listen")) return;
  const std::string text = map.Text("listen");
  const size_t colon = text.rfind(':');
  const auto address = crawler::IpAddress::Parse(text.substr(0, colon));
  const int64_t port =
      colon == std::string::npos ? -1 : ParseInt(text.substr(colon + 1)).value_or(-1);
  if (!address || port < 0 || port > 65535) {
    map.Error("listen", "bad-listen", "\"" + text + "\" is no address with a port",
              "write 127.0.0.1:8080, or [::1]:8080");
    return;
  }
  config.listen = address->ToString();
  config.port = static_cast<uint16_t>(port);
}

void ReadLog(YamlMap& map, Config& config) {
  const YamlNode* node = map.Child("log");
  if (node == nullptr) return;
  YamlMap log(*node, map.diagnostics(), "log");
  if (log.Choice("format", "text", {"text", "json"}) == "json")
    config.log.format = LogFormat::kJson;
  config.log.file = Below(config.dir, log.Text("file"));
  constexpr int64_t kMegabyte = 1 << 20;
  config.log.max_bytes =
      static_cast<uint64_t>(log.Integer("max_megabytes", 64, 1, 100'000) * kMegabyte);
  config.log.keep_days = static_cast<int>(log.Integer("keep_days", 30, 1, 10'000));
  log.Finish();
}

void ReadMain(const std::filesystem::path& file, Config& config, Diagnostics& diagnostics) {
  const auto text = ReadFile(file, kMaxConfigBytes);
  if (!text.ok()) {
    diagnostics.Error("unreadable", {file.string(), 0, 0}, text.status().message());
    return;
  }
  const auto root = ParseYaml(*text, file.string(), diagnostics);
  if (!root || root->is_null()) return;
  YamlMap map(*root, diagnostics, "cluehound.yaml");
  config.office = map.Text("office");
  config.contact = map.Text("contact");
  config.number_prefix = map.Text("number_prefix", "WF");
  if (!IsNumberPrefix(config.number_prefix)) {
    map.Error("number_prefix", "bad-prefix", "must be 1 to 12 letters and digits",
              "write WF for numbers such as WF-2026-00123");
  }
  if (!IsHeaderText(config.contact)) {
    map.Error(
        "contact", "bad-contact",
        "must be plain ASCII without brackets, as it goes into the User-Agent header",
        "write an address such as https://office.example/crawler or mailto:it@office.example");
  }
  if (const std::string store = map.Text("store"); !store.empty())
    config.store = Below(config.dir, store);
  if (const std::string name = map.Text("timezone", config.zone.name()); !name.empty()) {
    auto zone = TimeZone::Find(name);
    if (zone.ok()) {
      config.zone = *std::move(zone);
    } else {
      map.Error("timezone", "unknown-value", zone.status().message(),
                "write a name of the tz database such as Asia/Shanghai");
    }
  }
  ReadListen(map, config);
  ReadLog(map, config);
  config.triage = ReadTriageSettings(map, config.dir);
  config.workers = static_cast<size_t>(map.Integer("workers", 0, 0, 256));
  config.max_in_flight = static_cast<size_t>(map.Integer("max_in_flight", 64, 1, 10000));
  config.connections_per_address = static_cast<int>(
      map.Integer("connections_per_address", config.connections_per_address, 1, 10000));
  crawler::ReadProxy(map, config.access);
  if (const std::string rules = map.Text("rules"); !rules.empty())
    config.rules = Below(config.dir, rules);
  if (const std::string profiles = map.Text("profiles"); !profiles.empty()) {
    config.profiles = Below(config.dir, profiles);
  }
  map.Finish();
}

}  // namespace

std::string Config::UserAgent() const {
  return std::string("Cluehound/") + kVersion + (contact.empty() ? "" : " (+" + contact + ")");
}

Result<Config> LoadConfig(const CommonOptions& options, bool required, bool sources_needed) {
  Config config;
  config.dir = ConfigDir(options);
  if (!Exists(config.dir)) {
    if (required || !options.config.empty()) {
      return Status::InvalidArgument(
          "configuration folder \"" + config.dir.string() +
          "\" does not exist; name one with --config DIR or the variable CLUEHOUND_CONFIG "
          "(config/ of the project is a complete example)");
    }
    config.dir.clear();
  }
  if (!config.dir.empty()) {
    config.store = config.dir / "store";
    config.rules = config.dir / "rules";
    config.profiles = config.dir / "profiles";
    Diagnostics diagnostics;
    if (Exists(config.dir / "cluehound.yaml"))
      ReadMain(config.dir / "cluehound.yaml", config, diagnostics);
    if (required) {
      if (Exists(config.dir / "sources"))
        config.sources = crawler::ReadSources(config.dir / "sources", diagnostics, config.zone);
      for (crawler::SourceSettings& source : config.sources)
        crawler::UseProxyOf(config.access, source.access);
      if (sources_needed && config.sources.empty() && diagnostics.ok()) {
        return Status::InvalidArgument(
            "no source to watch in " + (config.dir / "sources").string() +
            "; write one, for example shop.yaml: sources: [{id: shop, seeds: "
            "[http://shop.example/list.html], every: 6h, pace: 5s}]");
      }
    }
    RETURN_IF_ERROR(diagnostics.ToStatus());
    if (required) {
      ASSIGN_OR_RETURN(auto campaigns, crawler::Campaigns::Load(config.dir));
      config.campaigns = std::make_shared<const crawler::Campaigns>(std::move(campaigns));
    }
  }
  if (!options.store.empty()) config.store = options.store;
  return config;
}

Result<std::vector<rules::RuleFile>> EffectiveRuleFiles(const Config& config,
                                                        const CommonOptions& options) {
  std::vector<rules::RuleFile> files = rules::BuiltInRuleFiles();
  const auto overlay = [&files](const std::filesystem::path& folder, bool must_exist) -> Status {
    if (folder.empty() || (!must_exist && !Exists(folder))) return Status::Ok();
    ASSIGN_OR_RETURN(auto more, rules::ReadRuleFiles(folder.string()));
    for (rules::RuleFile& file : more) {
      const auto same = std::find_if(files.begin(), files.end(),
                                     [&](const auto& f) { return f.name == file.name; });
      if (same != files.end()) {
        *same = std::move(file);
      } else {
        files.push_back(std::move(file));
      }
    }
    return Status::Ok();
  };
  RETURN_IF_ERROR(overlay(config.rules, false));
  RETURN_IF_ERROR(overlay(options.rules, true));
  return files;
}

Result<triage::Office> LoadOffice(const Config& config) {
  ASSIGN_OR_RETURN(triage::Office office, triage::Office::Load(config.dir));
  office.number_prefix = config.number_prefix;
  office.name = config.office;
  return office;
}

Result<std::shared_ptr<const rules::RuleSet>> LoadRules(const Config& config,
                                                        const CommonOptions& options,
                                                        const rules::CompileOptions& compile) {
  ASSIGN_OR_RETURN(const auto files, EffectiveRuleFiles(config, options));
  Diagnostics diagnostics;
  auto compiled = rules::RuleSet::Compile(files, diagnostics, compile);
  if (compiled.ok() && !diagnostics.all().empty()) LogWarning(diagnostics.Render());
  return compiled;
}

Result<std::unique_ptr<const extractors::PageReader>> LoadPageReader(const Config& config) {
  Diagnostics diagnostics;
  const std::string dir = Exists(config.profiles) ? config.profiles.string() : "";
  ASSIGN_OR_RETURN(auto reader,
                   extractors::PageReader::Create(dir, extractors::ReadLimits(), diagnostics));
  RETURN_IF_ERROR(diagnostics.ToStatus());
  return reader;
}

}  // namespace cluehound::app
