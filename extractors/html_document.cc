#include "extractors/html_document.h"

#include <gumbo.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <vector>

#include "base/text.h"
#include "extractors/html_gate.h"
#include "extractors/parse_arena.h"
#include "extractors/words.h"

namespace cluehound::extractors {
namespace {

// Calls `each` for every class of a class attribute.
template <class Each>
void ForEachClass(std::string_view value, const Each& each) {
  value = value.substr(0, HtmlNode::kMaxClassBytes);
  size_t begin = 0;
  while (begin < value.size()) {
    if (IsAsciiSpace(value[begin])) {
      ++begin;
      continue;
    }
    size_t end = begin + 1;
    while (end < value.size() && !IsAsciiSpace(value[end])) ++end;
    if (!each(value.substr(begin, end - begin))) return;
    begin = end;
  }
}

using TagSet = uint64_t[8];
static_assert(GUMBO_TAG_LAST < 8 * 64);

struct TagNames {
  TagSet tags{};
  explicit TagNames(std::initializer_list<GumboTag> members) {
    for (const GumboTag tag : members) tags[tag >> 6] |= uint64_t{1} << (tag & 63);
  }
  bool Has(TagId tag) const { return (tags[tag >> 6] >> (tag & 63) & 1) != 0; }
};

// Elements that set their content apart from the words around them.
const TagNames& Blocks() {
  static const TagNames blocks{
      GUMBO_TAG_ADDRESS,  GUMBO_TAG_ARTICLE,    GUMBO_TAG_ASIDE,  GUMBO_TAG_BLOCKQUOTE,
      GUMBO_TAG_BR,       GUMBO_TAG_CENTER,     GUMBO_TAG_DD,     GUMBO_TAG_DETAILS,
      GUMBO_TAG_DIR,      GUMBO_TAG_DIV,        GUMBO_TAG_DL,     GUMBO_TAG_DT,
      GUMBO_TAG_FIELDSET, GUMBO_TAG_FIGCAPTION, GUMBO_TAG_FIGURE, GUMBO_TAG_FOOTER,
      GUMBO_TAG_FORM,     GUMBO_TAG_H1,         GUMBO_TAG_H2,     GUMBO_TAG_H3,
      GUMBO_TAG_H4,       GUMBO_TAG_H5,         GUMBO_TAG_H6,     GUMBO_TAG_HEADER,
      GUMBO_TAG_HR,       GUMBO_TAG_LI,         GUMBO_TAG_MAIN,   GUMBO_TAG_NAV,
      GUMBO_TAG_OL,       GUMBO_TAG_OPTION,     GUMBO_TAG_P,      GUMBO_TAG_PRE,
      GUMBO_TAG_SECTION,  GUMBO_TAG_SELECT,     GUMBO_TAG_TABLE,  GUMBO_TAG_TBODY,
      GUMBO_TAG_TD,       GUMBO_TAG_TFOOT,      GUMBO_TAG_TH,     GUMBO_TAG_THEAD,
      GUMBO_TAG_TR,       GUMBO_TAG_UL};
  return blocks;
}

// Elements whose text nobody reads.
const TagNames& Silent() {
  static const TagNames silent{GUMBO_TAG_SCRIPT,   GUMBO_TAG_STYLE,  GUMBO_TAG_NOSCRIPT,
                               GUMBO_TAG_TEMPLATE, GUMBO_TAG_IFRAME, GUMBO_TAG_NOFRAMES,
                               GUMBO_TAG_NOEMBED};
  return silent;
}

struct NestedTooDeep {};

// The memory that the parser gets, and a watch on how deep it nests. The parser has no hook for
// nodes, but its stack of open elements is the first array of ten pointers that it asks for, and
// grows by asking for a larger one just before it gives the old one back. So its size is known, and
// with it the depth: to the next power of two times ten. This catches what the gate, which reads
// tags only, cannot see (misnested formatting elements come back at each paragraph).
class ParserMemory {
 public:
  ParserMemory(ParseArena& arena, int max_depth)
      : arena_(arena), max_depth_(static_cast<size_t>(max_depth)) {}

  static void* Allocate(void* self, size_t bytes) {
    return static_cast<ParserMemory*>(self)->Take(bytes);
  }
  static void Release(void* self, void* memory) {
    static_cast<ParserMemory*>(self)->GiveBack(memory);
  }

 private:
  static constexpr size_t kFirstStackBytes = 10 * sizeof(void*);

  void* Take(size_t bytes) {
    if (too_deep_) throw NestedTooDeep();
    last_ = arena_.Allocate(bytes);
    last_bytes_ = bytes;
    if (stack_ == nullptr && bytes == kFirstStackBytes) stack_ = last_;
    return last_;
  }

