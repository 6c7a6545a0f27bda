#include "extractors/profile_set.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/digest.h"
#include "base/file.h"

namespace cluehound::extractors {
namespace {

constexpr size_t kMaxFile = 1u << 20;

}  // namespace

Result<std::unique_ptr<const ProfileSet>> ProfileSet::Load(const std::string& folder,
                                                           Diagnostics& diagnostics) {
  struct Entry {
    std::unique_ptr<const Profile> profile;
    std::string text;
    bool from_folder = false;
  };
  std::map<std::string, Entry> by_id;
  const auto add = [&](const std::string& file, std::string text, bool from_folder) {
    auto profile = ReadProfile(text, file, diagnostics);
    if (profile == nullptr) return;
    Entry& entry = by_id[profile->id];
    if (entry.profile != nullptr && entry.from_folder == from_folder) {
      return diagnostics.Error("duplicate-profile", {file, 1, 1},
                               "another file has profile \"" + profile->id + "\"");
    }
    entry = {std::move(profile), std::move(text), from_folder};
  };
  for (const EmbeddedFile& file : BuiltInProfiles())
    add(std::string(file.name), std::string(file.bytes), false);
  if (!folder.empty()) {
    ASSIGN_OR_RETURN(const auto files, ListFiles(folder, {".yaml"}));
    for (const auto& path : files) {
      ASSIGN_OR_RETURN(std::string text, ReadFile(path, kMaxFile));
      add(path.string(), std::move(text), true);
    }
  }
  auto set = std::make_unique<ProfileSet>();
  FieldDigest digest;
  for (auto& [id, entry] : by_id) {
    digest.Add(id).Add(entry.text);
    set->profiles_.push_back(std::move(entry.profile));
  }
  set->digest_ = Hex(digest.Finish());
  return std::unique_ptr<const ProfileSet>(std::move(set));
}

const Profile* ProfileSet::Find(std::string_view id) const {
  for (const auto& profile : profiles_) {
    if (profile->id == id) return profile.get();
  }
  return nullptr;
}

std::vector<const Profile*> ProfileSet::ForHosts(const std::vector<std::string_view>& hosts) const {
  std::vector<const Profile*> found;
  for (const auto& profile : profiles_) {
    if (std::any_of(hosts.begin(), hosts.end(),
                    [&](std::string_view host) { return profile->ServesHost(host); })) {
      found.push_back(profile.get());
    }
  }
  return found;
}

std::vector<const Profile*> ProfileSet::Detect(const PageView& page) const {
  std::vector<const Profile*> found;
  for (const auto& profile : profiles_) {
    if (std::any_of(profile->detect.begin(), profile->detect.end(),
                    [&](const PageTest& test) { return Passes(test, page); })) {
      found.push_back(profile.get());
    }
  }
  return found;
}

std::vector<const Profile*> ProfileSet::Fallbacks() const {
  std::vector<const Profile*> found;
  for (const auto& profile : profiles_) {
    if (profile->fallback) found.push_back(profile.get());
  }
  return found;
}

}  // namespace cluehound::extractors
