#pragma once

#include "evidence/page.h"

namespace cluehound::crawler {

// Version, cipher and the digests of the peer's certificates of a TLS connection in use. `ssl` is
// OpenSSL's SSL*, as libcurl hands it out; null gives empty facts.
evidence::TlsFacts ReadTlsFacts(void* ssl);

}  // namespace cluehound::crawler