  void GiveBack(const void* memory) {
    if (memory != stack_ || memory == nullptr) return;
    const size_t outgrown = last_bytes_ / sizeof(void*) / 2;
    stack_ = last_;
    too_deep_ = outgrown >= max_depth_;
  }

  ParseArena& arena_;
  const size_t max_depth_;
  void* last_ = nullptr;
  size_t last_bytes_ = 0;
  const void* stack_ = nullptr;
  bool too_deep_ = false;
};

}  // namespace

// Mixes eight bytes at a time; only spread matters.
uint64_t HashName(std::string_view name) {
  uint64_t hash = name.size() * 0x9E3779B97F4A7C15u;
  size_t i = 0;
  for (; i + 8 <= name.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, name.data() + i, 8);
    hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
  }
  uint64_t rest = 0;
  for (; i < name.size(); ++i) rest = rest << 8 | static_cast<uint8_t>(name[i]);
  hash = (hash ^ rest) * 0xD6E8FEB86659FD93u;
  return hash ^ hash >> 32;
}

TagId TagFromName(std::string_view name) {
  return static_cast<TagId>(gumbo_tagn_enum(name.data(), static_cast<unsigned>(name.size())));
}
TagId UnknownTag() { return GUMBO_TAG_UNKNOWN; }

// What one parse needs. A few are kept per thread: a page's memory is then already there and in the
// cache.
struct HtmlDocument::Workspace {
  ParseArena arena;
  std::string shortened;  // the text without long scripts and styles
  std::vector<Node> nodes;
  std::vector<HtmlAttribute> attributes;

  static std::unique_ptr<Workspace> Take() {
    auto& idle = Idle();
    if (idle.empty()) return std::make_unique<Workspace>();
    auto workspace = std::move(idle.back());
    idle.pop_back();
    return workspace;
  }

  static void GiveBack(std::unique_ptr<Workspace> workspace) {
    workspace->arena.Reset(0);
    if (workspace->shortened.capacity() > kKeptText) workspace->shortened = {};
    if (workspace->nodes.capacity() > kKeptNodes) workspace->nodes = {};
    if (workspace->attributes.capacity() > kKeptNodes) workspace->attributes = {};
    auto& idle = Idle();
    if (idle.size() < kKept) idle.push_back(std::move(workspace));
  }

 private:
  static constexpr size_t kKept = 2;           // a page, and the markup in its comments
  static constexpr size_t kKeptNodes = 60000;  // 4 MB of nodes; a list page of 500 kB has 15,000
  static constexpr size_t kKeptText = 1u << 20;
  static std::vector<std::unique_ptr<Workspace>>& Idle() {
    static thread_local std::vector<std::unique_ptr<Workspace>> idle;
    return idle;
  }
};

// The text that the parser gets: long scripts and styles are left out and put back into the tree as
// they stand in the page. On real shop pages they are up to nine tenths of the text, and the parser
// would copy them character by character.
class HtmlDocument::Shortened {
 public:
  Shortened(std::string_view html, std::vector<RawText> left_out, std::string& buffer)
      : html_(html), left_out_(std::move(left_out)), text_(html) {
    if (left_out_.empty()) return;
    buffer.clear();
    size_t from = 0;
    for (const RawText& raw : left_out_) {
      buffer.append(html, from, raw.begin - from);
      places_.push_back(buffer.size());
      from = raw.end;
    }
    buffer.append(html, from);
    text_ = buffer;
  }

  std::string_view text() const { return text_; }

  // What was left out right behind this start tag (a piece of text()); empty when nothing was.
  std::string_view LeftOutBehind(const GumboStringPiece& tag) const {
    const auto place = static_cast<size_t>(tag.data + tag.length - text_.data());
    const auto found = std::lower_bound(places_.begin(), places_.end(), place);
    if (found == places_.end() || *found != place) return {};
    const RawText& raw = left_out_[static_cast<size_t>(found - places_.begin())];
    return html_.substr(raw.begin, raw.end - raw.begin);
  }

 private:
  const std::string_view html_;
  const std::vector<RawText> left_out_;
  std::string_view text_;
  std::vector<size_t> places_;  // in text(), where each was
};

// Flattens the parser's tree.
class HtmlDocument::Builder {
 public:
  Builder(HtmlDocument& document, Workspace& workspace, const Shortened& shortened)
      : document_(document),
        nodes_(workspace.nodes),
        attributes_(workspace.attributes),
        shortened_(shortened) {
    nodes_.clear();
    attributes_.clear();
  }

