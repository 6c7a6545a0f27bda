#include "app/triage_settings.h"

#include "base/file.h"
#include "base/text.h"
#include "base/url.h"
#include "crawler/ip_address.h"

namespace cluehound::app {
namespace {

constexpr size_t kMaxPassword = 4096;  // bytes of a file that holds one

std::filesystem::path Below(const std::filesystem::path& folder, const std::string& path) {
  return path.empty() ? std::filesystem::path() : folder / path;
}

// "https://captures.office.example", without path.
void ReadOrigin(YamlMap& map, const char* key, bool with_path, std::string& origin) {
  const std::string text = map.Text(key);
  if (text.empty()) return;
  const auto url = Url::Parse(text);
  if (!url.ok() || !url->userinfo().empty() || (!with_path && url->path_and_query() != "/")) {
    map.Error(key, "bad-address", "\"" + text + "\" is no http or https address",
              "write https://clues.office.example");
    return;
  }
  origin = with_path ? url->href() : url->origin();
}

void ReadTls(YamlMap& map, const std::filesystem::path& folder, TriageSettings& settings) {
  const YamlNode* node = map.Child("tls");
  if (node == nullptr) return;
  YamlMap tls(*node, map.diagnostics(), "tls");
  settings.certificate = Below(folder, tls.RequiredText("certificate"));
  settings.key = Below(folder, tls.RequiredText("key"));
  tls.Finish();
}

void ReadCaptures(YamlMap& map, TriageSettings& settings) {
  const YamlNode* node = map.Child("captures");
  if (node == nullptr) return;
  YamlMap captures(*node, map.diagnostics(), "captures");
  if (captures.Has("listen")) {
    const std::string text = captures.Text("listen");
    const size_t colon = text.rfind(':');
    const auto address = crawler::IpAddress::Parse(text.substr(0, colon));
    const int64_t port =
        colon == std::string::npos ? -1 : ParseInt(text.substr(colon + 1)).value_or(-1);
    if (!address || port < 0 || port > 65535) {
      captures.Error("listen", "bad-listen", "\"" + text + "\" is no address with a port",
                     "write 127.0.0.1:8081");
    } else {
      settings.captures_listen = address->ToString();
      settings.captures_port = static_cast<uint16_t>(port);
    }
  }
  ReadOrigin(captures, "origin", false, settings.captures_origin);
  captures.Finish();
}

void ReadMail(YamlMap& notices, const std::filesystem::path& folder, TriageSettings& settings) {
  const YamlNode* node = notices.Child("smtp");
  if (node == nullptr) return;
  YamlMap smtp(*node, notices.diagnostics(), "smtp");
  settings.mail.url = smtp.RequiredText("url");
  settings.mail.from = smtp.RequiredText("from");
  settings.mail.user = smtp.Text("user");
  settings.mail.ca_file = Below(folder, smtp.Text("ca_file")).string();
  if (!settings.mail.url.starts_with("smtp://") && !settings.mail.url.starts_with("smtps://")) {
    smtp.Error("url", "bad-address", "must begin with smtps:// or smtp://",
               "write smtps://mail.office.example:465");
  }
  if (settings.mail.from.find('@') == std::string::npos ||
      settings.mail.from.find_first_of(" <>\r\n") != std::string::npos)
    smtp.Error("from", "bad-address", "must be an e-mail address",
               "write cluehound@office.example");
  if (const auto file = Below(folder, smtp.Text("password_file")); !file.empty()) {
    const auto password = ReadFile(file, kMaxPassword);
    if (password.ok()) {
      settings.mail.password = TrimAscii(*password);
    } else {
      smtp.Error("password_file", "unreadable", password.status().message());
    }
  }
  smtp.Finish();
}

void ReadNotices(YamlMap& map, const std::filesystem::path& folder, TriageSettings& settings) {
  const YamlNode* node = map.Child("notices");
  if (node == nullptr) return;
  YamlMap notices(*node, map.diagnostics(), "notices");
  ReadOrigin(notices, "page", true, settings.page_address);
  for (const YamlNode* range : notices.Scalars("allow_addresses")) {
    const std::string text = range->scalar;
    if (crawler::Cidr::Parse(text)) {
      settings.notice_addresses.push_back(text);
    } else {
      notices.Error("allow_addresses", "bad-range", "\"" + text + "\" is no range of addresses",
                    "write 10.20.0.0/16");
    }
  }
  ReadMail(notices, folder, settings);
  notices.Finish();
}

}  // namespace

TriageSettings ReadTriageSettings(YamlMap& map, const std::filesystem::path& folder) {
  TriageSettings settings;
  ReadTls(map, folder, settings);
  settings.behind_proxy = map.Flag("behind_proxy", false);
  ReadCaptures(map, settings);
  ReadNotices(map, folder, settings);
  return settings;
}

}  // namespace cluehound::app
