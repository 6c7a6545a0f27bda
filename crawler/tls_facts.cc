#include "crawler/tls_facts.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/digest.h"

namespace cluehound::crawler {
namespace {

constexpr int kMaxChain = 10;  // real ones have two to four

}  // namespace

evidence::TlsFacts ReadTlsFacts(void* ssl) {
  evidence::TlsFacts facts;
  if (ssl == nullptr) return facts;
  const SSL* session = static_cast<const SSL*>(ssl);
  facts.version = SSL_get_version(session);
  if (const char* cipher = SSL_get_cipher_name(session); cipher != nullptr) facts.cipher = cipher;
  const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(session);  // of a client: peer first
  for (int i = 0; i < std::min(sk_X509_num(chain), kMaxChain); ++i) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (X509_digest(sk_X509_value(chain, i), EVP_sha256(), digest, &length) != 1) continue;
    facts.chain_sha256.push_back(Hex({reinterpret_cast<const char*>(digest), length}));
  }
  return facts;
}

}  // namespace cluehound::crawler
