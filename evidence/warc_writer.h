#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "evidence/page.h"

namespace cluehound::evidence {

// Pages as records of WARC 1.1 (ISO 28500:2017), each record a gzip member of its own, and back.
//
// For each exchange: a `request`, a `response` (none when no answer came) and a `metadata` record
// with what the others have no place for. All three carry the WARC-Date at which the request began,
// to the millisecond, and point at each other through WARC-Concurrent-To. Digests are SHA-256
// (evidence/warc_digest.h says why in hexadecimal). The protocol and the cipher stand in
// WARC-Protocol and WARC-Cipher-Suite, which are agreed among archive writers though not yet in the
// standard. Heads are written as evidence/stored_head.h says. All functions are thread-safe.

// "<urn:uuid:...>", random (RFC 9562 version 4).
std::string NewRecordId();

// What a file says about itself at its front, as name and value; "format" and "conformsTo" are
// added.
using WarcInfo = std::vector<std::pair<std::string, std::string>>;
std::string EncodeWarcInfo(std::string_view file_name, std::string_view record_id, Instant date,
                           const WarcInfo& info);

// The records of a page, one exchange after the other.
std::string EncodePage(const Page& page, std::string_view warcinfo_id);

// What EncodePage() wrote. kCorruption when the bytes are no such records or a digest inside does
// not match.
Result<Page> DecodePage(std::string_view records);

}  // namespace cluehound::evidence
