#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "rules/folding.h"

// Properties: the folding is valid UTF-8; every character of it maps back into the input, in order;
// on valid input it does so to character boundaries, and folding twice changes nothing more.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace cluehound;
  using namespace cluehound::rules;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto boundary = [&](size_t at) {
    return at == input.size() || (static_cast<unsigned char>(input[at]) & 0xC0) != 0x80;
  };
  const bool valid = IsValidUtf8(input);

  FoldedText folded;
  folded.Assign(input);
  const std::string_view text = folded.text();
  if (!IsValidUtf8(text)) std::abort();
  Slice last;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin;
    DecodeUtf8(text, end);
    const Slice slice = folded.Original(begin, end);
    if (slice.begin >= slice.end || slice.end > input.size()) std::abort();
    if (slice.begin < last.begin || slice.end < last.end) std::abort();
    if (valid && (!boundary(slice.begin) || !boundary(slice.end))) std::abort();
    last = slice;
    begin = end;
  }
  if (FoldString(text) != text) std::abort();
  return 0;
}
