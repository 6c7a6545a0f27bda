#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "extractors/listing.h"
#include "store/jurisdiction.h"

namespace cluehound::triage {

// Reads out of a listing which office it belongs to: an address that the text announces as place of
// business, one that it announces as that of the licence, the place in the seller's name, where it
// is shipped from. The first that says something decides; a hint stays a hint. Where nothing is
// said the place is unknown, never guessed.
//
// Immutable after Parse(); any thread. Cost: linear in the bounded text, times the names.
class Jurisdictions {
 public:
  // A file as config/jurisdictions.yaml. Mistakes go to `diagnostics`.
  static Jurisdictions Parse(std::string_view text, const std::string& file,
                             Diagnostics& diagnostics);

  struct Division {
    std::string name;
    std::string code;                // GB/T 2260; a zone has none
    std::vector<std::string> names;  // with `name`, longest first
    bool zone = false;
    bool needs_city = false;
    bool ambiguous = false;
    std::string certainty;
  };
  const std::vector<Division>& divisions() const { return divisions_; }
  // By name or one of its names; null when there is none.
  const Division* Find(std::string_view name) const;

  store::Jurisdiction Resolve(const extractors::Listing& listing) const;
  // What one address says; basis is left at kNone.
  store::Jurisdiction ReadAddress(std::string_view address) const;

 private:
  // Where `name` stands for the place, or npos.
  size_t Position(std::string_view address, std::string_view name) const;

  std::vector<std::string> province_;
  std::vector<std::string> city_;
  std::vector<Division> divisions_;
  std::vector<std::string> not_;
  std::vector<std::string> elsewhere_;
};

}  // namespace cluehound::triage
