#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/yaml.h"
#include "triage/notice_transfer.h"

namespace cluehound::app {

// What two deployments of the page need differently; config/cluehound.yaml explains each.
struct TriageSettings {
  std::filesystem::path certificate;  // PEM files; both or none
  std::filesystem::path key;
  bool behind_proxy = false;
  std::string captures_listen;  // empty: the address of the page, and the port after its own
  uint16_t captures_port = 0;   // 0: the system picks one
  std::string captures_origin;  // as browsers reach it; empty: the host asked for, and the port
  std::string page_address;     // for links in notices
  triage::MailServer mail;      // without address: no mail
  std::vector<std::string> notice_addresses;  // ranges that notices may go to beside public ones

  friend bool operator==(const TriageSettings&, const TriageSettings&) = default;
};

// The part of cluehound.yaml that is about the page. Relative paths count from `folder`.
TriageSettings ReadTriageSettings(YamlMap& map, const std::filesystem::path& folder);

}  // namespace cluehound::app
