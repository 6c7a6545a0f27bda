#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "evidence/warc_reader.h"
#include "evidence/warc_writer.h"

// The input is read as an archive, and taken as what a server answered. Properties: no answer is
// larger than the cap; what the writer makes of an answer, whatever it is, is read back with the
// same body by both readers.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace cluehound::evidence;
  const std::string_view input(reinterpret_cast<const char*>(data), size);

  WarcLimits limits;
  limits.max_block_bytes = 4096;
  WarcReader reader(MemorySource(input), "input", limits);
  ArchivedResponse response;
  while (reader.Next(response)) {
    if (response.coded_body.size() > limits.max_block_bytes) std::abort();
  }

  const size_t middle = input.find("\r\n\r\n");
  if (middle == std::string_view::npos) return 0;
  Exchange exchange;
  exchange.url = "http://shop.example/";
  exchange.request = input.substr(0, middle);
  exchange.status = 200;
  exchange.http_version = input.starts_with("2") ? "2" : "1.1";
  exchange.header_block = "HTTP/1.1 200 OK\r\n" + std::string(input.substr(0, middle));
  exchange.coded_body = input.substr(middle + 4);
  const std::string records = EncodePage(Page{{exchange}}, "<urn:uuid:0>");
  const auto page = DecodePage(records);
  if (!page.ok() || page->exchanges.size() != 1) std::abort();
  if (page->answer().coded_body != exchange.coded_body) std::abort();
  // Once more: the form that came back is the form that stays.
  const auto again = DecodePage(EncodePage(*page, ""));
  if (page->answer().status != 0 &&
      (!again.ok() || again->answer().header_block != page->answer().header_block)) {
    std::abort();
  }
  return 0;
}