  void Build(const GumboNode* root) {
    Add(Kind::kDocument);
    open_.push_back({&root->v.document.children, 0, 0, 0});
    while (!open_.empty()) {
      Frame& frame = open_.back();
      if (frame.next == frame.children->length) {
        nodes_[frame.index].end = static_cast<uint32_t>(nodes_.size());
        open_.pop_back();
        continue;
      }
      Visit(static_cast<const GumboNode*>(frame.children->data[frame.next++]), frame);
    }
  }

 private:
  struct Frame {
    const GumboVector* children;
    unsigned next;
    uint32_t index;
    uint32_t last_child;
  };

  void Visit(const GumboNode* node, Frame& frame) {
    const uint32_t parent = frame.index;
    const uint32_t previous = frame.last_child;
    frame.last_child = static_cast<uint32_t>(nodes_.size());
    const bool element = node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
    Node& added = Add(element                            ? Kind::kElement
                      : node->type == GUMBO_NODE_COMMENT ? Kind::kComment
                                                         : Kind::kText);
    added.parent = parent;
    added.previous = previous;
    if (element) {
      const uint32_t index = frame.last_child;
      AddElement(node->v.element, added);
      if (node->v.element.tag == GUMBO_TAG_SCRIPT || node->v.element.tag == GUMBO_TAG_STYLE) {
        AddLeftOut(node->v.element, index);
      }
      open_.push_back({&node->v.element.children, 0, index, 0});
    } else {
      added.text = node->v.text.text;
      added.text_size = static_cast<uint32_t>(std::strlen(added.text));
    }
  }

  Node& Add(Kind kind) {
    Node& node = nodes_.emplace_back();
    node = Node{};
    node.kind = kind;
    node.end = static_cast<uint32_t>(nodes_.size());
    node.attributes = static_cast<uint32_t>(attributes_.size());
    return node;
  }

  void AddElement(const GumboElement& element, Node& node) {
    node.tag = static_cast<TagId>(element.tag);
    document_.tags_seen_[node.tag >> 6] |= uint64_t{1} << (node.tag & 63);
    if (element.tag == GUMBO_TAG_UNKNOWN) {
      GumboStringPiece name = element.original_tag;
      gumbo_tag_from_original_text(&name);
      node.text_size = static_cast<uint32_t>(name.length);
      node.text = Keep({name.data, name.length});
    } else {
      node.text = gumbo_normalized_tagname(element.tag);
      node.text_size = static_cast<uint32_t>(std::strlen(node.text));
    }
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      const auto* attribute = static_cast<const GumboAttribute*>(element.attributes.data[i]);
      const HtmlAttribute& added =
          attributes_.emplace_back(HtmlAttribute{attribute->name, attribute->value});
      if (added.name == "class") {
        ForEachClass(added.value, [&](std::string_view name) {
          const uint64_t hash = HashName(name);
          node.class_bits |= NameBit(hash);
          MarkSeen(document_.classes_seen_, hash);
          return true;
        });
      } else if (added.name == "id") {
        node.has_id = true;
        MarkSeen(document_.ids_seen_, HashName(added.value));
      }
    }
    node.attribute_count = element.attributes.length;
  }

  void AddLeftOut(const GumboElement& element, uint32_t parent) {
    if (element.children.length != 0 || element.original_tag.data == nullptr) return;
    const std::string_view content = shortened_.LeftOutBehind(element.original_tag);
    if (content.empty()) return;
    Node& text = Add(Kind::kText);
    text.parent = parent;
    text.text = Keep(content);
    text.text_size = static_cast<uint32_t>(content.size());
  }

  // Texts that are the caller's are copied: the document outlives them.
  const char* Keep(std::string_view text) {
    auto* copy = static_cast<char*>(document_.workspace_->arena.Allocate(text.size() + 1));
    if (!text.empty()) std::memcpy(copy, text.data(), text.size());
    return copy;
  }

  HtmlDocument& document_;
  std::vector<Node>& nodes_;
  std::vector<HtmlAttribute>& attributes_;
  const Shortened& shortened_;
  std::vector<Frame> open_;
};

