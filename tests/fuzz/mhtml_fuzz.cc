#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "evidence/mhtml_reader.h"
#include "evidence/mime_coding.h"

// The input is read as a saved page. Properties: nothing is larger than the cap; a smaller cap
// gives the front of the same page; decoding never makes more bytes than it was given.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace cluehound::evidence;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto whole = ReadMhtml(input, size);
  const auto part = ReadMhtml(input, 16);
  if (whole.ok() != part.ok()) std::abort();
  if (whole.ok()) {
    if (!whole->complete || part->bytes != whole->bytes.substr(0, 16)) std::abort();
    if (part->complete != (whole->bytes.size() <= 16)) std::abort();
  }
  if (DecodeQuotedPrintable(input, size + 1).size() > size) std::abort();
  if (DecodeBase64(input, size + 1).size() > size) std::abort();
  return 0;
}
