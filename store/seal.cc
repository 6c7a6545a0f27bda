#include "store/seal.h"

#include "store/decision.h"
#include "store/record_fields.h"

namespace cluehound::store {
namespace {

constexpr std::string_view kVersion = "cluehound statement 1";

template <class T>
std::string Encoded(const std::optional<T>& value) {
  return value ? EncodeRecord(*value) : "";
}

}  // namespace

Digest StatementOf(const Lead& lead) {
  FieldDigest digest;
  digest.Add(kVersion).Add(lead.id).Add(std::to_string(lead.revision)).Add(lead.listing_identity);
  digest.Add(EncodeRecord(lead.suspicion)).Add(std::to_string(ToMillis(lead.first_seen)));
  digest.Add(EncodeRecord(StandingOf(lead))).Add(Encoded(lead.previous)).Add(lead.number);
  digest.Add(std::to_string(ToMillis(lead.registered))).Add(Encoded(lead.clock));
  digest.Add(std::to_string(lead.silenced)).Add(Encoded(lead.dispatch));
  digest.Add(EncodeRecord(lead.capture));
  // Behind all else, and of a lead without tags nothing: what was stated before there were any holds.
  for (const std::string& tag : lead.tags) digest.Add(tag);
  return digest.Finish();
}

}  // namespace cluehound::store
