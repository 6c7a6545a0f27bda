#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/status.h"

namespace cluehound {

// What an XML document is made of, piece by piece; names come without their namespace prefix.
class XmlHandler {
 public:
  using Attributes = std::map<std::string, std::string>;

  virtual ~XmlHandler() = default;
  virtual void Begin(const std::string& name, const Attributes& attributes) = 0;
  virtual void End(const std::string& name) = 0;
  virtual void Text(std::string_view text) = 0;  // a run of it, not all of it
  // Not ok: reading stops.
  virtual const Status& status() const = 0;
};

// Reads a whole document. Hostile ones are refused: a document type (and with it every entity bomb
// and every external entity), nesting deeper than 64. Fails with the handler's status, or with
// kInvalidArgument that begins with `what` ("the workbook's XML"); what came before was handed over.
// `utf8`: the bytes are UTF-8 whatever the document says of itself. Linear in the input.
Status ReadXml(std::string_view xml, std::string_view what, XmlHandler& handler, bool utf8 = false);

}  // namespace cluehound
