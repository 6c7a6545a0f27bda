// Any bytes as a page: nothing crashes, time and memory stay bounded, and whatever is read is well
// formed. The first byte chooses between a known address, a platform's address, and none.

#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "base/url.h"
#include "extractors/page_reader.h"

namespace {

using namespace cluehound;              // NOLINT: a program of its own
using namespace cluehound::extractors;  // NOLINT

void Require(bool condition) {
  if (!condition) std::abort();
}

bool IsCanonical(const std::string& address) {
  const auto url = Url::Parse(address);
  return url.ok() && url->href() == address && url->fragment().empty() && url->userinfo().empty();
}

void Check(const Listing& listing) {
  Require(!listing.title.empty() && listing.title.size() <= Listing::kMaxTitle);
  Require(listing.text.size() <= Listing::kMaxText + Listing::kMaxTitle &&
          listing.images.size() <= Listing::kMaxImages);
  Require(listing.url.empty() || IsCanonical(listing.url));
  for (const std::string& image : listing.images) Require(IsCanonical(image));
  for (const std::string* text :
       {&listing.id, &listing.title, &listing.text, &listing.seller, &listing.location,
        &listing.origin, &listing.price, &listing.price_max, &listing.currency}) {
    Require(IsValidUtf8(*text));
  }
  for (const std::string* price : {&listing.price, &listing.price_max}) {
    Require(price->find_first_not_of("0123456789.") == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto reader = [] {
    Diagnostics diagnostics;
    ReadLimits limits;
    limits.max_parse_memory = 16u << 20;
    auto created = PageReader::Create("", limits, diagnostics);
    Require(created.ok());
    return std::move(created).value();
  }();
  if (size == 0) return 0;
  static constexpr std::string_view kAddresses[] = {
      "", "http://shop.example/a?b", "https://s.taobao.com/search?q=x",
      "https://search.jd.com/Search", "https://www.amazon.cn/s"};
  PageInput page;
  page.bytes = std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1);
  page.url = kAddresses[data[0] % 5];
  page.use_profiles = data[0] < 128;
  const PageReading reading = reader->Read(page);
  Require(IsValidUtf8(reading.title));
  Require(reading.canonical_url.empty() || IsCanonical(reading.canonical_url));
  Require((reading.outcome == Outcome::kOk) == reading.reason.empty());
  for (const Listing& listing : reading.listings) Check(listing);
  for (const Link& link : reading.links) Require(IsCanonical(link.url));
  const PageReading again = reader->Read(page);
  Require(again.listings == reading.listings && again.outcome == reading.outcome);
  return 0;
}
