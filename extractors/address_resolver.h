#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/url.h"

namespace cluehound::extractors {

// Makes the addresses of one page absolute and canonical. A page names most of its addresses
// several times, so results are kept. Not thread-safe.
class AddressResolver {
 public:
  // `base`: against what relative addresses are resolved; none for a saved page that tells no
  // address of its own: relative ones are then lost, and those that begin with "//" are taken as
  // https. `encoding`: of the page, for queries.
  AddressResolver(std::optional<Url> base, std::string encoding)
      : base_(std::move(base)), encoding_(std::move(encoding)) {}

  // The address without fragment; empty for what is no http(s) address. The view lives as long as
  // the resolver.
  std::string_view Resolve(std::string_view address);

  const std::optional<Url>& base() const { return base_; }

 private:
  std::string Parse(std::string_view address) const;

  std::optional<Url> base_;
  std::string encoding_;
  std::unordered_map<std::string, std::string> known_;
};

}  // namespace cluehound::extractors
