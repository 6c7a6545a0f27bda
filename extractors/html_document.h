#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/outcome.h"

namespace cluehound::extractors {

struct ParseLimits {
  size_t max_bytes = 8u << 20;    // of the text
  int max_depth = 512;            // open elements, as browsers stop
  size_t max_memory = 96u << 20;  // of one parse
};

// A number for a tag name, so that comparing is cheap. Names that HTML does not know share one
// number.
using TagId = uint16_t;

struct HtmlAttribute {
  std::string_view name;   // lower case
  std::string_view value;  // entities decoded
};

// A number for a class or id, so that absence is found quickly.
uint64_t HashName(std::string_view name);
// One bit out of 64: an element that lacks it lacks the class.
inline uint64_t NameBit(uint64_t hash) { return uint64_t{1} << (hash & 63); }

class HtmlNode;

// A parsed page, as a flat list of nodes in the order of the text. Parsing obeys the HTML standard,
// so any text gives a document; html_document.cc is the only file that sees the parser.
//
// Thread-safety: a document belongs to one thread; destroy it on the thread that parsed it.
// Documents of one thread share memory that is kept between pages. Lifetime: nodes and all their
// views die with the document. Bounds: the time is limited by the gate (html_gate.h) and by the
// limits on depth and memory during the parse.
class HtmlDocument {
 public:
  struct Refusal {
    Outcome outcome = Outcome::kOk;  // kBodyTooLarge, kTooDeep or kTooCostly
    std::string reason;              // for people
  };
  // `html` is valid UTF-8 and need not outlive the call. Null when a limit was hit; `refusal` then
  // says which.
  static std::unique_ptr<const HtmlDocument> Parse(std::string_view html, const ParseLimits& limits,
                                                   Refusal& refusal);

  HtmlDocument(const HtmlDocument&) = delete;
  HtmlDocument& operator=(const HtmlDocument&) = delete;
  ~HtmlDocument();

  // The document itself: parent of the html element, of doctype-less comments, and of nothing else.
  HtmlNode root() const;
  HtmlNode node(uint32_t index) const;
  uint32_t size() const { return size_; }

  // False: no element has this class, id or tag. True: perhaps.
  bool MayHaveClass(uint64_t name_hash) const { return SeenAmong(classes_seen_, name_hash); }
  bool MayHaveId(uint64_t id_hash) const { return SeenAmong(ids_seen_, id_hash); }
  bool HasTag(TagId tag) const { return (tags_seen_[tag >> 6] >> (tag & 63) & 1) != 0; }

  // The first element with this id (document order), or an empty node. Linear.
  HtmlNode ElementById(std::string_view id) const;

  // Steps that searching this document has cost. Searches stop when it exceeds kMaxWork: a page
  // built to make them slow then gives less than it holds, and the reader calls it too costly.
  uint64_t work() const { return work_; }
  void AddWork(uint64_t steps) const { work_ += steps; }
  bool exhausted() const { return work_ > kMaxWork; }
  static constexpr uint64_t kMaxWork =
      60'000'000;  // about 0.2 s; an ordinary list page costs 50,000

 private:
  friend class HtmlNode;
  enum class Kind : uint8_t { kDocument, kElement, kText, kComment };
  struct Node {
    uint64_t class_bits;  // of the element's classes
    const char* text;     // of a text or comment; the name of an element
    uint32_t text_size;
    uint32_t parent;
    uint32_t end;         // behind the last descendant
    uint32_t previous;    // sibling; 0: none
    uint32_t attributes;  // index of the first one
    uint32_t attribute_count;
    TagId tag;
    Kind kind;
    bool has_id;
  };
  using Seen = uint64_t[16];
  struct Workspace;
  class Shortened;
  class Builder;

  HtmlDocument() = default;
  static bool SeenAmong(const Seen& seen, uint64_t hash) {
    return (seen[hash >> 6 & 15] >> (hash >> 10 & 63) & 1) != 0;
  }
  static void MarkSeen(Seen& seen, uint64_t hash) {
    seen[hash >> 6 & 15] |= uint64_t{1} << (hash >> 10 & 63);
  }

