#pragma once

#include <string>
#include <string_view>

namespace cluehound {

// The label that a meta element declares, where HTML says it counts: the WHATWG "prescan a byte
// stream to determine its encoding" over the first 1024 bytes (comments skipped; only <meta
// charset> and <meta http-equiv=content-type content="...charset=">; attributes of other elements
// do not count). Empty when there is none.
std::string MetaCharset(std::string_view bytes);

}  // namespace cluehound
