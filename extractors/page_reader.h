#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/outcome.h"
#include "base/status.h"
#include "extractors/listing.h"

namespace cluehound::extractors {

class ProfileSet;

// A page as it goes into the extractors: bytes after the content coding was taken off, charset not
// yet decoded. The views must live until Read() returns.
struct PageInput {
  std::string_view bytes;
  std::string_view content_type;  // the header's value; may be empty
  std::string_view url;           // final address; may be empty for a saved page
  std::string_view asked_url;     // what was asked for before redirects; may be empty
  std::string_view
      profile;  // force this profile (a source's `profile:`); empty: choose by host or content
  bool use_profiles = true;  // false: generic readers only (--no-profiles)
};

// Gates against hostile pages. The measurements behind them stand in LIBRARIES.md terms in
// docs/performance.md.
struct ReadLimits {
  size_t max_bytes = 8u << 20;          // decoded bytes of a page
  int max_depth = 512;                  // nesting, as browsers stop
  size_t max_parse_memory = 96u << 20;  // arena of one parse
  size_t max_listings = 2000;
  size_t max_links = 5000;
};

struct Link {
  std::string url;  // absolute, canonical (no fragment)
  bool nofollow = false;
  bool next_page = false;  // rel=next or a "下一页" control
};

// What a page gave.
struct PageReading {
  Outcome outcome =
      Outcome::kOk;    // kOk, kNotHtml, kBlocked, kBusy, kTooDeep, kTooCostly, kBodyTooLarge
  std::string reason;  // for people (Chinese), exactly when the outcome is not kOk
  std::string title;
  std::string canonical_url;  // link rel=canonical or og:url, absolute; empty when there is none
  std::string encoding;
  std::string profile;         // id of the profile that read it, or whose site it is; empty: none
  bool meta_nofollow = false;  // robots meta element
  bool meta_noindex = false;
  std::vector<Listing> listings;  // in the order of the page, each item once; with kTooCostly
                                  // those that were found until then
  std::vector<Link> links;        // in the order of the page, each address once; only with kOk
};

// Turns pages into listings and links. Immutable; Read() may be called from any thread.
class PageReader {
 public:
  // Built-in profiles, with those of `profile_dir` (may be empty) added or, by id, in their place.
  // Mistakes in files go to `diagnostics`, and such a profile is left out.
  static Result<std::unique_ptr<const PageReader>> Create(const std::string& profile_dir,
                                                          ReadLimits limits,
                                                          Diagnostics& diagnostics);
  ~PageReader();

  // Never fails: a page that cannot be read is an outcome. Time and memory are bounded by the
  // limits.
  PageReading Read(const PageInput& page) const;

  // Changes whenever Read() could give something else for the same bytes: code revision and profile
  // texts.
  const std::string& revision() const { return revision_; }

 private:
  PageReader(std::unique_ptr<const ProfileSet> profiles, ReadLimits limits);

  std::unique_ptr<const ProfileSet> profiles_;
  ReadLimits limits_;
  std::string revision_;
};

}  // namespace cluehound::extractors