std::unique_ptr<const HtmlDocument> HtmlDocument::Parse(std::string_view html,
                                                        const ParseLimits& limits,
                                                        Refusal& refusal) {
  GateVerdict verdict = JudgeHtml(html, {limits.max_bytes, limits.max_depth});
  if (verdict.outcome != Outcome::kOk) {
    refusal = {verdict.outcome, std::move(verdict.reason)};
    return nullptr;
  }
  std::unique_ptr<HtmlDocument> document(new HtmlDocument());
  document->workspace_ = Workspace::Take();
  Workspace& workspace = *document->workspace_;
  workspace.arena.Reset(limits.max_memory);
  const Shortened shortened(html, std::move(verdict.raw_texts), workspace.shortened);
  ParserMemory memory(workspace.arena, limits.max_depth);
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = &ParserMemory::Allocate;
  options.deallocator = &ParserMemory::Release;
  options.userdata = &memory;
  options.max_errors = 0;  // recording errors costs time and memory in proportion to the depth
  try {
    // The output lives in the arena and is dropped with it: gumbo_destroy_output would recurse.
    const std::string_view text = shortened.text();
    const GumboOutput* output = gumbo_parse_with_options(&options, text.data(), text.size());
    Builder(*document, workspace, shortened).Build(output->document);
  } catch (const ParseArena::Spent&) {
    refusal = {Outcome::kTooCostly,
               "解析所需内存超过 " + std::to_string(limits.max_memory >> 20) + " MiB"};
    return nullptr;
  } catch (const NestedTooDeep&) {
    refusal = {Outcome::kTooDeep, "标签嵌套超过 " + std::to_string(limits.max_depth) + " 层"};
    return nullptr;
  }
  document->nodes_ = workspace.nodes.data();
  document->attributes_ = workspace.attributes.data();
  document->size_ = static_cast<uint32_t>(workspace.nodes.size());
  return document;
}

HtmlDocument::~HtmlDocument() {
  if (workspace_ != nullptr) Workspace::GiveBack(std::move(workspace_));
}

HtmlNode HtmlDocument::ElementById(std::string_view id) const {
  if (!MayHaveId(HashName(id))) return {};
  AddWork(size_);
  for (uint32_t i = 0; i < size_; ++i) {
    if (nodes_[i].has_id && node(i).attribute("id") == id) return node(i);
  }
  return {};
}

const std::string_view* HtmlNode::FindAttribute(std::string_view name) const {
  for (const HtmlAttribute& attribute : attributes()) {
    if (attribute.name == name) return &attribute.value;
  }
  return nullptr;
}

bool HtmlNode::HasClass(std::string_view name, uint64_t name_hash) const {
  if ((self().class_bits & NameBit(name_hash)) == 0) return false;
  bool found = false;
  const std::string_view value = attribute("class");
  document_->AddWork(std::min(value.size(), kMaxClassBytes) / 16);
  ForEachClass(value, [&](std::string_view one) {
    found = one == name;
    return !found;
  });
  return found;
}

std::string HtmlNode::Text(size_t max_bytes) const {
  if (is_comment()) return {};
  if (is_text()) return TidyWords(TruncateUtf8(text(), max_bytes));
  std::string words;
  std::vector<uint32_t> block_ends;
  const uint32_t last = end();
  uint32_t i = index_ + 1;
  document_->AddWork(1);
  while (i < last && words.size() < 2 * max_bytes) {
    const HtmlDocument::Node& node = document_->nodes_[i];
    while (!block_ends.empty() && block_ends.back() <= i) {
      words += ' ';
      block_ends.pop_back();
    }
    document_->AddWork(1 + (node.text_size >> 6));
    if (node.kind == HtmlDocument::Kind::kText) {
      words.append(node.text, std::min<size_t>(node.text_size, 2 * max_bytes));
    } else if (node.kind == HtmlDocument::Kind::kElement) {
      if (Silent().Has(node.tag)) {
        i = node.end;
        continue;
      }
      if (Blocks().Has(node.tag)) {
        words += ' ';
        block_ends.push_back(node.end);
      }
    }
    ++i;
  }
  std::string collapsed = TidyWords(words);
  collapsed.resize(TruncateUtf8(collapsed, max_bytes).size());
  return collapsed;
}

std::string HtmlNode::OwnText() const {
  std::string words;
  for (HtmlNode child = first_child(); child && words.size() < 2 * kMaxText;
       child = child.next_sibling()) {
    document_->AddWork(1);
    if (child.is_text()) {
      words.append(child.text().substr(0, 2 * kMaxText));
    } else if (child.is_element() && Blocks().Has(child.tag())) {
      words += ' ';
    }
  }
  std::string collapsed = TidyWords(words);
  collapsed.resize(TruncateUtf8(collapsed, kMaxText).size());
  return collapsed;
}

std::string_view HtmlNode::RawContent() const {
  const HtmlNode child = first_child();
  return child && child.is_text() ? child.text() : std::string_view();
}

}  // namespace cluehound::extractors
