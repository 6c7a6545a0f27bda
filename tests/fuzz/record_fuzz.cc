#include <cstdlib>

#include "store/listing_blob.h"
#include "store/record_fields.h"

// Arbitrary bytes as a record of each kind: they are refused, or what they gave survives being written and read.
namespace {

using namespace cluehound::store;

template <class T>
void Check(std::string_view bytes) {
  const auto record = DecodeRecord<T>(bytes, "fuzzed");
  if (!record.ok()) return;
  const auto again = DecodeRecord<T>(EncodeRecord(*record), "fuzzed");
  if (!again.ok() || !(*again == *record)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Check<ListingList>(bytes);
  Check<PageState>(bytes);
  Check<Lead>(bytes);
  Check<LeadActivity>(bytes);
  Check<LeadEntry>(bytes);
  Check<RowStanding>(bytes);
  Check<Silence>(bytes);
  Check<Sighting>(bytes);
  Check<AuditEntry>(bytes);
  Check<RoleRequest>(bytes);
  Check<AddressRecord>(bytes);
  Check<QueueRecord>(bytes);
  Check<OutboxEntry>(bytes);
  Check<Counters>(bytes);
  UnpackListings(bytes).status().IgnoreError("any bytes may be refused");
  return 0;
}
