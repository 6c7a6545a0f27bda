// Any text as an address, and as a link on a page: what parses prints, and parsing the print changes nothing.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "base/url.h"

namespace {

void Check(const cluehound::Result<cluehound::Url>& url) {
  using cluehound::Url;
  if (!url.ok()) return;
  for (const Url& form : {*url, url->Canonical()}) {
    for (const char c : form.href()) {
      if (c <= 0x20 || c == 0x7F) std::abort();
    }
    const auto again = Url::Parse(form.href());
    // Only length can come between: encoding grows an address.
    if (!again.ok() ? form.href().size() <= Url::kMaxLength : !(again->href() == form.href()))
      std::abort();
  }
  if (url->path().empty() || url->host().empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using cluehound::Url;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  Check(Url::Parse(input));
  static const Url* const base = new Url(*Url::Parse("http://shop.example/list/page.html?q=1#top"));
  Check(Url::Parse(input, base));
  Check(Url::Parse(input, base, "gb18030"));
  return 0;
}
