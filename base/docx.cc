#include "base/docx.h"

#include <algorithm>
#include <set>

#include "base/join.h"
#include "base/markup.h"
#include "base/text.h"
#include "base/zip_archive.h"

namespace cluehound {
namespace {

constexpr size_t kMaxMembers = 2000;
constexpr size_t kMaxUnpacked = 64u << 20;
constexpr size_t kMaxListRows = 5000;

// The text inside of w:t elements; each line end becomes a break.
std::string RunText(std::string_view text) {
  std::string xml;
  size_t begin = 0;
  while (true) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    xml += EscapeMarkup(text.substr(begin, end - begin));
    if (end == text.size()) return xml;
    xml += "</w:t><w:br/><w:t xml:space=\"preserve\">";
    begin = end + 1;
  }
}

std::string Paragraph(std::string_view text, std::string_view properties = "",
                      std::string_view run_properties = "") {
  std::string xml = "<w:p>";
  if (!properties.empty()) xml += "<w:pPr>" + std::string(properties) + "</w:pPr>";
  xml += "<w:r>";
  if (!run_properties.empty()) xml += "<w:rPr>" + std::string(run_properties) + "</w:rPr>";
  return xml + "<w:t xml:space=\"preserve\">" + RunText(text) + "</w:t></w:r></w:p>";
}

std::string TableRow(const std::vector<std::string>& cells, bool head) {
  std::string xml = "<w:tr>";
  if (head) xml += "<w:trPr><w:tblHeader/></w:trPr>";
  for (const std::string& cell : cells)
    xml += "<w:tc><w:tcPr/>" + Paragraph(cell, "", head ? "<w:b/>" : "") + "</w:tc>";
  return xml + "</w:tr>";
}

std::string Table(const TextTable& table) {
  std::string xml = "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>";
  for (const char* edge : {"top", "left", "bottom", "right", "insideH", "insideV"})
    xml += "<w:" + std::string(edge) + " w:val=\"single\" w:sz=\"4\" w:color=\"444444\"/>";
  xml += "</w:tblBorders></w:tblPr><w:tblGrid>";
  for (size_t i = 0; i < table.header.size(); ++i) xml += "<w:gridCol/>";
  xml += "</w:tblGrid>" + TableRow(table.header, true);
  for (const auto& row : table.rows) xml += TableRow(row, false);
  return xml + "</w:tbl>";
}

constexpr char kDeclaration[] = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

// ---------------------------------------------------------------- templates

// A text element (w:t) of a paragraph: where its content stands in the XML.
struct Piece {
  size_t begin = 0;
  size_t end = 0;
};

std::vector<Piece> PiecesOf(std::string_view xml) {
  std::vector<Piece> pieces;
  size_t at = 0;
  while ((at = xml.find("<w:t", at)) != std::string_view::npos) {
    const size_t name_end = at + 4;
    const size_t close = xml.find('>', at);
    if (close == std::string_view::npos) break;
    const bool is_text = name_end == close || xml[name_end] == ' ';
    if (!is_text || xml[close - 1] == '/') {
      at = close;
      continue;
    }
    const size_t end = xml.find("</w:t>", close);
    if (end == std::string_view::npos) break;
    pieces.push_back({close + 1, end});
    at = end;
  }
  return pieces;
}

class Filler {
 public:
  explicit Filler(const DocxValues& values) : values_(values) {}

  // Row by row, so that nothing is looked at again that was put in.
  std::string Fill(const std::string& xml) {
    std::string filled;
    size_t at = 0;
    while (true) {
      const size_t begin = NextRow(xml, at);
      const size_t close = begin == std::string::npos ? begin : xml.find("</w:tr>", begin);
      if (close == std::string::npos) break;
      const size_t end = close + 7;
      filled += FillParagraphs(xml.substr(at, begin - at));
      const std::string row = xml.substr(begin, end - begin);
      const std::string list = ListOf(row);
      if (list.empty()) {
        filled += FillParagraphs(row);
      } else {
        const auto& entries = values_.lists.at(list);
        too_long_ = too_long_ || entries.size() > kMaxListRows;
        for (const auto& entry : entries) {
          if (too_long_) break;
          prefix_ = list + ".";
          entry_ = &entry;
          filled += FillParagraphs(row);
        }
        entry_ = nullptr;
      }
      at = end;
    }
    return filled + FillParagraphs(xml.substr(at));
  }
  const std::set<std::string>& unknown() const { return unknown_; }
  bool too_long() const { return too_long_; }

 private:
  // All text of the XML, in a row.
  static std::string TextOf(std::string_view xml) {
    std::string text;
    for (const Piece& piece : PiecesOf(xml))
      text += xml.substr(piece.begin, piece.end - piece.begin);
    return text;
  }

  // The list that a row of a table speaks of; empty: none.
  std::string ListOf(std::string_view row) const {
    const std::string text = TextOf(row);
    for (const auto& [name, rows] : values_.lists) {
      if (text.find("{{" + name + ".") != std::string::npos) return name;
    }
    return "";
  }

  // The innermost: a row that holds a table of its own is passed over for its rows.
  static size_t NextRow(const std::string& xml, size_t from) {
    size_t at = from;
    while ((at = xml.find("<w:tr", at)) != std::string::npos) {
      const char next = at + 5 < xml.size() ? xml[at + 5] : '\0';
      if (next == '>' || next == ' ') {
        const size_t close = xml.find("</w:tr>", at);
        const size_t inner = xml.find("<w:tbl>", at);
        if (close == std::string::npos || inner > close) return at;
      }
      at += 5;
    }
    return at;
  }