  std::unique_ptr<Workspace> workspace_;
  const Node* nodes_ = nullptr;
  const HtmlAttribute* attributes_ = nullptr;
  uint32_t size_ = 0;
  mutable uint64_t work_ = 0;
  Seen classes_seen_{};
  Seen ids_seen_{};
  uint64_t tags_seen_[8]{};
};

// The number of a tag name (lower case).
TagId TagFromName(std::string_view name);
TagId UnknownTag();

// A place in a document; cheap to copy. Empty nodes are false and have no parts.
class HtmlNode {
 public:
  HtmlNode() = default;

  explicit operator bool() const { return document_ != nullptr; }
  friend bool operator==(const HtmlNode&, const HtmlNode&) = default;

  const HtmlDocument& document() const { return *document_; }
  uint32_t index() const { return index_; }
  // Nodes [index() + 1, end()) are the descendants.
  uint32_t end() const { return self().end; }

  bool is_element() const { return self().kind == HtmlDocument::Kind::kElement; }
  bool is_text() const { return self().kind == HtmlDocument::Kind::kText; }
  bool is_comment() const { return self().kind == HtmlDocument::Kind::kComment; }

  TagId tag() const { return self().tag; }
  bool Is(TagId tag) const { return is_element() && self().tag == tag; }
  // Lower case, except that names which HTML does not know are as written.
  std::string_view name() const { return is_element() ? text() : std::string_view(); }
  // Of a text or comment.
  std::string_view text() const { return {self().text, self().text_size}; }

  std::span<const HtmlAttribute> attributes() const {
    return {document_->attributes_ + self().attributes, self().attribute_count};
  }
  // The value, or empty when there is no such attribute. REQUIRES: lower case
  std::string_view attribute(std::string_view name) const {
    const std::string_view* value = FindAttribute(name);
    return value == nullptr ? std::string_view() : *value;
  }
  bool has_attribute(std::string_view name) const { return FindAttribute(name) != nullptr; }
  const std::string_view* FindAttribute(std::string_view name) const;

  bool has_id() const { return self().has_id; }
  uint64_t class_bits() const { return self().class_bits; }
  // Looks at the first kMaxClassBytes of the attribute only.
  bool HasClass(std::string_view name, uint64_t name_hash) const;
  bool HasClass(std::string_view name) const { return HasClass(name, HashName(name)); }
  static constexpr size_t kMaxClassBytes = 4096;

  HtmlNode parent() const { return index_ == 0 ? HtmlNode() : HtmlNode(document_, self().parent); }
  HtmlNode first_child() const {
    return index_ + 1 < end() ? HtmlNode(document_, index_ + 1) : HtmlNode();
  }
  HtmlNode next_sibling() const {
    return index_ != 0 && end() < document_->nodes_[self().parent].end ? HtmlNode(document_, end())
                                                                       : HtmlNode();
  }
  HtmlNode previous_sibling() const {
    return self().previous == 0 ? HtmlNode() : HtmlNode(document_, self().previous);
  }

  // The words that a reader sees: without scripts, styles and comments; a blank where a block
  // begins or ends; white space collapsed. At most `max_bytes`, cut at a character.
  std::string Text(size_t max_bytes = kMaxText) const;
  // Only of the texts directly below this element.
  std::string OwnText() const;
  // The raw content of a script or style element.
  std::string_view RawContent() const;
  static constexpr size_t kMaxText = 20000;

 private:
  friend class HtmlDocument;
  HtmlNode(const HtmlDocument* document, uint32_t index) : document_(document), index_(index) {}
  const HtmlDocument::Node& self() const { return document_->nodes_[index_]; }

  const HtmlDocument* document_ = nullptr;
  uint32_t index_ = 0;
};

inline HtmlNode HtmlDocument::root() const { return {this, 0}; }
inline HtmlNode HtmlDocument::node(uint32_t index) const { return {this, index}; }

}  // namespace cluehound::extractors
