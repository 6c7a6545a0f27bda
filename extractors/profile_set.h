#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/status.h"
#include "extractors/profile.h"
#include "extractors/profile_reader.h"

namespace cluehound::extractors {

// All profiles of an installation. Immutable; share it between threads.
class ProfileSet {
 public:
  // The built-in profiles, with those of the *.yaml files of `folder` (may be empty) added or, by
  // id, in their place. A file with mistakes is left out and its mistakes go to `diagnostics`.
  // Fails when the folder cannot be read.
  static Result<std::unique_ptr<const ProfileSet>> Load(const std::string& folder,
                                                        Diagnostics& diagnostics);

  // Null when there is none of this id.
  const Profile* Find(std::string_view id) const;
  // Those that serve one of these hosts (empty ones are none), in order of id.
  std::vector<const Profile*> ForHosts(const std::vector<std::string_view>& hosts) const;
  // Those whose detection passes.
  std::vector<const Profile*> Detect(const PageView& page) const;
  std::vector<const Profile*> Fallbacks() const;

  const std::vector<std::unique_ptr<const Profile>>& all() const { return profiles_; }
  // Hex digest over the texts.
  const std::string& digest() const { return digest_; }

 private:
  std::vector<std::unique_ptr<const Profile>> profiles_;  // sorted by id
  std::string digest_;
};

}  // namespace cluehound::extractors
