#pragma once

#include "extractors/address_resolver.h"
#include "extractors/html_document.h"
#include "extractors/schema_graph.h"

namespace cluehound::extractors {

// The microdata items of a page (WHATWG HTML, section 5), with itemref. Addresses are made absolute
// where they can be. Beyond the standard, as consumers do: `content` counts on every element, and
// an item that is itself referred to without being a property lends its properties.
SchemaGraph ReadMicrodata(const HtmlDocument& document, AddressResolver& addresses);

}  // namespace cluehound::extractors
