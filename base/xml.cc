#include "base/xml.h"

#include <expat.h>

#include <memory>

namespace cluehound {
namespace {

constexpr int kMaxDepth = 64;
constexpr size_t kPiece = 1 << 20;  // expat counts in int

class Reader {
 public:
  Reader(std::string_view what, XmlHandler& handler) : what_(what), handler_(handler) {}

  Status Read(std::string_view xml, bool utf8) {
    const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(
        XML_ParserCreate(utf8 ? "UTF-8" : nullptr), XML_ParserFree);
    if (parser == nullptr) return Status::Unavailable("no memory for the XML parser");
    parser_ = parser.get();
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(parser_, OnBegin, OnEnd);
    XML_SetCharacterDataHandler(parser_, OnText);
    XML_SetStartDoctypeDeclHandler(parser_, OnDoctype);
    do {
      const std::string_view piece = xml.substr(0, kPiece);
      xml.remove_prefix(piece.size());
      if (XML_Parse(parser_, piece.data(), static_cast<int>(piece.size()), xml.empty()) ==
          XML_STATUS_OK) {
        continue;
      }
      if (!handler_.status().ok()) return handler_.status();
      if (!refused_.ok()) return refused_;
      return Bad(std::string(" is damaged: ") + XML_ErrorString(XML_GetErrorCode(parser_)));
    } while (!xml.empty());
    return handler_.status();
  }

 private:
  Status Bad(std::string_view fault) const {
    return Status::InvalidArgument(what_ + std::string(fault));
  }
  static std::string Local(const XML_Char* name) {
    const std::string_view whole(name);
    const size_t colon = whole.rfind(':');
    return std::string(colon == std::string_view::npos ? whole : whole.substr(colon + 1));
  }
  void CheckStop() {
    if (!handler_.status().ok() || !refused_.ok()) XML_StopParser(parser_, XML_FALSE);
  }
  static void OnBegin(void* self, const XML_Char* name, const XML_Char** attributes) {
    auto& reader = *static_cast<Reader*>(self);
    XmlHandler::Attributes read;
    for (; *attributes != nullptr; attributes += 2) read[Local(attributes[0])] = attributes[1];
    if (++reader.depth_ > kMaxDepth) reader.refused_ = reader.Bad(" is nested too deep");
    reader.handler_.Begin(Local(name), read);
    reader.CheckStop();
  }
  static void OnEnd(void* self, const XML_Char* name) {
    auto& reader = *static_cast<Reader*>(self);
    --reader.depth_;
    reader.handler_.End(Local(name));
    reader.CheckStop();
  }
  static void OnText(void* self, const XML_Char* text, int size) {
    auto& reader = *static_cast<Reader*>(self);
    reader.handler_.Text({text, static_cast<size_t>(size)});
    reader.CheckStop();
  }
  static void OnDoctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    auto& reader = *static_cast<Reader*>(self);
    reader.refused_ = reader.Bad(" declares a document type");
    reader.CheckStop();
  }

  const std::string what_;
  XmlHandler& handler_;
  XML_Parser parser_ = nullptr;
  Status refused_;
  int depth_ = 0;
};

}  // namespace

Status ReadXml(std::string_view xml, std::string_view what, XmlHandler& handler, bool utf8) {
  return Reader(what, handler).Read(xml, utf8);
}

}  // namespace cluehound
