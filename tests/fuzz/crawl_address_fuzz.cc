// Any address in the form in which it is crawled: doing it again changes nothing, and it still is the address that it says.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/url.h"
#include "crawler/crawl_address.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using cluehound::Url;
  using cluehound::crawler::CrawlAddress;
  static const Url* const base = new Url(*Url::Parse("http://shop.example/list/page.html?q=1"));
  const auto url = Url::Parse(std::string_view(reinterpret_cast<const char*>(data), size), base);
  if (!url.ok() || url->Canonical().href().size() > Url::kMaxLength) return 0;
  const std::string address = CrawlAddress(url->Canonical().href());
  if (CrawlAddress(address) != address) std::abort();
  const auto again = Url::Parse(address);
  if (!again.ok() || again->Canonical().href() != address) std::abort();
  if (again->authority() != url->authority() || again->scheme() != url->scheme()) std::abort();
  return 0;
}