  std::string FillParagraphs(const std::string& xml) {
    std::string filled;
    size_t at = 0;
    while (true) {
      const size_t end = xml.find("</w:p>", at);
      if (end == std::string::npos) return filled + FillPieces(xml.substr(at));
      filled += FillPieces(xml.substr(at, end + 6 - at));
      at = end + 6;
    }
  }

  // One paragraph: a placeholder may begin in one piece and end in another; its value goes to the first.
  std::string FillPieces(std::string xml) {
    while (true) {
      const auto pieces = PiecesOf(xml);
      const std::string text = TextOf(xml);
      const size_t begin = text.find("{{", skip_);
      const size_t end = begin == std::string::npos ? begin : text.find("}}", begin);
      if (end == std::string::npos) {
        skip_ = 0;
        return xml;
      }
      const std::string name(TrimAscii(text.substr(begin + 2, end - begin - 2)));
      std::string value;
      if (!Value(name, value)) {
        skip_ = end + 2;  // stays
        continue;
      }
      const std::string written = RunText(value);
      Replace(xml, pieces, begin, end + 2, written);
      // What was put in is text, whatever it holds. Its pieces' text is what TextOf() will see.
      skip_ = begin + TextOf("<w:t>" + written + "</w:t>").size();
    }
  }

  bool Value(const std::string& name, std::string& value) {
    if (entry_ != nullptr && name.starts_with(prefix_)) {
      const auto found = entry_->find(name.substr(prefix_.size()));
      if (found != entry_->end()) {
        value = found->second;
        return true;
      }
    }
    const auto found = values_.texts.find(name);
    if (found == values_.texts.end()) {
      unknown_.insert(name);
      return false;
    }
    value = found->second;
    return true;
  }

  // Puts `written` in the place of [begin, end) of the text that the pieces hold together.
  static void Replace(std::string& xml, const std::vector<Piece>& pieces, size_t begin, size_t end,
                      const std::string& written) {
    struct Cut {
      size_t begin, end;
    };
    std::vector<Cut> cuts;
    size_t offset = 0;
    for (const Piece& piece : pieces) {
      const size_t size = piece.end - piece.begin;
      const size_t from = std::max(begin, offset), to = std::min(end, offset + size);
      if (from < to) cuts.push_back({piece.begin + from - offset, piece.begin + to - offset});
      offset += size;
    }
    for (size_t i = cuts.size(); i-- > 0;)
      xml.replace(cuts[i].begin, cuts[i].end - cuts[i].begin, i == 0 ? written : "");
  }

  const DocxValues& values_;
  std::set<std::string> unknown_;
  bool too_long_ = false;
  std::string prefix_;
  const std::map<std::string, std::string>* entry_ = nullptr;
  size_t skip_ = 0;
};

bool HoldsText(const std::string& name) {
  return name == "word/document.xml" ||
         ((name.starts_with("word/header") || name.starts_with("word/footer")) &&
          name.ends_with(".xml"));
}

}  // namespace

Result<std::string> WriteDocx(const DocxDocument& document) {
  std::string body =
      Paragraph(document.title, "<w:jc w:val=\"center\"/>", "<w:b/><w:sz w:val=\"32\"/>");
  for (const std::string& paragraph : document.paragraphs) body += Paragraph(paragraph);
  if (!document.table.header.empty()) body += Table(document.table) + Paragraph("");
  body += document.landscape ? "<w:sectPr><w:pgSz w:w=\"16838\" w:h=\"11906\" "
                               "w:orient=\"landscape\"/><w:pgMar w:top=\"850\" w:right=\"850\" "
                               "w:bottom=\"850\" w:left=\"850\" w:header=\"500\" w:footer=\"500\" "
                               "w:gutter=\"0\"/></w:sectPr>"
                             : "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/></w:sectPr>";
  std::vector<ZipMember> members;
  const auto add = [&members](const char* name, const std::string& xml) {
    members.push_back({name, kDeclaration + xml});
  };
  add("[Content_Types].xml",
      "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
      "<Default Extension=\"rels\" "
      "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
      "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
      "<Override PartName=\"/word/document.xml\" ContentType=\"application/"
      "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>");
  add("_rels/.rels",
      "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
      "<Relationship Id=\"rId1\" "
      "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
      "officeDocument\" Target=\"word/document.xml\"/></Relationships>");
  add("word/document.xml",
      "<w:document "
      "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>" +
          body + "</w:body></w:document>");
  return WriteZip(members);
}

Result<std::string> FillDocx(std::string_view bytes, const DocxValues& values) {
  ASSIGN_OR_RETURN(auto members, ReadZip(bytes, kMaxMembers, kMaxUnpacked));
  Filler filler(values);
  bool is_document = false;
  for (ZipMember& member : members) {
    if (ToAsciiLower(member.name).find("vbaproject") != std::string::npos)
      return Status::InvalidArgument("the template holds macros");
    is_document = is_document || member.name == "word/document.xml";
    if (HoldsText(member.name)) member.bytes = filler.Fill(member.bytes);
  }
  if (!is_document) return Status::InvalidArgument("the template is no DOCX document");
  if (filler.too_long())
    return Status::InvalidArgument("a list of the letter has more than " +
                                   std::to_string(kMaxListRows) + " rows");
  if (!filler.unknown().empty()) {
    const std::string names =
        Join(filler.unknown(), ", ", [](const std::string& name) { return "{{" + name + "}}"; });
    return Status::InvalidArgument("the template has placeholders that are not known: " + names);
  }
  return WriteZip(members);
}

}  // namespace cluehound
